/* client_open.c: a request by upheld_request_write(), a verdict by upheld_reply_resume(). */
#define UPHELD_CLAUSE_TEXTS
#include "client_open.h"

#include "client_fault.h"

#include <openssl/rand.h>
#include <stdio.h>

/* Of a longer request few servers would take the head. */
#define REQUEST_ROOM 16384u
/* The versions that Sec-WebSocket-Version can name. */
#define VERSIONS 256u

bool open_key(struct upheld_client *client)
{
    uint8_t nonce[UPHELD_NONCE_SIZE];
    if (RAND_bytes(nonce, sizeof(nonce)) != 1) {
        return fault("the system has no random octets; try again");
    }
    upheld_key(nonce, client->key);
    return true;
}

const char *open_fault(const struct upheld_client *client)
{
    switch (upheld_client_check(client)) {
    case UPHELD_CLIENT_OK:
        return NULL;
    case UPHELD_CLIENT_HOST:
        return "URL: expected a host name or an address; one with other letters than ASCII is "
               "written with xn--";
    case UPHELD_CLIENT_TARGET:
        return "URL: expected a path and a query in which everything unusual is written %XX";
    case UPHELD_CLIENT_ORIGIN:
        return "--origin: expected one as browsers send it, such as https://example.com";
    case UPHELD_CLIENT_SUBPROTOCOL:
        return "--subprotocol: expected a name of letters, digits, - and the like, each once";
    case UPHELD_CLIENT_FIELD:
        return "--header: expected 'Name: value' in visible characters, and none of the fields "
               "that the handshake itself sends";
    default:
        return "the client is not valid"; /* all the rest of it is ours */
    }
}

static bool send_request(struct wire *wire, const struct upheld_client *client)
{
    uint8_t request[REQUEST_ROOM];
    size_t size = upheld_request_write(client, request, sizeof(request));
    if (size > sizeof(request)) {
        return fault("the request would have %zu octets; expected at most %zu: fewer --header, or "
                     "a shorter URL",
                     size, sizeof(request));
    }
    return wire_send(wire, request, size);
}

/* What a status usually asks of whoever gets it. */
static const char *advice(uint16_t status)
{
    switch (status) {
    case 400:
        return "does the server want a --subprotocol or a --header?";
    case 401:
        return "say who you are, in --header 'Authorization: ...', a cookie or the URL's query";
    case 403:
        return "it may want another --origin, or take nobody from here";
    case 404:
        return "is the path of the URL right?";
    case 407:
        return "there is a proxy in between, which this client does not speak to";
    case 502:
    case 503:
    case 504:
        return "a server behind this one is down or busy; try again later";
    default:
        break;
    }
    if (status >= 300 && status < 400) {
        return "the server is at another address now; see where a browser is sent";
    }
    return "is there a WebSocket server at this URL, and does a proxy before it pass Upgrade on?";
}

/* Writes the versions that the reply lists, each behind a space. */
static void list_versions(const struct reply *reply, char *list, size_t room)
{
    size_t size = 0;
    for (unsigned version = 0; version < VERSIONS && size < room; version++) {
        if (upheld_reply_version(reply->octets, reply->size, reply->core, (uint8_t)version)) {
            size += (size_t)snprintf(list + size, room - size, " %u", version);
        }
    }
}

/* An HTTP answer: the server is well, but does not open a WebSocket. */
static bool refused(const struct reply *reply)
{
    struct upheld_reply core = reply->core;
    char list[VERSIONS * sizeof(" 255")] = "";
    if (core.clause == UPHELD_R6455_4_4_2) {
        list_versions(reply, list, sizeof(list));
    }
    if (list[0] == '\0') {
        return fault("refused with status %u; %s", core.status, advice(core.status));
    }
    bool ours = upheld_reply_version(reply->octets, reply->size, core, 13);
    return fault("refused with status %u; the server speaks WebSocket versions%s; %s", core.status,
                 list, ours ? advice(core.status) : "this client speaks 13 alone: take another");
}

/* Acts on the verdict on a reply that is decided. */
static bool settle(const struct reply *reply)
{
    if (reply->core.verdict == UPHELD_REPLY_OK) {
        return true;
    }
    if (reply->core.verdict == UPHELD_REPLY_HTTP) {
        return refused(reply);
    }
    return fault("the reply is not to be trusted: it fails %s: %s; is there a WebSocket server at "
                 "this URL, and no proxy that changes what it says?",
                 upheld_clause_id(reply->core.clause), upheld_clause_text(reply->core.clause));
}

/* Waits for octets of the reply, and reads a piece of them. */
static bool read_piece(struct wire *wire, struct reply *reply)
{
    uint8_t *to = reply->octets + reply->size;
    ssize_t got = stream_read(&wire->stream, to, STREAM_RECORD);
    while (got <= 0) {
        if (wire_events(got) == 0) {
            return fault("the server ended the connection before its reply did; see what it "
                         "logged%s",
                         wire->stream.tls == NULL ? ", or is it wss://?" : "");
        }
        if (!wire_wait(wire, wire_events(got), "reply")) {
            return false;
        }
        got = stream_read(&wire->stream, to, STREAM_RECORD);
    }
    reply->size += (size_t)got;
    return true;
}

bool open_websocket(struct wire *wire, const struct upheld_client *client, struct reply *reply)
{
    if (!send_request(wire, client)) {
        return false;
    }
    struct upheld_reader reader = { 0 };
    reply->size = 0;
    /* Until the verdict is OK nothing more is sent: a server that does not switch would read it as
     * its next request (RFC 9931). */
    do {
        if (!read_piece(wire, reply)) {
            return false;
        }
        reply->core = upheld_reply_resume(&reader, reply->octets, reply->size, client);
    } while (reply->core.verdict == UPHELD_REPLY_MORE);
    return settle(reply);
}
