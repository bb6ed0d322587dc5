/* peer_http_parser.c: Node's former parser, and OpenSSL. */
#include "peer.h"

#include <http_parser.h>

struct head {
    struct peer_field fields[PEER_FIELDS_MAX];
    size_t count; /* field lines whose name has begun */
};

/* The whole head is handed over at once, so every part comes in one piece. */
static int on_name(http_parser *parser, const char *at, size_t n)
{
    struct head *head = parser->data;
    if (head->count == PEER_FIELDS_MAX) {
        return 1;
    }
    head->fields[head->count++] = (struct peer_field){ at, n, at, 0 };
    return 0;
}

static int on_value(http_parser *parser, const char *at, size_t n)
{
    struct head *head = parser->data;
    struct peer_field *field = &head->fields[head->count - 1];
    field->value = at;
    field->value_n = n;
    return 0;
}

static const uint8_t *parsed_key(const uint8_t *p, size_t n)
{
    static const http_parser_settings SETTINGS = { .on_header_field = on_name,
                                                   .on_header_value = on_value };
    struct head head;
    http_parser parser;
    head.count = 0;
    http_parser_init(&parser, HTTP_REQUEST);
    parser.data = &head;
    size_t end = http_parser_execute(&parser, &SETTINGS, (const char *)p, n);
    if (end != n || HTTP_PARSER_ERRNO(&parser) != HPE_OK || !parser.upgrade ||
        parser.method != HTTP_GET || parser.http_major != 1 || parser.http_minor < 1) {
        return NULL;
    }
    return peer_key(head.fields, head.count);
}

size_t peer_http_parser_evp(const uint8_t *p, size_t n, uint8_t *out)
{
    const uint8_t *key = parsed_key(p, n);
    return key != NULL ? peer_answer_printed(key, peer_accept_evp_digest, out) : 0;
}

size_t peer_http_parser_evp_fetched(const uint8_t *p, size_t n, uint8_t *out)
{
    const uint8_t *key = parsed_key(p, n);
    return key != NULL ? peer_answer_copied(key, peer_accept_evp_fetched, out) : 0;
}
