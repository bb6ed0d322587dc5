/* line.c: one line of a head (RFC 9112 section 2.2). Knows octets, line ends and a limit. */
#include "line.h"

/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   i <= e;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == LineOctetsEnd((uint8_t *)p, e, i));
    ensures bounded: i <= \result <= e; */
static size_t line_octets_end(const uint8_t *p, size_t e, size_t i)
{
    size_t j = i;
    /*@ loop invariant bounded: i <= j <= e;
        loop invariant exact: UPH_EXACT(LineOctetsEnd((uint8_t *)p, e, i) ==
                                        LineOctetsEnd((uint8_t *)p, e, j));
        loop assigns j;
        loop variant e - j; */
    while (j < e && uph_line_octet(p[j])) {
        j++;
    }
    return j;
}

/* Why the line that starts at i stops at e. */
/*@ requires readable: \valid_read(p + (i .. N - 1));
    requires inside:   i <= e <= N && e <= i + max;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == LineKind((uint8_t *)p, N, i, max, e));
    ensures whole: \result == UPH_LINE_WHOLE ==> e + 2 <= N; */
static enum uph_line_kind line_kind(const uint8_t *p, size_t N, size_t i, size_t max, size_t e)
{
    if (e >= N) {
        return UPH_LINE_CUT;
    }
    if (p[e] == 13) {
        if (N - e < 2) {
            return UPH_LINE_CUT;
        }
        return p[e + 1] == 10 ? UPH_LINE_WHOLE : UPH_LINE_BARE_CR;
    }
    if (e - i >= max) {
        return UPH_LINE_LONG;
    }
    if (p[e] == 10) {
        return UPH_LINE_BARE_LF;
    }
    return p[e] == 0 ? UPH_LINE_NUL : UPH_LINE_CTL;
}

struct uph_line uph_line_at(const uint8_t *p, size_t N, size_t i, size_t max)
{
    size_t limit = N - i > max ? i + max : N;
    size_t e = line_octets_end(p, limit, i);
    struct uph_line line = { line_kind(p, N, i, max, e), e };
    return line;
}

enum upheld_clause uph_line_clause(enum uph_line_kind kind, enum upheld_clause limit)
{
    switch (kind) {
    case UPH_LINE_LONG:
        return limit;
    case UPH_LINE_BARE_CR:
        return UPHELD_R9112_2_2_3;
    case UPH_LINE_BARE_LF:
        return UPHELD_R9112_2_2_2;
    case UPH_LINE_NUL:
        return UPHELD_R9110_5_5_2;
    default:
        return UPHELD_R9110_5_5_3;
    }
}
