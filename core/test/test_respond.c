/* test_respond.c: the octets of answers. Each parses back, carries what its status demands, fits
 * its buffer or leaves it alone, and repeats nothing that the client sent.
 */
#include "requests.h"

#include <stdio.h>
#include <strings.h>

#define SPAN(s) { (const uint8_t *)(s), sizeof(s) - 1 }

enum { ROOM = 4096, FILL = 0xa5 };

static const struct upheld_span CHAT = SPAN("chat");
static const struct upheld_span ORIGIN = SPAN("https://a.example");

static struct upheld_policy policy_of(enum upheld_access access)
{
    return (struct upheld_policy){ .limits = UPHELD_LIMITS_DEFAULT,
                                   .access = access,
                                   .challenge = SPAN("Basic realm=\"x\", Bearer"),
                                   .subprotocols = &CHAT,
                                   .subprotocol_count = 1 };
}

struct answer {
    uint8_t octets[ROOM];
    size_t n;
};

/* The answer to a request; the buffer is of its exact size and ends at an unreadable page. */
static struct answer answer_to(const char *text, size_t n, const struct upheld_policy *policy,
                               struct upheld_decision *out_d)
{
    static struct answer answer;
    const uint8_t *p = at_edge(0, text, n);
    struct upheld_decision d = upheld_request_decide(p, n, policy);
    size_t size = upheld_response_write(p, n, policy, d, NULL, 0);
    assert_true(size <= ROOM);
    memset(answer.octets, FILL, ROOM);
    uint8_t *out = at_edge(1, answer.octets, size);
    assert_int_equal(upheld_response_write(p, n, policy, d, out, size), size);
    memcpy(answer.octets, out, size);
    answer.n = size;
    *out_d = d;
    return answer;
}

/* One head as the test reads it: lines between CR LF, then the octets behind it. */
struct parsed {
    char lines[32][512];
    size_t count;
    const uint8_t *body;
    size_t body_n;
};

static struct parsed parse(const uint8_t *p, size_t n)
{
    struct parsed r = { .count = 0 };
    size_t at = 0;
    for (;;) {
        size_t e = at;
        while (e + 1 < n && !(p[e] == '\r' && p[e + 1] == '\n')) {
            assert_true(p[e] >= 0x20 && p[e] < 0x7f);
            e++;
        }
        assert_true(e + 1 < n);
        if (e == at) {
            break;
        }
        assert_true(r.count < COUNT(r.lines) && e - at < sizeof r.lines[0]);
        memcpy(r.lines[r.count++], p + at, e - at);
        at = e + 2;
    }
    r.body = p + at + 2;
    r.body_n = n - at - 2;
    assert_true(r.count > 0);
    for (size_t i = 1; i < r.count; i++) {
        size_t name = strspn(r.lines[i], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-");
        assert_true(name > 0 && strncmp(r.lines[i] + name, ": ", 2) == 0);
    }
    return r;
}

/* How many lines of the head have this name; the value of the last one is in *out. */
static int field(const struct parsed *r, const char *name, const char **out)
{
    int count = 0;
    size_t n = strlen(name);
    for (size_t i = 1; i < r->count; i++) {
        if (strncasecmp(r->lines[i], name, n) == 0 && r->lines[i][n] == ':') {
            *out = r->lines[i] + n + 2;
            count++;
        }
    }
    return count;
}

static void assert_field(const struct parsed *r, const char *name, const char *value)
{
    const char *got = NULL;
    int count = field(r, name, &got);
    if (value == NULL ? count != 0 : count != 1 || strcmp(got, value) != 0) {
        fail_msg("%s: %s: expected %s, got %d lines, the last %s", r->lines[0], name,
                 value == NULL ? "none" : value, count, got == NULL ? "none" : got);
    }
}

static void assert_switching(const uint8_t *p, size_t n, const char *accept, bool chat)
{
    struct parsed r = parse(p, n);
    assert_string_equal(r.lines[0], "HTTP/1.1 101 Switching Protocols");
    assert_field(&r, "Upgrade", "websocket");
    assert_field(&r, "Connection", "Upgrade");
    assert_field(&r, "Sec-WebSocket-Accept", accept);
    assert_field(&r, "Sec-WebSocket-Protocol", chat ? "chat" : NULL);
    assert_field(&r, "Sec-WebSocket-Extensions", NULL);
    assert_field(&r, "Content-Length", NULL);
    assert_field(&r, "Transfer-Encoding", NULL);
    assert_int_equal(r.count, chat ? 5 : 4);
    assert_int_equal(r.body_n, 0);
}

/* R6455-4.2.2-11, R6455-4.2.2-12, R6455-4.2.2-14, R9110-15.2-2; without an offer no extension
 * (R6455-4.2.2-9). */
static void a_101_is_what_rfc_6455_asks_for(void **state)
{
    const struct upheld_policy policy = policy_of(UPHELD_GRANTED);
    struct upheld_decision d;
    (void)state;
    struct answer a = answer_to(TEXT(WITH("")), &policy, &d);
    assert_switching(a.octets, a.n, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", false);
    a = answer_to(TEXT(WITH_PROTOCOL("x, chat")), &policy, &d);
    assert_switching(a.octets, a.n, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", true);
    a = answer_to(TEXT(WITH_KEY("\t+/+/+/+/+/+/+/+/+/+/+w== ")), &policy, &d);
    assert_switching(a.octets, a.n, "M0DUs3om0SqzerhOhYSMM7WQuBQ=", false);
}

/* X-7, R9110-10.1.1-3 */
static void a_100_stands_before_the_101_and_holds_nothing(void **state)
{
    static const char CONTINUE[] = "HTTP/1.1 100 Continue\r\n\r\n";
    const struct upheld_policy policy = policy_of(UPHELD_GRANTED);
    struct upheld_decision d;
    (void)state;
    struct answer a = answer_to(TEXT(WITH("Expect: 100-continue\r\n")), &policy, &d);
    assert_true(a.n > sizeof CONTINUE - 1);
    assert_memory_equal(a.octets, CONTINUE, sizeof CONTINUE - 1);
    assert_switching(a.octets + sizeof CONTINUE - 1, a.n - (sizeof CONTINUE - 1),
                     "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", false);
}

/* Connection of a refusal: close where it closes, and Upgrade beside an Upgrade field. */
static void assert_connection(const struct parsed *r, bool close)
{
    const char *value = "";
    int upgrade = field(r, "Upgrade", &value);
    int lines = field(r, "Connection", &value);
    assert_true(lines <= 1);
    const char *want =
        close ? (upgrade != 0 ? "close, Upgrade" : "close") : (upgrade != 0 ? "Upgrade" : "");
    assert_string_equal(lines == 0 ? "" : value, want);
}

static void assert_refusal(const struct answer *a, struct upheld_decision d)
{
    struct parsed r = parse(a->octets, a->n);
    char start[32], length[32];
    bool wants_version = d.clause == UPHELD_R6455_4_2_1_6 || d.clause == UPHELD_R6455_4_3_2 ||
                         d.clause == UPHELD_R6455_11_3_5_1 || d.status == 426;
    snprintf(start, sizeof start, "HTTP/1.1 %u ", (unsigned)d.status);
    snprintf(length, sizeof length, "%zu", r.body_n);
    assert_int_equal(strncmp(r.lines[0], start, strlen(start)), 0);
    assert_true(strlen(r.lines[0]) > strlen(start));
    assert_field(&r, "Content-Length", length);
    assert_field(&r, "Transfer-Encoding", NULL);
    assert_field(&r, "Upgrade", d.status == 426 ? "websocket" : NULL);
    assert_connection(&r, d.close);
    assert_field(&r, "Sec-WebSocket-Version", wants_version ? "13" : NULL);
    assert_field(&r, "Sec-WebSocket-Accept", NULL);
    assert_field(&r, "Sec-WebSocket-Protocol", NULL);
    assert_field(&r, "Allow", d.status == 405 ? "GET" : NULL);
    assert_field(&r, "WWW-Authenticate", d.status == 401 ? "Basic realm=\"x\", Bearer" : NULL);
}

/* Calls `with` for the requests of requests.h, and for those that another policy refuses. */
static void for_each_answer(void (*with)(const char *text, size_t n,
                                         const struct upheld_policy *policy))
{
    static char long_line[20000];
    struct upheld_policy policy = policy_of(UPHELD_GRANTED);
    for (size_t i = 0; i < COUNT(REQUESTS); i++) {
        with(REQUESTS[i].text, REQUESTS[i].n, &policy);
    }
    memset(long_line, 'a', sizeof long_line);
    memcpy(long_line, "GET /", 5);
    with(long_line, sizeof long_line, &policy); /* 414 */
    memcpy(long_line, TEXT("GET / HTTP/1.1\r\n"));
    with(long_line, sizeof long_line, &policy); /* 431 */
    policy.origins = &ORIGIN;
    policy.origin_count = 1;
    with(TEXT(WITH("Origin: https://b.example\r\n")), &policy);
    policy = policy_of(UPHELD_GRANTED);
    policy.deflate = (struct upheld_deflate){ .enabled = true,
                                              .server_no_context_takeover = true,
                                              .client_max_window_bits = 10 };
    with(TEXT(WITH("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits;"
                   " client_no_context_takeover; server_max_window_bits=11\r\n"
                   "Sec-WebSocket-Protocol: chat\r\nExpect: 100-continue\r\n")),
         &policy);
    policy = policy_of(UPHELD_UNAUTHENTICATED);
    with(TEXT(WITH("")), &policy);
    policy = policy_of(UPHELD_FORBIDDEN);
    with(TEXT(WITH("")), &policy);
}

static bool status_seen[600];

static void check_answer(const char *text, size_t n, const struct upheld_policy *policy)
{
    struct upheld_decision d;
    struct answer a = answer_to(text, n, policy, &d);
    status_seen[d.status] = true;
    if (d.verdict == UPHELD_REFUSE) {
        assert_refusal(&a, d);
    } else {
        assert_int_equal(a.n > 0, d.verdict == UPHELD_SWITCH);
    }
}

/* R9110-2.2-1; 405 has Allow (R9110-15.5.6-1), a wrong version the one spoken (R6455-4.4-1, X-6),
 * 426 upgrade beside close, 431 and 505 nothing of the request (R6585-5-1,
 * R9110-15.6.6-1). */
static void every_answer_parses_and_carries_what_its_status_demands(void **state)
{
    static const unsigned STATUSES[] = { 101, 400, 401, 403, 405, 414, 417, 426, 431, 501, 505 };
    (void)state;
    for_each_answer(check_answer);
    for (size_t i = 0; i < COUNT(STATUSES); i++) {
        if (!status_seen[STATUSES[i]]) {
            fail_msg("no answer with %u was checked", STATUSES[i]);
        }
    }
}

static void check_buffers(const char *text, size_t n, const struct upheld_policy *policy)
{
    static uint8_t out[ROOM], untouched[ROOM];
    struct upheld_decision d;
    struct answer a = answer_to(text, n, policy, &d);
    const uint8_t *p = at_edge(0, text, n);
    memset(untouched, FILL, ROOM);
    for (size_t size = 0; size <= a.n + 2; size++) {
        memset(out, FILL, ROOM);
        assert_int_equal(upheld_response_write(p, n, policy, d, out, size), a.n);
        size_t written = size >= a.n ? a.n : 0;
        assert_memory_equal(out, a.octets, written);
        assert_memory_equal(out + written, untouched, ROOM - written);
    }
}

static void a_buffer_one_octet_too_small_stays_untouched(void **state)
{
    (void)state;
    for_each_answer(check_buffers);
}

/* A mark in every place where a client can put one. */
static void nothing_that_the_client_sent_comes_back(void **state)
{
    static const struct {
        const char *text;
        size_t n;
        unsigned status;
    } ROWS[] = {
        { TEXT("GET /MARK?MARK HTTP/1.1\r\nHost: MARK\r\nUpgrade: MARK, websocket\r\n"
               "Connection: MARK, upgrade\r\n" KEY VERSION "Origin: MARK\r\nMARK: MARK\r\n"
               "Sec-WebSocket-Protocol: MARK, chat\r\n"
               "Sec-WebSocket-Extensions: MARK; MARK=MARK\r\n\r\n"),
          101 },
        { TEXT(WITH_PROTOCOL("MARK")), 101 },
        { TEXT(WITH_VERSION("MARK")), 400 },
        { TEXT(WITH_KEY("MARK")), 400 },
        { TEXT(WITH_HOST("MARK MARK")), 400 },
        { TEXT(WITH("Expect: MARK\r\n")), 417 },
        { TEXT(WITH("Transfer-Encoding: MARK, chunked\r\n")), 501 },
        { TEXT(WITH_LINE("MARK /MARK HTTP/1.1")), 405 },
        { TEXT("GET /MARK HTTP/2.0\r\nMARK: MARK\r\n\r\n"), 505 },
        { TEXT("MARK MARK\r\n"), 400 },
    };
    const struct upheld_policy policy = policy_of(UPHELD_GRANTED);
    struct upheld_decision d;
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct answer a = answer_to(ROWS[i].text, ROWS[i].n, &policy, &d);
        assert_int_equal(d.status, ROWS[i].status);
        for (size_t at = 0; at + 4 <= a.n; at++) {
            assert_true(memcmp(a.octets + at, "MARK", 4) != 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_101_is_what_rfc_6455_asks_for),
        cmocka_unit_test(a_100_stands_before_the_101_and_holds_nothing),
        cmocka_unit_test(every_answer_parses_and_carries_what_its_status_demands),
        cmocka_unit_test(a_buffer_one_octet_too_small_stays_untouched),
        cmocka_unit_test(nothing_that_the_client_sent_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
