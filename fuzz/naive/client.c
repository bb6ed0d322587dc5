/* client.c: what a client may ask for (RFC 6455 4.1), each text held against its grammar. */
#include "naive.h"

#include <stdlib.h>
#include <string.h>

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

static bool limit(uint32_t value)
{
    return value > 0 && value <= UPHELD_LIMIT_MAX;
}

/* Base64 whose spare bits are zero: the value of its last character is a multiple of 16. */
static bool key(const uint8_t *p)
{
    for (size_t i = 0; i < 22; i++) {
        if (!naive_one_of(p[i], LETTERS)) {
            return false;
        }
    }
    const char *last = strchr(LETTERS, p[21]);
    return (last - LETTERS) % 16 == 0 && p[22] == '=' && p[23] == '=';
}

static bool visible(struct upheld_span s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '!' || s.p[i] > '~') {
            return false;
        }
    }
    return true;
}

static bool field_value(struct upheld_span s)
{
    for (size_t i = 0; i < s.n; i++) {
        if ((s.p[i] < 0x20 && s.p[i] != '\t') || s.p[i] == 0x7f) {
            return false;
        }
    }
    struct upheld_span inner = naive_strip(s);
    return inner.n == s.n && s.n <= UPHELD_VALUE_MAX;
}

static bool short_token(struct upheld_span s)
{
    return naive_token(s) && s.n <= UPHELD_TEXT_MAX;
}

static bool own_name(struct upheld_span name)
{
    static const char *const names[] = { "host",
                                         "upgrade",
                                         "connection",
                                         "origin",
                                         "expect",
                                         "content-length",
                                         "transfer-encoding",
                                         "http2-settings",
                                         "sec-websocket-key",
                                         "sec-websocket-accept",
                                         "sec-websocket-version",
                                         "sec-websocket-protocol",
                                         "sec-websocket-extensions" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (naive_is_any_case(name, names[i])) {
            return true;
        }
    }
    return false;
}

static bool subprotocols(const struct upheld_client *client)
{
    for (uint32_t i = 0; i < client->subprotocol_count; i++) {
        if (!short_token(client->subprotocols[i])) {
            return false;
        }
        for (uint32_t j = i + 1; j < client->subprotocol_count; j++) {
            if (naive_same(client->subprotocols[i], client->subprotocols[j])) {
                return false;
            }
        }
    }
    return true;
}

static bool fields(const struct upheld_client *client)
{
    for (uint32_t i = 0; i < client->field_count; i++) {
        if (!short_token(client->fields[i].name) || own_name(client->fields[i].name) ||
            !field_value(client->fields[i].value)) {
            return false;
        }
    }
    return true;
}

static bool window(uint8_t bits)
{
    return bits == 0 || (bits > 7 && bits < 16);
}

/* RFC 7692 7.1.2, and a client can compress with what it offers. */
static bool deflate(struct upheld_deflate d)
{
    uint8_t least = d.min_window_bits == 0 ? 9 : d.min_window_bits;
    return window(d.server_max_window_bits) && window(d.client_max_window_bits) &&
           window(d.min_window_bits) &&
           (d.client_max_window_bits == 0 || d.client_max_window_bits >= least);
}

bool naive_client(const struct upheld_client *client)
{
    struct upheld_span host = client->host, target = client->target;
    return limit(client->limits.line) && limit(client->limits.head) &&
           limit(client->limits.fields) && limit(client->interim) && key(client->key) &&
           host.n > 0 && host.n <= UPHELD_TEXT_MAX && host.p[0] != ':' && naive_host(host) &&
           target.n > 0 && target.n <= UPHELD_VALUE_MAX && target.p[0] == '/' &&
           naive_path_and_query(target) && client->origin.n <= UPHELD_TEXT_MAX &&
           visible(client->origin) && subprotocols(client) && fields(client) &&
           deflate(client->deflate);
}
