/* options.c: the arguments of each verb. What is not understood is refused, never skipped. */
#define _GNU_SOURCE /* getopt_long */
#include "command.h"

#include <getopt.h>
#include <string.h>

/* Above any character, so that getopt's `optopt` tells a long option from a short one. */
enum {
    OPTION_HELP = 256,
    OPTION_JSON,
    OPTION_LIST,
    OPTION_POLICY,
    OPTION_ROLE,
    OPTION_KEY,
    OPTION_OFFERED,
    OPTION_EXTENSIONS,
    OPTION_ROOT,
    OPTION_CLAIM,
    OPTION_WHOLE,
    OPTION_REDRAW
};

static const struct option CHECK[] = {
    { "help", no_argument, NULL, OPTION_HELP },
    { "json", no_argument, NULL, OPTION_JSON },
    { "policy", required_argument, NULL, OPTION_POLICY },
    { "role", required_argument, NULL, OPTION_ROLE },
    { "key", required_argument, NULL, OPTION_KEY },
    { "offered", required_argument, NULL, OPTION_OFFERED },
    { "offered-extensions", required_argument, NULL, OPTION_EXTENSIONS },
    { NULL, 0, NULL, 0 },
};

static const struct option VECTORS[] = {
    { "help", no_argument, NULL, OPTION_HELP },
    { "policy", required_argument, NULL, OPTION_POLICY },
    { NULL, 0, NULL, 0 },
};

static const struct option EXPLAIN[] = {
    { "help", no_argument, NULL, OPTION_HELP },
    { "json", no_argument, NULL, OPTION_JSON },
    { "list", no_argument, NULL, OPTION_LIST },
    { NULL, 0, NULL, 0 },
};

static const struct option VERIFY[] = {
    { "help", no_argument, NULL, OPTION_HELP },
    { "root", required_argument, NULL, OPTION_ROOT },
    { "claim", required_argument, NULL, OPTION_CLAIM },
    { "whole", no_argument, NULL, OPTION_WHOLE },
    { "redraw", no_argument, NULL, OPTION_REDRAW },
    { NULL, 0, NULL, 0 },
};

/* An option that may be given once. */
static bool once(const char *verb, const char *name, const char **to)
{
    if (*to != NULL) {
        command_error("%s: %s is given twice; give one", verb, name);
        return false;
    }
    *to = optarg;
    return true;
}

static bool policy_option(const char *verb, struct options *out)
{
    if (strcmp(optarg, "-") == 0) {
        command_error("%s: --policy -: expected a file; standard input is for what is decided",
                      verb);
        return false;
    }
    return once(verb, "--policy", &out->policy);
}

static bool role_option(const char *verb, struct options *out)
{
    out->client = strcmp(optarg, "client") == 0;
    if (!out->client && strcmp(optarg, "server") != 0) {
        command_error("%s: --role '%s': expected server or client", verb, optarg);
        return false;
    }
    return true;
}

static bool one_option(int code, char **argv, struct options *out)
{
    switch (code) {
    case OPTION_HELP:
        out->help = true;
        return true;
    case OPTION_JSON:
        out->json = true;
        return true;
    case OPTION_LIST:
        out->list = true;
        return true;
    case OPTION_POLICY:
        return policy_option(argv[0], out);
    case OPTION_ROLE:
        return role_option(argv[0], out);
    case OPTION_KEY:
        return once(argv[0], "--key", &out->key);
    case OPTION_OFFERED:
        return once(argv[0], "--offered", &out->offered);
    case OPTION_EXTENSIONS:
        return once(argv[0], "--offered-extensions", &out->offered_extensions);
    case OPTION_ROOT:
        return once(argv[0], "--root", &out->root);
    case OPTION_CLAIM:
        return once(argv[0], "--claim", &out->claim);
    case OPTION_WHOLE:
        out->whole = true;
        return true;
    case OPTION_REDRAW:
        out->redraw = true;
        return true;
    case ':':
        command_error("%s: option '%s' needs a value", argv[0], argv[optind - 1]);
        return false;
    default:
        if (optopt > 0 && optopt < OPTION_HELP) {
            command_error("%s: unknown option '-%c'; see 'upheld --help'", argv[0], optopt);
        } else {
            command_error("%s: unknown option or unwanted value '%s'; see 'upheld --help'", argv[0],
                          argv[optind - 1]);
        }
        return false;
    }
}

static bool read_options(int argc, char **argv, const struct option *table, struct options *out)
{
    *out = (struct options){ 0 };
    int code;
    while ((code = getopt_long(argc, argv, ":", table, NULL)) != -1) {
        if (!one_option(code, argv, out)) {
            return false;
        }
    }
    out->operands = argv + optind;
    out->operand_count = argc - optind;
    return true;
}

static bool exactly_one(const char *verb, const char *what, const struct options *o)
{
    if (o->help || o->operand_count == 1) {
        return true;
    }
    if (o->operand_count == 0) {
        command_error("%s: no %s given; see 'upheld --help'", verb, what);
    } else {
        command_error("%s: one %s at a time, got also '%s'", verb, what, o->operands[1]);
    }
    return false;
}

bool options_check(int argc, char **argv, struct options *out)
{
    if (!read_options(argc, argv, CHECK, out)) {
        return false;
    }
    bool asked = out->key != NULL || out->offered != NULL || out->offered_extensions != NULL;
    if (!out->help && asked && !out->client) {
        command_error("%s: --key, --offered and --offered-extensions belong to --role client",
                      argv[0]);
        return false;
    }
    return exactly_one(argv[0], "FILE (or -)", out);
}

bool options_vectors(int argc, char **argv, struct options *out)
{
    if (!read_options(argc, argv, VECTORS, out)) {
        return false;
    }
    if (!out->help && out->operand_count == 0) {
        command_error("%s: no FILE.jsonl given; see 'upheld --help'", argv[0]);
        return false;
    }
    return true;
}

bool options_explain(int argc, char **argv, struct options *out)
{
    if (!read_options(argc, argv, EXPLAIN, out)) {
        return false;
    }
    if (out->list && !out->help && out->operand_count > 0) {
        command_error("%s: --list takes no CLAUSE, got '%s'", argv[0], out->operands[0]);
        return false;
    }
    return out->operand_count == 0 || exactly_one(argv[0], "CLAUSE", out);
}

bool options_verify(int argc, char **argv, struct options *out)
{
    if (!read_options(argc, argv, VERIFY, out)) {
        return false;
    }
    if (out->whole && !out->help && out->claim == NULL) {
        command_error("%s: --whole belongs to --claim", argv[0]);
        return false;
    }
    return exactly_one(argv[0], "DIR", out);
}
