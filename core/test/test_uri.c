/* test_uri.c: hosts and request-targets. inet_pton() of the C library is the second opinion on
 * addresses. */
#include "check.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "uri.h"

static const struct {
    const char *text;
    size_t n;
    bool host;
} HOSTS[] = {
    { TEXT(""), true },
    { TEXT("a"), true },
    { TEXT("server.example.com"), true },
    { TEXT("server.example.com:80"), true },
    { TEXT("a:"), true },
    { TEXT(":80"), true },
    { TEXT("a:99999999999999999999"), true },
    { TEXT("1.2.3.4"), true },
    { TEXT("999.1.1.1"), true }, /* no IPv4address, but a reg-name */
    { TEXT("a_b~c!$&'()*+,;="), true },
    { TEXT("a%20b"), true },
    { TEXT("%c3%A4:1"), true },
    { TEXT("[::1]"), true },
    { TEXT("[::1]:8080"), true },
    { TEXT("[::1]:"), true },
    { TEXT("[v1.a:b]"), true },
    { TEXT("[VF.x]:1"), true },
    { TEXT("a b"), false },
    { TEXT("u@a"), false },
    { TEXT("a:8x"), false },
    { TEXT("a:80:80"), false },
    { TEXT("a/"), false },
    { TEXT("a?b"), false },
    { TEXT("a#b"), false },
    { TEXT("a\\b"), false },
    { TEXT("a\"b"), false },
    { TEXT("a%"), false },
    { TEXT("a%2"), false },
    { TEXT("a%2g"), false },
    { TEXT("a%g2"), false },
    { TEXT("\xc3\xa4"), false },
    { TEXT("a\0"), false },
    { TEXT("::1"), false },
    { TEXT("[]"), false },
    { TEXT("[::1"), false },
    { TEXT("::1]"), false },
    { TEXT("["), false },
    { TEXT("[::1]x"), false },
    { TEXT("[::1]8080"), false },
    { TEXT("[::1%25eth0]"), false },
    { TEXT("[1.2.3.4]"), false },
    { TEXT("[a]"), false },
    { TEXT("[v.a]"), false },
    { TEXT("[v1.]"), false },
    { TEXT("[v1a]"), false },
    { TEXT("[vg.a]"), false },
    { TEXT("[v1.a/b]"), false },
};

static void a_host_is_uri_host_and_perhaps_a_port(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(HOSTS); i++) {
        const uint8_t *p = at_edge(0, HOSTS[i].text, HOSTS[i].n);
        if (uph_host_value(p, 0, HOSTS[i].n) != HOSTS[i].host) {
            fail_msg("host '%s': expected %d", HOSTS[i].text, HOSTS[i].host);
        }
    }
}

static const struct {
    const char *text;
    size_t n;
    enum uph_target form;
} TARGETS[] = {
    { TEXT("/"), UPH_TARGET_ORIGIN },
    { TEXT("/chat"), UPH_TARGET_ORIGIN },
    { TEXT("/a/b?c=d&e/f?g"), UPH_TARGET_ORIGIN },
    { TEXT("//a"), UPH_TARGET_ORIGIN },
    { TEXT("/a;b:c@d!$'()*+,="), UPH_TARGET_ORIGIN },
    { TEXT("/%2e%2E"), UPH_TARGET_ORIGIN },
    { TEXT("/?"), UPH_TARGET_ORIGIN },
    { TEXT("*"), UPH_TARGET_ASTERISK },
    { TEXT("http://a"), UPH_TARGET_WEB },
    { TEXT("HTTP://a/"), UPH_TARGET_WEB },
    { TEXT("https://a:443/b?c"), UPH_TARGET_WEB },
    { TEXT("https://[::1]:1?x"), UPH_TARGET_WEB },
    { TEXT("http://a:/"), UPH_TARGET_WEB },
    { TEXT("ws://a/"), UPH_TARGET_ABSOLUTE },
    { TEXT("httpx://a/"), UPH_TARGET_ABSOLUTE },
    { TEXT("htt://a/"), UPH_TARGET_ABSOLUTE },
    { TEXT("a+b-c.1://d"), UPH_TARGET_ABSOLUTE },
    { TEXT("a:80"), UPH_TARGET_AUTHORITY },
    { TEXT("1.2.3.4:80"), UPH_TARGET_AUTHORITY },
    { TEXT("[::1]:80"), UPH_TARGET_AUTHORITY },
    { TEXT("http:80"), UPH_TARGET_AUTHORITY },
    { TEXT(""), UPH_TARGET_INVALID },
    { TEXT("a"), UPH_TARGET_INVALID },
    { TEXT("a:"), UPH_TARGET_INVALID },
    { TEXT(":80"), UPH_TARGET_INVALID },
    { TEXT("**"), UPH_TARGET_INVALID },
    { TEXT("*/"), UPH_TARGET_INVALID },
    { TEXT("?a"), UPH_TARGET_INVALID },
    { TEXT("/a#b"), UPH_TARGET_INVALID },
    { TEXT("/a b"), UPH_TARGET_INVALID },
    { TEXT("/\xc3\xa4"), UPH_TARGET_INVALID },
    { TEXT("/a\0"), UPH_TARGET_INVALID },
    { TEXT("/%"), UPH_TARGET_INVALID },
    { TEXT("/%1"), UPH_TARGET_INVALID },
    { TEXT("/%1x"), UPH_TARGET_INVALID },
    { TEXT("/[a]"), UPH_TARGET_INVALID },
    { TEXT("/a|b"), UPH_TARGET_INVALID },
    { TEXT("/\"a\""), UPH_TARGET_INVALID },
    { TEXT("http:/a"), UPH_TARGET_INVALID },
    { TEXT("http://"), UPH_TARGET_INVALID },
    { TEXT("http:///a"), UPH_TARGET_INVALID },
    { TEXT("http://:80/"), UPH_TARGET_INVALID },
    { TEXT("http://u@a/"), UPH_TARGET_INVALID },
    { TEXT("http://a/#b"), UPH_TARGET_INVALID },
    { TEXT("http://a:x/"), UPH_TARGET_INVALID },
    { TEXT("1http://a/"), UPH_TARGET_INVALID },
    { TEXT("://a/"), UPH_TARGET_INVALID },
    { TEXT("a:80/"), UPH_TARGET_INVALID },
};

static void a_target_is_in_one_of_four_forms(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(TARGETS); i++) {
        const uint8_t *p = at_edge(0, TARGETS[i].text, TARGETS[i].n);
        enum uph_target got = uph_target_form(p, 0, TARGETS[i].n);
        if (got != TARGETS[i].form) {
            fail_msg("target '%s': expected form %d, got %d", TARGETS[i].text, (int)TARGETS[i].form,
                     (int)got);
        }
    }
}

/* Every string of up to four of these; by value where it has no leading zero. */
static void a_decimal_octet_is_0_to_255_without_leading_zeros(void **state)
{
    static const char OCTETS[] = "0123456789a-.\xb2";
    enum { CHOICES = sizeof OCTETS }; /* its NUL included */
    (void)state;
    for (size_t n = 0; n <= 4; n++) {
        size_t all = 1;
        for (size_t k = 0; k < n; k++) {
            all *= CHOICES;
        }
        for (size_t code = 0; code < all; code++) {
            char text[5] = "";
            size_t rest = code;
            bool digits = n > 0;
            for (size_t k = 0; k < n; k++, rest /= CHOICES) {
                text[k] = OCTETS[rest % CHOICES];
                digits = digits && text[k] >= '0' && text[k] <= '9';
            }
            bool want = digits && (n == 1 || text[0] != '0') && atoi(text) <= 255;
            assert_int_equal(uph_dec_octet(at_edge(0, text, n), 0, n), want);
        }
    }
}

/* Whether [text] is a host: then it is an IPv6 address, since it does not start with v. */
static bool address(const char *text, size_t n)
{
    char host[128];
    int octets = snprintf(host, sizeof host, "[%.*s]", (int)n, text);
    return uph_host_value(at_edge(0, host, (size_t)octets), 0, (size_t)octets);
}

/* Compares every string that up to seven of these parts make; returns how many are addresses. */
static unsigned long compare_addresses(char *text, size_t n, int parts)
{
    static const char *const PARTS[] = { ":", "0", "fF0a", "12345", "1.2.3.255", "1.2.3" };
    enum { PART_COUNT = 6, PARTS_MOST = 7 };
    struct in6_addr out;
    unsigned long valid = 0;
    text[n] = '\0';
    bool want = inet_pton(AF_INET6, text, &out) == 1;
    if (address(text, n) != want) {
        fail_msg("IPv6 '%s': expected %d", text, want);
    }
    valid += want;
    for (size_t i = 0; parts < PARTS_MOST && i < PART_COUNT; i++) {
        size_t m = strlen(PARTS[i]);
        memcpy(text + n, PARTS[i], m);
        valid += compare_addresses(text, n + m, parts + 1);
    }
    return valid;
}

static void short_ipv6_addresses_are_those_of_inet_pton(void **state)
{
    char text[128];
    (void)state;
    assert_true(compare_addresses(text, 0, 0) > 100);
}

/* Up to ten groups of one digit, "::" before, between or after any of them or nowhere, an IPv4
 * address at the end or not. */
static void long_ipv6_addresses_are_those_of_inet_pton(void **state)
{
    struct in6_addr out;
    unsigned long valid = 0;
    (void)state;
    for (int groups = 0; groups <= 10; groups++) {
        for (int gap = -1; gap <= groups; gap++) {
            for (int last = 0; last < 2; last++) {
                char text[64] = "";
                for (int g = 0; g <= groups; g++) {
                    strcat(text, g == gap ? "::" : g > 0 && g < groups + last ? ":" : "");
                    strcat(text, g < groups ? "1" : last ? "1.2.3.4" : "");
                }
                bool want = inet_pton(AF_INET6, text, &out) == 1;
                valid += want;
                if (address(text, strlen(text)) != want) {
                    fail_msg("IPv6 '%s': expected %d", text, want);
                }
            }
        }
    }
    /* RFC 3986 section 3.2.2: 0 to 7 groups with "::" at any of their edges, or 8 without; 0 to 5
     * before an IPv4 address with it, or 6 without. */
    assert_int_equal(valid, (1 + 2 + 3 + 4 + 5 + 6 + 7 + 8) + 1 + (1 + 2 + 3 + 4 + 5 + 6) + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_host_is_uri_host_and_perhaps_a_port),
        cmocka_unit_test(a_target_is_in_one_of_four_forms),
        cmocka_unit_test(a_decimal_octet_is_0_to_255_without_leading_zeros),
        cmocka_unit_test(short_ipv6_addresses_are_those_of_inet_pton),
        cmocka_unit_test(long_ipv6_addresses_are_those_of_inet_pton),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
