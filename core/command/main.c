/* main.c: the verbs of `upheld`, and the promise that the output is whole or the exit is not 0. */
#include "command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char HELP[] =
    "upheld " UPHELD_VERSION ": decides HTTP/1.1 Upgrade handshakes to WebSocket\n"
    "\n"
    "usage: upheld check [--role server|client] [--key KEY] [--offered LIST]\n"
    "           [--offered-extensions LIST] [--policy FILE] [--json] FILE|-\n"
    "           decide the request that starts the file (or standard input), from raw octets; for\n"
    "           a client, the reply to one that sent KEY as Sec-WebSocket-Key and offered these\n"
    "           subprotocols and extensions; without a key it asked for nothing\n"
    "       upheld vectors [--policy FILE] FILE.jsonl...\n"
    "           run test vectors; the last line is 'N passed, M failed'\n"
    "       upheld explain [--json] [CLAUSE]\n"
    "           what a clause demands, what is done about it, and the predicates, contracts,\n"
    "           fuzz targets, vectors and tests that hold it; without one (or with --list), all\n"
    "           of them\n"
    "       upheld verify-report [--root CHECKOUT] [--redraw] [--claim ID] [--whole] DIR\n"
    "           check a report of make audit: every file against its sums and against the\n"
    "           checkout, the figures against the results; --redraw draws the page anew and\n"
    "           compares; --claim proves again what a claim names, --whole the whole core with it\n"
    "       upheld help | --help | --version\n"
    "\n"
    "check --json prints one object: verdict (SWITCH, IGNORE, REFUSE, MORE; of a reply OK, FAIL,\n"
    "HTTP, MORE), status, protocol, subprotocol, extensions, accept, body_first, consumed, close,\n"
    "clauses, response_hex; what does not apply is null, and response_hex is empty where there is\n"
    "nothing to answer. body_first is how many octets of a body come before the answer, or\n"
    "\"chunked\". Of a policy, limits, subprotocol_needed and deflate, which is then what the "
    "client\n"
    "offers, count for a reply.\n"
    "\n"
    "A clause is met in one of these ways: it decides a verdict; it reads or writes, that is, it\n"
    "shows in how octets are read or in what is written; it is for the caller, or for an\n"
    "intermediary, to meet; it is met by a document; or it is not testable.\n"
    "\n"
    "A policy is a JSON file: limits (target, line, head, fields), access (granted,\n"
    "unauthenticated, forbidden, undecided), challenge, protocols (websocket, TLS/1.0, "
    "connect-udp,\n"
    "connect-ip, h2c, or objects with name, version, answer, methods, body, capsules),\n"
    "subprotocols, origins, required, body_limit, deflate (enabled, server_no_context_takeover,\n"
    "client_no_context_takeover, server_max_window_bits, client_max_window_bits,\n"
    "min_window_bits), and switches: origin_optional, prefer_own, subprotocol_needed,\n"
    "canonical_key, keep_alive, secure, allow_h2c, bare_lf. A key left out\n"
    "keeps its default: limits 8000, 16384, 65536, 128; granted; websocket alone; subprotocol\n"
    "chat; no rule on Origin; nothing required; no body; no deflate; every switch off.\n"
    "\n"
    "Exit: 0 decided, whatever the verdict; 1 a vector, or a check of a report, failed; 2 "
    "unusable\n"
    "arguments, file or output.\n";

int command_help(void)
{
    fputs(HELP, stdout);
    return EXIT_DECIDED;
}

static int version(void)
{
    puts("upheld " UPHELD_VERSION);
    return EXIT_DECIDED;
}

static int run(int argc, char **argv)
{
    if (argc < 2) {
        return command_error("no verb given; 'upheld --help' lists them");
    }
    const char *verb = argv[1];
    if (strcmp(verb, "check") == 0) {
        return command_check(argc - 1, argv + 1);
    }
    if (strcmp(verb, "vectors") == 0) {
        return command_vectors(argc - 1, argv + 1);
    }
    if (strcmp(verb, "explain") == 0) {
        return command_explain(argc - 1, argv + 1);
    }
    if (strcmp(verb, "verify-report") == 0) {
        return command_verify(argc - 1, argv + 1);
    }
    bool help = strcmp(verb, "help") == 0 || strcmp(verb, "--help") == 0;
    if (!help && strcmp(verb, "--version") != 0) {
        return command_error("unknown verb '%s'; 'upheld --help' lists them", verb);
    }
    if (argc > 2) {
        return command_error("%s takes no argument, got '%s'", verb, argv[2]);
    }
    return help ? command_help() : version();
}

int main(int argc, char **argv)
{
    int code = run(argc, argv);
    /* A full disk shows here at the latest; half an answer must not pass for one. */
    bool lost = ferror(stdout) != 0;
    if (fclose(stdout) != 0) {
        return command_error("cannot write standard output: %s", strerror(errno));
    }
    if (lost) {
        return command_error("cannot write standard output");
    }
    return code;
}
