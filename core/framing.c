/* framing.c: how a body would be framed (RFC 9110 section 8.6, RFC 9112 section 6). Knows the
 * values of Content-Length and Transfer-Encoding, and reads no body. */
#include "framing.h"

UPH_SELDOM_BEGIN

/* The number that the digits [b, e) write; -1 if it is above UPH_LENGTH_MAX. */
/*@ requires readable: \valid_read(p + (b .. e - 1));
    requires inside:   b <= e;
    requires digits:   \forall integer k; b <= k < e ==> '0' <= p[k] <= '9';
    terminates \true;
    assigns \nothing;
    ensures R9110_8_6_2: UPH_EXACT(\result == Decimal((uint8_t *)p, e, b, 0));
    ensures bounded: -1 <= \result <= UPH_LENGTH_MAX; */
static int64_t decimal(const uint8_t *p, size_t b, size_t e)
{
    int64_t v = 0;
    size_t i = b;
    /*@ loop invariant bounded: b <= i <= e && 0 <= v <= UPH_LENGTH_MAX;
        loop invariant exact: UPH_EXACT(Decimal((uint8_t *)p, e, b, 0) ==
                                        Decimal((uint8_t *)p, e, i, v));
        loop assigns i, v;
        loop variant e - i; */
    while (i < e) {
        v = v * 10 + (p[i] - '0');
        if (v > UPH_LENGTH_MAX) {
            return -1;
        }
        i++;
    }
    return v;
}

/*@ requires readable: \valid_read(p + (i .. c - 1));
    requires inside:   i <= c;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == LengthMember((uint8_t *)p, i, c));
    ensures bounded: -1 <= \result <= UPH_LENGTH_MAX; */
static int64_t length_member(const uint8_t *p, size_t c, size_t i)
{
    size_t b = uph_ows_end(p, c, i);
    size_t t = uph_digits_end(p, c, b);
    if (t == b || uph_ows_end(p, c, t) != c) {
        return -1;
    }
    return decimal(p, b, t);
}

/* The one number that all members of [i, e) are; -1 if there is none. */
/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   i <= e;
    terminates \true;
    assigns \nothing;
    ensures R9112_6_3_3: UPH_EXACT(\result == LengthList((uint8_t *)p, e, i));
    ensures bounded: -1 <= \result <= UPH_LENGTH_MAX; */
static int64_t length_list(const uint8_t *p, size_t e, size_t i)
{
    size_t c = uph_comma_or_end(p, e, i);
    int64_t first = length_member(p, c, i);
    /*@ loop invariant bounded: i <= c <= e;
        loop invariant exact: UPH_EXACT(
          LengthList((uint8_t *)p, e, i) ==
          (c >= e ? first :
           LengthList((uint8_t *)p, e, c + 1) == first ? first : -1));
        loop assigns c;
        loop variant e - c; */
    while (c < e) {
        size_t at = c + 1;
        c = uph_comma_or_end(p, e, at);
        if (length_member(p, c, at) != first) {
            return -1;
        }
    }
    return first;
}

struct uph_framing uph_framing_length(const uint8_t *p, size_t e, size_t v, struct uph_framing f)
{
    int64_t length = length_list(p, e, v);
    if (f.length_given && f.length != length) {
        f.length = -1;
        return f;
    }
    f.length_given = true;
    f.length = length;
    return f;
}

/*@ requires readable: \valid_read(p + (i .. c - 1));
    requires inside:   i <= c;
    requires state:    0 <= s <= 3;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == CodingMember((uint8_t *)p, i, c, s)); */
static enum uph_codings coding_member(const uint8_t *p, size_t c, size_t i, enum uph_codings s)
{
    if (uph_ows_end(p, c, i) == c) {
        return s;
    }
    if (!uph_member_is(p, c, i, UPH_CHUNKED, sizeof UPH_CHUNKED)) {
        return UPH_CODINGS_OPEN;
    }
    return s == UPH_CODINGS_NONE ? UPH_CODINGS_CHUNKED : UPH_CODINGS_STACKED;
}

/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   i <= e;
    requires state:    0 <= s <= 3;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == CodingList((uint8_t *)p, e, i, s));
    ensures state: 0 <= \result <= 3; */
static enum uph_codings coding_list(const uint8_t *p, size_t e, size_t i, enum uph_codings s)
{
    enum uph_codings now = s;
    size_t at = i;
    /*@ loop invariant bounded: i <= at <= e && 0 <= now <= 3;
        loop invariant exact: UPH_EXACT(CodingList((uint8_t *)p, e, i, s) ==
                                        CodingList((uint8_t *)p, e, at, now));
        loop assigns at, now;
        loop variant e - at; */
    for (;;) {
        size_t c = uph_comma_or_end(p, e, at);
        now = coding_member(p, c, at, now);
        if (c >= e) {
            return now;
        }
        at = c + 1;
    }
}

struct uph_framing uph_framing_codings(const uint8_t *p, size_t e, size_t v, struct uph_framing f)
{
    f.coded = true;
    f.codings = coding_list(p, e, v, f.codings);
    return f;
}

UPH_SELDOM_END
