/* test_framing.c: Content-Length and Transfer-Encoding over one line and several. */
#include "check.h"

#include "framing.h"

#define MOST "99999999999999999" /* UPH_LENGTH_MAX */

static const struct {
    const char *text;
    size_t n;
    int64_t length;
} LENGTHS[] = {
    { TEXT("0"), 0 },
    { TEXT("5"), 5 },
    { TEXT("1234567890"), 1234567890 },
    { TEXT("000"), 0 },
    { TEXT("5, 5"), 5 },
    { TEXT("5,5,\t5 "), 5 },
    { TEXT(MOST), UPH_LENGTH_MAX },
    { TEXT("100000000000000000"), -1 },
    { TEXT("18446744073709551616"), -1 }, /* 2^64 */
    { TEXT("18446744073709551621"), -1 }, /* 2^64 + 5 */
    { TEXT("9223372036854775808"), -1 },  /* 2^63 */
    { TEXT("4294967301111111111111111111111111111111111111111111111111"), -1 },
    { TEXT(""), -1 },
    { TEXT(","), -1 },
    { TEXT("5,"), -1 },
    { TEXT(",5"), -1 },
    { TEXT("5,,5"), -1 },
    { TEXT("5,6"), -1 },
    { TEXT("6,5"), -1 },
    { TEXT("+5"), -1 },
    { TEXT("-1"), -1 },
    { TEXT("-0"), -1 },
    { TEXT("0x10"), -1 },
    { TEXT("5 5"), -1 },
    { TEXT("5.0"), -1 },
    { TEXT("5\0"), -1 },
    { TEXT("5a"), -1 },
    { TEXT("5;"), -1 },
    { TEXT("\xb2"), -1 },
};

static struct uph_framing add_length(size_t row, int slot, struct uph_framing f)
{
    const uint8_t *p = at_edge(slot, LENGTHS[row].text, LENGTHS[row].n);
    return uph_framing_length(p, LENGTHS[row].n, 0, f);
}

static void a_length_is_one_number_or_none(void **state)
{
    const struct uph_framing none = { 0 };
    (void)state;
    for (size_t i = 0; i < COUNT(LENGTHS); i++) {
        struct uph_framing f = add_length(i, 0, none);
        assert_true(f.length_given && !f.coded && f.codings == UPH_CODINGS_NONE);
        if (f.length != LENGTHS[i].length) {
            fail_msg("Content-Length '%s': expected %lld, got %lld", LENGTHS[i].text,
                     (long long)LENGTHS[i].length, (long long)f.length);
        }
    }
}

static void two_lines_agree_or_there_is_no_length(void **state)
{
    const struct uph_framing none = { 0 };
    (void)state;
    for (size_t i = 0; i < COUNT(LENGTHS); i++) {
        for (size_t j = 0; j < COUNT(LENGTHS); j++) {
            struct uph_framing f = add_length(j, 1, add_length(i, 0, none));
            int64_t a = LENGTHS[i].length;
            int64_t b = LENGTHS[j].length;
            assert_true(f.length_given);
            assert_int_equal(f.length, a == b ? a : -1);
        }
    }
}

static void no_third_line_mends_two_that_differ(void **state)
{
    struct uph_framing f = { 0 };
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        static const char *const LINES[] = { "5", "6", "5" };
        f = uph_framing_length(at_edge(0, LINES[i], 1), 1, 0, f);
    }
    assert_int_equal(f.length, -1);
}

/* One letter a member: c is chunked, x another coding, e an empty member. */
static enum uph_codings expected(const char *members)
{
    enum uph_codings now = UPH_CODINGS_NONE;
    for (; *members != '\0'; members++) {
        if (*members == 'x') {
            now = UPH_CODINGS_OPEN;
        } else if (*members == 'c') {
            now = now == UPH_CODINGS_NONE ? UPH_CODINGS_CHUNKED : UPH_CODINGS_STACKED;
        }
    }
    return now;
}

/* All lists of up to five members, each comma a list's or a line's. */
static void codings_are_the_same_over_one_line_and_several(void **state)
{
    static const char LETTERS[] = "cxe";
    static const char *const WORDS[] = { " Chunked\t", "chunked1", " " };
    (void)state;
    for (unsigned code = 0; code < 3 * 3 * 3 * 3 * 3; code++) {
        for (unsigned breaks = 0; breaks < 16; breaks++) {
            struct uph_framing f = { 0 };
            char members[6] = "";
            char line[128] = "";
            unsigned rest = code;
            for (unsigned k = 0; k < 5; k++, rest /= 3) {
                members[k] = LETTERS[rest % 3];
                strcat(line, WORDS[rest % 3]);
                if (k < 4 && (breaks >> k & 1U) == 0) {
                    strcat(line, ",");
                    continue;
                }
                size_t n = strlen(line);
                f = uph_framing_codings(at_edge(0, line, n), n, 0, f);
                line[0] = '\0';
            }
            assert_true(f.coded && !f.length_given);
            assert_int_equal(f.codings, expected(members));
        }
    }
}

static void chunked_counts_whole_and_case_apart(void **state)
{
    static const struct {
        const char *text;
        size_t n;
        enum uph_codings codings;
    } ROWS[] = {
        { TEXT("chunked"), UPH_CODINGS_CHUNKED },
        { TEXT("CHUNKED"), UPH_CODINGS_CHUNKED },
        { TEXT("gzip, chunked"), UPH_CODINGS_STACKED },
        { TEXT("chunked, gzip"), UPH_CODINGS_OPEN },
        { TEXT("chunked;q=1"), UPH_CODINGS_OPEN },
        { TEXT("\"chunked\""), UPH_CODINGS_OPEN },
        { TEXT("xchunked"), UPH_CODINGS_OPEN },
        { TEXT("chunked\0"), UPH_CODINGS_OPEN },
        { TEXT("chunked\x0b"), UPH_CODINGS_OPEN },
        { TEXT("chun ked"), UPH_CODINGS_OPEN },
        { TEXT(""), UPH_CODINGS_NONE },
        { TEXT(" , "), UPH_CODINGS_NONE },
    };
    const struct uph_framing none = { 0 };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const uint8_t *p = at_edge(0, ROWS[i].text, ROWS[i].n);
        struct uph_framing f = uph_framing_codings(p, ROWS[i].n, 0, none);
        if (f.codings != ROWS[i].codings) {
            fail_msg("Transfer-Encoding '%s': expected %d, got %d", ROWS[i].text,
                     (int)ROWS[i].codings, (int)f.codings);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_length_is_one_number_or_none),
        cmocka_unit_test(two_lines_agree_or_there_is_no_length),
        cmocka_unit_test(no_third_line_mends_two_that_differ),
        cmocka_unit_test(codings_are_the_same_over_one_line_and_several),
        cmocka_unit_test(chunked_counts_whole_and_case_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
