/* bytes.h: octet classes of RFC 9110 section 5.6 and RFC 3986, and words. Knows single octets. */
#ifndef UPH_BYTES_H
#define UPH_BYTES_H

#include "compiler.h"
#include "contract.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* At most so many octets are looked at together. */
#define UPH_PLACES 32

#ifdef __FRAMAC__
#include "../proofs/spec/characters.acsl"
#ifndef UPHELD_RUNTIME_CONTRACTS
#include "../proofs/spec/lists.acsl"
#endif
#endif

/*@ terminates \true;
    assigns \nothing;
    ensures R9110_5_6_2_1: \result <==> IsTchar(c) == \true; */
static inline bool uph_tchar(uint8_t c)
{
    return ('^' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || c == '-' || ('0' <= c && c <= '9') ||
           c == '!' || ('#' <= c && c <= '\'') || c == '*' || c == '+' || c == '.' || c == '|' ||
           c == '~';
}

/*@ terminates \true;
    assigns \nothing;
    ensures R9110_5_6_3_1: \result <==> IsOws(c) == \true; */
static inline bool uph_ows(uint8_t c)
{
    return c == 0x20 || c == 0x09;
}

/*@ terminates \true;
    assigns \nothing;
    ensures R9110_5_5_3: \result <==> IsLineOctet(c) == \true; */
static inline bool uph_line_octet(uint8_t c)
{
    return (c >= 0x20 && c != 0x7f) || c == 0x09;
}

/*@ terminates \true;
    assigns \nothing;
    ensures R9110_5_1_1: \result == Lower(c); */
static inline uint8_t uph_lower(uint8_t c)
{
    return ('A' <= c && c <= 'Z') ? (uint8_t)(c + 32) : c;
}

/*@ terminates \true;
    assigns \nothing;
    ensures digit: \result <==> IsDigit(c) == \true; */
static inline bool uph_digit(uint8_t c)
{
    return '0' <= c && c <= '9';
}

/*@ terminates \true;
    assigns \nothing;
    ensures hexdig: \result <==> IsHexdig(c) == \true; */
static inline bool uph_hexdig(uint8_t c)
{
    return ('0' <= c && c <= '9') || ('A' <= c && c <= 'F') || ('a' <= c && c <= 'f');
}

/*@ terminates \true;
    assigns \nothing;
    ensures alpha: \result <==> IsAlpha(c) == \true; */
static inline bool uph_alpha(uint8_t c)
{
    return ('A' <= c && c <= 'Z') || ('a' <= c && c <= 'z');
}

/*@ terminates \true;
    assigns \nothing;
    ensures reg_name: \result <==> IsRegName(c) == \true; */
static inline bool uph_reg_name(uint8_t c)
{
    return uph_alpha(c) || uph_digit(c) || c == '-' || c == '.' || c == '_' || c == '~' ||
           c == '!' || c == '$' || ('&' <= c && c <= ',') || c == ';' || c == '=';
}

/*@ terminates \true;
    assigns \nothing;
    ensures path_query: \result <==> IsPathQuery(c) == \true; */
static inline bool uph_path_query(uint8_t c)
{
    return uph_reg_name(c) || c == ':' || c == '@' || c == '/' || c == '?';
}

/*@ terminates \true;
    assigns \nothing;
    ensures scheme: \result <==> IsScheme(c) == \true; */
static inline bool uph_scheme(uint8_t c)
{
    return uph_alpha(c) || uph_digit(c) || c == '+' || c == '-' || c == '.';
}

/* k itself. Where one looks for the first of some octets that is of a class, the least of these
 * numbers does it without a branch for each octet; compilers take them from memory together, where
 * counting them would take more instructions than all else. */
/*@ requires few: k < UPH_PLACES;
    terminates \true;
    assigns \nothing;
    ensures place: \result == k; */
static inline uint8_t uph_place(size_t k)
{
    static const uint8_t places[UPH_PLACES] = { 0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10,
                                                11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
                                                22, 23, 24, 25, 26, 27, 28, 29, 30, 31 };
    return places[k];
}

/* SameWord says of each octet what it says of the word: by induction. */
/*@ ghost
  /@ requires readable: \valid_read(p + (b .. b + m - 1));
     requires word:     \valid_read(w + (0 .. m - 1));
     terminates \true;
     assigns \nothing;
     ensures each: UPH_EXACT(SameWord((uint8_t *)p, b, (uint8_t *)w, m) == \true <==>
       (\forall integer k; 0 <= k < m ==> Lower(p[b + k]) == w[k])); @/
  static inline void uph_word_is_each(const uint8_t *p, size_t b, const uint8_t *w, size_t m)
  {
    size_t k = 0;
    /@ loop invariant bounded: 0 <= k <= m;
       loop invariant each: UPH_EXACT(SameWord((uint8_t *)p, b, (uint8_t *)w, k) == \true <==>
         (\forall integer j; 0 <= j < k ==> Lower(p[b + j]) == w[j]));
       loop assigns k;
       loop variant m - k; @/
    while (k < m) {
      k++;
    }
  }
*/

/* Whether the m octets from p[b] on are the word w, which is in lower case; ASCII case apart. */
/*@ requires readable: \valid_read(p + (b .. b + m - 1));
    requires word:     \valid_read(w + (0 .. m - 1));
    requires inside:   b + m <= SIZE_MAX;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result <==> SameWord((uint8_t *)p, b, (uint8_t *)w, m) == \true);
    ensures plain: \result <==> (\forall integer k; 0 <= k < m ==> Lower(p[b + k]) == w[k]); */
UPH_APART bool uph_same_word(const uint8_t *p, size_t b, const uint8_t *w, size_t m);

/* Whether the m octets from p[b] on are those of w. */
/*@ requires readable: \valid_read(p + (b .. b + m - 1));
    requires word:     \valid_read(w + (0 .. m - 1));
    requires inside:   b + m <= SIZE_MAX;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result <==> SameOctets((uint8_t *)p, b, (uint8_t *)w, m) == \true);
    ensures plain: \result <==> (\forall integer k; 0 <= k < m ==> p[b + k] == w[k]); */
bool uph_same_octets(const uint8_t *p, size_t b, const uint8_t *w, size_t m);

/* Puts the n octets of s at out[at]; returns where they end. */
/*@ requires readable: \valid_read(s + (0 .. n - 1));
    requires writable: \valid(out + (at .. at + n - 1));
    requires apart:    \separated(s + (0 .. n - 1), out + (at .. at + n - 1));
    requires inside:   at + n <= SIZE_MAX;
    terminates \true;
    assigns out[at .. at + n - 1];
    ensures moved:  \result == at + n;
    ensures copied: UPH_EXACT(
      \forall integer k; 0 <= k < n ==> out[at + k] == \old(s[k])); */
UPH_APART size_t uph_put(uint8_t *out, size_t at, const uint8_t *s, size_t n);

#endif
