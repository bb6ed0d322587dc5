/* verify.c: hands a report over to ci/verify.py of the checkout, since it is the files there, and
 * the prover, that a report is held against. No shell is in between.
 */
#define _POSIX_C_SOURCE 200809L /* access, execv */
#include "command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char PYTHON[] = "/usr/bin/python3";
enum { PATH_MOST = 4096, WORDS_MOST = 12 };

/* The arguments of the script; execv() takes them without const, and leaves them alone. */
static void words_of(const struct options *o, const char *root, char *script, char **words)
{
    size_t n = 0;
    words[n++] = (char *)PYTHON;
    words[n++] = "-B";
    words[n++] = script;
    words[n++] = "--root";
    words[n++] = (char *)root;
    if (o->redraw) {
        words[n++] = "--redraw";
    }
    if (o->claim != NULL) {
        words[n++] = "--claim";
        words[n++] = (char *)o->claim;
    }
    if (o->whole) {
        words[n++] = "--whole";
    }
    words[n++] = "--";
    words[n++] = o->operands[0];
    words[n] = NULL;
}

int command_verify(int argc, char **argv)
{
    struct options options;
    if (!options_verify(argc, argv, &options)) {
        return EXIT_UNUSABLE;
    }
    if (options.help) {
        return command_help();
    }
    const char *root = options.root != NULL ? options.root : ".";
    char script[PATH_MOST];
    int n = snprintf(script, sizeof script, "%s/ci/verify.py", root);
    if (n < 0 || n >= PATH_MOST || access(script, R_OK) != 0) {
        return command_error("verify-report: no ci/verify.py in '%s'; run it in a checkout of the "
                             "project, or name one with --root",
                             root);
    }
    char *words[WORDS_MOST + 1];
    words_of(&options, root, script, words);
    execv(PYTHON, words);
    return command_error("verify-report: cannot start %s: %s", PYTHON, strerror(errno));
}
