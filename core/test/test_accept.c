/* test_accept.c: SHA-1, base64, keys and the accept value against published and recomputed values
 * (FIPS 180-4, RFC 4648, RFC 6455; the rest from OpenSSL 3.0). */
#include "accept.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Four octets as a word (FIPS 180-4 section 3.1). */
static uint32_t word(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Base64 of 20 octets. */
static void base64_of(const uint8_t *p, uint8_t out[28])
{
    uph_base64_20(word(p), word(p + 4), word(p + 8), word(p + 12), word(p + 16), out);
}

/* SHA-1 of n times 'a' in hexadecimal, padded here as FIPS 180-4 section 5.1.1 says. */
static void hash_of_letters(const char *text, size_t n, char hex[41])
{
    struct uph_sha1_state h = { 0x67452301u, 0xefcdab89u, 0x98badcfeu, 0x10325476u, 0xc3d2e1f0u };
    uint8_t padded[192] = { 0 };
    size_t size = (n + 8) / 64 * 64 + 64;
    for (size_t i = 0; i < n; i++) {
        padded[i] = (uint8_t)(text != NULL ? text[i] : 'a');
    }
    padded[n] = 0x80;
    padded[size - 2] = (uint8_t)(n * 8 >> 8);
    padded[size - 1] = (uint8_t)(n * 8);
    for (size_t at = 0; at < size; at += 64) {
        uint32_t w[16];
        for (size_t t = 0; t < 16; t++) {
            w[t] = word(padded + at + 4 * t);
        }
        h = uph_sha1_block(h, w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7], w[8], w[9], w[10],
                           w[11], w[12], w[13], w[14], w[15]);
    }
    (void)snprintf(hex, 41, "%08x%08x%08x%08x%08x", (unsigned)h.a, (unsigned)h.b, (unsigned)h.c,
                   (unsigned)h.d, (unsigned)h.e);
}

static void test_sha1_known_answers(void **state)
{
    (void)state;
    static const struct {
        size_t n;
        const char *hex;
    } known[] = {
        { 0, "da39a3ee5e6b4b0d3255bfef95601890afd80709" },
        { 1, "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8" },
        { 3, "7e240de74fb1ed08fa08d38063f6a6a91462a815" },
        { 54, "b05d71c64979cb95fa74a33cdb31a40d258ae02e" },
        { 55, "c1c8bbdc22796e28c0e15163d20899b65621d65a" },
        { 56, "c2db330f6083854c99d4b5bfb6e8f29f201be699" },
        { 57, "f08f24908d682555111be7ff6f004e78283d989a" },
        { 59, "dbc8b8f59ff85a2b1448ed873484b14bf0507246" },
        { 60, "13d956033d9af449bfe2c4ef78c17c20469c4bf1" },
        { 63, "03f09f5b158a7a8cdad920bddc29b81c18a551f5" },
        { 64, "0098ba824b5c16427bd7a1122a5a442a25ec644d" },
        { 65, "11655326c708d70319be2610e8a57d9a5b959d3b" },
        { 119, "ee971065aaa017e0632a8ca6c77bb3bf8b1dfc56" },
        { 120, "f34c1488385346a55709ba056ddd08280dd4c6d6" },
        { 127, "89d95fa32ed44a7c610b7ee38517ddf57e0bb975" },
        { 128, "ad5b3fdbcb526778c2839d2f151ea753995e26a0" },
    };
    char hex[41];
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        hash_of_letters(NULL, known[i].n, hex);
        assert_string_equal(hex, known[i].hex);
    }
    /* The examples that NIST publishes for FIPS 180-4. */
    hash_of_letters("abc", 3, hex);
    assert_string_equal(hex, "a9993e364706816aba3e25717850c26c9cd0d89d");
    hash_of_letters("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56, hex);
    assert_string_equal(hex, "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
    /* The message of the handshake in RFC 6455 section 1.3. */
    hash_of_letters("dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11", 60, hex);
    assert_string_equal(hex, "b37a4f2cc0624f1690f64606cf385945b2bec4ea");
}

static void test_base64_known_answers(void **state)
{
    (void)state;
    static const struct {
        uint8_t octets[20];
        const char *text;
    } known[] = {
        { { 0 }, "AAAAAAAAAAAAAAAAAAAAAAAAAAA=" },
        { { 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
            255, 255, 255, 255, 255, 255, 255, 255, 255, 255 },
          "//////////////////////////8=" },
        { { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19 },
          "AAECAwQFBgcICQoLDA0ODxAREhM=" },
        { { 236, 237, 238, 239, 240, 241, 242, 243, 244, 245,
            246, 247, 248, 249, 250, 251, 252, 253, 254, 255 },
          "7O3u7/Dx8vP09fb3+Pn6+/z9/v8=" },
        { { 0x00, 0x10, 0x83, 0x10, 0x51, 0x87, 0x20, 0x92, 0x8b, 0x30,
            0xd3, 0x8f, 0x41, 0x14, 0x93, 0x51, 0x55, 0x97, 0x61, 0x96 },
          "ABCDEFGHIJKLMNOPQRSTUVWXYZY=" },
        { { 0xb3, 0x7a, 0x4f, 0x2c, 0xc0, 0x62, 0x4f, 0x16, 0x90, 0xf6,
            0x46, 0x06, 0xcf, 0x38, 0x59, 0x45, 0xb2, 0xbe, 0xc4, 0xea },
          "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" },
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        uint8_t out[28];
        base64_of(known[i].octets, out);
        assert_memory_equal(out, known[i].text, 28);
    }
}

/* The characters of RFC 4648 table 1, in its order. */
static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void test_base64_every_value_at_every_place(void **state)
{
    (void)state;
    for (size_t k = 0; k < 27; k++) {
        for (unsigned v = 0; v < 64; v++) {
            if (k == 26 && v % 4 != 0) {
                continue; /* its last two bits lie behind the input */
            }
            uint8_t octets[20] = { 0 }, out[28];
            for (unsigned bit = 0; bit < 6; bit++) {
                size_t at = 6 * k + bit;
                if ((v >> (5 - bit) & 1u) != 0) {
                    octets[at / 8] |= (uint8_t)(0x80u >> at % 8);
                }
            }
            base64_of(octets, out);
            for (size_t j = 0; j < 28; j++) {
                assert_int_equal(out[j], j == k ? alphabet[v] : j == 27 ? '=' : 'A');
            }
        }
    }
}

static void test_key_valid_every_octet_at_every_place(void **state)
{
    (void)state;
    static const char good[] = "..dGhlIHNhbXBsZSBub25jZQ==..";
    for (size_t i = 0; i < 24; i++) {
        for (unsigned c = 0; c < 256; c++) {
            uint8_t field[28];
            memcpy(field, good, sizeof field);
            field[2 + i] = (uint8_t)c;
            bool expected = i >= 22 ? c == '=' : c != 0 && strchr(alphabet, (int)c) != NULL;
            assert_int_equal(uph_key_valid(field, 2), expected);
        }
    }
    static const char *const bad[] = { "dGhlIHNhbXBsZSBub25jZQ=A",
                                       "dGhlIHNhbXBsZSBub25jZQA=", "dGhlIHNhbXBsZSBub25jZ===",
                                       "========================", "dGhlIHNhbXBsZSBub25jZQAA" };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(uph_key_valid((const uint8_t *)bad[i], 0));
    }
}

static const struct {
    const char *key, *accept;
} pairs[] = {
    { "dGhlIHNhbXBsZSBub25jZQ==", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" }, /* RFC 6455 section 1.3 */
    { "AQIDBAUGBwgJCgsMDQ4PEC==", "OfS0wDaT5NoxF2gqm7Zj2YtetzM=" }, /* RFC 6455 section 4.1 */
    { "AQIDBAUGBwgJCgsMDQ4PEA==", "C/0nmHhBztSRGR1CwL6Tf4ZjwpY=" }, /* erratum 3150 */
    { "x3JJHMbDL1EzLkh9GBhXDw==", "HSmrc0sMlYUkAGmm5OPpG2HaGWk=" },
    { "7+C600xYybOv2zmJ69RQsw==", "fYoqiH14DgI+5ylEMwM2sOLzOi0=" },
    { "wDqumtseNBJdhkihL6PW7w==", "0FFP+2nmNIf/h+4BP36k9uzrYGk=" },
    { "If6o1XtBFJFCOjpx801n3w==", "oqdG/tyYop2FvC++CnYrC3uXVDU=" },
    { "NDMyMTUzMjE2MzIxNzMyMQ==", "Dut04YXKjDKbXFLrc+AVmMeFsWM=" },
    { "AAAAAAAAAAAAAAAAAAAAAA==", "ICX+Yqv66kxgM0FcWaLWlFLwTAI=" },
    { "/////////////////////w==", "XXpj4jYzLM2yUE0C7TIgMwTQh2g=" },
    { "//////////////////////==", "zXRQvy1wi5A4l0hwWYxMN3e2wNk=" },
    { "+/+/+/+/+/+/+/+/+/+/+w==", "M0DUs3om0SqzerhOhYSMM7WQuBQ=" },
    { "MDEyMzQ1Njc4OWFiY2RlZg==", "BACScCJPNqyz+UBoqMH89VmURoA=" },
    { "eHh4eHh4eHh4eHh4eHh4eA==", "PE4lKCy6wBiYa7MVpKt1rqm6YVc=" },
    { "hq0S1hpdldRhTHVwXBDPvg==", "SjySvs5dA1t9Y1gQsa9jmTNpZLo=" },
    { "WTh9rpWlwlBcMRUQqbXuFg==", "ojY9iP807Mv1clWz9CVeYgn+5As=" },
    { "eUksYQMw3z+ZMjb6baawiw==", "nxtY/SLiqi2cwfscHmsjOI8wu0o=" },
    { "ipg7rRB525W3Cv67MY5x0g==", "uhHM6PhycOxOH2Y9ETKJGqzHqOA=" },
    { "pFik//FxwFk0riN4ZiPFjQ==", "oCPNMjdhvED8MxbvfN3kHe9jRfQ=" },
    { "rHRYnTnQlSN0/MayNfD9gQ==", "OrHNNYPtTu3ifcnS41COHXfAwJE=" },
};

static void test_accept_pairs(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        uint8_t key[24], out[UPHELD_ACCEPT_SIZE + 2];
        memcpy(key, pairs[i].key, sizeof key);
        memset(out, '#', sizeof out);
        assert_true(uph_key_valid(key, 0));
        upheld_accept(key, out + 1);
        assert_memory_equal(out + 1, pairs[i].accept, UPHELD_ACCEPT_SIZE);
        assert_memory_equal(key, pairs[i].key, sizeof key);
        assert_int_equal(out[0], '#');
        assert_int_equal(out[UPHELD_ACCEPT_SIZE + 1], '#');
    }
}

/* What servers printed that hashed something else; a failure here names the mistake. */
static void test_accept_is_no_known_mistake(void **state)
{
    (void)state;
    static const struct {
        const char *accept, *mistake;
    } wrong[] = {
        { "WJfwerbIozKsJXHxxI0JTO1SQgU=", "the GUID in lower case" },
        { "xi594u34epCyRUevAXoTvQaUoCk=", "a GUID with wrong digits" },
        { "BXhwxM0SZasKmCD9S4BfpPmCnEw=", "the key decoded before it is hashed" },
        { "wRn3T1d05f86S/JjgrE2dZ0BqLI=", "a NUL hashed behind the message" },
        { "RZWuh2JK/hL0RMgTNJFfZIAppXg=", "the key without its '=='" },
        { "s3mCG3XUBfFRrUGpYOBQiHm5i8g=", "a space hashed before the key" },
        { "xytUlkF2rVz2XzwONMCug9nn1qA=", "a space hashed behind the key" },
    };
    uint8_t out[UPHELD_ACCEPT_SIZE];
    upheld_accept((const uint8_t *)pairs[0].key, out);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        if (memcmp(out, wrong[i].accept, sizeof out) == 0) {
            fail_msg("upheld_accept: %s", wrong[i].mistake);
        }
    }
    assert_memory_not_equal(out, "YjM3YTRmMmNjMDYyNGYxNjkwZjY0", sizeof out); /* of hexadecimal */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sha1_known_answers),
        cmocka_unit_test(test_base64_known_answers),
        cmocka_unit_test(test_base64_every_value_at_every_place),
        cmocka_unit_test(test_key_valid_every_octet_at_every_place),
        cmocka_unit_test(test_accept_pairs),
        cmocka_unit_test(test_accept_is_no_known_mistake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
