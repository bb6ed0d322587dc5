/* line.c: one line of a head (RFC 9112 section 2.2). Knows octets, line ends and a limit. */
#include "line.h"

/* So many octets are looked at together: compilers make a few vector instructions of it. */
#define BLOCK UPH_PLACES

/* k where the octet there is a control octet, HTAB among them; else BLOCK. */
/*@ requires few: k < BLOCK;
    terminates \true;
    assigns \nothing;
    ensures place: \result == k || (\result == BLOCK && IsLineOctet(c) == \true); */
static inline uint8_t control_place(uint8_t c, size_t k)
{
    return (c < 0x20 || c == 0x7f) ? uph_place(k) : BLOCK;
}

/* Where in the block at i its first control octet stands, or BLOCK. Two halves at once: no
 * compiler keeps the loop then. */
/*@ requires readable: \valid_read(p + (i .. i + BLOCK - 1));
    requires inside:   i + BLOCK <= SIZE_MAX;
    terminates \true;
    assigns \nothing;
    ensures bounded: \result <= BLOCK;
    ensures plain: \forall integer k; i <= k < i + \result ==> IsLineOctet(p[k]) == \true; */
static inline size_t control_in_block(const uint8_t *p, size_t i)
{
    uint8_t stop = BLOCK;
    UPH_LOOP
    /*@ loop invariant bounded: 0 <= k <= BLOCK / 2 && stop <= BLOCK;
        loop invariant first: \forall integer j; i <= j < i + k && j < i + stop ==>
                              IsLineOctet(p[j]) == \true;
        loop invariant second: \forall integer j;
          i + BLOCK / 2 <= j < i + BLOCK / 2 + k && j < i + stop ==> IsLineOctet(p[j]) == \true;
        loop assigns k, stop;
        loop variant BLOCK / 2 - k; */
    for (size_t k = 0; k < BLOCK / 2; k++) {
        uint8_t first = control_place(p[i + k], k);
        uint8_t second = control_place(p[i + BLOCK / 2 + k], BLOCK / 2 + k);
        stop = first < stop ? first : stop;
        stop = second < stop ? second : stop;
    }
    return stop;
}

/* Octets that may stand in a line may be skipped: by induction. */
/*@ ghost
  /@ requires readable: \valid_read(p + (i .. j - 1));
     requires inside:   i <= j <= e;
     requires plain:    \forall integer k; i <= k < j ==> IsLineOctet(p[k]) == \true;
     terminates \true;
     assigns \nothing;
     ensures skipped: UPH_EXACT(LineOctetsEnd((uint8_t *)p, e, i) ==
                                LineOctetsEnd((uint8_t *)p, e, j)); @/
  static void line_skipped(const uint8_t *p, size_t e, size_t i, size_t j)
  {
    size_t k = j;
    /@ loop invariant bounded: i <= k <= j;
       loop invariant skipped: UPH_EXACT(LineOctetsEnd((uint8_t *)p, e, k) ==
                                         LineOctetsEnd((uint8_t *)p, e, j));
       loop assigns k;
       loop variant k; @/
    while (k > i) {
      k--;
    }
  }
*/

/* What uph_line_octets_end() says, octet by octet. */
/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   i <= e;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == LineOctetsEnd((uint8_t *)p, e, i));
    ensures bounded: i <= \result <= e; */
static inline size_t octets_end(const uint8_t *p, size_t e, size_t i)
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

/* Half as many, where less than a block is left. */
#define HALF 16

/* Where in the half block at i its first control octet stands, or HALF. */
/*@ requires readable: \valid_read(p + (i .. i + HALF - 1));
    requires inside:   i + HALF <= SIZE_MAX;
    terminates \true;
    assigns \nothing;
    ensures bounded: \result <= HALF;
    ensures plain: \forall integer k; i <= k < i + \result ==> IsLineOctet(p[k]) == \true; */
static UPH_APART size_t control_in_half(const uint8_t *p, size_t i)
{
    uint8_t stop = HALF;
    UPH_LOOP
    /*@ loop invariant bounded: 0 <= k <= HALF && stop <= HALF;
        loop invariant plain: \forall integer j; i <= j < i + k && j < i + stop ==>
                              IsLineOctet(p[j]) == \true;
        loop assigns k, stop;
        loop variant HALF - k; */
    for (size_t k = 0; k < HALF; k++) {
        uint8_t at = (p[i + k] < 0x20 || p[i + k] == 0x7f) ? uph_place(k) : HALF;
        stop = at < stop ? at : stop;
    }
    return stop;
}

/* Where the octets from j on that may stand in a line end, if it is in the half block at j. */
/*@ requires readable: \valid_read(p + (j .. e - 1));
    requires inside:   j <= e;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(LineOctetsEnd((uint8_t *)p, e, \result) ==
                             LineOctetsEnd((uint8_t *)p, e, j));
    ensures bounded: j <= \result <= e; */
static inline size_t half_end(const uint8_t *p, size_t e, size_t j)
{
    if (e - j < HALF) {
        return j;
    }
    size_t stop = j + control_in_half(p, j);
    /*@ ghost line_skipped(p, e, j, stop); */
    return stop;
}

/* The same in the half block that ends at e, some of whose octets were seen before j. */
/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   i <= j <= e;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(LineOctetsEnd((uint8_t *)p, e, \result) ==
                             LineOctetsEnd((uint8_t *)p, e, j));
    ensures bounded: j <= \result <= e; */
static inline size_t last_half_end(const uint8_t *p, size_t e, size_t i, size_t j)
{
    if (e - i < HALF || e - j >= HALF) {
        return j;
    }
    size_t stop = e - HALF + control_in_half(p, e - HALF);
    if (stop < j) {
        return j;
    }
    /*@ ghost line_skipped(p, e, j, stop); */
    return stop;
}

/* What uph_line_octets_end() says of [j, e), less than a block, of [i, e). */
/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   i <= j <= e;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == LineOctetsEnd((uint8_t *)p, e, j));
    ensures bounded: j <= \result <= e; */
static inline size_t rest_end(const uint8_t *p, size_t e, size_t i, size_t j)
{
    size_t at = half_end(p, e, j);
    if (at < e && !uph_line_octet(p[at])) {
        return at;
    }
    return octets_end(p, e, last_half_end(p, e, i, at));
}

size_t uph_line_octets_end(const uint8_t *p, size_t e, size_t i)
{
    size_t j = i;
    /*@ loop invariant bounded: i <= j <= e;
        loop invariant exact: UPH_EXACT(LineOctetsEnd((uint8_t *)p, e, i) ==
                                        LineOctetsEnd((uint8_t *)p, e, j));
        loop assigns j;
        loop variant e - j; */
    while (e - j >= BLOCK) {
        size_t stop = control_in_block(p, j);
        /*@ ghost line_skipped(p, e, j, j + stop); */
        if (stop >= BLOCK) {
            j += BLOCK;
        } else if (uph_line_octet(p[j + stop])) {
            j += stop + 1;
        } else {
            return j + stop;
        }
    }
    return rest_end(p, e, i, j);
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

enum uph_line_kind uph_line_kind_of(const uint8_t *p, size_t N, size_t i, size_t max, bool lf,
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
    struct uph_line line = { uph_line_kind_of(p, N, i, max, lf, e), e };
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
