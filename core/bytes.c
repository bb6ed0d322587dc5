/* bytes.c: words compared octet by octet (RFC 9110 section 5.1). Knows octets only. */
#include "bytes.h"

bool uph_same_word(const uint8_t *p, size_t b, const uint8_t *w, size_t m)
{
    size_t k = m;
    /*@ loop invariant bounded: 0 <= k <= m;
        loop invariant exact: UPH_EXACT(SameWord((uint8_t *)p, b, (uint8_t *)w, m) ==
                                        SameWord((uint8_t *)p, b, (uint8_t *)w, k));
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
