/* line.c: one line of a head (RFC 9112 section 2.2). Knows octets, line ends and a limit. */
#include "line.h"

/* So many octets are looked at together: compilers make a few vector instructions of it. */
#define BLOCK 16

/* Whether all octets of the block at i may stand inside a line. */
/*@ requires readable: \valid_read(p + (i .. i + BLOCK - 1));
    requires inside:   i + BLOCK <= SIZE_MAX;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result ==> (\forall integer e; i + BLOCK <= e ==>
                     LineOctetsEnd((uint8_t *)p, e, i) ==
                     LineOctetsEnd((uint8_t *)p, e, i + BLOCK))); */
static bool block_holds(const uint8_t *p, size_t i)
{
    uint8_t good = 0;
    /*@ loop invariant bounded: 0 <= k <= BLOCK && good <= k;
        loop invariant exact: UPH_EXACT(
          good == k ==> (\forall integer e; i + BLOCK <= e ==>
                          LineOctetsEnd((uint8_t *)p, e, i) ==
                          LineOctetsEnd((uint8_t *)p, e, i + k)));
        loop assigns k, good;
        loop variant BLOCK - k; */
    for (size_t k = 0; k < BLOCK; k++) {
        good = (uint8_t)(good + (uph_line_octet(p[i + k]) ? 1 : 0));
    }
    return good == BLOCK;
}

/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   i <= e;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(LineOctetsEnd((uint8_t *)p, e, i) ==
                             LineOctetsEnd((uint8_t *)p, e, \result));
    ensures bounded: i <= \result <= e; */
static size_t blocks_end(const uint8_t *p, size_t e, size_t i)
{
    size_t j = i;
    /*@ loop invariant bounded: i <= j <= e;
        loop invariant exact: UPH_EXACT(LineOctetsEnd((uint8_t *)p, e, i) ==
                                        LineOctetsEnd((uint8_t *)p, e, j));
        loop assigns j;
        loop variant e - j; */
    while (e - j >= BLOCK && block_holds(p, j)) {
        j += BLOCK;
    }
    return j;
}

size_t uph_line_octets_end(const uint8_t *p, size_t e, size_t i)
{
    size_t j = blocks_end(p, e, i);
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

size_t uph_empty_lines_end(const uint8_t *p, size_t N, size_t i)
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

/* Why the line that starts at i stops at e. */
/*@ requires readable: \valid_read(p + (i .. N - 1));
    requires inside:   i <= e <= N && e <= i + max;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == LineKind((uint8_t *)p, N, i, max, (lf ? 1 : 0), e));
    ensures whole: \result == UPH_LINE_WHOLE ==> e < N && (p[e] == 13 ==> e + 2 <= N);
    ensures known: 0 <= \result <= 6; */
static enum uph_line_kind line_kind(const uint8_t *p, size_t N, size_t i, size_t max, bool lf,
                                    size_t e)
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
    if (p[e] == 10 && lf) {
        return UPH_LINE_WHOLE;
    }
    if (e - i >= max) {
        return UPH_LINE_LONG;
    }
    if (p[e] == 10) {
        return UPH_LINE_BARE_LF;
    }
    return p[e] == 0 ? UPH_LINE_NUL : UPH_LINE_CTL;
}

struct uph_line uph_line_at(const uint8_t *p, size_t N, size_t i, size_t max, bool lf)
{
    size_t limit = N - i > max ? i + max : N;
    size_t e = uph_line_octets_end(p, limit, i);
    struct uph_line line = { line_kind(p, N, i, max, lf, e), e };
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

bool uph_version_at(const uint8_t *p, size_t b, size_t e)
{
    return e - b == 8 && p[b] == 'H' && p[b + 1] == 'T' && p[b + 2] == 'T' && p[b + 3] == 'P' &&
           p[b + 4] == '/' && uph_digit(p[b + 5]) && p[b + 6] == '.' && uph_digit(p[b + 7]);
}
