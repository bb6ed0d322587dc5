/* test_requests.c: every request of requests.h gets its verdict; at the octet that decides and not
 * before, whatever comes behind it, and whoever holds the octets.
 */
#include "requests.h"

static const struct upheld_span CHAT = { (const uint8_t *)"chat", 4 };
static const struct upheld_policy POLICY = {
    .limits = UPHELD_LIMITS_DEFAULT,
    .access = UPHELD_GRANTED,
    .subprotocols = &CHAT,
    .subprotocol_count = 1,
};

static struct upheld_decision decide(const void *text, size_t n)
{
    return upheld_request_decide(at_edge(0, text, n), n, &POLICY);
}

static void assert_same(const char *name, struct upheld_decision a, struct upheld_decision b)
{
    if (a.verdict != b.verdict || a.clause != b.clause || a.status != b.status ||
        a.continue_first != b.continue_first || a.close != b.close || a.consumed != b.consumed ||
        a.subprotocol != b.subprotocol || a.key_at != b.key_at || a.protocol != b.protocol ||
        a.body_first != b.body_first || a.body_chunked != b.body_chunked ||
        a.body_length != b.body_length) {
        fail_msg("%s: %s at %zu is not %s at %zu", name, upheld_clause_id(a.clause), a.consumed,
                 upheld_clause_id(b.clause), b.consumed);
    }
}

static void each_request_gets_its_verdict(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(REQUESTS); i++) {
        const struct request *r = &REQUESTS[i];
        struct upheld_decision d = decide(r->text, r->n);
        if (d.verdict != r->verdict || d.clause != r->clause || d.status != r->status) {
            fail_msg("%s: expected %u by %s, got %u by %s", r->name, r->status,
                     upheld_clause_id(r->clause), (unsigned)d.status, upheld_clause_id(d.clause));
        }
        if (d.consumed != (r->whole ? r->n : 0) || d.continue_first != r->continue_first) {
            fail_msg("%s: consumed %zu, 100 first %d", r->name, d.consumed, d.continue_first);
        }
    }
}

static void a_switch_names_the_key_and_the_subprotocol(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(REQUESTS); i++) {
        const struct request *r = &REQUESTS[i];
        struct upheld_decision d = decide(r->text, r->n);
        if (r->verdict == UPHELD_SWITCH) {
            assert_true(d.key_at + UPHELD_KEY_SIZE < r->n);
            assert_memory_equal(r->text + d.key_at + 22, "==", 2);
            assert_true(d.key_at > 0 && strchr(": \t", r->text[d.key_at - 1]) != NULL);
            assert_int_equal(d.subprotocol, r->chat ? 0 : UPHELD_NONE);
        }
    }
}

static void refusals_close_and_switches_do_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(REQUESTS); i++) {
        struct upheld_decision d = decide(REQUESTS[i].text, REQUESTS[i].n);
        if (d.verdict != UPHELD_IGNORE) {
            assert_int_equal(d.close, d.verdict == UPHELD_REFUSE);
        }
    }
}

static void no_octet_before_the_deciding_one_decides(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(REQUESTS); i++) {
        for (size_t n = 0; n < REQUESTS[i].n; n++) {
            struct upheld_decision d = decide(REQUESTS[i].text, n);
            if (d.verdict != UPHELD_MORE) {
                fail_msg("%s: decided by %s after %zu of %zu octets", REQUESTS[i].name,
                         upheld_clause_id(d.clause), n, REQUESTS[i].n);
            }
            assert_int_equal(d.status, 0);
            assert_int_equal(d.consumed, 0);
            assert_false(d.close);
        }
    }
}

static void no_octet_behind_the_deciding_one_counts(void **state)
{
    static const struct {
        const char *text;
        size_t n;
    } BEHIND[] = {
        { TEXT("\0") },     { TEXT("\n") },
        { TEXT("\r\n") },   { TEXT(" ") },
        { TEXT("\xff") },   { TEXT("\x81\x05hello") },
        { TEXT(WITH("")) }, { TEXT("GET / HTTP/1.1\r\n\r\n") },
    };
    char joined[2048];
    (void)state;
    for (size_t i = 0; i < COUNT(REQUESTS); i++) {
        const struct request *r = &REQUESTS[i];
        struct upheld_decision alone = decide(r->text, r->n);
        for (size_t k = 0; r->verdict != UPHELD_MORE && k < COUNT(BEHIND); k++) {
            assert_true(r->n + BEHIND[k].n <= sizeof joined);
            memcpy(joined, r->text, r->n);
            memcpy(joined + r->n, BEHIND[k].text, BEHIND[k].n);
            assert_same(r->name, decide(joined, r->n + BEHIND[k].n), alone);
        }
    }
}

static void no_octets_at_all_may_be_a_null_pointer(void **state)
{
    (void)state;
    assert_int_equal(upheld_request_decide(NULL, 0, &POLICY).verdict, UPHELD_MORE);
}

/* Clauses that decide under other limits or another policy, or never alone. */
static const enum upheld_clause ELSEWHERE[] = {
    /* test_limits.c */
    UPHELD_R9112_3_3,
    UPHELD_R9110_5_4_1,
    /* test_order.c */
    UPHELD_R6455_4_2_2_3,
    UPHELD_R9110_15_5_2_1,
    UPHELD_R6455_4_2_2_1,
    /* test_protocols.c */
    UPHELD_R9110_9_1_1,
    UPHELD_R9110_17_5_1,
    UPHELD_R7540_3_2_1_1,
    UPHELD_R7540_3_2_1_2,
    UPHELD_R7540_3_3_1,
    /* test_switches.c */
    UPHELD_R9110_15_5_22_1,
    UPHELD_R9110_9_3_1_1,
    UPHELD_R6455_4_2_1_4,
    UPHELD_R6455_E3150,
    UPHELD_WS_5,
    /* decides what goes before, not the verdict */
    UPHELD_R9110_7_8_15,
};

static bool decided_elsewhere(enum upheld_clause clause)
{
    for (size_t i = 0; i < COUNT(ELSEWHERE); i++) {
        if (ELSEWHERE[i] == clause) {
            return true;
        }
    }
    return false;
}

static void every_clause_decides_some_request(void **state)
{
    bool seen[UPHELD_CLAUSE_COUNT] = { false };
    (void)state;
    for (size_t i = 0; i < COUNT(REQUESTS); i++) {
        seen[REQUESTS[i].clause] = true;
    }
    for (int clause = 0; clause < UPHELD_R8441_4_1; clause++) {
        if (!seen[clause] && !decided_elsewhere((enum upheld_clause)clause)) {
            fail_msg("no request for %s", upheld_clause_id((enum upheld_clause)clause));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_request_gets_its_verdict),
        cmocka_unit_test(a_switch_names_the_key_and_the_subprotocol),
        cmocka_unit_test(refusals_close_and_switches_do_not),
        cmocka_unit_test(no_octet_before_the_deciding_one_decides),
        cmocka_unit_test(no_octet_behind_the_deciding_one_counts),
        cmocka_unit_test(no_octets_at_all_may_be_a_null_pointer),
        cmocka_unit_test(every_clause_decides_some_request),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
