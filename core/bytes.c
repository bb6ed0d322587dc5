/* bytes.c: words compared octet by octet (RFC 9110 section 5.1). Knows octets only. */
#include "bytes.h"

#include "words.h"

#ifdef __FRAMAC__
#include "../proofs/spec/texts.acsl"
#endif

/* The words are spelt as the specification has them. */
/*@ ghost
  /@ terminates \true;
     assigns \nothing;
     ensures spelt: WORDS_SPELT; @/
  void uph_words_say(void)
  {
  } */

/* So many octets of a word are compared together, and fewer of one that is shorter. */
#define WORD_BLOCK 16
#define WORD_HALF 8
#define WORD_QUARTER 4

/* Whether the block of the word w at i stands at p[b + i]. */
/*@ requires readable: \valid_read(p + (b + i .. b + i + WORD_BLOCK - 1));
    requires word:     \valid_read(w + (i .. i + WORD_BLOCK - 1));
    requires inside:   b + i + WORD_BLOCK <= SIZE_MAX;
    terminates \true;
    assigns \nothing;
    ensures plain: \result <==>
      (\forall integer k; i <= k < i + WORD_BLOCK ==> Lower(p[b + k]) == w[k]); */
static inline bool same_block(const uint8_t *p, size_t b, const uint8_t *w, size_t i)
{
    uint8_t same = 0;
    UPH_LOOP
    /*@ loop invariant bounded: 0 <= k <= WORD_BLOCK && 0 <= same <= k;
        loop invariant plain: same == k <==>
          (\forall integer j; i <= j < i + k ==> Lower(p[b + j]) == w[j]);
        loop assigns k, same;
        loop variant WORD_BLOCK - k; */
    for (size_t k = 0; k < WORD_BLOCK; k++) {
        same = (uint8_t)(same + (uph_lower(p[b + i + k]) == w[i + k] ? 1 : 0));
    }
    return same == WORD_BLOCK;
}

/*@ requires readable: \valid_read(p + (b + i .. b + i + WORD_HALF - 1));
    requires word:     \valid_read(w + (i .. i + WORD_HALF - 1));
    requires inside:   b + i + WORD_HALF <= SIZE_MAX;
    terminates \true;
    assigns \nothing;
    ensures plain: \result <==>
      (\forall integer k; i <= k < i + WORD_HALF ==> Lower(p[b + k]) == w[k]); */
static inline bool same_half(const uint8_t *p, size_t b, const uint8_t *w, size_t i)
{
    uint8_t same = 0;
    UPH_LOOP
    /*@ loop invariant bounded: 0 <= k <= WORD_HALF && 0 <= same <= k;
        loop invariant plain: same == k <==>
          (\forall integer j; i <= j < i + k ==> Lower(p[b + j]) == w[j]);
        loop assigns k, same;
        loop variant WORD_HALF - k; */
    for (size_t k = 0; k < WORD_HALF; k++) {
        same = (uint8_t)(same + (uph_lower(p[b + i + k]) == w[i + k] ? 1 : 0));
    }
    return same == WORD_HALF;
}

/*@ requires readable: \valid_read(p + (b + i .. b + i + WORD_QUARTER - 1));
    requires word:     \valid_read(w + (i .. i + WORD_QUARTER - 1));
    requires inside:   b + i + WORD_QUARTER <= SIZE_MAX;
    terminates \true;
    assigns \nothing;
    ensures plain: \result <==>
      (\forall integer k; i <= k < i + WORD_QUARTER ==> Lower(p[b + k]) == w[k]); */
static inline bool same_quarter(const uint8_t *p, size_t b, const uint8_t *w, size_t i)
{
    uint8_t same = 0;
    UPH_LOOP
    /*@ loop invariant bounded: 0 <= k <= WORD_QUARTER && 0 <= same <= k;
        loop invariant plain: same == k <==>
          (\forall integer j; i <= j < i + k ==> Lower(p[b + j]) == w[j]);
        loop assigns k, same;
        loop variant WORD_QUARTER - k; */
    for (size_t k = 0; k < WORD_QUARTER; k++) {
        same = (uint8_t)(same + (uph_lower(p[b + i + k]) == w[i + k] ? 1 : 0));
    }
    return same == WORD_QUARTER;
}

/* Whether the last m octets are the same, octet by octet. */
/*@ requires readable: \valid_read(p + (b .. b + m - 1));
    requires word:     \valid_read(w + (0 .. m - 1));
    requires inside:   b + m <= SIZE_MAX;
    terminates \true;
    assigns \nothing;
    ensures plain: \result <==> (\forall integer k; 0 <= k < m ==> Lower(p[b + k]) == w[k]); */
static inline bool same_each(const uint8_t *p, size_t b, const uint8_t *w, size_t m)
{
    size_t k = m;
    /*@ loop invariant bounded: 0 <= k <= m;
        loop invariant plain: \forall integer j; k <= j < m ==> Lower(p[b + j]) == w[j];
        loop assigns k;
        loop variant k; */
    while (k > 0) {
        if (uph_lower(p[b + (k - 1)]) != w[k - 1]) {
            return false;
        }
        k--;
    }
    return true;
}

/* Two blocks that overlap hold all of a word that is longer than one. */
bool uph_same_word(const uint8_t *p, size_t b, const uint8_t *w, size_t m)
{
    /*@ ghost uph_word_is_each(p, b, w, m); */
    if (m < WORD_QUARTER || m > 2 * WORD_BLOCK) {
        return same_each(p, b, w, m);
    }
    if (m < WORD_HALF) {
        return same_quarter(p, b, w, 0) && same_quarter(p, b, w, m - WORD_QUARTER);
    }
    if (m < WORD_BLOCK) {
        return same_half(p, b, w, 0) && same_half(p, b, w, m - WORD_HALF);
    }
    return same_block(p, b, w, 0) && same_block(p, b, w, m - WORD_BLOCK);
}

bool uph_same_octets(const uint8_t *p, size_t b, const uint8_t *w, size_t m)
{
    size_t k = m;
    /*@ loop invariant bounded: 0 <= k <= m;
        loop invariant exact: UPH_EXACT(SameOctets((uint8_t *)p, b, (uint8_t *)w, m) ==
                                        SameOctets((uint8_t *)p, b, (uint8_t *)w, k));
        loop invariant plain: \forall integer j; k <= j < m ==> p[b + j] == w[j];
        loop assigns k;
        loop variant k; */
    while (k > 0) {
        if (p[b + (k - 1)] != w[k - 1]) {
            return false;
        }
        k--;
    }
    return true;
}

/* So many octets are moved together: compilers make one load and one store of them. */
#define GROUP 16

/* Puts the block s[i .. i + GROUP - 1] at out[at + i]. */
/*@ requires readable: \valid_read(s + (i .. i + GROUP - 1));
    requires writable: \valid(out + (at + i .. at + i + GROUP - 1));
    requires apart:    \separated(s + (i .. i + GROUP - 1),
                                  out + (at + i .. at + i + GROUP - 1));
    requires inside:   at + i + GROUP <= SIZE_MAX;
    terminates \true;
    assigns out[at + i .. at + i + GROUP - 1];
    ensures copied: UPH_EXACT(
      \forall integer k; i <= k < i + GROUP ==> out[at + k] == \old(s[k])); */
static void put_block(uint8_t *out, size_t at, const uint8_t *s, size_t i)
{
    uint8_t block[GROUP];
    /*@ loop invariant bounded: 0 <= j <= GROUP;
        loop invariant copied: \forall integer k; 0 <= k < j ==> block[k] == \at(s[i + k], Pre);
        loop assigns j, block[0 .. GROUP - 1];
        loop variant GROUP - j; */
    for (size_t j = 0; j < GROUP; j++) {
        block[j] = s[i + j];
    }
    /*@ loop invariant bounded: 0 <= j <= GROUP;
        loop invariant copied: \forall integer k; i <= k < i + j ==>
                               out[at + k] == \at(s[k], Pre);
        loop invariant kept: \forall integer k; 0 <= k < GROUP ==>
                             block[k] == \at(s[i + k], Pre);
        loop assigns j, out[at + i .. at + i + GROUP - 1];
        loop variant GROUP - j; */
    for (size_t j = 0; j < GROUP; j++) {
        out[at + i + j] = block[j];
    }
}

/* Puts the whole blocks of s at out[at]; returns how many octets they are. */
/*@ requires readable: \valid_read(s + (0 .. n - 1));
    requires writable: \valid(out + (at .. at + n - 1));
    requires apart:    \separated(s + (0 .. n - 1), out + (at .. at + n - 1));
    requires inside:   at + n <= SIZE_MAX;
    terminates \true;
    assigns out[at .. at + n - 1];
    ensures bounded: \result <= n;
    ensures copied: UPH_EXACT(
      \forall integer k; 0 <= k < \result ==> out[at + k] == \old(s[k])); */
static size_t put_blocks(uint8_t *out, size_t at, const uint8_t *s, size_t n)
{
    size_t i = 0;
    /*@ loop invariant bounded: 0 <= i <= n;
        loop invariant copied: \forall integer k; 0 <= k < i ==> out[at + k] == \at(s[k], Pre);
        loop invariant kept: \forall integer k; 0 <= k < n ==> s[k] == \at(s[k], Pre);
        loop assigns i, out[at .. at + n - 1];
        loop variant n - i; */
    while (n - i >= GROUP) {
        put_block(out, at, s, i);
        i += GROUP;
    }
    return i;
}

size_t uph_put(uint8_t *out, size_t at, const uint8_t *s, size_t n)
{
    size_t i = put_blocks(out, at, s, n);
    size_t j = n;
    /*@ loop invariant bounded: i <= j <= n;
        loop invariant copied: \forall integer k; j <= k < n ==> out[at + k] == \at(s[k], Pre);
        loop invariant before: \forall integer k; 0 <= k < i ==> out[at + k] == \at(s[k], Pre);
        loop assigns j, out[at + i .. at + n - 1];
        loop variant j; */
    while (j > i) {
        j--;
        out[at + j] = s[j];
    }
    return at + n;
}
