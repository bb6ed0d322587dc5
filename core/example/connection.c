/* connection.c: the life of a connection: TLS, the head, frames, the end. Everything here returns
 * at once; what cannot be done yet is tried again when epoll says so. */
#define UPHELD_CLAUSE_TEXTS
#include "connection.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#define SECOND 1000
/* A peer that leaves what we sent unread for so long is left. */
#define STALL_SECONDS 30
/* So long we wait for the peer to close after our last octet. Closing at once, with octets of its
 * own unread, would make TCP reset the connection and could lose the answer on its way. */
#define DRAIN_SECONDS 2

/* What a browser sees at the same address. */
static const char PAGE[] = "<!doctype html><title>echo</title><p>A WebSocket echo server: connect "
                           "with ws:// or wss://.</p>\n";

struct connection *connection_new(const struct site *site, int fd, int64_t now)
{
    struct stream stream;
    if (!stream_open(&stream, fd, site->tls)) {
        return NULL;
    }
    struct connection *c = calloc(1, sizeof(*c));
    /* One octet over the limit decides, so there is always room for a TLS record behind a head that
     * is not decided yet. */
    uint8_t *head = malloc(site->gate.policy.limits.head + (size_t)STREAM_RECORD);
    if (c == NULL || head == NULL) {
        free(c);
        free(head);
        stream_close(&stream);
        return NULL;
    }
    c->site = site;
    c->stream = stream;
    c->head = head;
    c->deadline = now + site->handshake_seconds * SECOND;
    return c;
}

void connection_free(struct connection *c)
{
    if (c->frames.wslay != NULL) {
        frames_close(&c->frames);
    }
    stream_close(&c->stream);
    free(c->head);
    free(c);
}

static bool to_send(const struct connection *c)
{
    return c->out_at < c->out_size || (c->phase == PHASE_FRAMES && frames_waiting(&c->frames));
}

/* Sends what the socket takes of what there is to say. False: the connection is broken. */
static bool send_out(struct connection *c)
{
    while (to_send(c)) {
        if (c->out_at == c->out_size) {
            ptrdiff_t size = frames_put(&c->frames, c->out, sizeof(c->out));
            if (size <= 0) {
                return size == 0;
            }
            c->out_at = 0;
            c->out_size = (size_t)size;
        }
        ssize_t sent = stream_write(&c->stream, c->out + c->out_at, c->out_size - c->out_at);
        if (sent <= 0) {
            return sent == STREAM_WAIT_READ || sent == STREAM_WAIT_WRITE;
        }
        c->out_at += (size_t)sent;
    }
    return true;
}

/* The answer to a request that is no handshake: a whole HTTP server would stand here. To HEAD the
 * page itself is not sent (RFC 9110 section 9.3.2). */
static size_t ordinary(const uint8_t *head, uint8_t *out, size_t size)
{
    const char *page = memcmp(head, "HEAD ", 5) == 0 ? "" : PAGE;
    int n = snprintf((char *)out, size,
                     "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %zu\r\n"
                     "Connection: close\r\n\r\n%s",
                     sizeof(PAGE) - 1, page);
    return (size_t)n;
}

/* The head is whole and good: from here on, WebSocket. */
static bool start_frames(struct connection *c, size_t consumed)
{
    if (!frames_open(&c->frames)) {
        return false;
    }
    c->phase = PHASE_FRAMES;
    /* A client may send frames before it has read the 101: they stand behind the head. */
    bool taken = frames_take(&c->frames, c->head + consumed, c->head_size - consumed);
    free(c->head);
    c->head = NULL;
    return taken;
}

/* Asks for a decision on what has arrived of the head, and acts on it. */
static bool take_head(struct connection *c)
{
    struct verdict v = gate_decide(&c->site->gate, &c->reader, c->head, c->head_size);
    struct upheld_decision d = v.decision;
    if (d.verdict == UPHELD_MORE) {
        return true;
    }
    fprintf(stderr, "echo: %s: %s\n", upheld_clause_id(d.clause), upheld_clause_text(d.clause));
    if (d.verdict == UPHELD_IGNORE) {
        c->out_size = ordinary(c->head, c->out, sizeof(c->out));
        c->phase = PHASE_GOODBYE;
        return true;
    }
    size_t size =
        upheld_response_write(c->head, c->head_size, &v.policy, d, c->out, sizeof(c->out));
    if (size > sizeof(c->out)) {
        return false; /* nothing was written: the policy's own texts are too long for `out` */
    }
    c->out_size = size;
    if (d.verdict == UPHELD_SWITCH) {
        return start_frames(c, d.consumed);
    }
    c->phase = PHASE_GOODBYE;
    return true;
}

static bool wants_more(const struct connection *c)
{
    return c->phase == PHASE_HEAD || (c->phase == PHASE_FRAMES && frames_want_more(&c->frames));
}

/* Reads one piece and acts on it. One at a time: a busy peer does not keep the others waiting. */
static bool take_in(struct connection *c)
{
    uint8_t piece[STREAM_RECORD];
    uint8_t *to = c->phase == PHASE_HEAD ? c->head + c->head_size : piece;
    ssize_t got = stream_read(&c->stream, to, STREAM_RECORD);
    if (got <= 0) {
        return got == STREAM_WAIT_READ || got == STREAM_WAIT_WRITE;
    }
    if (c->phase == PHASE_HEAD) {
        c->head_size += (size_t)got;
        return take_head(c);
    }
    return frames_take(&c->frames, piece, (size_t)got);
}

uint32_t connection_step(struct connection *c, int64_t now)
{
    if (c->phase == PHASE_SECURE) {
        int outcome = stream_secure(&c->stream);
        if (outcome == STREAM_WAIT_READ || outcome == STREAM_WAIT_WRITE) {
            return outcome == STREAM_WAIT_READ ? EPOLLIN : EPOLLOUT;
        }
        if (outcome != 1) {
            return 0;
        }
        c->phase = PHASE_HEAD;
    }
    if (c->phase == PHASE_DRAIN) {
        return stream_drained(&c->stream) ? 0 : EPOLLIN;
    }
    /* First what is waiting: the peer may have made room for it, and then more of it is read. */
    if (!send_out(c) || (wants_more(c) && !take_in(c)) || !send_out(c)) {
        return 0;
    }
    if (to_send(c)) {
        c->deadline = now + STALL_SECONDS * SECOND;
        return EPOLLOUT | (wants_more(c) ? EPOLLIN : 0u);
    }
    if (wants_more(c)) {
        if (c->phase == PHASE_FRAMES) {
            c->deadline = 0;
        }
        return EPOLLIN;
    }
    stream_finish(&c->stream);
    c->phase = PHASE_DRAIN;
    c->deadline = now + DRAIN_SECONDS * SECOND;
    return EPOLLIN;
}

bool connection_goodbye(struct connection *c)
{
    if (c->phase == PHASE_FRAMES) {
        return frames_goodbye(&c->frames, WSLAY_CODE_GOING_AWAY);
    }
    return c->phase == PHASE_GOODBYE || c->phase == PHASE_DRAIN;
}
