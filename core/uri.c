/* uri.c: hosts and request-targets (RFC 3986, RFC 9110 section 7.2, RFC 9112 section 3.2).
 * Knows spans of octets, no message. */
#include "uri.h"

/* Whether a pct-encoded triplet stands at i (RFC 3986 section 2.1). */
/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   i < e;
    terminates \true;
    assigns \nothing;
    ensures exact: \result <==> p[i] == '%' && i + 2 < e && IsHexdig(p[i + 1]) == \true &&
                               IsHexdig(p[i + 2]) == \true; */
static bool pct_encoded(const uint8_t *p, size_t e, size_t i)
{
    return p[i] == '%' && e - i > 2 && uph_hexdig(p[i + 1]) && uph_hexdig(p[i + 2]);
}

/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   i <= e;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == RegNameEnd((uint8_t *)p, e, i));
    ensures bounded: i <= \result <= e; */
static size_t reg_name_end(const uint8_t *p, size_t e, size_t i)
{
    size_t j = i;
    /*@ loop invariant bounded: i <= j <= e;
        loop invariant exact: UPH_EXACT(RegNameEnd((uint8_t *)p, e, i) ==
                                        RegNameEnd((uint8_t *)p, e, j));
        loop assigns j;
        loop variant e - j; */
    while (j < e) {
        if (uph_reg_name(p[j])) {
            j++;
        } else if (pct_encoded(p, e, j)) {
            j += 3;
        } else {
            break;
        }
    }
    return j;
}

/* So many octets of a path or a query are looked at together. */
#define PATH_BLOCK 16

/* What p[i + k] says of where the first octet stands that is none of those that paths and queries
 * are made of, nearly all of them: k, or PATH_BLOCK. */
/*@ requires few: k < PATH_BLOCK;
    terminates \true;
    assigns \nothing;
    ensures place: \result == k || (\result == PATH_BLOCK && IsPathQuery(c) == \true); */
static inline uint8_t place_in_path(uint8_t c, size_t k)
{
    uint8_t few = (c == '=' || c == '?') ? PATH_BLOCK : uph_place(k);
    return (uph_alpha(c) || ('&' <= c && c <= ';')) ? PATH_BLOCK : few;
}

/* Where in the block at i its first octet stands that is none of the usual, or PATH_BLOCK. */
/*@ requires readable: \valid_read(p + (i .. i + PATH_BLOCK - 1));
    requires inside:   i + PATH_BLOCK <= SIZE_MAX;
    terminates \true;
    assigns \nothing;
    ensures bounded: \result <= PATH_BLOCK;
    ensures exact: UPH_EXACT(
      \forall integer e, j; i <= j <= i + \result && i + PATH_BLOCK <= e ==>
        PathQueryEnd((uint8_t *)p, e, j) == PathQueryEnd((uint8_t *)p, e, i + \result)); */
static UPH_APART size_t unusual_in_path(const uint8_t *p, size_t i)
{
    uint8_t stop = PATH_BLOCK;
    UPH_LOOP
    /*@ loop invariant bounded: 0 <= k <= PATH_BLOCK && (stop < k || stop == PATH_BLOCK);
        loop invariant exact: UPH_EXACT(
          \forall integer e, j; i <= j <= i + (stop < k ? stop : k) && i + PATH_BLOCK <= e ==>
            PathQueryEnd((uint8_t *)p, e, j) ==
            PathQueryEnd((uint8_t *)p, e, i + (stop < k ? stop : k)));
        loop assigns k, stop;
        loop variant PATH_BLOCK - k; */
    for (size_t k = 0; k < PATH_BLOCK; k++) {
        uint8_t at = place_in_path(p[i + k], k);
        stop = at < stop ? at : stop;
    }
    return stop;
}

/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   i <= e;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == PathQueryEnd((uint8_t *)p, e, i));
    ensures bounded: i <= \result <= e; */
static inline size_t path_octets_end(const uint8_t *p, size_t e, size_t i)
{
    size_t j = i;
    /*@ loop invariant bounded: i <= j <= e;
        loop invariant exact: UPH_EXACT(PathQueryEnd((uint8_t *)p, e, i) ==
                                        PathQueryEnd((uint8_t *)p, e, j));
        loop assigns j;
        loop variant e - j; */
    while (j < e) {
        if (uph_path_query(p[j])) {
            j++;
        } else if (pct_encoded(p, e, j)) {
            j += 3;
        } else {
            break;
        }
    }
    return j;
}

/* The same of [j, e), less than a block, of [i, e): the last block of that is looked at again. */
/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   i <= j <= e;
    requires rest:     e - j < PATH_BLOCK;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == PathQueryEnd((uint8_t *)p, e, j));
    ensures bounded: j <= \result <= e; */
static inline size_t path_rest_end(const uint8_t *p, size_t e, size_t i, size_t j)
{
    if (e - i < PATH_BLOCK) {
        return path_octets_end(p, e, j);
    }
    size_t last = e - PATH_BLOCK + unusual_in_path(p, e - PATH_BLOCK);
    return path_octets_end(p, e, last < j ? j : last);
}

/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   i <= e;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == PathQueryEnd((uint8_t *)p, e, i)); */
static UPH_APART size_t path_query_end(const uint8_t *p, size_t e, size_t i)
{
    size_t j = i;
    /*@ loop invariant bounded: i <= j <= e;
        loop invariant exact: UPH_EXACT(PathQueryEnd((uint8_t *)p, e, i) ==
                                        PathQueryEnd((uint8_t *)p, e, j));
        loop assigns j;
        loop variant e - j; */
    while (e - j >= PATH_BLOCK) {
        size_t stop = unusual_in_path(p, j);
        /*@ assert usual: UPH_EXACT(PathQueryEnd((uint8_t *)p, e, i) ==
                                    PathQueryEnd((uint8_t *)p, e, j + stop)); */
        if (stop >= PATH_BLOCK) {
            j += PATH_BLOCK;
        } else if (uph_path_query(p[j + stop])) {
            j += stop + 1;
        } else if (pct_encoded(p, e, j + stop)) {
            j += stop + 3;
        } else {
            return j + stop;
        }
    }
    return path_rest_end(p, e, i, j);
}

/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   i <= e;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == SchemeEnd((uint8_t *)p, e, i));
    ensures bounded: i <= \result <= e; */
static size_t scheme_end(const uint8_t *p, size_t e, size_t i)
{
    size_t j = i;
    /*@ loop invariant bounded: i <= j <= e;
        loop invariant exact: UPH_EXACT(SchemeEnd((uint8_t *)p, e, i) ==
                                        SchemeEnd((uint8_t *)p, e, j));
        loop assigns j;
        loop variant e - j; */
    while (j < e && uph_scheme(p[j])) {
        j++;
    }
    return j;
}

/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   i <= e;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == HexEnd((uint8_t *)p, e, i));
    ensures bounded: i <= \result <= e; */
static size_t hex_end(const uint8_t *p, size_t e, size_t i)
{
    size_t j = i;
    /*@ loop invariant bounded: i <= j <= e;
        loop invariant exact: UPH_EXACT(HexEnd((uint8_t *)p, e, i) ==
                                        HexEnd((uint8_t *)p, e, j));
        loop assigns j;
        loop variant e - j; */
    while (j < e && uph_hexdig(p[j])) {
        j++;
    }
    return j;
}

/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   i <= e;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == FutureEnd((uint8_t *)p, e, i)); */
static size_t future_end(const uint8_t *p, size_t e, size_t i)
{
    size_t j = i;
    /*@ loop invariant bounded: i <= j <= e;
        loop invariant exact: UPH_EXACT(FutureEnd((uint8_t *)p, e, i) ==
                                        FutureEnd((uint8_t *)p, e, j));
        loop assigns j;
        loop variant e - j; */
    while (j < e && (uph_reg_name(p[j]) || p[j] == ':')) {
        j++;
    }
    return j;
}

/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   i <= e;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == BracketEnd((uint8_t *)p, e, i));
    ensures bounded: i <= \result <= e; */
static size_t bracket_end(const uint8_t *p, size_t e, size_t i)
{
    size_t j = i;
    /*@ loop invariant bounded: i <= j <= e;
        loop invariant exact: UPH_EXACT(BracketEnd((uint8_t *)p, e, i) ==
                                        BracketEnd((uint8_t *)p, e, j));
        loop assigns j;
        loop variant e - j; */
    while (j < e && p[j] != ']') {
        j++;
    }
    return j;
}

/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   i <= e;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == AuthorityEnd((uint8_t *)p, e, i));
    ensures bounded: i <= \result <= e; */
static size_t authority_end(const uint8_t *p, size_t e, size_t i)
{
    size_t j = i;
    /*@ loop invariant bounded: i <= j <= e;
        loop invariant exact: UPH_EXACT(AuthorityEnd((uint8_t *)p, e, i) ==
                                        AuthorityEnd((uint8_t *)p, e, j));
        loop assigns j;
        loop variant e - j; */
    while (j < e && p[j] != '/' && p[j] != '?') {
        j++;
    }
    return j;
}

bool uph_dec_octet(const uint8_t *p, size_t b, size_t e)
{
    if (e - b == 1) {
        return uph_digit(p[b]);
    }
    if (e - b == 2) {
        return uph_digit(p[b]) && uph_digit(p[b + 1]) && p[b] != '0';
    }
    if (e - b != 3 || !uph_digit(p[b + 1]) || !uph_digit(p[b + 2])) {
        return false;
    }
    return p[b] == '1' || (p[b] == '2' && (p[b + 1] < '5' || (p[b + 1] == '5' && p[b + 2] <= '5')));
}

/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   i <= e;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result <==> Ipv4((uint8_t *)p, e, i, 3) == \true); */
static bool ipv4(const uint8_t *p, size_t e, size_t i)
{
    size_t at = i;
    /*@ loop invariant bounded: i <= at <= e && 0 <= k <= 3;
        loop invariant exact: UPH_EXACT(Ipv4((uint8_t *)p, e, i, 3) ==
                                        Ipv4((uint8_t *)p, e, at, k));
        loop assigns at, k;
        loop variant k; */
    for (unsigned k = 3; k > 0; k--) {
        size_t t = uph_digits_end(p, e, at);
        if (!uph_dec_octet(p, at, t) || t >= e || p[t] != '.') {
            return false;
        }
        at = t + 1;
    }
    size_t last = uph_digits_end(p, e, at);
    return last == e && uph_dec_octet(p, at, last);
}

/* Whether g groups of an IPv6 address are neither too many nor too few; d: "::" is among them. */
/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result <==> Ipv6Count(g, d) == \true); */
static bool ipv6_count(unsigned g, bool d)
{
    return d ? g <= 7 : g == 8;
}

/* The groups of an IPv6 address from i on; d: "::" stood before. */
/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   i <= e;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result <==>
                             Ipv6((uint8_t *)p, e, i, 0, d) == \true); */
static UPH_SELDOM bool ipv6(const uint8_t *p, size_t e, size_t i, bool d)
{
    size_t at = i;
    bool seen = d;
    unsigned g = 0;
    /*@ loop invariant bounded: i <= at <= e && 0 <= g <= 8;
        loop invariant exact: UPH_EXACT(
          Ipv6((uint8_t *)p, e, i, 0, d) ==
          Ipv6((uint8_t *)p, e, at, g, seen));
        loop assigns at, seen, g;
        loop variant e - at; */
    for (;;) {
        size_t t = hex_end(p, e, at);
        if (t < e && p[t] == '.') {
            return ipv6_count(g + 2, seen) && ipv4(p, e, at);
        }
        if (t == at || t - at > 4 || g >= 8) {
            return false;
        }
        g++;
        if (t >= e) {
            return ipv6_count(g, seen);
        }
        if (p[t] != ':') {
            return false;
        }
        at = t + 1;
        if (at < e && p[at] == ':') {
            if (seen) {
                return false;
            }
            seen = true;
            at++;
            if (at >= e) {
                return ipv6_count(g, true);
            }
        }
    }
}

/*@ requires readable: \valid_read(p + (b .. e - 1));
    requires inside:   b <= e;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result <==> Ipv6Address((uint8_t *)p, b, e) == \true); */
static UPH_SELDOM bool ipv6_address(const uint8_t *p, size_t b, size_t e)
{
    if (e - b >= 2 && p[b] == ':' && p[b + 1] == ':') {
        return e - b == 2 || ipv6(p, e, b + 2, true);
    }
    return ipv6(p, e, b, false);
}

/*@ requires readable: \valid_read(p + (b .. e - 1));
    requires inside:   b <= e;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result <==> IpFuture((uint8_t *)p, b, e) == \true); */
static UPH_SELDOM bool ip_future(const uint8_t *p, size_t b, size_t e)
{
    if (b >= e || (p[b] != 'v' && p[b] != 'V')) {
        return false;
    }
    size_t t = hex_end(p, e, b + 1);
    return t > b + 1 && e - t >= 2 && p[t] == '.' && future_end(p, e, t + 1) == e;
}

/* Where the uri-host from b on ends; b if there is none. */
/*@ requires readable: \valid_read(p + (b .. e - 1));
    requires inside:   b <= e;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == UriHostEnd((uint8_t *)p, e, b));
    ensures bounded: b <= \result <= e; */
static size_t uri_host_end(const uint8_t *p, size_t e, size_t b)
{
    if (b >= e || p[b] != '[') {
        return reg_name_end(p, e, b);
    }
    size_t t = bracket_end(p, e, b + 1);
    if (t < e && (ipv6_address(p, b + 1, t) || ip_future(p, b + 1, t))) {
        return t + 1;
    }
    return b;
}

/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   i <= e;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result <==> PortOnly((uint8_t *)p, e, i) == \true); */
static bool port_only(const uint8_t *p, size_t e, size_t i)
{
    return i >= e || (p[i] == ':' && uph_digits_end(p, e, i + 1) == e);
}

bool uph_host_value(const uint8_t *p, size_t b, size_t e)
{
    return port_only(p, e, uri_host_end(p, e, b));
}

/*@ requires readable: \valid_read(p + (b .. e - 1));
    requires inside:   b <= e;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result <==> Authority((uint8_t *)p, b, e) == \true); */
static bool authority(const uint8_t *p, size_t b, size_t e)
{
    size_t t = uri_host_end(p, e, b);
    return b < t && port_only(p, e, t);
}

/*@ requires readable: \valid_read(p + (b .. e - 1));
    requires inside:   b <= s <= e;
    terminates \true;
    assigns \nothing;
    ensures R9112_3_2_2_1: UPH_EXACT(\result <==>
                                     AbsoluteForm((uint8_t *)p, b, e, s) == \true); */
static bool absolute_form(const uint8_t *p, size_t b, size_t e, size_t s)
{
    if (b >= s || !uph_alpha(p[b]) || e - s <= 2 || p[s] != ':' || p[s + 1] != '/' ||
        p[s + 2] != '/') {
        return false;
    }
    size_t t = authority_end(p, e, s + 3);
    return authority(p, s + 3, t) && path_query_end(p, e, t) == e;
}

bool uph_web_scheme(const uint8_t *p, size_t b, size_t s)
{
    return (s - b == 4 || s - b == 5) && uph_same_word(p, b, UPH_HTTPS, s - b);
}

/*@ requires readable: \valid_read(p + (b .. e - 1));
    requires inside:   b <= e;
    terminates \true;
    assigns \nothing;
    ensures R9112_3_2_3_1: UPH_EXACT(\result <==> AuthorityForm((uint8_t *)p, b, e) == \true); */
static bool authority_form(const uint8_t *p, size_t b, size_t e)
{
    size_t t = uri_host_end(p, e, b);
    return b < t && e - t >= 2 && port_only(p, e, t);
}

enum uph_target uph_target_form(const uint8_t *p, size_t b, size_t e)
{
    if (b < e && p[b] == '/') {
        return path_query_end(p, e, b) == e ? UPH_TARGET_ORIGIN : UPH_TARGET_INVALID;
    }
    if (e - b == 1 && p[b] == '*') {
        return UPH_TARGET_ASTERISK;
    }
    size_t s = scheme_end(p, e, b);
    if (absolute_form(p, b, e, s)) {
        return uph_web_scheme(p, b, s) ? UPH_TARGET_WEB : UPH_TARGET_ABSOLUTE;
    }
    return authority_form(p, b, e) ? UPH_TARGET_AUTHORITY : UPH_TARGET_INVALID;
}
