/* openssl/evp.h where there is no OpenSSL that a target could be linked with: what fuzz/accept.c
 * calls, by our second reading of FIPS 180-4 and RFC 4648 in naive/accept.c. What is lost is the
 * comparison with a SHA-1 of others, which the other builds make; what is kept is the target
 * under MSan and on 32 bits. For ci/oss-fuzz/ alone: our own legs have OpenSSL.
 */
#ifndef OPENSSL_EVP_H
#define OPENSSL_EVP_H

#include <string.h>

#include "../../naive/naive.h"

enum { EVP_MAX_MD_SIZE = 64, STANDIN_KEY = 24, STANDIN_MESSAGE = 60, STANDIN_DIGEST = 20 };

typedef void EVP_MD;

static const char standin_letters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static inline const EVP_MD *EVP_sha1(void)
{
    return NULL;
}

/* The octets of n characters, each three of four; padding counts as zeros, as in OpenSSL. */
static inline int EVP_DecodeBlock(unsigned char *out, const unsigned char *text, int n)
{
    int put = 0;

    for (int i = 0; i + 3 < n; i += 4) {
        unsigned long bits = 0;
        for (int j = 0; j < 4; j++) {
            const char *at = text[i + j] == 0 ? NULL : strchr(standin_letters, text[i + j]);
            if (at == NULL && text[i + j] != '=') {
                return -1;
            }
            bits = bits << 6 | (at == NULL ? 0 : (unsigned long)(at - standin_letters));
        }
        out[put++] = (unsigned char)(bits >> 16 & 255);
        out[put++] = (unsigned char)(bits >> 8 & 255);
        out[put++] = (unsigned char)(bits & 255);
    }
    return put;
}

/* Four characters for every three octets or rest of them, and a zero behind. */
static inline int EVP_EncodeBlock(unsigned char *out, const unsigned char *octets, int n)
{
    int put = 0;

    for (int i = 0; i < n; i += 3) {
        unsigned long bits = (unsigned long)octets[i] << 16;
        bits |= i + 1 < n ? (unsigned long)octets[i + 1] << 8 : 0;
        bits |= i + 2 < n ? (unsigned long)octets[i + 2] : 0;
        out[put++] = (unsigned char)standin_letters[bits >> 18 & 63];
        out[put++] = (unsigned char)standin_letters[bits >> 12 & 63];
        out[put++] = (unsigned char)(i + 1 < n ? standin_letters[bits >> 6 & 63] : '=');
        out[put++] = (unsigned char)(i + 2 < n ? standin_letters[bits & 63] : '=');
    }
    out[put] = 0;
    return put;
}

/* SHA-1 of a key and the GUID, which is all that is asked for: anything else fails. */
static inline int EVP_Digest(const void *message, size_t n, unsigned char *digest, unsigned *size,
                             const EVP_MD *kind, void *engine)
{
    static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    const unsigned char *octets = message;
    unsigned char text[28], decoded[21];

    (void)kind;
    (void)engine;
    if (n != STANDIN_MESSAGE || memcmp(octets + STANDIN_KEY, guid, sizeof guid - 1) != 0) {
        return 0;
    }
    naive_accept(octets, text);
    if (EVP_DecodeBlock(decoded, text, sizeof text) != sizeof decoded) {
        return 0;
    }
    memcpy(digest, decoded, STANDIN_DIGEST);
    *size = STANDIN_DIGEST;
    return 1;
}

#endif
