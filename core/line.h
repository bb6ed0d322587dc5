/* line.h: one line of a head (RFC 9112 section 2.2). Knows octets, line ends and a limit. */
#ifndef UPH_LINE_H
#define UPH_LINE_H

#include "list.h"
#include "upheld.h"

/* Empty lines taken before a request-line (RFC 9112 section 2.2 asks for at least one). */
#define UPH_EMPTY_LINES 2

/* Why scanning of a line stopped. */
enum uph_line_kind {
    UPH_LINE_CUT = 0, /* the octets ran out before CR LF */
    UPH_LINE_WHOLE,   /* at its CR LF */
    UPH_LINE_LONG,    /* one octet past the limit */
    UPH_LINE_BARE_CR,
    UPH_LINE_BARE_LF,
    UPH_LINE_NUL,
    UPH_LINE_CTL
};

struct uph_line {
    enum uph_line_kind kind;
    size_t end; /* where it stopped: at its CR or LF, at the offending octet, or where octets end */
};

#ifdef __FRAMAC__
#ifndef UPHELD_RUNTIME_CONTRACTS
#include "../proofs/spec/line.acsl"
#endif
#endif

/* Where the longest run of octets that may stand inside a line ends, from i on. */
/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   i <= e;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == LineOctetsEnd((uint8_t *)p, e, i));
    ensures bounded: i <= \result <= e; */
UPH_APART size_t uph_line_octets_end(const uint8_t *p, size_t e, size_t i);

/* Where the empty lines before a request-line end that are taken, from i on. */
/*@ requires readable: \valid_read(p + (0 .. N - 1));
    requires inside:   i <= N <= UPHELD_LIMIT_MAX;
    terminates \true;
    assigns \nothing;
    ensures R9112_2_2_4: UPH_EXACT(
      \result == EmptyLinesEnd((uint8_t *)p, N, i, UPH_EMPTY_LINES)); */
size_t uph_empty_lines_end(const uint8_t *p, size_t N, size_t i);

/* Why the line that starts at i stops at e. */
/*@ requires readable: \valid_read(p + (i .. N - 1));
    requires inside:   i <= e <= N && e <= i + max;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == LineKind((uint8_t *)p, N, i, max, (lf ? 1 : 0), e)); */
enum uph_line_kind uph_line_kind_of(const uint8_t *p, size_t N, size_t i, size_t max, bool lf,
                                    size_t e);

/* The line that starts at i, and takes at most max octets before its end, which is CR LF, or
 * with lf also LF alone. */
/*@ requires readable: \valid_read(p + (0 .. N - 1));
    requires inside:   i <= N <= UPHELD_LIMIT_MAX && max <= UPHELD_LIMIT_MAX;
    terminates \true;
    assigns \nothing;
    ensures stop: UPH_EXACT(\result.end == LineStop((uint8_t *)p, N, i, max));
    ensures kind: UPH_EXACT(\result.kind ==
                            LineKind((uint8_t *)p, N, i, max, (lf ? 1 : 0), \result.end));
    ensures bounded: i <= \result.end <= N; */
struct uph_line uph_line_at(const uint8_t *p, size_t N, size_t i, size_t max, bool lf);

/* Where the line behind the one that stops at e starts. */
/*@ requires readable: \valid_read(p + e);
    requires inside:   e < UPHELD_LIMIT_MAX;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == LineNext((uint8_t *)p, e)); */
static inline size_t uph_line_next(const uint8_t *p, size_t e)
{
    return p[e] == 13 ? e + 2 : e + 1;
}

/* The clause that a line of this kind breaks; `limit` is the one of its limit. */
/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == LineClause(kind, limit)); */
enum upheld_clause uph_line_clause(enum uph_line_kind kind, enum upheld_clause limit);

/* Whether HTTP-version is the whole of [b, e), which is part of a start-line. */
/*@ requires readable: \valid_read(p + (b .. e - 1));
    requires inside:   b <= e;
    terminates \true;
    assigns \nothing;
    ensures R9112_2_3_1: UPH_EXACT(\result <==> VersionAt((uint8_t *)p, b, e) == \true); */
bool uph_version_at(const uint8_t *p, size_t b, size_t e);

#endif
