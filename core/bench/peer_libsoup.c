/* peer_libsoup.c: libsoup's reader of heads and its own server side of the handshake. Its server
 * prints an answer in a function that is not exported; answer_written() does the same. */
#include "peer.h"

#include <string.h>

#include <libsoup/soup.h>

static uint8_t *text_put(uint8_t *at, const uint8_t *end, const char *text)
{
    size_t n = strlen(text);
    if (at == NULL || n > (size_t)(end - at)) {
        return NULL;
    }
    memcpy(at, text, n);
    return at + n;
}

static size_t answer_written(SoupMessage *message, uint8_t *out)
{
    const uint8_t *end = out + BENCH_ANSWER_SIZE;
    const char *name, *value;
    SoupMessageHeadersIter fields;
    uint8_t *at = text_put(out, end, "HTTP/1.1 101 ");
    at = text_put(at, end, message->reason_phrase);
    at = text_put(at, end, "\r\n");
    soup_message_headers_iter_init(&fields, message->response_headers);
    while (soup_message_headers_iter_next(&fields, &name, &value)) {
        at = text_put(at, end, name);
        at = text_put(at, end, ": ");
        at = text_put(at, end, value);
        at = text_put(at, end, "\r\n");
    }
    at = text_put(at, end, "\r\n");
    return at != NULL ? (size_t)(at - out) : 0;
}

size_t peer_libsoup(const uint8_t *p, size_t n, uint8_t *out)
{
    char *method = NULL, *path = NULL;
    SoupHTTPVersion version;
    size_t written = 0;
    SoupMessage *message = g_object_new(SOUP_TYPE_MESSAGE, NULL);
    /* The empty line that ends the head is not handed over. */
    guint status =
        n < 2 ? 0
              : soup_headers_parse_request((const char *)p, (int)n - 2, message->request_headers,
                                           &method, &path, &version);
    if (status == SOUP_STATUS_OK) {
        g_object_set(message, SOUP_MESSAGE_METHOD, method, NULL);
        soup_message_set_http_version(message, version);
        if (soup_websocket_server_process_handshake(message, NULL, NULL)) {
            written = answer_written(message, out);
        }
    }
    g_free(method);
    g_free(path);
    g_object_unref(message);
    return written;
}
