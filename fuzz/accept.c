/* accept.c: target for upheld_accept(), upheld_key() and core/base64.h. Seeds: corpus/accept/, 24
 * octets each. Any 24 octets are hashed, not keys alone: the accept value is a function of the
 * octets as they stand.
 *
 * Checks the accept value (RFC 6455 4.2.2 item 5.4) against OpenSSL and a second SHA-1, and that
 * only the 28 octets of the result are written; whether the octets are a key, and a canonical one,
 * against what OpenSSL decodes (4.2.1 item 5, erratum 3150); and the key made of the first 16
 * (4.1 item 7), which is one.
 */
#include "../core/base64.h"
#include "../core/upheld.h"
#include "fuzz.h"
#include "naive/naive.h"

#include <openssl/evp.h>

#define GUID "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
#define MARK 0xa5 /* around the result: must be left alone */

static void expected(const uint8_t *key, uint8_t out[UPHELD_ACCEPT_SIZE + 1])
{
    uint8_t message[UPHELD_KEY_SIZE + sizeof GUID - 1], digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;

    memcpy(message, key, UPHELD_KEY_SIZE);
    memcpy(message + UPHELD_KEY_SIZE, GUID, sizeof GUID - 1);
    FUZZ_CHECK(EVP_Digest(message, sizeof message, digest, &size, EVP_sha1(), NULL) == 1 &&
                   size == 20,
               "OpenSSL", "EVP_Digest gives 20 octets of SHA-1");
    FUZZ_CHECK(EVP_EncodeBlock(out, digest, 20) == UPHELD_ACCEPT_SIZE, "OpenSSL",
               "EVP_EncodeBlock gives 28 characters");
}

/* 22 letters and "==", which OpenSSL decodes to 16 octets and two of padding. */
static void check_validity(const uint8_t *key)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint8_t decoded[18], again[UPHELD_KEY_SIZE + 1];
    bool valid = key[22] == '=' && key[23] == '=';

    for (size_t i = 0; i < 22; i++) {
        valid = valid && naive_one_of(key[i], letters);
    }
    FUZZ_CHECK(uph_key_valid(key, 0) == valid, "R6455-4.2.1-5",
               "a key is base64 of 16 octets, and nothing else is");
    if (valid) {
        FUZZ_CHECK(EVP_DecodeBlock(decoded, key, UPHELD_KEY_SIZE) == 18, "OpenSSL",
                   "EVP_DecodeBlock takes what is a key");
        EVP_EncodeBlock(again, decoded, UPHELD_NONCE_SIZE);
        FUZZ_CHECK(uph_key_canonical(key, 0) == (memcmp(again, key, UPHELD_KEY_SIZE) == 0),
                   "R6455-E3150", "a key is canonical if encoding what it decodes to gives it");
    }
}

/* The key of the 16 octets at data. */
static void check_nonce(const uint8_t *data)
{
    uint8_t *nonce = fuzz_own(data, UPHELD_NONCE_SIZE);
    uint8_t *key = fuzz_block(UPHELD_KEY_SIZE);
    uint8_t right[UPHELD_KEY_SIZE + 1];

    EVP_EncodeBlock(right, nonce, UPHELD_NONCE_SIZE);
    upheld_key(nonce, key);
    FUZZ_CHECK(memcmp(key, right, UPHELD_KEY_SIZE) == 0, "R6455-4.1-7",
               "a key is the base64 of 16 octets");
    FUZZ_CHECK(uph_key_valid(key, 0) && uph_key_canonical(key, 0), "R6455-4.2.1-5",
               "what a client sends as a key, a server takes");
    free(key);
    free(nonce);
}

/* The 24 octets at data, whatever they are. */
static void check_key(const uint8_t *data)
{
    uint8_t *key = fuzz_own(data, UPHELD_KEY_SIZE);
    uint8_t *out = fuzz_block(UPHELD_ACCEPT_SIZE);
    uint8_t right[UPHELD_ACCEPT_SIZE + 1], around[UPHELD_ACCEPT_SIZE + 2];

    expected(key, right);
    upheld_accept(key, out);
    FUZZ_CHECK(memcmp(out, right, UPHELD_ACCEPT_SIZE) == 0, "R6455-4.2.2-13",
               "the accept value is base64(SHA-1(key ++ GUID))");
    naive_accept(key, around);
    FUZZ_CHECK(memcmp(around, right, UPHELD_ACCEPT_SIZE) == 0, "OpenSSL",
               "the second reading of RFC 6455 says the same");
    check_validity(key);
    check_nonce(key);
    FUZZ_CHECK(memcmp(key, data, UPHELD_KEY_SIZE) == 0, "frame", "the key is not written to");
    memset(around, MARK, sizeof around);
    upheld_accept(key, around + 1);
    FUZZ_CHECK(memcmp(around + 1, right, UPHELD_ACCEPT_SIZE) == 0, "R6455-4.2.2-13",
               "the accept value does not depend on what the buffer held");
    FUZZ_CHECK(around[0] == MARK && around[UPHELD_ACCEPT_SIZE + 1] == MARK, "frame",
               "28 octets are written and no other");
    free(out);
    free(key);
}

/* An input shorter than a key is filled with zeros, a longer one is taken in steps of a key. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t key[UPHELD_KEY_SIZE] = { 0 };

    if (size < sizeof key) {
        if (size > 0) {
            memcpy(key, data, size);
        }
        check_key(key);
        return 0;
    }
    for (size_t at = 0; size - at >= sizeof key; at += sizeof key) {
        check_key(data + at);
    }
    return 0;
}
