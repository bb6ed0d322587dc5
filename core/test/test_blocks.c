/* test_blocks.c: functions that look at octets in blocks, against the same octet by octet: every
 * octet at every place of spans that are shorter than a block, longer, and between. */
#include "check.h"

#include "base64.h"
#include "bytes.h"
#include "line.h"
#include "request.h"
#include "uri.h"

#define LONGEST 83 /* two blocks of the longest, and more */

typedef size_t find(const uint8_t *p, size_t e, size_t i);
typedef bool holds(uint8_t c);

static bool no_space(uint8_t c)
{
    return c != 0x20;
}

/* Whether the whole of [i, e) is a path with query. */
static size_t path_end(const uint8_t *p, size_t e, size_t i)
{
    return uph_target_form(p, i, e) == UPH_TARGET_ORIGIN ? e : i;
}

static const struct {
    const char *name;
    find *find;
    holds *holds;
    const char *usual; /* what the rest of the span is made of, by turns */
} RUNS[] = {
    { "token", uph_token_end, uph_tchar, "aZ-q0_" },
    { "line", uph_line_octets_end, uph_line_octet, "a \x80~:" },
    { "space", uph_space_or_end, no_space, "a/\t%" },
};

/* The span of n octets with c at k; what ends it is looked for from i on. */
static void found_where_it_stands(size_t run, size_t n, size_t k, uint8_t c, size_t i)
{
    uint8_t text[LONGEST];
    for (size_t j = 0; j < n; j++) {
        text[j] = (uint8_t)RUNS[run].usual[j % strlen(RUNS[run].usual)];
    }
    if (k < n) {
        text[k] = c;
    }
    const uint8_t *p = at_edge(0, text, n);
    size_t want = i;
    while (want < n && RUNS[run].holds(p[want])) {
        want++;
    }
    size_t got = RUNS[run].find(p, n, i);
    if (got != want) {
        fail_msg("%s: %zu octets, 0x%02x at %zu, from %zu on: ends at %zu, expected %zu",
                 RUNS[run].name, n, c, k, i, got, want);
    }
}

static void every_octet_ends_a_run_or_not_at_every_place(void **state)
{
    (void)state;
    static const size_t sizes[] = { 0, 1, 7, 15, 16, 17, 31, 32, 33, 47, 48, 64, 65, LONGEST };
    for (size_t run = 0; run < COUNT(RUNS); run++) {
        for (size_t s = 0; s < COUNT(sizes); s++) {
            for (size_t k = 0; k <= sizes[s]; k++) {
                for (unsigned c = 0; c < 256; c++) {
                    found_where_it_stands(run, sizes[s], k, (uint8_t)c, 0);
                }
                found_where_it_stands(run, sizes[s], k, 0x7f, sizes[s] > 0 ? 1 : 0);
            }
        }
    }
}

/* A run that holds two octets out of the usual, the second of which ends it. */
static void what_seldom_stands_in_a_run_does_not_end_it(void **state)
{
    (void)state;
    uint8_t text[LONGEST];
    memset(text, 'a', sizeof text);
    for (size_t first = 0; first < LONGEST; first++) {
        for (size_t second = first + 1; second < LONGEST; second++) {
            text[first] = '\t';
            text[second] = 0x7f;
            assert_int_equal(uph_line_octets_end(at_edge(0, text, LONGEST), LONGEST, 0), second);
            text[first] = '~';
            text[second] = '"';
            assert_int_equal(uph_token_end(at_edge(0, text, LONGEST), LONGEST, 0), second);
            text[first] = 'a';
            text[second] = 'a';
        }
    }
}

static void a_path_is_all_of_its_octets(void **state)
{
    (void)state;
    for (size_t n = 1; n <= LONGEST; n++) {
        uint8_t text[LONGEST];
        memset(text, 'a', sizeof text);
        text[0] = '/';
        assert_int_equal(path_end(at_edge(0, text, n), n, 0), n);
        for (size_t k = 1; k < n; k++) {
            for (unsigned c = 0; c < 256; c++) {
                text[k] = (uint8_t)c;
                bool whole = path_end(at_edge(0, text, n), n, 0) == n;
                bool triplet = c == '%' && n - k >= 3; /* %aa */
                assert_int_equal(whole, uph_path_query((uint8_t)c) || triplet);
            }
            memcpy(text + k, "%4f", n - k < 3 ? n - k : 3);
            assert_int_equal(path_end(at_edge(0, text, n), n, 0) == n, n - k >= 3);
            memset(text + k, 'a', sizeof text - k);
        }
    }
}

static void a_word_is_all_of_its_octets(void **state)
{
    (void)state;
    for (size_t m = 0; m <= 40; m++) {
        uint8_t word[40], text[40];
        for (size_t k = 0; k < m; k++) {
            word[k] = (uint8_t)("sec-websocket-key2"[k % 18]);
            text[k] = (uint8_t)(k % 3 == 0 && word[k] >= 'a' ? word[k] - 32 : word[k]);
        }
        const uint8_t *w = at_edge(1, word, m);
        assert_true(uph_same_word(at_edge(0, text, m), 0, w, m));
        for (size_t k = 0; k < m; k++) {
            uint8_t kept = text[k];
            for (unsigned c = 0; c < 256; c++) {
                text[k] = (uint8_t)c;
                assert_int_equal(uph_same_word(at_edge(0, text, m), 0, w, m),
                                 uph_lower((uint8_t)c) == word[k]);
            }
            text[k] = kept;
        }
    }
}

static void a_key_is_all_of_its_characters(void **state)
{
    (void)state;
    for (size_t k = 0; k < 24; k++) {
        for (unsigned c = 0; c < 256; c++) {
            uint8_t key[24];
            memcpy(key, "dGhlIHNhbXBsZSBub25jZQ==", 24);
            key[k] = (uint8_t)c;
            bool character = c != 0 && strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                              "0123456789+/",
                                              (int)c) != NULL;
            assert_int_equal(uph_key_valid(at_edge(0, key, 24), 0), k < 22 ? character : c == '=');
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_octet_ends_a_run_or_not_at_every_place),
        cmocka_unit_test(what_seldom_stands_in_a_run_does_not_end_it),
        cmocka_unit_test(a_path_is_all_of_its_octets),
        cmocka_unit_test(a_word_is_all_of_its_octets),
        cmocka_unit_test(a_key_is_all_of_its_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
