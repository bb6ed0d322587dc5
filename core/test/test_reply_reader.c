/* test_reply_reader.c: a reply that comes in pieces is decided as if it came at once, whatever the
 * pieces are, and at a cost that is linear in its octets.
 */
#include "check.h"
#include "growing.h"
#include "replies.h"

#include "reply.h"

/* ---- The reader with its calls counted ------------------------------------------------------- */

static size_t looked_at;
static unsigned decided;

static struct uph_line counted_line_at(const uint8_t *p, size_t N, size_t i, size_t max, bool lf)
{
    struct uph_line line = uph_line_at(p, N, i, max, lf);
    looked_at += line.end - i + 2;
    return line;
}

static size_t counted_token_end(const uint8_t *p, size_t e, size_t i)
{
    size_t end = uph_token_end(p, e, i);
    looked_at += end - i + 1;
    return end;
}

static enum upheld_clause counted_status_clause(const uint8_t *p, size_t b, size_t e)
{
    looked_at += 13;
    return uph_status_clause(p, b, e);
}

static struct uph_status counted_status_read(const uint8_t *p, size_t b, struct uph_status s)
{
    looked_at += 5;
    return uph_status_read(p, b, s);
}

static struct upheld_reply counted_decide(const uint8_t *p, size_t n,
                                          const struct upheld_client *client)
{
    decided++;
    return upheld_reply_decide(p, n, client);
}

struct upheld_reply counted_resume(struct upheld_reader *reader, const uint8_t *p, size_t n,
                                   const struct upheld_client *client);

#define uph_line_at counted_line_at
#define uph_token_end counted_token_end
#define uph_status_clause counted_status_clause
#define uph_status_read counted_status_read
#define upheld_reply_decide counted_decide
#define upheld_reply_resume counted_resume
#define uph_scan_request counted_scan_request
#define uph_scan_status counted_scan_status
#define uph_scan_fields counted_scan_fields
#include "../scan.c" /* NOLINT(bugprone-suspicious-include) */
/* After it. */
#include "../reply_reader.c" /* NOLINT(bugprone-suspicious-include) */
#undef uph_line_at
#undef uph_token_end
#undef uph_status_clause
#undef uph_status_read
#undef upheld_reply_decide
#undef upheld_reply_resume
#undef uph_scan_request
#undef uph_scan_status
#undef uph_scan_fields

/* ---- Pieces ------------------------------------------------------------------------------- */

static const struct upheld_span OFFERED[] = { { (const uint8_t *)"chat", 4 },
                                              { (const uint8_t *)"superchat", 9 } };
static const struct upheld_client CLIENT = {
    .limits = UPHELD_LIMITS_DEFAULT,
    .interim = 3,
    .key = "dGhlIHNhbXBsZSBub25jZQ==",
    .subprotocols = OFFERED,
    .subprotocol_count = COUNT(OFFERED),
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

static void assert_same(const char *name, size_t n, struct upheld_reply got,
                        struct upheld_reply expected)
{
    if (got.verdict != expected.verdict || got.clause != expected.clause ||
        got.status != expected.status || got.head_at != expected.head_at ||
        got.consumed != expected.consumed || got.subprotocol != expected.subprotocol ||
        !same_agreed(got.agreed, expected.agreed)) {
        fail_msg("%s: after %zu octets %s, at once %s", name, n, upheld_clause_id(got.clause),
                 upheld_clause_id(expected.clause));
    }
}

/* The decision on each prefix, by upheld_reply_decide(). */
static const struct upheld_reply *decisions(const uint8_t *octets, size_t n,
                                            const struct upheld_client *client)
{
    static struct upheld_reply all[1 << 12];
    assert_true(n < COUNT(all));
    for (size_t k = 0; k <= n; k++) {
        all[k] = upheld_reply_decide(at_edge(0, octets, k), k, client);
    }
    return all;
}

/* Pieces of `step` octets, in a buffer that moves with each. */
static void compare_steps(const char *name, const uint8_t *octets, size_t n, size_t step,
                          const struct upheld_reply *expected, const struct upheld_client *client)
{
    struct upheld_reader reader = { 0 };
    int slot = 0;
    for (size_t k = 0; k <= n; k += step) {
        slot = !slot;
        assert_same(name, k, upheld_reply_resume(&reader, at_edge(slot, octets, k), k, client),
                    expected[k]);
        assert_true(reader.seen <= k);
        if (expected[k].verdict != UPHELD_REPLY_MORE) {
            return;
        }
        assert_int_equal(reader.seen, k);
    }
}

/* Every split into two pieces. Behind octets that decide the reader is asked again all the same. */
static void compare_splits(const char *name, const uint8_t *octets, size_t n,
                           const struct upheld_reply *expected, const struct upheld_client *client)
{
    for (size_t k = 0; k <= n; k++) {
        struct upheld_reader reader = { 0 };
        assert_same(name, k, upheld_reply_resume(&reader, at_edge(0, octets, k), k, client),
                    expected[k]);
        assert_same(name, n, upheld_reply_resume(&reader, at_edge(1, octets, n), n, client),
                    expected[n]);
    }
}

static void compare(const char *name, const void *octets, size_t n,
                    const struct upheld_client *client)
{
    const struct upheld_reply *expected = decisions(octets, n, client);
    compare_steps(name, octets, n, 1, expected, client);
    compare_steps(name, octets, n, 3, expected, client);
    compare_splits(name, octets, n, expected, client);
}

static void every_reply_in_pieces_decides_as_at_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(REPLIES); i++) {
        compare(REPLIES[i].name, REPLIES[i].text, REPLIES[i].n, &CLIENT);
    }
    compare("deflate", TEXT(WITH("Sec-WebSocket-Extensions: permessage-deflate\r\n")), &CLIENT);
}

/* Heads that are well-formed, and some that are not, to be met by every limit. */
static const struct {
    const char *name, *text;
    size_t n;
} LIMITED[] = {
    { "plain", TEXT(WITH("X: \xff\r\n")) },
    { "interim heads", TEXT(EARLY_HINTS "HTTP/1.1 100 \r\n\r\n" EARLY_HINTS EARLY_HINTS WITH("")) },
    { "401 behind one", TEXT(EARLY_HINTS OF("401", "A: b\r\n")) },
    { "100 of HTTP/1.0 behind one", TEXT(EARLY_HINTS "HTTP/1.0 100 X\r\n\r\n") },
    { "CTL in the reason", TEXT("HTTP/1.1 101 abcdef\x01\r\n\r\n") },
    { "CR", TEXT(EARLY_HINTS "HTTP/1.1 101 X\r\nHost: a\rb\r\n\r\n") },
    { "CTL", TEXT(LINE "A: a\x7f\r\n\r\n") },
    { "LF", TEXT(LINE "A: a\n\n") },
    { "fold", TEXT(EARLY_HINTS LINE "A: a\r\n b\r\n\r\n") },
    { "no colon", TEXT(LINE "A a\r\n\r\n") },
};

static void compare_limits(size_t at, struct upheld_limits limits, uint32_t interim)
{
    struct upheld_client client = CLIENT;
    const uint8_t *octets = (const uint8_t *)LIMITED[at].text;
    size_t n = LIMITED[at].n;
    client.limits = limits;
    client.interim = interim;
    const struct upheld_reply *expected = decisions(octets, n, &client);
    compare_steps(LIMITED[at].name, octets, n, 1, expected, &client);
    compare_splits(LIMITED[at].name, octets, n, expected, &client);
}

static void every_limit_falls_at_the_same_octet(void **state)
{
    static const struct upheld_limits DEFAULT = UPHELD_LIMITS_DEFAULT;
    (void)state;
    for (size_t i = 0; i < COUNT(LIMITED); i++) {
        for (uint32_t limit = 1; limit <= LIMITED[i].n + 1; limit++) {
            struct upheld_limits limits = DEFAULT;
            limits.head = limit;
            compare_limits(i, limits, 4);
        }
        for (uint32_t limit = 1; limit <= 60; limit++) {
            struct upheld_limits limits = DEFAULT;
            limits.line = limit;
            compare_limits(i, limits, 4);
        }
        for (uint32_t limit = 1; limit <= 6; limit++) {
            struct upheld_limits limits = DEFAULT;
            limits.fields = limit;
            compare_limits(i, limits, 4);
            compare_limits(i, DEFAULT, limit);
        }
    }
}

static void fewer_octets_than_before_are_decided_anew(void **state)
{
    static const char TEXT_[] = EARLY_HINTS LINE FIELDS;
    struct upheld_reader reader = { 0 };
    (void)state;
    upheld_reply_resume(&reader, (const uint8_t *)TEXT_, sizeof TEXT_ - 1, &CLIENT);
    struct upheld_reader before = reader;
    assert_int_equal(reader.target, 1);
    assert_int_equal(upheld_reply_resume(&reader, (const uint8_t *)"\n", 1, &CLIENT).clause,
                     UPHELD_R9112_2_2_2);
    assert_int_equal(upheld_reply_resume(&reader, (const uint8_t *)"H", 1, &CLIENT).verdict,
                     UPHELD_REPLY_MORE);
    assert_memory_equal(&reader, &before, sizeof reader);
}

static void no_octets_may_be_a_null_pointer(void **state)
{
    struct upheld_reader reader = { 0 };
    (void)state;
    assert_int_equal(upheld_reply_resume(&reader, NULL, 0, &CLIENT).verdict, UPHELD_REPLY_MORE);
    assert_int_equal(reader.seen, 0);
}

/* ---- Cost --------------------------------------------------------------------------------- */

/* At most so many looks at an octet: two for each piece, and as many for each line once it ends. */
#define PER_OCTET 8

/* Octet by octet: none decides before the last, which does at a single call of reply.h; and what is
 * looked at is as many octets for each that comes, however many have come. */
static void assert_linear(const char *name, const struct upheld_client *client)
{
    struct upheld_reader reader = { 0 };
    looked_at = 0;
    decided = 0;
    for (size_t k = 0; k < grown_size; k++) {
        struct upheld_reply r = counted_resume(&reader, grown, k, client);
        if (r.verdict != UPHELD_REPLY_MORE || decided != 0) {
            fail_msg("%s: %u decisions after %zu octets", name, decided, k);
        }
    }
    struct upheld_reply last = counted_resume(&reader, grown, grown_size, client);
    assert_true(last.verdict != UPHELD_REPLY_MORE);
    assert_int_equal(decided, 1);
    assert_same(name, grown_size, last, upheld_reply_decide(grown, grown_size, client));
    if (looked_at > PER_OCTET * grown_size) {
        fail_msg("%s: looked at %zu octets of %zu", name, looked_at, grown_size);
    }
}

static void octet_by_octet_is_linear(void **state)
{
    struct upheld_client client = CLIENT;
    (void)state;
    client.limits = (struct upheld_limits){ 1, GROWING_ROOM, GROWING_ROOM, GROWING_ROOM };
    client.interim = GROWING_ROOM;
    for (size_t size = 1 << 10; size <= 1 << 16; size *= 8) {
        grown_size = 0;
        add(LINE FIELDS);
        fill("a:\r\n", size);
        add("\r\n");
        assert_linear("fields of one octet", &client);
        grown_size = 0;
        add(EARLY_HINTS LINE FIELDS "A: ");
        fill("x, ", size);
        add("\r\n\r\n");
        assert_linear("a long value", &client);
        grown_size = 0;
        add(LINE FIELDS);
        fill("x", size);
        add(":\r\n\r\n");
        assert_linear("a long name", &client);
        grown_size = 0;
        add(EARLY_HINTS "HTTP/1.1 101 ");
        fill("x", size);
        add("\r\n" FIELDS "\r\n");
        assert_linear("a long reason", &client);
        grown_size = 0;
        fill("HTTP/1.1 102 \r\n\r\n", size);
        add(WITH(""));
        assert_linear("heads to skip", &client);
        grown_size = 0;
        fill(EARLY_HINTS, size);
        add("HTTP/1.0 103 X\r\n\r\n");
        assert_linear("heads to skip, and one of HTTP/1.0", &client);
        grown_size = 0;
        add(LINE FIELDS);
        fill("a:b\r\n", size);
        add("\r\r");
        assert_linear("near-misses of the end", &client);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_reply_in_pieces_decides_as_at_once),
        cmocka_unit_test(every_limit_falls_at_the_same_octet),
        cmocka_unit_test(fewer_octets_than_before_are_decided_anew),
        cmocka_unit_test(no_octets_may_be_a_null_pointer),
        cmocka_unit_test(octet_by_octet_is_linear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
