/* accept.c: target for upheld_accept(). Seeds: corpus/accept/, 24 octets each. Any 24 octets are
 * hashed, not keys alone: the accept value is a function of the octets as they stand.
 *
 * Checks the accept value (RFC 6455 4.2.2 item 5.4) against OpenSSL, and that only the 28 octets
 * of the result are written.
 */
#include "../core/upheld.h"
#include "fuzz.h"

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
