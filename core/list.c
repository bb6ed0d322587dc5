/* list.c: tokens and #rule lists of RFC 9110 section 5.6. Knows one field value, no field. */
#include "list.h"

/* So many octets are looked at together. Names of fields are seldom longer. */
#define TOKEN_BLOCK 16

/* Whether c is of those that names of fields are made of, nearly all of them. */
/*@ terminates \true;
    assigns \nothing;
    ensures tchar: \result ==> IsTchar(c) == \true; */
static inline bool usual_tchar(uint8_t c)
{
    return uph_alpha(c) || c == '-';
}

/* Where in the block at i its first octet stands that is none of the usual, or TOKEN_BLOCK. */
/*@ requires readable: \valid_read(p + (i .. i + TOKEN_BLOCK - 1));
    requires inside:   i + TOKEN_BLOCK <= SIZE_MAX;
    terminates \true;
    assigns \nothing;
    ensures bounded: \result <= TOKEN_BLOCK;
    ensures exact: UPH_EXACT(
      \forall integer e; i + TOKEN_BLOCK <= e ==>
        TokenEnd((uint8_t *)p, e, i) == TokenEnd((uint8_t *)p, e, i + \result));
    ensures sound: \forall integer k; i <= k < i + \result ==> IsTchar(p[k]) == \true; */
static inline size_t unusual_in_block(const uint8_t *p, size_t i)
{
    uint8_t stop = TOKEN_BLOCK;
    UPH_LOOP
    /*@ loop invariant bounded: 0 <= k <= TOKEN_BLOCK && (stop < k || stop == TOKEN_BLOCK);
        loop invariant exact: UPH_EXACT(
          \forall integer e; i + TOKEN_BLOCK <= e ==>
            TokenEnd((uint8_t *)p, e, i) ==
            TokenEnd((uint8_t *)p, e, i + (stop < k ? stop : k)));
        loop invariant sound: \forall integer j; i <= j < i + (stop < k ? stop : k) ==>
                              IsTchar(p[j]) == \true;
        loop assigns k, stop;
        loop variant TOKEN_BLOCK - k; */
    for (size_t k = 0; k < TOKEN_BLOCK; k++) {
        uint8_t at = usual_tchar(p[i + k]) ? TOKEN_BLOCK : uph_place(k);
        stop = at < stop ? at : stop;
    }
    return stop;
}

/* What uph_token_end() says, octet by octet. */
/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   i <= e;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == TokenEnd((uint8_t *)p, e, i));
    ensures bounded: i <= \result <= e;
    ensures sound:   \forall integer k; i <= k < \result ==> IsTchar(p[k]) == \true;
    ensures longest: \result < e ==> IsTchar(p[\result]) == \false; */
static inline size_t tchars_end(const uint8_t *p, size_t e, size_t i)
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

size_t uph_token_end(const uint8_t *p, size_t e, size_t i)
{
    size_t j = i;
    /*@ loop invariant bounded: i <= j <= e;
        loop invariant exact: UPH_EXACT(TokenEnd((uint8_t *)p, e, i) ==
                                        TokenEnd((uint8_t *)p, e, j));
        loop invariant sound: \forall integer k; i <= k < j ==> IsTchar(p[k]) == \true;
        loop assigns j;
        loop variant e - j; */
    while (e - j >= TOKEN_BLOCK) {
        size_t stop = unusual_in_block(p, j);
        if (stop >= TOKEN_BLOCK) {
            j += TOKEN_BLOCK;
        } else if (p[j + stop] != ':' && uph_tchar(p[j + stop])) {
            j += stop + 1;
        } else {
            return j + stop;
        }
    }
    return tchars_end(p, e, j);
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

/* A token ends inside: by induction. */
/*@ ghost
  /@ requires readable: \valid_read(p + (i .. e - 1));
     requires inside:   i <= e;
     terminates \true;
     assigns \nothing;
     ensures inside: UPH_EXACT(i <= TokenEnd((uint8_t *)p, e, i) <= e); @/
  static void token_inside(const uint8_t *p, size_t e, size_t i)
  {
    size_t k = e;
    /@ loop invariant bounded: i <= k <= e;
       loop invariant inside: UPH_EXACT(k <= TokenEnd((uint8_t *)p, e, k) <= e);
       loop assigns k;
       loop variant k; @/
    while (k > i) {
      k--;
    }
  }
*/

bool uph_member_is(const uint8_t *p, size_t c, size_t i, const uint8_t *w, size_t m)
{
    size_t s = uph_ows_end(p, c, i);
    /*@ ghost token_inside(p, c, s); */
    if (c - s < m) {
        return false;
    }
    /*@ ghost uph_word_is_each(p, s, w, m); */
    if (uph_lower(p[s]) != w[0] || !uph_same_word(p, s, w, m)) {
        return false;
    }
    return uph_token_end(p, c, s) == s + m && uph_ows_end(p, c, s + m) == c;
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
