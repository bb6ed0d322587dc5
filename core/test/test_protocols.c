/* test_protocols.c: a policy's rows: which one a request asks for, its methods, its checks, a body
 * before it, and the octets of the 101.
 */
#include "ask.h"

enum { WS, TLS, FOO, FOO_2, BAR, UDP, IP, ROWS };

static struct upheld_protocol rows[ROWS];

static struct upheld_protocol own_row(struct upheld_span name, struct upheld_span version,
                                      enum upheld_methods methods, bool body)
{
    return (struct upheld_protocol){ name, version, name, methods, body, UPHELD_CHECKS_NONE };
}

static int rows_set_up(void **state)
{
    static const struct upheld_span FOO_NAME = SPAN("foo"), BAR_NAME = SPAN("bar"), TWO = SPAN("2"),
                                    V1 = SPAN("V1"), NONE = { NULL, 0 };
    (void)state;
    rows[WS] = upheld_protocol_row(UPHELD_WEBSOCKET);
    rows[TLS] = upheld_protocol_row(UPHELD_TLS);
    rows[FOO] = own_row(FOO_NAME, NONE, UPHELD_GET_OPTIONS, true);
    rows[FOO_2] = own_row(FOO_NAME, TWO, UPHELD_GET, false);
    rows[BAR] = own_row(BAR_NAME, V1, UPHELD_OPTIONS, true);
    rows[UDP] = upheld_protocol_row(UPHELD_CONNECT_UDP);
    rows[IP] = upheld_protocol_row(UPHELD_CONNECT_IP);
    return 0;
}

static struct upheld_policy policy_of_rows(void)
{
    return (struct upheld_policy){ .limits = UPHELD_LIMITS_DEFAULT,
                                   .access = UPHELD_GRANTED,
                                   .protocols = rows,
                                   .protocol_count = ROWS };
}

static void assert_row(const char *value, uint32_t got, uint32_t want)
{
    if (got != want) {
        fail_msg("'%s': expected row %d, got %d", value, (int)want, (int)got);
    }
}

/* RFC 9110 section 7.8: names in any case, versions by the protocol's own rule. */
static void a_request_asks_for_a_row(void **state)
{
    static const struct {
        const char *value;
        uint32_t clients, own; /* the row in the client's order, and in the policy's */
    } CASES[] = {
        { "websocket", WS, WS },
        { "WebSocket", WS, WS },
        { "websocket/13", UPHELD_NONE, UPHELD_NONE },
        { "TLS/1.0", TLS, TLS },
        { "tls/1.0", TLS, TLS },
        { "TLS/1.1", UPHELD_NONE, UPHELD_NONE },
        { "TLS/1.", UPHELD_NONE, UPHELD_NONE },
        { "TLS/1.00", UPHELD_NONE, UPHELD_NONE },
        { "TLS", UPHELD_NONE, UPHELD_NONE },
        { "foo", FOO, FOO },
        { "FOO", FOO, FOO },
        { "foo/2", FOO_2, FOO_2 },
        { "foo/3", UPHELD_NONE, UPHELD_NONE },
        { "foo/22", UPHELD_NONE, UPHELD_NONE },
        { "fo", UPHELD_NONE, UPHELD_NONE },
        { "fooo", UPHELD_NONE, UPHELD_NONE },
        { "Bar/V1", BAR, BAR },
        { "bar/v1", UPHELD_NONE, UPHELD_NONE },
        { "Connect-UDP", UDP, UDP },
        { "connect-ip", IP, IP },
        { "h2c", UPHELD_NONE, UPHELD_NONE },
        /* malformed members are skipped, empty ones as well */
        { "foo/", UPHELD_NONE, UPHELD_NONE },
        { "/2", UPHELD_NONE, UPHELD_NONE },
        { "foo/2/3", UPHELD_NONE, UPHELD_NONE },
        { "foo//2", UPHELD_NONE, UPHELD_NONE },
        { "foo 2", UPHELD_NONE, UPHELD_NONE },
        { "foo/ 2", UPHELD_NONE, UPHELD_NONE },
        { "foo /2", UPHELD_NONE, UPHELD_NONE },
        { "foo;2", UPHELD_NONE, UPHELD_NONE },
        { "\"foo\"", UPHELD_NONE, UPHELD_NONE },
        { "foo/, /2, foo/2/3, a b, connect-ip", IP, IP },
        { "", UPHELD_NONE, UPHELD_NONE },
        { " , ,", UPHELD_NONE, UPHELD_NONE },
        { ",,\tfoo\t,", FOO, FOO },
        /* several: the client's order, or the policy's */
        { "connect-udp, foo/2", UDP, FOO_2 },
        { "foo/2, connect-udp", FOO_2, FOO_2 },
        { "foo/2, foo", FOO_2, FOO },
        { "x, connect-ip, websocket", IP, WS },
        { "connect-udp\r\nUpgrade: foo", UDP, FOO },
        { "foo\r\nX: y\r\nUpgrade: connect-udp", FOO, FOO },
        { "\r\nUpgrade: connect-ip, connect-udp", IP, UDP },
        { "TLS/1.1\r\nUpgrade: TLS/1.0", TLS, TLS },
    };
    struct upheld_policy policy = policy_of_rows();
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        const char *text = request_for("GET /", CASES[i].value, "");
        policy.prefer_own = false;
        assert_row(CASES[i].value, ask(&policy, text).d.protocol, CASES[i].clients);
        policy.prefer_own = true;
        assert_row(CASES[i].value, ask(&policy, text).d.protocol, CASES[i].own);
        if (CASES[i].own == UPHELD_NONE) {
            assert_decided(text, ask(&policy, text), UPHELD_IGNORE, 0, UPHELD_R9110_7_8_2);
        }
    }
}

static void a_policy_without_rows_has_that_of_websocket(void **state)
{
    const struct upheld_policy policy = { .limits = UPHELD_LIMITS_DEFAULT,
                                          .access = UPHELD_GRANTED };
    static const struct {
        const char *value;
        uint32_t row;
    } CASES[] = {
        { "websocket", 0 },         { "TLS/1.0, WEBSOCKET", 0 }, { "websocket/13", UPHELD_NONE },
        { "TLS/1.0", UPHELD_NONE }, { "h2c", UPHELD_NONE },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct asked a = ask(&policy, request_for("GET /", CASES[i].value, HANDSHAKE));
        assert_row(CASES[i].value, a.d.protocol, CASES[i].row);
        assert_int_equal(a.d.verdict, CASES[i].row == 0 ? UPHELD_SWITCH : UPHELD_IGNORE);
    }
}

/* What is not WebSocket needs none of its fields, and its 101 has none. Upgrade says what the row
 * says, lowest layer first: R2817-3.3-1, R9298-3.3-1, R9110-7.8-5, R9110-15.2.2-1, X-24. */
static void a_101_says_what_the_row_says(void **state)
{
#define START "HTTP/1.1 101 Switching Protocols\r\nUpgrade: "
    static const struct {
        const char *value, *answer;
    } CASES[] = {
        { "tls/1.0", START "TLS/1.0, HTTP/1.1\r\nConnection: Upgrade\r\n\r\n" },
        { "foo/2", START "foo\r\nConnection: Upgrade\r\n\r\n" },
        { "connect-udp",
          START "connect-udp\r\nConnection: Upgrade\r\nCapsule-Protocol: ?1\r\n\r\n" },
        { "Connect-IP", START "connect-ip\r\nConnection: Upgrade\r\nCapsule-Protocol: ?1\r\n\r\n" },
    };
    const struct upheld_policy policy = policy_of_rows();
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct asked a = ask(&policy, request_for("GET /", CASES[i].value, ""));
        assert_int_equal(a.d.verdict, UPHELD_SWITCH);
        assert_string_equal(a.answer, CASES[i].answer);
        assert_int_equal(a.d.key_at, 0);
        assert_int_equal(a.d.subprotocol, UPHELD_NONE);
        assert_int_equal(a.d.consumed, a.n);
    }
    struct asked a = ask(&policy, request_for("GET /", "websocket", HANDSHAKE));
    assert_string_equal(a.answer, START "websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                                        "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
    /* of the one that is asked for, not of the first row: no checks of WebSocket's */
    a = ask(&policy, request_for("GET /", "websocket", ""));
    assert_int_equal(a.d.clause, UPHELD_R6455_4_2_1_6);
    a = ask(&policy, request_for("GET /", "foo, websocket", "Sec-WebSocket-Protocol: ,\r\n"));
    assert_int_equal(a.d.verdict, UPHELD_SWITCH);
    assert_int_equal(a.d.protocol, FOO);
#undef START
}

static void no_protocol_is_switched_to_without_access(void **state)
{
    struct upheld_policy policy = policy_of_rows();
    static const char *const VALUES[] = { "TLS/1.0", "foo", "connect-udp", "connect-ip" };
    (void)state;
    for (size_t i = 0; i < COUNT(VALUES); i++) {
        policy.access = UPHELD_UNDECIDED;
        assert_decided(VALUES[i], ask(&policy, request_for("GET /", VALUES[i], "")), UPHELD_REFUSE,
                       403, UPHELD_R6455_4_2_2_1);
        policy.access = UPHELD_UNAUTHENTICATED;
        policy.challenge = (struct upheld_span)SPAN("Basic");
        assert_decided(VALUES[i], ask(&policy, request_for("GET /", VALUES[i], "")), UPHELD_REFUSE,
                       401, UPHELD_R9110_15_5_2_1);
    }
}

/* R9298-3.2-1, R9484-4.3-1: both rows take GET alone. */
static void a_row_takes_its_methods_alone(void **state)
{
    static const struct {
        const char *value, *start, *allow; /* null: it is taken */
    } CASES[] = {
        { "foo/2", "GET /", NULL },
        { "foo/2", "OPTIONS /", "GET" },
        { "foo/2", "HEAD /", "GET" },
        { "foo/2", "get /", "GET" },
        { "bar/V1", "OPTIONS *", NULL },
        { "bar/V1", "OPTIONS /", NULL },
        { "bar/V1", "GET /", "OPTIONS" },
        { "bar/V1", "OPTION /", "OPTIONS" },
        { "foo", "GET /", NULL },
        { "foo", "OPTIONS *", NULL },
        { "foo", "POST /", "GET, OPTIONS" },
        { "foo", "CONNECT a:1", "GET, OPTIONS" },
        { "TLS/1.0", "GET /", NULL },
        { "TLS/1.0", "OPTIONS *", NULL },
        { "TLS/1.0", "POST /", NULL },
        { "TLS/1.0", "x /", NULL },
        { "connect-udp", "OPTIONS /", "GET" },
        { "connect-udp", "GET /", NULL },
        { "connect-ip", "OPTIONS /", "GET" },
        { "connect-ip", "GET /", NULL },
        { "websocket", "POST /", "GET" },
    };
    const struct upheld_policy policy = policy_of_rows();
    char allow[64];
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        const char *text = request_for(CASES[i].start, CASES[i].value, "");
        struct asked a = ask(&policy, text);
        if (CASES[i].allow == NULL) {
            assert_decided(text, a, UPHELD_SWITCH, 101, UPHELD_R6455_4_2_2_10);
            continue;
        }
        assert_decided(text, a, UPHELD_REFUSE, 405,
                       strcmp(CASES[i].value, "websocket") == 0 ? UPHELD_R6455_4_2_1_1
                                                                : UPHELD_R9110_9_1_1);
        snprintf(allow, sizeof allow, "\r\nAllow: %s\r\n", CASES[i].allow);
        assert_non_null(strstr(a.answer, allow));
    }
}

#define LENGTH(n) "Content-Length: " n "\r\n"
#define CHUNKED "Transfer-Encoding: chunked\r\n"

static void a_body_is_read_first_where_row_and_policy_let_it(void **state)
{
    static const struct {
        const char *value, *lines;
        uint32_t limit;
        enum upheld_clause clause; /* R6455-4.2.2-10: switched, after this body */
        bool first, chunked;
        uint32_t length;
    } CASES[] = {
        { "foo", LENGTH("5"), 5, UPHELD_R6455_4_2_2_10, true, false, 5 },
        { "foo", LENGTH("6"), 5, UPHELD_R9110_17_5_1, false, false, 0 },
        { "foo", LENGTH("1"), 1, UPHELD_R6455_4_2_2_10, true, false, 1 },
        { "foo", LENGTH("2"), 1, UPHELD_R9110_17_5_1, false, false, 0 },
        { "foo", LENGTH("5"), 0, UPHELD_R9110_7_8_14, false, false, 0 },
        { "foo", LENGTH("0"), 0, UPHELD_R6455_4_2_2_10, false, false, 0 },
        { "foo", LENGTH("0"), 5, UPHELD_R6455_4_2_2_10, false, false, 0 },
        { "foo", "", 5, UPHELD_R6455_4_2_2_10, false, false, 0 },
        { "foo", LENGTH("4294967295"), UINT32_MAX, UPHELD_R6455_4_2_2_10, true, false, UINT32_MAX },
        { "foo", LENGTH("4294967296"), UINT32_MAX, UPHELD_R9110_17_5_1, false, false, 0 },
        { "foo", LENGTH("99999999999999999"), UINT32_MAX, UPHELD_R9110_17_5_1, false, false, 0 },
        { "foo", CHUNKED, 1, UPHELD_R6455_4_2_2_10, true, true, 0 },
        { "foo", CHUNKED, 0, UPHELD_R9110_7_8_14, false, false, 0 },
        { "foo", CHUNKED LENGTH("1"), 5, UPHELD_R9112_6_1_2, false, false, 0 },
        { "foo/2", LENGTH("1"), 5, UPHELD_R9110_7_8_14, false, false, 0 },
        { "foo/2", CHUNKED, 5, UPHELD_R9110_7_8_14, false, false, 0 },
        { "websocket", HANDSHAKE LENGTH("1"), 5, UPHELD_R9110_7_8_14, false, false, 0 },
        { "connect-udp", LENGTH("1"), 5, UPHELD_R9110_7_8_14, false, false, 0 },
        { "TLS/1.0", LENGTH("3"), 3, UPHELD_R6455_4_2_2_10, true, false, 3 },
    };
    struct upheld_policy policy = policy_of_rows();
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        policy.body_limit = CASES[i].limit;
        const char *text = request_for("GET /", CASES[i].value, CASES[i].lines);
        struct asked a = ask(&policy, text);
        if (a.d.clause != CASES[i].clause || a.d.body_first != CASES[i].first ||
            a.d.body_chunked != CASES[i].chunked || a.d.body_length != CASES[i].length) {
            fail_msg("'%s': expected %s, body first %d, got %s, %d, chunked %d, length %u", text,
                     upheld_clause_id(CASES[i].clause), CASES[i].first,
                     upheld_clause_id(a.d.clause), a.d.body_first, a.d.body_chunked,
                     a.d.body_length);
        }
        assert_int_equal(a.d.consumed, a.n); /* the body is no part of what is consumed */
        assert_int_equal(a.d.close, a.d.verdict == UPHELD_REFUSE);
    }
    policy.body_limit = 5;
    struct asked a = ask(&policy, request_for("GET /", "foo", LENGTH("6")));
    assert_string_equal(a.answer, "HTTP/1.1 413 Content Too Large\r\nConnection: close\r\n"
                                  "Content-Length: 0\r\n\r\n");
}

/* The 100 goes before the body where there is one, before the 101 where there is none. */
static void a_100_goes_before_the_body(void **state)
{
    static const char CONTINUE[] = "HTTP/1.1 100 Continue\r\n\r\n";
    static const char SWITCHING[] =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: foo\r\nConnection: Upgrade\r\n\r\n";
    struct upheld_policy policy = policy_of_rows();
    uint8_t out[64];
    (void)state;
    policy.body_limit = 5;
    struct asked a =
        ask(&policy, request_for("GET /", "foo", LENGTH("5") "Expect: 100-continue\r\n"));
    assert_true(a.d.body_first && a.d.continue_first);
    assert_string_equal(a.answer, SWITCHING);
    for (size_t size = 0; size < sizeof CONTINUE + 1; size++) {
        bool whole = size >= sizeof CONTINUE - 1;
        memset(out, 0xa5, sizeof out);
        assert_int_equal(upheld_continue_write(a.d, out, size), sizeof CONTINUE - 1);
        assert_int_equal(memcmp(out, CONTINUE, sizeof CONTINUE - 1) == 0, whole);
        assert_int_equal(out[whole ? sizeof CONTINUE - 1 : 0], 0xa5);
    }
    static const struct {
        const char *lines;
        bool first;
    } NONE[] = {
        { "Expect: 100-continue\r\n", true }, /* written before the 101 */
        { LENGTH("5"), false },               /* not asked for */
        { "", false },
        { LENGTH("6") "Expect: 100-continue\r\n", false }, /* refused */
    };
    for (size_t i = 0; i < COUNT(NONE); i++) {
        a = ask(&policy, request_for("GET /", "foo", NONE[i].lines));
        assert_int_equal(a.d.continue_first, NONE[i].first);
        assert_int_equal(upheld_continue_write(a.d, out, sizeof out), 0);
        size_t at = NONE[i].first ? sizeof CONTINUE - 1 : 0;
        assert_memory_equal(a.answer, CONTINUE, at);
        if (a.d.verdict == UPHELD_SWITCH) {
            assert_string_equal(a.answer + at, SWITCHING);
        }
    }
}

/* R7540-3.2-1: RFC 7540 section 3.2.1, obsolete by RFC 9113. */
static void h2c_needs_one_field_that_connection_lists(void **state)
{
#define LISTED "Connection: http2-settings\r\n"
#define ONE "HTTP2-Settings: AAMAAABk\r\n"
    static const struct {
        const char *lines;
        bool secure;
        enum upheld_clause clause;
    } CASES[] = {
        { LISTED ONE, false, UPHELD_R6455_4_2_2_10 },
        { LISTED "HTTP2-Settings: AAMAAABkAAQAoAAA\r\n", false, UPHELD_R6455_4_2_2_10 },
        { LISTED "http2-settings:\t-_azAZ09 \r\n", false, UPHELD_R6455_4_2_2_10 },
        { LISTED ONE, true, UPHELD_R7540_3_3_1 },
        { LISTED, false, UPHELD_R7540_3_2_1_1 },
        { LISTED ONE ONE, false, UPHELD_R7540_3_2_1_1 },
        { LISTED "HTTP2-Settings:\r\n", false, UPHELD_R7540_3_2_1_1 },
        { LISTED "HTTP2-Settings: AAMAAAB\r\n", false, UPHELD_R7540_3_2_1_1 },
        { LISTED "HTTP2-Settings: AAMAAABkA\r\n", false, UPHELD_R7540_3_2_1_1 },
        { LISTED "HTTP2-Settings: AAMAAAB=\r\n", false, UPHELD_R7540_3_2_1_1 },
        { LISTED "HTTP2-Settings: AAMA+ABk\r\n", false, UPHELD_R7540_3_2_1_1 },
        { LISTED "HTTP2-Settings: AAMA/ABk\r\n", false, UPHELD_R7540_3_2_1_1 },
        { LISTED "HTTP2-Settings: AAMA ABk\r\n", false, UPHELD_R7540_3_2_1_1 },
        { ONE, false, UPHELD_R7540_3_2_1_2 },
        { "Connection: http2-setting\r\n" ONE, false, UPHELD_R7540_3_2_1_2 },
    };
    struct upheld_protocol h2c = upheld_protocol_row(UPHELD_H2C);
    struct upheld_policy policy = policy_of_rows();
    (void)state;
    policy.protocols = &h2c;
    policy.protocol_count = 1;
    assert_int_equal(upheld_policy_check(&policy), UPHELD_POLICY_PROTOCOL);
    policy.allow_h2c = true;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        bool holds = CASES[i].clause == UPHELD_R6455_4_2_2_10;
        policy.secure = CASES[i].secure;
        policy.required = (struct upheld_span){ NULL, 0 };
        const char *text = request_for("GET /", "h2c", CASES[i].lines);
        struct asked a = ask(&policy, text);
        assert_decided(text, a, holds ? UPHELD_SWITCH : UPHELD_IGNORE, holds ? 101 : 0,
                       CASES[i].clause);
        assert_string_equal(a.answer, holds ? "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n"
                                              "Connection: Upgrade\r\n\r\n"
                                            : "");
        policy.required = (struct upheld_span)SPAN("h2c");
        assert_int_equal(ask(&policy, text).d.status, holds ? 101 : 426);
    }
    /* R7540-3.2-4: a body comes before the first frame, or nothing is switched. */
    policy.secure = false;
    policy.required = (struct upheld_span){ NULL, 0 };
    const char *text = request_for("POST /", "h2c", LISTED ONE LENGTH("1"));
    assert_decided(text, ask(&policy, text), UPHELD_IGNORE, 0, UPHELD_R9110_7_8_14);
    policy.body_limit = 1;
    struct asked a = ask(&policy, text);
    assert_decided(text, a, UPHELD_SWITCH, 101, UPHELD_R6455_4_2_2_10);
    assert_true(a.d.body_first);
#undef LISTED
#undef ONE
}

/* R9110-7.8-17: the names are those that IANA registered, and an answer has them in that case. */
static void registered_rows_have_the_registered_names(void **state)
{
    static const struct {
        enum upheld_registered which;
        const char *name, *version, *answer;
    } CASES[] = {
        { UPHELD_WEBSOCKET, "websocket", "", "websocket" },
        { UPHELD_TLS, "tls", "1.0", "TLS/1.0, HTTP/1.1" },
        { UPHELD_CONNECT_UDP, "connect-udp", "", "connect-udp" },
        { UPHELD_CONNECT_IP, "connect-ip", "", "connect-ip" },
        { UPHELD_H2C, "h2c", "", "h2c" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct upheld_protocol row = upheld_protocol_row(CASES[i].which);
        struct upheld_span texts[] = { row.name, row.version, row.answer };
        const char *expected[] = { CASES[i].name, CASES[i].version, CASES[i].answer };
        for (size_t k = 0; k < COUNT(texts); k++) {
            assert_int_equal(texts[k].n, strlen(expected[k]));
            if (texts[k].n > 0) {
                assert_memory_equal(texts[k].p, expected[k], texts[k].n);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_asks_for_a_row),
        cmocka_unit_test(a_policy_without_rows_has_that_of_websocket),
        cmocka_unit_test(a_101_says_what_the_row_says),
        cmocka_unit_test(no_protocol_is_switched_to_without_access),
        cmocka_unit_test(a_row_takes_its_methods_alone),
        cmocka_unit_test(a_body_is_read_first_where_row_and_policy_let_it),
        cmocka_unit_test(a_100_goes_before_the_body),
        cmocka_unit_test(h2c_needs_one_field_that_connection_lists),
        cmocka_unit_test(registered_rows_have_the_registered_names),
    };
    return cmocka_run_group_tests(tests, rows_set_up, NULL);
}
