/* decide.h: the one order in which a head is judged. Knows a head that was read and the policy. */
#ifndef UPH_DECIDE_H
#define UPH_DECIDE_H

#include "accept.h"
#include "base64.h"
#include "head.h"

#ifdef __FRAMAC__
#ifndef UPHELD_RUNTIME_CONTRACTS
#include "../proofs/spec/decision.acsl"
#endif
#endif

/*@ requires readable: \valid_read(p + (0 .. n - 1));
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \forall struct uph_head blank;
        \result == Decide((uint8_t *)p, n, (struct upheld_policy *)policy, \result, blank));
    ensures granted: \result.verdict == UPHELD_SWITCH ==> policy->access == UPHELD_GRANTED;
    ensures inside: \result.key_at == 0 || \result.key_at + UPHELD_KEY_SIZE <= n;
    ensures protocol: \result.verdict == UPHELD_SWITCH ==>
                      RowInside(\result.protocol + 1, (struct upheld_policy *)policy);
    ensures consumed: \result.consumed <= n;
    ensures named: \result.subprotocol < policy->subprotocol_count ||
                   \result.subprotocol == UPHELD_NONE; */
struct upheld_decision upheld_request_decide(const uint8_t *p, size_t n,
                                             const struct upheld_policy *policy);

/* The status that a clause leads to when it decides; 0 for none (MORE and IGNORE). */
/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == StatusOf(clause));
    ensures status: \result == 0 || 100 <= \result <= 505; */
uint16_t uph_status_of(enum upheld_clause clause);

#endif
