/* request.h: what the files of the target request share. */
#ifndef REQUEST_H
#define REQUEST_H

#include "shared/shared.h"

/* Checks what upheld_policy_check() says of policies whose texts are p[0 .. n-1]. */
void check_policies(const uint8_t *p, size_t n);

/* Checks that a clause can be named. */
void check_clause(enum upheld_clause clause);

#endif
