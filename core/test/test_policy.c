/* test_policy.c: what upheld_policy_check() takes and what it names; and the table of clauses. */
#include "check.h"

#define UPHELD_CLAUSE_TEXTS
#include "upheld.h"

#define SPAN(s) { (const uint8_t *)(s), sizeof(s) - 1 }

static struct upheld_policy good(void)
{
    return (struct upheld_policy){ .limits = UPHELD_LIMITS_DEFAULT, .access = UPHELD_GRANTED };
}

static void the_default_limits_are_good(void **state)
{
    struct upheld_policy policy = good();
    (void)state;
    assert_int_equal(upheld_policy_check(&policy), UPHELD_POLICY_OK);
}

static void each_limit_is_from_1_to_the_greatest(void **state)
{
    static const struct {
        uint32_t limit;
        int error;
    } ROWS[] = {
        { 0, UPHELD_POLICY_LIMIT },
        { 1, UPHELD_POLICY_OK },
        { UPHELD_LIMIT_MAX, UPHELD_POLICY_OK },
        { UPHELD_LIMIT_MAX + 1, UPHELD_POLICY_LIMIT },
        { UINT32_MAX, UPHELD_POLICY_LIMIT },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        for (int which = 0; which < 4; which++) {
            struct upheld_policy policy = good();
            uint32_t *limits[] = { &policy.limits.target, &policy.limits.line, &policy.limits.head,
                                   &policy.limits.fields };
            *limits[which] = ROWS[i].limit;
            assert_int_equal(upheld_policy_check(&policy), ROWS[i].error);
        }
    }
}

static void names_are_at_most_as_many_as_promised(void **state)
{
    static uint8_t octets[UPHELD_NAMES_MAX + 1][2];
    struct upheld_span names[UPHELD_NAMES_MAX + 1];
    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        octets[i][0] = (uint8_t)('a' + i / 26); /* no two alike */
        octets[i][1] = (uint8_t)('a' + i % 26);
        names[i] = (struct upheld_span){ octets[i], 2 };
    }
    for (uint32_t count = 0; count <= UPHELD_NAMES_MAX + 1; count++) {
        int want = count <= UPHELD_NAMES_MAX ? UPHELD_POLICY_OK : UPHELD_POLICY_COUNT;
        struct upheld_policy policy = good();
        policy.subprotocols = names;
        policy.subprotocol_count = count;
        assert_int_equal(upheld_policy_check(&policy), want);
        policy = good();
        policy.origins = names;
        policy.origin_count = count;
        assert_int_equal(upheld_policy_check(&policy), want);
    }
}

static void a_count_needs_a_list(void **state)
{
    struct upheld_policy policy = good();
    (void)state;
    policy.subprotocol_count = 1;
    assert_int_equal(upheld_policy_check(&policy), UPHELD_POLICY_COUNT);
    policy = good();
    policy.origin_count = 1;
    assert_int_equal(upheld_policy_check(&policy), UPHELD_POLICY_COUNT);
    policy = good();
    policy.protocol_count = 1;
    assert_int_equal(upheld_policy_check(&policy), UPHELD_POLICY_COUNT);
}

/* Where a value stands, beside another one that it never equals. */
enum place { SUBPROTOCOL, ORIGIN, CHALLENGE, ROW_NAME, ROW_VERSION, ROW_ANSWER, REQUIRED, PLACES };

static int check(enum place place, struct upheld_span value)
{
    struct upheld_span both[2] = { SPAN("other"), value };
    struct upheld_protocol row = { .name = SPAN("other"), .answer = SPAN("other") };
    struct upheld_policy policy = good();
    policy.protocols = &row;
    if (place == SUBPROTOCOL) {
        policy.subprotocols = both;
        policy.subprotocol_count = 2;
    } else if (place == ORIGIN) {
        policy.origins = both;
        policy.origin_count = 2;
    } else if (place == CHALLENGE) {
        policy.access = UPHELD_UNAUTHENTICATED;
        policy.challenge = value;
    } else if (place == REQUIRED) {
        policy.required = value;
    } else {
        struct upheld_span *texts[] = { &row.name, &row.version, &row.answer };
        *texts[place - ROW_NAME] = value;
        policy.protocol_count = 1;
    }
    return (int)upheld_policy_check(&policy);
}

static const int ERRORS[PLACES] = { UPHELD_POLICY_SUBPROTOCOL, UPHELD_POLICY_ORIGIN,
                                    UPHELD_POLICY_CHALLENGE,   UPHELD_POLICY_PROTOCOL,
                                    UPHELD_POLICY_PROTOCOL,    UPHELD_POLICY_PROTOCOL,
                                    UPHELD_POLICY_REQUIRED };

static bool allowed(enum place place, unsigned c, bool inside)
{
    bool token = c < 0x80 && c != 0 &&
                 strchr("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                        "abcdefghijklmnopqrstuvwxyz",
                        (int)c) != NULL;
    if (place == SUBPROTOCOL || place == ROW_VERSION) {
        return token;
    }
    if (place == ROW_NAME) {
        return token && !(c >= 'A' && c <= 'Z');
    }
    if (place == ORIGIN) {
        return c > 0x20 && c < 0x7f && !(c >= 'A' && c <= 'Z');
    }
    /* the ASCII part of a field value, SP inside alone (RFC 9110 section 5.5) */
    return (c > 0x20 && c < 0x7f) || (inside && c == ' ');
}

static void every_octet_is_allowed_where_its_rule_says(void **state)
{
    (void)state;
    for (int place = SUBPROTOCOL; place < PLACES; place++) {
        for (unsigned c = 0; c < 256; c++) {
            uint8_t octets[3] = { 'a', (uint8_t)c, 'a' };
            for (size_t n = 1; n <= 3; n++) {
                /* c alone, c last, c inside */
                struct upheld_span value = { at_edge(0, octets + (n == 1), n), n };
                int want = allowed((enum place)place, c, n == 3) ? UPHELD_POLICY_OK : ERRORS[place];
                if (check((enum place)place, value) != want) {
                    fail_msg("place %d, octet 0x%02x of %zu: expected %d", place, c, n, want);
                }
            }
        }
    }
}

static void a_text_has_1_to_as_many_octets_as_promised(void **state)
{
    static uint8_t octets[UPHELD_TEXT_MAX + 1];
    (void)state;
    memset(octets, 'a', sizeof octets);
    for (int place = SUBPROTOCOL; place < PLACES; place++) {
        enum place p = (enum place)place;
        struct upheld_span none = { NULL, 0 };
        struct upheld_span most = { octets, UPHELD_TEXT_MAX };
        struct upheld_span over = { octets, UPHELD_TEXT_MAX + 1 };
        struct upheld_span huge = { octets, SIZE_MAX };
        bool optional = p == ROW_VERSION || p == REQUIRED;
        assert_int_equal(check(p, none), optional ? UPHELD_POLICY_OK : ERRORS[place]);
        assert_int_equal(check(p, most), UPHELD_POLICY_OK);
        assert_int_equal(check(p, over), ERRORS[place]);
        assert_int_equal(check(p, huge), ERRORS[place]);
    }
}

static void a_subprotocol_stands_once(void **state)
{
    static const struct {
        const char *a, *b;
        int error;
    } ROWS[] = {
        { "chat", "chat", UPHELD_POLICY_SUBPROTOCOL }, { "chat", "Chat", UPHELD_POLICY_OK },
        { "chat", "chats", UPHELD_POLICY_OK },         { "chat", "cha", UPHELD_POLICY_OK },
        { "chat", "dhat", UPHELD_POLICY_OK },          { "chat", "chau", UPHELD_POLICY_OK },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct upheld_span names[3] = { { (const uint8_t *)ROWS[i].a, strlen(ROWS[i].a) },
                                        SPAN("between"),
                                        { (const uint8_t *)ROWS[i].b, strlen(ROWS[i].b) } };
        struct upheld_policy policy = good();
        policy.subprotocols = names;
        policy.subprotocol_count = 3;
        assert_int_equal(upheld_policy_check(&policy), ROWS[i].error);
        policy.subprotocol_count = 2;
        assert_int_equal(upheld_policy_check(&policy), UPHELD_POLICY_OK);
    }
}

#define ROW(n, v, methods, body, checks)                                                           \
    { SPAN(n),   SPAN(v),                                                                          \
      SPAN("x"), (enum upheld_methods)(methods),                                                   \
      body,      (enum upheld_checks)(checks) }

static int check_rows(const struct upheld_protocol *rows, uint32_t count, bool allow_h2c)
{
    struct upheld_policy policy = good();
    policy.protocols = rows;
    policy.protocol_count = count;
    policy.allow_h2c = allow_h2c;
    return (int)upheld_policy_check(&policy);
}

static void a_row_has_what_belongs_to_its_name(void **state)
{
    static const struct {
        struct upheld_protocol row;
        bool allow_h2c;
        int error;
    } ROWS[] = {
        { ROW("foo", "", UPHELD_GET, false, UPHELD_CHECKS_NONE), false, UPHELD_POLICY_OK },
        { ROW("foo", "2", UPHELD_ANY_METHOD, true, UPHELD_CHECKS_CAPSULE), false,
          UPHELD_POLICY_OK },
        { ROW("foo", "", UPHELD_ANY_METHOD + 1, false, UPHELD_CHECKS_NONE), false,
          UPHELD_POLICY_PROTOCOL },
        { ROW("foo", "", UPHELD_GET, false, UPHELD_CHECKS_H2C + 1), false, UPHELD_POLICY_PROTOCOL },
        { ROW("websocket", "", UPHELD_GET, false, UPHELD_CHECKS_WEBSOCKET), false,
          UPHELD_POLICY_OK },
        { ROW("websocket", "", UPHELD_GET, false, UPHELD_CHECKS_NONE), false,
          UPHELD_POLICY_PROTOCOL },
        { ROW("websocket", "", UPHELD_GET, false, UPHELD_CHECKS_CAPSULE), false,
          UPHELD_POLICY_PROTOCOL },
        { ROW("websocket", "13", UPHELD_GET, false, UPHELD_CHECKS_WEBSOCKET), false,
          UPHELD_POLICY_PROTOCOL },
        { ROW("websocket", "", UPHELD_GET_OPTIONS, false, UPHELD_CHECKS_WEBSOCKET), false,
          UPHELD_POLICY_PROTOCOL },
        { ROW("websocket", "", UPHELD_GET, true, UPHELD_CHECKS_WEBSOCKET), false,
          UPHELD_POLICY_PROTOCOL },
        { ROW("websockets", "", UPHELD_GET, false, UPHELD_CHECKS_WEBSOCKET), false,
          UPHELD_POLICY_PROTOCOL },
        { ROW("websockets", "", UPHELD_GET, false, UPHELD_CHECKS_NONE), false, UPHELD_POLICY_OK },
        { ROW("websockeu", "", UPHELD_GET, false, UPHELD_CHECKS_NONE), false, UPHELD_POLICY_OK },
        { ROW("h2c", "", UPHELD_ANY_METHOD, true, UPHELD_CHECKS_H2C), true, UPHELD_POLICY_OK },
        { ROW("h2c", "", UPHELD_ANY_METHOD, true, UPHELD_CHECKS_H2C), false,
          UPHELD_POLICY_PROTOCOL },
        { ROW("h2c", "1", UPHELD_ANY_METHOD, true, UPHELD_CHECKS_H2C), true,
          UPHELD_POLICY_PROTOCOL },
        { ROW("h2c", "", UPHELD_ANY_METHOD, true, UPHELD_CHECKS_NONE), true,
          UPHELD_POLICY_PROTOCOL },
        { ROW("h2d", "", UPHELD_ANY_METHOD, true, UPHELD_CHECKS_H2C), true,
          UPHELD_POLICY_PROTOCOL },
        { ROW("h2d", "", UPHELD_GET, true, UPHELD_CHECKS_NONE), false, UPHELD_POLICY_OK },
        { ROW("h2", "", UPHELD_GET, false, UPHELD_CHECKS_NONE), true, UPHELD_POLICY_PROTOCOL },
        { ROW("h2", "", UPHELD_GET, false, UPHELD_CHECKS_H2C), true, UPHELD_POLICY_PROTOCOL },
        { ROW("h", "", UPHELD_GET, false, UPHELD_CHECKS_NONE), false, UPHELD_POLICY_OK },
        { ROW("h3", "", UPHELD_GET, false, UPHELD_CHECKS_NONE), false, UPHELD_POLICY_OK },
        { ROW("i2", "", UPHELD_GET, false, UPHELD_CHECKS_NONE), false, UPHELD_POLICY_OK },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        if (check_rows(&ROWS[i].row, 1, ROWS[i].allow_h2c) != ROWS[i].error) {
            fail_msg("row %zu, %s: expected error %d", i, (const char *)ROWS[i].row.name.p,
                     ROWS[i].error);
        }
    }
}

static void a_row_asks_for_what_no_other_asks_for(void **state)
{
    static const struct upheld_protocol ROWS[] = {
        ROW("foo", "1", UPHELD_GET, false, UPHELD_CHECKS_NONE),
        ROW("foo", "2", UPHELD_GET, false, UPHELD_CHECKS_NONE),
        ROW("foo", "", UPHELD_GET, false, UPHELD_CHECKS_NONE),
        ROW("fop", "1", UPHELD_GET, false, UPHELD_CHECKS_NONE),
        ROW("foo", "2", UPHELD_OPTIONS, true, UPHELD_CHECKS_NONE),
    };
    (void)state;
    assert_int_equal(check_rows(ROWS, 4, false), UPHELD_POLICY_OK);
    assert_int_equal(check_rows(ROWS, 5, false), UPHELD_POLICY_PROTOCOL);
}

static void rows_are_at_most_as_many_as_promised(void **state)
{
    static uint8_t names[UPHELD_PROTOCOLS_MAX + 1];
    struct upheld_protocol rows[UPHELD_PROTOCOLS_MAX + 1];
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        names[i] = (uint8_t)('a' + i);
        rows[i] = (struct upheld_protocol){ .name = { names + i, 1 }, .answer = SPAN("x") };
    }
    for (uint32_t count = 0; count <= UPHELD_PROTOCOLS_MAX; count++) {
        assert_int_equal(check_rows(rows, count, false), UPHELD_POLICY_OK);
    }
    assert_int_equal(check_rows(rows, UPHELD_PROTOCOLS_MAX + 1, false), UPHELD_POLICY_COUNT);
}

static void the_rows_of_the_core_are_good(void **state)
{
    struct upheld_protocol rows[UPHELD_H2C + 1];
    (void)state;
    for (int which = UPHELD_WEBSOCKET; which <= UPHELD_H2C; which++) {
        rows[which] = upheld_protocol_row((enum upheld_registered)which);
    }
    assert_int_equal(check_rows(rows, UPHELD_H2C, false), UPHELD_POLICY_OK);
    assert_int_equal(check_rows(rows, UPHELD_H2C + 1, true), UPHELD_POLICY_OK);
    assert_int_equal(check_rows(rows, UPHELD_H2C + 1, false), UPHELD_POLICY_PROTOCOL);
}

static void a_challenge_is_needed_for_401_alone(void **state)
{
    struct upheld_policy policy = good();
    (void)state;
    for (int access = UPHELD_UNDECIDED; access <= UPHELD_FORBIDDEN; access++) {
        policy.access = (enum upheld_access)access;
        assert_int_equal(upheld_policy_check(&policy), access == UPHELD_UNAUTHENTICATED
                                                           ? UPHELD_POLICY_CHALLENGE
                                                           : UPHELD_POLICY_OK);
    }
}

static void window_bits_are_those_of_rfc_7692(void **state)
{
    (void)state;
    for (uint32_t bits = 0; bits <= UINT8_MAX; bits++) {
        bool good_bits = bits == 0 || (8 <= bits && bits <= 15);
        struct upheld_policy policy = good();
        policy.deflate.client_max_window_bits = (uint8_t)bits;
        assert_int_equal(upheld_policy_check(&policy),
                         good_bits ? UPHELD_POLICY_OK : UPHELD_POLICY_DEFLATE);
        policy = good();
        policy.deflate.min_window_bits = (uint8_t)bits;
        assert_int_equal(upheld_policy_check(&policy),
                         good_bits ? UPHELD_POLICY_OK : UPHELD_POLICY_DEFLATE);
        policy = good(); /* 8 is less than zlib compresses with, which is what 0 stands for */
        policy.deflate.server_max_window_bits = (uint8_t)bits;
        assert_int_equal(upheld_policy_check(&policy),
                         good_bits && bits != 8 ? UPHELD_POLICY_OK : UPHELD_POLICY_DEFLATE);
        policy.deflate.min_window_bits = 8;
        assert_int_equal(upheld_policy_check(&policy),
                         good_bits ? UPHELD_POLICY_OK : UPHELD_POLICY_DEFLATE);
    }
}

static void the_servers_least_window_is_not_above_its_greatest(void **state)
{
    (void)state;
    for (uint8_t least = 8; least <= 15; least++) {
        for (uint8_t most = 8; most <= 15; most++) {
            struct upheld_policy policy = good();
            policy.deflate.enabled = least % 2 == 0;
            policy.deflate.server_max_window_bits = most;
            policy.deflate.min_window_bits = least;
            assert_int_equal(upheld_policy_check(&policy),
                             least <= most ? UPHELD_POLICY_OK : UPHELD_POLICY_DEFLATE);
        }
    }
}

static void every_clause_has_an_id_of_its_own_and_a_text(void **state)
{
    (void)state;
    for (int i = 0; i < UPHELD_CLAUSE_COUNT; i++) {
        const char *id = upheld_clause_id((enum upheld_clause)i);
        assert_non_null(id);
        /* of an RFC or of the WHATWG's page */
        assert_true((id[0] == 'R' || strncmp(id, "WS-", 3) == 0) && strlen(id) < 16);
        assert_true(strlen(upheld_clause_text((enum upheld_clause)i)) > 10);
        for (int k = 0; k < i; k++) {
            assert_string_not_equal(id, upheld_clause_id((enum upheld_clause)k));
        }
    }
}

static void what_is_no_clause_has_a_string_all_the_same(void **state)
{
    static const int NONE[] = { UPHELD_CLAUSE_COUNT, UPHELD_CLAUSE_COUNT + 1, 1 << 20 };
    (void)state;
    for (size_t i = 0; i < COUNT(NONE); i++) {
        assert_non_null(upheld_clause_id((enum upheld_clause)NONE[i]));
        assert_non_null(upheld_clause_text((enum upheld_clause)NONE[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_default_limits_are_good),
        cmocka_unit_test(each_limit_is_from_1_to_the_greatest),
        cmocka_unit_test(names_are_at_most_as_many_as_promised),
        cmocka_unit_test(a_count_needs_a_list),
        cmocka_unit_test(every_octet_is_allowed_where_its_rule_says),
        cmocka_unit_test(a_text_has_1_to_as_many_octets_as_promised),
        cmocka_unit_test(a_subprotocol_stands_once),
        cmocka_unit_test(a_row_has_what_belongs_to_its_name),
        cmocka_unit_test(a_row_asks_for_what_no_other_asks_for),
        cmocka_unit_test(rows_are_at_most_as_many_as_promised),
        cmocka_unit_test(the_rows_of_the_core_are_good),
        cmocka_unit_test(a_challenge_is_needed_for_401_alone),
        cmocka_unit_test(window_bits_are_those_of_rfc_7692),
        cmocka_unit_test(the_servers_least_window_is_not_above_its_greatest),
        cmocka_unit_test(every_clause_has_an_id_of_its_own_and_a_text),
        cmocka_unit_test(what_is_no_clause_has_a_string_all_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
