/* list.c: tokens and #rule lists of RFC 9110 section 5.6. Knows one field value, no field. */
#include "list.h"

size_t uph_token_end(const uint8_t *p, size_t e, size_t i)
{
    size_t j = i;
    /*@ loop invariant bounded: i <= j <= e;
        loop invariant exact: UPH_EXACT(TokenEnd((uint8_t *)p, e, i) ==
                                        TokenEnd((uint8_t *)p, e, j));
        loop invariant sound: \forall integer k; i <= k < j ==> IsTchar(p[k]) == \true;
        loop assigns j;
        loop variant e - j; */
    while (j < e && uph_tchar(p[j])) {
        j++;
    }
    return j;
}

size_t uph_ows_end(const uint8_t *p, size_t e, size_t i)
{
    size_t j = i;
    /*@ loop invariant bounded: i <= j <= e;
        loop invariant exact: UPH_EXACT(OwsEnd((uint8_t *)p, e, i) == OwsEnd((uint8_t *)p, e, j));
        loop invariant sound: \forall integer k; i <= k < j ==> IsOws(p[k]) == \true;
        loop assigns j;
        loop variant e - j; */
    while (j < e && uph_ows(p[j])) {
        j++;
    }
    return j;
}

size_t uph_digits_end(const uint8_t *p, size_t e, size_t i)
{
    size_t j = i;
    /*@ loop invariant bounded: i <= j <= e;
        loop invariant exact: UPH_EXACT(DigitsEnd((uint8_t *)p, e, i) ==
                                        DigitsEnd((uint8_t *)p, e, j));
        loop invariant sound: \forall integer k; i <= k < j ==> IsDigit(p[k]) == \true;
        loop assigns j;
        loop variant e - j; */
    while (j < e && uph_digit(p[j])) {
        j++;
    }
    return j;
}

size_t uph_trim_end(const uint8_t *p, size_t b, size_t e)
{
    size_t j = e;
    /*@ loop invariant bounded: b <= j <= e;
        loop invariant exact: UPH_EXACT(TrimEnd((uint8_t *)p, b, e) == TrimEnd((uint8_t *)p, b, j));
        loop invariant sound: \forall integer k; j <= k < e ==> IsOws(p[k]) == \true;
        loop assigns j;
        loop variant j; */
    while (j > b && uph_ows(p[j - 1])) {
        j--;
    }
    return j;
}

size_t uph_comma_or_end(const uint8_t *p, size_t e, size_t i)
{
    size_t j = i;
    /*@ loop invariant bounded: i <= j <= e;
        loop invariant exact: UPH_EXACT(CommaOrEnd((uint8_t *)p, e, i) ==
                                        CommaOrEnd((uint8_t *)p, e, j));
        loop invariant none: \forall integer k; i <= k < j ==> p[k] != ',';
        loop assigns j;
        loop variant e - j; */
    while (j < e && p[j] != ',') {
        j++;
    }
    return j;
}

bool uph_member_is(const uint8_t *p, size_t c, size_t i, const uint8_t *w, size_t m)
{
    size_t s = uph_ows_end(p, c, i);
    size_t t = uph_token_end(p, c, s);
    return t - s == m && uph_same_word(p, s, w, m) && uph_ows_end(p, c, t) == c;
}

bool uph_list_has(const uint8_t *p, size_t e, size_t i, const uint8_t *w, size_t m)
{
    size_t at = i;
    /*@ loop invariant bounded: i <= at <= e;
        loop invariant exact: UPH_EXACT(ListHas((uint8_t *)p, e, i, (uint8_t *)w, m) ==
                                        ListHas((uint8_t *)p, e, at, (uint8_t *)w, m));
        loop assigns at;
        loop variant e - at; */
    for (;;) {
        size_t c = uph_comma_or_end(p, e, at);
        if (uph_member_is(p, c, at, w, m)) {
            return true;
        }
        if (c >= e) {
            return false;
        }
        at = c + 1;
    }
}

bool uph_list_only(const uint8_t *p, size_t e, size_t i, const uint8_t *w, size_t m)
{
    size_t at = i;
    /*@ loop invariant bounded: i <= at <= e;
        loop invariant exact: UPH_EXACT(ListOnly((uint8_t *)p, e, i, (uint8_t *)w, m) ==
                                        ListOnly((uint8_t *)p, e, at, (uint8_t *)w, m));
        loop assigns at;
        loop variant e - at; */
    for (;;) {
        size_t c = uph_comma_or_end(p, e, at);
        if (uph_ows_end(p, c, at) != c && !uph_member_is(p, c, at, w, m)) {
            return false;
        }
        if (c >= e) {
            return true;
        }
        at = c + 1;
    }
}
