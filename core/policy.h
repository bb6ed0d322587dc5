/* policy.h: the contract of upheld_policy_check(). */
#ifndef UPH_POLICY_H
#define UPH_POLICY_H

#include "deflate.h"
#include "protocol.h"
#include "websocket.h"

/* The octets of a policy's texts: tokens, tokens and other visible ASCII in lower case, and field
 * values. */
enum uph_text { UPH_TEXT_TOKEN, UPH_TEXT_NAME, UPH_TEXT_ORIGIN, UPH_TEXT_VALUE };

#ifdef __FRAMAC__
#ifndef UPHELD_RUNTIME_CONTRACTS
#include "../proofs/spec/policy.acsl"
#endif
/*@ predicate TextInside(struct upheld_span s) =
     1 <= s.n <= UPHELD_TEXT_MAX && \forall integer k; 0 <= k < s.n ==> 0x20 <= s.p[k] <= 0x7e;
  predicate ReadableNames(struct upheld_span *names, integer count) =
     \valid_read(names + (0 .. count - 1)) &&
     \forall integer k; 0 <= k < count ==> ReadableSpan(names[k]);
  // A list is null, or holds as many names as the policy says; a list of none still is a pointer.
  predicate CheckablePolicy(struct upheld_policy *policy) =
     \valid_read(policy) && ReadableSpan(policy->challenge) && ReadableSpan(policy->required) &&
     \object_pointer(policy->subprotocols) && \object_pointer(policy->origins) &&
     \object_pointer(policy->protocols) &&
     (policy->protocols != \null ==>
      \valid_read(policy->protocols + (0 .. policy->protocol_count - 1)) &&
      \forall integer k; 0 <= k < policy->protocol_count ==> ReadableRow(policy->protocols[k])) &&
     (policy->subprotocols != \null ==>
      ReadableNames((struct upheld_span *)policy->subprotocols, policy->subprotocol_count)) &&
     (policy->origins != \null ==>
      ReadableNames((struct upheld_span *)policy->origins, policy->origin_count)); */
#endif

/* A list of no names may have no list; a count with a null list is refused before it is read. */
/*@ requires policy: CheckablePolicy((struct upheld_policy *)policy);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == PolicyError((struct upheld_policy *)policy));
    ensures readable: \result == UPHELD_POLICY_OK ==>
                      ReadablePolicy((struct upheld_policy *)policy);
    ensures bounded: \result == UPHELD_POLICY_OK ==>
                     BoundedPolicy((struct upheld_policy *)policy);
    ensures subprotocols: \result == UPHELD_POLICY_OK ==>
                          (\forall integer k; 0 <= k < policy->subprotocol_count ==>
                            TextInside(policy->subprotocols[k]));
    ensures answers: \result == UPHELD_POLICY_OK ==>
                     (\forall integer k; 0 <= k < policy->protocol_count ==>
                       TextInside(policy->protocols[k].answer));
    ensures required: \result == UPHELD_POLICY_OK ==>
                      policy->required.n == 0 || TextInside(policy->required);
    ensures deflate: UPH_EXACT(
      \result == UPHELD_POLICY_OK ==>
      DeflateHolds(policy->deflate, policy->deflate.server_max_window_bits) == \true);
    ensures challenge: \result == UPHELD_POLICY_OK &&
                       policy->access == UPHELD_UNAUTHENTICATED ==>
                       TextInside(policy->challenge); */
UPH_SELDOM enum upheld_policy_error upheld_policy_check(const struct upheld_policy *policy);

#endif
