/* test_order.c: of several faults the first in the order of checks decides; and what the policy
 * says about access and origins. */
#include "check.h"

#include <stdio.h>

#include "upheld.h"

#define SPAN(s) { (const uint8_t *)(s), sizeof(s) - 1 }

static const struct upheld_span CHAT = SPAN("chat");
static const struct upheld_span ORIGINS[] = { SPAN("https://a.example"), SPAN("null") };

/* Everything that a later check would refuse, in the order of checks. Leaving out the first k
 * faults, fault k decides. */
static const struct {
    unsigned status;
    enum upheld_clause clause;
    const char *wrong, *right; /* lines of the request, start-line first */
} FAULTS[] = {
    { 505, UPHELD_R9112_2_3_2, " HTTP/2.0\r\n", " HTTP/1.1\r\n" },
    { 400, UPHELD_R9112_3_2_3, "Host: a b\r\n", "Host: a\r\n" },
    { 400, UPHELD_R9112_6_3_3, "Content-Length: x\r\n", "Content-Length: 0\r\n" },
    { 0, UPHELD_R9110_7_6_1_4, "Connection: close\r\n", "Connection: upgrade\r\n" },
    { 0, UPHELD_R9110_7_8_2, "Upgrade: h2c\r\n", "Upgrade: websocket\r\n" },
    { 417, UPHELD_R9110_10_1_1_4, "Expect: x\r\n", "Expect:\r\n" },
    { 405, UPHELD_R6455_4_2_1_1, "POST", "GET" },
    { 426, UPHELD_R6455_4_2_2_6, "Sec-WebSocket-Version: 8\r\n", "Sec-WebSocket-Version: 13\r\n" },
    { 400, UPHELD_R6455_4_2_1_5, "Sec-WebSocket-Key: x\r\n",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" },
    { 403, UPHELD_R6455_4_2_2_3, "Origin: https://b.example\r\n", "Origin: https://a.example\r\n" },
    { 403, UPHELD_R6455_4_2_2_1, "", "" }, /* by the policy */
    { 400, UPHELD_R6455_4_2_1_8, "Sec-WebSocket-Protocol: ,\r\n",
      "Sec-WebSocket-Protocol: chat\r\n" },
    { 400, UPHELD_R6455_9_1_1, "Sec-WebSocket-Extensions: ;\r\n",
      "Sec-WebSocket-Extensions: a\r\n" },
};
enum { START = 0, METHOD = 6, ACCESS = 10 };

static struct upheld_decision decide(const char *text, const struct upheld_policy *policy)
{
    size_t n = strlen(text);
    return upheld_request_decide(at_edge(0, text, n), n, policy);
}

/* bit k of `wrong` set: fault k stands in the request */
static struct upheld_decision decide_faults(unsigned wrong)
{
    char text[1024];
    struct upheld_policy policy = {
        .limits = UPHELD_LIMITS_DEFAULT,
        .access = (wrong >> ACCESS & 1U) != 0 ? UPHELD_FORBIDDEN : UPHELD_GRANTED,
        .subprotocols = &CHAT,
        .subprotocol_count = 1,
        .origins = ORIGINS,
        .origin_count = COUNT(ORIGINS),
    };
    const char *lines[COUNT(FAULTS)];
    for (size_t k = 0; k < COUNT(FAULTS); k++) {
        lines[k] = (wrong >> k & 1U) != 0 ? FAULTS[k].wrong : FAULTS[k].right;
    }
    snprintf(text, sizeof text, "%s /chat%s", lines[METHOD], lines[START]);
    for (size_t k = 0; k < COUNT(FAULTS); k++) {
        if (k != METHOD && k != START) {
            strcat(text, lines[k]);
        }
    }
    strcat(text, "\r\n");
    struct upheld_decision d = decide(text, &policy);
    assert_int_equal(d.consumed, strlen(text));
    return d;
}

/* All 2^13 sets of faults. */
static void of_several_faults_the_first_in_order_decides(void **state)
{
    (void)state;
    for (unsigned wrong = 0; wrong < 1U << COUNT(FAULTS); wrong++) {
        struct upheld_decision d = decide_faults(wrong);
        size_t first = 0;
        while (first < COUNT(FAULTS) && (wrong >> first & 1U) == 0) {
            first++;
        }
        enum upheld_clause clause =
            first < COUNT(FAULTS) ? FAULTS[first].clause : UPHELD_R6455_4_2_2_10;
        unsigned status = first < COUNT(FAULTS) ? FAULTS[first].status : 101;
        if (d.clause != clause || d.status != status) {
            fail_msg("faults 0x%x: expected %u by %s, got %u by %s", wrong, status,
                     upheld_clause_id(clause), (unsigned)d.status, upheld_clause_id(d.clause));
        }
    }
}

#define ASK                                                                                        \
    "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"                   \
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"

static void only_granted_switches(void **state)
{
    static const struct {
        int access;
        unsigned status;
        enum upheld_clause clause;
    } ROWS[] = {
        { UPHELD_GRANTED, 101, UPHELD_R6455_4_2_2_10 },
        { UPHELD_UNDECIDED, 403, UPHELD_R6455_4_2_2_1 },
        { UPHELD_FORBIDDEN, 403, UPHELD_R6455_4_2_2_1 },
        { UPHELD_UNAUTHENTICATED, 401, UPHELD_R9110_15_5_2_1 },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct upheld_policy policy = { .limits = UPHELD_LIMITS_DEFAULT,
                                        .access = (enum upheld_access)ROWS[i].access,
                                        .challenge = SPAN("Basic") };
        struct upheld_decision d = decide(ASK "\r\n", &policy);
        assert_int_equal(d.status, ROWS[i].status);
        assert_int_equal(d.clause, ROWS[i].clause);
    }
}

static void access_matters_to_an_upgrade_alone(void **state)
{
    const struct upheld_policy policy = { .limits = UPHELD_LIMITS_DEFAULT,
                                          .access = UPHELD_FORBIDDEN };
    (void)state;
    assert_int_equal(decide("GET / HTTP/1.1\r\nHost: a\r\n\r\n", &policy).verdict, UPHELD_IGNORE);
}

static void what_goes_on_as_http_closes_if_connection_says_so(void **state)
{
    static const struct {
        const char *text;
        bool close;
    } ROWS[] = {
        { "GET / HTTP/1.1\r\nHost: a\r\n\r\n", false },
        { "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\n\r\n", false },
        { "GET / HTTP/1.1\r\nHost: a\r\nConnection: closed\r\n\r\n", false },
        { "GET / HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n", true },
        { "GET / HTTP/1.1\r\nHost: a\r\nConnection: x, close\r\n\r\n", true },
        { "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nConnection: x\r\n\r\n", true },
    };
    const struct upheld_policy policy = { .limits = UPHELD_LIMITS_DEFAULT };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct upheld_decision d = decide(ROWS[i].text, &policy);
        assert_int_equal(d.verdict, UPHELD_IGNORE);
        assert_int_equal(d.close, ROWS[i].close);
    }
}

/* R6455-10.2-1; "null" is an origin like others (F-2). */
static void an_origin_is_checked_where_there_is_a_rule(void **state)
{
    static const struct {
        const char *lines;
        bool rule, optional;
        unsigned status;
    } ROWS[] = {
        { "", false, false, 101 },
        { "Origin: https://b.example\r\n", false, false, 101 },
        { "Origin: https://b.example\r\n", false, true, 101 },
        { "", true, false, 403 },
        { "", true, true, 101 },
        { "Origin: https://a.example\r\n", true, false, 101 },
        { "Origin: \thttps://a.example \r\n", true, false, 101 },
        { "origin: HTTPS://A.EXAMPLE\r\n", true, false, 101 },
        { "Origin: null\r\n", true, true, 101 },
        { "Origin: https://b.example\r\n", true, false, 403 },
        { "Origin: https://b.example\r\n", true, true, 403 },
        { "Origin:\r\n", true, true, 403 },
        { "Origin: https://a.example.evil\r\n", true, false, 403 },
        { "Origin: https://a.example null\r\n", true, false, 403 },
        { "Origin: null\r\nOrigin: null\r\n", true, true, 400 },
        { "Origin: null\r\nOrigin: null\r\n", false, true, 400 },
    };
    char text[1024];
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct upheld_policy policy = { .limits = UPHELD_LIMITS_DEFAULT,
                                        .access = UPHELD_GRANTED,
                                        .origins = ORIGINS,
                                        .origin_count = ROWS[i].rule ? COUNT(ORIGINS) : 0,
                                        .origin_optional = ROWS[i].optional };
        snprintf(text, sizeof text, "%s%s\r\n", ASK, ROWS[i].lines);
        struct upheld_decision d = decide(text, &policy);
        if (d.status != ROWS[i].status) {
            fail_msg("row %zu '%s': expected %u, got %u by %s", i, ROWS[i].lines, ROWS[i].status,
                     (unsigned)d.status, upheld_clause_id(d.clause));
        }
    }
}

static void the_clients_order_chooses_the_subprotocol(void **state)
{
    static const struct upheld_span SPOKEN[] = { SPAN("a"), SPAN("b"), SPAN("c") };
    static const struct {
        const char *lines;
        uint32_t chosen;
    } ROWS[] = {
        { "Sec-WebSocket-Protocol: c, a\r\n", 2 },
        { "Sec-WebSocket-Protocol: x, b, a\r\n", 1 },
        { "Sec-WebSocket-Protocol: x\r\nX: y\r\nSec-WebSocket-Protocol: a, c\r\n", 0 },
        { "Sec-WebSocket-Protocol: x, A\r\n", UPHELD_NONE },
        { "", UPHELD_NONE },
    };
    const struct upheld_policy policy = { .limits = UPHELD_LIMITS_DEFAULT,
                                          .access = UPHELD_GRANTED,
                                          .subprotocols = SPOKEN,
                                          .subprotocol_count = COUNT(SPOKEN) };
    char text[1024];
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        snprintf(text, sizeof text, "%s%s\r\n", ASK, ROWS[i].lines);
        struct upheld_decision d = decide(text, &policy);
        assert_int_equal(d.verdict, UPHELD_SWITCH);
        assert_int_equal(d.subprotocol, ROWS[i].chosen);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_several_faults_the_first_in_order_decides),
        cmocka_unit_test(only_granted_switches),
        cmocka_unit_test(access_matters_to_an_upgrade_alone),
        cmocka_unit_test(what_goes_on_as_http_closes_if_connection_says_so),
        cmocka_unit_test(an_origin_is_checked_where_there_is_a_rule),
        cmocka_unit_test(the_clients_order_chooses_the_subprotocol),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
