/* field.h: one field line of a head (RFC 9112 section 5), and which field it is. Knows where name
 * and value stand and what is malformed; not what a value means. */
#ifndef UPH_FIELD_H
#define UPH_FIELD_H

#include "line.h"
#include "words.h"

enum uph_field {
    UPH_FIELD_OTHER = 0,
    UPH_FIELD_HOST,
    UPH_FIELD_EXPECT,
    UPH_FIELD_ORIGIN,
    UPH_FIELD_UPGRADE,
    UPH_FIELD_CONNECTION,
    UPH_FIELD_CONTENT_LENGTH,
    UPH_FIELD_SETTINGS,
    UPH_FIELD_TRANSFER_ENCODING,
    UPH_FIELD_KEY,
    UPH_FIELD_ACCEPT,
    UPH_FIELD_VERSION,
    UPH_FIELD_PROTOCOL,
    UPH_FIELD_EXTENSIONS
};

enum uph_outcome {
    UPH_HEAD_CUT = 0, /* more octets are needed */
    UPH_HEAD_FIELDS,  /* so far well-formed, and field lines may follow */
    UPH_HEAD_FAULT,   /* malformed or over a limit: `clause` says which */
    UPH_HEAD_END      /* whole */
};

/* What stands where a line starts, and the clause that it breaks, if any. */
struct uph_step {
    enum uph_outcome outcome; /* UPH_HEAD_FIELDS: a field line, all of it */
    enum upheld_clause clause;
};

/* A field that may stand once. */
struct uph_single {
    uint8_t count; /* 0, 1, or 2 for more */
    uint32_t at;   /* the first value is [at, end), whitespace around it apart */
    uint32_t end;
};

#ifdef __FRAMAC__
/*@ // Its value lies in the octets that were read.
  predicate SingleInside(struct uph_single s, integer n) = s.at <= s.end <= n; */
#ifndef UPHELD_RUNTIME_CONTRACTS
#include "../proofs/spec/field.acsl"
#endif
#endif

/* What starts at i, k field lines before it: the empty line that ends a head, a field line that
 * stops at `line`, or a fault. The line was read by uph_line_at(p, N, i, max, lf). */
/*@ requires readable: \valid_read(p + (0 .. N - 1));
    requires inside:   i <= N <= UPHELD_LIMIT_MAX && max <= UPHELD_LIMIT_MAX;
    requires stops:    i <= line.end <= N;
    requires stop:     UPH_EXACT(line.end == LineStop((uint8_t *)p, N, i, max));
    requires kind:     UPH_EXACT(
      line.kind == LineKind((uint8_t *)p, N, i, max, (lf ? 1 : 0), line.end));
    requires whole:    line.kind == UPH_LINE_WHOLE ==> line.end < N;
    requires token:    i <= t <= line.end;
    requires name:     UPH_EXACT(t == TokenEnd((uint8_t *)p, line.end, i));
    terminates \true;
    assigns \nothing;
    ensures outcome: UPH_EXACT(
      \result.outcome == StepOutcome((uint8_t *)p, N, i, k, max, most, (lf ? 1 : 0)));
    ensures clause: UPH_EXACT(
      \result.clause == StepClause((uint8_t *)p, N, i, k, max, most, (lf ? 1 : 0))); */
struct uph_step uph_step_at(const uint8_t *p, size_t N, size_t i, size_t k, size_t max, size_t most,
                            bool lf, struct uph_line line, size_t t);

/* Which field the name of m octets from b on is. */
/*@ requires readable: \valid_read(p + (b .. b + m - 1));
    requires inside:   b + m <= UPHELD_LIMIT_MAX;
    terminates \true;
    assigns \nothing;
    ensures R9110_5_1_1: UPH_EXACT(\result == FieldOf((uint8_t *)p, b, m)); */
enum uph_field uph_field_of(const uint8_t *p, size_t b, size_t m);

/* Adds a line with the value [v, e) to a field that may stand once. Inline: a processor waits for
 * the parts of such a struct to be written before it reads them back as the result. */
/*@ requires readable: \valid_read(p + (v .. e - 1));
    requires inside:   v <= e <= UPHELD_LIMIT_MAX;
    terminates \true;
    assigns \nothing;
    ensures R9110_5_3_2: UPH_EXACT(\result == AddSingle((uint8_t *)p, e, v, s));
    ensures bounded: (s.at == \result.at && s.end == \result.end) ||
                     v <= \result.at <= \result.end <= e; */
static inline UPH_INLINED struct uph_single uph_add_single(const uint8_t *p, size_t e, size_t v,
                                                           struct uph_single s)
{
    if (s.count > 0) {
        s.count = 2;
        return s;
    }
    s.count = 1;
    s.at = (uint32_t)uph_ows_end(p, e, v);
    s.end = (uint32_t)uph_trim_end(p, s.at, e);
    return s;
}

/* Whether s is a field value: no control octet but HTAB, no whitespace at its ends. */
/*@ requires readable: \valid_read(s.p + (0 .. s.n - 1));
    terminates \true;
    assigns \nothing;
    ensures R9110_5_5_3: UPH_EXACT(\result <==> IsFieldValue(s) == \true); */
bool uph_field_value(struct upheld_span s);

#endif
