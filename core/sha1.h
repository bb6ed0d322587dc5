/* sha1.h: SHA-1 of one block (FIPS 180-4 section 6.1.2). Knows words; no octets, no padding. */
#ifndef UPH_SHA1_H
#define UPH_SHA1_H

#include "contract.h"

#include <stdint.h>

#ifdef __FRAMAC__
#ifndef UPHELD_RUNTIME_CONTRACTS
#include "../proofs/spec/sha1.acsl"
#endif
/* The block that a schedule w starts with, as arguments of the logic. */
#define UPH_SHA1_M(w)                                                                              \
    w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7], w[8], w[9], w[10], w[11], w[12], w[13], w[14], \
        w[15]
#endif

/* The five words of a hash value, or the five registers. */
struct uph_sha1_state {
    uint32_t a, b, c, d, e;
};

/* The hash value after one more block, from h before it. The block is w[0 .. 15]; the rest of w is
 * room for the schedule. */
/*@ requires writable: \valid(w + (0 .. 79));
    terminates \true;
    assigns w[16 .. 79];
    ensures F180_4_6_1_2_a: UPH_EXACT(
      \result.a == \old(Sha1Block(UPH_SHA1_M(w), 0, h.a, h.b, h.c, h.d, h.e)));
    ensures F180_4_6_1_2_b: UPH_EXACT(
      \result.b == \old(Sha1Block(UPH_SHA1_M(w), 1, h.a, h.b, h.c, h.d, h.e)));
    ensures F180_4_6_1_2_c: UPH_EXACT(
      \result.c == \old(Sha1Block(UPH_SHA1_M(w), 2, h.a, h.b, h.c, h.d, h.e)));
    ensures F180_4_6_1_2_d: UPH_EXACT(
      \result.d == \old(Sha1Block(UPH_SHA1_M(w), 3, h.a, h.b, h.c, h.d, h.e)));
    ensures F180_4_6_1_2_e: UPH_EXACT(
      \result.e == \old(Sha1Block(UPH_SHA1_M(w), 4, h.a, h.b, h.c, h.d, h.e))); */
struct uph_sha1_state uph_sha1_block(struct uph_sha1_state h, uint32_t *w);

#endif
