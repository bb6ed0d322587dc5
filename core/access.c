/* access.c: a parameter of the query, a cookie, a field, out of a whole head (RFC 3986 section
 * 3.4, RFC 6265 section 5.4, RFC 9110 section 5). Knows where names and values stand; not what
 * any of them means. */
#include "access.h"

UPH_SELDOM_BEGIN

/* Everywhere: the name is the m octets of w. */

/* The first octet c in [i, e), or e. */
/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   i <= e;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == OctetOrEnd((uint8_t *)p, e, i, c));
    ensures bounded: i <= \result <= e;
    ensures none:  \forall integer k; i <= k < \result ==> p[k] != c;
    ensures octet: \result < e ==> p[\result] == c; */
static size_t octet_or_end(const uint8_t *p, size_t e, size_t i, uint8_t c)
{
    size_t j = i;
    /*@ loop invariant bounded: i <= j <= e;
        loop invariant exact: UPH_EXACT(OctetOrEnd((uint8_t *)p, e, i, c) ==
                                        OctetOrEnd((uint8_t *)p, e, j, c));
        loop invariant none: \forall integer k; i <= k < j ==> p[k] != c;
        loop assigns j;
        loop variant e - j; */
    while (j < e && p[j] != c) {
        j++;
    }
    return j;
}

/* Whether the m octets from p[b] on are the name, ASCII case apart in both. */
/*@ requires readable: \valid_read(p + (b .. b + m - 1));
    requires name:     \valid_read(w + (0 .. m - 1));
    requires inside:   b + m <= SIZE_MAX;
    terminates \true;
    assigns \nothing;
    ensures R9110_5_1_1: UPH_EXACT(
      \result <==> SameName((uint8_t *)p, b, (uint8_t *)w, m) == \true); */
static bool same_name(const uint8_t *p, size_t b, const uint8_t *w, size_t m)
{
    size_t k = m;
    /*@ loop invariant bounded: 0 <= k <= m;
        loop invariant exact: UPH_EXACT(SameName((uint8_t *)p, b, (uint8_t *)w, m) ==
                                        SameName((uint8_t *)p, b, (uint8_t *)w, k));
        loop assigns k;
        loop variant k; */
    while (k > 0) {
        if (uph_lower(p[b + (k - 1)]) != uph_lower(w[k - 1])) {
            return false;
        }
        k--;
    }
    return true;
}

/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == NoValue(\result)); */
static struct upheld_value no_value(void)
{
    struct upheld_value v = { false, false, 0, 0 };
    return v;
}

/* The value [at, end) behind v. */
/*@ requires inside: at <= end;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == AddValue(at, end, v)); */
static struct upheld_value add_value(size_t at, size_t end, struct upheld_value v)
{
    if (v.found) {
        v.again = true;
        return v;
    }
    v.found = true;
    v.at = at;
    v.end = end;
    return v;
}

/* The parameter [i, c) behind v. */
/*@ requires readable: \valid_read(p + (0 .. c - 1));
    requires name:     \valid_read(w + (0 .. m - 1));
    requires inside:   i <= c && 0 < m;
    requires none:     \forall integer k; i <= k < c ==> p[k] != '&';
    requires value:    ValueInside(v, i);
    requires named:    QueryNamed((uint8_t *)p, v, (uint8_t *)w, m);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == AddQueryPart((uint8_t *)p, i, c, OctetOrEnd((uint8_t *)p, c, i, '='),
                              (uint8_t *)w, m, v));
    ensures named: QueryNamed((uint8_t *)p, \result, (uint8_t *)w, m); */
static struct upheld_value add_query_part(const uint8_t *p, size_t c, size_t i, const uint8_t *w,
                                          size_t m, struct upheld_value v)
{
    size_t t = octet_or_end(p, c, i, '=');
    if (t - i != m || !uph_same_octets(p, i, w, m)) {
        return v;
    }
    /*@ assert before: NameBefore((uint8_t *)p, t, (uint8_t *)w, m); */
    return add_value(t < c ? t + 1 : c, c, v);
}

/* All parameters of the query [i, e). */
/*@ requires readable: \valid_read(p + (0 .. e - 1));
    requires name:     \valid_read(w + (0 .. m - 1));
    requires inside:   i <= e && 0 < m;
    requires value:    ValueInside(v, i);
    requires named:    QueryNamed((uint8_t *)p, v, (uint8_t *)w, m);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == QueryParts((uint8_t *)p, e, i, (uint8_t *)w, m, v));
    ensures value: ValueInside(\result, e);
    ensures named: QueryNamed((uint8_t *)p, \result, (uint8_t *)w, m); */
static struct upheld_value query_parts(const uint8_t *p, size_t e, size_t i, const uint8_t *w,
                                       size_t m, struct upheld_value v)
{
    struct upheld_value now = v;
    size_t at = i;
    /*@ loop invariant bounded: i <= at <= e;
        loop invariant exact: UPH_EXACT(
          QueryParts((uint8_t *)p, e, i, (uint8_t *)w, m, v) ==
          QueryParts((uint8_t *)p, e, at, (uint8_t *)w, m, now));
        loop invariant value: ValueInside(now, at);
        loop invariant named: QueryNamed((uint8_t *)p, now, (uint8_t *)w, m);
        loop assigns at, now;
        loop variant e - at; */
    for (;;) {
        size_t c = octet_or_end(p, e, at, '&');
        now = add_query_part(p, c, at, w, m, now);
        if (c >= e) {
            return now;
        }
        at = c + 1;
    }
}

/* The query of the request-target [i, e). */
/*@ requires readable: \valid_read(p + (0 .. e - 1));
    requires name:     \valid_read(w + (0 .. m - 1));
    requires inside:   i <= e && 0 < m;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == TargetQuery((uint8_t *)p, e, i, (uint8_t *)w, m, NoValue(\result)));
    ensures value: ValueInside(\result, e);
    ensures named: QueryNamed((uint8_t *)p, \result, (uint8_t *)w, m); */
static struct upheld_value target_query(const uint8_t *p, size_t e, size_t i, const uint8_t *w,
                                        size_t m)
{
    size_t q = octet_or_end(p, e, i, '?');
    return q < e ? query_parts(p, e, q + 1, w, m, no_value()) : no_value();
}

/* The cookie-pair [i, c) behind v. */
/*@ requires readable: \valid_read(p + (0 .. c - 1));
    requires name:     \valid_read(w + (0 .. m - 1));
    requires inside:   i <= c && 0 < m;
    requires none:     \forall integer k; i <= k < c ==> p[k] != ';';
    requires value:    ValueInside(v, i);
    requires named:    CookieNamed((uint8_t *)p, v, (uint8_t *)w, m);
    terminates \true;
    assigns \nothing;
    ensures R6265_4_2_1_1: UPH_EXACT(
      \result == AddPair((uint8_t *)p, i, c, OctetOrEnd((uint8_t *)p, c, i, '='),
                         (uint8_t *)w, m, v));
    ensures named: CookieNamed((uint8_t *)p, \result, (uint8_t *)w, m); */
static struct upheld_value add_pair(const uint8_t *p, size_t c, size_t i, const uint8_t *w,
                                    size_t m, struct upheld_value v)
{
    size_t t = octet_or_end(p, c, i, '=');
    if (t >= c || t - i != m || !uph_same_octets(p, i, w, m)) {
        return v;
    }
    /*@ assert before: NameBefore((uint8_t *)p, t, (uint8_t *)w, m); */
    return add_value(t + 1, c, v);
}

/* What stands in [i, c) behind v, whitespace around it apart. */
/*@ requires readable: \valid_read(p + (0 .. c - 1));
    requires name:     \valid_read(w + (0 .. m - 1));
    requires inside:   i <= c && 0 < m;
    requires none:     \forall integer k; i <= k < c ==> p[k] != ';';
    requires value:    ValueInside(v, i);
    requires named:    CookieNamed((uint8_t *)p, v, (uint8_t *)w, m);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == AddCookie((uint8_t *)p, i, c, (uint8_t *)w, m, v));
    ensures value: ValueInside(\result, c);
    ensures named: CookieNamed((uint8_t *)p, \result, (uint8_t *)w, m); */
static struct upheld_value add_cookie(const uint8_t *p, size_t c, size_t i, const uint8_t *w,
                                      size_t m, struct upheld_value v)
{
    size_t s = uph_ows_end(p, c, i);
    return add_pair(p, uph_trim_end(p, s, c), s, w, m, v);
}

/* All pairs of the value [i, e) behind v. */
/*@ requires readable: \valid_read(p + (0 .. e - 1));
    requires name:     \valid_read(w + (0 .. m - 1));
    requires inside:   i <= e && 0 < m;
    requires value:    ValueInside(v, i);
    requires named:    CookieNamed((uint8_t *)p, v, (uint8_t *)w, m);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == Cookies((uint8_t *)p, e, i, (uint8_t *)w, m, v));
    ensures value: ValueInside(\result, e);
    ensures named: CookieNamed((uint8_t *)p, \result, (uint8_t *)w, m); */
static struct upheld_value cookies(const uint8_t *p, size_t e, size_t i, const uint8_t *w, size_t m,
                                   struct upheld_value v)
{
    struct upheld_value now = v;
    size_t at = i;
    /*@ loop invariant bounded: i <= at <= e;
        loop invariant exact: UPH_EXACT(
          Cookies((uint8_t *)p, e, i, (uint8_t *)w, m, v) ==
          Cookies((uint8_t *)p, e, at, (uint8_t *)w, m, now));
        loop invariant value: ValueInside(now, at);
        loop invariant named: CookieNamed((uint8_t *)p, now, (uint8_t *)w, m);
        loop assigns at, now;
        loop variant e - at; */
    for (;;) {
        size_t c = octet_or_end(p, e, at, ';');
        now = add_cookie(p, c, at, w, m, now);
        if (c >= e) {
            return now;
        }
        at = c + 1;
    }
}

/* Whether the field line [i, e), whose name ends at t, is one of Cookie. */
/*@ requires readable: \valid_read(p + (0 .. e - 1));
    requires inside:   i <= t <= e <= UPHELD_LIMIT_MAX;
    terminates \true;
    assigns \nothing;
    ensures R6265_5_4_1: UPH_EXACT(\result <==> CookieLineIs((uint8_t *)p, i, e, t) == \true); */
static bool cookie_line_is(const uint8_t *p, size_t e, size_t i, size_t t)
{
    return t < e && p[t] == ':' && t - i == sizeof UPH_COOKIE &&
           uph_same_word(p, i, UPH_COOKIE, sizeof UPH_COOKIE);
}

/* The field line [i, e), whose name ends at t, behind v. */
/*@ requires readable: \valid_read(p + (0 .. e - 1));
    requires name:     \valid_read(w + (0 .. m - 1));
    requires inside:   i <= t <= e <= UPHELD_LIMIT_MAX && 0 < m;
    requires value:    ValueInside(v, i);
    requires named:    CookieNamed((uint8_t *)p, v, (uint8_t *)w, m);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == AddCookieLine((uint8_t *)p, i, e, t, (uint8_t *)w, m, v));
    ensures value: ValueInside(\result, e);
    ensures named: CookieNamed((uint8_t *)p, \result, (uint8_t *)w, m); */
static struct upheld_value add_cookie_line(const uint8_t *p, size_t e, size_t i, size_t t,
                                           const uint8_t *w, size_t m, struct upheld_value v)
{
    return cookie_line_is(p, e, i, t) ? cookies(p, e, t + 1, w, m, v) : v;
}

/* The line that starts at i, however long it is. */
/*@ requires readable: \valid_read(p + (0 .. N - 1));
    requires inside:   i <= N <= UPHELD_LIMIT_MAX;
    terminates \true;
    assigns \nothing;
    ensures end: UPH_EXACT(\result.end == LineEnd((uint8_t *)p, N, i));
    ensures whole: UPH_EXACT(
      \result.kind == UPH_LINE_WHOLE <==> LineAt((uint8_t *)p, N, i) == \true);
    ensures bounded: i <= \result.end <= N; */
static struct uph_line whole_line(const uint8_t *p, size_t N, size_t i)
{
    return uph_line_at(p, N, i, UPHELD_LIMIT_MAX, true);
}

/*@ requires readable: \valid_read(p + (0 .. N - 1));
    requires inside:   N <= UPHELD_LIMIT_MAX;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == FieldsStart((uint8_t *)p, N)); */
static size_t fields_start(const uint8_t *p, size_t N)
{
    struct uph_line line = whole_line(p, N, uph_empty_lines_end(p, N, 0));
    return line.kind == UPH_LINE_WHOLE ? uph_line_next(p, line.end) : N;
}

/* All field lines from i on behind v. */
/*@ requires readable: \valid_read(p + (0 .. N - 1));
    requires name:     \valid_read(w + (0 .. m - 1));
    requires inside:   i <= N <= UPHELD_LIMIT_MAX && 0 < m;
    requires value:    ValueInside(v, i);
    requires named:    CookieNamed((uint8_t *)p, v, (uint8_t *)w, m);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == CookieLines((uint8_t *)p, N, i, (uint8_t *)w, m, v));
    ensures value: ValueInside(\result, N);
    ensures named: CookieNamed((uint8_t *)p, \result, (uint8_t *)w, m); */
static struct upheld_value cookie_lines(const uint8_t *p, size_t N, size_t i, const uint8_t *w,
                                        size_t m, struct upheld_value v)
{
    struct upheld_value now = v;
    size_t at = i;
    /*@ loop invariant bounded: i <= at <= N;
        loop invariant exact: UPH_EXACT(
          CookieLines((uint8_t *)p, N, i, (uint8_t *)w, m, v) ==
          CookieLines((uint8_t *)p, N, at, (uint8_t *)w, m, now));
        loop invariant value: ValueInside(now, at);
        loop invariant named: CookieNamed((uint8_t *)p, now, (uint8_t *)w, m);
        loop assigns at, now;
        loop variant N - at; */
    for (;;) {
        struct uph_line line = whole_line(p, N, at);
        if (line.kind != UPH_LINE_WHOLE || line.end == at) {
            return now;
        }
        now = add_cookie_line(p, line.end, at, uph_token_end(p, line.end, at), w, m, now);
        at = uph_line_next(p, line.end);
    }
}

/* Whether the field line [i, e), whose name ends at t, has the name. */
/*@ requires readable: \valid_read(p + (0 .. e - 1));
    requires name:     \valid_read(w + (0 .. m - 1));
    requires inside:   i <= t <= e <= UPHELD_LIMIT_MAX;
    terminates \true;
    assigns \nothing;
    ensures R9110_5_1_1: UPH_EXACT(
      \result <==> FieldIs((uint8_t *)p, i, e, t, (uint8_t *)w, m) == \true); */
static bool field_is(const uint8_t *p, size_t e, size_t i, size_t t, const uint8_t *w, size_t m)
{
    return t < e && p[t] == ':' && t - i == m && same_name(p, i, w, m);
}

/* The value [b, e) of a field line behind v. */
/*@ requires readable: \valid_read(p + (0 .. e - 1));
    requires inside:   b <= e;
    requires value:    ValueInside(v, b);
    requires stripped: ValueStripped((uint8_t *)p, v);
    terminates \true;
    assigns \nothing;
    ensures R9112_5_1_2: UPH_EXACT(\result == AddFieldValue((uint8_t *)p, e, b, v));
    ensures stripped: ValueStripped((uint8_t *)p, \result); */
static struct upheld_value add_field_value(const uint8_t *p, size_t e, size_t b,
                                           struct upheld_value v)
{
    size_t s = uph_ows_end(p, e, b);
    return add_value(s, uph_trim_end(p, s, e), v);
}

/* The field line [i, e), whose name ends at t, behind f. */
/*@ requires readable: \valid_read(p + (0 .. e - 1));
    requires name:     \valid_read(w + (0 .. m - 1));
    requires inside:   i <= t <= e <= UPHELD_LIMIT_MAX;
    requires value:    ValueInside(f.value, i);
    requires stripped: ValueStripped((uint8_t *)p, f.value);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == AddFieldLine((uint8_t *)p, i, e, t, (uint8_t *)w, m, f));
    ensures value: ValueInside(\result.value, e);
    ensures stripped: ValueStripped((uint8_t *)p, \result.value); */
static struct uph_passed add_field_line(const uint8_t *p, size_t e, size_t i, size_t t,
                                        const uint8_t *w, size_t m, struct uph_passed f)
{
    if (!field_is(p, e, i, t, w, m)) {
        return f;
    }
    if (f.left > 0) {
        f.left--;
        return f;
    }
    f.value = add_field_value(p, e, t + 1, f.value);
    return f;
}

/* All field lines from i on. */
/*@ requires readable: \valid_read(p + (0 .. N - 1));
    requires name:     \valid_read(w + (0 .. m - 1));
    requires inside:   i <= N <= UPHELD_LIMIT_MAX && 0 < m;
    requires value:    ValueInside(f.value, i);
    requires stripped: ValueStripped((uint8_t *)p, f.value);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == FieldLines((uint8_t *)p, N, i, (uint8_t *)w, m, f));
    ensures value: ValueInside(\result.value, N);
    ensures stripped: ValueStripped((uint8_t *)p, \result.value); */
static struct uph_passed field_lines(const uint8_t *p, size_t N, size_t i, const uint8_t *w,
                                     size_t m, struct uph_passed f)
{
    struct uph_passed now = f;
    size_t at = i;
    /*@ loop invariant bounded: i <= at <= N;
        loop invariant exact: UPH_EXACT(
          FieldLines((uint8_t *)p, N, i, (uint8_t *)w, m, f) ==
          FieldLines((uint8_t *)p, N, at, (uint8_t *)w, m, now));
        loop invariant value: ValueInside(now.value, at);
        loop invariant stripped: ValueStripped((uint8_t *)p, now.value);
        loop assigns at, now;
        loop variant N - at; */
    for (;;) {
        struct uph_line line = whole_line(p, N, at);
        if (line.kind != UPH_LINE_WHOLE || line.end == at) {
            return now;
        }
        now = add_field_line(p, line.end, at, uph_token_end(p, line.end, at), w, m, now);
        at = uph_line_next(p, line.end);
    }
}

/* So many of n octets are searched. */
/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == SearchLimit(n)); */
static size_t search_limit(size_t n)
{
    return n < UPHELD_LIMIT_MAX ? n : UPHELD_LIMIT_MAX;
}

struct upheld_value upheld_query(const uint8_t *p, size_t n, struct upheld_span name)
{
    size_t N = search_limit(n);
    size_t b = uph_empty_lines_end(p, N, 0);
    struct uph_line line = whole_line(p, N, b);
    if (name.n == 0 || line.kind != UPH_LINE_WHOLE) {
        return no_value();
    }
    size_t s = octet_or_end(p, line.end, b, ' ');
    size_t i = s < line.end ? s + 1 : line.end;
    return target_query(p, octet_or_end(p, line.end, i, ' '), i, name.p, name.n);
}

struct upheld_value upheld_cookie(const uint8_t *p, size_t n, struct upheld_span name)
{
    size_t N = search_limit(n);
    if (name.n == 0) {
        return no_value();
    }
    return cookie_lines(p, N, fields_start(p, N), name.p, name.n, no_value());
}

struct upheld_value upheld_field(const uint8_t *p, size_t n, struct upheld_span name,
                                 uint32_t index)
{
    size_t N = search_limit(n);
    struct uph_passed f = { index, no_value() };
    return name.n > 0 ? field_lines(p, N, fields_start(p, N), name.p, name.n, f).value : f.value;
}

UPH_SELDOM_END
