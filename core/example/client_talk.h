/* client_talk.h: messages over an open WebSocket, one after the other. */
#ifndef EXAMPLE_CLIENT_TALK_H
#define EXAMPLE_CLIENT_TALK_H

#include "client_wire.h"

/* Sends each of the messages, texts that end in NUL, and prints the message that comes back for it
 * as a line on stdout before the next one goes; then closes with 1000.
 *
 * first, size  the server's first frames: what came behind its reply
 *
 * False, after a line on stderr, unless each message was answered and the server closed, too. */
bool talk(struct wire *wire, const uint8_t *first, size_t size, const char *const *messages,
          size_t count);

#endif
