/* clause.c: names of the clauses, from clauses.def. Constant strings only. */
#include "clause.h"

#ifdef __FRAMAC__
#ifndef UPHELD_RUNTIME_CONTRACTS
/*@ // How many texts end among the first i octets.
    logic integer TextsEnded(char *texts, integer i) =
      i <= 0 ? 0 : TextsEnded(texts, i - 1) + (texts[i - 1] == 0 ? 1 : 0);

    // The text of number k starts at i; where there are fewer, that is the last.
    predicate TextNumbered(char *texts, integer last, integer k, integer i) =
      (TextsEnded(texts, i) == k && (i == 0 || texts[i - 1] == 0)) ||
      (TextsEnded(texts, i) < k && i == last); */
#endif
#endif

/* The text of number k in a run of texts that each end with NUL; where there are fewer, the last,
 * which starts at `last`. One run needs no table of pointers, which would take as much room again
 * and, in a shared library, a relocation for each. */
/*@ requires texts: \valid_read(texts + (0 .. last));
    terminates \true;
    assigns \nothing;
    ensures number: UPH_EXACT(\exists integer i; 0 <= i <= last && \result == texts + i &&
      TextNumbered(texts, last, k, i)); */
static const char *text_of(const char *texts, size_t last, uint32_t k)
{
    size_t at = 0;
    uint32_t left = k;
    /*@ loop invariant bounded: 0 <= at <= last;
        loop invariant number: UPH_EXACT(TextsEnded(texts, at) + left == k &&
                                         (left == 0 ==> at == 0 || texts[at - 1] == 0));
        loop assigns at, left;
        loop variant last - at; */
    while (left > 0 && at < last) {
        if (texts[at] == '\0') {
            left--;
        }
        at++;
    }
    return &texts[at];
}

#define UNKNOWN "unknown" /* what is no clause */

UPH_SELDOM const char *upheld_clause_id(enum upheld_clause clause)
{
    static const char IDS[] =
#define UPHELD_CLAUSE(name, id, status, where, text) id "\0"
#include "clauses.def"
#undef UPHELD_CLAUSE
        UNKNOWN;
    const size_t last = sizeof IDS - sizeof UNKNOWN;
    const char *text = text_of(IDS, last, (uint32_t)clause);
    /*@ assert id: UPH_EXACT(\exists integer i; 0 <= i <= last && text == &IDS[i] &&
          TextNumbered(&IDS[0], last, (uint32_t)clause, i)); */
    return text;
}
