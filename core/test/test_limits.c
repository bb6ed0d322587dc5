/* test_limits.c: every limit, at its edge and one past it, and at which octet one past is seen. */
#include "check.h"

#include <stdio.h>

#include "upheld.h"

#define REST                                                                                       \
    "Host: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"                                     \
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
enum { REST_FIELDS = 5, ROOM = 1 << 17 };

static const struct upheld_policy POLICY = {
    .limits = UPHELD_LIMITS_DEFAULT,
    .access = UPHELD_GRANTED,
};

static char text[ROOM];
static size_t length;

static void start(const char *s)
{
    length = strlen(s);
    memcpy(text, s, length);
}

static void add(const char *s)
{
    size_t n = strlen(s);
    assert_true(length + n <= ROOM);
    memcpy(text + length, s, n);
    length += n;
}

static void add_many(char c, size_t n)
{
    assert_true(length + n <= ROOM);
    memset(text + length, c, n);
    length += n;
}

static struct upheld_decision decide(size_t n, const struct upheld_policy *policy)
{
    return upheld_request_decide(at_edge(0, text, n), n, policy);
}

static void assert_switches(const struct upheld_policy *policy)
{
    struct upheld_decision d = decide(length, policy);
    if (d.verdict != UPHELD_SWITCH) {
        fail_msg("expected SWITCH, got %u by %s", (unsigned)d.status, upheld_clause_id(d.clause));
    }
    assert_int_equal(d.consumed, length);
}

/* Refused for a limit with the n-th octet, not before, and as well with all octets. */
static void assert_refused_at(size_t n, unsigned status, const struct upheld_policy *policy)
{
    enum upheld_clause clause = status == 414 ? UPHELD_R9112_3_3 : UPHELD_R9110_5_4_1;
    struct upheld_decision at = decide(n, policy);
    struct upheld_decision all = decide(length, policy);
    assert_true(n > 0 && n <= length);
    assert_int_equal(decide(n - 1, policy).verdict, UPHELD_MORE);
    if (at.status != status || at.clause != clause || all.status != status ||
        all.clause != clause) {
        fail_msg("expected %u, got %u by %s, then %u by %s", status, (unsigned)at.status,
                 upheld_clause_id(at.clause), (unsigned)all.status, upheld_clause_id(all.clause));
    }
    assert_int_equal(at.verdict, UPHELD_REFUSE);
    assert_int_equal(at.consumed, 0);
    assert_int_equal(all.consumed, 0);
    assert_true(at.close && all.close);
}

static void target(size_t n)
{
    start("GET /");
    add_many('a', n - 1);
    add(" HTTP/1.1\r\n" REST "\r\n");
}

static void a_target_of_8000_switches_and_of_8001_gets_414(void **state)
{
    (void)state;
    target(8000);
    assert_switches(&POLICY);
    target(8001);
    assert_refused_at(4 + 8001, 414, &POLICY);
}

/* At the octet that is one too many the limit comes before malformed syntax. */
static void a_limit_comes_before_syntax(void **state)
{
    static const char WRONG[] = "\x01\n\x7f";
    (void)state;
    for (const char *c = WRONG; *c != '\0'; c++) {
        target(8001);
        text[4 + 8000] = *c;
        assert_refused_at(4 + 8001, 414, &POLICY);
        target(8001);
        text[4 + 7999] = *c;
        assert_int_equal(decide(length, &POLICY).status, 400);
        start("GET / HTTP/1.1\r\n");
        size_t before = length;
        add_many('a', 16384);
        add_many(*c, 1);
        assert_refused_at(before + 16385, 431, &POLICY);
    }
}

static void a_request_line_of_16384_is_taken_and_one_more_gets_414(void **state)
{
    (void)state;
    for (size_t over = 0; over < 2; over++) {
        start("");
        add_many('A', 16384 + over - strlen(" / HTTP/1.1"));
        add(" / HTTP/1.1\r\n" REST "\r\n");
        if (over == 0) {
            struct upheld_decision d = decide(length, &POLICY);
            assert_int_equal(d.status, 405);
            assert_int_equal(d.consumed, length);
        } else {
            assert_refused_at(16385, 414, &POLICY);
        }
    }
}

static void a_field_line_of_16384_is_taken_and_one_more_gets_431(void **state)
{
    (void)state;
    for (size_t over = 0; over < 2; over++) {
        start("GET / HTTP/1.1\r\n" REST);
        size_t before = length;
        add("X: ");
        add_many('a', 16384 + over - 3);
        add("\r\n\r\n");
        if (over == 0) {
            assert_switches(&POLICY);
        } else {
            assert_refused_at(before + 16385, 431, &POLICY);
        }
    }
}

/* The fields that matter stand last, where a server that drops the surplus would lose them. */
static void a_head_of_128_fields_is_read_whole_and_of_129_gets_431(void **state)
{
    (void)state;
    for (size_t over = 0; over < 2; over++) {
        start("GET / HTTP/1.1\r\n");
        for (size_t k = REST_FIELDS; k < 128 + over; k++) {
            add("X: y\r\n");
        }
        add(REST "\r\n");
        if (over == 0) {
            assert_switches(&POLICY);
        } else {
            size_t last = strlen("Sec-WebSocket-Version: 13\r\n\r\n");
            assert_refused_at(length - last + 1, 431, &POLICY);
        }
    }
}

static void a_head_of_65536_is_read_whole_and_of_65537_gets_431(void **state)
{
    (void)state;
    for (size_t over = 0; over < 2; over++) {
        start("\r\nGET / HTTP/1.1\r\n" REST);
        while (length < 65536 - 2000) {
            add("X: ");
            add_many('a', 995);
            add("\r\n");
        }
        add("X: ");
        add_many('a', 65536 + over - length - strlen("\r\n\r\n"));
        add("\r\n\r\n");
        assert_int_equal(length, 65536 + over);
        if (over == 0) {
            assert_switches(&POLICY);
        } else {
            assert_refused_at(65537, 431, &POLICY);
        }
    }
}

/* Whatever the limit of the head: one octet over it decides, and no octet before it; with 414 as
 * long as the request-line has not ended. */
static void one_octet_over_the_limit_of_the_head_always_decides(void **state)
{
    struct upheld_policy policy = POLICY;
    (void)state;
    start("\r\n\r\nGET / HTTP/1.1\r\n");
    size_t request_line = length;
    add(REST "\r\n");
    for (uint32_t limit = 1; limit < length; limit++) {
        policy.limits.head = limit;
        assert_refused_at((size_t)limit + 1, limit < request_line ? 414 : 431, &policy);
    }
    policy.limits.head = (uint32_t)length;
    assert_switches(&policy);
}

static void each_limit_holds_down_to_one(void **state)
{
    struct upheld_policy policy = POLICY;
    (void)state;
    target(1);
    for (uint32_t limit = 1; limit < REST_FIELDS; limit++) {
        policy.limits.fields = limit;
        assert_int_equal(decide(length, &policy).status, 431);
    }
    policy.limits.fields = REST_FIELDS;
    assert_switches(&policy);
    policy = POLICY;
    policy.limits.target = 1;
    assert_switches(&policy);
    target(2);
    assert_refused_at(6, 414, &policy);
    policy = POLICY;
    policy.limits.line = 1;
    assert_refused_at(2, 414, &policy);
}

static void the_greatest_limits_are_held(void **state)
{
    const struct upheld_policy greatest = {
        .limits = { UPHELD_LIMIT_MAX, UPHELD_LIMIT_MAX, UPHELD_LIMIT_MAX, UPHELD_LIMIT_MAX },
        .access = UPHELD_GRANTED,
    };
    (void)state;
    assert_int_equal(upheld_policy_check(&greatest), UPHELD_POLICY_OK);
    target(60000);
    assert_switches(&greatest);
}

/* Behind the limit of the head stands an unreadable page: whatever the count says, no octet of it
 * is read, on either side. */
static void no_count_makes_it_read_past_the_limit_of_the_head(void **state)
{
    static const size_t COUNTS[] = { SIZE_MAX, SIZE_MAX - 1, SIZE_MAX / 2, (size_t)1 << 32 };
    struct upheld_policy policy = POLICY;
    struct upheld_client client = { .limits = UPHELD_LIMITS_DEFAULT, .interim = 1 };
    (void)state;
    for (uint32_t head = 1; head < 400; head += 7) {
        policy.limits.head = head;
        client.limits.head = head;
        for (size_t i = 0; i < COUNT(COUNTS); i++) {
            start("GET / HTTP/1.1\r\nHost: a\r\nx: ");
            add_many('y', 400);
            const uint8_t *p = at_edge(0, text, head);
            struct upheld_decision d = upheld_request_decide(p, COUNTS[i], &policy);
            assert_int_equal(d.verdict, UPHELD_REFUSE);
            assert_true(d.clause == UPHELD_R9112_3_3 || d.clause == UPHELD_R9110_5_4_1);
            start("HTTP/1.1 101 X\r\nUpgrade: websocket\r\nx: ");
            add_many('y', 400);
            p = at_edge(0, text, head);
            struct upheld_reply r = upheld_reply_decide(p, COUNTS[i], &client);
            assert_int_equal(r.verdict, UPHELD_REPLY_FAIL);
            assert_int_equal(r.clause, UPHELD_R9110_5_4_2);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_target_of_8000_switches_and_of_8001_gets_414),
        cmocka_unit_test(a_limit_comes_before_syntax),
        cmocka_unit_test(a_request_line_of_16384_is_taken_and_one_more_gets_414),
        cmocka_unit_test(a_field_line_of_16384_is_taken_and_one_more_gets_431),
        cmocka_unit_test(a_head_of_128_fields_is_read_whole_and_of_129_gets_431),
        cmocka_unit_test(a_head_of_65536_is_read_whole_and_of_65537_gets_431),
        cmocka_unit_test(one_octet_over_the_limit_of_the_head_always_decides),
        cmocka_unit_test(each_limit_holds_down_to_one),
        cmocka_unit_test(the_greatest_limits_are_held),
        cmocka_unit_test(no_count_makes_it_read_past_the_limit_of_the_head),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
