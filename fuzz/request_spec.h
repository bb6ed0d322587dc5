/* request_spec.h: part of the target request, for the leg `spec`: the decision compared, field by
 * field, with the specification of the proof, which proofs/spec2c has turned into C; and what is
 * told about a policy.
 */
#ifndef REQUEST_SPEC_H
#define REQUEST_SPEC_H

#include "fuzz.h"
#include "spec.h"

static inline void check_specification(const uint8_t *p, size_t n,
                                       const struct upheld_policy *policy, struct upheld_decision d)
{
    struct uph_head any_head = { 0 };
    struct upheld_decision any = { 0 };
    struct upheld_decision s = spec_Decide(p, (int64_t)n, policy, any, any_head);

    FUZZ_CHECK(d.verdict == s.verdict, "specification", "the verdict is that of Decide");
    FUZZ_CHECK(d.clause == s.clause, "specification", "the clause is that of Decide");
    FUZZ_CHECK(d.status == s.status, "specification", "the status is that of Decide");
    FUZZ_CHECK(d.continue_first == s.continue_first, "specification",
               "100 goes first where Decide says so");
    FUZZ_CHECK(d.close == s.close, "specification", "the connection ends where Decide says so");
    FUZZ_CHECK(d.consumed == s.consumed, "specification", "as much is consumed as in Decide");
    FUZZ_CHECK(d.key_at == s.key_at, "specification", "the key is where Decide has it");
    FUZZ_CHECK(d.subprotocol == s.subprotocol, "specification",
               "the subprotocol is that of Decide");
    FUZZ_CHECK(naive_same_agreed(d.agreed, s.agreed), "specification",
               "permessage-deflate is agreed on as in Decide");
    FUZZ_CHECK(d.protocol == s.protocol, "specification", "the protocol is that of Decide");
    FUZZ_CHECK(d.body_first == s.body_first, "specification",
               "a body comes first where Decide says so");
    FUZZ_CHECK(d.body_chunked == s.body_chunked, "specification",
               "the body is chunked where Decide says so");
    FUZZ_CHECK(d.body_length == s.body_length, "specification", "the body is as long as in Decide");
}

#endif
