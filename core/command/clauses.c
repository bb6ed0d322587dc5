/* clauses.c: the table of clauses, put together from clauses.def, clauses/all.def and what
 * `make trace` found of each. */
#include "command.h"

#include <string.h>

/* An id that clause_nearest() has no room for does not compile. */
#define UPHELD_ROW(id, ...) _Static_assert(sizeof(id) <= CLAUSE_ID_MAX + 1, id);
#define UPHELD_DECIDES(id, ...) _Static_assert(sizeof(id) <= CLAUSE_ID_MAX + 1, id);
#include "clauses/all.def"
#undef UPHELD_ROW
#undef UPHELD_DECIDES

static const struct clause_row ROWS[] = {
#define UPHELD_ROW(id, document, section, level, binds, how, where, demands, does)                 \
    { id, document, section, level, binds, how, NULL, where, demands, does },
#define UPHELD_DECIDES(id, document, section, level, binds, verdict, demands, does)                \
    { id, document, section, level, binds, "decides", verdict, NULL, demands, does },
#include "clauses/all.def"
#undef UPHELD_ROW
#undef UPHELD_DECIDES
};

static const struct clause_trace TRACES[] = {
#define UPHELD_TRACE(id, predicates, contracts, fuzz, vectors, tests)                              \
    { id, predicates, contracts, fuzz, vectors, tests },
#include "command/trace/all.def"
#undef UPHELD_TRACE
};
_Static_assert(sizeof TRACES / sizeof TRACES[0] == sizeof ROWS / sizeof ROWS[0],
               "core/command/trace/ has not the clauses of core/clauses/: run `make trace`");

static const struct clause_decided DECIDED[] = {
#define UPHELD_CLAUSE(name, id, status, room, text) { id, status, room, text },
#include "clauses.def"
#undef UPHELD_CLAUSE
};

size_t clause_count(void)
{
    return sizeof ROWS / sizeof ROWS[0];
}

const struct clause_row *clause_at(size_t i)
{
    return &ROWS[i];
}

const struct clause_decided *clause_decided(const char *id)
{
    for (size_t i = 0; i < sizeof DECIDED / sizeof DECIDED[0]; i++) {
        if (strcmp(DECIDED[i].id, id) == 0) {
            return &DECIDED[i];
        }
    }
    return NULL;
}

const struct clause_trace *clause_traced(const char *id)
{
    for (size_t i = 0; i < sizeof TRACES / sizeof TRACES[0]; i++) {
        if (strcmp(TRACES[i].id, id) == 0) {
            return &TRACES[i];
        }
    }
    return NULL;
}

const struct clause_row *clause_find(const char *id)
{
    for (size_t i = 0; i < clause_count(); i++) {
        if (strcmp(ROWS[i].id, id) == 0) {
            return &ROWS[i];
        }
    }
    return NULL;
}

/* Whether an octet of what a person typed is the one of an id, letters of either case. */
static bool alike(char typed, char own)
{
    return typed == own || (typed >= 'a' && typed <= 'z' && typed - 'a' + 'A' == own);
}

/* Octets to change, add or take away to turn what was typed into the id (Levenshtein), or into
 * the first octets of it. */
static size_t distance(const char *typed, const char *id)
{
    size_t row[CLAUSE_ID_MAX + 1]; /* row[j]: from what was typed so far to the first j of id */
    size_t n = strlen(id);
    size_t least = 0;
    for (size_t j = 0; j <= n; j++) {
        row[j] = j;
    }
    for (; *typed != '\0'; typed++) {
        size_t corner = row[0];
        row[0]++;
        least = row[0];
        for (size_t j = 1; j <= n; j++) {
            size_t change = corner + (alike(*typed, id[j - 1]) ? 0 : 1);
            size_t other = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            corner = row[j];
            row[j] = change < other ? change : other;
            least = row[j] < least ? row[j] : least;
        }
    }
    return least == 0 ? 0 : row[n];
}

size_t clause_nearest(const char *typed, const char **ids, size_t size)
{
    size_t n = strlen(typed);
    size_t found = 0;
    if (n == 0 || n > CLAUSE_ID_MAX) {
        return 0;
    }
    for (size_t d = 0; 2 * d <= n && 2 * d <= CLAUSE_ID_MAX; d++) {
        for (size_t i = 0; i < clause_count() && found < size; i++) {
            if (distance(typed, ROWS[i].id) == d) {
                ids[found++] = ROWS[i].id;
            }
        }
    }
    return found;
}
