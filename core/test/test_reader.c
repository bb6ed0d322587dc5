/* test_reader.c: a request that comes in pieces is decided as if it came at once, whatever the
 * pieces are, and at a cost that is linear in its octets.
 * Argument: the vectors file; without one, corpus/vectors/server.jsonl.
 */
#include "check.h"
#include "growing.h"
#include "requests.h"

#include <stdio.h>

#include <jansson.h>

#include "decide.h"

/* ---- The reader with its calls counted ------------------------------------------------------- */

static size_t looked_at;
static unsigned decided;

static struct uph_line counted_line_at(const uint8_t *p, size_t N, size_t i, size_t max, bool lf)
{
    struct uph_line line = uph_line_at(p, N, i, max, lf);
    looked_at += line.end - i + 2;
    return line;
}

static size_t counted_space_or_end(const uint8_t *p, size_t e, size_t i)
{
    size_t end = uph_space_or_end(p, e, i);
    looked_at += end - i + 1;
    return end;
}

static size_t counted_token_end(const uint8_t *p, size_t e, size_t i)
{
    size_t end = uph_token_end(p, e, i);
    looked_at += end - i + 1;
    return end;
}

static struct uph_request_line counted_request_read(const uint8_t *p, size_t b, size_t e, size_t t,
                                                    size_t s, struct uph_request r)
{
    looked_at += e - b;
    return uph_request_read(p, b, e, t, s, r);
}

static struct upheld_decision counted_decide(const uint8_t *p, size_t n,
                                             const struct upheld_policy *policy)
{
    decided++;
    return upheld_request_decide(p, n, policy);
}

struct upheld_decision counted_resume(struct upheld_reader *reader, const uint8_t *p, size_t n,
                                      const struct upheld_policy *policy);

#define uph_line_at counted_line_at
#define uph_space_or_end counted_space_or_end
#define uph_token_end counted_token_end
#define uph_request_read counted_request_read
#define upheld_request_decide counted_decide
#define upheld_request_resume counted_resume
#define uph_scan_request counted_scan_request
#define uph_scan_status counted_scan_status
#define uph_scan_fields counted_scan_fields
#include "../scan.c" /* NOLINT(bugprone-suspicious-include) */
/* After it. */
#include "../reader.c" /* NOLINT(bugprone-suspicious-include) */
#undef uph_line_at
#undef uph_space_or_end
#undef uph_token_end
#undef uph_request_read
#undef upheld_request_decide
#undef upheld_request_resume
#undef uph_scan_request
#undef uph_scan_status
#undef uph_scan_fields

/* ---- Pieces ------------------------------------------------------------------------------- */

static const char *vectors = "corpus/vectors/server.jsonl";
static const struct upheld_span CHAT = { (const uint8_t *)"chat", 4 };
static const struct upheld_policy POLICY = {
    .limits = UPHELD_LIMITS_DEFAULT,
    .access = UPHELD_GRANTED,
    .subprotocols = &CHAT,
    .subprotocol_count = 1,
    .deflate = { .enabled = true },
};

static bool same_agreed(struct upheld_agreed a, struct upheld_agreed b)
{
    return a.deflate == b.deflate && a.server_no_context_takeover == b.server_no_context_takeover &&
           a.client_no_context_takeover == b.client_no_context_takeover &&
           a.server_max_window_bits == b.server_max_window_bits &&
           a.client_max_window_bits == b.client_max_window_bits &&
           a.server_bits_named == b.server_bits_named && a.client_bits_named == b.client_bits_named;
}

static bool same(struct upheld_decision a, struct upheld_decision b)
{
    return a.verdict == b.verdict && a.clause == b.clause && a.status == b.status &&
           a.continue_first == b.continue_first && a.close == b.close && a.consumed == b.consumed &&
           a.key_at == b.key_at && a.subprotocol == b.subprotocol && a.protocol == b.protocol &&
           a.body_first == b.body_first && a.body_chunked == b.body_chunked &&
           a.body_length == b.body_length && same_agreed(a.agreed, b.agreed);
}

static void assert_same(const char *name, size_t n, struct upheld_decision got,
                        struct upheld_decision expected)
{
    if (!same(got, expected)) {
        fail_msg("%s: after %zu octets %s, at once %s", name, n, upheld_clause_id(got.clause),
                 upheld_clause_id(expected.clause));
    }
}

/* The decision on each prefix, by upheld_request_decide(). */
static const struct upheld_decision *decisions(const uint8_t *octets, size_t n,
                                               const struct upheld_policy *policy)
{
    static struct upheld_decision all[1 << 13];
    assert_true(n < COUNT(all));
    for (size_t k = 0; k <= n; k++) {
        all[k] = upheld_request_decide(at_edge(0, octets, k), k, policy);
    }
    return all;
}

/* Pieces of `step` octets, in a buffer that moves with each. */
static void compare_steps(const char *name, const uint8_t *octets, size_t n, size_t step,
                          const struct upheld_decision *expected,
                          const struct upheld_policy *policy)
{
    struct upheld_reader reader = { 0 };
    int slot = 0;
    for (size_t k = 0; k <= n; k += step) {
        slot = !slot;
        assert_same(name, k, upheld_request_resume(&reader, at_edge(slot, octets, k), k, policy),
                    expected[k]);
        assert_true(reader.seen <= k);
        if (expected[k].verdict != UPHELD_MORE) {
            return;
        }
    }
}

/* Every split into two pieces. Behind octets that decide the reader is asked again all the same. */
static void compare_splits(const char *name, const uint8_t *octets, size_t n,
                           const struct upheld_decision *expected,
                           const struct upheld_policy *policy)
{
    for (size_t k = 0; k <= n; k++) {
        struct upheld_reader reader = { 0 };
        assert_same(name, k, upheld_request_resume(&reader, at_edge(0, octets, k), k, policy),
                    expected[k]);
        assert_same(name, n, upheld_request_resume(&reader, at_edge(1, octets, n), n, policy),
                    expected[n]);
    }
}

static void compare(const char *name, const void *text, size_t n,
                    const struct upheld_policy *policy)
{
    const uint8_t *octets = text;
    const struct upheld_decision *expected = decisions(octets, n, policy);
    compare_steps(name, octets, n, 1, expected, policy);
    compare_steps(name, octets, n, 3, expected, policy);
    compare_splits(name, octets, n, expected, policy);
}

static void every_request_in_pieces_decides_as_at_once(void **state)
{
    struct upheld_policy bare = POLICY;
    (void)state;
    bare.bare_lf = true;
    for (size_t i = 0; i < COUNT(REQUESTS); i++) {
        compare(REQUESTS[i].name, REQUESTS[i].text, REQUESTS[i].n, &POLICY);
        compare(REQUESTS[i].name, REQUESTS[i].text, REQUESTS[i].n, &bare);
    }
}

static size_t octets_of(const char *hex, uint8_t *out, size_t room)
{
    size_t n = strlen(hex) / 2;
    assert_true(n <= room);
    for (size_t i = 0; i < n; i++) {
        unsigned octet = 0;
        assert_int_equal(sscanf(hex + 2 * i, "%2x", &octet), 1);
        out[i] = (uint8_t)octet;
    }
    return n;
}

static void every_vector_in_pieces_decides_as_at_once(void **state)
{
    static uint8_t octets[1 << 13];
    char *line = NULL;
    size_t room = 0;
    int count = 0;
    FILE *file = fopen(vectors, "r");
    (void)state;
    if (file == NULL) {
        fail_msg("cannot open %s; run from the top of the project", vectors);
        return;
    }
    while (getline(&line, &room, file) > 0) {
        json_t *vector = json_loads(line, 0, NULL);
        assert_non_null(vector);
        const char *hex = json_string_value(json_object_get(vector, "hex"));
        assert_non_null(hex);
        if (strlen(hex) / 2 < COUNT(octets)) {
            size_t n = octets_of(hex, octets, sizeof octets);
            compare(json_string_value(json_object_get(vector, "name")), octets, n, &POLICY);
            count++;
        }
        json_decref(vector);
    }
    free(line);
    fclose(file);
    assert_true(count > 100);
}

/* Requests that are well-formed, and some that are not, to be met by every limit. */
static const struct {
    const char *name, *text;
    size_t n;
} LIMITED[] = {
    { "plain", TEXT(WITH("")) },
    { "empty lines", TEXT("\r\n\r\n" WITH("")) },
    { "LF", TEXT("\r\nGET /chat HTTP/1.1\nHost: a\nX:\n\n") },
    { "no target", TEXT("GET HTTP/1.1\r\nHost: a\r\n\r\n") },
    { "SP in the target", TEXT("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n") },
    { "CTL in the target", TEXT("GET /abcdefg\x01 HTTP/1.1\r\n\r\n") },
    { "CR", TEXT("GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n") },
    { "CTL", TEXT("GET / HTTP/1.1\r\nHost: a\x7f\r\n\r\n") },
    { "fold", TEXT("GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n") },
    { "no colon", TEXT("GET / HTTP/1.1\r\nHost a\r\n\r\n") },
};

static void compare_limits(size_t at, struct upheld_limits limits)
{
    struct upheld_policy policy = POLICY;
    policy.limits = limits;
    for (int lf = 0; lf < 2; lf++) {
        const uint8_t *octets = (const uint8_t *)LIMITED[at].text;
        size_t n = LIMITED[at].n;
        policy.bare_lf = lf != 0;
        const struct upheld_decision *expected = decisions(octets, n, &policy);
        compare_steps(LIMITED[at].name, octets, n, 1, expected, &policy);
        compare_splits(LIMITED[at].name, octets, n, expected, &policy);
    }
}

static void every_limit_falls_at_the_same_octet(void **state)
{
    static const struct upheld_limits DEFAULT = UPHELD_LIMITS_DEFAULT;
    (void)state;
    for (size_t i = 0; i < COUNT(LIMITED); i++) {
        for (uint32_t limit = 1; limit <= LIMITED[i].n + 1; limit++) {
            struct upheld_limits limits = DEFAULT;
            limits.head = limit;
            compare_limits(i, limits);
        }
        for (uint32_t limit = 1; limit <= 60; limit++) {
            struct upheld_limits limits = DEFAULT;
            limits.line = limit;
            compare_limits(i, limits);
        }
        for (uint32_t limit = 1; limit <= 12; limit++) {
            struct upheld_limits limits = DEFAULT;
            limits.target = limit;
            compare_limits(i, limits);
            limits.line = limit + 4;
            compare_limits(i, limits);
        }
        for (uint32_t limit = 1; limit <= 6; limit++) {
            struct upheld_limits limits = DEFAULT;
            limits.fields = limit;
            compare_limits(i, limits);
        }
    }
}

static void fewer_octets_than_before_are_decided_anew(void **state)
{
    static const char TEXT_[] = GET FIELDS;
    struct upheld_reader reader = { 0 };
    const uint8_t *p = (const uint8_t *)TEXT_;
    (void)state;
    upheld_request_resume(&reader, p, sizeof TEXT_ - 1, &POLICY);
    struct upheld_reader before = reader;
    assert_int_equal(upheld_request_resume(&reader, (const uint8_t *)" ", 1, &POLICY).clause,
                     UPHELD_R9112_2_2_4);
    assert_memory_equal(&reader, &before, sizeof reader);
}

static void no_octets_may_be_a_null_pointer(void **state)
{
    struct upheld_reader reader = { 0 };
    (void)state;
    assert_int_equal(upheld_request_resume(&reader, NULL, 0, &POLICY).verdict, UPHELD_MORE);
    assert_int_equal(reader.seen, 0);
}

/* ---- Cost --------------------------------------------------------------------------------- */

/* At most so many looks at an octet: four for each piece, and four for each line once it ends. */
#define PER_OCTET 8

/* Octet by octet: none decides before the last, which does at a single call of decide.h; and what
 * is looked at is as many octets for each that comes, however many have come. */
static void assert_linear(const char *name, const struct upheld_policy *policy)
{
    struct upheld_reader reader = { 0 };
    looked_at = 0;
    decided = 0;
    for (size_t k = 0; k < grown_size; k++) {
        struct upheld_decision d = counted_resume(&reader, grown, k, policy);
        if (d.verdict != UPHELD_MORE || decided != 0) {
            fail_msg("%s: %u decisions after %zu octets", name, decided, k);
        }
    }
    struct upheld_decision last = counted_resume(&reader, grown, grown_size, policy);
    assert_true(last.verdict != UPHELD_MORE);
    assert_int_equal(decided, 1);
    assert_same(name, grown_size, last, upheld_request_decide(grown, grown_size, policy));
    if (looked_at > PER_OCTET * grown_size) {
        fail_msg("%s: looked at %zu octets of %zu", name, looked_at, grown_size);
    }
}

static void octet_by_octet_is_linear(void **state)
{
    struct upheld_policy policy = POLICY;
    (void)state;
    policy.limits =
        (struct upheld_limits){ GROWING_ROOM, GROWING_ROOM, GROWING_ROOM, GROWING_ROOM };
    for (size_t size = 1 << 10; size <= 1 << 16; size *= 8) {
        grown_size = 0;
        add(GET FIELDS);
        fill("a:\r\n", size);
        add("\r\n");
        assert_linear("fields of one octet", &policy);
        grown_size = 0;
        add(GET FIELDS "A: ");
        fill("x, ", size);
        add("\r\n\r\n");
        assert_linear("a long value", &policy);
        grown_size = 0;
        add(GET FIELDS);
        fill("x", size);
        add(":\r\n\r\n");
        assert_linear("a long name", &policy);
        grown_size = 0;
        add("\r\n\r\nGET /");
        fill("x", size);
        add(" HTTP/1.1\r\n" FIELDS "\r\n");
        assert_linear("a long target", &policy);
        grown_size = 0;
        fill("X", size);
        add(" / HTTP/1.1\r\n" FIELDS "\r\n");
        assert_linear("a long method", &policy);
        grown_size = 0;
        add("GET / HTTP/1.1");
        fill(" ", size);
        add("\r\n");
        assert_linear("a long request-line", &policy);
        grown_size = 0;
        add(GET FIELDS);
        fill("a:b\r\n", size);
        add("\r\r");
        assert_linear("near-misses of the end", &policy);
        grown_size = 0;
        policy.bare_lf = true;
        add(GET FIELDS);
        fill("a:b\n", size);
        add("\n");
        assert_linear("lines with LF alone", &policy);
        policy.bare_lf = false;
    }
}

static void a_reader_is_small_and_holds_no_pointer(void **state)
{
    (void)state;
    assert_true(sizeof(struct upheld_reader) <= 32);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_request_in_pieces_decides_as_at_once),
        cmocka_unit_test(every_vector_in_pieces_decides_as_at_once),
        cmocka_unit_test(every_limit_falls_at_the_same_octet),
        cmocka_unit_test(fewer_octets_than_before_are_decided_anew),
        cmocka_unit_test(no_octets_may_be_a_null_pointer),
        cmocka_unit_test(octet_by_octet_is_linear),
        cmocka_unit_test(a_reader_is_small_and_holds_no_pointer),
    };
    if (argc > 1) {
        vectors = argv[1];
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
