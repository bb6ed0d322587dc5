/* reader_held.h: what stays true of a head as octets come (RFC 9112 section 2.1): predicates, and
 * lemmas as ghost code. For the proof of reader.c alone; empty for a compiler. */
#ifndef UPH_READER_HELD_H
#define UPH_READER_HELD_H

#include "reader.h"

#ifdef __FRAMAC__
#ifndef UPHELD_RUNTIME_CONTRACTS
/*@ // Whatever a head said before its field lines from i on, they leave it cut off.
  predicate FieldsCut(uint8_t *p, integer n, integer i, integer k, struct upheld_policy *policy) =
     \forall struct uph_head h; Fields(p, n, i, k, policy, h).outcome == UPH_HEAD_CUT;
  // What starts at b, behind the empty lines, is cut off before the request-line ends.
  predicate StartsCut(uint8_t *p, integer n, integer b, struct upheld_policy *policy) =
     b >= n ||
     (p[b] == 13 && b < 2 * UPH_EMPTY_LINES && b + 1 >= n) ||
     (IsTchar(p[b]) == \true &&
      LineKind(p, n, b, policy->limits.line, LfEnds(policy),
               LineStop(p, n, b, policy->limits.line)) == UPH_LINE_CUT &&
      TargetTooLong(p, n, b, LineStop(p, n, b, policy->limits.line), policy->limits.target) ==
        \false);
  // A whole request-line starts at b.
  predicate StartsWhole(uint8_t *p, integer n, integer b, struct upheld_policy *policy) =
     RequestBegins(p, n, b) == \true &&
     RequestLineWhole(p, n, b, LineStop(p, n, b, policy->limits.line), policy->limits.line,
                      policy->limits.target, LfEnds(policy)) == \true;
  logic integer FieldsStart(uint8_t *p, integer n, integer b, struct upheld_policy *policy) =
     LineNext(p, LineStop(p, n, b, policy->limits.line));
  logic integer RequestStart(uint8_t *p, integer n) = EmptyLinesEnd(p, n, 0, UPH_EMPTY_LINES);
  logic boolean CutFields(uint8_t *p, integer n, struct upheld_policy *policy) =
     LinesCut(p, n, FieldsStart(p, n, RequestStart(p, n), policy), 0, policy->limits.line,
              policy->limits.fields, LfEnds(policy));
  logic boolean ReachFields(uint8_t *p, integer n, integer at, integer count,
                            struct upheld_policy *policy) =
     LinesReach(p, n, FieldsStart(p, n, RequestStart(p, n), policy), 0, at, count,
                policy->limits.line, policy->limits.fields, LfEnds(policy));
  // The head is cut off, whatever its struct held before.
  predicate HeadsCut(uint8_t *p, integer n, struct upheld_policy *policy) =
     \forall struct uph_head any;
       Head(p, n, policy, any).outcome == UPH_HEAD_CUT &&
       Head(p, n, policy, any).clause == UPHELD_R9112_2_1_1;
  // What was read of it from its first octet on.
  logic struct uph_head ReadHead(uint8_t *p, integer n, struct upheld_policy *policy,
                                 struct uph_head any) =
     Lines(p, n, policy, Start(p, n, RequestStart(p, n), policy, any));
  logic boolean CutHead(uint8_t *p, integer n, struct upheld_policy *policy) =
     HeadCut(p, n, policy->limits.line, policy->limits.fields, policy->limits.target,
             LfEnds(policy)); */

/*@ ghost
  /@ requires readable: \valid_read(p + (i .. e - 1));
     requires inside:   i <= e;
     terminates \true;
     assigns \nothing;
     ensures exact: \result == LineOctetsEnd((uint8_t *)p, e, i);
     ensures bounded: i <= \result <= e;
     ensures held: HeldOctets((uint8_t *)p, i, \result); @/
  size_t octets_held(const uint8_t *p, size_t e, size_t i)
  {
      size_t j = i;
      /@ loop invariant bounded: i <= j <= e;
         loop invariant exact: LineOctetsEnd((uint8_t *)p, e, i) ==
                               LineOctetsEnd((uint8_t *)p, e, j);
         loop invariant held: HeldOctets((uint8_t *)p, i, j);
         loop assigns j;
         loop variant e - j; @/
      while (j < e && (p[j] == 0x09 || (0x20 <= p[j] && p[j] != 0x7f))) {
          j++;
      }
      return j;
  } */

/*@ ghost
  /@ requires readable: \valid_read(p + (i .. e - 1));
     requires inside:   i <= e;
     terminates \true;
     assigns \nothing;
     ensures exact: \result == SpaceOrEnd((uint8_t *)p, e, i);
     ensures bounded: i <= \result <= e;
     ensures held: HeldSpace((uint8_t *)p, i, \result); @/
  size_t space_held(const uint8_t *p, size_t e, size_t i)
  {
      size_t j = i;
      /@ loop invariant bounded: i <= j <= e;
         loop invariant exact: SpaceOrEnd((uint8_t *)p, e, i) == SpaceOrEnd((uint8_t *)p, e, j);
         loop invariant held: HeldSpace((uint8_t *)p, i, j);
         loop assigns j;
         loop variant e - j; @/
      while (j < e && p[j] != 0x20) {
          j++;
      }
      return j;
  } */

/*@ ghost
  /@ requires readable: \valid_read(p + (0 .. n - 1));
     requires inside:   i <= m <= n <= UPHELD_LIMIT_MAX && max <= UPHELD_LIMIT_MAX;
     requires whole:    LineKind((uint8_t *)p, m, i, max, lf,
                                 LineStop((uint8_t *)p, m, i, max)) == UPH_LINE_WHOLE;
     terminates \true;
     assigns \nothing;
     ensures stop: \result == LineStop((uint8_t *)p, m, i, max);
     ensures same: \result == LineStop((uint8_t *)p, n, i, max); @/
  size_t line_held(const uint8_t *p, size_t m, size_t n, size_t i, size_t max, int lf)
  {
      size_t e = octets_held(p, m - i > max ? i + max : m, i);
      /@ assert stop: e == LineStop((uint8_t *)p, m, i, max); @/
      /@ assert ends: e < m && IsLineOctet(p[e]) == \false; @/
      /@ assert stands: \forall integer E; e <= E ==>
                        LineOctetsEnd((uint8_t *)p, E, e) == e; @/
      /@ assert inside: e <= LineLimit(n, i, max); @/
      /@ assert same: e == LineStop((uint8_t *)p, n, i, max); @/
      return e;
  } */

/*@ ghost
  /@ requires readable: \valid_read(p + (0 .. n - 1));
     requires inside:   i <= m <= n <= UPHELD_LIMIT_MAX && max <= UPHELD_LIMIT_MAX;
     requires whole:    StepOutcome((uint8_t *)p, m, i, k, max, most, lf) == UPH_HEAD_FIELDS;
     terminates \true;
     assigns \nothing;
     ensures next: \result == LineNext((uint8_t *)p, LineStop((uint8_t *)p, m, i, max));
     ensures same: LineStop((uint8_t *)p, n, i, max) == LineStop((uint8_t *)p, m, i, max); @/
  size_t field_held(const uint8_t *p, size_t m, size_t n, size_t i, size_t k, size_t max,
                    size_t most, int lf)
  {
      size_t e = line_held(p, m, n, i, max, lf);
      return p[e] == 13 ? e + 2 : e + 1;
  } */

/*@ ghost
  /@ requires readable: \valid_read(p + (0 .. m - 1));
     terminates \true;
     assigns \nothing;
     ensures exact: \result == RequestStart((uint8_t *)p, m); @/
  size_t request_start(const uint8_t *p, size_t m)
  {
      size_t b = 0;
      if (m >= 2 && p[0] == 13 && p[1] == 10) {
          b = m >= 4 && p[2] == 13 && p[3] == 10 ? 4 : 2;
      }
      /@ assert none: EmptyLinesEnd((uint8_t *)p, m, 4, 0) == 4; @/
      /@ assert one: b >= 2 ==> b == EmptyLinesEnd((uint8_t *)p, m, 2, 1); @/
      return b;
  } */

/*@ ghost
  /@ requires readable: \valid_read(p + (0 .. n - 1));
     requires inside:   m <= n <= UPHELD_LIMIT_MAX;
     requires policy:   \valid_read(policy);
     requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
     requires whole:    StartsWhole((uint8_t *)p, m, RequestStart((uint8_t *)p, m),
                                    (struct upheld_policy *)policy);
     terminates \true;
     assigns \nothing;
     ensures exact: \result == FieldsStart((uint8_t *)p, n, RequestStart((uint8_t *)p, n),
                                           (struct upheld_policy *)policy);
     ensures same: \result == FieldsStart((uint8_t *)p, m, RequestStart((uint8_t *)p, m),
                                          (struct upheld_policy *)policy);
     ensures whole: StartsWhole((uint8_t *)p, n, RequestStart((uint8_t *)p, n),
                                (struct upheld_policy *)policy); @/
  size_t request_held(const uint8_t *p, size_t m, size_t n, const struct upheld_policy *policy)
  {
      size_t b = request_start(p, m);
      /@ assert start: b == RequestStart((uint8_t *)p, n); @/
      /@ assert lf: (policy->bare_lf ? 1 : 0) == LfEnds((struct upheld_policy *)policy); @/
      size_t e = line_held(p, m, n, b, policy->limits.line, policy->bare_lf ? 1 : 0);
      /@ assert target: TargetTooLong((uint8_t *)p, n, b, e, policy->limits.target) ==
                        TargetTooLong((uint8_t *)p, m, b, e, policy->limits.target); @/
      /@ assert whole: RequestLineWhole((uint8_t *)p, m, b, e, policy->limits.line,
                                        policy->limits.target,
                                        LfEnds((struct upheld_policy *)policy)) == \true; @/
      /@ assert same: RequestLineWhole((uint8_t *)p, n, b, e, policy->limits.line,
                                       policy->limits.target,
                                       LfEnds((struct upheld_policy *)policy)) == \true; @/
      return p[e] == 13 ? e + 2 : e + 1;
  } */

/*@ ghost
  /@ requires readable: \valid_read(p + (0 .. n - 1));
     requires inside:   start <= m <= n <= UPHELD_LIMIT_MAX && max <= UPHELD_LIMIT_MAX;
     requires reaches:  LinesReach((uint8_t *)p, m, start, 0, at, count, max, most, lf) == \true;
     terminates \true;
     assigns \nothing;
     ensures bounded: start + count <= at <= m;
     ensures cut: LinesCut((uint8_t *)p, n, start, 0, max, most, lf) ==
                  LinesCut((uint8_t *)p, n, at, count, max, most, lf);
     ensures reached: \forall integer a, integer c; c >= count ==>
                      LinesReach((uint8_t *)p, n, start, 0, a, c, max, most, lf) ==
                      LinesReach((uint8_t *)p, n, at, count, a, c, max, most, lf); @/
  void lines_held(const uint8_t *p, size_t m, size_t n, size_t start, size_t at, size_t count,
                  size_t max, size_t most, int lf)
  {
      size_t i = start;
      size_t k = 0;
      /@ loop invariant bounded: start <= i <= m && k <= count && start + k <= i;
         loop invariant reaches:
           LinesReach((uint8_t *)p, m, i, k, at, count, max, most, lf) == \true;
         loop invariant cut: LinesCut((uint8_t *)p, n, start, 0, max, most, lf) ==
                             LinesCut((uint8_t *)p, n, i, k, max, most, lf);
         loop invariant reached: \forall integer a, integer c; c >= k ==>
           LinesReach((uint8_t *)p, n, start, 0, a, c, max, most, lf) ==
           LinesReach((uint8_t *)p, n, i, k, a, c, max, most, lf);
         loop assigns i, k;
         loop variant count - k; @/
      while (k < count) {
          i = field_held(p, m, n, i, k, max, most, lf);
          k++;
      }
  } */

/*@ ghost
  /@ requires readable: \valid_read(p + (0 .. n - 1));
     requires inside:   start <= n <= UPHELD_LIMIT_MAX;
     requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
     requires policy:   \valid_read(policy);
     requires limits:   max == policy->limits.line && most == policy->limits.fields &&
                        lf == LfEnds((struct upheld_policy *)policy);
     requires reaches:  LinesReach((uint8_t *)p, n, start, 0, at, count, max, most, lf) == \true;
     requires cut:      StepOutcome((uint8_t *)p, n, at, count, max, most, lf) == UPH_HEAD_CUT;
     terminates \true;
     assigns \nothing;
     ensures cut: FieldsCut((uint8_t *)p, n, start, 0, (struct upheld_policy *)policy); @/
  void fields_cut(const uint8_t *p, size_t n, const struct upheld_policy *policy, size_t start,
                  size_t at, size_t count, size_t max, size_t most, int lf)
  {
      size_t i = start;
      size_t k = 0;
      /@ loop invariant bounded: start <= i <= n && k <= count;
         loop invariant reaches:
           LinesReach((uint8_t *)p, n, i, k, at, count, max, most, lf) == \true;
         loop invariant cut:
           FieldsCut((uint8_t *)p, n, i, k, (struct upheld_policy *)policy) ==>
           FieldsCut((uint8_t *)p, n, start, 0, (struct upheld_policy *)policy);
         loop assigns i, k;
         loop variant count - k; @/
      while (k < count) {
          size_t next = field_held(p, n, n, i, k, max, most, lf);
          /@ assert step: FieldsCut((uint8_t *)p, n, next, k + 1,
                                    (struct upheld_policy *)policy) ==>
                          FieldsCut((uint8_t *)p, n, i, k, (struct upheld_policy *)policy); @/
          i = next;
          k++;
      }
      /@ assert last: FieldsCut((uint8_t *)p, n, i, k, (struct upheld_policy *)policy); @/
  } */

/*@ ghost
  /@ requires readable: \valid_read(p + (0 .. n - 1));
     requires inside:   n <= policy->limits.head;
     requires policy:   \valid_read(policy);
     requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
     requires cut:      StartsCut((uint8_t *)p, n, RequestStart((uint8_t *)p, n),
                                  (struct upheld_policy *)policy);
     terminates \true;
     assigns \nothing;
     ensures cut: HeadsCut((uint8_t *)p, n, (struct upheld_policy *)policy); @/
  void start_cut(const uint8_t *p, size_t n, const struct upheld_policy *policy)
  {
      /@ assert start: \forall struct uph_head any;
           Start((uint8_t *)p, n, RequestStart((uint8_t *)p, n),
                 (struct upheld_policy *)policy, any).outcome == UPH_HEAD_CUT; @/
      /@ assert read: \forall struct uph_head any;
           ReadHead((uint8_t *)p, n, (struct upheld_policy *)policy, any).outcome ==
           UPH_HEAD_CUT; @/
      return;
  } */

/*@ ghost
  /@ requires readable: \valid_read(p + (0 .. n - 1));
     requires inside:   n <= UPHELD_LIMIT_MAX && start <= n;
     requires policy:   \valid_read(policy);
     requires whole:    StartsWhole((uint8_t *)p, n, RequestStart((uint8_t *)p, n),
                                    (struct upheld_policy *)policy);
     requires start:    start == FieldsStart((uint8_t *)p, n, RequestStart((uint8_t *)p, n),
                                             (struct upheld_policy *)policy);
     terminates \true;
     assigns \nothing;
     ensures begun: \forall struct uph_head any;
       Start((uint8_t *)p, n, RequestStart((uint8_t *)p, n), (struct upheld_policy *)policy,
             any).outcome == UPH_HEAD_FIELDS;
     ensures end: \forall struct uph_head any;
       Start((uint8_t *)p, n, RequestStart((uint8_t *)p, n), (struct upheld_policy *)policy,
             any).end == start; @/
  void line_begun(const uint8_t *p, size_t n, const struct upheld_policy *policy, size_t start)
  {
      size_t b = request_start(p, n);
      /@ assert tchar: b < n && IsTchar(p[b]) == \true && p[b] != 13; @/
      /@ assert start: \forall struct uph_head any;
           Start((uint8_t *)p, n, b, (struct upheld_policy *)policy, any) ==
           StartLine((uint8_t *)p, n, b, LineStop((uint8_t *)p, n, b, policy->limits.line),
                     UPH_LINE_WHOLE, (struct upheld_policy *)policy, any); @/
      return;
  } */

/*@ ghost
  /@ requires readable: \valid_read(p + (0 .. n - 1));
     requires inside:   n <= UPHELD_LIMIT_MAX;
     requires policy:   \valid_read(policy);
     terminates \true;
     assigns \nothing;
     ensures fault:
       !StartsWhole((uint8_t *)p, n, RequestStart((uint8_t *)p, n),
                    (struct upheld_policy *)policy) &&
       !StartsCut((uint8_t *)p, n, RequestStart((uint8_t *)p, n),
                  (struct upheld_policy *)policy) ==>
       CutHead((uint8_t *)p, n, (struct upheld_policy *)policy) == \false; @/
  void head_parts(const uint8_t *p, size_t n, const struct upheld_policy *policy)
  {
      size_t b = request_start(p, n);
      /@ assert begins: RequestBegins((uint8_t *)p, n, b) == \true <==>
                        b < n && IsTchar(p[b]) == \true; @/
      /@ assert head: CutHead((uint8_t *)p, n, (struct upheld_policy *)policy) ==
           StartCut((uint8_t *)p, n, b, policy->limits.line, policy->limits.fields,
                    policy->limits.target, LfEnds((struct upheld_policy *)policy)); @/
      /@ assert start: b < n && IsTchar(p[b]) == \true ==>
           CutHead((uint8_t *)p, n, (struct upheld_policy *)policy) ==
           RequestCut((uint8_t *)p, n, b, LineStop((uint8_t *)p, n, b, policy->limits.line),
                      policy->limits.line, policy->limits.fields, policy->limits.target,
                      LfEnds((struct upheld_policy *)policy)); @/
      /@ assert before: !(b < n && IsTchar(p[b]) == \true) ==>
           (CutHead((uint8_t *)p, n, (struct upheld_policy *)policy) == \true <==>
            b >= n || (p[b] == 13 && b < 2 * UPH_EMPTY_LINES && b + 1 >= n)); @/
      return;
  } */

/*@ ghost
  /@ requires readable: \valid_read(p + (0 .. n - 1));
     requires inside:   r.seen == n <= policy->limits.head;
     requires policy:   \valid_read(policy);
     requires ordered:  0 < r.lines <= r.at <= r.scanned <= n;
     requires whole:    StartsWhole((uint8_t *)p, n, RequestStart((uint8_t *)p, n),
                                    (struct upheld_policy *)policy);
     requires reached:  ReachFields((uint8_t *)p, n, r.at, r.lines - 1,
                                    (struct upheld_policy *)policy) == \true;
     requires stop:     r.scanned == LineStop((uint8_t *)p, n, r.at, policy->limits.line);
     terminates \true;
     assigns \nothing;
     ensures known: ReaderIs((uint8_t *)p, r, (struct upheld_policy *)policy); @/
  void fields_known(const uint8_t *p, size_t n, const struct upheld_policy *policy,
                    struct upheld_reader r)
  {
      /@ assert fields: ReaderInFields((uint8_t *)p, r, RequestStart((uint8_t *)p, n),
           LineStop((uint8_t *)p, n, RequestStart((uint8_t *)p, n), policy->limits.line),
           policy->limits.line, policy->limits.fields, policy->limits.target,
           LfEnds((struct upheld_policy *)policy)) == \true; @/
      return;
  } */

/*@ ghost
  /@ requires readable: \valid_read(p + (0 .. n - 1));
     requires inside:   n <= policy->limits.head;
     requires policy:   \valid_read(policy);
     requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
     requires whole:    StartsWhole((uint8_t *)p, n, RequestStart((uint8_t *)p, n),
                                    (struct upheld_policy *)policy);
     requires reached:  ReachFields((uint8_t *)p, n, at, count,
                                    (struct upheld_policy *)policy) == \true;
     requires cut:      StepOutcome((uint8_t *)p, n, at, count, policy->limits.line,
                                    policy->limits.fields,
                                    LfEnds((struct upheld_policy *)policy)) == UPH_HEAD_CUT;
     terminates \true;
     assigns \nothing;
     ensures cut: HeadsCut((uint8_t *)p, n, (struct upheld_policy *)policy); @/
  void lines_cut(const uint8_t *p, size_t n, const struct upheld_policy *policy, size_t at,
                 size_t count)
  {
      size_t start = request_held(p, n, n, policy);
      fields_cut(p, n, policy, start, at, count, policy->limits.line, policy->limits.fields,
                 policy->bare_lf ? 1 : 0);
      line_begun(p, n, policy, start);
      /@ assert lines: \forall struct uph_head any;
           ReadHead((uint8_t *)p, n, (struct upheld_policy *)policy, any).outcome ==
           UPH_HEAD_CUT; @/
      return;
  } */

/*@ ghost
  /@ requires readable: \valid_read(p + (0 .. n - 1));
     requires inside:   r.seen <= n <= UPHELD_LIMIT_MAX && r.at <= r.scanned <= r.seen;
     requires limit:    max <= UPHELD_LIMIT_MAX;
     requires stop:     r.scanned == LineStop((uint8_t *)p, r.seen, r.at, max);
     terminates \true;
     assigns \nothing;
     ensures held: HeldLine((uint8_t *)p, r, n, max); @/
  void scanned_held(const uint8_t *p, size_t n, struct upheld_reader r, size_t max)
  {
      size_t m = r.seen;
      size_t i = r.at;
      size_t e = octets_held(p, m - i > max ? i + max : m, i);
      /@ assert stop: e == r.scanned; @/
      return;
  } */
#endif
#endif

#endif
