/* echo.c: a WebSocket echo server for ws:// and wss://, to copy from.
 *
 *     build/example/echo [OPTION...]          build/example/echo --help
 *
 *   echo.c        options, TLS keys, policy
 *   loop.c        epoll, accept, deadlines, signals
 *   connection.c  one peer: TLS, head, frames, end
 *   gate.c        the decision: the core, and our check of a token
 *   frames.c      wslay: frames in, the same messages out
 *   stream.c      a non-blocking socket, plain or by OpenSSL
 */
#include "loop.h"

#include <errno.h>
#include <getopt.h>
#include <netdb.h>
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define TEXT(x) ((struct upheld_span){ (const uint8_t *)(x), strlen(x) })

static const char HELP[] =
    "usage: echo [OPTION...]\n"
    "Sends every WebSocket message back. Ends on SIGTERM or SIGINT.\n"
    "  --host ADDRESS         numeric address to listen on (127.0.0.1)\n"
    "  --port PORT            0: any free one (8080)\n"
    "  --cert FILE --key FILE certificate chain and key, PEM: wss:// instead of ws://\n"
    "  --origin ORIGIN        take requests from pages of this origin only; may be repeated\n"
    "  --token TOKEN          take requests only with ?token=TOKEN in the target\n"
    "  --connections N        at most so many at a time (1024)\n"
    "  --handshake-seconds N  time for a peer to complete its request (10)\n"
    "Prints `listening on URL`; for each request that was decided, one line on stderr.\n"
    "Exit status: 0 after a signal, 1 if the system refuses something, 2 for bad arguments.\n";

struct options {
    const char *host;
    const char *port;
    const char *cert;
    const char *key;
    const char *token;
    size_t connections;
    int64_t handshake_seconds;
    struct upheld_span origins[UPHELD_NAMES_MAX];
    uint32_t origin_count;
};

static _Noreturn void unusable(const char *what, const char *word, const char *expected)
{
    fprintf(stderr, "echo: %s%s%s: expected %s\n", what, word == NULL ? "" : " ",
            word == NULL ? "" : word, expected);
    exit(2);
}

static long number(const char *option, const char *word, long least, long most)
{
    char *rest = NULL;
    errno = 0;
    long value = strtol(word, &rest, 10);
    if (errno != 0 || rest == word || *rest != '\0' || value < least || value > most) {
        char range[64];
        snprintf(range, sizeof(range), "a number from %ld to %ld", least, most);
        unusable(option, word, range);
    }
    return value;
}

static void add_origin(struct options *options, const char *word)
{
    if (options->origin_count == UPHELD_NAMES_MAX) {
        unusable("--origin", word, "at most 64 of them");
    }
    options->origins[options->origin_count++] = TEXT(word);
}

static struct options parse(int argc, char **argv)
{
    static const struct option known[] = {
        { "host", required_argument, NULL, 'h' },
        { "port", required_argument, NULL, 'p' },
        { "cert", required_argument, NULL, 'c' },
        { "key", required_argument, NULL, 'k' },
        { "origin", required_argument, NULL, 'o' },
        { "token", required_argument, NULL, 't' },
        { "connections", required_argument, NULL, 'n' },
        { "handshake-seconds", required_argument, NULL, 's' },
        { "help", no_argument, NULL, 'H' },
        { NULL, 0, NULL, 0 },
    };
    struct options options = {
        .host = "127.0.0.1", .port = "8080", .connections = 1024, .handshake_seconds = 10
    };
    opterr = 0;
    int found = 0;
    int which = 0;
    while ((found = getopt_long(argc, argv, ":", known, &which)) != -1) {
        switch (found) {
        case 'h':
            options.host = optarg;
            break;
        case 'p':
            number("--port", optarg, 0, 65535);
            options.port = optarg;
            break;
        case 'c':
            options.cert = optarg;
            break;
        case 'k':
            options.key = optarg;
            break;
        case 'o':
            add_origin(&options, optarg);
            break;
        case 't':
            options.token = optarg;
            break;
        case 'n':
            options.connections = (size_t)number("--connections", optarg, 1, 65536);
            break;
        case 's':
            options.handshake_seconds = number("--handshake-seconds", optarg, 1, 3600);
            break;
        case 'H':
            fputs(HELP, stdout);
            exit(0);
        default:
            unusable(argv[optind - 1], NULL, "an option and its value; see --help");
        }
    }
    if (optind < argc) {
        unusable(argv[optind], NULL, "options only; see --help");
    }
    if ((options.cert == NULL) != (options.key == NULL)) {
        unusable("--cert, --key", NULL, "both or neither");
    }
    if (options.token != NULL && options.token[0] == '\0') {
        unusable("--token", NULL, "at least one character");
    }
    return options;
}

/* Null, after a line on stderr, if the files are of no use. */
static SSL_CTX *tls_of(const struct options *options)
{
    SSL_CTX *tls = SSL_CTX_new(TLS_server_method());
    if (tls != NULL && SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION) == 1 &&
        SSL_CTX_use_certificate_chain_file(tls, options->cert) == 1 &&
        SSL_CTX_use_PrivateKey_file(tls, options->key, SSL_FILETYPE_PEM) == 1) {
        /* Without renegotiation, writing never waits for the peer to say something. */
        SSL_CTX_set_options(tls, SSL_OP_NO_RENEGOTIATION);
        SSL_CTX_set_mode(tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
        return tls;
    }
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    fprintf(stderr, "echo: --cert %s --key %s: %s; expected a PEM chain and its key\n",
            options->cert, options->key, reason == NULL ? "not usable" : reason);
    SSL_CTX_free(tls);
    return NULL;
}

/* Says where the server is to be found: the port may have been the system's choice. */
static void announce(int listener, bool tls)
{
    struct sockaddr_storage address = { 0 };
    socklen_t size = sizeof(address);
    char host[64] = "?";
    char port[16] = "?";
    if (getsockname(listener, (struct sockaddr *)&address, &size) == 0) {
        getnameinfo((struct sockaddr *)&address, size, host, sizeof(host), port, sizeof(port),
                    NI_NUMERICHOST | NI_NUMERICSERV);
    }
    bool six = strchr(host, ':') != NULL;
    printf("listening on %s://%s%s%s:%s/\n", tls ? "wss" : "ws", six ? "[" : "", host,
           six ? "]" : "", port);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    struct options options = parse(argc, argv);
    const struct upheld_span subprotocols[] = { TEXT("chat") };
    struct site site = {
        .gate = {
            .policy = {
                /* Small: nothing behind this address needs long targets or many cookies. */
                .limits = { .target = 2048, .line = 8192, .head = 16384, .fields = 100 },
                .challenge = TEXT("Bearer realm=\"echo\""),
                .subprotocols = subprotocols,
                .subprotocol_count = 1,
                .origins = options.origins,
                .origin_count = options.origin_count,
            },
            .token = TEXT(options.token == NULL ? "" : options.token),
        },
        .handshake_seconds = options.handshake_seconds,
    };
    const char *fault = gate_fault(&site.gate);
    if (fault != NULL) {
        fprintf(stderr, "echo: %s\n", fault);
        return 2;
    }
    if (options.cert != NULL) {
        site.tls = tls_of(&options);
        if (site.tls == NULL) {
            return 2;
        }
    }
    int listener = loop_listen(options.host, options.port);
    bool well = listener >= 0;
    if (well) {
        announce(listener, site.tls != NULL);
        well = loop_run(&site, listener, options.connections);
    }
    SSL_CTX_free(site.tls);
    return well ? 0 : 1;
}
