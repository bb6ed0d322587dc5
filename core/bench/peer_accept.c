/* peer_accept.c: Sec-WebSocket-Accept by OpenSSL, in the four ways in which servers call it. */
#define OPENSSL_SUPPRESS_DEPRECATED /* SHA1_Init() and its like are still the quickest */
#include "peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/sha.h>

#define GUID "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
#define HASHED_SIZE (PEER_KEY_SIZE + sizeof(GUID) - 1)

static void hashed(const uint8_t *key, uint8_t *out)
{
    memcpy(out, key, PEER_KEY_SIZE);
    memcpy(out + PEER_KEY_SIZE, GUID, sizeof(GUID) - 1);
}

/* EVP_EncodeBlock() puts a NUL behind what it writes. */
static void encode(const uint8_t *digest, uint8_t *out)
{
    uint8_t text[PEER_ACCEPT_SIZE + 1];
    EVP_EncodeBlock(text, digest, SHA_DIGEST_LENGTH);
    memcpy(out, text, PEER_ACCEPT_SIZE);
}

/* Base64 of 20 octets by a table of 64. */
static void encode_by_table(const uint8_t *s, uint8_t *out)
{
    static const char TABLE[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < 6; i++, s += 3, out += 4) {
        uint32_t w = (uint32_t)s[0] << 16 | (uint32_t)s[1] << 8 | s[2];
        out[0] = (uint8_t)TABLE[w >> 18];
        out[1] = (uint8_t)TABLE[w >> 12 & 63];
        out[2] = (uint8_t)TABLE[w >> 6 & 63];
        out[3] = (uint8_t)TABLE[w & 63];
    }
    uint32_t w = (uint32_t)s[0] << 16 | (uint32_t)s[1] << 8;
    out[0] = (uint8_t)TABLE[w >> 18];
    out[1] = (uint8_t)TABLE[w >> 12 & 63];
    out[2] = (uint8_t)TABLE[w >> 6 & 63];
    out[3] = '=';
}

void peer_accept_sha1_init(const uint8_t *key, uint8_t *out)
{
    uint8_t text[HASHED_SIZE], digest[SHA_DIGEST_LENGTH];
    SHA_CTX sha1;
    hashed(key, text);
    SHA1_Init(&sha1);
    SHA1_Update(&sha1, text, sizeof text);
    SHA1_Final(digest, &sha1);
    encode_by_table(digest, out);
}

void peer_accept_sha1(const uint8_t *key, uint8_t *out)
{
    uint8_t text[HASHED_SIZE], digest[SHA_DIGEST_LENGTH];
    hashed(key, text);
    SHA1(text, sizeof text, digest);
    encode(digest, out);
}

void peer_accept_evp_digest(const uint8_t *key, uint8_t *out)
{
    uint8_t text[HASHED_SIZE], digest[SHA_DIGEST_LENGTH];
    hashed(key, text);
    if (EVP_Digest(text, sizeof text, digest, NULL, EVP_sha1(), NULL) != 1) {
        abort();
    }
    encode(digest, out);
}

void peer_accept_evp_fetched(const uint8_t *key, uint8_t *out)
{
    static EVP_MD *sha1;
    static EVP_MD_CTX *context;
    if (context == NULL) {
        sha1 = EVP_MD_fetch(NULL, "SHA1", NULL);
        context = EVP_MD_CTX_new();
        if (sha1 == NULL || context == NULL) {
            abort();
        }
    }
    uint8_t text[HASHED_SIZE], digest[SHA_DIGEST_LENGTH];
    hashed(key, text);
    if (EVP_DigestInit_ex2(context, sha1, NULL) != 1 ||
        EVP_DigestUpdate(context, text, sizeof text) != 1 ||
        EVP_DigestFinal_ex(context, digest, NULL) != 1) {
        abort();
    }
    encode(digest, out);
}

#define BEFORE                                                                                     \
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"            \
    "Sec-WebSocket-Accept: "
#define BEHIND "\r\n\r\n"

size_t peer_answer_copied(const uint8_t *key, peer_accept *accept, uint8_t *out)
{
    memcpy(out, BEFORE, sizeof(BEFORE) - 1);
    accept(key, out + sizeof(BEFORE) - 1);
    memcpy(out + sizeof(BEFORE) - 1 + PEER_ACCEPT_SIZE, BEHIND, sizeof(BEHIND) - 1);
    return sizeof(BEFORE) - 1 + PEER_ACCEPT_SIZE + sizeof(BEHIND) - 1;
}

size_t peer_answer_printed(const uint8_t *key, peer_accept *accept, uint8_t *out)
{
    uint8_t value[PEER_ACCEPT_SIZE + 1];
    accept(key, value);
    value[PEER_ACCEPT_SIZE] = '\0';
    int n = snprintf((char *)out, BENCH_ANSWER_SIZE, "%s%s%s", BEFORE, (const char *)value, BEHIND);
    return n > 0 && n < BENCH_ANSWER_SIZE ? (size_t)n : 0;
}
