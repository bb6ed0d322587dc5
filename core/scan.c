/* scan.c: lines of a head of which octets are still to come (RFC 9112 section 2.1). Knows octets
 * and limits, and from where on a line is not looked at yet; no field. */
#include "scan.h"

UPH_SELDOM_BEGIN

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
    ensures bounded: from <= \result.end <= N; */
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
    ensures line: \result.reader.scanned == \result.reader.at &&
                  \result.reader.lines == r.lines + 1 && \result.reader.seen == r.seen;
    ensures kept: \result.reader.space == r.space && \result.reader.target == r.target; */
static struct uph_reading line_passed(const uint8_t *p, size_t n, size_t e, struct upheld_reader r)
{
    (void)n;
    r.at = (uint32_t)uph_line_next(p, e);
    r.scanned = r.at;
    r.lines++;
    return (struct uph_reading){ UPH_HEAD_FIELDS, r };
}

struct uph_reading uph_scan_request(const uint8_t *p, size_t n, const struct upheld_policy *policy,
                                    struct upheld_reader r)
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

struct uph_reading uph_scan_status(const uint8_t *p, size_t n, size_t max, struct upheld_reader r)
{
    struct uph_line line = line_from(p, n, r.at, r.scanned, max, false);
    struct uph_reading now = { UPH_HEAD_CUT, r };
    now.reader.scanned = (uint32_t)line.end;
    if (line.kind == UPH_LINE_CUT) {
        return now;
    }
    if (line.kind != UPH_LINE_WHOLE ||
        uph_status_clause(p, r.at, line.end) != UPHELD_R6455_4_2_2_10) {
        now.outcome = UPH_HEAD_FAULT;
        return now;
    }
    return line_passed(p, n, line.end, r);
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
      \result == StepOutcome((uint8_t *)p, n, i, k, max, most, (lf ? 1 : 0))); */
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
    requires limits:   \valid_read(limits) && limits->line <= UPHELD_LIMIT_MAX;
    requires ordered:  0 < r.lines <= r.at <= r.scanned <= n;
    requires limit:    r.scanned - r.at <= limits->line;
    requires held:     UPH_EXACT(HeldLine((uint8_t *)p, r, n, limits->line));
    terminates \true;
    assigns \nothing;
    ensures outcome: UPH_EXACT(
      \result.outcome == StepOutcome((uint8_t *)p, n, r.at, r.lines - 1, limits->line,
                                     limits->fields,
                                     (lf ? 1 : 0)));
    ensures seen: \result.reader.seen == r.seen && \result.reader.space == r.space &&
                  \result.reader.target == r.target;
    ensures kept: \result.outcome != UPH_HEAD_FIELDS ==>
                  \result.reader.at == r.at && \result.reader.lines == r.lines &&
                  r.at <= \result.reader.scanned <= n;
    ensures stop: UPH_EXACT(
      \result.outcome == UPH_HEAD_CUT ==>
      \result.reader.scanned == LineStop((uint8_t *)p, n, r.at, limits->line));
    ensures passed: UPH_EXACT(
      \result.outcome == UPH_HEAD_FIELDS ==>
      \result.reader.at ==
        LineNext((uint8_t *)p, LineStop((uint8_t *)p, n, r.at, limits->line)));
    ensures next: \result.outcome == UPH_HEAD_FIELDS ==>
                  \result.reader.lines == r.lines + 1 &&
                  \result.reader.scanned == \result.reader.at && r.at < \result.reader.at <= n; */
static struct uph_reading field_read(const uint8_t *p, size_t n, const struct upheld_limits *limits,
                                     bool lf, struct upheld_reader r)
{
    size_t max = limits->line;
    size_t most = limits->fields;
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

struct uph_reading uph_scan_fields(const uint8_t *p, size_t n, const struct upheld_limits *limits,
                                   bool lf, struct upheld_reader r)
{
    struct uph_reading now = { UPH_HEAD_FIELDS, r };
    /*@ loop invariant seen: now.reader.seen == r.seen && now.reader.space == r.space &&
                             now.reader.target == r.target;
        loop invariant ordered: r.lines <= now.reader.lines <= now.reader.at <=
                                  now.reader.scanned <= n && r.at <= now.reader.at;
        loop invariant limit: now.reader.scanned - now.reader.at <= limits->line;
        loop invariant going: now.outcome == UPH_HEAD_FIELDS;
        loop invariant held: UPH_EXACT(
          HeldLine((uint8_t *)p, now.reader, n, limits->line));
        loop invariant exact: UPH_EXACT(
          LinesCut((uint8_t *)p, n, r.at, r.lines - 1, limits->line, limits->fields,
                   (lf ? 1 : 0)) ==
          LinesCut((uint8_t *)p, n, now.reader.at, now.reader.lines - 1, limits->line,
                   limits->fields, (lf ? 1 : 0)));
        loop invariant reached: UPH_EXACT(
          \forall integer at, integer count; count >= now.reader.lines - 1 ==>
            LinesReach((uint8_t *)p, n, r.at, r.lines - 1, at, count, limits->line,
                       limits->fields, (lf ? 1 : 0)) ==
            LinesReach((uint8_t *)p, n, now.reader.at, now.reader.lines - 1, at, count,
                       limits->line, limits->fields,
                       (lf ? 1 : 0)));
        loop assigns now;
        loop variant n - now.reader.at; */
    for (;;) {
        now = field_read(p, n, limits, lf, now.reader);
        if (now.outcome != UPH_HEAD_FIELDS) {
            return now;
        }
    }
}

UPH_SELDOM_END
