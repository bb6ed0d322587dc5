/* list.h: tokens and #rule lists of RFC 9110 section 5.6. Knows one field value, no field. */
#ifndef UPH_LIST_H
#define UPH_LIST_H

#include "bytes.h"

/* Everywhere: p[i .. e-1] is the value, or what is left of it. */

/* Where the longest run of tchar from i on ends; i itself if it is empty. */
/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   i <= e;
    terminates \true;
    assigns \nothing;
    ensures R9110_5_6_2_1: UPH_EXACT(\result == TokenEnd((uint8_t *)p, e, i));
    ensures bounded: i <= \result <= e;
    ensures sound:   \forall integer k; i <= k < \result ==> IsTchar(p[k]) == \true;
    ensures longest: \result < e ==> IsTchar(p[\result]) == \false; */
UPH_APART size_t uph_token_end(const uint8_t *p, size_t e, size_t i);

/* Where whitespace from i on ends. */
/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   i <= e;
    terminates \true;
    assigns \nothing;
    ensures R9110_5_6_3_1: UPH_EXACT(\result == OwsEnd((uint8_t *)p, e, i));
    ensures bounded: i <= \result <= e;
    ensures sound:   \forall integer k; i <= k < \result ==> IsOws(p[k]) == \true;
    ensures longest: \result < e ==> IsOws(p[\result]) == \false; */
size_t uph_ows_end(const uint8_t *p, size_t e, size_t i);

/* Where the longest run of DIGIT from i on ends. */
/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   i <= e;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == DigitsEnd((uint8_t *)p, e, i));
    ensures bounded: i <= \result <= e;
    ensures sound:   \forall integer k; i <= k < \result ==> IsDigit(p[k]) == \true;
    ensures longest: \result < e ==> IsDigit(p[\result]) == \false; */
size_t uph_digits_end(const uint8_t *p, size_t e, size_t i);

/* Where [b, e) ends once trailing whitespace is taken off. */
/*@ requires readable: \valid_read(p + (b .. e - 1));
    requires inside:   b <= e;
    terminates \true;
    assigns \nothing;
    ensures R9112_5_1_2: UPH_EXACT(\result == TrimEnd((uint8_t *)p, b, e));
    ensures bounded: b <= \result <= e;
    ensures sound:   \forall integer k; \result <= k < e ==> IsOws(p[k]) == \true;
    ensures longest: \result > b ==> IsOws(p[\result - 1]) == \false; */
size_t uph_trim_end(const uint8_t *p, size_t b, size_t e);

/* Where the list member that starts at i ends: at a comma, or at e. */
/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   i <= e;
    terminates \true;
    assigns \nothing;
    ensures R9110_5_6_1_2: UPH_EXACT(\result == CommaOrEnd((uint8_t *)p, e, i));
    ensures bounded: i <= \result <= e;
    ensures none:    \forall integer k; i <= k < \result ==> p[k] != ',';
    ensures comma:   \result < e ==> p[\result] == ','; */
size_t uph_comma_or_end(const uint8_t *p, size_t e, size_t i);

/* Whether the list member [i, c) is the token w of m octets, whole and ASCII case apart. */
/*@ requires readable: \valid_read(p + (i .. c - 1));
    requires word:     \valid_read(w + (0 .. m - 1));
    requires inside:   i <= c && 0 < m;
    terminates \true;
    assigns \nothing;
    ensures R9110_7_6_1_1: UPH_EXACT(
      \result <==> MemberIs((uint8_t *)p, i, c, (uint8_t *)w, m) == \true);
    ensures plain: \result ==> m <= c - i; */
bool uph_member_is(const uint8_t *p, size_t c, size_t i, const uint8_t *w, size_t m);

/* Whether some member of the list is the token w of m octets, ASCII case apart. */
/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires word:     \valid_read(w + (0 .. m - 1));
    requires inside:   i <= e && 0 < m;
    terminates \true;
    assigns \nothing;
    ensures R9110_7_6_1_1: UPH_EXACT(
      \result <==> ListHas((uint8_t *)p, e, i, (uint8_t *)w, m) == \true);
    ensures plain: \result ==> m <= e - i; */
UPH_APART bool uph_list_has(const uint8_t *p, size_t e, size_t i, const uint8_t *w, size_t m);

/* Whether every member that is not empty is the token w of m octets, ASCII case apart. */
/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires word:     \valid_read(w + (0 .. m - 1));
    requires inside:   i <= e && 0 < m;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result <==> ListOnly((uint8_t *)p, e, i, (uint8_t *)w, m) == \true); */
bool uph_list_only(const uint8_t *p, size_t e, size_t i, const uint8_t *w, size_t m);

#endif
