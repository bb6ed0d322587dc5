/* clause.h: the contract of upheld_clause_id(). */
#ifndef UPH_CLAUSE_H
#define UPH_CLAUSE_H

#include "compiler.h"
#include "contract.h"
#include "upheld.h"

/*@ terminates \true;
    assigns \nothing; */
const char *upheld_clause_id(enum upheld_clause clause);

#endif
