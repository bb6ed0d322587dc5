/* field.c: one field line of a head (RFC 9112 section 5), and which field it is. Knows where name
 * and value stand and what is malformed; not what a value means. */
#include "field.h"

/* What is wrong with a whole line in which no colon stands behind a name. */
/*@ requires readable: \valid_read(p + (0 .. e - 1));
    requires inside:   b <= t <= e;
    requires wrong:    b < t < e ==> p[t] != ':';
    terminates \true;
    assigns \nothing;
    ensures R9112_5_1: UPH_EXACT(\result == FieldClause((uint8_t *)p, b, e, t)); */
static enum upheld_clause field_clause(const uint8_t *p, size_t b, size_t e, size_t t)
{
    return b < t && t < e && uph_ows(p[t]) ? UPHELD_R9112_5_1_1 : UPHELD_R9112_5_1;
}

/* What ends the head at the line [i, line.end), which is no field line; a name ends at t. */
/*@ requires readable: \valid_read(p + (0 .. N - 1));
    requires inside:   i <= t <= line.end <= N;
    requires whole:    line.kind == UPH_LINE_WHOLE ==> line.end < N;
    requires known:    0 <= line.kind <= 6;
    requires wrong:    line.kind == UPH_LINE_WHOLE && i < t < line.end ==> p[t] != ':';
    requires name:     UPH_EXACT(t == TokenEnd((uint8_t *)p, line.end, i));
    terminates \true;
    assigns \nothing;
    ensures outcome: \result.outcome ==
                     (line.kind == UPH_LINE_CUT ? UPH_HEAD_CUT : UPH_HEAD_FAULT);
    ensures clause: UPH_EXACT(
      \result.clause ==
      (line.kind == UPH_LINE_CUT ? UPHELD_R9110_5_4_1 :
       FieldLineClause((uint8_t *)p, i, line.end, line.kind, UPHELD_R9110_5_4_1))); */
static struct uph_step line_step(const uint8_t *p, size_t N, size_t i, struct uph_line line,
                                 size_t t)
{
    (void)N;
    if (line.kind == UPH_LINE_CUT) {
        return (struct uph_step){ UPH_HEAD_CUT, UPHELD_R9110_5_4_1 };
    }
    if (line.kind == UPH_LINE_WHOLE) {
        return (struct uph_step){ UPH_HEAD_FAULT, field_clause(p, i, line.end, t) };
    }
    return (struct uph_step){ UPH_HEAD_FAULT, uph_line_clause(line.kind, UPHELD_R9110_5_4_1) };
}

struct uph_step uph_step_at(const uint8_t *p, size_t N, size_t i, size_t k, size_t max, size_t most,
                            bool lf, struct uph_line line, size_t t)
{
    (void)max;
    (void)lf;
    if (line.kind == UPH_LINE_WHOLE && i < t && t < line.end && p[t] == ':' && k < most) {
        return (struct uph_step){ UPH_HEAD_FIELDS, UPHELD_R6455_4_2_2_10 };
    }
    if (line.end == i && line.kind == UPH_LINE_CUT) {
        return (struct uph_step){ UPH_HEAD_CUT, UPHELD_R9110_5_4_1 };
    }
    if (line.end == i && line.kind == UPH_LINE_WHOLE) {
        return (struct uph_step){ UPH_HEAD_END, UPHELD_R6455_4_2_2_10 };
    }
    if (line.end == i && line.kind == UPH_LINE_BARE_CR) {
        return (struct uph_step){ UPH_HEAD_FAULT, UPHELD_R9112_2_2_3 };
    }
    if (k >= most) {
        return (struct uph_step){ UPH_HEAD_FAULT, UPHELD_R9110_5_4_1 };
    }
    if (uph_ows(p[i])) {
        return (struct uph_step){ UPH_HEAD_FAULT,
                                  k == 0 ? UPHELD_R9112_2_2_5 : UPHELD_R9112_5_2_2 };
    }
    return line_step(p, N, i, line, t);
}

/* Whether the name of m octets from b on is w; the first octet tells most others apart from it. */
/*@ requires readable: \valid_read(p + (b .. b + m - 1));
    requires inside:   b + m <= UPHELD_LIMIT_MAX && 0 < m;
    requires word:     \valid_read(w + (0 .. m - 1));
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result <==> SameWord((uint8_t *)p, b, (uint8_t *)w, m) == \true); */
static inline bool is_field(const uint8_t *p, size_t b, size_t m, const uint8_t *w)
{
    /*@ ghost uph_word_is_each(p, b, w, m); */
    return uph_lower(p[b]) == w[0] && uph_same_word(p, b, w, m);
}

/* Which of two fields, or neither, the name of m octets from b on is. */
/*@ requires readable: \valid_read(p + (b .. b + m - 1));
    requires inside:   b + m <= UPHELD_LIMIT_MAX && 0 < m;
    requires words:    \valid_read(one + (0 .. m - 1)) && \valid_read(two + (0 .. m - 1));
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == (SameWord((uint8_t *)p, b, (uint8_t *)one, m) ? first :
                  SameWord((uint8_t *)p, b, (uint8_t *)two, m) ? second : UPH_FIELD_OTHER)); */
static enum uph_field either(const uint8_t *p, size_t b, size_t m, const uint8_t *one,
                             enum uph_field first, const uint8_t *two, enum uph_field second)
{
    if (is_field(p, b, m, one)) {
        return first;
    }
    return is_field(p, b, m, two) ? second : UPH_FIELD_OTHER;
}

enum uph_field uph_field_of(const uint8_t *p, size_t b, size_t m)
{
    switch (m) {
    case sizeof UPH_HOST:
        return is_field(p, b, m, UPH_HOST) ? UPH_FIELD_HOST : UPH_FIELD_OTHER;
    case sizeof UPH_EXPECT:
        return either(p, b, m, UPH_EXPECT, UPH_FIELD_EXPECT, UPH_ORIGIN, UPH_FIELD_ORIGIN);
    case sizeof UPH_UPGRADE:
        return is_field(p, b, m, UPH_UPGRADE) ? UPH_FIELD_UPGRADE : UPH_FIELD_OTHER;
    case sizeof UPH_CONNECTION:
        return is_field(p, b, m, UPH_CONNECTION) ? UPH_FIELD_CONNECTION : UPH_FIELD_OTHER;
    case sizeof UPH_CONTENT_LENGTH:
        return either(p, b, m, UPH_CONTENT_LENGTH, UPH_FIELD_CONTENT_LENGTH, UPH_SETTINGS,
                      UPH_FIELD_SETTINGS);
    case sizeof UPH_TRANSFER_ENCODING:
        return either(p, b, m, UPH_TRANSFER_ENCODING, UPH_FIELD_TRANSFER_ENCODING, UPH_KEY,
                      UPH_FIELD_KEY);
    case sizeof UPH_ACCEPT:
        return is_field(p, b, m, UPH_ACCEPT) ? UPH_FIELD_ACCEPT : UPH_FIELD_OTHER;
    case sizeof UPH_VERSION:
        return is_field(p, b, m, UPH_VERSION) ? UPH_FIELD_VERSION : UPH_FIELD_OTHER;
    case sizeof UPH_PROTOCOL:
        return is_field(p, b, m, UPH_PROTOCOL) ? UPH_FIELD_PROTOCOL : UPH_FIELD_OTHER;
    case sizeof UPH_EXTENSIONS:
        return is_field(p, b, m, UPH_EXTENSIONS) ? UPH_FIELD_EXTENSIONS : UPH_FIELD_OTHER;
    default:
        return UPH_FIELD_OTHER;
    }
}

bool uph_field_value(struct upheld_span s)
{
    return uph_line_octets_end(s.p, s.n, 0) == s.n &&
           (s.n == 0 || (!uph_ows(s.p[0]) && !uph_ows(s.p[s.n - 1])));
}
