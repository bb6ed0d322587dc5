/* connect.h: Extended CONNECT (RFC 8441, RFC 9220): the WebSocket decision on fields that HTTP/2 or
 * HTTP/3 has decoded. Knows what the fields say and the policy, no octets of a connection. */
#ifndef UPH_CONNECT_H
#define UPH_CONNECT_H

#include "stream.h"

#ifdef __FRAMAC__
#ifndef UPHELD_RUNTIME_CONTRACTS
#include "../proofs/spec/connect.acsl"
#endif
#endif

/*@ requires fields:  ReadableStream((struct upheld_field_line *)fields, count);
    requires policy:  ReadablePolicy((struct upheld_policy *)policy);
    requires bounded: BoundedPolicy((struct upheld_policy *)policy);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \forall struct uph_stream blank;
        \result == DecideConnect((struct upheld_field_line *)fields, count,
                                 (struct upheld_policy *)policy, \result, blank));
    ensures granted: \result.verdict == UPHELD_SWITCH ==> policy->access == UPHELD_GRANTED;
    ensures protocol: \result.verdict == UPHELD_SWITCH ==>
                      RowInside(\result.protocol + 1, (struct upheld_policy *)policy);
    ensures named: \result.subprotocol < policy->subprotocol_count ||
                   \result.subprotocol == UPHELD_NONE; */
struct upheld_decision upheld_connect_decide(const struct upheld_field_line *fields, uint32_t count,
                                             const struct upheld_policy *policy) UPH_SELDOM;

#endif
