/* clause.c: names and meanings of the clauses, from clauses.def. Constant strings only. */
#include "clause.h"

UPH_SELDOM const char *upheld_clause_id(enum upheld_clause clause)
{
    switch (clause) {
#define UPHELD_CLAUSE(name, id, status, where, text)                                               \
    case UPHELD_##name:                                                                            \
        return id;
#include "clauses.def"
#undef UPHELD_CLAUSE
    default:
        return "unknown";
    }
}

UPH_SELDOM const char *upheld_clause_text(enum upheld_clause clause)
{
    switch (clause) {
#define UPHELD_CLAUSE(name, id, status, where, text)                                               \
    case UPHELD_##name:                                                                            \
        return text;
#include "clauses.def"
#undef UPHELD_CLAUSE
    default:
        return "no clause of this core";
    }
}
