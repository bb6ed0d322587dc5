/* base64.c: base64 (RFC 4648 section 4) of twenty octets and of sixteen, and the look of a base64
 * value of sixteen (RFC 6455 section 4.3). Knows octets only; nothing is decoded. */
#include "base64.h"

/*@ terminates \true;
    assigns \nothing;
    ensures R6455_4_3_1: UPH_EXACT(\result <==> IsBase64Character(c) == \true); */
static inline bool base64_is_character(uint8_t c)
{
    return ('A' <= c && c <= 'Z') || ('a' <= c && c <= 'z') || ('0' <= c && c <= '9') || c == '+' ||
           c == '/';
}

/*@ requires value: v < 64;
    terminates \true;
    assigns \nothing;
    ensures R4648_4_table_1: UPH_EXACT(\result == Base64Character(v)); */
static inline uint8_t base64_character(uint32_t v)
{
    static const uint8_t alphabet[64] = { 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K',
                                          'L', 'M', 'N', 'O', 'P', 'Q', 'R', 'S', 'T', 'U', 'V',
                                          'W', 'X', 'Y', 'Z', 'a', 'b', 'c', 'd', 'e', 'f', 'g',
                                          'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r',
                                          's', 't', 'u', 'v', 'w', 'x', 'y', 'z', '0', '1', '2',
                                          '3', '4', '5', '6', '7', '8', '9', '+', '/' };
    return alphabet[v];
}

/* Groups of three octets, as 24 bits: three octets; the first three of x; the last of x and two of
 * y; the last two of x and one of y; the last three of x. */
/*@ terminates \true;
    assigns \nothing;
    ensures bits:   \result < 16777216;
    ensures first:  \result / 65536 == a;
    ensures second: \result / 256 % 256 == b;
    ensures third:  \result % 256 == c; */
static inline uint32_t base64_octets(uint8_t a, uint8_t b, uint8_t c)
{
    return a * 65536u + b * 256u + c;
}

/*@ terminates \true;
    assigns \nothing;
    ensures bits:   \result < 16777216;
    ensures first:  UPH_EXACT(\result / 65536 == OctetOf(x, 0));
    ensures second: UPH_EXACT(\result / 256 % 256 == OctetOf(x, 1));
    ensures third:  UPH_EXACT(\result % 256 == OctetOf(x, 2)); */
static inline uint32_t base64_start(uint32_t x)
{
    /*@ assert half: x / 256 / 256 == x / 65536; */
    return x / 256u;
}

/*@ terminates \true;
    assigns \nothing;
    ensures bits:   \result < 16777216;
    ensures first:  UPH_EXACT(\result / 65536 == OctetOf(x, 3));
    ensures second: UPH_EXACT(\result / 256 % 256 == OctetOf(y, 0));
    ensures third:  UPH_EXACT(\result % 256 == OctetOf(y, 1)); */
static inline uint32_t base64_third(uint32_t x, uint32_t y)
{
    uint32_t high = x % 256u, low = y / 65536u;
    /*@ assert shifted: (high * 65536 + low) / 256 == high * 256 + low / 256; */
    /*@ assert octet: low / 256 == y / 16777216; */
    return high * 65536u + low;
}

/*@ terminates \true;
    assigns \nothing;
    ensures bits:   \result < 16777216;
    ensures first:  UPH_EXACT(\result / 65536 == OctetOf(x, 2));
    ensures second: UPH_EXACT(\result / 256 % 256 == OctetOf(x, 3));
    ensures third:  UPH_EXACT(\result % 256 == OctetOf(y, 0)); */
static inline uint32_t base64_second(uint32_t x, uint32_t y)
{
    return x % 65536u * 256u + y / 16777216u;
}

/*@ terminates \true;
    assigns \nothing;
    ensures bits:   \result < 16777216;
    ensures first:  UPH_EXACT(\result / 65536 == OctetOf(x, 1));
    ensures second: UPH_EXACT(\result / 256 % 256 == OctetOf(x, 2));
    ensures third:  UPH_EXACT(\result % 256 == OctetOf(x, 3)); */
static inline uint32_t base64_end(uint32_t x)
{
    return x % 16777216u;
}

/* Writes the four characters of a group. */
/*@ requires group:    v < 16777216;
    requires writable: \valid(out + (0 .. 3));
    terminates \true;
    assigns out[0 .. 3];
    ensures R4648_4: UPH_EXACT(\forall integer j; 0 <= j < 4 ==>
      out[j] == Base64Digit(v / 65536, v / 256 % 256, v % 256, j)); */
static inline void base64_group(uint32_t v, uint8_t *out)
{
    /*@ assert first: v / 262144 == v / 65536 / 4; */
    /*@ assert second: v / 4096 % 64 == v / 65536 % 4 * 16 + v / 256 % 256 / 16; */
    /*@ assert half: v / 256 == v / 64 / 4 && v % 256 / 64 == v / 64 % 4; */
    /*@ assert third: v / 64 % 64 == v / 256 % 256 % 16 * 4 + v % 256 / 64; */
    /*@ assert fourth: v % 64 == v % 256 % 64; */
    out[0] = base64_character(v / 262144u);
    out[1] = base64_character(v / 4096u % 64u);
    out[2] = base64_character(v / 64u % 64u);
    out[3] = base64_character(v % 64u);
}

void uph_base64_20(uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t e, uint8_t *out)
{
    /*@ assert place0: UPH_EXACT(\forall integer k; 0 <= k < 4 ==>
          Base64Octet(a, b, c, d, e, k) == Base64InGroup(a, b, c, d, e, 0, k)); */
    /*@ assert place1: UPH_EXACT(\forall integer k; 4 <= k < 8 ==>
          Base64Octet(a, b, c, d, e, k) == Base64InGroup(a, b, c, d, e, 1, k - 4)); */
    /*@ assert place2: UPH_EXACT(\forall integer k; 8 <= k < 12 ==>
          Base64Octet(a, b, c, d, e, k) == Base64InGroup(a, b, c, d, e, 2, k - 8)); */
    /*@ assert place3: UPH_EXACT(\forall integer k; 12 <= k < 16 ==>
          Base64Octet(a, b, c, d, e, k) == Base64InGroup(a, b, c, d, e, 3, k - 12)); */
    /*@ assert place4: UPH_EXACT(\forall integer k; 16 <= k < 20 ==>
          Base64Octet(a, b, c, d, e, k) == Base64InGroup(a, b, c, d, e, 4, k - 16)); */
    /*@ assert place5: UPH_EXACT(\forall integer k; 20 <= k < 24 ==>
          Base64Octet(a, b, c, d, e, k) == Base64InGroup(a, b, c, d, e, 5, k - 20)); */
    /*@ assert place6: UPH_EXACT(\forall integer k; 24 <= k < 27 ==>
          Base64Octet(a, b, c, d, e, k) == Base64InGroup(a, b, c, d, e, 6, k - 24)); */
    base64_group(base64_start(a), out);
    /*@ assert group0: UPH_EXACT(\forall integer k; 0 <= k < 4 ==>
          out[k] == Base64InGroup(a, b, c, d, e, 0, k)); */
    base64_group(base64_third(a, b), out + 4);
    /*@ assert group1: UPH_EXACT(\forall integer k; 4 <= k < 8 ==>
          out[k] == Base64InGroup(a, b, c, d, e, 1, k - 4)); */
    base64_group(base64_second(b, c), out + 8);
    /*@ assert group2: UPH_EXACT(\forall integer k; 8 <= k < 12 ==>
          out[k] == Base64InGroup(a, b, c, d, e, 2, k - 8)); */
    base64_group(base64_end(c), out + 12);
    /*@ assert group3: UPH_EXACT(\forall integer k; 12 <= k < 16 ==>
          out[k] == Base64InGroup(a, b, c, d, e, 3, k - 12)); */
    base64_group(base64_start(d), out + 16);
    /*@ assert group4: UPH_EXACT(\forall integer k; 16 <= k < 20 ==>
          out[k] == Base64InGroup(a, b, c, d, e, 4, k - 16)); */
    base64_group(base64_third(d, e), out + 20);
    /*@ assert group5: UPH_EXACT(\forall integer k; 20 <= k < 24 ==>
          out[k] == Base64InGroup(a, b, c, d, e, 5, k - 20)); */
    base64_group(base64_second(e, 0), out + 24);
    /*@ assert group6: UPH_EXACT(\forall integer k; 24 <= k < 28 ==>
          out[k] == Base64InGroup(a, b, c, d, e, 6, k - 24)); */
    out[27] = '=';
}

void uph_base64_16(const uint8_t *p, uint8_t *out)
{
    /*@ loop invariant bounded: 0 <= g <= 5;
        loop invariant same: \forall integer i; 0 <= i < 16 ==> p[i] == \at(p[i], Pre);
        loop invariant encoded: UPH_EXACT(\forall integer k;
          0 <= k < 4 * g ==> out[k] == \at(KeyOctet((uint8_t *)p, k), Pre));
        loop assigns g, out[0 .. 23];
        loop variant 5 - g; */
    for (uint32_t g = 0; g < 5; g++) {
        uint8_t a = p[3 * g], b = p[3 * g + 1], c = p[3 * g + 2];
        base64_group(base64_octets(a, b, c), out + 4 * g);
        /*@ assert digits: UPH_EXACT(\forall integer j; 0 <= j < 4 ==> out[4 * g + j] ==
              \at(KeyInGroup((uint8_t *)p, \at(g, Here), j), Pre)); */
        /*@ assert kept: UPH_EXACT(\forall integer k;
              0 <= k < 4 * g ==> out[k] == \at(KeyOctet((uint8_t *)p, k), Pre)); */
        /*@ assert group: UPH_EXACT(\forall integer k;
              4 * g <= k < 4 * g + 4 ==> out[k] == \at(KeyOctet((uint8_t *)p, k), Pre)); */
    }
    base64_group(base64_octets(p[15], 0, 0), out + 20);
    out[22] = '=';
    out[23] = '=';
    /*@ assert last: UPH_EXACT(out[20] == \at(KeyOctet((uint8_t *)p, 20), Pre) &&
          out[21] == \at(KeyOctet((uint8_t *)p, 21), Pre)); */
}

/* So many octets are looked at together. */
#define KEY_BLOCK 16

/* Whether the block at i is all base64 characters. */
/*@ requires readable: \valid_read(p + (i .. i + KEY_BLOCK - 1));
    requires inside:   i + KEY_BLOCK <= SIZE_MAX;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result <==>
      (\forall integer k; i <= k < i + KEY_BLOCK ==> IsBase64Character(p[k]) == \true)); */
static UPH_APART bool base64_block(const uint8_t *p, size_t i)
{
    uint8_t good = 0;
    UPH_LOOP
    /*@ loop invariant bounded: 0 <= k <= KEY_BLOCK && 0 <= good <= k;
        loop invariant exact: UPH_EXACT(good == k <==>
          (\forall integer j; i <= j < i + k ==> IsBase64Character(p[j]) == \true));
        loop assigns k, good;
        loop variant KEY_BLOCK - k; */
    for (size_t k = 0; k < KEY_BLOCK; k++) {
        good = (uint8_t)(good + (base64_is_character(p[i + k]) ? 1 : 0));
    }
    return good == KEY_BLOCK;
}

/* AllBase64 says of each octet what it says of 22: by induction. */
/*@ ghost
  /@ requires readable: \valid_read(p + (b .. b + 21));
     requires inside:   b + 22 <= SIZE_MAX;
     terminates \true;
     assigns \nothing;
     ensures each: UPH_EXACT(AllBase64((uint8_t *)p, b, b + 22) == \true <==>
       (\forall integer k; b <= k < b + 22 ==> IsBase64Character(p[k]) == \true)); @/
  static void base64_is_each(const uint8_t *p, size_t b)
  {
    size_t k = 22;
    /@ loop invariant bounded: 0 <= k <= 22;
       loop invariant each: UPH_EXACT(AllBase64((uint8_t *)p, b + k, b + 22) == \true <==>
         (\forall integer j; b + k <= j < b + 22 ==> IsBase64Character(p[j]) == \true));
       loop assigns k;
       loop variant k; @/
    while (k > 0) {
      k--;
    }
  }
*/

/* Two blocks that overlap hold all 22 characters. */
bool uph_key_valid(const uint8_t *p, size_t b)
{
    /*@ ghost base64_is_each(p, b); */
    return base64_block(p, b) && base64_block(p, b + 22 - KEY_BLOCK) && p[b + 22] == '=' &&
           p[b + 23] == '=';
}

bool uph_key_canonical(const uint8_t *p, size_t b)
{
    uint8_t last = p[b + 21];
    return last == 'A' || last == 'Q' || last == 'g' || last == 'w';
}
