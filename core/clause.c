/* clause.c: names of the clauses, from clauses.def. Constant strings only. */
#include "clause.h"

/* The text of number k in a run of texts that each end with NUL; of those from `count` on, the
 * last. One run needs no table of pointers, which would take as much room again and, in a shared
 * library, a relocation for each. */
/*@ requires texts: \valid_read(texts + (0 .. size - 1));
    requires some:  0 < size;
    terminates \true;
    assigns \nothing;
    ensures inside: \exists integer i; 0 <= i < size && \result == texts + i; */
static const char *text_of(const char *texts, size_t size, uint32_t count, uint32_t k)
{
    size_t at = 0;
    uint32_t left = k < count ? k : count;
    /*@ loop invariant bounded: 0 <= at < size;
        loop assigns at, left;
        loop variant size - at; */
    while (left > 0 && size - at > 1) {
        if (texts[at] == '\0') {
            left--;
        }
        at++;
    }
    return &texts[at];
}

UPH_SELDOM const char *upheld_clause_id(enum upheld_clause clause)
{
    static const char IDS[] =
#define UPHELD_CLAUSE(name, id, status, where, text) id "\0"
#include "clauses.def"
#undef UPHELD_CLAUSE
        "unknown";
    return text_of(IDS, sizeof IDS, UPHELD_CLAUSE_COUNT, (uint32_t)clause);
}
