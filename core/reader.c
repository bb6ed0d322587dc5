/* reader.c: a request that comes in pieces (RFC 9112 section 2.1). Knows how far its head was read,
 * and that what was read decides nothing; what decides it leaves to decide.h. */
#include "reader_held.h"

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
    return uph_scan_request(p, n, policy, now.reader);
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
        scanned_held(p, n, r, policy->limits.line);
        size_t e = r.scanned;
        size_t t = space_held(p, e, r.at);
        if (t < e) {
            space_held(p, e, t + 1);
        } */
    /*@ assert line: UPH_EXACT(HeldLine((uint8_t *)p, r, n, policy->limits.line)); */
    /*@ assert request: UPH_EXACT(HeldRequest((uint8_t *)p, r)); */
    r.seen = (uint32_t)n;
    return uph_scan_request(p, n, policy, r);
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
    /*@ assert lf: UPH_EXACT(
          (policy->bare_lf ? 1 : 0) == LfEnds((struct upheld_policy *)policy)); */
    struct uph_reading now = uph_scan_fields(p, n, &policy->limits, policy->bare_lf, r);
    /*@ assert self: UPH_EXACT(
          now.outcome == UPH_HEAD_CUT ==>
          LinesReach((uint8_t *)p, n, now.reader.at, now.reader.lines - 1, now.reader.at,
                     now.reader.lines - 1, policy->limits.line, policy->limits.fields,
                     LfEnds((struct upheld_policy *)policy)) == \true); */
    return now;
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
    /*@ assert reached: UPH_EXACT(
          ReachFields((uint8_t *)p, n, r.at, r.lines - 1, (struct upheld_policy *)policy) ==
          \true); */
    r.seen = (uint32_t)n;
    struct uph_reading now = fields_resumed(p, n, policy, r);
    /*@ ghost if (now.outcome == UPH_HEAD_CUT) {
          lines_cut(p, n, policy, now.reader.at, (size_t)now.reader.lines - 1);
          fields_known(p, n, policy, now.reader);
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
        /*@ ghost head_parts(p, n, policy); */
        return now;
    }
    /*@ ghost head_parts(p, n, policy); */
    /*@ assert first: UPH_EXACT(
          LinesReach((uint8_t *)p, n, now.reader.at, 0, now.reader.at, 0, policy->limits.line,
                     policy->limits.fields, LfEnds((struct upheld_policy *)policy)) == \true); */
    now = fields_resumed(p, n, policy, now.reader);
    /*@ ghost if (now.outcome == UPH_HEAD_CUT) {
          lines_cut(p, n, policy, now.reader.at, (size_t)now.reader.lines - 1);
          fields_known(p, n, policy, now.reader);
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
/*@ requires cut: UPH_EXACT(HeadsCut((uint8_t *)p, n, (struct upheld_policy *)policy));
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \forall struct uph_head blank;
        \result == Decide((uint8_t *)p, n, (struct upheld_policy *)policy, \result, blank)); */
static struct upheld_decision more(const uint8_t *p, size_t n, const struct upheld_policy *policy)
{
    (void)p;
    (void)n;
    (void)policy;
    struct upheld_decision d = { 0 };
    d.clause = UPHELD_R9112_2_1_1;
    d.protocol = UPHELD_NONE;
    d.subprotocol = UPHELD_NONE;
    /*@ assert plain: UPH_EXACT(\forall struct uph_head blank;
          d == Plain(UPHELD_R9112_2_1_1,
                     Head((uint8_t *)p, n, (struct upheld_policy *)policy, blank),
                     (struct upheld_policy *)policy, d)); */
    /*@ assert verdict: UPH_EXACT(\forall struct uph_head blank;
          Verdict((uint8_t *)p, Head((uint8_t *)p, n, (struct upheld_policy *)policy, blank),
                  (struct upheld_policy *)policy) == UPHELD_R9112_2_1_1); */
    return d;
}

/* Puts r where the caller keeps his reader. */
/*@ requires policy:   \valid_read(policy);
    requires writable: \valid(reader);
    requires apart:    \separated(reader, policy);
    terminates \true;
    assigns *reader;
    ensures kept: *reader == r; */
static void keep(struct upheld_reader *reader, struct upheld_reader r,
                 const struct upheld_policy *policy)
{
    (void)policy;
    reader->seen = r.seen;
    reader->at = r.at;
    reader->scanned = r.scanned;
    reader->lines = r.lines;
    reader->space = r.space;
    reader->target = r.target;
}

struct upheld_decision upheld_request_resume(struct upheld_reader *reader, const uint8_t *p,
                                             size_t n, const struct upheld_policy *policy)
{
    struct uph_reading now = resumed(p, n, policy, *reader);
    if (now.outcome != UPH_HEAD_CUT) {
        return upheld_request_decide(p, n, policy);
    }
    struct upheld_decision d = more(p, n, policy);
    keep(reader, now.reader, policy);
    /*@ assert kept: *reader == now.reader; */
    return d;
}
