/* head.c: the head of a request, read in one pass (RFC 9112 sections 2, 3, 5). Knows where lines,
 * names and values stand and what each line adds; judges syntax and limits, and nothing else. */
#include "head.h"

/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == Stopped(outcome, clause, h)); */
static struct uph_head stopped(enum uph_outcome outcome, enum upheld_clause clause,
                               struct uph_head h)
{
    h.outcome = outcome;
    h.clause = clause;
    return h;
}

/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == Ended(end, h)); */
static struct uph_head ended(size_t end, struct uph_head h)
{
    h.end = end;
    return stopped(UPH_HEAD_END, UPHELD_R6455_4_2_2_10, h);
}

/* The head h with the request-line [b, e). */
/*@ requires readable: \valid_read(p + (0 .. N - 1));
    requires inside:   b <= e <= N <= UPHELD_LIMIT_MAX;
    requires whole:    e < N && (p[e] == 13 ==> e + 2 <= N);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == (RequestLineClause((uint8_t *)p, b, e) != UPHELD_R6455_4_2_2_10 ?
                  Stopped(UPH_HEAD_FAULT, RequestLineClause((uint8_t *)p, b, e), h) :
                  { { Stopped(UPH_HEAD_FIELDS, UPHELD_R6455_4_2_2_10, h)
                      \with .end = (size_t)LineNext((uint8_t *)p, e) }
                      \with .request = RequestLine((uint8_t *)p, b, e, h.request) })); */
static struct uph_head request_line(const uint8_t *p, size_t N, size_t b, size_t e,
                                    struct uph_head h)
{
    (void)N;
    size_t t = uph_token_end(p, e, b);
    size_t s = t < e ? uph_space_or_end(p, e, t + 1) : e;
    struct uph_request_line line = uph_request_read(p, b, e, t, s, h.request);
    if (line.clause != UPHELD_R6455_4_2_2_10) {
        return stopped(UPH_HEAD_FAULT, line.clause, h);
    }
    h.end = uph_line_next(p, e);
    h.request = line.request;
    return stopped(UPH_HEAD_FIELDS, line.clause, h);
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
                           LineKind((uint8_t *)p, N, b, policy->limits.line, policy->bare_lf,
                                    LineStop((uint8_t *)p, N, b, policy->limits.line)),
                           (struct upheld_policy *)policy, h));
    ensures sane: HeadSane(h, (struct upheld_policy *)policy, N) ==>
                  HeadSane(\result, (struct upheld_policy *)policy, N); */
static struct uph_head start_line(const uint8_t *p, size_t N, size_t b,
                                  const struct upheld_policy *policy, struct uph_head h)
{
    struct uph_line line = uph_line_at(p, N, b, policy->limits.line, policy->bare_lf);
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

/* The head h with one more line of the field f, whose value is [v, e). */
/*@ requires readable: \valid_read(p + (0 .. n - 1));
    requires inside:   v <= e <= n <= UPHELD_LIMIT_MAX;
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    requires sane:     HeadSane(h, (struct upheld_policy *)policy, n);
    requires known:    0 <= f <= 13;
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
        h.host = uph_add_single(p, e, v, h.host);
        break;
    case UPH_FIELD_EXPECT:
        h.offer = uph_offer_expect(p, e, v, h.offer);
        break;
    case UPH_FIELD_ORIGIN:
        h.origin = uph_add_single(p, e, v, h.origin);
        break;
    case UPH_FIELD_UPGRADE:
        h.offer = uph_offer_upgrade(p, e, v, policy, h.offer);
        break;
    case UPH_FIELD_CONNECTION:
        h.offer = uph_offer_connection(p, e, v, h.offer);
        break;
    case UPH_FIELD_CONTENT_LENGTH:
        h.framing = uph_framing_length(p, e, v, h.framing);
        break;
    case UPH_FIELD_SETTINGS:
        h.settings = uph_add_single(p, e, v, h.settings);
        break;
    case UPH_FIELD_TRANSFER_ENCODING:
        h.framing = uph_framing_codings(p, e, v, h.framing);
        break;
    case UPH_FIELD_KEY:
        h.key = uph_add_single(p, e, v, h.key);
        break;
    case UPH_FIELD_VERSION:
        h.version = uph_add_single(p, e, v, h.version);
        break;
    case UPH_FIELD_PROTOCOL:
        h.protocols.given = true;
        h.protocols.state = uph_protocol_list(p, e, v, policy, h.protocols.state);
        break;
    case UPH_FIELD_EXTENSIONS:
        h.extensions = uph_extension_line(p, e, v, policy->deflate, false, h.extensions);
        break;
    default:
        break;
    }
    return h;
}

/* The head h with one more field line [i, e), whose name ends at t. */
/*@ requires readable: \valid_read(p + (0 .. n - 1));
    requires inside:   i <= t < e <= n <= UPHELD_LIMIT_MAX;
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    requires sane:     HeadSane(h, (struct upheld_policy *)policy, n);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == AddLine((uint8_t *)p, i, e, t, (struct upheld_policy *)policy, h));
    ensures sane: HeadSane(\result, (struct upheld_policy *)policy, n); */
static struct uph_head add_line(const uint8_t *p, size_t n, size_t i, size_t e, size_t t,
                                const struct upheld_policy *policy, struct uph_head h)
{
    enum uph_field field = uph_field_of(p, i, t - i);
    if (field == UPH_FIELD_OTHER) {
        /*@ assert other: UPH_EXACT(
              h == AddField((uint8_t *)p, e, t + 1, UPH_FIELD_OTHER,
                            (struct upheld_policy *)policy, h)); */
        return h;
    }
    return add_field(p, n, e, t + 1, field, policy, h);
}

/* So many octets are looked at together: hardly any name of a field is longer. */
#define NAME_BLOCK 32

/* k where the octet there is none of those that nearly all names are made of; else NAME_BLOCK. */
/*@ requires few: k < NAME_BLOCK;
    terminates \true;
    assigns \nothing;
    ensures place: \result == k || (\result == NAME_BLOCK && IsTchar(c) == \true); */
static inline uint8_t unusual_place(uint8_t c, size_t k)
{
    return uph_alpha(c) || c == '-' ? NAME_BLOCK : uph_place(k);
}

/* Where in the block at i its first such octet stands, or NAME_BLOCK. Two halves at once, as in
 * line.c. */
/*@ requires readable: \valid_read(p + (i .. i + NAME_BLOCK - 1));
    requires inside:   i + NAME_BLOCK <= SIZE_MAX;
    terminates \true;
    assigns \nothing;
    ensures bounded: \result <= NAME_BLOCK;
    ensures tchars: \forall integer k; i <= k < i + \result ==> IsTchar(p[k]) == \true; */
static inline size_t unusual_in_name(const uint8_t *p, size_t i)
{
    uint8_t stop = NAME_BLOCK;
    UPH_LOOP
    /*@ loop invariant bounded: 0 <= k <= NAME_BLOCK / 2 && stop <= NAME_BLOCK;
        loop invariant first: \forall integer j; i <= j < i + k && j < i + stop ==>
                              IsTchar(p[j]) == \true;
        loop invariant second: \forall integer j;
          i + NAME_BLOCK / 2 <= j < i + NAME_BLOCK / 2 + k && j < i + stop ==>
          IsTchar(p[j]) == \true;
        loop assigns k, stop;
        loop variant NAME_BLOCK / 2 - k; */
    for (size_t k = 0; k < NAME_BLOCK / 2; k++) {
        uint8_t first = unusual_place(p[i + k], k);
        uint8_t second = unusual_place(p[i + NAME_BLOCK / 2 + k], NAME_BLOCK / 2 + k);
        stop = first < stop ? first : stop;
        stop = second < stop ? second : stop;
    }
    return stop;
}

/* Octets of a token may be skipped: by induction. */
/*@ ghost
  /@ requires readable: \valid_read(p + (i .. e - 1));
     requires inside:   i <= j <= e;
     requires tchars:   \forall integer k; i <= k < j ==> IsTchar(p[k]) == \true;
     terminates \true;
     assigns \nothing;
     ensures skipped: UPH_EXACT(TokenEnd((uint8_t *)p, e, i) == TokenEnd((uint8_t *)p, e, j)); @/
  static void token_skipped(const uint8_t *p, size_t e, size_t i, size_t j)
  {
    size_t k = j;
    /@ loop invariant bounded: i <= k <= j;
       loop invariant skipped: UPH_EXACT(TokenEnd((uint8_t *)p, e, k) ==
                                         TokenEnd((uint8_t *)p, e, j));
       loop assigns k;
       loop variant k; @/
    while (k > i) {
      k--;
    }
  }
*/

/* Where the name of the field line [i, e) ends. Octets up to N may be looked at as well. */
/*@ requires readable: \valid_read(p + (i .. N - 1));
    requires inside:   i <= e <= N;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == TokenEnd((uint8_t *)p, e, i));
    ensures bounded: i <= \result <= e;
    ensures tchars: \forall integer k; i <= k < \result ==> IsTchar(p[k]) == \true; */
static inline size_t name_end(const uint8_t *p, size_t N, size_t e, size_t i)
{
    if (N - i >= NAME_BLOCK) {
        size_t t = i + unusual_in_name(p, i);
        if (t < e && p[t] == ':') {
            /*@ ghost token_skipped(p, e, i, t); */
            return t;
        }
    }
    return uph_token_end(p, e, i);
}

/* What stands at i, k field lines before it, where a line stops at e and a name ends at t. */
/*@ requires readable: \valid_read(p + (0 .. N - 1));
    requires inside:   i <= t <= e <= N <= UPHELD_LIMIT_MAX && k <= i;
    requires policy:   \valid_read(policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    requires limit:    e <= i + policy->limits.line;
    requires stop:     UPH_EXACT(e == LineStop((uint8_t *)p, N, i, policy->limits.line));
    requires name:     UPH_EXACT(t == TokenEnd((uint8_t *)p, e, i));
    requires tchars:   \forall integer j; i <= j < t ==> IsTchar(p[j]) == \true;
    terminates \true;
    assigns \nothing;
    ensures outcome: UPH_EXACT(
      \result.outcome == FieldsOutcome((uint8_t *)p, N, i, k, (struct upheld_policy *)policy));
    ensures clause: UPH_EXACT(
      \result.clause == FieldsClause((uint8_t *)p, N, i, k, (struct upheld_policy *)policy)); */
static inline struct uph_step field_step(const uint8_t *p, size_t N, size_t i, size_t k,
                                         const struct upheld_policy *policy, size_t e, size_t t)
{
    size_t most = policy->limits.fields;
    if (N - e >= 2 && p[e] == 13 && p[e + 1] == 10 && i < t && t < e && p[t] == ':' && k < most) {
        return (struct uph_step){ UPH_HEAD_FIELDS, UPHELD_R6455_4_2_2_10 };
    }
    size_t max = policy->limits.line;
    bool lf = policy->bare_lf;
    struct uph_line line = { uph_line_kind_of(p, N, i, max, lf, e), e };
    return uph_step_at(p, N, i, k, max, most, lf, line, t);
}

/* The head h, whose request-line was read, with all lines from h.end on. */
/*@ requires readable: \valid_read(p + (0 .. N - 1));
    requires inside:   h.end <= N <= UPHELD_LIMIT_MAX;
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    requires sane:     HeadSane(h, (struct upheld_policy *)policy, N);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == Fields((uint8_t *)p, N, h.end, 0, (struct upheld_policy *)policy, h));
    ensures sane: HeadSane(\result, (struct upheld_policy *)policy, N);
    ensures stopped: \result.outcome != UPH_HEAD_FIELDS; */
static struct uph_head fields(const uint8_t *p, size_t N, const struct upheld_policy *policy,
                              struct uph_head h)
{
    size_t max = policy->limits.line;
    struct uph_head now = h;
    size_t i = h.end;
    size_t k = 0;
    /*@ loop invariant bounded: 0 <= k <= i <= N;
        loop invariant sane: HeadSane(now, (struct upheld_policy *)policy, N);
        loop invariant exact: UPH_EXACT(
          Fields((uint8_t *)p, N, h.end, 0, (struct upheld_policy *)policy, h) ==
          Fields((uint8_t *)p, N, i, k, (struct upheld_policy *)policy, now));
        loop assigns i, k, now;
        loop variant N - i; */
    for (;;) {
        size_t e = uph_line_octets_end(p, N - i > max ? i + max : N, i);
        size_t t = name_end(p, N, e, i);
        /*@ assert stop: UPH_EXACT(e == LineStop((uint8_t *)p, N, i, policy->limits.line)); */
        struct uph_step step = field_step(p, N, i, k, policy, e, t);
        /*@ assert outcome: UPH_EXACT(
              step.outcome ==
              FieldsOutcome((uint8_t *)p, N, i, k, (struct upheld_policy *)policy)); */
        /*@ assert clause: UPH_EXACT(
              step.clause ==
              FieldsClause((uint8_t *)p, N, i, k, (struct upheld_policy *)policy)); */
        if (step.outcome == UPH_HEAD_END) {
            /*@ ghost struct uph_head last = now; */
            now = ended(uph_line_next(p, i), now);
            /*@ assert end: UPH_EXACT(
                  now == FieldsEnd((uint8_t *)p, N, i, k, (struct upheld_policy *)policy, last)); */
            /*@ assert whole: UPH_EXACT(
                  now == Fields((uint8_t *)p, N, i, k, (struct upheld_policy *)policy, last)); */
            return now;
        }
        if (step.outcome != UPH_HEAD_FIELDS) {
            /*@ ghost struct uph_head last = now; */
            now = stopped(step.outcome, step.clause, now);
            /*@ assert end: UPH_EXACT(
                  now == FieldsEnd((uint8_t *)p, N, i, k, (struct upheld_policy *)policy, last)); */
            /*@ assert cut: UPH_EXACT(
                  now == Fields((uint8_t *)p, N, i, k, (struct upheld_policy *)policy, last)); */
            return now;
        }
        /*@ ghost struct uph_head before = now; */
        now = add_line(p, N, i, e, t, policy, now);
        /*@ assert added: UPH_EXACT(
              now == FieldsLine((uint8_t *)p, i, e, (struct upheld_policy *)policy,
                                before)); */
        /*@ assert more: UPH_EXACT(
              Fields((uint8_t *)p, N, i, k, (struct upheld_policy *)policy, before) ==
              Fields((uint8_t *)p, N, LineNext((uint8_t *)p, e), k + 1,
                     (struct upheld_policy *)policy, now)); */
        i = uph_line_next(p, e);
        k++;
    }
}

/* A head of which nothing was read. */
/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\forall struct uph_head any; \result == NoHead(any)); */
static struct uph_head no_head(void)
{
    struct uph_head h = { 0 };
    return h;
}

/* The head h, read from n octets of which `limit` count. */
/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == Closed(n, limit, h)); */
static struct uph_head closed(size_t n, size_t limit, struct uph_head h)
{
    if (h.outcome != UPH_HEAD_CUT) {
        return h;
    }
    if (n > limit) {
        h.outcome = UPH_HEAD_FAULT;
    } else {
        h.clause = UPHELD_R9112_2_1_1;
    }
    return h;
}

struct uph_head uph_head_read(const uint8_t *p, size_t n, const struct upheld_policy *policy)
{
    size_t limit = policy->limits.head;
    size_t N = n < limit ? n : limit;
    struct uph_head h = no_head();
    /*@ assert blank: HeadSane(h, (struct upheld_policy *)policy, N); */
    /*@ ghost struct uph_head blank = h; */
    h = start(p, N, uph_empty_lines_end(p, N, 0), policy, h);
    /*@ assert sane: HeadSane(h, (struct upheld_policy *)policy, N); */
    /*@ assert inside: h.end <= N; */
    /*@ assert start: UPH_EXACT(
          h == Start((uint8_t *)p, N, EmptyLinesEnd((uint8_t *)p, N, 0, UPH_EMPTY_LINES),
                     (struct upheld_policy *)policy, blank)); */
    /*@ ghost struct uph_head begun = h; */
    if (h.outcome == UPH_HEAD_FIELDS) {
        h = fields(p, N, policy, h);
        /*@ assert lines: UPH_EXACT(
              h == Lines((uint8_t *)p, N, (struct upheld_policy *)policy, begun)); */
    }
    /*@ assert lines: UPH_EXACT(
          h == Lines((uint8_t *)p, N, (struct upheld_policy *)policy, begun)); */
    /*@ assert limit: UPH_EXACT(N == ReadLimit(n, policy->limits.head)); */
    return closed(n, limit, h);
}
