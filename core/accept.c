/* accept.c: Sec-WebSocket-Accept of a key (RFC 6455 section 4.2.2 item 5.4). Knows how the key and
 * the GUID become two blocks of SHA-1 (FIPS 180-4 section 5); not where the key came from, nor
 * whether it is a valid one. */
#include "accept.h"

/* A word of four octets, the first the most significant (FIPS 180-4 section 3.1). */
/*@ requires readable: \valid_read(p + (0 .. 3));
    terminates \true;
    assigns \nothing;
    ensures F180_4_3_1: UPH_EXACT(\result == WordOf(p[0], p[1], p[2], p[3])); */
static inline uint32_t accept_load(const uint8_t *p)
{
    return (uint32_t)(uph_left16(uph_left8(p[0])) + uph_left16(p[1]) + uph_left8(p[2]) + p[3]);
}

/* The hash value after the first block: the key, the GUID from "258E" to "5B11", and the bit 1. */
/*@ requires readable: \valid_read(key + (0 .. 23));
    terminates \true;
    assigns \nothing;
    ensures a: UPH_EXACT(\result.a == Sha1Block(UPH_ACCEPT_FIRST(key), 0, UPH_ACCEPT_H0));
    ensures b: UPH_EXACT(\result.b == Sha1Block(UPH_ACCEPT_FIRST(key), 1, UPH_ACCEPT_H0));
    ensures c: UPH_EXACT(\result.c == Sha1Block(UPH_ACCEPT_FIRST(key), 2, UPH_ACCEPT_H0));
    ensures d: UPH_EXACT(\result.d == Sha1Block(UPH_ACCEPT_FIRST(key), 3, UPH_ACCEPT_H0));
    ensures e: UPH_EXACT(\result.e == Sha1Block(UPH_ACCEPT_FIRST(key), 4, UPH_ACCEPT_H0)); */
static inline struct uph_sha1_state accept_first(const uint8_t *key)
{
    const struct uph_sha1_state initial = { 0x67452301u, 0xefcdab89u, 0x98badcfeu, 0x10325476u,
                                            0xc3d2e1f0u };
    uint32_t k0 = accept_load(key), k1 = accept_load(key + 4), k2 = accept_load(key + 8);
    uint32_t k3 = accept_load(key + 12), k4 = accept_load(key + 16), k5 = accept_load(key + 20);
    /*@ assert word6: UPH_EXACT(PaddedWord(6) == 0x32353845); */
    /*@ assert word7: UPH_EXACT(PaddedWord(7) == 0x41464135); */
    /*@ assert word8: UPH_EXACT(PaddedWord(8) == 0x2d453931); */
    /*@ assert word9: UPH_EXACT(PaddedWord(9) == 0x342d3437); */
    /*@ assert word10: UPH_EXACT(PaddedWord(10) == 0x44412d39); */
    /*@ assert word11: UPH_EXACT(PaddedWord(11) == 0x3543412d); */
    /*@ assert word12: UPH_EXACT(PaddedWord(12) == 0x43354142); */
    /*@ assert word13: UPH_EXACT(PaddedWord(13) == 0x30444338); */
    /*@ assert word14: UPH_EXACT(PaddedWord(14) == 0x35423131); */
    /*@ assert word15: UPH_EXACT(PaddedWord(15) == 0x80000000); */
    return uph_sha1_block(initial, k0, k1, k2, k3, k4, k5, 0x32353845u, 0x41464135u, 0x2d453931u,
                          0x342d3437u, 0x44412d39u, 0x3543412du, 0x43354142u, 0x30444338u,
                          0x35423131u, 0x80000000u);
}

/* The hash value after the second block, from h after the first: zeros, and the 480 bits of the
 * message. It is the same block for every key. */
/*@ terminates \true;
    assigns \nothing;
    ensures a: UPH_EXACT(\result.a == Sha1Block(UPH_ACCEPT_LAST, 0, h.a, h.b, h.c, h.d, h.e));
    ensures b: UPH_EXACT(\result.b == Sha1Block(UPH_ACCEPT_LAST, 1, h.a, h.b, h.c, h.d, h.e));
    ensures c: UPH_EXACT(\result.c == Sha1Block(UPH_ACCEPT_LAST, 2, h.a, h.b, h.c, h.d, h.e));
    ensures d: UPH_EXACT(\result.d == Sha1Block(UPH_ACCEPT_LAST, 3, h.a, h.b, h.c, h.d, h.e));
    ensures e: UPH_EXACT(\result.e == Sha1Block(UPH_ACCEPT_LAST, 4, h.a, h.b, h.c, h.d, h.e)); */
static inline struct uph_sha1_state accept_last(struct uph_sha1_state h)
{
    /*@ assert zeros: UPH_EXACT(\forall integer t; 16 <= t < 31 ==> PaddedWord(t) == 0); */
    /*@ assert length: UPH_EXACT(PaddedWord(31) == 480); */
    return uph_sha1_block(h, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 480);
}

/* The digest as words. */
/*@ requires readable: \valid_read(key + (0 .. 23));
    terminates \true;
    assigns \nothing;
    ensures a: UPH_EXACT(\result.a == DigestWord(UPH_ACCEPT_KEY(key), 0));
    ensures b: UPH_EXACT(\result.b == DigestWord(UPH_ACCEPT_KEY(key), 1));
    ensures c: UPH_EXACT(\result.c == DigestWord(UPH_ACCEPT_KEY(key), 2));
    ensures d: UPH_EXACT(\result.d == DigestWord(UPH_ACCEPT_KEY(key), 3));
    ensures e: UPH_EXACT(\result.e == DigestWord(UPH_ACCEPT_KEY(key), 4)); */
static inline struct uph_sha1_state accept_words(const uint8_t *key)
{
    return accept_last(accept_first(key));
}

void upheld_accept(const uint8_t key[UPHELD_KEY_SIZE], uint8_t out[UPHELD_ACCEPT_SIZE])
{
    struct uph_sha1_state h = accept_words(key);
    uph_base64_20(h.a, h.b, h.c, h.d, h.e, out);
}
