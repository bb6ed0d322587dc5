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
    return p[0] * 16777216u + p[1] * 65536u + p[2] * 256u + p[3];
}

/*@ requires writable: \valid(p + (0 .. 3));
    terminates \true;
    assigns p[0 .. 3];
    ensures F180_4_3_1: UPH_EXACT(\forall integer j; 0 <= j < 4 ==> p[j] == OctetOf(w, j)); */
static inline void accept_store(uint32_t w, uint8_t *p)
{
    p[0] = (uint8_t)(w / 16777216u);
    p[1] = (uint8_t)(w / 65536u % 256u);
    p[2] = (uint8_t)(w / 256u % 256u);
    p[3] = (uint8_t)(w % 256u);
}

/* Writes the five words of a hash value as 20 octets. */
/*@ requires writable: \valid(p + (0 .. 19));
    terminates \true;
    assigns p[0 .. 19];
    ensures octets: UPH_EXACT(\forall integer i;
      0 <= i < 20 ==> p[i] == HashOctet(h.a, h.b, h.c, h.d, h.e, i)); */
static void accept_store_all(struct uph_sha1_state h, uint8_t *p)
{
    accept_store(h.a, p);
    accept_store(h.b, p + 4);
    accept_store(h.c, p + 8);
    accept_store(h.d, p + 12);
    accept_store(h.e, p + 16);
}

/* Writes the first six words of the first block: the key. */
/*@ requires readable: \valid_read(key + (0 .. 23));
    requires writable: \valid(w + (0 .. 5));
    terminates \true;
    assigns w[0 .. 5];
    ensures word0: UPH_EXACT(w[0] == KeyWord((uint8_t *)key, 0));
    ensures word1: UPH_EXACT(w[1] == KeyWord((uint8_t *)key, 1));
    ensures word2: UPH_EXACT(w[2] == KeyWord((uint8_t *)key, 2));
    ensures word3: UPH_EXACT(w[3] == KeyWord((uint8_t *)key, 3));
    ensures word4: UPH_EXACT(w[4] == KeyWord((uint8_t *)key, 4));
    ensures word5: UPH_EXACT(w[5] == KeyWord((uint8_t *)key, 5)); */
static inline void accept_key_words(const uint8_t *key, uint32_t *w)
{
    w[0] = accept_load(key);
    w[1] = accept_load(key + 4);
    w[2] = accept_load(key + 8);
    w[3] = accept_load(key + 12);
    w[4] = accept_load(key + 16);
    w[5] = accept_load(key + 20);
}

/* Writes the last ten words of the first block: the GUID, from "258E" to "5B11", and the bit 1. */
/*@ requires writable: \valid(w + (6 .. 15));
    terminates \true;
    assigns w[6 .. 15];
    ensures word6:  UPH_EXACT(w[6] == PaddedWord(6));
    ensures word7:  UPH_EXACT(w[7] == PaddedWord(7));
    ensures word8:  UPH_EXACT(w[8] == PaddedWord(8));
    ensures word9:  UPH_EXACT(w[9] == PaddedWord(9));
    ensures word10: UPH_EXACT(w[10] == PaddedWord(10));
    ensures word11: UPH_EXACT(w[11] == PaddedWord(11));
    ensures word12: UPH_EXACT(w[12] == PaddedWord(12));
    ensures word13: UPH_EXACT(w[13] == PaddedWord(13));
    ensures word14: UPH_EXACT(w[14] == PaddedWord(14));
    ensures word15: UPH_EXACT(w[15] == PaddedWord(15)); */
static inline void accept_guid_words(uint32_t *w)
{
    w[6] = 0x32353845u;
    w[7] = 0x41464135u;
    w[8] = 0x2d453931u;
    w[9] = 0x342d3437u;
    w[10] = 0x44412d39u;
    w[11] = 0x3543412du;
    w[12] = 0x43354142u;
    w[13] = 0x30444338u;
    w[14] = 0x35423131u;
    w[15] = 0x80000000u;
}

/* The hash value after the first block. */
/*@ requires readable: \valid_read(key + (0 .. 23));
    terminates \true;
    assigns \nothing;
    ensures a: UPH_EXACT(\result.a == Sha1Block(UPH_ACCEPT_FIRST(key), 0, UPH_ACCEPT_H0));
    ensures b: UPH_EXACT(\result.b == Sha1Block(UPH_ACCEPT_FIRST(key), 1, UPH_ACCEPT_H0));
    ensures c: UPH_EXACT(\result.c == Sha1Block(UPH_ACCEPT_FIRST(key), 2, UPH_ACCEPT_H0));
    ensures d: UPH_EXACT(\result.d == Sha1Block(UPH_ACCEPT_FIRST(key), 3, UPH_ACCEPT_H0));
    ensures e: UPH_EXACT(\result.e == Sha1Block(UPH_ACCEPT_FIRST(key), 4, UPH_ACCEPT_H0)); */
static struct uph_sha1_state accept_first(const uint8_t *key)
{
    const struct uph_sha1_state initial = { 0x67452301u, 0xefcdab89u, 0x98badcfeu, 0x10325476u,
                                            0xc3d2e1f0u };
    uint32_t w[80];
    accept_key_words(key, w);
    accept_guid_words(w);
    /*@ assert word0: UPH_EXACT(w[0] == KeyWord((uint8_t *)key, 0)); */
    /*@ assert word1: UPH_EXACT(w[1] == KeyWord((uint8_t *)key, 1)); */
    /*@ assert word2: UPH_EXACT(w[2] == KeyWord((uint8_t *)key, 2)); */
    /*@ assert word3: UPH_EXACT(w[3] == KeyWord((uint8_t *)key, 3)); */
    /*@ assert word4: UPH_EXACT(w[4] == KeyWord((uint8_t *)key, 4)); */
    /*@ assert word5: UPH_EXACT(w[5] == KeyWord((uint8_t *)key, 5)); */
    return uph_sha1_block(initial, w);
}

/* Writes the second block: zeros, and the 480 bits of the message. */
/*@ requires writable: \valid(w + (0 .. 15));
    terminates \true;
    assigns w[0 .. 15];
    ensures zeros:  UPH_EXACT(\forall integer t; 0 <= t < 15 ==> w[t] == PaddedWord(t + 16));
    ensures length: UPH_EXACT(w[15] == PaddedWord(31)); */
static inline void accept_last_words(uint32_t *w)
{
    w[0] = 0;
    w[1] = 0;
    w[2] = 0;
    w[3] = 0;
    w[4] = 0;
    w[5] = 0;
    w[6] = 0;
    w[7] = 0;
    w[8] = 0;
    w[9] = 0;
    w[10] = 0;
    w[11] = 0;
    w[12] = 0;
    w[13] = 0;
    w[14] = 0;
    w[15] = 480;
    /*@ assert written: \forall integer t; 0 <= t < 15 ==> w[t] == 0; */
    /*@ assert padding: UPH_EXACT(\forall integer t; 16 <= t < 31 ==> PaddedWord(t) == 0); */
}

/* The hash value after the second block, from h after the first: it is the same for every key. */
/*@ terminates \true;
    assigns \nothing;
    ensures a: UPH_EXACT(\result.a == Sha1Block(UPH_ACCEPT_LAST, 0, h.a, h.b, h.c, h.d, h.e));
    ensures b: UPH_EXACT(\result.b == Sha1Block(UPH_ACCEPT_LAST, 1, h.a, h.b, h.c, h.d, h.e));
    ensures c: UPH_EXACT(\result.c == Sha1Block(UPH_ACCEPT_LAST, 2, h.a, h.b, h.c, h.d, h.e));
    ensures d: UPH_EXACT(\result.d == Sha1Block(UPH_ACCEPT_LAST, 3, h.a, h.b, h.c, h.d, h.e));
    ensures e: UPH_EXACT(\result.e == Sha1Block(UPH_ACCEPT_LAST, 4, h.a, h.b, h.c, h.d, h.e)); */
static struct uph_sha1_state accept_last(struct uph_sha1_state h)
{
    uint32_t w[80];
    accept_last_words(w);
    return uph_sha1_block(h, w);
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
static struct uph_sha1_state accept_words(const uint8_t *key)
{
    return accept_last(accept_first(key));
}

/* The digest as octets. */
/*@ requires readable: \valid_read(key + (0 .. 23));
    requires writable: \valid(digest + (0 .. 19));
    requires apart:    \separated(key + (0 .. 23), digest + (0 .. 19));
    terminates \true;
    assigns digest[0 .. 19];
    ensures F180_4_6_1: UPH_EXACT(\forall integer i;
      0 <= i < 20 ==> digest[i] == \old(DigestOctet(UPH_ACCEPT_KEY(key), i)));
    ensures same: \forall integer i; 0 <= i < 24 ==> key[i] == \old(key[i]); */
static void accept_digest(const uint8_t *key, uint8_t *digest)
{
    accept_store_all(accept_words(key), digest);
}

void upheld_accept(const uint8_t key[UPHELD_KEY_SIZE], uint8_t out[UPHELD_ACCEPT_SIZE])
{
    uint8_t digest[20];
    accept_digest(key, digest);
    /*@ assert input: UPH_EXACT(\forall integer i; 0 <= i <= 20 ==>
          Base64Input(&digest[0], i) == \at(DigestOctet(UPH_ACCEPT_KEY(key), i), Pre)); */
    /*@ assert groups: UPH_EXACT(\forall integer g, j; 0 <= g < 7 ==>
          Base64InGroup(&digest[0], g, j) == \at(AcceptInGroup(UPH_ACCEPT_KEY(key), g, j), Pre)); */
    uph_base64_20(digest, out);
}
