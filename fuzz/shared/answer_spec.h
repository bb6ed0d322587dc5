/* answer_spec.h: for the leg `spec` of the targets request and answer: every octet of
 * the answer compared with the specification of the proof, which proofs/spec2c has turned into C.
 */
#ifndef ANSWER_SPEC_H
#define ANSWER_SPEC_H

#include "../fuzz.h"
#include "spec.h"

/* Octet j of piece k of an answer, where the piece starts, and how many octets it has. */
static inline int64_t spec_answer_octet(const uint8_t *p, const struct upheld_policy *policy,
                                        struct upheld_decision d, int64_t k, int64_t j)
{
    return d.verdict == UPHELD_SWITCH ? spec_SwitchOctet(p, policy, d, k, j)
                                      : spec_RefuseOctet(policy, d, k, j);
}

static inline int64_t spec_answer_at(const struct upheld_policy *policy, struct upheld_decision d,
                                     int64_t k)
{
    return d.verdict == UPHELD_SWITCH ? spec_SwitchAt(policy, d, k) : spec_RefuseAt(policy, d, k);
}

static inline int64_t spec_answer_size(const struct upheld_policy *policy, struct upheld_decision d,
                                       int64_t k)
{
    return d.verdict == UPHELD_SWITCH ? spec_SwitchSize(policy, d, k)
                                      : spec_RefuseSize(policy, d, k);
}

/* Octets of the whole answer. */
static inline int64_t spec_answer_all(size_t n, const struct upheld_policy *policy,
                                      struct upheld_decision d)
{
    if (d.verdict == UPHELD_SWITCH) {
        return spec_SwitchAll((int64_t)n, policy, d);
    }
    return d.verdict == UPHELD_REFUSE ? spec_RefuseAt(policy, d, UPH_PARTS) : 0;
}

/* The octets of the answer to a decision on the n octets at p. */
static inline void check_specified_answer(const uint8_t *p, size_t n,
                                          const struct upheld_policy *policy,
                                          struct upheld_decision d)
{
    size_t size = upheld_response_write(p, n, policy, d, NULL, 0);
    uint8_t *out = fuzz_block(size);
    int64_t at = 0;

    FUZZ_CHECK((int64_t)size == spec_answer_all(n, policy, d), "specification",
               "the answer has as many octets as answer.acsl says");
    FUZZ_CHECK(upheld_response_write(p, n, policy, d, out, size) == size, "specification",
               "an answer fits where it is said to");
    for (int64_t k = 0; k < UPH_PARTS && size > 0; k++) {
        FUZZ_CHECK(at == spec_answer_at(policy, d, k), "specification",
                   "each piece of an answer starts where the one before it ends");
        for (int64_t j = 0; j < spec_answer_size(policy, d, k); j++) {
            FUZZ_CHECK((size_t)at < size && out[at] == spec_answer_octet(p, policy, d, k, j),
                       "specification", "each octet of the answer is that of answer.acsl");
            at++;
        }
    }
    FUZZ_CHECK((size_t)at == size, "specification", "the pieces of an answer are the whole of it");
    free(out);
}

/* The octets of a 100 that goes out alone. */
static inline void check_specified_continue(struct upheld_decision d)
{
    uint8_t out[64];
    size_t size = upheld_continue_write(d, out, sizeof out);

    FUZZ_CHECK((int64_t)size == spec_ContinueSize(d) && size <= sizeof out, "specification",
               "a 100 alone has as many octets as ContinueSize says");
    for (size_t i = 0; i < size; i++) {
        FUZZ_CHECK(out[i] == spec_ContinueOctet((int64_t)i), "specification",
                   "each octet of a 100 alone is that of ContinueOctet");
    }
}

#endif
