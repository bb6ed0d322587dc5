/* head.c: the head of a request, read in one pass (RFC 9112 sections 2, 3, 5). Knows where lines,
 * names and values stand and what each line adds; judges syntax and limits, and nothing else. */
#include "head.h"

/*@ requires readable: \valid_read(p + (0 .. N - 1));
    requires inside:   i <= N <= UPHELD_LIMIT_MAX;
    terminates \true;
    assigns \nothing;
    ensures R9112_2_2_4: UPH_EXACT(
      \result == EmptyLinesEnd((uint8_t *)p, N, i, UPH_EMPTY_LINES));
    ensures bounded: i <= \result <= N; */
static size_t empty_lines_end(const uint8_t *p, size_t N, size_t i)
{
    size_t at = i;
    /*@ loop invariant bounded: i <= at <= N && 0 <= k <= UPH_EMPTY_LINES;
        loop invariant exact: UPH_EXACT(
          EmptyLinesEnd((uint8_t *)p, N, i, UPH_EMPTY_LINES) ==
          EmptyLinesEnd((uint8_t *)p, N, at, k));
        loop assigns at, k;
        loop variant k; */
    for (unsigned k = UPH_EMPTY_LINES; k > 0; k--) {
        if (N - at < 2 || p[at] != 13 || p[at + 1] != 10) {
            return at;
        }
        at += 2;
    }
    return at;
}

/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == Stopped(outcome, clause, h));
    ensures outcome: \result.outcome == outcome; */
static struct uph_head stopped(enum uph_outcome outcome, enum upheld_clause clause,
                               struct uph_head h)
{
    h.outcome = outcome;
    h.clause = clause;
    return h;
}

/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == Ended(end, h));
    ensures outcome: \result.outcome == UPH_HEAD_END; */
static struct uph_head ended(size_t end, struct uph_head h)
{
    h.end = end;
    return stopped(UPH_HEAD_END, UPHELD_R6455_4_2_2_10, h);
}

/* The head h with the request-line [b, e). */
/*@ requires readable: \valid_read(p + (0 .. N - 1));
    requires inside:   b <= e <= N <= UPHELD_LIMIT_MAX;
    requires whole:    e + 2 <= N;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == (RequestLineClause((uint8_t *)p, b, e) != UPHELD_R6455_4_2_2_10 ?
                  Stopped(UPH_HEAD_FAULT, RequestLineClause((uint8_t *)p, b, e), h) :
                  { { Stopped(UPH_HEAD_FIELDS, UPHELD_R6455_4_2_2_10, h)
                      \with .end = (size_t)(e + 2) }
                      \with .request = RequestLine((uint8_t *)p, b, e, h.request) }));
    ensures sane: \forall struct upheld_policy *any; HeadSane(h, any, N) ==>
                  HeadSane(\result, any, N); */
static struct uph_head request_line(const uint8_t *p, size_t N, size_t b, size_t e,
                                    struct uph_head h)
{
    (void)N;
    size_t t = uph_token_end(p, e, b);
    size_t s = t < e ? uph_space_or_end(p, e, t + 1) : e;
    enum upheld_clause clause = uph_request_clause(p, e, t, s);
    if (clause != UPHELD_R6455_4_2_2_10) {
        return stopped(UPH_HEAD_FAULT, clause, h);
    }
    h.end = e + 2;
    h.request = uph_request_parts(p, b, t, s, h.request);
    return stopped(UPH_HEAD_FIELDS, clause, h);
}

/*@ requires readable: \valid_read(p + (0 .. N - 1));
    requires inside:   b <= N <= UPHELD_LIMIT_MAX;
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == StartLine((uint8_t *)p, N, b,
                           LineStop((uint8_t *)p, N, b, policy->limits.line),
                           (struct upheld_policy *)policy, h));
    ensures sane: HeadSane(h, (struct upheld_policy *)policy, N) ==>
                  HeadSane(\result, (struct upheld_policy *)policy, N); */
static struct uph_head start_line(const uint8_t *p, size_t N, size_t b,
                                  const struct upheld_policy *policy, struct uph_head h)
{
    struct uph_line line = uph_line_at(p, N, b, policy->limits.line);
    if (uph_target_too_long(p, N, b, line.end, policy->limits.target)) {
        return stopped(UPH_HEAD_FAULT, UPHELD_R9112_3_3, h);
    }
    if (line.kind == UPH_LINE_CUT) {
        return stopped(UPH_HEAD_CUT, UPHELD_R9112_3_3, h);
    }
    if (line.kind != UPH_LINE_WHOLE) {
        return stopped(UPH_HEAD_FAULT, uph_line_clause(line.kind, UPHELD_R9112_3_3), h);
    }
    return request_line(p, N, b, line.end, h);
}

/* What stands before the field lines, from behind the empty lines on. */
/*@ requires readable: \valid_read(p + (0 .. N - 1));
    requires inside:   b <= N <= UPHELD_LIMIT_MAX;
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == Start((uint8_t *)p, N, b, (struct upheld_policy *)policy, h));
    ensures sane: HeadSane(h, (struct upheld_policy *)policy, N) ==>
                  HeadSane(\result, (struct upheld_policy *)policy, N); */
static struct uph_head start(const uint8_t *p, size_t N, size_t b,
                             const struct upheld_policy *policy, struct uph_head h)
{
    if (b >= N) {
        return stopped(UPH_HEAD_CUT, UPHELD_R9112_3_3, h);
    }
    if (p[b] == 13) {
        if (b >= 2 * (size_t)UPH_EMPTY_LINES) {
            return stopped(UPH_HEAD_FAULT, UPHELD_R9112_2_2_4, h);
        }
        if (N - b < 2) {
            return stopped(UPH_HEAD_CUT, UPHELD_R9112_3_3, h);
        }
        return stopped(UPH_HEAD_FAULT, UPHELD_R9112_2_2_3, h);
    }
    if (!uph_tchar(p[b])) {
        return stopped(UPH_HEAD_FAULT, UPHELD_R9112_2_2_4, h);
    }
    return start_line(p, N, b, policy, h);
}

/*@ requires readable: \valid_read(p + (0 .. e - 1));
    requires inside:   b <= t <= e;
    terminates \true;
    assigns \nothing;
    ensures R9112_5_1: UPH_EXACT(\result == FieldClause((uint8_t *)p, b, e, t));
    ensures colon: \result == UPHELD_R6455_4_2_2_10 ==> b < t < e; */
static enum upheld_clause field_clause(const uint8_t *p, size_t b, size_t e, size_t t)
{
    if (t == b || t >= e) {
        return UPHELD_R9112_5_1;
    }
    if (p[t] == ':') {
        return UPHELD_R6455_4_2_2_10;
    }
    return uph_ows(p[t]) ? UPHELD_R9112_5_1_1 : UPHELD_R9112_5_1;
}

/* Which field the name of m octets from b on is. */
/*@ requires readable: \valid_read(p + (b .. b + m - 1));
    requires inside:   b + m <= UPHELD_LIMIT_MAX;
    terminates \true;
    assigns \nothing;
    ensures R9110_5_1_1: UPH_EXACT(\result == FieldOf((uint8_t *)p, b, m));
    ensures known: 0 <= \result <= 11; */
static enum uph_field field_of(const uint8_t *p, size_t b, size_t m)
{
    switch (m) {
    case sizeof UPH_HOST:
        return uph_same_word(p, b, UPH_HOST, m) ? UPH_FIELD_HOST : UPH_FIELD_OTHER;
    case sizeof UPH_EXPECT:
        if (uph_same_word(p, b, UPH_EXPECT, m)) {
            return UPH_FIELD_EXPECT;
        }
        return uph_same_word(p, b, UPH_ORIGIN, m) ? UPH_FIELD_ORIGIN : UPH_FIELD_OTHER;
    case sizeof UPH_UPGRADE:
        return uph_same_word(p, b, UPH_UPGRADE, m) ? UPH_FIELD_UPGRADE : UPH_FIELD_OTHER;
    case sizeof UPH_CONNECTION:
        return uph_same_word(p, b, UPH_CONNECTION, m) ? UPH_FIELD_CONNECTION : UPH_FIELD_OTHER;
    case sizeof UPH_CONTENT_LENGTH:
        return uph_same_word(p, b, UPH_CONTENT_LENGTH, m) ? UPH_FIELD_CONTENT_LENGTH
                                                          : UPH_FIELD_OTHER;
    case sizeof UPH_TRANSFER_ENCODING:
        if (uph_same_word(p, b, UPH_TRANSFER_ENCODING, m)) {
            return UPH_FIELD_TRANSFER_ENCODING;
        }
        return uph_same_word(p, b, UPH_KEY, m) ? UPH_FIELD_KEY : UPH_FIELD_OTHER;
    case sizeof UPH_VERSION:
        return uph_same_word(p, b, UPH_VERSION, m) ? UPH_FIELD_VERSION : UPH_FIELD_OTHER;
    case sizeof UPH_PROTOCOL:
        return uph_same_word(p, b, UPH_PROTOCOL, m) ? UPH_FIELD_PROTOCOL : UPH_FIELD_OTHER;
    case sizeof UPH_EXTENSIONS:
        return uph_same_word(p, b, UPH_EXTENSIONS, m) ? UPH_FIELD_EXTENSIONS : UPH_FIELD_OTHER;
    default:
        return UPH_FIELD_OTHER;
    }
}

/*@ requires readable: \valid_read(p + (v .. e - 1));
    requires inside:   v <= e;
    terminates \true;
    assigns \nothing;
    ensures R9110_5_3_2: UPH_EXACT(\result == AddSingle((uint8_t *)p, e, v, s));
    ensures bounded: \result == s || (s.at == \result.at && s.end == \result.end) ||
                     v <= \result.at <= \result.end <= e; */
static struct uph_single add_single(const uint8_t *p, size_t e, size_t v, struct uph_single s)
{
    if (s.count > 0) {
        s.count = 2;
        return s;
    }
    s.count = 1;
    s.at = uph_ows_end(p, e, v);
    s.end = uph_trim_end(p, s.at, e);
    return s;
}

/* The head h with one more line of the field f, whose value is [v, e). */
/*@ requires readable: \valid_read(p + (0 .. n - 1));
    requires inside:   v <= e <= n;
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    requires sane:     HeadSane(h, (struct upheld_policy *)policy, n);
    requires known:    0 <= f <= 11;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == AddField((uint8_t *)p, e, v, f, (struct upheld_policy *)policy, h));
    ensures sane: HeadSane(\result, (struct upheld_policy *)policy, n); */
static struct uph_head add_field(const uint8_t *p, size_t n, size_t e, size_t v, enum uph_field f,
                                 const struct upheld_policy *policy, struct uph_head h)
{
    (void)n;
    switch (f) {
    case UPH_FIELD_HOST:
        h.host = add_single(p, e, v, h.host);
        break;
    case UPH_FIELD_EXPECT:
        h.offer = uph_offer_expect(p, e, v, h.offer);
        break;
    case UPH_FIELD_ORIGIN:
        h.origin = add_single(p, e, v, h.origin);
        break;
    case UPH_FIELD_UPGRADE:
        h.offer = uph_offer_upgrade(p, e, v, h.offer);
        break;
    case UPH_FIELD_CONNECTION:
        h.offer = uph_offer_connection(p, e, v, h.offer);
        break;
    case UPH_FIELD_CONTENT_LENGTH:
        h.framing = uph_framing_length(p, e, v, h.framing);
        break;
    case UPH_FIELD_TRANSFER_ENCODING:
        h.framing = uph_framing_codings(p, e, v, h.framing);
        break;
    case UPH_FIELD_KEY:
        h.key = add_single(p, e, v, h.key);
        break;
    case UPH_FIELD_VERSION:
        h.version = add_single(p, e, v, h.version);
        break;
    case UPH_FIELD_PROTOCOL:
        h.protocols.given = true;
        h.protocols.state = uph_protocol_list(p, e, v, policy, h.protocols.state);
        break;
    case UPH_FIELD_EXTENSIONS:
        if (h.extensions.state >= 0) {
            h.extensions.given = true;
            h.extensions.state = uph_extension_list(p, e, v, h.extensions.state);
        }
        break;
    default:
        break;
    }
    return h;
}

/* The clause that the line from i on breaks, which was read as `line` and is not cut. */
/*@ requires readable: \valid_read(p + (0 .. N - 1));
    requires inside:   i <= line.end <= N <= UPHELD_LIMIT_MAX && max <= UPHELD_LIMIT_MAX;
    requires name:     i <= t <= line.end;
    requires token:    UPH_EXACT(t == TokenEnd((uint8_t *)p, line.end, i));
    requires kind:     UPH_EXACT(line.kind == LineKind((uint8_t *)p, N, i, max, line.end));
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == FieldLineClause((uint8_t *)p, N, i, max, line.end,
                                                        UPHELD_R9110_5_4_1));
    ensures colon: line.kind == UPH_LINE_WHOLE && \result == UPHELD_R6455_4_2_2_10 ==>
                   i < t < line.end;
    ensures whole: line.kind != UPH_LINE_WHOLE ==> \result != UPHELD_R6455_4_2_2_10; */
static enum upheld_clause field_line_clause(const uint8_t *p, size_t N, size_t i, size_t max,
                                            struct uph_line line, size_t t)
{
    (void)N;
    (void)max;
    if (line.kind == UPH_LINE_WHOLE) {
        return field_clause(p, i, line.end, t);
    }
    return uph_line_clause(line.kind, UPHELD_R9110_5_4_1);
}

/* The head h with the field line that starts at i, or stopped by it. */
/*@ requires readable: \valid_read(p + (0 .. N - 1));
    requires inside:   i < N <= UPHELD_LIMIT_MAX;
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    requires sane:     HeadSane(h, (struct upheld_policy *)policy, N);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == FieldLine((uint8_t *)p, N, i, LineStop((uint8_t *)p, N, i, policy->limits.line),
                           (struct upheld_policy *)policy, h));
    ensures sane: HeadSane(\result, (struct upheld_policy *)policy, N);
    ensures moved: \result.outcome == h.outcome && \result.end > i ||
                   \result.outcome == UPH_HEAD_CUT || \result.outcome == UPH_HEAD_FAULT; */
static struct uph_head field_line(const uint8_t *p, size_t N, size_t i,
                                  const struct upheld_policy *policy, struct uph_head h)
{
    struct uph_line line = uph_line_at(p, N, i, policy->limits.line);
    if (line.kind == UPH_LINE_CUT) {
        return stopped(UPH_HEAD_CUT, UPHELD_R9110_5_4_1, h);
    }
    size_t t = uph_token_end(p, line.end, i);
    enum upheld_clause clause = field_line_clause(p, N, i, policy->limits.line, line, t);
    /*@ assert read: UPH_EXACT(line.end ==
                               LineStop((uint8_t *)p, N, i, policy->limits.line)); */
    /*@ assert clause: UPH_EXACT(
          clause == FieldLineClause((uint8_t *)p, N, i, policy->limits.line, line.end,
                                    UPHELD_R9110_5_4_1)); */
    if (clause != UPHELD_R6455_4_2_2_10) {
        return stopped(UPH_HEAD_FAULT, clause, h);
    }
    struct uph_head next = add_field(p, N, line.end, t + 1, field_of(p, i, t - i), policy, h);
    /*@ assert added: UPH_EXACT(next == AddLine((uint8_t *)p, i, line.end, t,
                                                (struct upheld_policy *)policy, h)); */
    next.end = line.end + 2;
    return next;
}

/* What stands at i, where a line starts, k field lines before it. */
/*@ requires readable: \valid_read(p + (0 .. N - 1));
    requires inside:   i <= N <= UPHELD_LIMIT_MAX;
    terminates \true;
    assigns \nothing;
    ensures outcome: UPH_EXACT(\result.outcome == StepOutcome((uint8_t *)p, N, i, k, most));
    ensures clause: UPH_EXACT(\result.clause == StepClause((uint8_t *)p, N, i, k, most));
    ensures known: 0 <= \result.outcome <= 3;
    ensures fault: (\result.outcome == UPH_HEAD_CUT || \result.outcome == UPH_HEAD_FAULT) <==>
                   \result.clause != UPHELD_R6455_4_2_2_10;
    ensures line: \result.outcome == UPH_HEAD_FIELDS ==> i < N;
    ensures whole: \result.outcome == UPH_HEAD_END ==> i + 2 <= N; */
static struct uph_step step_at(const uint8_t *p, size_t N, size_t i, size_t k, size_t most)
{
    if (i >= N || (p[i] == 13 && N - i < 2)) {
        return (struct uph_step){ UPH_HEAD_CUT, UPHELD_R9110_5_4_1 };
    }
    if (p[i] == 13) {
        return p[i + 1] == 10 ? (struct uph_step){ UPH_HEAD_END, UPHELD_R6455_4_2_2_10 }
                              : (struct uph_step){ UPH_HEAD_FAULT, UPHELD_R9112_2_2_3 };
    }
    if (k >= most) {
        return (struct uph_step){ UPH_HEAD_FAULT, UPHELD_R9110_5_4_1 };
    }
    if (uph_ows(p[i])) {
        return (struct uph_step){ UPH_HEAD_FAULT,
                                  k == 0 ? UPHELD_R9112_2_2_5 : UPHELD_R9112_5_2_2 };
    }
    return (struct uph_step){ UPH_HEAD_FIELDS, UPHELD_R6455_4_2_2_10 };
}

/* The head h with what starts at i, k field lines before it. */
/*@ requires readable: \valid_read(p + (0 .. N - 1));
    requires inside:   i <= N <= UPHELD_LIMIT_MAX;
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    requires sane:     HeadSane(h, (struct upheld_policy *)policy, N);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == FieldStep((uint8_t *)p, N, i, k, (struct upheld_policy *)policy, h));
    ensures sane: HeadSane(\result, (struct upheld_policy *)policy, N);
    ensures moved: \result.outcome == h.outcome && \result.end > i ||
                   \result.outcome != UPH_HEAD_FIELDS; */
static struct uph_head field_step(const uint8_t *p, size_t N, size_t i, size_t k,
                                  const struct upheld_policy *policy, struct uph_head h)
{
    struct uph_step step = step_at(p, N, i, k, policy->limits.fields);
    if (step.outcome == UPH_HEAD_FIELDS) {
        struct uph_head more = field_line(p, N, i, policy, h);
        /*@ assert more: UPH_EXACT(
              more == FieldStep((uint8_t *)p, N, i, k, (struct upheld_policy *)policy, h)); */
        return more;
    }
    if (step.outcome == UPH_HEAD_END) {
        struct uph_head whole = ended(i + 2, h);
        /*@ assert whole: UPH_EXACT(
              whole == FieldStep((uint8_t *)p, N, i, k, (struct upheld_policy *)policy, h)); */
        return whole;
    }
    return stopped(step.outcome, step.clause, h);
}

/* The head h, whose request-line is read unless it is stopped already, with all field lines. */
/*@ requires readable: \valid_read(p + (0 .. N - 1));
    requires inside:   N <= UPHELD_LIMIT_MAX;
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    requires sane:     HeadSane(h, (struct upheld_policy *)policy, N);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == Fields((uint8_t *)p, N, 0, (struct upheld_policy *)policy, h));
    ensures sane: HeadSane(\result, (struct upheld_policy *)policy, N);
    ensures stopped: \result.outcome != UPH_HEAD_FIELDS; */
static struct uph_head fields(const uint8_t *p, size_t N, const struct upheld_policy *policy,
                              struct uph_head h)
{
    struct uph_head now = h;
    size_t k = 0;
    /*@ loop invariant bounded: 0 <= k <= now.end || now.outcome != UPH_HEAD_FIELDS;
        loop invariant sane: HeadSane(now, (struct upheld_policy *)policy, N);
        loop invariant exact: UPH_EXACT(
          Fields((uint8_t *)p, N, 0, (struct upheld_policy *)policy, h) ==
          Fields((uint8_t *)p, N, k, (struct upheld_policy *)policy, now));
        loop assigns k, now;
        loop variant now.outcome == UPH_HEAD_FIELDS ? N - now.end + 1 : 0; */
    while (now.outcome == UPH_HEAD_FIELDS) {
        now = field_step(p, N, now.end, k, policy, now);
        k++;
    }
    return now;
}

/* A head of which nothing was read. */
/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == NoHead(\result));
    ensures blank: \result.end == 0 && \result.outcome == UPH_HEAD_CUT &&
                   \result.clause == UPHELD_R9112_2_1_1 &&
                   \result.host.at == 0 && \result.host.end == 0 &&
                   \result.key.at == 0 && \result.key.end == 0 && \result.version.at == 0 &&
                   \result.version.end == 0 && \result.origin.at == 0 &&
                   \result.origin.end == 0 && \result.framing.codings == 0 &&
                   \result.protocols.state == 0 && \result.extensions.state == 0; */
static struct uph_head no_head(void)
{
    struct uph_head h = { 0 };
    return h;
}

struct uph_head uph_head_read(const uint8_t *p, size_t n, const struct upheld_policy *policy)
{
    size_t limit = policy->limits.head;
    size_t N = n < limit ? n : limit;
    struct uph_head h = start(p, N, empty_lines_end(p, N, 0), policy, no_head());
    h = fields(p, N, policy, h);
    if (h.outcome == UPH_HEAD_CUT) {
        if (n > limit) {
            h.outcome = UPH_HEAD_FAULT;
        } else {
            h.clause = UPHELD_R9112_2_1_1;
        }
    }
    return h;
}
