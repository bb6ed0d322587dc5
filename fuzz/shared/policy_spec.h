/* policy_spec.h: for the leg `spec` of the targets request and policy: what is told about a policy
 * compared with the specification of the proof, which proofs/spec2c has turned into C.
 */
#ifndef POLICY_SPEC_H
#define POLICY_SPEC_H

#include "../fuzz.h"
#include "spec.h"

static inline void check_policy_specification(const struct upheld_policy *policy,
                                              enum upheld_policy_error told)
{
    FUZZ_CHECK((int64_t)told == spec_PolicyError(policy), "specification",
               "of a policy is told what PolicyError says");
}

#endif
