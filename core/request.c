/* request.c: the request-line (RFC 9112 section 3). Knows one line, no field. */
#include "request.h"

/* So many octets are looked at together. */
#define SPACE_BLOCK 16

/* Where in the block at i its first SP stands, or SPACE_BLOCK. */
/*@ requires readable: \valid_read(p + (i .. i + SPACE_BLOCK - 1));
    requires inside:   i + SPACE_BLOCK <= SIZE_MAX;
    terminates \true;
    assigns \nothing;
    ensures bounded: \result <= SPACE_BLOCK;
    ensures exact: UPH_EXACT(
      \forall integer e; i + SPACE_BLOCK <= e ==>
        SpaceOrEnd((uint8_t *)p, e, i) == SpaceOrEnd((uint8_t *)p, e, i + \result)); */
static inline size_t space_in_block(const uint8_t *p, size_t i)
{
    uint8_t stop = SPACE_BLOCK;
    UPH_LOOP
    /*@ loop invariant bounded: 0 <= k <= SPACE_BLOCK && (stop < k || stop == SPACE_BLOCK);
        loop invariant exact: UPH_EXACT(
          \forall integer e; i + SPACE_BLOCK <= e ==>
            SpaceOrEnd((uint8_t *)p, e, i) ==
            SpaceOrEnd((uint8_t *)p, e, i + (stop < k ? stop : k)));
        loop assigns k, stop;
        loop variant SPACE_BLOCK - k; */
    for (size_t k = 0; k < SPACE_BLOCK; k++) {
        uint8_t at = p[i + k] == 0x20 ? uph_place(k) : SPACE_BLOCK;
        stop = at < stop ? at : stop;
    }
    return stop;
}

/* As far as whole blocks without SP go. */
/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   i <= e;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(SpaceOrEnd((uint8_t *)p, e, i) ==
                             SpaceOrEnd((uint8_t *)p, e, \result));
    ensures bounded: i <= \result <= e; */
static inline size_t spaceless_end(const uint8_t *p, size_t e, size_t i)
{
    size_t j = i;
    /*@ loop invariant bounded: i <= j <= e;
        loop invariant exact: UPH_EXACT(SpaceOrEnd((uint8_t *)p, e, i) ==
                                        SpaceOrEnd((uint8_t *)p, e, j));
        loop assigns j;
        loop variant e - j; */
    while (e - j >= SPACE_BLOCK) {
        size_t stop = space_in_block(p, j);
        if (stop < SPACE_BLOCK) {
            return j + stop;
        }
        j += SPACE_BLOCK;
    }
    return j;
}

size_t uph_space_or_end(const uint8_t *p, size_t e, size_t i)
{
    size_t j = spaceless_end(p, e, i);
    /*@ loop invariant bounded: i <= j <= e;
        loop invariant exact: UPH_EXACT(SpaceOrEnd((uint8_t *)p, e, i) ==
                                        SpaceOrEnd((uint8_t *)p, e, j));
        loop assigns j;
        loop variant e - j; */
    while (j < e && p[j] != 0x20) {
        j++;
    }
    return j;
}

/* The first SP, or e, lies between: by induction. */
/*@ ghost
  /@ requires readable: \valid_read(p + (i .. e - 1));
     requires inside:   i <= e;
     terminates \true;
     assigns \nothing;
     ensures inside: UPH_EXACT(
       \forall integer j; i <= j <= e ==> j <= SpaceOrEnd((uint8_t *)p, e, j) <= e); @/
  static void space_inside(const uint8_t *p, size_t e, size_t i)
  {
    size_t k = e;
    /@ loop invariant bounded: i <= k <= e;
       loop invariant inside: UPH_EXACT(
         \forall integer j; k <= j <= e ==> j <= SpaceOrEnd((uint8_t *)p, e, j) <= e);
       loop assigns k;
       loop variant k; @/
    while (k > i) {
      k--;
    }
  }
*/

bool uph_target_too_long(const uint8_t *p, size_t N, size_t b, size_t e, size_t max)
{
    /*@ ghost space_inside(p, e, b); */
    if (e - b <= max) {
        return false;
    }
    size_t t = uph_space_or_end(p, e, b);
    if (t >= e) {
        return false;
    }
    size_t s = uph_space_or_end(p, e, t + 1);
    size_t length = s - (t + 1);
    return length > max || (length == max && s == e && e < N && p[e] != 13);
}

/*@ requires readable: \valid_read(p + (b .. e - 1));
    requires inside:   b <= e;
    terminates \true;
    assigns \nothing;
    ensures R9112_3_1_1: UPH_EXACT(\result == MethodOf((uint8_t *)p, b, e)); */
static enum uph_method method_of(const uint8_t *p, size_t b, size_t e)
{
    if (e - b == sizeof UPH_GET && uph_same_octets(p, b, UPH_GET, sizeof UPH_GET)) {
        return UPH_METHOD_GET;
    }
    if (e - b != sizeof UPH_CONNECT) {
        return UPH_METHOD_OTHER;
    }
    if (uph_same_octets(p, b, UPH_CONNECT, sizeof UPH_CONNECT)) {
        return UPH_METHOD_CONNECT;
    }
    return uph_same_octets(p, b, UPH_OPTIONS, sizeof UPH_OPTIONS) ? UPH_METHOD_OPTIONS
                                                                  : UPH_METHOD_OTHER;
}

/* The clause that a request-line breaks but for the form of its target. */
/*@ requires readable: \valid_read(p + (0 .. e - 1));
    requires inside:   t <= e && (t < e ==> t < s <= e);
    terminates \true;
    assigns \nothing;
    ensures R9112_3_1: UPH_EXACT(
      RequestClause((uint8_t *)p, e, t, s) ==
      (\result != UPHELD_R6455_4_2_2_10 ? \result :
       TargetForm((uint8_t *)p, t + 1, s) == UPH_TARGET_INVALID ? UPHELD_R9112_3_2_1 :
       UPHELD_R6455_4_2_2_10));
    ensures parts: \result == UPHELD_R6455_4_2_2_10 ==> t < e && e - s == 9; */
static enum upheld_clause shape_clause(const uint8_t *p, size_t e, size_t t, size_t s)
{
    if (t >= e) {
        return UPHELD_R9112_3_1;
    }
    if (p[t] != 0x20) {
        return UPHELD_R9112_3_1_1;
    }
    if (s == t + 1 || s >= e) {
        return UPHELD_R9112_3_1;
    }
    return uph_version_at(p, s + 1, e) ? UPHELD_R6455_4_2_2_10 : UPHELD_R9112_2_3_1;
}

/* What the request-line from b on says, whose method ends at t and target at s. */
/*@ requires readable: \valid_read(p + (b .. s + 8));
    requires inside:   b <= t < s && s + 9 <= UPHELD_LIMIT_MAX;
    requires version:  UPH_EXACT(VersionAt((uint8_t *)p, s + 1, s + 9) == \true);
    requires form:     UPH_EXACT(form == TargetForm((uint8_t *)p, t + 1, s));
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == RequestParts((uint8_t *)p, b, t, s, r)); */
static struct uph_request request_parts(const uint8_t *p, size_t b, size_t t, size_t s,
                                        enum uph_target form, struct uph_request r)
{
    r.method = method_of(p, b, t);
    r.target = form;
    r.major = (uint8_t)(p[s + 6] - '0');
    r.minor = (uint8_t)(p[s + 8] - '0');
    return r;
}

struct uph_request_line uph_request_read(const uint8_t *p, size_t b, size_t e, size_t t, size_t s,
                                         struct uph_request r)
{
    struct uph_request_line line = { shape_clause(p, e, t, s), r };
    if (line.clause != UPHELD_R6455_4_2_2_10) {
        return line;
    }
    enum uph_target form = uph_target_form(p, t + 1, s);
    if (form == UPH_TARGET_INVALID) {
        line.clause = UPHELD_R9112_3_2_1;
        return line;
    }
    line.request = request_parts(p, b, t, s, form, r);
    return line;
}
