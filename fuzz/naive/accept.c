/* accept.c: Sec-WebSocket-Accept by the letter of FIPS 180-4 6.1.2 and RFC 4648 4: one schedule
 * of 80 words, digest bits taken one by one. Slow, plain, and no code of the core.
 */
#include <string.h>

#include "naive.h"

#define KEY_SIZE 24
#define MESSAGE_SIZE 60 /* key and GUID */
#define PADDED_SIZE 128

static uint32_t rotated(uint32_t x, unsigned n)
{
    return (uint32_t)(((uint64_t)x << n | (uint64_t)x >> (32 - n)) & 0xffffffffu);
}

static uint32_t mixed(int t, uint32_t b, uint32_t c, uint32_t d)
{
    if (t < 20) {
        return (b & c) | (~b & d);
    }
    if (t >= 40 && t < 60) {
        return (b & c) | (b & d) | (c & d);
    }
    return b ^ c ^ d;
}

static uint32_t sum(uint32_t a, uint32_t b)
{
    return (uint32_t)(((uint64_t)a + b) & 0xffffffffu);
}

static void block(uint32_t h[5], const uint8_t m[64])
{
    static const uint32_t k[4] = { 0x5a827999u, 0x6ed9eba1u, 0x8f1bbcdcu, 0xca62c1d6u };
    uint32_t w[80], v[5];

    for (int t = 0; t < 16; t++) {
        const uint8_t *o = m + 4 * t;
        w[t] = (uint32_t)o[0] << 24 | (uint32_t)o[1] << 16 | (uint32_t)o[2] << 8 | o[3];
    }
    for (int t = 16; t < 80; t++) {
        w[t] = rotated(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
    }
    memcpy(v, h, sizeof v);
    for (int t = 0; t < 80; t++) {
        uint32_t next = sum(rotated(v[0], 5), mixed(t, v[1], v[2], v[3]));
        next = sum(sum(next, v[4]), sum(k[t / 20], w[t]));
        v[4] = v[3];
        v[3] = v[2];
        v[2] = rotated(v[1], 30);
        v[1] = v[0];
        v[0] = next;
    }
    for (int i = 0; i < 5; i++) {
        h[i] = sum(h[i], v[i]);
    }
}

void naive_accept(const uint8_t *key, uint8_t *out)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint32_t h[5] = { 0x67452301u, 0xefcdab89u, 0x98badcfeu, 0x10325476u, 0xc3d2e1f0u };
    uint8_t m[PADDED_SIZE] = { 0 };

    memcpy(m, key, KEY_SIZE);
    memcpy(m + KEY_SIZE, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", MESSAGE_SIZE - KEY_SIZE);
    m[MESSAGE_SIZE] = 0x80;
    m[PADDED_SIZE - 2] = MESSAGE_SIZE * 8 / 256;
    m[PADDED_SIZE - 1] = MESSAGE_SIZE * 8 % 256;
    block(h, m);
    block(h, m + 64);
    for (unsigned i = 0; i < 27; i++) {
        unsigned sextet = 0;
        for (unsigned bit = 6 * i; bit < 6 * i + 6; bit++) {
            unsigned value = bit < 160 ? h[bit / 32] >> (31 - bit % 32) & 1u : 0;
            sextet = 2 * sextet + value;
        }
        out[i] = (uint8_t)letters[sextet];
    }
    out[27] = '=';
}
