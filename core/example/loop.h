/* loop.h: many connections on one thread, by epoll. */
#ifndef EXAMPLE_LOOP_H
#define EXAMPLE_LOOP_H

#include "connection.h"

/* A socket that listens on host (a numeric address) and port ("0": any free one); -1, after a line
 * on stderr, if there is none to be had. */
int loop_listen(const char *host, const char *port);

/* Serves what comes in on `listener` until SIGTERM or SIGINT, at most `most` connections at a time,
 * then says goodbye to all. False, after a line on stderr, if the system does not let it. */
bool loop_run(const struct site *site, int listener, size_t most);

#endif
