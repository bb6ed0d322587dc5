/* scan.h: lines of a head of which octets are still to come (RFC 9112 section 2.1). Knows octets
 * and limits, and from where on a line is not looked at yet; no field. */
#ifndef UPH_SCAN_H
#define UPH_SCAN_H

#include "head.h"
#include "status.h"

/* What reading came to: UPH_HEAD_CUT, and `reader` holds how far; UPH_HEAD_FIELDS, and lines may
 * follow from reader.at on; anything else decides. */
struct uph_reading {
    enum uph_outcome outcome;
    struct upheld_reader reader;
};

#ifdef __FRAMAC__
#ifndef UPHELD_RUNTIME_CONTRACTS
#include "../proofs/spec/reader.acsl"
#include "../proofs/spec/reply_reader.acsl"
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
                                    struct upheld_reader r) UPH_SELDOM;

/* The status-line from r.at on. */
/*@ requires readable: \valid_read(p + (0 .. n - 1));
    requires inside:   n <= UPHELD_LIMIT_MAX;
    requires limit:    max <= UPHELD_LIMIT_MAX;
    requires start:    r.lines == 0;
    requires held:     UPH_EXACT(HeldLine((uint8_t *)p, r, n, max));
    requires ordered:  r.at <= r.scanned <= n && r.scanned - r.at <= max;
    terminates \true;
    assigns \nothing;
    ensures cut: UPH_EXACT(
      \result.outcome == UPH_HEAD_CUT <==>
      LineKind((uint8_t *)p, n, r.at, max, 0, LineStop((uint8_t *)p, n, r.at, max)) ==
        UPH_LINE_CUT);
    ensures whole: UPH_EXACT(
      \result.outcome == UPH_HEAD_FIELDS <==>
      StatusLineWhole((uint8_t *)p, n, r.at, LineStop((uint8_t *)p, n, r.at, max), max) == \true);
    ensures known: 0 <= \result.outcome <= 2;
    ensures seen: \result.reader.seen == r.seen && \result.reader.space == r.space &&
                  \result.reader.target == r.target;
    ensures kept: \result.outcome == UPH_HEAD_CUT ==>
                  \result.reader.lines == 0 && \result.reader.at == r.at &&
                  r.at <= \result.reader.scanned <= n;
    ensures stop: UPH_EXACT(
      \result.outcome == UPH_HEAD_CUT ==>
      \result.reader.scanned == LineStop((uint8_t *)p, n, r.at, max));
    ensures passed: UPH_EXACT(
      \result.outcome == UPH_HEAD_FIELDS ==>
      \result.reader.at == LineNext((uint8_t *)p, LineStop((uint8_t *)p, n, r.at, max)));
    ensures next: \result.outcome == UPH_HEAD_FIELDS ==>
                  \result.reader.lines == 1 && \result.reader.scanned == \result.reader.at &&
                  r.at < \result.reader.at <= n; */
struct uph_reading uph_scan_status(const uint8_t *p, size_t n, size_t max,
                                   struct upheld_reader r) UPH_SELDOM;

/* All field lines from r.at on. */
/*@ requires readable: \valid_read(p + (0 .. n - 1));
    requires inside:   n <= UPHELD_LIMIT_MAX;
    requires limits:   \valid_read(limits) && limits->line <= UPHELD_LIMIT_MAX;
    requires ordered:  0 < r.lines <= r.at <= r.scanned <= n;
    requires limit:    r.scanned - r.at <= limits->line;
    requires held:     UPH_EXACT(HeldLine((uint8_t *)p, r, n, limits->line));
    terminates \true;
    assigns \nothing;
    ensures stopped: \result.outcome != UPH_HEAD_FIELDS;
    ensures seen: \result.reader.seen == r.seen && \result.reader.space == r.space &&
                  \result.reader.target == r.target;
    ensures exact: UPH_EXACT(
      \result.outcome == UPH_HEAD_CUT <==>
      LinesCut((uint8_t *)p, n, r.at, r.lines - 1, limits->line, limits->fields,
               (lf ? 1 : 0)) == \true);
    ensures reached: UPH_EXACT(
      \forall integer at, integer count; count >= \result.reader.lines - 1 ==>
        LinesReach((uint8_t *)p, n, r.at, r.lines - 1, at, count, limits->line, limits->fields,
                   (lf ? 1 : 0)) ==
        LinesReach((uint8_t *)p, n, \result.reader.at, \result.reader.lines - 1, at, count,
                   limits->line, limits->fields, (lf ? 1 : 0)));
    ensures step: UPH_EXACT(
      \result.outcome == StepOutcome((uint8_t *)p, n, \result.reader.at,
                                     \result.reader.lines - 1, limits->line, limits->fields,
                                     (lf ? 1 : 0)));
    ensures stop: UPH_EXACT(
      \result.outcome == UPH_HEAD_CUT ==>
      \result.reader.scanned == LineStop((uint8_t *)p, n, \result.reader.at, limits->line));
    ensures inside: r.lines <= \result.reader.lines <= \result.reader.at <=
                      \result.reader.scanned <= n && r.at <= \result.reader.at; */
struct uph_reading uph_scan_fields(const uint8_t *p, size_t n, const struct upheld_limits *limits,
                                   bool lf, struct upheld_reader r) UPH_SELDOM;

#endif
