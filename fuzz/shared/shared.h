/* shared.h: what the targets request and answer share: a policy made of octets, and the checks of
 * an answer. */
#ifndef SHARED_H
#define SHARED_H

#include "../naive/naive.h"

/* A policy and what it points to. */
enum { DERIVED_ROWS = 8 };
struct derived {
    struct upheld_policy policy;
    struct upheld_protocol rows[DERIVED_ROWS];
};

/* The bits that choose it, from the input p[0 .. n-1]. */
uint64_t derive_choice(const uint8_t *p, size_t n);

/* The policy that the input p[0 .. n-1] chooses for itself. */
void derive_policy(const uint8_t *p, size_t n, struct derived *out);

/* Checks the answer that the core writes for a decision about p[0 .. n-1]. */
void check_answer(const uint8_t *p, size_t n, const struct upheld_policy *policy,
                  struct upheld_decision d);

#endif
