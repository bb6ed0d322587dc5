/* response.c: one head of a response, read in one pass (RFC 9112 sections 2, 4, 5). Knows where
 * lines, names and values stand and what each line adds; judges syntax and limits, and nothing
 * else. */
#include "response.h"

UPH_SELDOM_BEGIN

/*@ requires readable: \valid_read(p + (i .. c - 1));
    requires inside:   i <= c;
    requires state:    0 <= s <= 2;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == NamedMember((uint8_t *)p, i, c, s)); */
static enum uph_named named_member(const uint8_t *p, size_t c, size_t i, enum uph_named s)
{
    if (uph_ows_end(p, c, i) == c) {
        return s;
    }
    bool alone = s == UPH_NAMED_NONE;
    return alone && uph_member_is(p, c, i, UPH_WEBSOCKET, sizeof UPH_WEBSOCKET)
               ? UPH_NAMED_WEBSOCKET
               : UPH_NAMED_OTHER;
}

/*@ requires readable: \valid_read(p + (v .. e - 1));
    requires inside:   v <= e;
    requires state:    0 <= s <= 2;
    terminates \true;
    assigns \nothing;
    ensures R6455_4_1_14: UPH_EXACT(\result == NamedList((uint8_t *)p, e, v, s));
    ensures state: 0 <= \result <= 2; */
static enum uph_named named_list(const uint8_t *p, size_t e, size_t v, enum uph_named s)
{
    enum uph_named now = s;
    size_t at = v;
    /*@ loop invariant bounded: v <= at <= e && 0 <= now <= 2;
        loop invariant exact: UPH_EXACT(NamedList((uint8_t *)p, e, v, s) ==
                                        NamedList((uint8_t *)p, e, at, now));
        loop assigns at, now;
        loop variant e - at; */
    for (;;) {
        size_t c = uph_comma_or_end(p, e, at);
        now = named_member(p, c, at, now);
        if (c >= e) {
            return now;
        }
        at = c + 1;
    }
}

/* The head r with one more line of the field f, whose value is [v, e). */
/*@ requires readable: \valid_read(p + (0 .. n - 1));
    requires inside:   v <= e <= n <= UPHELD_LIMIT_MAX;
    requires sane:     ResponseSane(r, n);
    requires known:    0 <= f <= 13;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == AddResponseField((uint8_t *)p, e, v, f, r));
    ensures sane: ResponseSane(\result, n); */
static struct uph_response add_response_field(const uint8_t *p, size_t n, size_t e, size_t v,
                                              enum uph_field f, struct uph_response r)
{
    (void)n;
    switch (f) {
    case UPH_FIELD_UPGRADE:
        r.named = named_list(p, e, v, r.named);
        break;
    case UPH_FIELD_CONNECTION:
        if (uph_list_has(p, e, v, UPH_UPGRADE, sizeof UPH_UPGRADE)) {
            r.listed = true;
        }
        break;
    case UPH_FIELD_CONTENT_LENGTH:
        r.length_given = true;
        break;
    case UPH_FIELD_TRANSFER_ENCODING:
        r.coded = true;
        break;
    case UPH_FIELD_ACCEPT:
        r.accept = uph_add_single(p, e, v, r.accept);
        break;
    case UPH_FIELD_VERSION:
        r.versions = true;
        break;
    case UPH_FIELD_PROTOCOL:
        r.protocol = uph_add_single(p, e, v, r.protocol);
        break;
    case UPH_FIELD_EXTENSIONS:
        r.extensions = uph_add_single(p, e, v, r.extensions);
        break;
    default:
        break;
    }
    return r;
}

/* The head r with the field line [i, e), whose name ends at t. */
/*@ requires readable: \valid_read(p + (0 .. n - 1));
    requires inside:   i <= t < e <= n <= UPHELD_LIMIT_MAX;
    requires sane:     ResponseSane(r, n);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == AddResponseLine((uint8_t *)p, i, e, t, r));
    ensures sane: ResponseSane(\result, n); */
static struct uph_response add_response_line(const uint8_t *p, size_t n, size_t i, size_t e,
                                             size_t t, struct uph_response r)
{
    enum uph_field field = uph_field_of(p, i, t - i);
    return field == UPH_FIELD_OTHER ? r : add_response_field(p, n, e, t + 1, field, r);
}

/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == ResponseStopped(outcome, clause, r)); */
static struct uph_response response_stopped(enum uph_outcome outcome, enum upheld_clause clause,
                                            struct uph_response r)
{
    r.outcome = outcome;
    r.clause = clause;
    return r;
}

/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == ResponseEnded(end, r)); */
static struct uph_response response_ended(size_t end, struct uph_response r)
{
    r.end = end;
    return response_stopped(UPH_HEAD_END, UPHELD_R6455_4_2_2_10, r);
}

/* The head r, whose status-line was read, with all lines from r.end on. */
/*@ requires readable: \valid_read(p + (0 .. N - 1));
    requires inside:   r.end <= N <= UPHELD_LIMIT_MAX;
    requires limits:   max <= UPHELD_LIMIT_MAX;
    requires sane:     ResponseSane(r, N);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == ResponseFields((uint8_t *)p, N, r.end, 0, max, most, r));
    ensures sane: ResponseSane(\result, N);
    ensures moved: \result.outcome == UPH_HEAD_END ==>
                   \result.end > r.end && \result.start == r.start; */
static struct uph_response response_fields(const uint8_t *p, size_t N, size_t max, size_t most,
                                           struct uph_response r)
{
    struct uph_response now = r;
    size_t i = r.end;
    size_t k = 0;
    /*@ loop invariant bounded: 0 <= k <= i <= N && r.end <= i && now.start == r.start;
        loop invariant sane: ResponseSane(now, N);
        loop invariant exact: UPH_EXACT(
          ResponseFields((uint8_t *)p, N, r.end, 0, max, most, r) ==
          ResponseFields((uint8_t *)p, N, i, k, max, most, now));
        loop assigns i, k, now;
        loop variant N - i; */
    for (;;) {
        struct uph_line line = uph_line_at(p, N, i, max, false);
        size_t t = uph_token_end(p, line.end, i);
        struct uph_step step = uph_step_at(p, N, i, k, max, most, false, line, t);
        /*@ assert stop: UPH_EXACT(line.end == LineStop((uint8_t *)p, N, i, max)); */
        if (step.outcome == UPH_HEAD_END) {
            struct uph_response whole = response_ended(uph_line_next(p, i), now);
            /*@ assert whole: UPH_EXACT(
                  whole == ResponseFields((uint8_t *)p, N, i, k, max, most, now)); */
            return whole;
        }
        if (step.outcome != UPH_HEAD_FIELDS) {
            struct uph_response cut = response_stopped(step.outcome, step.clause, now);
            /*@ assert cut: UPH_EXACT(
                  cut == ResponseFields((uint8_t *)p, N, i, k, max, most, now)); */
            return cut;
        }
        struct uph_response more = add_response_line(p, N, i, line.end, t, now);
        /*@ assert more: UPH_EXACT(
              ResponseFields((uint8_t *)p, N, i, k, max, most, now) ==
              ResponseFields((uint8_t *)p, N, LineNext((uint8_t *)p, line.end), k + 1, max, most,
                             more)); */
        now = more;
        i = uph_line_next(p, line.end);
        k++;
    }
}

/* The head r with the status-line that starts at b, which was read as `line`. */
/*@ requires readable: \valid_read(p + (0 .. N - 1));
    requires inside:   b <= line.end <= N <= UPHELD_LIMIT_MAX;
    requires whole:    line.kind == UPH_LINE_WHOLE ==>
                       line.end < N && (p[line.end] == 13 ==> line.end + 2 <= N);
    requires known:    0 <= line.kind <= 6;
    requires sane:     ResponseSane(r, N);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == ResponseStart((uint8_t *)p, b, line.end, line.kind, r)); */
static struct uph_response response_start(const uint8_t *p, size_t N, size_t b,
                                          struct uph_line line, struct uph_response r)
{
    (void)N;
    if (line.kind == UPH_LINE_CUT) {
        return response_stopped(UPH_HEAD_CUT, UPHELD_R9110_5_4_1, r);
    }
    enum upheld_clause clause = line.kind == UPH_LINE_WHOLE
                                    ? uph_status_clause(p, b, line.end)
                                    : uph_line_clause(line.kind, UPHELD_R9110_5_4_1);
    if (clause != UPHELD_R6455_4_2_2_10) {
        return response_stopped(UPH_HEAD_FAULT, clause, r);
    }
    r.end = uph_line_next(p, line.end);
    r.status = uph_status_read(p, b, r.status);
    return response_stopped(UPH_HEAD_FIELDS, clause, r);
}

/* A head that starts at b and of which nothing was read. */
/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\forall struct uph_response any; \result == NoResponse(b, any)); */
static struct uph_response no_response(size_t b)
{
    struct uph_response r = { 0 };
    r.clause = UPHELD_R9112_2_1_1;
    r.start = b;
    return r;
}

struct uph_response uph_response_read(const uint8_t *p, size_t N, size_t b, size_t max, size_t most)
{
    struct uph_line line = uph_line_at(p, N, b, max, false);
    struct uph_response r = response_start(p, N, b, line, no_response(b));
    return r.outcome == UPH_HEAD_FIELDS ? response_fields(p, N, max, most, r) : r;
}

UPH_SELDOM_END
