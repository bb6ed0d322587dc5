/* uri.c: host, path and http URI by the ABNF of RFC 3986 and RFC 9110 4.2. Knows spans only. */
#include <string.h>

#include "naive.h"

#define DIGITS "0123456789"
#define HEX DIGITS "abcdefABCDEF"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define UNRESERVED LETTERS DIGITS "-._~"
#define SUB_DELIMS "!$&'()*+,;="

static struct upheld_span after(struct upheld_span s, size_t n)
{
    return (struct upheld_span){ s.p + n, s.n - n };
}

static struct upheld_span before(struct upheld_span s, size_t n)
{
    return (struct upheld_span){ s.p, n };
}

/* All octets are among `octets`. */
static bool all_of(struct upheld_span s, const char *octets)
{
    for (size_t i = 0; i < s.n; i++) {
        if (!naive_one_of(s.p[i], octets)) {
            return false;
        }
    }
    return true;
}

/* All octets are among `octets`, or belong to a %XX. */
static bool all_of_or_encoded(struct upheld_span s, const char *octets)
{
    while (s.n > 0) {
        if (s.p[0] == '%') {
            if (s.n < 3 || !all_of(before(after(s, 1), 2), HEX)) {
                return false;
            }
            s = after(s, 3);
        } else if (naive_one_of(s.p[0], octets)) {
            s = after(s, 1);
        } else {
            return false;
        }
    }
    return true;
}

/* dec-octet: 0 to 255 without leading zeros. */
static bool dec_octet(struct upheld_span s)
{
    unsigned value = 0;
    if (s.n == 0 || s.n > 3 || !all_of(s, DIGITS) || (s.n > 1 && s.p[0] == '0')) {
        return false;
    }
    for (size_t i = 0; i < s.n; i++) {
        value = value * 10 + (unsigned)(s.p[i] - '0');
    }
    return value <= 255;
}

static bool ipv4(struct upheld_span s)
{
    for (int dots = 0; dots < 3; dots++) {
        const uint8_t *dot = s.n == 0 ? NULL : memchr(s.p, '.', s.n);
        if (dot == NULL || !dec_octet(before(s, (size_t)(dot - s.p)))) {
            return false;
        }
        s = after(s, (size_t)(dot - s.p) + 1);
    }
    return dec_octet(s);
}

/* Groups of 16 bits in h16 *( ":" h16 ), an IPv4 address counting two where it may end the list;
 * -1 if malformed, 0 if empty. */
static int groups(struct upheld_span s, bool ipv4_at_end)
{
    int count = 0;
    if (s.n == 0) {
        return 0;
    }
    for (;;) {
        const uint8_t *colon = s.n == 0 ? NULL : memchr(s.p, ':', s.n);
        size_t length = colon == NULL ? s.n : (size_t)(colon - s.p);
        if (colon == NULL && ipv4_at_end && ipv4(s)) {
            return count + 2;
        }
        if (length < 1 || length > 4 || !all_of(before(s, length), HEX)) {
            return -1;
        }
        count++;
        if (colon == NULL) {
            return count;
        }
        s = after(s, length + 1);
    }
}

static bool ipv6(struct upheld_span s)
{
    for (size_t i = 0; i + 1 < s.n; i++) {
        if (s.p[i] == ':' && s.p[i + 1] == ':') {
            int high = groups(before(s, i), false), low = groups(after(s, i + 2), true);
            return high >= 0 && low >= 0 && high + low <= 7;
        }
    }
    return groups(s, true) == 8;
}

/* "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" ) */
static bool ip_future(struct upheld_span s)
{
    const uint8_t *dot = s.n == 0 ? NULL : memchr(s.p, '.', s.n);
    if (dot == NULL || (s.p[0] != 'v' && s.p[0] != 'V')) {
        return false;
    }
    size_t at = (size_t)(dot - s.p);
    return at > 1 && all_of(before(after(s, 1), at - 1), HEX) && s.n > at + 1 &&
           all_of(after(s, at + 1), UNRESERVED SUB_DELIMS ":");
}

/* [ ":" *DIGIT ] */
static bool no_port_or_port(struct upheld_span s)
{
    return s.n == 0 || (s.p[0] == ':' && all_of(after(s, 1), DIGITS));
}

bool naive_host(struct upheld_span s)
{
    if (s.n > 0 && s.p[0] == '[') {
        const uint8_t *bracket = memchr(s.p, ']', s.n);
        if (bracket == NULL) {
            return false;
        }
        size_t at = (size_t)(bracket - s.p);
        struct upheld_span inside = before(after(s, 1), at - 1);
        return (ipv6(inside) || ip_future(inside)) && no_port_or_port(after(s, at + 1));
    }
    const uint8_t *colon = s.n == 0 ? NULL : memchr(s.p, ':', s.n);
    size_t host = colon == NULL ? s.n : (size_t)(colon - s.p);
    return all_of_or_encoded(before(s, host), UNRESERVED SUB_DELIMS) &&
           (colon == NULL || no_port_or_port(after(s, host)));
}

bool naive_path_and_query(struct upheld_span s)
{
    const uint8_t *mark = s.n == 0 ? NULL : memchr(s.p, '?', s.n);
    size_t path = mark == NULL ? s.n : (size_t)(mark - s.p);
    if (path > 0 && s.p[0] != '/') {
        return false;
    }
    return all_of_or_encoded(before(s, path), UNRESERVED SUB_DELIMS ":@/") &&
           (mark == NULL || all_of_or_encoded(after(s, path + 1), UNRESERVED SUB_DELIMS ":@/?"));
}

/* RFC 9110 4.2: the host may not be empty, and userinfo is an error. */
static bool authority_and_path(struct upheld_span rest)
{
    size_t end = 0;
    while (end < rest.n && rest.p[end] != '/' && rest.p[end] != '?') {
        end++;
    }
    struct upheld_span authority = before(rest, end);
    return end > 0 && authority.p[0] != ':' && naive_host(authority) &&
           naive_path_and_query(after(rest, end));
}

bool naive_http_uri(struct upheld_span s)
{
    static const char *const schemes[] = { "http://", "https://" };
    for (size_t k = 0; k < 2; k++) {
        size_t length = strlen(schemes[k]);
        if (s.n >= length && naive_is_any_case(before(s, length), schemes[k])) {
            return authority_and_path(after(s, length));
        }
    }
    return false;
}

/* scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." ) */
bool naive_absolute_uri(struct upheld_span s)
{
    const uint8_t *colon = s.n == 0 ? NULL : memchr(s.p, ':', s.n);
    size_t scheme = colon == NULL ? 0 : (size_t)(colon - s.p);
    return scheme > 0 && all_of(before(s, 1), LETTERS) &&
           all_of(before(s, scheme), LETTERS DIGITS "+-.") && s.n >= scheme + 3 &&
           naive_is(before(after(s, scheme), 3), "://") && authority_and_path(after(s, scheme + 3));
}

/* authority-form = uri-host ":" port, neither empty */
bool naive_host_and_port(struct upheld_span s)
{
    size_t port = 0;
    while (port < s.n && naive_one_of(s.p[s.n - 1 - port], DIGITS)) {
        port++;
    }
    return port > 0 && s.n > port + 1 && s.p[s.n - 1 - port] == ':' && naive_host(s) &&
           s.p[0] != ':' && !(s.p[0] == '[' && s.p[s.n - 2 - port] != ']');
}
