/* respond.h: the contract of upheld_response_write(). */
#ifndef UPH_RESPOND_H
#define UPH_RESPOND_H

#include "accept.h"
#include "decide.h"
#include "deflate.h"
#include "protocol.h"
#include "texts.h"

#ifdef __FRAMAC__
/*@ // What upheld_policy_check() promises about the texts that an answer may hold.
  predicate BoundedTexts(struct upheld_policy *policy) =
     policy->challenge.n <= UPHELD_TEXT_MAX && policy->required.n <= UPHELD_TEXT_MAX &&
     (\forall integer k; 0 <= k < policy->protocol_count ==>
       policy->protocols[k].answer.n <= UPHELD_TEXT_MAX) &&
     \forall integer k; 0 <= k < policy->subprotocol_count ==>
       policy->subprotocols[k].n <= UPHELD_TEXT_MAX;
  predicate ApartFromPolicy(uint8_t *out, integer size, struct upheld_policy *policy) =
     \separated(out + (0 .. size - 1), policy) &&
     \separated(out + (0 .. size - 1),
                policy->subprotocols + (0 .. policy->subprotocol_count - 1)) &&
     \separated(out + (0 .. size - 1),
                policy->challenge.p + (0 .. policy->challenge.n - 1)) &&
     \separated(out + (0 .. size - 1),
                policy->required.p + (0 .. policy->required.n - 1)) &&
     \separated(out + (0 .. size - 1),
                policy->protocols + (0 .. policy->protocol_count - 1)) &&
     (\forall integer k; 0 <= k < policy->protocol_count ==>
       \separated(out + (0 .. size - 1), policy->protocols[k].answer.p +
                                        (0 .. policy->protocols[k].answer.n - 1))) &&
     \forall integer k; 0 <= k < policy->subprotocol_count ==>
       \separated(out + (0 .. size - 1),
                  policy->subprotocols[k].p + (0 .. policy->subprotocols[k].n - 1));
*/
#ifndef UPHELD_RUNTIME_CONTRACTS
#include "../proofs/spec/answer.acsl"
#endif
#endif

/*@ requires readable: \valid_read(p + (0 .. n - 1));
    requires writable: \valid(out + (0 .. size - 1));
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    requires texts:    BoundedTexts((struct upheld_policy *)policy);
    requires apart:    \separated(p + (0 .. n - 1), out + (0 .. size - 1));
    requires own:      ApartFromPolicy(out, size, (struct upheld_policy *)policy);
    requires fixed:    ApartFromTexts(out, size);
    terminates \true;
    assigns out[0 .. size - 1];
    ensures size: UPH_EXACT(
      \result == \old(d.verdict ==
        UPHELD_SWITCH ? SwitchAll(n, (struct upheld_policy *)policy, d) :
                      d.verdict == UPHELD_REFUSE ? RefuseAt((struct upheld_policy *)policy, d,
                        UPH_PARTS) : 0));
    ensures switched: UPH_EXACT(d.verdict == UPHELD_SWITCH && 0 < \result <= size ==>
      (\forall integer k, j;
        0 <= k < UPH_PARTS && 0 <= j < \old(SwitchSize((struct upheld_policy *)policy, d, k)) ==>
        out[\old(SwitchAt((struct upheld_policy *)policy, d, k)) + j] ==
        \old(SwitchOctet((uint8_t *)p, (struct upheld_policy *)policy, d, k, j))));
    ensures refused: UPH_EXACT(d.verdict == UPHELD_REFUSE && 0 < \result <= size ==>
      (\forall integer k, j;
        0 <= k < UPH_PARTS && 0 <= j < \old(RefuseSize((struct upheld_policy *)policy, d, k)) ==>
        out[\old(RefuseAt((struct upheld_policy *)policy, d, k)) + j] ==
          \old(RefuseOctet((struct upheld_policy *)policy, d, k, j))));
    ensures bounded: \result <= 2 * UPHELD_TEXT_MAX + 512;
    ensures untouched: \result > size ==>
                       (\forall integer k; 0 <= k < size ==> out[k] == \old(out[k]));
    ensures silent: (d.verdict == UPHELD_MORE || d.verdict == UPHELD_IGNORE) ==> \result == 0; */
size_t upheld_response_write(const uint8_t *p, size_t n, const struct upheld_policy *policy,
                             struct upheld_decision d, uint8_t *out, size_t size);

/*@ requires writable: \valid(out + (0 .. size - 1));
    requires fixed:    ApartFromTexts(out, size);
    terminates \true;
    assigns out[0 .. size - 1];
    ensures size: UPH_EXACT(\result == ContinueSize(d));
    ensures octets: UPH_EXACT(\result <= size ==> (\forall integer i; 0 <= i < \result ==>
      out[i] == \old(ContinueOctet(i))));
    ensures bounded: \result <= 64;
    ensures untouched: \result > size ==>
                       (\forall integer k; 0 <= k < size ==> out[k] == \old(out[k]));
    ensures silent: !(d.verdict == UPHELD_SWITCH && d.continue_first && d.body_first) ==>
                    \result == 0; */
size_t upheld_continue_write(struct upheld_decision d, uint8_t *out, size_t size);

#endif
