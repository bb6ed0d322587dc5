/* test_websocket.c: subprotocols and origins against a policy. */
#include "check.h"

#include "websocket.h"

#define SPAN(s) { (const uint8_t *)(s), sizeof(s) - 1 }

static const struct upheld_span PROTOCOLS[] = { SPAN("a"), SPAN("chat"), SPAN("Chat") };
static const struct upheld_span ORIGINS[] = { SPAN("https://example.com"), SPAN("null") };
static const struct upheld_policy POLICY = {
    .limits = UPHELD_LIMITS_DEFAULT,
    .subprotocols = PROTOCOLS,
    .subprotocol_count = COUNT(PROTOCOLS),
    .origins = ORIGINS,
    .origin_count = COUNT(ORIGINS),
};

enum { A = UPH_PROTOCOL_CHOSEN, CHAT, CHAT_CAPITAL };

static const struct {
    const char *text;
    size_t n;
    int32_t state;
} OFFERS[] = {
    { TEXT("chat"), CHAT },
    { TEXT("Chat"), CHAT_CAPITAL },
    { TEXT("CHAT"), UPH_PROTOCOL_UNKNOWN },
    { TEXT("chat, a"), CHAT }, /* the client's order decides */
    { TEXT("a, chat"), A },
    { TEXT("b, c, chat"), CHAT },
    { TEXT("\tchat\t,b"), CHAT },
    { TEXT(",chat,,"), CHAT },
    { TEXT("chatx"), UPH_PROTOCOL_UNKNOWN },
    { TEXT("cha"), UPH_PROTOCOL_UNKNOWN },
    { TEXT("b,c"), UPH_PROTOCOL_UNKNOWN },
    { TEXT("b,b"), UPH_PROTOCOL_UNKNOWN }, /* what is not chosen may repeat */
    { TEXT("chat, a, a"), CHAT },
    { TEXT("chat,chat"), UPH_PROTOCOL_TWICE },
    { TEXT("chat,b,chat"), UPH_PROTOCOL_TWICE },
    { TEXT("chat,Chat"), CHAT },
    { TEXT(""), UPH_PROTOCOL_NONE },
    { TEXT(" , ,"), UPH_PROTOCOL_NONE },
    { TEXT("a/b"), UPH_PROTOCOL_MALFORMED },
    { TEXT("chat b"), UPH_PROTOCOL_MALFORMED },
    { TEXT("\"chat\""), UPH_PROTOCOL_MALFORMED },
    { TEXT("chat;q=1"), UPH_PROTOCOL_MALFORMED },
    { TEXT("chat\0"), UPH_PROTOCOL_MALFORMED },
    { TEXT("chat,\xc3\xa4"), UPH_PROTOCOL_MALFORMED },
    { TEXT("chat,a b"), UPH_PROTOCOL_MALFORMED },
};

static void a_line_of_subprotocols_chooses_the_first_spoken_here(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(OFFERS); i++) {
        const uint8_t *p = at_edge(0, OFFERS[i].text, OFFERS[i].n);
        int32_t got = uph_protocol_list(p, OFFERS[i].n, 0, &POLICY, UPH_PROTOCOL_NONE);
        if (got != OFFERS[i].state) {
            fail_msg("'%s': expected %d, got %d", OFFERS[i].text, OFFERS[i].state, got);
        }
    }
}

/* Lines are one list: two of them lead where the two joined by a comma lead. */
static void two_lines_of_subprotocols_are_one_list(void **state)
{
    char joined[128];
    (void)state;
    for (size_t i = 0; i < COUNT(OFFERS); i++) {
        for (size_t j = 0; j < COUNT(OFFERS); j++) {
            size_t n = OFFERS[i].n, m = OFFERS[j].n;
            memcpy(joined, OFFERS[i].text, n);
            joined[n] = ',';
            memcpy(joined + n + 1, OFFERS[j].text, m);
            const uint8_t *one = at_edge(0, joined, n + 1 + m);
            const uint8_t *first = at_edge(1, OFFERS[i].text, n);
            const uint8_t *second = at_edge(2, OFFERS[j].text, m);
            int32_t now = uph_protocol_list(first, n, 0, &POLICY, UPH_PROTOCOL_NONE);
            now = uph_protocol_list(second, m, 0, &POLICY, now);
            assert_int_equal(now, uph_protocol_list(one, n + 1 + m, 0, &POLICY, UPH_PROTOCOL_NONE));
        }
    }
}

static void without_subprotocols_none_is_chosen(void **state)
{
    const struct upheld_policy none = { .limits = UPHELD_LIMITS_DEFAULT };
    (void)state;
    const uint8_t *p = at_edge(0, TEXT("chat, chat"));
    assert_int_equal(uph_protocol_list(p, 10, 0, &none, UPH_PROTOCOL_NONE), UPH_PROTOCOL_UNKNOWN);
}

static void an_origin_is_listed_whole_and_case_apart(void **state)
{
    static const struct {
        const char *text;
        size_t n;
        bool listed;
    } ROWS[] = {
        { TEXT("https://example.com"), true },
        { TEXT("HTTPS://Example.COM"), true },
        { TEXT("null"), true },
        { TEXT("NULL"), true },
        { TEXT("https://example.co"), false },
        { TEXT("https://example.com."), false },
        { TEXT("https://example.com:443"), false },
        { TEXT("https://example.com/"), false },
        { TEXT("http://example.com"), false },
        { TEXT("https://example.com.evil"), false },
        { TEXT("https://example.com null"), false },
        { TEXT(""), false },
        { TEXT("https://example.com\0"), false },
        { TEXT("example.com"), false },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const uint8_t *p = at_edge(0, ROWS[i].text, ROWS[i].n);
        if (uph_origin_listed(p, 0, ROWS[i].n, &POLICY) != ROWS[i].listed) {
            fail_msg("'%s': expected %d", ROWS[i].text, ROWS[i].listed);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_of_subprotocols_chooses_the_first_spoken_here),
        cmocka_unit_test(two_lines_of_subprotocols_are_one_list),
        cmocka_unit_test(without_subprotocols_none_is_chosen),
        cmocka_unit_test(an_origin_is_listed_whole_and_case_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
