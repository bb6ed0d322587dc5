/* decide.h: the one order in which a head is judged. Knows a head that was read and the policy. */
#ifndef UPH_DECIDE_H
#define UPH_DECIDE_H

#include "accept.h"
#include "base64.h"
#include "head.h"

/* Every check returns the clause that is broken, or this one. */
#define UPH_HOLDS UPHELD_R6455_4_2_2_10

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
    ensures exact: UPH_EXACT(\result == StatusOf(clause)); */
uint16_t uph_status_of(enum upheld_clause clause);

/* What the checks that Extended CONNECT shares find: the clause that is broken, or UPH_HOLDS. */

/* Of Sec-WebSocket-Version, which stands `count` times, first as [b, e). */
/*@ requires readable: \valid_read(p + (b .. e - 1));
    requires inside:   b <= e;
    terminates \true;
    assigns \nothing;
    ensures R6455_4_2_1_6: UPH_EXACT(\result == VersionClause((uint8_t *)p, count, b, e)); */
enum upheld_clause uph_version_clause(const uint8_t *p, uint8_t count, size_t b, size_t e);

/* Of Origin, which stands `count` times, first as [b, e); and of a request without it. */
/*@ requires readable: \valid_read(p + (b .. e - 1));
    requires inside:   b <= e;
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    terminates \true;
    assigns \nothing;
    ensures R6455_4_2_2_3: UPH_EXACT(
      \result == OriginClause((uint8_t *)p, count, b, e, (struct upheld_policy *)policy)); */
enum upheld_clause uph_origin_clause(const uint8_t *p, uint8_t count, size_t b, size_t e,
                                     const struct upheld_policy *policy);
/*@ requires policy: \valid_read(policy);
    terminates \true;
    assigns \nothing;
    ensures R6455_4_2_2_3: UPH_EXACT(
      \result == OriginAbsent((struct upheld_policy *)policy)); */
enum upheld_clause uph_origin_absent(const struct upheld_policy *policy);

/* Of what the caller found about the peer. */
/*@ terminates \true;
    assigns \nothing;
    ensures R6455_4_2_2_1: UPH_EXACT(\result == AccessVerdict(access)); */
enum upheld_clause uph_access_verdict(enum upheld_access access);

/* Of subprotocols and extensions. */
/*@ requires policy: \valid_read(policy);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == ListsVerdict(protocols, extensions, (struct upheld_policy *)policy)); */
enum upheld_clause uph_lists_verdict(struct uph_listed protocols, struct uph_extensions extensions,
                                     const struct upheld_policy *policy);

#endif
