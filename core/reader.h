/* reader.h: a request that comes in pieces (RFC 9112 section 2.1). Knows how far its head was read,
 * and that what was read decides nothing; what decides it leaves to decide.h. */
#ifndef UPH_READER_H
#define UPH_READER_H

#include "decide.h"
#include "scan.h"

#ifdef __FRAMAC__
/*@ // The reader holds what the first r.seen octets at p say, under the limits of the policy.
  predicate ReaderIs(uint8_t *p, struct upheld_reader r, struct upheld_policy *policy) =
     r.at <= r.scanned <= r.seen <= policy->limits.head && r.lines <= r.seen &&
     UPH_EXACT(ReaderHolds(p, r, policy->limits.line, policy->limits.fields,
                           policy->limits.target, LfEnds(policy)) == \true);
*/
#endif

/*@ requires readable: \valid_read(p + (0 .. n - 1));
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    requires writable: \valid(reader);
    requires apart:    \separated(reader, policy);
    requires octets:   \separated(reader, p + (0 .. n - 1));
    requires known:    reader->seen <= n ==>
                       ReaderIs((uint8_t *)p, *reader, (struct upheld_policy *)policy);
    terminates \true;
    assigns *reader;
    ensures exact: UPH_EXACT(
      \forall struct uph_head blank; \let any = \result;
        \result == \at(Decide((uint8_t *)p, n, (struct upheld_policy *)policy, any, blank), Pre));
    ensures known: reader->seen <= n ==>
                   ReaderIs((uint8_t *)p, *reader, (struct upheld_policy *)policy);
    ensures consumed: \result.consumed <= n; */
struct upheld_decision upheld_request_resume(struct upheld_reader *reader, const uint8_t *p,
                                             size_t n, const struct upheld_policy *policy);

#endif
