/* http_parser.c: Node's former parser, 2.9. It leaves WebSocket, and who may ask for an upgrade, to
 * its caller; it stops behind the head. */
#include <http_parser.h>

#include "peers.h"

static int on_target(http_parser *parser, const char *at, size_t n)
{
    struct peer_view *view = parser->data;
    view->target = peer_copy(view, at, n);
    return 0;
}

/* The whole head is handed over at once, so every part comes in one piece. */
static int on_name(http_parser *parser, const char *at, size_t n)
{
    struct peer_view *view = parser->data;
    peer_field(view, peer_copy(view, at, n), (struct peer_text){ "", 0 });
    return 0;
}

/* The lines of a folded value come one by one, with what folds them left out. */
static int on_value(http_parser *parser, const char *at, size_t n)
{
    struct peer_view *view = parser->data;
    struct peer_text more = peer_copy(view, at, n);
    if (view->overflown || view->count == 0) {
        return 0;
    }
    struct peer_text *value = &view->values[view->count - 1];
    *value = value->n > 0 && value->p + value->n == more.p
                 ? (struct peer_text){ value->p, value->n + more.n }
                 : more;
    return 0;
}

static int on_headers_complete(http_parser *parser)
{
    struct peer_view *view = parser->data;
    const char *method = http_method_str(parser->method);
    size_t n = 0;
    while (method[n] != '\0') {
        n++;
    }
    view->end = PEER_TAKEN;
    view->upgrade = parser->upgrade;
    view->method = peer_copy(view, method, n);
    http_parser_pause(parser, 1);
    return 0;
}

void peer_http_parser(const uint8_t *p, size_t n, struct peer_view *view)
{
    static const http_parser_settings settings = {
        .on_url = on_target,
        .on_header_field = on_name,
        .on_header_value = on_value,
        .on_headers_complete = on_headers_complete,
    };
    http_parser parser;
    http_parser_init(&parser, HTTP_REQUEST);
    parser.data = view;
    size_t end = n == 0 ? 0 : http_parser_execute(&parser, &settings, (const char *)p, n);
    if (view->end == PEER_TAKEN) {
        /* Paused at the last LF of the head. What the body is, is judged there, and may be an error
         * yet. */
        view->consumed = end + 1;
        http_parser_pause(&parser, 0);
        http_parser_execute(&parser, &settings, (const char *)p + end, 1);
    }
    if (HTTP_PARSER_ERRNO(&parser) != HPE_OK) {
        peer_refused(view, http_errno_name(HTTP_PARSER_ERRNO(&parser)));
    }
}
