/* explain.c: what a clause demands, and where it is decided, out of the one table. */
#include "command.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *id;
    int status;
    const char *room, *text;
} CLAUSES[] = {
#define UPHELD_CLAUSE(name, id, status, where, text) { id, status, where, text },
#include "clauses.def"
#undef UPHELD_CLAUSE
};

int command_explain(int argc, char **argv)
{
    struct options options;
    if (!options_explain(argc, argv, &options)) {
        return EXIT_UNUSABLE;
    }
    if (options.help) {
        return command_help();
    }
    for (size_t i = 0; i < sizeof CLAUSES / sizeof CLAUSES[0]; i++) {
        if (strcmp(CLAUSES[i].id, options.operands[0]) == 0) {
            printf("%s\n  %s.\n  decided in: %s\n", CLAUSES[i].id, CLAUSES[i].text,
                   CLAUSES[i].room);
            if (CLAUSES[i].status != 0) {
                printf("  answered with: %d\n", CLAUSES[i].status);
            }
            return EXIT_DECIDED;
        }
    }
    return command_error("explain: unknown clause '%s'; core/clauses.def lists them",
                         options.operands[0]);
}
