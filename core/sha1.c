/* sha1.c: the compression function of SHA-1 (FIPS 180-4 section 6.1.2). Knows one block of sixteen
 * words; what stands in it, and how a message is padded, only the caller knows.
 *
 * Sums are taken in 64 bits and reduced with %, so that nothing wraps and the proof checks for that
 * here as everywhere; compilers make 32-bit additions of them, and one instruction of a rotation.
 * Operations on words have functions of their own because WP may reorder the operands of & and ^,
 * and provers do not know that they commute; sha1_and() and sha1_xor() name their parameters in
 * the order that WP sorts them, for the same reason. */
#include "sha1.h"

/*@ terminates \true;
    assigns \nothing;
    ensures F180_4_3_2_and: UPH_EXACT(\result == WordAnd(y, x)); */
static inline uint32_t sha1_and(uint32_t y, uint32_t x)
{
    return x & y;
}

/*@ terminates \true;
    assigns \nothing;
    ensures F180_4_3_2_xor: UPH_EXACT(\result == WordXor(y, x)); */
static inline uint32_t sha1_xor(uint32_t y, uint32_t x)
{
    return x ^ y;
}

/*@ terminates \true;
    assigns \nothing;
    ensures F180_4_3_2_not: UPH_EXACT(\result == WordNot(x)); */
static inline uint32_t sha1_not(uint32_t x)
{
    return ~x;
}

/*@ terminates \true;
    assigns \nothing;
    ensures F180_4_3_2_rotl1: UPH_EXACT(\result == RotL1(x)); */
static inline uint32_t sha1_rotl1(uint32_t x)
{
    return (uint32_t)((uint64_t)x * 2u % 4294967296u) | x / 2147483648u;
}

/*@ terminates \true;
    assigns \nothing;
    ensures F180_4_3_2_rotl5: UPH_EXACT(\result == RotL5(x)); */
static inline uint32_t sha1_rotl5(uint32_t x)
{
    return (uint32_t)((uint64_t)x * 32u % 4294967296u) | x / 134217728u;
}

/*@ terminates \true;
    assigns \nothing;
    ensures F180_4_3_2_rotl30: UPH_EXACT(\result == RotL30(x)); */
static inline uint32_t sha1_rotl30(uint32_t x)
{
    return (uint32_t)((uint64_t)x * 1073741824u % 4294967296u) | x / 4u;
}

/*@ terminates \true;
    assigns \nothing;
    ensures F180_4_3_2_plus: \result == (x + y) % 4294967296; */
static inline uint32_t sha1_plus(uint32_t x, uint32_t y)
{
    return (uint32_t)(((uint64_t)x + y) % 4294967296u);
}

/*@ terminates \true;
    assigns \nothing;
    ensures F180_4_4_1_1_ch: UPH_EXACT(\result == Sha1Ch(x, y, z)); */
static inline uint32_t sha1_ch(uint32_t x, uint32_t y, uint32_t z)
{
    return sha1_xor(sha1_and(x, y), sha1_and(sha1_not(x), z));
}

/*@ terminates \true;
    assigns \nothing;
    ensures F180_4_4_1_1_parity: UPH_EXACT(\result == Sha1Parity(x, y, z)); */
static inline uint32_t sha1_parity(uint32_t x, uint32_t y, uint32_t z)
{
    return sha1_xor(sha1_xor(x, y), z);
}

/*@ terminates \true;
    assigns \nothing;
    ensures F180_4_4_1_1_maj: UPH_EXACT(\result == Sha1Maj(x, y, z)); */
static inline uint32_t sha1_maj(uint32_t x, uint32_t y, uint32_t z)
{
    return sha1_xor(sha1_xor(sha1_and(x, y), sha1_and(x, z)), sha1_and(y, z));
}

/*@ terminates \true;
    assigns \nothing;
    ensures sum: UPH_EXACT(\result == (RotL5(a) + f + e + k + w) % 4294967296); */
static inline uint32_t sha1_sum(uint32_t a, uint32_t f, uint32_t e, uint32_t k, uint32_t w)
{
    return (uint32_t)(((uint64_t)sha1_rotl5(a) + f + e + k + w) % 4294967296u);
}

/* Fills w[16 .. 79] from the block w[0 .. 15]. */
/*@ requires writable: \valid(w + (0 .. 79));
    terminates \true;
    assigns w[16 .. 79];
    ensures F180_4_6_1_2_1: UPH_EXACT(
      \forall integer k; 0 <= k < 80 ==> w[k] == Sha1W(UPH_SHA1_M(w), k)); */
static void sha1_schedule(uint32_t *w)
{
    /*@ loop invariant bounded: 16 <= t <= 80;
        loop invariant filled: UPH_EXACT(
          \forall integer k; 0 <= k < t ==> w[k] == Sha1W(UPH_SHA1_M(w), k));
        loop assigns t, w[16 .. 79];
        loop variant 80 - t; */
    for (uint32_t t = 16; t < 80; t++) {
        w[t] = sha1_rotl1(sha1_xor(sha1_xor(sha1_xor(w[t - 3], w[t - 8]), w[t - 14]), w[t - 16]));
        /*@ assert next: UPH_EXACT(w[t] == Sha1W(UPH_SHA1_M(w), t)); */
    }
}

/* The registers after the 80 rounds over the schedule w, from s before them. */
/*@ requires readable: \valid_read(w + (0 .. 79));
    requires filled: UPH_EXACT(
      \forall integer k; 0 <= k < 80 ==> w[k] == Sha1W(UPH_SHA1_M(w), k));
    terminates \true;
    assigns \nothing;
    ensures a: UPH_EXACT(\result.a == Sha1Rounds(UPH_SHA1_M(w), 0, 0, s.a, s.b, s.c, s.d, s.e));
    ensures b: UPH_EXACT(\result.b == Sha1Rounds(UPH_SHA1_M(w), 1, 0, s.a, s.b, s.c, s.d, s.e));
    ensures c: UPH_EXACT(\result.c == Sha1Rounds(UPH_SHA1_M(w), 2, 0, s.a, s.b, s.c, s.d, s.e));
    ensures d: UPH_EXACT(\result.d == Sha1Rounds(UPH_SHA1_M(w), 3, 0, s.a, s.b, s.c, s.d, s.e));
    ensures e: UPH_EXACT(\result.e == Sha1Rounds(UPH_SHA1_M(w), 4, 0, s.a, s.b, s.c, s.d, s.e)); */
static struct uph_sha1_state sha1_rounds(struct uph_sha1_state s, const uint32_t *w)
{
    uint32_t a = s.a, b = s.b, c = s.c, d = s.d, e = s.e, t = 0;
    /*@ loop invariant bounded: 0 <= t <= 20;
        loop invariant ch: UPH_EXACT(\forall integer r;
          Sha1Rounds(UPH_SHA1_M(w), r, 0, s.a, s.b, s.c, s.d, s.e) ==
          Sha1Rounds(UPH_SHA1_M(w), r, t, a, b, c, d, e));
        loop assigns a, b, c, d, e, t;
        loop variant 20 - t; */
    for (; t < 20; t++) {
        uint32_t x = sha1_sum(a, sha1_ch(b, c, d), e, 0x5a827999u, w[t]);
        /*@ assert sum: UPH_EXACT(
          x == Sha1T(t, Sha1W(UPH_SHA1_M(w), t), a, b, c, d, e)); */
        e = d;
        d = c;
        c = sha1_rotl30(b);
        b = a;
        a = x;
    }
    /*@ loop invariant bounded: 20 <= t <= 40;
        loop invariant parity: UPH_EXACT(\forall integer r;
          Sha1Rounds(UPH_SHA1_M(w), r, 0, s.a, s.b, s.c, s.d, s.e) ==
          Sha1Rounds(UPH_SHA1_M(w), r, t, a, b, c, d, e));
        loop assigns a, b, c, d, e, t;
        loop variant 40 - t; */
    for (; t < 40; t++) {
        uint32_t x = sha1_sum(a, sha1_parity(b, c, d), e, 0x6ed9eba1u, w[t]);
        /*@ assert sum: UPH_EXACT(
          x == Sha1T(t, Sha1W(UPH_SHA1_M(w), t), a, b, c, d, e)); */
        e = d;
        d = c;
        c = sha1_rotl30(b);
        b = a;
        a = x;
    }
    /*@ loop invariant bounded: 40 <= t <= 60;
        loop invariant maj: UPH_EXACT(\forall integer r;
          Sha1Rounds(UPH_SHA1_M(w), r, 0, s.a, s.b, s.c, s.d, s.e) ==
          Sha1Rounds(UPH_SHA1_M(w), r, t, a, b, c, d, e));
        loop assigns a, b, c, d, e, t;
        loop variant 60 - t; */
    for (; t < 60; t++) {
        uint32_t x = sha1_sum(a, sha1_maj(b, c, d), e, 0x8f1bbcdcu, w[t]);
        /*@ assert sum: UPH_EXACT(
          x == Sha1T(t, Sha1W(UPH_SHA1_M(w), t), a, b, c, d, e)); */
        e = d;
        d = c;
        c = sha1_rotl30(b);
        b = a;
        a = x;
    }
    /*@ loop invariant bounded: 60 <= t <= 80;
        loop invariant last: UPH_EXACT(\forall integer r;
          Sha1Rounds(UPH_SHA1_M(w), r, 0, s.a, s.b, s.c, s.d, s.e) ==
          Sha1Rounds(UPH_SHA1_M(w), r, t, a, b, c, d, e));
        loop assigns a, b, c, d, e, t;
        loop variant 80 - t; */
    for (; t < 80; t++) {
        uint32_t x = sha1_sum(a, sha1_parity(b, c, d), e, 0xca62c1d6u, w[t]);
        /*@ assert sum: UPH_EXACT(
          x == Sha1T(t, Sha1W(UPH_SHA1_M(w), t), a, b, c, d, e)); */
        e = d;
        d = c;
        c = sha1_rotl30(b);
        b = a;
        a = x;
    }
    return (struct uph_sha1_state){ a, b, c, d, e };
}

struct uph_sha1_state uph_sha1_block(struct uph_sha1_state h, uint32_t *w)
{
    sha1_schedule(w);
    struct uph_sha1_state s = sha1_rounds(h, w);
    return (struct uph_sha1_state){ sha1_plus(s.a, h.a), sha1_plus(s.b, h.b), sha1_plus(s.c, h.c),
                                    sha1_plus(s.d, h.d), sha1_plus(s.e, h.e) };
}
