/* caller.h: what the core relies on of a policy that upheld_policy_check() accepted, in contracts.
 * Empty for a compiler. */
#ifndef UPH_CALLER_H
#define UPH_CALLER_H

#include "contract.h"
#include "upheld.h"

#ifdef __FRAMAC__
/*@ // What is left to the caller: his pointers point to what he says.
  predicate ReadableSpan(struct upheld_span s) = \valid_read(s.p + (0 .. s.n - 1));
  predicate ReadableRow(struct upheld_protocol r) =
     ReadableSpan(r.name) && ReadableSpan(r.version) && ReadableSpan(r.answer);
  predicate ReadablePolicy(struct upheld_policy *policy) =
     \valid_read(policy) &&
     \valid_read(policy->protocols + (0 .. policy->protocol_count - 1)) &&
     \valid_read(policy->subprotocols + (0 .. policy->subprotocol_count - 1)) &&
     \valid_read(policy->origins + (0 .. policy->origin_count - 1)) &&
     (\forall integer k; 0 <= k < policy->protocol_count ==> ReadableRow(policy->protocols[k])) &&
     (\forall integer k; 0 <= k < policy->subprotocol_count ==>
        ReadableSpan(policy->subprotocols[k])) &&
     (\forall integer k; 0 <= k < policy->origin_count ==> ReadableSpan(policy->origins[k])) &&
     ReadableSpan(policy->challenge) && ReadableSpan(policy->required);
  // What the core itself needs of a policy that upheld_policy_check() accepted.
  predicate BoundedPolicy(struct upheld_policy *policy) =
     policy->limits.target <= UPHELD_LIMIT_MAX && policy->limits.line <= UPHELD_LIMIT_MAX &&
     policy->limits.head <= UPHELD_LIMIT_MAX && policy->limits.fields <= UPHELD_LIMIT_MAX &&
     policy->protocol_count <= UPHELD_PROTOCOLS_MAX &&
     policy->subprotocol_count <= UPHELD_NAMES_MAX && policy->origin_count <= UPHELD_NAMES_MAX;
  // out overlaps no part of a constant text. The text is a parameter so that its address is taken:
  // WP then proves what it otherwise assumes, that no pointer of the caller's points into a text.
  predicate ApartFromText(uint8_t *out, integer size, uint8_t *text) =
     \separated(out + (0 .. size - 1), text + (..));
*/
#endif

#endif
