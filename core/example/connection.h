/* connection.h: one peer, from the first octet to the last. */
#ifndef EXAMPLE_CONNECTION_H
#define EXAMPLE_CONNECTION_H

#include "frames.h"
#include "gate.h"
#include "stream.h"

/* What all connections of a server share. */
struct site {
    struct gate gate;
    SSL_CTX *tls;              /* null: ws:// */
    int64_t handshake_seconds; /* from the first octet of TLS to the 101 */
};

enum phase {
    PHASE_SECURE,  /* TLS is being set up */
    PHASE_HEAD,    /* the core has not decided yet */
    PHASE_FRAMES,  /* WebSocket */
    PHASE_GOODBYE, /* an answer without WebSocket is being sent */
    PHASE_DRAIN    /* we have said all: the peer's end is awaited */
};

struct connection {
    const struct site *site;
    struct stream stream;
    enum phase phase;
    int64_t deadline;            /* milliseconds of the caller's clock; 0: none */
    uint8_t *head;               /* as it arrived, PHASE_HEAD only */
    size_t head_size;            /* octets that arrived */
    struct upheld_reader reader; /* what the core knows of them */
    struct frames frames;
    size_t out_at; /* out[out_at .. out_size - 1] is still to be sent */
    size_t out_size;
    uint8_t out[STREAM_RECORD];
};

/* A connection on the socket fd, which it takes over; null if there is no memory. `now` counts
 * milliseconds of any clock that only goes forward. */
struct connection *connection_new(const struct site *site, int fd, int64_t now);

/* Does what can be done without waiting; returns the epoll events to wait for, 0 if it is over. */
uint32_t connection_step(struct connection *connection, int64_t now);

/* The server is going: says so to an open WebSocket. False if there is nobody to say it to. */
bool connection_goodbye(struct connection *connection);

void connection_free(struct connection *connection);

#endif
