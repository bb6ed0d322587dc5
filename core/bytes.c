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
