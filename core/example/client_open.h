/* client_open.h: the opening handshake. The one place of the client that asks the core. */
#ifndef EXAMPLE_CLIENT_OPEN_H
#define EXAMPLE_CLIENT_OPEN_H

#include "client_wire.h"
#include "upheld.h"

/* What upheld_client.limits.head is here: the most that is read of a reply. */
#define REPLY_HEAD 65536u

/* A reply that was taken: octets[core.consumed .. size - 1] are the server's first frames. */
struct reply {
    struct upheld_reply core;
    size_t size;
    /* One octet over the limit decides, so there is always room for a TLS record behind a head that
     * is not decided yet. */
    uint8_t octets[REPLY_HEAD + STREAM_RECORD];
};

/* Draws a fresh key. False, after a line on stderr, without random octets. */
bool open_key(struct upheld_client *client);

/* Null if the core takes what the client asks for, or else a sentence that says what is wrong. */
const char *open_fault(const struct upheld_client *client);

/* Sends the request and reads the reply to it. False, after a line on stderr, unless the verdict is
 * OK. `client` is one that open_fault() finds nothing wrong with. */
bool open_websocket(struct wire *wire, const struct upheld_client *client, struct reply *reply);

#endif
