/* test_reply.c: every reply of replies.h gets its verdict; at the octet that decides and not
 * before, whatever comes behind it. Then limits, clients that ask for other things, and versions.
 */
#include "replies.h"

#include <stdio.h>

#define SPAN(s) { (const uint8_t *)(s), sizeof(s) - 1 }

static const struct upheld_span OFFERED[] = { SPAN("chat"), SPAN("superchat") };
static const struct upheld_client CLIENT = {
    .limits = UPHELD_LIMITS_DEFAULT,
    .interim = 3,
    .key = "dGhlIHNhbXBsZSBub25jZQ==",
    .host = SPAN("server.example.com"),
    .target = SPAN("/chat"),
    .subprotocols = OFFERED,
    .subprotocol_count = COUNT(OFFERED),
};

static struct upheld_reply decide_for(const void *text, size_t n,
                                      const struct upheld_client *client)
{
    return upheld_reply_decide(at_edge(0, text, n), n, client);
}

static struct upheld_reply decide(const void *text, size_t n)
{
    return decide_for(text, n, &CLIENT);
}

static void assert_same(const char *name, struct upheld_reply a, struct upheld_reply b)
{
    if (a.verdict != b.verdict || a.clause != b.clause || a.status != b.status ||
        a.head_at != b.head_at || a.consumed != b.consumed || a.subprotocol != b.subprotocol) {
        fail_msg("%s: %s at %zu is not %s at %zu", name, upheld_clause_id(a.clause), a.consumed,
                 upheld_clause_id(b.clause), b.consumed);
    }
}

static void the_client_is_in_order(void **state)
{
    (void)state;
    assert_int_equal(upheld_client_check(&CLIENT), UPHELD_CLIENT_OK);
}

static bool ended(const struct reply *r)
{
    return r->status != 0 || strcmp(r->name, "000") == 0;
}

/* Where the last of `interim` + 1 heads starts: three equal ones stand before it. */
static size_t head_of(const struct reply *r)
{
    return r->clause == UPHELD_R9110_15_2_3 ? r->n / 4 * 3 : r->head_at;
}

static void each_reply_gets_its_verdict(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(REPLIES); i++) {
        const struct reply *r = &REPLIES[i];
        struct upheld_reply got = decide(r->text, r->n);
        if (got.verdict != r->verdict || got.clause != r->clause || got.status != r->status) {
            fail_msg("%s: expected %u by %s, got %u by %s", r->name, r->status,
                     upheld_clause_id(r->clause), (unsigned)got.status,
                     upheld_clause_id(got.clause));
        }
        if (got.consumed != (ended(r) ? r->n : 0) || got.head_at != head_of(r) ||
            got.subprotocol != r->subprotocol) {
            fail_msg("%s: head from %zu to %zu, subprotocol %u", r->name, got.head_at, got.consumed,
                     (unsigned)got.subprotocol);
        }
    }
}

static void no_octet_before_the_deciding_one_decides(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(REPLIES); i++) {
        for (size_t n = 0; n < REPLIES[i].n; n++) {
            struct upheld_reply got = decide(REPLIES[i].text, n);
            if (got.verdict != UPHELD_REPLY_MORE) {
                fail_msg("%s: decided by %s after %zu of %zu octets", REPLIES[i].name,
                         upheld_clause_id(got.clause), n, REPLIES[i].n);
            }
            assert_int_equal(got.status, 0);
            assert_int_equal(got.consumed, 0);
            assert_int_equal(got.subprotocol, UPHELD_NONE);
        }
    }
}

static void no_octet_behind_the_deciding_one_counts(void **state)
{
    static const struct {
        const char *text;
        size_t n;
    } BEHIND[] = {
        { TEXT("\0") },     { TEXT("\n") },   { TEXT("\r\n") },
        { TEXT(" ") },      { TEXT("\xff") }, { TEXT("\x81\x05hello") },
        { TEXT(WITH("")) }, { TEXT(ACCEPT) },
    };
    char joined[2048];
    (void)state;
    for (size_t i = 0; i < COUNT(REPLIES); i++) {
        const struct reply *r = &REPLIES[i];
        struct upheld_reply alone = decide(r->text, r->n);
        for (size_t k = 0; r->verdict != UPHELD_REPLY_MORE && k < COUNT(BEHIND); k++) {
            assert_true(r->n + BEHIND[k].n <= sizeof joined);
            memcpy(joined, r->text, r->n);
            memcpy(joined + r->n, BEHIND[k].text, BEHIND[k].n);
            assert_same(r->name, decide(joined, r->n + BEHIND[k].n), alone);
        }
    }
}

/* A client without a key asked for nothing: what was OK fails, and nothing else changes but the
 * reason why a 101 fails. */
static void an_unsolicited_101_never_passes(void **state)
{
    static const struct upheld_client NOTHING = { .limits = UPHELD_LIMITS_DEFAULT, .interim = 3 };
    struct upheld_client no_base64 = CLIENT;
    (void)state;
    no_base64.key[3] = '-';
    for (size_t i = 0; i < COUNT(REPLIES); i++) {
        const struct reply *r = &REPLIES[i];
        struct upheld_reply got = decide_for(r->text, r->n, &NOTHING);
        assert_int_not_equal(got.verdict, UPHELD_REPLY_OK);
        if (r->verdict == UPHELD_REPLY_OK) {
            assert_int_equal(got.verdict, UPHELD_REPLY_FAIL);
            assert_int_equal(got.clause, UPHELD_R9110_7_8_6);
            assert_int_equal(got.consumed, r->n);
            assert_int_equal(decide_for(r->text, r->n, &no_base64).clause, UPHELD_R9110_7_8_6);
        } else {
            assert_int_equal(got.verdict, r->verdict);
        }
    }
}

/* The accept value is that of the client's own key, each octet of it. */
static void every_octet_of_the_key_counts(void **state)
{
    (void)state;
    for (size_t i = 0; i < 22; i++) {
        struct upheld_client other = CLIENT;
        other.key[i] = other.key[i] == 'A' ? 'B' : 'A';
        struct upheld_reply got = decide_for(TEXT(WITH("")), &other);
        assert_int_equal(got.verdict, UPHELD_REPLY_FAIL);
        assert_int_equal(got.clause, UPHELD_R6455_4_1_16);
    }
}

static void without_offers_no_subprotocol_passes(void **state)
{
    struct upheld_client none = CLIENT;
    (void)state;
    none.subprotocols = NULL;
    none.subprotocol_count = 0;
    assert_int_equal(decide_for(TEXT(WITH_PROTOCOL("chat")), &none).clause, UPHELD_R6455_4_1_18);
    assert_int_equal(decide_for(TEXT(WITH("")), &none).verdict, UPHELD_REPLY_OK);
    none.subprotocol_needed = true;
    assert_int_equal(decide_for(TEXT(WITH("")), &none).verdict, UPHELD_REPLY_OK);
}

static void a_client_may_insist_on_a_subprotocol(void **state)
{
    struct upheld_client strict = CLIENT;
    (void)state;
    strict.subprotocol_needed = true;
    struct upheld_reply got = decide_for(TEXT(WITH("")), &strict);
    assert_int_equal(got.verdict, UPHELD_REPLY_FAIL);
    assert_int_equal(got.clause, UPHELD_WS_5);
    got = decide_for(TEXT(WITH_PROTOCOL("superchat")), &strict);
    assert_int_equal(got.verdict, UPHELD_REPLY_OK);
    assert_int_equal(got.subprotocol, 1);
}

#define EXTENSIONS(value) WITH("Sec-WebSocket-Extensions:" value "\r\n")
#define PMD "permessage-deflate"

/* What answers the offer is taken, and handed out; what does not, fails. */
static void an_answer_to_the_offer_of_deflate_is_taken_or_fails(void **state)
{
    static const struct {
        const char *text;
        size_t n;
        bool taken;
        struct upheld_agreed agreed;
    } ROWS[] = {
        { TEXT(WITH("")), true, { 0 } },
        { TEXT(EXTENSIONS(PMD "; server_max_window_bits=12")),
          true,
          { .deflate = true,
            .server_max_window_bits = 12,
            .client_max_window_bits = 15,
            .server_bits_named = true } },
        { TEXT(EXTENSIONS(PMD "; client_max_window_bits=10; server_no_context_takeover;"
                              "server_max_window_bits=\"9\"")),
          true,
          { .deflate = true,
            .server_no_context_takeover = true,
            .server_max_window_bits = 9,
            .client_max_window_bits = 10,
            .server_bits_named = true,
            .client_bits_named = true } },
        { TEXT(EXTENSIONS(PMD)), false, { 0 } }, /* more than was asked for */
        { TEXT(EXTENSIONS(PMD "; server_max_window_bits=13")), false, { 0 } },
        { TEXT(EXTENSIONS(PMD "; server_max_window_bits=12; client_max_window_bits")),
          false,
          { 0 } },
        { TEXT(EXTENSIONS(PMD "; server_max_window_bits=12; x")), false, { 0 } },
        { TEXT(EXTENSIONS(PMD "; server_max_window_bits=12; server_max_window_bits=12")),
          false,
          { 0 } },
        { TEXT(EXTENSIONS(PMD "; server_max_window_bits=12, x")), false, { 0 } },
        { TEXT(EXTENSIONS(PMD "; server_max_window_bits=12,," PMD "; server_max_window_bits=12")),
          false,
          { 0 } },
        { TEXT(EXTENSIONS("x")), false, { 0 } },
        { TEXT(EXTENSIONS("")), false, { 0 } },
        { TEXT(EXTENSIONS(PMD "; server_max_window_bits=12;")), false, { 0 } },
    };
    struct upheld_client client = CLIENT;
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        for (int on = 0; on < 2; on++) {
            client.deflate =
                (struct upheld_deflate){ .enabled = on != 0, .server_max_window_bits = 12 };
            bool taken = ROWS[i].taken && (on != 0 || i == 0);
            struct upheld_reply got = decide_for(ROWS[i].text, ROWS[i].n, &client);
            assert_int_equal(got.verdict, taken ? UPHELD_REPLY_OK : UPHELD_REPLY_FAIL);
            assert_int_equal(got.clause, taken ? UPHELD_R6455_4_1_19 : UPHELD_R6455_4_1_17);
            static const struct upheld_agreed NOTHING;
            assert_memory_equal(&got.agreed, taken ? &ROWS[i].agreed : &NOTHING, sizeof got.agreed);
        }
    }
    struct upheld_reply got =
        decide_for(TEXT(WITH("Sec-WebSocket-Extensions: " PMD "; server_max_window_bits=12\r\n"
                             "Sec-WebSocket-Extensions: " PMD "; server_max_window_bits=12\r\n")),
                   &client);
    assert_int_equal(got.clause, UPHELD_R6455_11_3_2_1);
    assert_false(got.agreed.deflate);
}

/* The reply OK under this limit, and one octet or line less fails where it is passed. */
static void assert_edge(const char *text, size_t n, uint32_t *limit, uint32_t edge,
                        const struct upheld_client *client, size_t fails_at)
{
    *limit = edge;
    assert_int_equal(decide_for(text, n, client).verdict, UPHELD_REPLY_OK);
    *limit = edge - 1;
    struct upheld_reply got = decide_for(text, n, client);
    assert_int_equal(got.verdict, UPHELD_REPLY_FAIL);
    assert_int_equal(got.clause, UPHELD_R9110_5_4_2);
    assert_int_equal(got.consumed, 0);
    assert_int_equal(decide_for(text, fails_at, client).clause, UPHELD_R9110_5_4_2);
    assert_int_equal(decide_for(text, fails_at - 1, client).verdict, UPHELD_REPLY_MORE);
}

static void each_limit_holds_at_its_edge(void **state)
{
    static const char LONG_STATUS[] =
        "HTTP/1.1 101 a reason longer than any of the lines that follow it\r\n" FIELDS END;
    const size_t status_line = sizeof LONG_STATUS - sizeof(FIELDS END);
    struct upheld_client client = CLIENT;
    (void)state;
    assert_edge(TEXT(WITH("")), &client.limits.head, sizeof(WITH("")) - 1, &client,
                sizeof(WITH("")) - 1);
    client = CLIENT;
    assert_edge(TEXT(EARLY_HINTS WITH("")), &client.limits.head, sizeof(EARLY_HINTS WITH("")) - 1,
                &client, sizeof(EARLY_HINTS WITH("")) - 1);
    client = CLIENT;
    assert_edge(TEXT(WITH("")), &client.limits.fields, 3, &client,
                sizeof(LINE UPGRADE CONNECTION "S") - 1);
    client = CLIENT;
    assert_edge(TEXT(WITH("")), &client.limits.line, sizeof(ACCEPT) - 3, &client,
                sizeof(LINE UPGRADE CONNECTION ACCEPT) - 3);
    client = CLIENT;
    assert_edge(TEXT(LONG_STATUS), &client.limits.line, (uint32_t)status_line - 2, &client,
                status_line - 2);
}

/* Lines are counted for each head anew. */
static void field_lines_of_skipped_heads_do_not_count(void **state)
{
    struct upheld_client client = CLIENT;
    (void)state;
    client.limits.fields = 3;
    assert_int_equal(
        decide_for(TEXT("HTTP/1.1 103 X\r\nA:\r\nB:\r\nC:\r\n\r\n" WITH("")), &client).verdict,
        UPHELD_REPLY_OK);
}

static void as_many_interim_heads_pass_as_the_client_allows(void **state)
{
    static const char HEADS[] = EARLY_HINTS EARLY_HINTS EARLY_HINTS WITH("");
    struct upheld_client client = CLIENT;
    (void)state;
    for (uint32_t most = 1; most <= 4; most++) {
        client.interim = most;
        struct upheld_reply got = decide_for(TEXT(HEADS), &client);
        if (most >= 3) {
            assert_int_equal(got.verdict, UPHELD_REPLY_OK);
        } else {
            assert_int_equal(got.verdict, UPHELD_REPLY_FAIL);
            assert_int_equal(got.clause, UPHELD_R9110_15_2_3);
            assert_int_equal(got.status, 103);
            assert_int_equal(got.consumed, (most + 1) * (sizeof(EARLY_HINTS) - 1));
        }
    }
}

static const struct {
    const char *fields;
    unsigned listed[4]; /* ends with 256 */
} VERSIONS[] = {
    { "Sec-WebSocket-Version: 13\r\n", { 13, 256 } },
    { "SEC-WEBSOCKET-VERSION:13,8 ,\t7\r\n", { 13, 8, 7, 256 } },
    { "Sec-WebSocket-Version: 13\r\nX: 9\r\nSec-WebSocket-Version: 8, 7\r\n", { 13, 8, 7, 256 } },
    { "Sec-WebSocket-Version: 0, 255, 100\r\n", { 0, 255, 100, 256 } },
    { "Sec-WebSocket-Version: 013, 256, 1 3, +7, 8x, \"9\", 25\r\n", { 25, 256 } },
    { "Sec-WebSocket-Version: ,,13,\r\n", { 13, 256 } },
    { "Sec-WebSocket-Version:\r\n", { 256 } },
    { "X-Sec-WebSocket-Version: 13\r\nSec-WebSocket-Versions: 13\r\n", { 256 } },
};

static bool is_listed(size_t row, unsigned version)
{
    for (const unsigned *v = VERSIONS[row].listed; *v < 256; v++) {
        if (*v == version) {
            return true;
        }
    }
    return false;
}

static void a_reply_lists_the_versions_that_it_lists(void **state)
{
    char text[512];
    (void)state;
    for (size_t i = 0; i < COUNT(VERSIONS); i++) {
        int n = snprintf(text, sizeof text, "%sHTTP/1.1 426 X\r\n%s\r\nSec-WebSocket-Version: 77",
                         i % 2 == 0 ? "" : "HTTP/1.1 103 X\r\nSec-WebSocket-Version: 66\r\n\r\n",
                         VERSIONS[i].fields);
        const uint8_t *p = at_edge(0, text, (size_t)n);
        struct upheld_reply reply = upheld_reply_decide(p, (size_t)n, &CLIENT);
        assert_int_equal(reply.verdict, UPHELD_REPLY_HTTP);
        for (unsigned version = 0; version < 256; version++) {
            if (upheld_reply_version(p, (size_t)n, reply, (uint8_t)version) !=
                is_listed(i, version)) {
                fail_msg("%s: version %u", VERSIONS[i].fields, version);
            }
        }
    }
}

/* On a reply that was not decided, or of other octets, the answer is no and nothing is read. */
static void no_version_is_listed_where_no_head_was_read(void **state)
{
    static const char HEAD[] = "HTTP/1.1 426 X\r\nSec-WebSocket-Version: 13\r\n\r\n";
    (void)state;
    const uint8_t *p = at_edge(0, TEXT(HEAD));
    struct upheld_reply reply = upheld_reply_decide(p, sizeof HEAD - 1, &CLIENT);
    assert_true(upheld_reply_version(p, sizeof HEAD - 1, reply, 13));
    assert_false(upheld_reply_version(p, sizeof HEAD - 2, reply, 13));
    assert_false(upheld_reply_version(NULL, 0, reply, 13));
    assert_false(upheld_reply_version(p, sizeof HEAD - 1, (struct upheld_reply){ 0 }, 13));
    reply = upheld_reply_decide(p, sizeof HEAD - 2, &CLIENT);
    assert_int_equal(reply.verdict, UPHELD_REPLY_MORE);
    assert_false(upheld_reply_version(p, sizeof HEAD - 2, reply, 13));
}

static void no_octets_at_all_may_be_a_null_pointer(void **state)
{
    (void)state;
    assert_int_equal(upheld_reply_decide(NULL, 0, &CLIENT).verdict, UPHELD_REPLY_MORE);
}

/* The client's clauses are the last of clauses.def, from R9112-4-1 on. */
static void every_clause_of_a_client_decides_some_reply(void **state)
{
    bool seen[UPHELD_CLAUSE_COUNT] = { false };
    (void)state;
    for (size_t i = 0; i < COUNT(REPLIES); i++) {
        seen[REPLIES[i].clause] = true;
    }
    seen[UPHELD_R9110_7_8_6] = true; /* an_unsolicited_101_never_passes */
    seen[UPHELD_R9110_5_4_2] = true; /* each_limit_holds_at_its_edge */
    for (int clause = UPHELD_R9112_4_1; clause < UPHELD_CLAUSE_COUNT; clause++) {
        if (!seen[clause]) {
            fail_msg("no reply for %s", upheld_clause_id((enum upheld_clause)clause));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_client_is_in_order),
        cmocka_unit_test(each_reply_gets_its_verdict),
        cmocka_unit_test(no_octet_before_the_deciding_one_decides),
        cmocka_unit_test(no_octet_behind_the_deciding_one_counts),
        cmocka_unit_test(an_unsolicited_101_never_passes),
        cmocka_unit_test(every_octet_of_the_key_counts),
        cmocka_unit_test(without_offers_no_subprotocol_passes),
        cmocka_unit_test(a_client_may_insist_on_a_subprotocol),
        cmocka_unit_test(an_answer_to_the_offer_of_deflate_is_taken_or_fails),
        cmocka_unit_test(each_limit_holds_at_its_edge),
        cmocka_unit_test(field_lines_of_skipped_heads_do_not_count),
        cmocka_unit_test(as_many_interim_heads_pass_as_the_client_allows),
        cmocka_unit_test(a_reply_lists_the_versions_that_it_lists),
        cmocka_unit_test(no_version_is_listed_where_no_head_was_read),
        cmocka_unit_test(no_octets_at_all_may_be_a_null_pointer),
        cmocka_unit_test(every_clause_of_a_client_decides_some_reply),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
