/* request.h: what request.c and request_answer.c share. */
#ifndef REQUEST_H
#define REQUEST_H

#include "naive/naive.h"

/* Checks the answer that the core writes for a decision about p[0 .. n-1]. */
void check_answer(const uint8_t *p, size_t n, const struct upheld_policy *policy,
                  struct upheld_decision d);

#endif
