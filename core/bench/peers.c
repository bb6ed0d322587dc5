/* peers.c: the peers, whole handshakes first, then accept values alone. */
#include "peer.h"

static size_t accept_of(const uint8_t *p, size_t n, uint8_t *out, peer_accept *accept)
{
    if (n != PEER_KEY_SIZE) {
        return 0;
    }
    accept(p, out);
    return PEER_ACCEPT_SIZE;
}

static size_t sha1_init(const uint8_t *p, size_t n, uint8_t *out)
{
    return accept_of(p, n, out, peer_accept_sha1_init);
}

static size_t sha1(const uint8_t *p, size_t n, uint8_t *out)
{
    return accept_of(p, n, out, peer_accept_sha1);
}

static size_t evp_digest(const uint8_t *p, size_t n, uint8_t *out)
{
    return accept_of(p, n, out, peer_accept_evp_digest);
}

static size_t evp_fetched(const uint8_t *p, size_t n, uint8_t *out)
{
    return accept_of(p, n, out, peer_accept_evp_fetched);
}

const struct bench_subject BENCH_SUBJECTS[] = {
    { "phr+sha1_init", "handshake", peer_phr_sha1_init },
    { "phr+evp", "handshake", peer_phr_evp },
    { "http-parser+evp_fetched", "handshake", peer_http_parser_evp_fetched },
    { "http-parser+evp", "handshake", peer_http_parser_evp },
    { "beast", "handshake", peer_beast },
    { "libsoup", "handshake", peer_libsoup },
    { "websocketpp", "handshake", peer_websocketpp },
    { "sha1_init+table", "accept", sha1_init },
    { "sha1+encodeblock", "accept", sha1 },
    { "evp_digest+encodeblock", "accept", evp_digest },
    { "evp_fetched+encodeblock", "accept", evp_fetched },
    { 0 },
};
