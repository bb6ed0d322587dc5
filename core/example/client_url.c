/* client_url.c: scheme "://" host [ ":" port ] [ path ] [ "?" query ], and nothing else. */
#include "client_url.h"

#include "client_fault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DIGITS "0123456789"

/* Behind the scheme, or null if it is neither of ours. */
static const char *scheme(const char *text, struct url *url)
{
    url->secure = strncasecmp(text, "wss://", 6) == 0;
    if (url->secure) {
        return text + 6;
    }
    return strncasecmp(text, "ws://", 5) == 0 ? text + 5 : NULL;
}

/* The n octets of a host at `text`, in brackets or not. False if there is none, or no room. */
static bool take_name(const char *text, size_t n, struct url *url)
{
    bool bracketed = n > 1 && text[0] == '[' && text[n - 1] == ']';
    size_t skip = bracketed ? 1 : 0;
    if (n <= 2 * skip || n > URL_HOST_MAX) {
        return false;
    }
    memcpy(url->name, text + skip, n - 2 * skip);
    url->name[n - 2 * skip] = '\0';
    return true;
}

/* The n octets of a port at `text`; none stand for the scheme's own. */
static bool take_port(const char *text, size_t n, struct url *url)
{
    if (n == 0) {
        strcpy(url->port, url->secure ? "443" : "80");
        return true;
    }
    if (n >= sizeof(url->port) || strspn(text, DIGITS) < n) {
        return false;
    }
    long port = strtol(text, NULL, 10); /* ends where the digits end */
    snprintf(url->port, sizeof(url->port), "%ld", port);
    return port >= 1 && port <= 65535;
}

/* The n octets between the scheme and the path. */
static bool take_authority(const char *text, size_t n, struct url *url)
{
    /* The colon before the port is not one of an IPv6 address. */
    const char *bracket = memchr(text, ']', n);
    size_t from = bracket == NULL ? 0 : (size_t)(bracket - text);
    const char *colon = memchr(text + from, ':', n - from);
    size_t host = colon == NULL ? n : (size_t)(colon - text);
    size_t port = colon == NULL ? n : host + 1;
    if (!take_name(text, host, url) || !take_port(text + port, n - port, url)) {
        return fault("URL: expected a host, and a port from 1 to 65535 if any, as in "
                     "ws://example.com:8080/ or ws://[::1]/");
    }
    bool usual = strcmp(url->port, url->secure ? "443" : "80") == 0;
    snprintf(url->host, sizeof(url->host), "%.*s%s%s", (int)host, text, usual ? "" : ":",
             usual ? "" : url->port);
    return true;
}

bool url_parse(const char *text, struct url *url)
{
    *url = (struct url){ 0 };
    const char *rest = scheme(text, url);
    if (rest == NULL) {
        return fault("URL: expected one that starts with ws:// or wss://");
    }
    /* A fragment would never be sent, and a user's name would be sent to nobody. */
    size_t authority = strcspn(rest, "/?#");
    if (strchr(rest, '#') != NULL || memchr(rest, '@', authority) != NULL) {
        return fault("URL: expected neither # nor a user's name; a # in a query is %%23, and a "
                     "password goes into --header 'Authorization: ...'");
    }
    const char *target = rest + authority;
    if (strlen(target) > URL_TARGET_MAX) {
        return fault("URL: expected at most %u octets behind the host", URL_TARGET_MAX);
    }
    snprintf(url->target, sizeof(url->target), "%s%s", *target == '/' ? "" : "/", target);
    return take_authority(rest, authority, url);
}
