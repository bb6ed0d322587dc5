/* response.h: one head of a response, read in one pass (RFC 9112 sections 2, 4, 5). Knows where
 * lines, names and values stand and what each line adds; judges syntax and limits, and nothing
 * else. */
#ifndef UPH_RESPONSE_H
#define UPH_RESPONSE_H

#include "field.h"
#include "status.h"

/* What Upgrade names, over all its lines. */
enum uph_named {
    UPH_NAMED_NONE = 0,  /* no member yet */
    UPH_NAMED_WEBSOCKET, /* websocket and nothing else */
    UPH_NAMED_OTHER      /* another protocol, or more than one member */
};

struct uph_response {
    enum uph_outcome outcome;
    enum upheld_clause clause;
    size_t start; /* whole: its octets are [start, end) */
    size_t end;
    struct uph_status status;
    enum uph_named named;
    bool listed;       /* Connection lists upgrade */
    bool length_given; /* a Content-Length line stands in the head */
    bool coded;        /* a Transfer-Encoding line does */
    bool versions;     /* a Sec-WebSocket-Version line does */
    struct uph_single accept;
    struct uph_single protocol;
    struct uph_single extensions;
};

#ifdef __FRAMAC__
/*@ // What the reader keeps true of a head at every step, and hands on.
  predicate ResponseSane(struct uph_response r, integer n) =
     r.start <= n && r.end <= n && 0 <= r.outcome <= 3 && 0 <= r.named <= 2 &&
     ((r.outcome == UPH_HEAD_CUT || r.outcome == UPH_HEAD_FAULT) ==>
      r.clause != UPHELD_R6455_4_2_2_10) &&
     SingleInside(r.accept, n) && SingleInside(r.protocol, n) && SingleInside(r.extensions, n);
*/
#ifndef UPHELD_RUNTIME_CONTRACTS
#include "../proofs/spec/response.acsl"
#endif
#endif

/* Reads the head that starts at b; max and most are the limits of lines. */
/*@ requires readable: \valid_read(p + (0 .. N - 1));
    requires inside:   b <= N <= UPHELD_LIMIT_MAX;
    requires limits:   max <= UPHELD_LIMIT_MAX;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \forall struct uph_response any;
        \result == ResponseHead((uint8_t *)p, N, b, max, most, any));
    ensures sane: ResponseSane(\result, N);
    ensures moved: \result.outcome == UPH_HEAD_END ==> b == \result.start < \result.end; */
struct uph_response uph_response_read(const uint8_t *p, size_t N, size_t b, size_t max,
                                      size_t most) UPH_SELDOM;

#endif
