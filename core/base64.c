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
static inline uint8_t base64_character(uint8_t v)
{
    static const uint8_t alphabet[64] = { 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K',
                                          'L', 'M', 'N', 'O', 'P', 'Q', 'R', 'S', 'T', 'U', 'V',
                                          'W', 'X', 'Y', 'Z', 'a', 'b', 'c', 'd', 'e', 'f', 'g',
                                          'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r',
                                          's', 't', 'u', 'v', 'w', 'x', 'y', 'z', '0', '1', '2',
                                          '3', '4', '5', '6', '7', '8', '9', '+', '/' };
    return alphabet[v];
}

/* Writes the four characters of a group of three octets. */
/*@ requires writable: \valid(out + (0 .. 3));
    terminates \true;
    assigns out[0 .. 3];
    ensures R4648_4: UPH_EXACT(
      \forall integer j; 0 <= j < 4 ==> out[j] == Base64Digit(a, b, c, j)); */
static inline void base64_group(uint8_t a, uint8_t b, uint8_t c, uint8_t *out)
{
    out[0] = base64_character((uint8_t)(a / 4u));
    out[1] = base64_character((uint8_t)(a % 4u * 16u + b / 16u));
    out[2] = base64_character((uint8_t)(b % 16u * 4u + c / 64u));
    out[3] = base64_character((uint8_t)(c % 64u));
}

void uph_base64_20(const uint8_t *p, uint8_t *out)
{
    /*@ loop invariant bounded: 0 <= g <= 6;
        loop invariant same: \forall integer i; 0 <= i < 20 ==> p[i] == \at(p[i], Pre);
        loop invariant encoded: UPH_EXACT(\forall integer k;
          0 <= k < 4 * g ==> out[k] == \at(Base64Octet((uint8_t *)p, k), Pre));
        loop assigns g, out[0 .. 27];
        loop variant 6 - g; */
    for (uint32_t g = 0; g < 6; g++) {
        uint8_t a = p[3 * g], b = p[3 * g + 1], c = p[3 * g + 2];
        base64_group(a, b, c, out + 4 * g);
        /*@ assert digits: UPH_EXACT(\forall integer j; 0 <= j < 4 ==> out[4 * g + j] ==
              \at(Base64InGroup((uint8_t *)p, \at(g, Here), j), Pre)); */
        /*@ assert kept: UPH_EXACT(\forall integer k;
              0 <= k < 4 * g ==> out[k] == \at(Base64Octet((uint8_t *)p, k), Pre)); */
        /*@ assert group: UPH_EXACT(\forall integer k;
              4 * g <= k < 4 * g + 4 ==> out[k] == \at(Base64Octet((uint8_t *)p, k), Pre)); */
    }
    base64_group(p[18], p[19], 0, out + 24);
    out[27] = '=';
    /*@ assert last: UPH_EXACT(out[24] == \at(Base64Octet((uint8_t *)p, 24), Pre) &&
          out[25] == \at(Base64Octet((uint8_t *)p, 25), Pre) &&
          out[26] == \at(Base64Octet((uint8_t *)p, 26), Pre)); */
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
        base64_group(a, b, c, out + 4 * g);
        /*@ assert digits: UPH_EXACT(\forall integer j; 0 <= j < 4 ==> out[4 * g + j] ==
              \at(KeyInGroup((uint8_t *)p, \at(g, Here), j), Pre)); */
        /*@ assert kept: UPH_EXACT(\forall integer k;
              0 <= k < 4 * g ==> out[k] == \at(KeyOctet((uint8_t *)p, k), Pre)); */
        /*@ assert group: UPH_EXACT(\forall integer k;
              4 * g <= k < 4 * g + 4 ==> out[k] == \at(KeyOctet((uint8_t *)p, k), Pre)); */
    }
    base64_group(p[15], 0, 0, out + 20);
    out[22] = '=';
    out[23] = '=';
    /*@ assert last: UPH_EXACT(out[20] == \at(KeyOctet((uint8_t *)p, 20), Pre) &&
          out[21] == \at(KeyOctet((uint8_t *)p, 21), Pre)); */
}

bool uph_key_valid(const uint8_t *p, size_t b)
{
    /*@ loop invariant bounded: 0 <= k <= 22;
        loop invariant exact: UPH_EXACT(AllBase64((uint8_t *)p, b, b + 22) ==
                                        AllBase64((uint8_t *)p, b + k, b + 22));
        loop assigns k;
        loop variant 22 - k; */
    for (uint32_t k = 0; k < 22; k++) {
        if (!base64_is_character(p[b + k])) {
            return false;
        }
    }
    return p[b + 22] == '=' && p[b + 23] == '=';
}

bool uph_key_canonical(const uint8_t *p, size_t b)
{
    uint8_t last = p[b + 21];
    return last == 'A' || last == 'Q' || last == 'g' || last == 'w';
}
