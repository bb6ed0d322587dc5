/* peer_key.c: the checks that a server makes by hand behind a parser: as few and as quick as RFC
 * 6455 section 4.2.1 allows. A field is told by its length first, so most cost a jump. */
#include "peer.h"

#include <strings.h>

static bool same(const char *p, size_t n, const char *word, size_t word_n)
{
    return n == word_n && strncasecmp(p, word, n) == 0;
}

#define SAME(p, n, word) same(p, n, word, sizeof(word) - 1)

/* Whether a list names a word (RFC 9110 section 5.6.1). */
static bool listed(const char *p, size_t n, const char *word, size_t word_n)
{
    size_t at = 0;
    while (at < n) {
        while (at < n && (p[at] == ' ' || p[at] == '\t' || p[at] == ',')) {
            at++;
        }
        size_t from = at;
        while (at < n && p[at] != ',') {
            at++;
        }
        size_t to = at;
        while (to > from && (p[to - 1] == ' ' || p[to - 1] == '\t')) {
            to--;
        }
        if (same(p + from, to - from, word, word_n)) {
            return true;
        }
    }
    return false;
}

#define LISTED(f, word) listed((f)->value, (f)->value_n, word, sizeof(word) - 1)

static bool base64_octet(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
}

static bool key_valid(const char *key, size_t n)
{
    if (n != PEER_KEY_SIZE || key[22] != '=' || key[23] != '=') {
        return false;
    }
    for (int i = 0; i < 22; i++) {
        if (!base64_octet(key[i])) {
            return false;
        }
    }
    return true;
}

const uint8_t *peer_key(const struct peer_field *fields, size_t count)
{
    const char *key = NULL;
    unsigned hosts = 0, keys = 0, versions = 0;
    bool upgrade = false, connection = false, body = false, right = true;
    for (const struct peer_field *f = fields; f < fields + count; f++) {
        switch (f->name_n) {
        case sizeof("Host") - 1:
            hosts += SAME(f->name, f->name_n, "Host");
            break;
        case sizeof("Upgrade") - 1:
            upgrade |= SAME(f->name, f->name_n, "Upgrade") && LISTED(f, "websocket");
            break;
        case sizeof("Connection") - 1:
            connection |= SAME(f->name, f->name_n, "Connection") && LISTED(f, "upgrade");
            break;
        case sizeof("Content-Length") - 1:
            body |= SAME(f->name, f->name_n, "Content-Length");
            break;
        case sizeof("Sec-WebSocket-Key") - 1:
            if (SAME(f->name, f->name_n, "Sec-WebSocket-Key")) {
                keys++;
                key = f->value;
                right &= key_valid(f->value, f->value_n);
            }
            body |= SAME(f->name, f->name_n, "Transfer-Encoding");
            break;
        case sizeof("Sec-WebSocket-Version") - 1:
            if (SAME(f->name, f->name_n, "Sec-WebSocket-Version")) {
                versions++;
                right &= SAME(f->value, f->value_n, "13");
            }
            break;
        default:
            break;
        }
    }
    bool once = hosts == 1 && keys == 1 && versions == 1;
    return once && upgrade && connection && right && !body ? (const uint8_t *)key : NULL;
}
