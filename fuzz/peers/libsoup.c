/* libsoup.c: libsoup 2.4's reader of heads, and its own server side of the handshake. Where a head
 * ends is told by a function of its input that is not exported; head_end() does the same. */
#include <stdio.h>
#include <string.h>

#include <libsoup/soup.h>

#include "peers.h"

/* What GLib keeps is no finding of ours. */
const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
    return "leak:libglib-2.0\nleak:libsoup-2.4\n";
}

/* read_headers() of soup-message-io.c: lines up to one that is LF or CR LF alone and has an LF
 * before it. Gives the octets with that line, and in *kept those without it; 0 if there is none. */
static size_t head_end(const uint8_t *p, size_t n, size_t *kept)
{
    for (size_t i = 1; i < n; i++) {
        if (p[i] != '\n') {
            continue;
        }
        if (p[i - 1] == '\n') {
            *kept = i;
            return i + 1;
        }
        if (i >= 2 && p[i - 1] == '\r' && p[i - 2] == '\n') {
            *kept = i - 1;
            return i + 1;
        }
    }
    return 0;
}

static struct peer_text text(struct peer_view *view, const char *s)
{
    return peer_copy(view, s, strlen(s));
}

static void fields(SoupMessage *message, struct peer_view *view)
{
    const char *name, *value;
    SoupMessageHeadersIter iter;
    soup_message_headers_iter_init(&iter, message->request_headers);
    while (soup_message_headers_iter_next(&iter, &name, &value)) {
        peer_field(view, text(view, name), text(view, value));
    }
}

static void handshake(SoupMessage *message, struct peer_view *view)
{
    GError *error = NULL;
    if (!soup_websocket_server_check_handshake(message, NULL, NULL, &error)) {
        snprintf(view->no_upgrade, sizeof view->no_upgrade, "%s", error->message);
        g_error_free(error);
        return;
    }
    view->upgrade = soup_websocket_server_process_handshake(message, NULL, NULL);
    const char *accept =
        soup_message_headers_get_one(message->response_headers, "Sec-WebSocket-Accept");
    snprintf(view->accept, sizeof view->accept, "%s", accept == NULL ? "none" : accept);
}

void peer_libsoup(const uint8_t *p, size_t n, struct peer_view *view)
{
    size_t kept = 0, end = head_end(p, n, &kept);
    char *method = NULL, *target = NULL;
    SoupHTTPVersion version;
    if (end == 0) {
        return;
    }
    SoupMessage *message = g_object_new(SOUP_TYPE_MESSAGE, NULL);
    guint status = soup_headers_parse_request((const char *)p, (int)kept, message->request_headers,
                                              &method, &target, &version);
    if (status == SOUP_STATUS_OK) {
        view->end = PEER_TAKEN;
        view->consumed = end;
        view->method = text(view, method);
        view->target = text(view, target);
        fields(message, view);
        g_object_set(message, SOUP_MESSAGE_METHOD, method, NULL);
        soup_message_set_http_version(message, version);
        handshake(message, view);
    } else {
        char reason[PEER_REASON_MAX];
        snprintf(reason, sizeof reason, "%u %s", status, soup_status_get_phrase(status));
        peer_refused(view, reason);
    }
    g_free(method);
    g_free(target);
    g_object_unref(message);
}
