/* client_url.h: where a ws:// or wss:// URL leads (RFC 6455 section 3). */
#ifndef EXAMPLE_CLIENT_URL_H
#define EXAMPLE_CLIENT_URL_H

#include <stdbool.h>

#define URL_HOST_MAX 255u
#define URL_TARGET_MAX 8000u

/* All texts end in NUL. */
struct url {
    bool secure;                 /* wss:// */
    char name[URL_HOST_MAX + 1]; /* a host name, or an address without its brackets */
    char port[6];                /* digits; where the URL has none, 80 or 443 */
    /* For the Host field: with the brackets, and with the port unless it is the scheme's own. */
    char host[URL_HOST_MAX + 9];
    char target[URL_TARGET_MAX + 2]; /* for the request-line: path and query */
};

/* Takes a URL apart. False, after a line on stderr, if it is none or too long. Which octets a host
 * and a target may hold, is left to upheld_client_check(). */
bool url_parse(const char *text, struct url *url);

#endif
