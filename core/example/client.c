/* client.c: a WebSocket client for ws:// and wss://, to copy from.
 *
 *     build/example/client URL [OPTION...]          build/example/client --help
 *
 *   client.c        options, and what is done in which order
 *   client_url.c    where a URL leads
 *   client_wire.c   connect, wait, send
 *   client_tls.c    certificates and their names
 *   client_open.c   the handshake: the core
 *   client_talk.c   messages out, messages in, the end
 *   client_fault.c  a line on stderr
 *   frames.c        wslay, as for the echo server
 *   stream.c        a non-blocking socket, plain or by OpenSSL, as for the echo server
 */
#include "client_fault.h"
#include "client_open.h"
#include "client_talk.h"
#include "client_tls.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(x) ((struct upheld_span){ (const uint8_t *)(x), strlen(x) })
#define WHITESPACE " \t"

static const char HELP[] =
    "usage: client URL [OPTION...]\n"
    "Opens a WebSocket, sends each message, prints what comes back for it, and closes.\n"
    "  URL                     ws://HOST[:PORT][/PATH][?QUERY], or wss:// for TLS\n"
    "  --message TEXT          a message in UTF-8; may be repeated\n"
    "  --subprotocol NAME      offered to the server, the best first; may be repeated\n"
    "  --origin ORIGIN         as browsers send it: https://example.com\n"
    "  --header 'NAME: VALUE'  one more field of the request; may be repeated\n"
    "  --ca FILE               trust the certificates in it (PEM), not those of the system\n"
    "  --timeout SECONDS       for the connection with its reply, and for each answer (10)\n"
    "  --verbose               says on stderr when it is open, and with which subprotocol\n"
    "Prints each answer as a line on stdout; whatever goes wrong, as one line on stderr.\n"
    "Exit status: 0 if all were answered, 1 if something went wrong, 2 for bad arguments.\n";

struct options {
    struct url url;
    const char **messages; /* room for as many as there are arguments */
    size_t message_count;
    struct upheld_span subprotocols[UPHELD_NAMES_MAX];
    uint32_t subprotocol_count;
    struct upheld_field_line fields[UPHELD_NAMES_MAX];
    uint32_t field_count;
    const char *origin;
    const char *ca;
    int64_t seconds;
    bool verbose;
};

static bool add_subprotocol(struct options *options, const char *word)
{
    if (options->subprotocol_count == UPHELD_NAMES_MAX) {
        return fault("--subprotocol: expected at most %u of them", UPHELD_NAMES_MAX);
    }
    options->subprotocols[options->subprotocol_count++] = TEXT(word);
    return true;
}

static bool add_header(struct options *options, const char *word)
{
    size_t name = strcspn(word, ":");
    if (word[name] == '\0' || options->field_count == UPHELD_NAMES_MAX) {
        return fault("--header: expected 'Name: value', and at most %u of them", UPHELD_NAMES_MAX);
    }
    const char *value = word + name + 1;
    value += strspn(value, WHITESPACE);
    size_t size = strlen(value);
    while (size > 0 && strchr(WHITESPACE, value[size - 1]) != NULL) {
        size--;
    }
    options->fields[options->field_count++] =
        (struct upheld_field_line){ { (const uint8_t *)word, name },
                                    { (const uint8_t *)value, size } };
    return true;
}

static bool set_seconds(struct options *options, const char *word)
{
    char *rest = NULL;
    errno = 0;
    options->seconds = strtol(word, &rest, 10);
    bool good = errno == 0 && rest != word && *rest == '\0' && options->seconds >= 1 &&
                options->seconds <= 3600;
    return good || fault("--timeout: expected a number of seconds from 1 to 3600");
}

static bool take_option(struct options *options, int which)
{
    switch (which) {
    case 'm':
        options->messages[options->message_count++] = optarg;
        return true;
    case 's':
        return add_subprotocol(options, optarg);
    case 'o':
        options->origin = optarg;
        return true;
    case 'h':
        return add_header(options, optarg);
    case 'c':
        options->ca = optarg;
        return true;
    case 't':
        return set_seconds(options, optarg);
    case 'v':
        options->verbose = true;
        return true;
    default:
        return fault("expected a URL, and options with their values; see --help");
    }
}

/* False, after a line on stderr, if the arguments are of no use. */
static bool parse(int argc, char **argv, struct options *options)
{
    static const struct option known[] = {
        { "message", required_argument, NULL, 'm' },
        { "subprotocol", required_argument, NULL, 's' },
        { "origin", required_argument, NULL, 'o' },
        { "header", required_argument, NULL, 'h' },
        { "ca", required_argument, NULL, 'c' },
        { "timeout", required_argument, NULL, 't' },
        { "verbose", no_argument, NULL, 'v' },
        { "help", no_argument, NULL, 'H' },
        { NULL, 0, NULL, 0 },
    };
    opterr = 0;
    int which = 0;
    while ((which = getopt_long(argc, argv, ":", known, NULL)) != -1) {
        if (which == 'H') {
            fputs(HELP, stdout);
            exit(0);
        }
        if (!take_option(options, which)) {
            return false;
        }
    }
    if (argc - optind != 1) {
        return fault("expected one URL; see --help");
    }
    return url_parse(argv[optind], &options->url);
}

static struct upheld_client client_of(const struct options *options)
{
    const char *origin = options->origin == NULL ? "" : options->origin;
    return (struct upheld_client){
        .limits = { .target = 8000, .line = 16384, .head = REPLY_HEAD, .fields = 128 },
        .interim = UPHELD_INTERIM_DEFAULT,
        .host = TEXT(options->url.host),
        .target = TEXT(options->url.target),
        .origin = TEXT(origin),
        .subprotocols = options->subprotocols,
        .subprotocol_count = options->subprotocol_count,
        .fields = options->fields,
        .field_count = options->field_count,
    };
}

/* What is done over a connection that stands. */
static bool converse(const struct options *options, const struct upheld_client *client,
                     struct wire *wire)
{
    struct reply reply;
    if (!open_websocket(wire, client, &reply)) {
        return false;
    }
    if (options->verbose) {
        uint32_t chosen = reply.core.subprotocol;
        bool none = chosen == UPHELD_NONE;
        fprintf(stderr, "client: open%s%s\n", none ? "" : ", subprotocol ",
                none ? "" : (const char *)client->subprotocols[chosen].p);
    }
    size_t head = reply.core.consumed;
    return talk(wire, reply.octets + head, reply.size - head, options->messages,
                options->message_count);
}

/* Everything behind the arguments; the exit status. */
static int run(const struct options *options)
{
    struct upheld_client client = client_of(options);
    if (!open_key(&client)) {
        return 1;
    }
    const char *wrong = open_fault(&client);
    if (wrong != NULL) {
        fault("%s", wrong);
        return 2;
    }
    SSL_CTX *tls = NULL;
    if (options->url.secure) {
        tls = tls_trusting(options->ca);
        if (tls == NULL) {
            return 2;
        }
    }
    struct wire wire = { .seconds = options->seconds };
    bool well = wire_open(&wire, &options->url, tls);
    if (well) {
        well = converse(options, &client, &wire);
        wire_close(&wire);
    }
    SSL_CTX_free(tls);
    return well ? 0 : 1;
}

int main(int argc, char **argv)
{
    /* Writing to a server, or a reader of stdout, that has left is an error that is told. */
    if (signal(SIGPIPE, SIG_IGN) == SIG_ERR) {
        fault("SIGPIPE: %s", strerror(errno));
        return 1;
    }
    struct options options = { .seconds = 10 };
    options.messages = calloc((size_t)argc + 1, sizeof(*options.messages));
    if (options.messages == NULL) {
        fault("no memory for the arguments");
        return 1;
    }
    int status = parse(argc, argv, &options) ? run(&options) : 2;
    free(options.messages);
    return status;
}
