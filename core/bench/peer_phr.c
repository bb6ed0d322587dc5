/* peer_phr.c: picohttpparser, which libh2o-evloop exports without a header, and OpenSSL. */
#include "peer.h"

#include <string.h>

/* As in picohttpparser.h: the octets of a head, or -1 malformed, or -2 incomplete. */
int phr_parse_request(const char *buf, size_t len, const char **method, size_t *method_len,
                      const char **path, size_t *path_len, int *minor_version,
                      struct peer_field *headers, size_t *num_headers, size_t last_len);

static const uint8_t *parsed_key(const uint8_t *p, size_t n)
{
    struct peer_field fields[PEER_FIELDS_MAX];
    const char *method, *path;
    size_t method_n, path_n, count = PEER_FIELDS_MAX;
    int minor;
    int end = phr_parse_request((const char *)p, n, &method, &method_n, &path, &path_n, &minor,
                                fields, &count, 0);
    if (end <= 0 || minor < 1 || method_n != 3 || memcmp(method, "GET", 3) != 0) {
        return NULL;
    }
    return peer_key(fields, count);
}

size_t peer_phr_sha1_init(const uint8_t *p, size_t n, uint8_t *out)
{
    const uint8_t *key = parsed_key(p, n);
    return key != NULL ? peer_answer_copied(key, peer_accept_sha1_init, out) : 0;
}

size_t peer_phr_evp(const uint8_t *p, size_t n, uint8_t *out)
{
    const uint8_t *key = parsed_key(p, n);
    return key != NULL ? peer_answer_printed(key, peer_accept_evp_digest, out) : 0;
}
