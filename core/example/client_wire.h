/* client_wire.h: a connection that is waited for, but not for ever. Knows neither HTTP nor
 * WebSocket. */
#ifndef EXAMPLE_CLIENT_WIRE_H
#define EXAMPLE_CLIENT_WIRE_H

#include "client_url.h"
#include "stream.h"

struct wire {
    struct stream stream;
    int64_t seconds;  /* for each step: the connection with its reply, an echo, the goodbye */
    int64_t deadline; /* of the step that is being taken, by wire_start() */
};

/* Gives the step that starts now its time. */
void wire_start(struct wire *wire);

/* What to tell poll() about an outcome of stream.h: POLLIN or POLLOUT; 0 if it is no wait. */
short wire_events(ssize_t outcome);

/* Waits for events of poll(), or for none if they are 0. False, after a line on stderr that says
 * that `what` did not come, when time is up. Signals do not shorten the wait. */
bool wire_wait(const struct wire *wire, short events, const char *what);

/* Connects to the host of the URL, trying each address that it has, and under TLS if `tls` is not
 * null: the certificate must then be for that host. `wire` holds the seconds; if the result is
 * true, wire_close() is owed. False, after a line on stderr, if there is no connection. The look-up
 * of a name is the system's, and has a time limit of its own. */
bool wire_open(struct wire *wire, const struct url *url, SSL_CTX *tls);

/* Sends all n octets. False, after a line on stderr, if they do not go. */
bool wire_send(struct wire *wire, const uint8_t *p, size_t n);

/* Waits until the server has closed the connection, which is its part (RFC 6455 section 7.1.1), a
 * short while at most. */
void wire_drain(struct wire *wire);

/* Ends the connection. */
void wire_close(struct wire *wire);

#endif
