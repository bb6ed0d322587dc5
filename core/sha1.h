/* sha1.h: SHA-1 of one block (FIPS 180-4 section 6.1). Knows words; no octets, no padding.
 *
 * All is inline, so that a compiler computes ahead whatever follows from words that are constants:
 * of the two blocks of a handshake one has ten such words and the other has no others. There are
 * neither loops nor arrays: a schedule in memory costs more than the rounds do.
 *
 * Sums are taken in 64 bits and reduced with %, so that nothing wraps and the proof checks for that
 * here as everywhere; compilers make 32-bit additions of them, and one instruction of a rotation.
 * Operations on words have functions of their own because WP may reorder the operands of &, | and
 * ^, and provers do not know that they commute; sha1_and(), sha1_or() and sha1_xor() name their
 * parameters in the order that WP sorts them, for the same reason. */
#ifndef UPH_SHA1_H
#define UPH_SHA1_H

#include "compiler.h"
#include "contract.h"

#include <stdint.h>

#ifdef __FRAMAC__
#ifndef UPHELD_RUNTIME_CONTRACTS
#include "../proofs/spec/sha1.acsl"
#endif
/* A block, and what the rounds from t on make of s, as arguments and terms of the logic. */
#define UPH_SHA1_M w0, w1, w2, w3, w4, w5, w6, w7, w8, w9, w10, w11, w12, w13, w14, w15
#define UPH_SHA1_FROM(s, r, t)                                                                     \
    Sha1Window(s.w0, s.w1, s.w2, s.w3, s.w4, s.w5, s.w6, s.w7, s.w8, s.w9, s.w10, s.w11, s.w12,    \
               s.w13, s.w14, s.w15, r, t, s.a, s.b, s.c, s.d, s.e)
#endif

/* The five words of a hash value. */
struct uph_sha1_state {
    uint32_t a, b, c, d, e;
};

/* The registers before a round, and sixteen words of the schedule, that of this round first. */
struct sha1_work {
    uint32_t a, b, c, d, e;
    uint32_t w0, w1, w2, w3, w4, w5, w6, w7, w8, w9, w10, w11, w12, w13, w14, w15;
};

/* Products with a power of two. Compilers see rotations and loads of whole words in shifts, but not
 * in products; provers know of shifts only what one by one bit does. So each is two of the one
 * before it. */
/*@ requires fits: x < 9223372036854775808;
    terminates \true;
    assigns \nothing;
    ensures product: \result == 2 * x; */
static inline UPH_INLINED uint64_t uph_left1(uint64_t x)
{
    return x << 1;
}

/*@ requires fits: x < 4611686018427387904;
    terminates \true;
    assigns \nothing;
    ensures product: \result == 4 * x; */
static inline UPH_INLINED uint64_t uph_left2(uint64_t x)
{
    return uph_left1(uph_left1(x));
}

/*@ requires fits: x < 1152921504606846976;
    terminates \true;
    assigns \nothing;
    ensures product: \result == 16 * x; */
static inline UPH_INLINED uint64_t uph_left4(uint64_t x)
{
    return uph_left2(uph_left2(x));
}

/*@ requires fits: x < 72057594037927936;
    terminates \true;
    assigns \nothing;
    ensures product: \result == 256 * x; */
static inline UPH_INLINED uint64_t uph_left8(uint64_t x)
{
    return uph_left4(uph_left4(x));
}

/*@ requires fits: x < 281474976710656;
    terminates \true;
    assigns \nothing;
    ensures product: \result == 65536 * x; */
static inline UPH_INLINED uint64_t uph_left16(uint64_t x)
{
    return uph_left8(uph_left8(x));
}

/*@ terminates \true;
    assigns \nothing;
    ensures F180_4_3_2_and: UPH_EXACT(\result == WordAnd(y, x)); */
static inline UPH_INLINED uint32_t sha1_and(uint32_t y, uint32_t x)
{
    return x & y;
}

/*@ terminates \true;
    assigns \nothing;
    ensures F180_4_3_2_or: UPH_EXACT(\result == WordOr(y, x)); */
static inline UPH_INLINED uint32_t sha1_or(uint32_t y, uint32_t x)
{
    return x | y;
}

/*@ terminates \true;
    assigns \nothing;
    ensures F180_4_3_2_xor: UPH_EXACT(\result == WordXor(y, x)); */
static inline UPH_INLINED uint32_t sha1_xor(uint32_t y, uint32_t x)
{
    return x ^ y;
}

/*@ terminates \true;
    assigns \nothing;
    ensures F180_4_3_2_not: UPH_EXACT(\result == WordNot(x)); */
static inline UPH_INLINED uint32_t sha1_not(uint32_t x)
{
    return ~x;
}

/*@ terminates \true;
    assigns \nothing;
    ensures F180_4_3_2_rotl1: UPH_EXACT(\result == RotL1(x)); */
static inline UPH_INLINED uint32_t sha1_rotl1(uint32_t x)
{
    return (uint32_t)(uph_left1(x) % 4294967296u) | x / 2147483648u;
}

/*@ terminates \true;
    assigns \nothing;
    ensures F180_4_3_2_rotl5: UPH_EXACT(\result == RotL5(x)); */
static inline UPH_INLINED uint32_t sha1_rotl5(uint32_t x)
{
    return (uint32_t)(uph_left1(uph_left4(x)) % 4294967296u) | x / 134217728u;
}

/*@ terminates \true;
    assigns \nothing;
    ensures F180_4_3_2_rotl30: UPH_EXACT(\result == RotL30(x)); */
static inline UPH_INLINED uint32_t sha1_rotl30(uint32_t x)
{
    uint64_t left = uph_left16(uph_left8(uph_left4(uph_left2(x))));
    return (uint32_t)(left % 4294967296u) | x / 4u;
}

/*@ terminates \true;
    assigns \nothing;
    ensures F180_4_3_2_plus: \result == (x + y) % 4294967296; */
static inline UPH_INLINED uint32_t sha1_plus(uint32_t x, uint32_t y)
{
    return (uint32_t)(((uint64_t)x + y) % 4294967296u);
}

/*@ terminates \true;
    assigns \nothing;
    ensures F180_4_4_1_1_ch: UPH_EXACT(\result == Sha1Ch(x, y, z)); */
static inline UPH_INLINED uint32_t sha1_ch(uint32_t x, uint32_t y, uint32_t z)
{
    return sha1_or(sha1_and(x, y), sha1_and(sha1_not(x), z));
}

/*@ terminates \true;
    assigns \nothing;
    ensures F180_4_4_1_1_parity: UPH_EXACT(\result == Sha1Parity(x, y, z)); */
static inline UPH_INLINED uint32_t sha1_parity(uint32_t x, uint32_t y, uint32_t z)
{
    return sha1_xor(sha1_xor(x, y), z);
}

/*@ terminates \true;
    assigns \nothing;
    ensures F180_4_4_1_1_maj: UPH_EXACT(\result == Sha1Maj(x, y, z)); */
static inline UPH_INLINED uint32_t sha1_maj(uint32_t x, uint32_t y, uint32_t z)
{
    return sha1_xor(sha1_xor(sha1_and(x, y), sha1_and(x, z)), sha1_and(y, z));
}

/*@ terminates \true;
    assigns \nothing;
    ensures F180_4_4_1_1: UPH_EXACT(\result == Sha1F(t, x, y, z)); */
static inline UPH_INLINED uint32_t sha1_f(uint32_t t, uint32_t x, uint32_t y, uint32_t z)
{
    if (t < 20) {
        return sha1_ch(x, y, z);
    }
    return 40 <= t && t < 60 ? sha1_maj(x, y, z) : sha1_parity(x, y, z);
}

/*@ terminates \true;
    assigns \nothing;
    ensures F180_4_4_2_1: UPH_EXACT(\result == Sha1K(t)); */
static inline UPH_INLINED uint32_t sha1_k(uint32_t t)
{
    if (t < 40) {
        return t < 20 ? 0x5a827999u : 0x6ed9eba1u;
    }
    return t < 60 ? 0x8f1bbcdcu : 0xca62c1d6u;
}

/* T of round t. The register a goes in last, since it is known last. */
/*@ terminates \true;
    assigns \nothing;
    ensures F180_4_6_1_2_3: UPH_EXACT(\result == Sha1T(t, w, s.a, s.b, s.c, s.d, s.e)); */
static inline UPH_INLINED uint32_t sha1_t(struct sha1_work s, uint32_t t, uint32_t w)
{
    uint32_t f = sha1_f(t, s.b, s.c, s.d);
    return sha1_plus(sha1_plus(sha1_plus(sha1_plus(sha1_k(t), w), s.e), f), sha1_rotl5(s.a));
}

/* The word of the schedule that these four make. */
/*@ terminates \true;
    assigns \nothing;
    ensures next: UPH_EXACT(\result == RotL1(WordXor(WordXor(WordXor(x, y), z), v))); */
static inline UPH_INLINED uint32_t sha1_next(uint32_t x, uint32_t y, uint32_t z, uint32_t v)
{
    return sha1_rotl1(sha1_xor(sha1_xor(sha1_xor(x, y), z), v));
}

/* Rounds from t on: t is a constant wherever it is given, so nothing is decided at run time. */
/*@ requires round: t < 80;
    terminates \true;
    assigns \nothing;
    ensures F180_4_6_1_3: UPH_EXACT(
      \forall integer r; UPH_SHA1_FROM(s, r, t) == UPH_SHA1_FROM(\result, r, t + 1)); */
static inline UPH_INLINED struct sha1_work sha1_round(struct sha1_work s, uint32_t t)
{
    uint32_t a = sha1_t(s, t, s.w0), c = sha1_rotl30(s.b);
    uint32_t w16 = sha1_next(s.w13, s.w8, s.w2, s.w0);
    return (struct sha1_work){ a,     s.a,   c,     s.c,   s.d,   s.w1,  s.w2,
                               s.w3,  s.w4,  s.w5,  s.w6,  s.w7,  s.w8,  s.w9,
                               s.w10, s.w11, s.w12, s.w13, s.w14, s.w15, w16 };
}

/*@ requires rounds: t <= 75;
    terminates \true;
    assigns \nothing;
    ensures F180_4_6_1_3: UPH_EXACT(
      \forall integer r; UPH_SHA1_FROM(s, r, t) == UPH_SHA1_FROM(\result, r, t + 5)); */
static inline UPH_INLINED struct sha1_work sha1_5_rounds(struct sha1_work s, uint32_t t)
{
    s = sha1_round(s, t);
    s = sha1_round(s, t + 1);
    s = sha1_round(s, t + 2);
    s = sha1_round(s, t + 3);
    return sha1_round(s, t + 4);
}

/*@ requires rounds: t <= 60;
    terminates \true;
    assigns \nothing;
    ensures F180_4_6_1_3: UPH_EXACT(
      \forall integer r; UPH_SHA1_FROM(s, r, t) == UPH_SHA1_FROM(\result, r, t + 20)); */
static inline UPH_INLINED struct sha1_work sha1_20_rounds(struct sha1_work s, uint32_t t)
{
    s = sha1_5_rounds(s, t);
    s = sha1_5_rounds(s, t + 5);
    s = sha1_5_rounds(s, t + 10);
    return sha1_5_rounds(s, t + 15);
}

/*@ terminates \true;
    assigns \nothing;
    ensures F180_4_6_1_3: UPH_EXACT(
      \forall integer r; UPH_SHA1_FROM(s, r, 0) == UPH_SHA1_FROM(\result, r, 80)); */
static inline UPH_INLINED struct sha1_work sha1_rounds(struct sha1_work s)
{
    s = sha1_20_rounds(s, 0);
    s = sha1_20_rounds(s, 20);
    s = sha1_20_rounds(s, 40);
    return sha1_20_rounds(s, 60);
}

/* The alternate method of section 6.1.3 gives what section 6.1.2 defines: by induction, from the
 * last round down. */
/*@ ghost
  /@ terminates \true;
     assigns \nothing;
     ensures F180_4_6_1_3: UPH_EXACT(\forall integer r, a, b, c, d, e;
       Sha1Rounds(UPH_SHA1_M, r, 0, a, b, c, d, e) ==
       Sha1Window(UPH_SHA1_M, r, 0, a, b, c, d, e)); @/
  static inline void sha1_methods_agree(
    uint32_t w0, uint32_t w1, uint32_t w2, uint32_t w3, uint32_t w4, uint32_t w5,
    uint32_t w6, uint32_t w7, uint32_t w8, uint32_t w9, uint32_t w10, uint32_t w11,
    uint32_t w12, uint32_t w13, uint32_t w14, uint32_t w15)
  {
    uint32_t t = 80;
    /@ loop invariant bounded: 0 <= t <= 80;
       loop invariant agree: UPH_EXACT(\forall integer r, a, b, c, d, e;
         Sha1Rounds(UPH_SHA1_M, r, t, a, b, c, d, e) ==
         Sha1Window(Sha1W(UPH_SHA1_M, t), Sha1W(UPH_SHA1_M, t + 1), Sha1W(UPH_SHA1_M, t + 2),
                    Sha1W(UPH_SHA1_M, t + 3), Sha1W(UPH_SHA1_M, t + 4), Sha1W(UPH_SHA1_M, t + 5),
                    Sha1W(UPH_SHA1_M, t + 6), Sha1W(UPH_SHA1_M, t + 7), Sha1W(UPH_SHA1_M, t + 8),
                    Sha1W(UPH_SHA1_M, t + 9), Sha1W(UPH_SHA1_M, t + 10), Sha1W(UPH_SHA1_M, t + 11),
                    Sha1W(UPH_SHA1_M, t + 12), Sha1W(UPH_SHA1_M, t + 13), Sha1W(UPH_SHA1_M, t + 14),
                    Sha1W(UPH_SHA1_M, t + 15), r, t, a, b, c, d, e));
       loop assigns t;
       loop variant t; @/
    while (t > 0) {
      t--;
    }
  }
*/

/* The hash value after one more block, from h before it. */
/*@ terminates \true;
    assigns \nothing;
    ensures F180_4_6_1_2_a: UPH_EXACT(
      \result.a == Sha1Block(UPH_SHA1_M, 0, h.a, h.b, h.c, h.d, h.e));
    ensures F180_4_6_1_2_b: UPH_EXACT(
      \result.b == Sha1Block(UPH_SHA1_M, 1, h.a, h.b, h.c, h.d, h.e));
    ensures F180_4_6_1_2_c: UPH_EXACT(
      \result.c == Sha1Block(UPH_SHA1_M, 2, h.a, h.b, h.c, h.d, h.e));
    ensures F180_4_6_1_2_d: UPH_EXACT(
      \result.d == Sha1Block(UPH_SHA1_M, 3, h.a, h.b, h.c, h.d, h.e));
    ensures F180_4_6_1_2_e: UPH_EXACT(
      \result.e == Sha1Block(UPH_SHA1_M, 4, h.a, h.b, h.c, h.d, h.e)); */
static inline UPH_INLINED struct uph_sha1_state
uph_sha1_block(struct uph_sha1_state h, uint32_t w0, uint32_t w1, uint32_t w2, uint32_t w3,
               uint32_t w4, uint32_t w5, uint32_t w6, uint32_t w7, uint32_t w8, uint32_t w9,
               uint32_t w10, uint32_t w11, uint32_t w12, uint32_t w13, uint32_t w14, uint32_t w15)
{
    struct sha1_work s = { h.a, h.b, h.c, h.d, h.e, w0,  w1,  w2,  w3,  w4, w5,
                           w6,  w7,  w8,  w9,  w10, w11, w12, w13, w14, w15 };
    s = sha1_rounds(s);
    /*@ ghost sha1_methods_agree(w0, w1, w2, w3, w4, w5, w6, w7, w8, w9, w10, w11, w12, w13,
                                 w14, w15); */
    return (struct uph_sha1_state){ sha1_plus(s.a, h.a), sha1_plus(s.b, h.b), sha1_plus(s.c, h.c),
                                    sha1_plus(s.d, h.d), sha1_plus(s.e, h.e) };
}

#endif
