/* clause.h: the contracts of upheld_clause_id() and upheld_clause_text(). */
#ifndef UPH_CLAUSE_H
#define UPH_CLAUSE_H

#include "compiler.h"
#include "contract.h"
#include "upheld.h"

/*@ terminates \true;
    assigns \nothing; */
const char *upheld_clause_id(enum upheld_clause clause);

#ifdef UPHELD_CLAUSE_TEXTS
/*@ terminates \true;
    assigns \nothing; */
static inline const char *upheld_clause_text(enum upheld_clause clause);
#endif

#endif
