/* reader.c: a request that comes in pieces (RFC 9112 section 2.1). Knows how far its head was read,
 * and that what was read decides nothing; what decides it leaves to decide.h. */
#include "reader.h"

/* What reading came to: UPH_HEAD_CUT, and `reader` holds how far; UPH_HEAD_FIELDS, and lines may
 * follow from reader.at on; anything else decides. */
struct uph_reading {
    enum uph_outcome outcome;
    struct upheld_reader reader;
};

#ifdef __FRAMAC__
#ifndef UPHELD_RUNTIME_CONTRACTS
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
     (r.space == r.scanned ==> r.target == r.scanned);

  // Whatever a head said before its field lines from i on, they leave it cut off.
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
  // The head is cut off, whatever its struct held before.
  predicate HeadsCut(uint8_t *p, integer n, struct upheld_policy *policy) =
     \forall struct uph_head any;
       Head(p, n, policy, any).outcome == UPH_HEAD_CUT &&
       Head(p, n, policy, any).clause == UPHELD_R9112_2_1_1;
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
     ensures stops: \result < e ==> IsLineOctet(p[\result]) == \false;
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
     ensures stops: \result < e ==> p[\result] == 0x20;
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
     requires inside:   m <= n;
     requires begins:   RequestBegins((uint8_t *)p, m, b) == \true;
     terminates \true;
     assigns \nothing;
     ensures begins: RequestBegins((uint8_t *)p, n, b) == \true; @/
  void begins_held(const uint8_t *p, size_t m, size_t n, size_t b)
  {
      /@ assert none: EmptyLinesEnd((uint8_t *)p, m, 4, 0) == 4 &&
                      EmptyLinesEnd((uint8_t *)p, n, 4, 0) == 4; @/
      /@ assert one: EmptyLinesEnd((uint8_t *)p, m, 2, 1) != 4 ==>
                     EmptyLinesEnd((uint8_t *)p, m, 2, 1) == 2; @/
      /@ assert two: b == 0 || b == 2 || b == 4; @/
      /@ assert last: b == 2 ==> EmptyLinesEnd((uint8_t *)p, n, 2, 1) == 2; @/
      /@ assert both: b == 4 ==> EmptyLinesEnd((uint8_t *)p, n, 2, 1) == 4; @/
      return;
  } */

/*@ ghost
  /@ requires readable: \valid_read(p + (0 .. n - 1));
     requires inside:   i <= m <= n <= UPHELD_LIMIT_MAX && max <= UPHELD_LIMIT_MAX;
     requires whole:    LineKind((uint8_t *)p, m, i, max, lf,
                                 LineStop((uint8_t *)p, m, i, max)) == UPH_LINE_WHOLE;
     terminates \true;
     assigns \nothing;
     ensures stop: \result == LineStop((uint8_t *)p, m, i, max);
     ensures same: \result == LineStop((uint8_t *)p, n, i, max);
     ensures whole: LineKind((uint8_t *)p, n, i, max, lf, \result) == UPH_LINE_WHOLE;
     ensures bounded: i <= \result < m && (p[\result] == 13 ==> \result + 2 <= m); @/
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
     ensures same: LineStop((uint8_t *)p, n, i, max) == LineStop((uint8_t *)p, m, i, max);
     ensures whole: StepOutcome((uint8_t *)p, n, i, k, max, most, lf) == UPH_HEAD_FIELDS;
     ensures bounded: i < \result <= m; @/
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
                                (struct upheld_policy *)policy);
     ensures bounded: 0 < \result <= m; @/
  size_t request_held(const uint8_t *p, size_t m, size_t n, const struct upheld_policy *policy)
  {
      size_t b = request_start(p, m);
      begins_held(p, m, n, b);
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
      /@ assert here: i == at && k == count; @/
      /@ assert stopped: \forall struct uph_head h;
           Fields((uint8_t *)p, n, i, k, (struct upheld_policy *)policy, h) ==
           Stopped(UPH_HEAD_CUT, StepClause((uint8_t *)p, n, i, k, max, most, lf), h); @/
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
      /@ assert limit: n == ReadLimit(n, policy->limits.head); @/
      /@ assert start: \forall struct uph_head any;
           Start((uint8_t *)p, n, RequestStart((uint8_t *)p, n),
                 (struct upheld_policy *)policy, any).outcome == UPH_HEAD_CUT; @/
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
      /@ assert limit: n == ReadLimit(n, policy->limits.head); @/
      /@ assert begun: \forall struct uph_head any;
           Start((uint8_t *)p, n, RequestStart((uint8_t *)p, n),
                 (struct upheld_policy *)policy, any).outcome == UPH_HEAD_FIELDS &&
           Start((uint8_t *)p, n, RequestStart((uint8_t *)p, n),
                 (struct upheld_policy *)policy, any).end == start; @/
      /@ assert lines: \forall struct uph_head any;
           Lines((uint8_t *)p, n, (struct upheld_policy *)policy,
                 Start((uint8_t *)p, n, RequestStart((uint8_t *)p, n),
                       (struct upheld_policy *)policy, any)).outcome == UPH_HEAD_CUT; @/
      return;
  } */

/*@ ghost
  /@ requires readable: \valid_read(p + (0 .. n - 1));
     requires inside:   0 < r.seen <= n <= UPHELD_LIMIT_MAX && r.at <= r.scanned <= r.seen;
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

/* The line that starts at i and holds good octets up to `from`. */
/*@ requires readable: \valid_read(p + (0 .. N - 1));
    requires inside:   i <= from <= N <= UPHELD_LIMIT_MAX && max <= UPHELD_LIMIT_MAX;
    requires limit:    from - i <= max;
    requires held:     UPH_EXACT(HeldOctets((uint8_t *)p, i, from));
    terminates \true;
    assigns \nothing;
    ensures stop: UPH_EXACT(\result.end == LineStop((uint8_t *)p, N, i, max));
    ensures kind: UPH_EXACT(\result.kind ==
                            LineKind((uint8_t *)p, N, i, max, (lf ? 1 : 0), \result.end));
    ensures bounded: from <= \result.end <= N;
    ensures whole: \result.kind == UPH_LINE_WHOLE ==>
                   \result.end < N && (p[\result.end] == 13 ==> \result.end + 2 <= N);
    ensures known: 0 <= \result.kind <= 6; */
static struct uph_line line_from(const uint8_t *p, size_t N, size_t i, size_t from, size_t max,
                                 bool lf)
{
    size_t left = max - (from - i);
    struct uph_line line = uph_line_at(p, N, from, left, lf);
    /*@ assert limit: UPH_EXACT(LineLimit(N, i, max) == LineLimit(N, from, left)); */
    /*@ assert stop: UPH_EXACT(line.end == LineStop((uint8_t *)p, N, i, max)); */
    return line;
}

/* The reader r, with where the SP of its request-line are that stops at e. */
/*@ requires readable: \valid_read(p + (0 .. e - 1));
    requires inside:   r.scanned <= e <= UPHELD_LIMIT_MAX;
    requires ordered:  r.at <= r.space <= r.target <= r.scanned;
    requires held:     UPH_EXACT(HeldRequest((uint8_t *)p, r));
    terminates \true;
    assigns \nothing;
    ensures kept:  \result.seen == r.seen && \result.at == r.at && \result.lines == r.lines &&
                   \result.scanned == e;
    ensures ordered: r.at <= \result.space <= \result.target <= e;
    ensures apart: \result.space < e ==> \result.space < \result.target;
    ensures exact: UPH_EXACT(\result.space == SpaceOrEnd((uint8_t *)p, e, r.at) &&
                             \result.target == TargetStop((uint8_t *)p, e, \result.space)); */
static struct upheld_reader spaces_found(const uint8_t *p, size_t e, struct upheld_reader r)
{
    size_t t = uph_space_or_end(p, e, r.space);
    size_t s = e;
    if (t < e) {
        s = uph_space_or_end(p, e, r.target > t ? r.target : t + 1);
    }
    r.scanned = (uint32_t)e;
    r.space = (uint32_t)t;
    r.target = (uint32_t)s;
    return r;
}

/* Whether the target of the request-line that the reader is in has passed its limit. */
/*@ requires readable: \valid_read(p + (0 .. N - 1));
    requires inside:   r.at <= r.space <= r.target <= r.scanned <= N <= UPHELD_LIMIT_MAX;
    requires apart:    r.space < r.scanned ==> r.space < r.target;
    requires limit:    max <= UPHELD_LIMIT_MAX;
    requires spaces:   UPH_EXACT(
      r.space == SpaceOrEnd((uint8_t *)p, r.scanned, r.at) &&
      r.target == TargetStop((uint8_t *)p, r.scanned, r.space));
    terminates \true;
    assigns \nothing;
    ensures R9112_3_3: UPH_EXACT(
      \result <==> TargetTooLong((uint8_t *)p, N, r.at, r.scanned, max) == \true); */
static bool target_too_long(const uint8_t *p, size_t N, struct upheld_reader r, size_t max)
{
    size_t e = r.scanned;
    if (r.space >= e) {
        return false;
    }
    size_t length = r.target - ((size_t)r.space + 1);
    return length > max || (length == max && r.target == e && e < N && p[e] != 13);
}

/* Whether the request-line [b, e) has no fault. */
/*@ requires readable: \valid_read(p + (0 .. e - 1));
    requires inside:   b <= e <= UPHELD_LIMIT_MAX;
    terminates \true;
    assigns \nothing;
    ensures R9112_3_1: UPH_EXACT(
      \result <==> RequestLineClause((uint8_t *)p, b, e) == UPHELD_R6455_4_2_2_10); */
static bool request_holds(const uint8_t *p, size_t b, size_t e)
{
    struct uph_request none = { 0 };
    size_t t = uph_token_end(p, e, b);
    size_t s = t < e ? uph_space_or_end(p, e, t + 1) : e;
    return uph_request_read(p, b, e, t, s, none).clause == UPHELD_R6455_4_2_2_10;
}

/* The reader r behind the line that stops at e, and the outcome. */
/*@ requires readable: \valid_read(p + (0 .. n - 1));
    requires inside:   e < n <= UPHELD_LIMIT_MAX && (p[e] == 13 ==> e + 2 <= n);
    requires lines:    r.lines <= e;
    terminates \true;
    assigns \nothing;
    ensures outcome: \result.outcome == UPH_HEAD_FIELDS;
    ensures exact: UPH_EXACT(\result.reader.at == LineNext((uint8_t *)p, e));
    ensures bounded: e < \result.reader.at <= n;
    ensures line: \result.reader.scanned == \result.reader.at &&
                  \result.reader.lines == r.lines + 1 && \result.reader.seen == r.seen; */
static struct uph_reading line_passed(const uint8_t *p, size_t n, size_t e, struct upheld_reader r)
{
    (void)n;
    r.at = (uint32_t)uph_line_next(p, e);
    r.scanned = r.at;
    r.lines++;
    return (struct uph_reading){ UPH_HEAD_FIELDS, r };
}

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
static struct uph_reading request_read(const uint8_t *p, size_t n,
                                       const struct upheld_policy *policy, struct upheld_reader r)
{
    struct uph_line line = line_from(p, n, r.at, r.scanned, policy->limits.line, policy->bare_lf);
    struct uph_reading now = { UPH_HEAD_CUT, spaces_found(p, line.end, r) };
    if (target_too_long(p, n, now.reader, policy->limits.target)) {
        now.outcome = UPH_HEAD_FAULT;
        return now;
    }
    if (line.kind == UPH_LINE_CUT) {
        return now;
    }
    if (line.kind != UPH_LINE_WHOLE || !request_holds(p, r.at, line.end)) {
        now.outcome = UPH_HEAD_FAULT;
        return now;
    }
    return line_passed(p, n, line.end, now.reader);
}

/* What becomes of the line from i on, k field lines before it, that goes on where octets end. */
/*@ requires readable: \valid_read(p + (0 .. n - 1));
    requires inside:   i <= line.end <= n <= UPHELD_LIMIT_MAX && max <= UPHELD_LIMIT_MAX;
    requires stop:     UPH_EXACT(line.end == LineStop((uint8_t *)p, n, i, max));
    requires kind:     UPH_EXACT(
      line.kind == LineKind((uint8_t *)p, n, i, max, (lf ? 1 : 0), line.end));
    requires cut:      line.kind == UPH_LINE_CUT;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == StepOutcome((uint8_t *)p, n, i, k, max, most, (lf ? 1 : 0)));
    ensures known: \result == UPH_HEAD_CUT || \result == UPH_HEAD_FAULT; */
static enum uph_outcome cut_outcome(const uint8_t *p, size_t n, size_t i, size_t k, size_t max,
                                    size_t most, bool lf, struct uph_line line)
{
    (void)n;
    (void)max;
    (void)lf;
    if (line.end == i) {
        return UPH_HEAD_CUT;
    }
    return k >= most || uph_ows(p[i]) ? UPH_HEAD_FAULT : UPH_HEAD_CUT;
}

/* The field line from r.at on. */
/*@ requires readable: \valid_read(p + (0 .. n - 1));
    requires inside:   n <= UPHELD_LIMIT_MAX;
    requires policy:   \valid_read(policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    requires ordered:  0 < r.lines <= r.at <= r.scanned <= n;
    requires limit:    r.scanned - r.at <= policy->limits.line;
    requires held:     UPH_EXACT(HeldLine((uint8_t *)p, r, n, policy->limits.line));
    terminates \true;
    assigns \nothing;
    ensures outcome: UPH_EXACT(
      \result.outcome == StepOutcome((uint8_t *)p, n, r.at, r.lines - 1, policy->limits.line,
                                     policy->limits.fields,
                                     LfEnds((struct upheld_policy *)policy)));
    ensures seen: \result.reader.seen == r.seen;
    ensures kept: \result.outcome == UPH_HEAD_CUT ==>
                  \result.reader.at == r.at && \result.reader.lines == r.lines &&
                  r.at <= \result.reader.scanned <= n;
    ensures stop: UPH_EXACT(
      \result.outcome == UPH_HEAD_CUT ==>
      \result.reader.scanned == LineStop((uint8_t *)p, n, r.at, policy->limits.line));
    ensures passed: UPH_EXACT(
      \result.outcome == UPH_HEAD_FIELDS ==>
      \result.reader.at ==
        LineNext((uint8_t *)p, LineStop((uint8_t *)p, n, r.at, policy->limits.line)));
    ensures next: \result.outcome == UPH_HEAD_FIELDS ==>
                  \result.reader.lines == r.lines + 1 &&
                  \result.reader.scanned == \result.reader.at && r.at < \result.reader.at <= n; */
static struct uph_reading field_read(const uint8_t *p, size_t n, const struct upheld_policy *policy,
                                     struct upheld_reader r)
{
    size_t max = policy->limits.line;
    size_t most = policy->limits.fields;
    bool lf = policy->bare_lf;
    size_t i = r.at;
    size_t k = (size_t)r.lines - 1;
    struct uph_line line = line_from(p, n, i, r.scanned, max, lf);
    struct uph_reading now = { UPH_HEAD_CUT, r };
    now.reader.scanned = (uint32_t)line.end;
    if (line.kind == UPH_LINE_CUT) {
        now.outcome = cut_outcome(p, n, i, k, max, most, lf, line);
        return now;
    }
    size_t t = uph_token_end(p, line.end, i);
    now.outcome = uph_step_at(p, n, i, k, max, most, lf, line, t).outcome;
    return now.outcome == UPH_HEAD_FIELDS ? line_passed(p, n, line.end, r) : now;
}

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
static struct uph_reading fields_read(const uint8_t *p, size_t n,
                                      const struct upheld_policy *policy, struct upheld_reader r)
{
    struct uph_reading now = { UPH_HEAD_FIELDS, r };
    /*@ loop invariant seen: now.reader.seen == r.seen;
        loop invariant ordered: r.lines <= now.reader.lines <= now.reader.at <= now.reader.scanned <= n;
        loop invariant limit: now.reader.scanned - now.reader.at <= policy->limits.line;
        loop invariant going: now.outcome == UPH_HEAD_FIELDS;
        loop invariant held: UPH_EXACT(
          HeldLine((uint8_t *)p, now.reader, n, policy->limits.line));
        loop invariant exact: UPH_EXACT(
          LinesCut((uint8_t *)p, n, r.at, r.lines - 1, policy->limits.line, policy->limits.fields,
                   LfEnds((struct upheld_policy *)policy)) ==
          LinesCut((uint8_t *)p, n, now.reader.at, now.reader.lines - 1, policy->limits.line,
                   policy->limits.fields, LfEnds((struct upheld_policy *)policy)));
        loop invariant reached: UPH_EXACT(
          \forall integer at, integer count; count >= now.reader.lines - 1 ==>
            LinesReach((uint8_t *)p, n, r.at, r.lines - 1, at, count, policy->limits.line,
                       policy->limits.fields, LfEnds((struct upheld_policy *)policy)) ==
            LinesReach((uint8_t *)p, n, now.reader.at, now.reader.lines - 1, at, count,
                       policy->limits.line, policy->limits.fields,
                       LfEnds((struct upheld_policy *)policy)));
        loop assigns now;
        loop variant n - now.reader.at; */
    for (;;) {
        now = field_read(p, n, policy, now.reader);
        if (now.outcome != UPH_HEAD_FIELDS) {
            return now;
        }
    }
}

/* What starts at b, behind the empty lines: UPH_HEAD_FIELDS if it is a request-line. */
/*@ requires readable: \valid_read(p + (0 .. n - 1));
    requires inside:   b <= n <= UPHELD_LIMIT_MAX;
    terminates \true;
    assigns \nothing;
    ensures cut: \result == UPH_HEAD_CUT <==>
                 b >= n || (p[b] == 13 && b < 2 * UPH_EMPTY_LINES && b + 1 >= n);
    ensures begins: \result == UPH_HEAD_FIELDS <==> b < n && IsTchar(p[b]) == \true; */
static enum uph_outcome begins(const uint8_t *p, size_t n, size_t b)
{
    if (b >= n) {
        return UPH_HEAD_CUT;
    }
    if (p[b] == 13) {
        return b < 2 * (size_t)UPH_EMPTY_LINES && n - b < 2 ? UPH_HEAD_CUT : UPH_HEAD_FAULT;
    }
    return uph_tchar(p[b]) ? UPH_HEAD_FIELDS : UPH_HEAD_FAULT;
}

/* What stands before the field lines, from the first octet on. */
/*@ requires readable: \valid_read(p + (0 .. n - 1));
    requires inside:   n <= UPHELD_LIMIT_MAX;
    requires policy:   \valid_read(policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    terminates \true;
    assigns \nothing;
    ensures cut: UPH_EXACT(
      \result.outcome == UPH_HEAD_CUT <==>
      StartsCut((uint8_t *)p, n, RequestStart((uint8_t *)p, n), (struct upheld_policy *)policy));
    ensures whole: UPH_EXACT(
      \result.outcome == UPH_HEAD_FIELDS <==>
      StartsWhole((uint8_t *)p, n, RequestStart((uint8_t *)p, n),
                  (struct upheld_policy *)policy));
    ensures inside: \result.outcome == UPH_HEAD_CUT ==>
                    \result.reader.at <= \result.reader.scanned <= n &&
                    \result.reader.lines == 0;
    ensures seen: \result.reader.seen == 0 || \result.reader.seen == n;
    ensures held: UPH_EXACT(
      \result.outcome == UPH_HEAD_CUT ==>
      (\result.reader.seen == 0 ? ReaderBlank(\result.reader) == \true :
       ReaderInRequest((uint8_t *)p, \result.reader, policy->limits.line) == \true));
    ensures passed: UPH_EXACT(
      \result.outcome == UPH_HEAD_FIELDS ==>
      \result.reader.at == FieldsStart((uint8_t *)p, n, RequestStart((uint8_t *)p, n),
                                       (struct upheld_policy *)policy));
    ensures next: \result.outcome == UPH_HEAD_FIELDS ==>
                  \result.reader.lines == 1 && \result.reader.scanned == \result.reader.at &&
                  0 < \result.reader.at <= n && \result.reader.seen == n; */
static struct uph_reading start_read(const uint8_t *p, size_t n, const struct upheld_policy *policy)
{
    size_t b = uph_empty_lines_end(p, n, 0);
    struct uph_reading now = { begins(p, n, b), { 0 } };
    if (now.outcome != UPH_HEAD_FIELDS) {
        return now;
    }
    now.reader.seen = (uint32_t)n;
    now.reader.at = (uint32_t)b;
    now.reader.scanned = (uint32_t)b;
    now.reader.space = (uint32_t)b;
    now.reader.target = (uint32_t)b;
    return request_read(p, n, policy, now.reader);
}

/* The same where the reader r is in the request-line. */
/*@ requires readable: \valid_read(p + (0 .. n - 1));
    requires inside:   0 < r.seen <= n <= UPHELD_LIMIT_MAX && r.at <= r.scanned <= r.seen;
    requires policy:   \valid_read(policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    requires lines:    r.lines == 0;
    requires known:    UPH_EXACT(
      ReaderInRequest((uint8_t *)p, r, policy->limits.line) == \true);
    terminates \true;
    assigns \nothing;
    ensures cut: UPH_EXACT(
      \result.outcome == UPH_HEAD_CUT <==>
      StartsCut((uint8_t *)p, n, RequestStart((uint8_t *)p, n), (struct upheld_policy *)policy));
    ensures whole: UPH_EXACT(
      \result.outcome == UPH_HEAD_FIELDS <==>
      StartsWhole((uint8_t *)p, n, RequestStart((uint8_t *)p, n),
                  (struct upheld_policy *)policy));
    ensures inside: \result.outcome == UPH_HEAD_CUT ==>
                    \result.reader.at <= \result.reader.scanned <= n &&
                    \result.reader.lines == 0;
    ensures seen: \result.reader.seen == n;
    ensures held: UPH_EXACT(
      \result.outcome == UPH_HEAD_CUT ==>
      ReaderInRequest((uint8_t *)p, \result.reader, policy->limits.line) == \true);
    ensures passed: UPH_EXACT(
      \result.outcome == UPH_HEAD_FIELDS ==>
      \result.reader.at == FieldsStart((uint8_t *)p, n, RequestStart((uint8_t *)p, n),
                                       (struct upheld_policy *)policy));
    ensures next: \result.outcome == UPH_HEAD_FIELDS ==>
                  \result.reader.lines == 1 && \result.reader.scanned == \result.reader.at &&
                  0 < \result.reader.at <= n; */
static struct uph_reading start_resumed(const uint8_t *p, size_t n,
                                        const struct upheld_policy *policy, struct upheld_reader r)
{
    /*@ ghost
        begins_held(p, r.seen, n, r.at);
        scanned_held(p, n, r, policy->limits.line);
        size_t e = r.scanned;
        size_t t = space_held(p, e, r.at);
        if (t < e) {
            space_held(p, e, t + 1);
        } */
    /*@ assert line: UPH_EXACT(HeldLine((uint8_t *)p, r, n, policy->limits.line)); */
    /*@ assert request: UPH_EXACT(HeldRequest((uint8_t *)p, r)); */
    r.seen = (uint32_t)n;
    return request_read(p, n, policy, r);
}

/* The field lines from r.at on, behind a whole request-line and whole field lines. */
/*@ requires readable: \valid_read(p + (0 .. n - 1));
    requires inside:   n <= UPHELD_LIMIT_MAX && r.seen == n;
    requires policy:   \valid_read(policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    requires ordered:  0 < r.lines <= r.at <= r.scanned <= n;
    requires limit:    r.scanned - r.at <= policy->limits.line;
    requires whole:    UPH_EXACT(
      StartsWhole((uint8_t *)p, n, RequestStart((uint8_t *)p, n),
                  (struct upheld_policy *)policy));
    requires held:     UPH_EXACT(HeldLine((uint8_t *)p, r, n, policy->limits.line));
    requires reached:  UPH_EXACT(
      ReachFields((uint8_t *)p, n, r.at, r.lines - 1, (struct upheld_policy *)policy) == \true);
    terminates \true;
    assigns \nothing;
    ensures cut: UPH_EXACT(
      \result.outcome == UPH_HEAD_CUT <==>
      CutFields((uint8_t *)p, n, (struct upheld_policy *)policy) == \true);
    ensures stopped: \result.outcome != UPH_HEAD_FIELDS;
    ensures inside: \result.outcome == UPH_HEAD_CUT ==>
                    0 < \result.reader.lines <= \result.reader.at <= \result.reader.scanned <= n;
    ensures seen: \result.outcome == UPH_HEAD_CUT ==> \result.reader.seen == n;
    ensures reached: UPH_EXACT(
      \result.outcome == UPH_HEAD_CUT ==>
      ReachFields((uint8_t *)p, n, \result.reader.at, \result.reader.lines - 1,
                  (struct upheld_policy *)policy) == \true);
    ensures stop: UPH_EXACT(
      \result.outcome == UPH_HEAD_CUT ==>
      \result.reader.scanned ==
        LineStop((uint8_t *)p, n, \result.reader.at, policy->limits.line));
    ensures here: UPH_EXACT(
      \result.outcome == UPH_HEAD_CUT ==>
      StepOutcome((uint8_t *)p, n, \result.reader.at, \result.reader.lines - 1,
                  policy->limits.line, policy->limits.fields,
                  LfEnds((struct upheld_policy *)policy)) == UPH_HEAD_CUT); */
static struct uph_reading fields_resumed(const uint8_t *p, size_t n,
                                         const struct upheld_policy *policy, struct upheld_reader r)
{
    /*@ ghost
        size_t start = request_held(p, n, n, policy);
        lines_held(p, n, n, start, r.at, (size_t)r.lines - 1, policy->limits.line,
                   policy->limits.fields, policy->bare_lf ? 1 : 0); */
    return fields_read(p, n, policy, r);
}

/* What the octets at p come to where the reader r is behind the request-line. */
/*@ requires readable: \valid_read(p + (0 .. n - 1));
    requires inside:   0 < r.seen <= n <= policy->limits.head;
    requires policy:   \valid_read(policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    requires lines:    0 < r.lines;
    requires known:    ReaderIs((uint8_t *)p, r, (struct upheld_policy *)policy);
    terminates \true;
    assigns \nothing;
    ensures cut: UPH_EXACT(
      \result.outcome == UPH_HEAD_CUT <==>
      CutHead((uint8_t *)p, n, (struct upheld_policy *)policy) == \true);
    ensures known: \result.outcome == UPH_HEAD_CUT ==>
                   ReaderIs((uint8_t *)p, \result.reader, (struct upheld_policy *)policy);
    ensures seen: \result.outcome == UPH_HEAD_CUT ==> \result.reader.seen == n;
    ensures heads: UPH_EXACT(
      \result.outcome == UPH_HEAD_CUT ==>
      HeadsCut((uint8_t *)p, n, (struct upheld_policy *)policy)); */
static struct uph_reading lines_resumed(const uint8_t *p, size_t n,
                                        const struct upheld_policy *policy, struct upheld_reader r)
{
    /*@ ghost
        size_t m = r.seen;
        size_t start = request_held(p, m, n, policy);
        lines_held(p, m, n, start, r.at, (size_t)r.lines - 1, policy->limits.line,
                   policy->limits.fields, policy->bare_lf ? 1 : 0);
        scanned_held(p, n, r, policy->limits.line); */
    /*@ assert whole: UPH_EXACT(
          StartsWhole((uint8_t *)p, n, RequestStart((uint8_t *)p, n),
                      (struct upheld_policy *)policy)); */
    /*@ assert same: UPH_EXACT(
          CutHead((uint8_t *)p, n, (struct upheld_policy *)policy) ==
          CutFields((uint8_t *)p, n, (struct upheld_policy *)policy)); */
    /*@ assert reached: UPH_EXACT(
          ReachFields((uint8_t *)p, n, r.at, r.lines - 1, (struct upheld_policy *)policy) ==
          \true); */
    r.seen = (uint32_t)n;
    struct uph_reading now = fields_resumed(p, n, policy, r);
    /*@ ghost if (now.outcome == UPH_HEAD_CUT) {
          lines_cut(p, n, policy, now.reader.at, (size_t)now.reader.lines - 1);
        } */
    return now;
}

/* And where it is before the field lines. */
/*@ requires readable: \valid_read(p + (0 .. n - 1));
    requires inside:   r.seen <= n <= policy->limits.head;
    requires policy:   \valid_read(policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    requires lines:    r.lines == 0;
    requires known:    ReaderIs((uint8_t *)p, r, (struct upheld_policy *)policy);
    terminates \true;
    assigns \nothing;
    ensures cut: UPH_EXACT(
      \result.outcome == UPH_HEAD_CUT <==>
      CutHead((uint8_t *)p, n, (struct upheld_policy *)policy) == \true);
    ensures known: \result.outcome == UPH_HEAD_CUT ==>
                   ReaderIs((uint8_t *)p, \result.reader, (struct upheld_policy *)policy);
    ensures seen: \result.outcome == UPH_HEAD_CUT ==>
                  \result.reader.seen == 0 || \result.reader.seen == n;
    ensures heads: UPH_EXACT(
      \result.outcome == UPH_HEAD_CUT ==>
      HeadsCut((uint8_t *)p, n, (struct upheld_policy *)policy)); */
static struct uph_reading request_resumed(const uint8_t *p, size_t n,
                                          const struct upheld_policy *policy,
                                          struct upheld_reader r)
{
    struct uph_reading now = r.seen > 0 ? start_resumed(p, n, policy, r) : start_read(p, n, policy);
    if (now.outcome != UPH_HEAD_FIELDS) {
        /*@ ghost if (now.outcome == UPH_HEAD_CUT) {
              start_cut(p, n, policy);
            } */
        /*@ assert start: UPH_EXACT(
              CutHead((uint8_t *)p, n, (struct upheld_policy *)policy) == \true <==>
              StartsCut((uint8_t *)p, n, RequestStart((uint8_t *)p, n),
                        (struct upheld_policy *)policy)); */
        return now;
    }
    /*@ assert same: UPH_EXACT(
          CutHead((uint8_t *)p, n, (struct upheld_policy *)policy) ==
          CutFields((uint8_t *)p, n, (struct upheld_policy *)policy)); */
    /*@ assert first: UPH_EXACT(
          LinesReach((uint8_t *)p, n, now.reader.at, 0, now.reader.at, 0, policy->limits.line,
                     policy->limits.fields, LfEnds((struct upheld_policy *)policy)) == \true); */
    now = fields_resumed(p, n, policy, now.reader);
    /*@ ghost if (now.outcome == UPH_HEAD_CUT) {
          lines_cut(p, n, policy, now.reader.at, (size_t)now.reader.lines - 1);
        } */
    return now;
}

/* The same wherever it is; more octets than the limit of the head, or fewer than before, decide. */
/*@ requires readable: \valid_read(p + (0 .. n - 1));
    requires policy:   \valid_read(policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    requires known:    r.seen <= n ==> ReaderIs((uint8_t *)p, r, (struct upheld_policy *)policy);
    terminates \true;
    assigns \nothing;
    ensures once: UPH_EXACT(
      r.seen <= n <= policy->limits.head ==>
      (\result.outcome == UPH_HEAD_CUT <==>
       CutHead((uint8_t *)p, n, (struct upheld_policy *)policy) == \true));
    ensures known: \result.outcome == UPH_HEAD_CUT ==>
                   ReaderIs((uint8_t *)p, \result.reader, (struct upheld_policy *)policy);
    ensures heads: UPH_EXACT(
      \result.outcome == UPH_HEAD_CUT ==>
      HeadsCut((uint8_t *)p, n, (struct upheld_policy *)policy)); */
static struct uph_reading resumed(const uint8_t *p, size_t n, const struct upheld_policy *policy,
                                  struct upheld_reader r)
{
    if (n > policy->limits.head || n < r.seen) {
        return (struct uph_reading){ UPH_HEAD_FAULT, r };
    }
    return r.lines > 0 ? lines_resumed(p, n, policy, r) : request_resumed(p, n, policy, r);
}

/* The decision on a head that is cut off. */
/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \forall struct uph_head h, uint8_t *q, struct upheld_policy *any;
        h.outcome == UPH_HEAD_CUT && h.clause == UPHELD_R9112_2_1_1 ==>
        \result == DecideHead(q, h, any, \result));
    ensures none: \result.consumed == 0; */
static struct upheld_decision more(void)
{
    struct upheld_decision d = { 0 };
    d.clause = UPHELD_R9112_2_1_1;
    d.protocol = UPHELD_NONE;
    d.subprotocol = UPHELD_NONE;
    return d;
}

struct upheld_decision upheld_request_resume(struct upheld_reader *reader, const uint8_t *p,
                                             size_t n, const struct upheld_policy *policy)
{
    struct uph_reading now = resumed(p, n, policy, *reader);
    if (now.outcome != UPH_HEAD_CUT) {
        return upheld_request_decide(p, n, policy);
    }
    struct upheld_decision d = more();
    /*@ assert exact: UPH_EXACT(
          \forall struct uph_head blank;
            d == Decide((uint8_t *)p, n, (struct upheld_policy *)policy, d, blank)); */
    *reader = now.reader;
    /*@ assert limits: policy->limits.line == \at(policy->limits.line, Pre) &&
                       policy->limits.fields == \at(policy->limits.fields, Pre) &&
                       policy->limits.target == \at(policy->limits.target, Pre) &&
                       policy->limits.head == \at(policy->limits.head, Pre) &&
                       policy->bare_lf == \at(policy->bare_lf, Pre); */
    /*@ assert stored: *reader == now.reader; */
    return d;
}
