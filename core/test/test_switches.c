/* test_switches.c: each switch of a policy, on and off: required, canonical_key, prefer_own,
 * subprotocol_needed, keep_alive, bare_lf, deflate.
 */
#include "ask.h"

static const struct upheld_span CHAT[] = { SPAN("chat"), SPAN("superchat") };
static const struct upheld_span TLS_HTTP = SPAN("TLS/1.0, HTTP/1.1");

static struct upheld_policy plain(void)
{
    return (struct upheld_policy){ .limits = UPHELD_LIMITS_DEFAULT,
                                   .access = UPHELD_GRANTED,
                                   .challenge = SPAN("Basic"),
                                   .subprotocols = CHAT,
                                   .subprotocol_count = COUNT(CHAT) };
}

#define GET "GET / HTTP/1.1\r\nHost: a\r\n"
#define ASK "Upgrade: websocket\r\nConnection: Upgrade\r\n"
#define WHOLE GET ASK HANDSHAKE

/* What is ignored where no upgrade is required, is refused where one is. */
static void a_required_upgrade_is_asked_for_or_refused(void **state)
{
    static const struct {
        const char *text;
        enum upheld_clause ignored;
        unsigned status;
        enum upheld_clause refused;
    } CASES[] = {
        { GET "\r\n", UPHELD_R9110_7_8_2, 426, UPHELD_R9110_15_5_22_1 },
        { GET "Connection: upgrade\r\n\r\n", UPHELD_R9110_7_8_2, 426, UPHELD_R9110_15_5_22_1 },
        { GET "Upgrade: x\r\nConnection: upgrade\r\n\r\n", UPHELD_R9110_7_8_2, 426,
          UPHELD_R9110_15_5_22_1 },
        { "GET / HTTP/1.0\r\n" ASK HANDSHAKE "\r\n", UPHELD_R9110_7_8_13, 426,
          UPHELD_R9110_15_5_22_1 },
        { GET "Upgrade: websocket\r\n" HANDSHAKE "\r\n", UPHELD_R9110_7_6_1_4, 400,
          UPHELD_R6455_4_2_1_4 },
        { WHOLE "Content-Length: 1\r\n\r\n", UPHELD_R9110_7_8_14, 400, UPHELD_R9110_9_3_1_1 },
        { WHOLE "Transfer-Encoding: chunked\r\n\r\n", UPHELD_R9110_7_8_14, 400,
          UPHELD_R9110_9_3_1_1 },
    };
    struct upheld_policy policy = plain();
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        policy.required = (struct upheld_span){ NULL, 0 };
        struct asked a = ask(&policy, CASES[i].text);
        assert_decided(CASES[i].text, a, UPHELD_IGNORE, 0, CASES[i].ignored);
        assert_string_equal(a.answer, "");
        policy.required = TLS_HTTP;
        a = ask(&policy, CASES[i].text);
        assert_decided(CASES[i].text, a, UPHELD_REFUSE, CASES[i].status, CASES[i].refused);
        assert_int_equal(a.d.consumed, a.n);
    }
    assert_int_equal(ask(&policy, WHOLE "\r\n").d.verdict, UPHELD_SWITCH);
}

/* R2817-4.2-1, R9110-7.8-8 */
static void a_426_names_what_is_required(void **state)
{
    struct upheld_policy policy = plain();
    (void)state;
    policy.required = TLS_HTTP;
    assert_string_equal(ask(&policy, GET "\r\n").answer,
                        "HTTP/1.1 426 Upgrade Required\r\nUpgrade: TLS/1.0, HTTP/1.1\r\n"
                        "Connection: close, Upgrade\r\nContent-Length: 0\r\n\r\n");
    policy.keep_alive = true;
    assert_string_equal(ask(&policy, GET "\r\n").answer,
                        "HTTP/1.1 426 Upgrade Required\r\nUpgrade: TLS/1.0, HTTP/1.1\r\n"
                        "Connection: Upgrade\r\nContent-Length: 0\r\n\r\n");
    /* of the version of WebSocket, not of what is required */
    const char *old = request_for("GET /", "websocket", "Sec-WebSocket-Version: 8\r\n");
    assert_string_equal(ask(&policy, old).answer,
                        "HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\n"
                        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        "Content-Length: 0\r\n\r\n");
}

/* Erratum 3150 of RFC 6455: of 64 last characters four leave the spare bits zero. */
static void a_canonical_key_has_no_spare_bits(void **state)
{
    static const char LETTERS[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    struct upheld_policy policy = plain();
    size_t refused = 0;
    char lines[256];
    (void)state;
    for (size_t i = 0; i < sizeof LETTERS - 1; i++) {
        snprintf(lines, sizeof lines,
                 "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAA%c==\r\nSec-WebSocket-Version: 13\r\n",
                 LETTERS[i]);
        const char *text = request_for("GET /", "websocket", lines);
        policy.canonical_key = false;
        assert_int_equal(ask(&policy, text).d.verdict, UPHELD_SWITCH);
        policy.canonical_key = true;
        struct asked a = ask(&policy, text);
        bool canonical = i % 16 == 0;
        assert_decided(text, a, canonical ? UPHELD_SWITCH : UPHELD_REFUSE, canonical ? 101 : 400,
                       canonical ? UPHELD_R6455_4_2_2_10 : UPHELD_R6455_E3150);
        refused += canonical ? 0 : 1;
    }
    assert_int_equal(refused, 60);
}

#define OFFER(value) WHOLE "Sec-WebSocket-Protocol: " value "\r\n\r\n"

static void the_policys_order_chooses_where_it_is_preferred(void **state)
{
    static const struct {
        const char *text;
        uint32_t clients, own;
    } CASES[] = {
        { OFFER("superchat, chat"), 1, 0 },
        { OFFER("chat, superchat"), 0, 0 },
        { OFFER("x, superchat"), 1, 1 },
        { OFFER("superchat\r\nSec-WebSocket-Protocol: chat"), 1, 0 },
        { OFFER("x"), UPHELD_NONE, UPHELD_NONE },
        { OFFER("superchat, x, chat, y"), 1, 0 },
    };
    struct upheld_policy policy = plain();
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        policy.prefer_own = false;
        assert_int_equal(ask(&policy, CASES[i].text).d.subprotocol, CASES[i].clients);
        policy.prefer_own = true;
        assert_int_equal(ask(&policy, CASES[i].text).d.subprotocol, CASES[i].own);
    }
    /* one that stands again is refused while no better one has come */
    assert_int_equal(ask(&policy, OFFER("superchat, superchat, chat")).d.clause,
                     UPHELD_R6455_4_1_10);
    assert_int_equal(ask(&policy, OFFER("superchat, chat, chat")).d.clause, UPHELD_R6455_4_1_10);
    assert_int_equal(ask(&policy, OFFER("superchat, chat, superchat")).d.subprotocol, 0);
}

/* */
static void a_needed_subprotocol_is_one_of_those_offered(void **state)
{
    static const struct {
        const char *text;
        enum upheld_clause off, on;
    } CASES[] = {
        { OFFER("x"), UPHELD_R6455_4_2_2_10, UPHELD_WS_5 },
        { OFFER("Chat, x"), UPHELD_R6455_4_2_2_10, UPHELD_WS_5 },
        { OFFER("x, chat"), UPHELD_R6455_4_2_2_10, UPHELD_R6455_4_2_2_10 },
        { OFFER("x\r\nSec-WebSocket-Protocol: chat"), UPHELD_R6455_4_2_2_10,
          UPHELD_R6455_4_2_2_10 },
        { WHOLE "\r\n", UPHELD_R6455_4_2_2_10, UPHELD_R6455_4_2_2_10 },
        { OFFER("chat, chat"), UPHELD_R6455_4_1_10, UPHELD_R6455_4_1_10 },
        { OFFER(","), UPHELD_R6455_4_2_1_8, UPHELD_R6455_4_2_1_8 },
        { OFFER("x, a b"), UPHELD_R6455_4_2_1_8, UPHELD_R6455_4_2_1_8 },
    };
    struct upheld_policy policy = plain();
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        policy.subprotocol_needed = false;
        assert_int_equal(ask(&policy, CASES[i].text).d.clause, CASES[i].off);
        policy.subprotocol_needed = true;
        struct asked a = ask(&policy, CASES[i].text);
        assert_int_equal(a.d.clause, CASES[i].on);
        assert_int_equal(a.d.status == 101, CASES[i].on == UPHELD_R6455_4_2_2_10);
    }
    policy.subprotocol_count = 0; /* none is spoken here */
    assert_int_equal(ask(&policy, OFFER("chat")).d.clause, UPHELD_WS_5);
    assert_int_equal(ask(&policy, WHOLE "\r\n").d.verdict, UPHELD_SWITCH);
}

/* X-10, R9931-3, RFC 9112 section 9.3: a connection persists where nothing says otherwise, and the
 * octets of the request are known to have ended. */
static void only_what_leaves_the_connection_intact_keeps_it(void **state)
{
    static const struct {
        enum upheld_access access;
        const char *text;
        unsigned status;
        bool kept;
    } CASES[] = {
        { UPHELD_UNAUTHENTICATED, WHOLE "\r\n", 401, true },
        { UPHELD_FORBIDDEN, WHOLE "\r\n", 403, true },
        { UPHELD_GRANTED, "POST / HTTP/1.1\r\nHost: a\r\n" ASK "\r\n", 405, true },
        { UPHELD_GRANTED, GET ASK "Sec-WebSocket-Version: 8\r\n\r\n", 426, true },
        { UPHELD_GRANTED, GET "\r\n", 426, true },
        { UPHELD_FORBIDDEN, WHOLE "Content-Length: 0\r\n\r\n", 403, true },
        { UPHELD_FORBIDDEN, WHOLE "Connection: close\r\n\r\n", 403, false },
        { UPHELD_GRANTED, GET "Connection: close\r\n\r\n", 426, false },
        { UPHELD_GRANTED, GET "Content-Length: 1\r\n\r\n", 426, false },
        { UPHELD_GRANTED, GET "Transfer-Encoding: chunked\r\n\r\n", 426, false },
        { UPHELD_GRANTED, "GET / HTTP/1.0\r\n\r\n", 426, false },
        { UPHELD_GRANTED, GET ASK "\r\n", 400, false },
        { UPHELD_GRANTED, GET " ", 400, false },
        { UPHELD_GRANTED, WHOLE "Content-Length: 1\r\n\r\n", 400, false },
        { UPHELD_GRANTED, WHOLE "Expect: x\r\n\r\n", 417, false },
        { UPHELD_GRANTED, WHOLE "Transfer-Encoding: gzip, chunked\r\n\r\n", 501, false },
        { UPHELD_GRANTED, "GET / HTTP/2.0\r\n\r\n", 505, false },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct upheld_policy policy = plain();
        policy.access = CASES[i].access;
        policy.required = TLS_HTTP;
        for (int keep = 0; keep < 2; keep++) {
            policy.keep_alive = keep != 0;
            struct asked a = ask(&policy, CASES[i].text);
            bool close = !(keep != 0 && CASES[i].kept);
            if (a.d.status != CASES[i].status || a.d.close != close) {
                fail_msg("'%s': expected %u, close %d, got %u, %d", CASES[i].text, CASES[i].status,
                         close, (unsigned)a.d.status, a.d.close);
            }
            assert_int_equal(strstr(a.answer, "\r\nConnection: close") != NULL, close);
        }
    }
}

static void limits_close_whatever_the_policy_keeps(void **state)
{
    struct upheld_policy policy = plain();
    struct upheld_protocol tls = upheld_protocol_row(UPHELD_TLS);
    (void)state;
    policy.keep_alive = true;
    policy.protocols = &tls;
    policy.protocol_count = 1;
    policy.body_limit = 1;
    struct asked a = ask(&policy, request_for("GET /", "TLS/1.0", "Content-Length: 2\r\n"));
    assert_true(a.d.status == 413 && a.d.close);
    policy.limits.target = 1;
    a = ask(&policy, "GET /aa");
    assert_true(a.d.status == 414 && a.d.close);
    policy.limits.fields = 1;
    a = ask(&policy, GET "b");
    assert_true(a.d.status == 431 && a.d.close);
}

/* The octet that decides the n of text is the one at which `at` have come; more change nothing. */
static void assert_decided_at(const struct upheld_policy *policy, const char *text, size_t n,
                              size_t at, unsigned status)
{
    for (size_t k = 0; k <= n; k++) {
        struct upheld_decision d = upheld_request_decide(at_edge(0, text, k), k, policy);
        if ((d.verdict == UPHELD_MORE) != (k < at) || d.status != (k < at ? 0 : status)) {
            fail_msg("'%s': expected %u at octet %zu, got %u by %s at %zu", text, status, at,
                     (unsigned)d.status, upheld_clause_id(d.clause), k);
        }
    }
}

/* RFC 9112 section 2.2. Each text ends with the octet that decides it where LF alone ends lines;
 * strictly, `strict` octets of it decide. */
static void lf_alone_ends_a_line_where_the_policy_lets_it(void **state)
{
    static const struct {
        const char *text;
        unsigned status; /* 0: it goes on as HTTP */
        bool whole;
        size_t strict;
    } CASES[] = {
        { "GET / HTTP/1.1\nHost: a\n\n", 0, true, 15 },
        { "GET / HTTP/1.1\r\nHost: a\n\n", 0, true, 24 },
        { "GET / HTTP/1.1\r\nHost: a\r\n\n", 0, true, 26 },
        { "GET / HTTP/1.1\nHost: a\r\n\r\n", 0, true, 15 },
        { "GET / HTTP/1.1\r\nHost: a\n\r\n", 0, true, 24 },
        { "\r\n\r\nGET / HTTP/1.1\nHost: a\n\n", 0, true, 19 },
        { "GET / HTTP/1.1\nHost: a\nUpgrade: websocket\nConnection: Upgrade\n"
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\nSec-WebSocket-Version: 13\n\n",
          101, true, 15 },
        { "GET / HTTP/1.1\n\n", 400, true, 15 },
        /* what it does not excuse, at the same octet either way */
        { "\n", 400, false, 1 },
        { "\r\n\n", 400, false, 3 },
        { "GET / HTTP/1.1\r\nHost: a\rb", 400, false, 25 },
        { "GET / HTTP/1.1\r\nHost: a\r\r", 400, false, 25 },
        { "GET / HTTP/1.1\r\nHost: a\r\n\rX", 400, false, 27 },
        { "GET / HTTP/1.1\r\nHost: a\v", 400, false, 24 },
        /* what stands behind is judged as ever */
        { "GET / HTTP/1.1\n ", 400, false, 15 },
        { "GET / HTTP/1.1\nHost: a\n ", 400, false, 15 },
    };
    struct upheld_policy policy = plain();
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        const char *text = CASES[i].text;
        size_t n = strlen(text);
        policy.bare_lf = false;
        assert_decided_at(&policy, text, n, CASES[i].strict, 400);
        policy.bare_lf = true;
        assert_decided_at(&policy, text, n, n, CASES[i].status);
        assert_int_equal(ask(&policy, text).d.consumed, CASES[i].whole ? n : 0);
    }
}

static void a_line_that_lf_ends_has_the_same_limits(void **state)
{
    static const char TEXT_LF[] = "GET / HTTP/1.1\nHost: abcdefgh\n\n";
    struct upheld_policy policy = plain();
    size_t n = sizeof TEXT_LF - 1;
    (void)state;
    policy.bare_lf = true;
    policy.limits.line = 14;
    policy.limits.head = (uint32_t)n;
    assert_decided_at(&policy, TEXT_LF, n, n, 0);
    policy.limits.line = 13;
    assert_decided_at(&policy, TEXT_LF, n, 14, 414);
    policy.limits.line = 14;
    policy.limits.head = (uint32_t)n - 1;
    assert_decided_at(&policy, TEXT_LF, n, n, 431);
}

#define EXTENSIONS(value) "Sec-WebSocket-Extensions: " value "\r\n"
#define PMD "permessage-deflate"

/* What the 101 says of extensions, without the policy's deflate and with it; "" for no line. */
static const struct {
    const char *lines;
    const char *answer;
} OFFERS[] = {
    { "", "" },
    { EXTENSIONS(PMD), EXTENSIONS(PMD "; server_max_window_bits=12") },
    { EXTENSIONS(PMD "; client_max_window_bits"), EXTENSIONS(PMD "; server_max_window_bits=12") },
    { EXTENSIONS(PMD "; server_max_window_bits=9; client_no_context_takeover"),
      EXTENSIONS(PMD "; client_no_context_takeover; server_max_window_bits=9") },
    { EXTENSIONS(PMD "; server_max_window_bits=8"), "" },
    { EXTENSIONS(PMD "; x") EXTENSIONS("y," PMD), EXTENSIONS(PMD "; server_max_window_bits=12") },
    { EXTENSIONS("x") EXTENSIONS("y; z"), "" },
    { EXTENSIONS(PMD) EXTENSIONS(PMD "; server_max_window_bits=10"),
      EXTENSIONS(PMD "; server_max_window_bits=12") },
};

static void deflate_is_agreed_where_the_policy_has_it(void **state)
{
    struct upheld_policy policy = plain();
    char text[1024], answer[512];
    (void)state;
    for (size_t i = 0; i < COUNT(OFFERS); i++) {
        snprintf(text, sizeof text, WHOLE "%s\r\n", OFFERS[i].lines);
        for (int on = 0; on < 2; on++) {
            policy.deflate =
                (struct upheld_deflate){ .enabled = on != 0, .server_max_window_bits = 12 };
            const char *line = on != 0 ? OFFERS[i].answer : "";
            struct asked a = ask(&policy, text);
            assert_decided(text, a, UPHELD_SWITCH, 101, UPHELD_R6455_4_2_2_10);
            snprintf(answer, sizeof answer,
                     "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                     "Connection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
                     "\r\n%s\r\n",
                     line);
            assert_string_equal(a.answer, answer);
            assert_int_equal(a.d.agreed.deflate, line[0] != 0);
        }
    }
}

/* A malformed list refuses, whatever was offered before; no other verdict agrees to anything. */
static void what_does_not_switch_agrees_to_nothing(void **state)
{
    static const struct {
        const char *text;
        enum upheld_verdict verdict;
        unsigned status;
        enum upheld_clause clause;
    } CASES[] = {
        { WHOLE EXTENSIONS(PMD) EXTENSIONS("a b") "\r\n", UPHELD_REFUSE, 400, UPHELD_R6455_9_1_1 },
        { WHOLE EXTENSIONS(PMD ";") "\r\n", UPHELD_REFUSE, 400, UPHELD_R6455_9_1_1 },
        { WHOLE EXTENSIONS(",") "\r\n", UPHELD_REFUSE, 400, UPHELD_R6455_9_1_1 },
        { WHOLE EXTENSIONS(PMD) "Sec-WebSocket-Protocol: \"\r\n\r\n", UPHELD_REFUSE, 400,
          UPHELD_R6455_4_2_1_8 },
        { GET HANDSHAKE EXTENSIONS(PMD) "\r\n", UPHELD_IGNORE, 0, UPHELD_R9110_7_8_2 },
        { WHOLE EXTENSIONS(PMD), UPHELD_MORE, 0, UPHELD_R9112_2_1_1 },
    };
    static const struct upheld_agreed NOTHING;
    struct upheld_policy policy = plain();
    (void)state;
    policy.deflate.enabled = true;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct asked a = ask(&policy, CASES[i].text);
        assert_decided(CASES[i].text, a, CASES[i].verdict, CASES[i].status, CASES[i].clause);
        assert_memory_equal(&a.d.agreed, &NOTHING, sizeof NOTHING);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_required_upgrade_is_asked_for_or_refused),
        cmocka_unit_test(a_426_names_what_is_required),
        cmocka_unit_test(a_canonical_key_has_no_spare_bits),
        cmocka_unit_test(the_policys_order_chooses_where_it_is_preferred),
        cmocka_unit_test(a_needed_subprotocol_is_one_of_those_offered),
        cmocka_unit_test(only_what_leaves_the_connection_intact_keeps_it),
        cmocka_unit_test(limits_close_whatever_the_policy_keeps),
        cmocka_unit_test(lf_alone_ends_a_line_where_the_policy_lets_it),
        cmocka_unit_test(a_line_that_lf_ends_has_the_same_limits),
        cmocka_unit_test(deflate_is_agreed_where_the_policy_has_it),
        cmocka_unit_test(what_does_not_switch_agrees_to_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
