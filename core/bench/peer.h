/* peer.h: what the peers share. None of it is ours: accept values by OpenSSL in the ways in which
 * servers call it, and the checks of RFC 6455 section 4.2.1 that a server which only has a parser
 * makes by hand.
 */
#ifndef UPHELD_BENCH_PEER_H
#define UPHELD_BENCH_PEER_H

#include "bench.h"

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PEER_KEY_SIZE 24
#define PEER_ACCEPT_SIZE 28
#define PEER_FIELDS_MAX 128

/* A field line as a parser left it; laid out like struct phr_header. */
struct peer_field {
    const char *name;
    size_t name_n;
    const char *value;
    size_t value_n;
};

/* The key of a request whose fields ask for WebSocket; null if they do not, or not rightly. */
const uint8_t *peer_key(const struct peer_field *fields, size_t count);

/* Accept values, 28 octets to out and no NUL behind them. */
void peer_accept_sha1_init(const uint8_t *key, uint8_t *out);   /* SHA1_Init .., own base64 */
void peer_accept_sha1(const uint8_t *key, uint8_t *out);        /* SHA1(), EVP_EncodeBlock */
void peer_accept_evp_digest(const uint8_t *key, uint8_t *out);  /* EVP_Digest, EVP_EncodeBlock */
void peer_accept_evp_fetched(const uint8_t *key, uint8_t *out); /* EVP_MD and context kept */

/* The octets of a 101 around an accept value: copied, or printed with snprintf(). */
typedef void peer_accept(const uint8_t *key, uint8_t *out);
size_t peer_answer_copied(const uint8_t *key, peer_accept *accept, uint8_t *out);
size_t peer_answer_printed(const uint8_t *key, peer_accept *accept, uint8_t *out);

/* The subjects themselves, one file a parser. */
bench_answer peer_phr_sha1_init, peer_phr_evp;
bench_answer peer_http_parser_evp, peer_http_parser_evp_fetched;
bench_answer peer_beast, peer_libsoup, peer_websocketpp;

#ifdef __cplusplus
}
#endif

#endif
