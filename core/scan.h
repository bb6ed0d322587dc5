/* scan.h: lines of a head of which octets are still to come (RFC 9112 section 2.1). Knows octets
 * and limits, and from where on a line is not looked at yet; no field. */
#ifndef UPH_SCAN_H
#define UPH_SCAN_H

#include "head.h"

/* What reading came to: UPH_HEAD_CUT, and `reader` holds how far; UPH_HEAD_FIELDS, and lines may
 * follow from reader.at on; anything else decides. */
struct uph_reading {
    enum uph_outcome outcome;
    struct upheld_reader reader;
};

#ifdef __FRAMAC__
#ifndef UPHELD_RUNTIME_CONTRACTS
#include "../proofs/spec/reader.acsl"
/*@ // The line that starts at i holds good octets only up to `from`, whatever octets follow.
  predicate HeldOctets(uint8_t *p, integer i, integer from) =
     \forall integer e; from <= e ==> LineOctetsEnd(p, e, i) == LineOctetsEnd(p, e, from);
  // The first SP from i on stands at `from` or behind it.
  predicate HeldSpace(uint8_t *p, integer i, integer from) =
     \forall integer e; from <= e ==> SpaceOrEnd(p, e, i) == SpaceOrEnd(p, e, from);
  // What the reader holds of a line, for more octets than it has seen.
  predicate HeldLine(uint8_t *p, struct upheld_reader r, integer n, integer max) =
     r.at <= r.scanned <= n && r.scanned - r.at <= max && HeldOctets(p, r.at, r.scanned);
  predicate HeldRequest(uint8_t *p, struct upheld_reader r) =
     r.at <= r.space <= r.target <= r.scanned && HeldSpace(p, r.at, r.space) &&
     (r.space < r.scanned ==>
      r.space < r.target && p[r.space] == 0x20 && HeldSpace(p, r.space + 1, r.target)) &&
     (r.space == r.scanned ==> r.target == r.scanned); */
#endif
#endif

/* The request-line from r.at on. */
/*@ requires readable: \valid_read(p + (0 .. n - 1));
    requires inside:   n <= UPHELD_LIMIT_MAX;
    requires policy:   \valid_read(policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    requires ordered:  r.at <= r.space <= r.target <= r.scanned <= n;
    requires limit:    r.scanned - r.at <= policy->limits.line;
    requires start:    r.lines == 0;
    requires held:     UPH_EXACT(HeldLine((uint8_t *)p, r, n, policy->limits.line) &&
                                 HeldRequest((uint8_t *)p, r));
    terminates \true;
    assigns \nothing;
    ensures cut: UPH_EXACT(
      \result.outcome == UPH_HEAD_CUT <==>
      (LineKind((uint8_t *)p, n, r.at, policy->limits.line, LfEnds((struct upheld_policy *)policy),
                LineStop((uint8_t *)p, n, r.at, policy->limits.line)) == UPH_LINE_CUT &&
       !TargetTooLong((uint8_t *)p, n, r.at,
                      LineStop((uint8_t *)p, n, r.at, policy->limits.line),
                      policy->limits.target)));
    ensures whole: UPH_EXACT(
      \result.outcome == UPH_HEAD_FIELDS <==>
      RequestLineWhole((uint8_t *)p, n, r.at,
                       LineStop((uint8_t *)p, n, r.at, policy->limits.line),
                       policy->limits.line, policy->limits.target,
                       LfEnds((struct upheld_policy *)policy)) == \true);
    ensures seen: \result.reader.seen == r.seen;
    ensures kept: \result.outcome == UPH_HEAD_CUT ==>
                  \result.reader.lines == 0 && \result.reader.at == r.at &&
                  r.at <= \result.reader.scanned <= n;
    ensures held: UPH_EXACT(
      \result.outcome == UPH_HEAD_CUT ==>
      \result.reader.scanned == LineStop((uint8_t *)p, n, r.at, policy->limits.line) &&
      \result.reader.space == SpaceOrEnd((uint8_t *)p, \result.reader.scanned, r.at) &&
      \result.reader.target ==
        TargetStop((uint8_t *)p, \result.reader.scanned, \result.reader.space));
    ensures passed: UPH_EXACT(
      \result.outcome == UPH_HEAD_FIELDS ==>
      \result.reader.at ==
        LineNext((uint8_t *)p, LineStop((uint8_t *)p, n, r.at, policy->limits.line)));
    ensures next: \result.outcome == UPH_HEAD_FIELDS ==>
                  \result.reader.lines == 1 && \result.reader.scanned == \result.reader.at &&
                  0 < \result.reader.at <= n; */
struct uph_reading uph_scan_request(const uint8_t *p, size_t n, const struct upheld_policy *policy,
                                    struct upheld_reader r);

/* All field lines from r.at on. */
/*@ requires readable: \valid_read(p + (0 .. n - 1));
    requires inside:   n <= UPHELD_LIMIT_MAX;
    requires policy:   \valid_read(policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    requires ordered:  0 < r.lines <= r.at <= r.scanned <= n;
    requires limit:    r.scanned - r.at <= policy->limits.line;
    requires held:     UPH_EXACT(HeldLine((uint8_t *)p, r, n, policy->limits.line));
    terminates \true;
    assigns \nothing;
    ensures stopped: \result.outcome != UPH_HEAD_FIELDS;
    ensures seen: \result.reader.seen == r.seen;
    ensures exact: UPH_EXACT(
      \result.outcome == UPH_HEAD_CUT <==>
      LinesCut((uint8_t *)p, n, r.at, r.lines - 1, policy->limits.line, policy->limits.fields,
               LfEnds((struct upheld_policy *)policy)) == \true);
    ensures reached: UPH_EXACT(
      \result.outcome == UPH_HEAD_CUT ==>
      (\forall integer at, integer count; count >= \result.reader.lines - 1 ==>
         LinesReach((uint8_t *)p, n, r.at, r.lines - 1, at, count, policy->limits.line,
                    policy->limits.fields, LfEnds((struct upheld_policy *)policy)) ==
         LinesReach((uint8_t *)p, n, \result.reader.at, \result.reader.lines - 1, at, count,
                    policy->limits.line, policy->limits.fields,
                    LfEnds((struct upheld_policy *)policy))));
    ensures cut: UPH_EXACT(
      \result.outcome == UPH_HEAD_CUT ==>
      StepOutcome((uint8_t *)p, n, \result.reader.at, \result.reader.lines - 1,
                  policy->limits.line, policy->limits.fields,
                  LfEnds((struct upheld_policy *)policy)) == UPH_HEAD_CUT &&
      \result.reader.scanned ==
        LineStop((uint8_t *)p, n, \result.reader.at, policy->limits.line));
    ensures inside: \result.outcome == UPH_HEAD_CUT ==>
                    r.lines <= \result.reader.lines <= \result.reader.at <=
                      \result.reader.scanned <= n; */
struct uph_reading uph_scan_fields(const uint8_t *p, size_t n, const struct upheld_policy *policy,
                                   struct upheld_reader r);

#endif
