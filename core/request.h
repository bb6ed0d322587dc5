/* request.h: the request-line (RFC 9112 section 3). Knows one line, no field. */
#ifndef UPH_REQUEST_H
#define UPH_REQUEST_H

#include "line.h"
#include "uri.h"

enum uph_method { UPH_METHOD_OTHER = 0, UPH_METHOD_GET, UPH_METHOD_CONNECT, UPH_METHOD_OPTIONS };

struct uph_request {
    enum uph_method method;
    enum uph_target target;
    uint8_t major;
    uint8_t minor;
};

#ifdef __FRAMAC__
#ifndef UPHELD_RUNTIME_CONTRACTS
#include "../proofs/spec/request.acsl"
#endif
#endif

/* The first SP in [i, e), or e. */
/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   i <= e;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == SpaceOrEnd((uint8_t *)p, e, i));
    ensures bounded: i <= \result <= e; */
UPH_APART size_t uph_space_or_end(const uint8_t *p, size_t e, size_t i);

/* Whether the target of the request-line that stops at e has passed its limit. */
/*@ requires readable: \valid_read(p + (0 .. N - 1));
    requires inside:   b <= e <= N <= UPHELD_LIMIT_MAX && max <= UPHELD_LIMIT_MAX;
    terminates \true;
    assigns \nothing;
    ensures R9112_3_3: UPH_EXACT(
      \result <==> TargetTooLong((uint8_t *)p, N, b, e, max) == \true); */
bool uph_target_too_long(const uint8_t *p, size_t N, size_t b, size_t e, size_t max);

/* A request-line: the clause that it breaks, or what it says. */
struct uph_request_line {
    enum upheld_clause clause;
    struct uph_request request;
};

/* The request-line [b, e), whose method ends at t and target at s. */
/*@ requires readable: \valid_read(p + (0 .. e - 1));
    requires inside:   b <= t <= e <= UPHELD_LIMIT_MAX && (t < e ==> t < s <= e);
    terminates \true;
    assigns \nothing;
    ensures R9112_3_1: UPH_EXACT(\result.clause == RequestClause((uint8_t *)p, e, t, s));
    ensures parts: UPH_EXACT(
      \result.clause == UPHELD_R6455_4_2_2_10 ==>
      \result.request == RequestParts((uint8_t *)p, b, t, s, r)); */
struct uph_request_line uph_request_read(const uint8_t *p, size_t b, size_t e, size_t t, size_t s,
                                         struct uph_request r);

#endif
