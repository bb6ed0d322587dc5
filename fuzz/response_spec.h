/* response_spec.h: part of the target response, for the leg `spec`: the decision compared, field by
 * field, with the specification of the proof, which proofs/spec2c has turned into C.
 */
#ifndef RESPONSE_SPEC_H
#define RESPONSE_SPEC_H

#include "fuzz.h"
#include "spec.h"

static inline void check_specification(const uint8_t *p, size_t n,
                                       const struct upheld_client *client, struct upheld_reply r)
{
    struct uph_response any_head = { 0 };
    struct upheld_reply any = { 0 };
    struct uph_extensions any_list = { 0 };
    struct upheld_reply s = spec_DecideReply(p, (int64_t)n, client, any, any_head, any_list);

    FUZZ_CHECK(r.verdict == s.verdict, "specification", "the verdict is that of DecideReply");
    FUZZ_CHECK(r.clause == s.clause, "specification", "the clause is that of DecideReply");
    FUZZ_CHECK(r.status == s.status, "specification", "the status is that of DecideReply");
    FUZZ_CHECK(r.head_at == s.head_at, "specification", "the head is where DecideReply has it");
    FUZZ_CHECK(r.consumed == s.consumed, "specification", "as much is consumed as in DecideReply");
    FUZZ_CHECK(r.subprotocol == s.subprotocol, "specification",
               "the subprotocol is that of DecideReply");
    FUZZ_CHECK(naive_same_agreed(r.agreed, s.agreed), "specification",
               "permessage-deflate is agreed on as in DecideReply");
    FUZZ_CHECK(upheld_reply_version(p, n, r, 13) ==
                   spec_HeadVersion(p, (int64_t)r.consumed, (int64_t)r.head_at, 13),
               "specification", "version 13 is listed where HeadVersion says so");
}

#endif
