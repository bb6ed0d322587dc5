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
    ensures bounded: i <= \result <= e;
    ensures space: \result < e ==> p[\result] == 0x20; */
size_t uph_space_or_end(const uint8_t *p, size_t e, size_t i);

/* Whether the target of the request-line that stops at e has passed its limit. */
/*@ requires readable: \valid_read(p + (0 .. N - 1));
    requires inside:   b <= e <= N <= UPHELD_LIMIT_MAX && max <= UPHELD_LIMIT_MAX;
    terminates \true;
    assigns \nothing;
    ensures R9112_3_3: UPH_EXACT(
      \result <==> TargetTooLong((uint8_t *)p, N, b, e, max) == \true); */
bool uph_target_too_long(const uint8_t *p, size_t N, size_t b, size_t e, size_t max);

/* The clause that a request-line breaks whose method ends at t, target at s and line at e. */
/*@ requires readable: \valid_read(p + (0 .. e - 1));
    requires inside:   t <= e && (t < e ==> t < s <= e);
    terminates \true;
    assigns \nothing;
    ensures R9112_3_1: UPH_EXACT(\result == RequestClause((uint8_t *)p, e, t, s));
    ensures parts: \result == UPHELD_R6455_4_2_2_10 ==> t < e && e - s == 9;
    ensures version: UPH_EXACT(
      \result == UPHELD_R6455_4_2_2_10 ==> VersionAt((uint8_t *)p, s + 1, e) == \true); */
enum upheld_clause uph_request_clause(const uint8_t *p, size_t e, size_t t, size_t s);

/* What the request-line from b on says, whose method ends at t and target at s. */
/*@ requires readable: \valid_read(p + (b .. s + 8));
    requires inside:   b <= t < s && s + 9 <= UPHELD_LIMIT_MAX;
    requires version:  UPH_EXACT(VersionAt((uint8_t *)p, s + 1, s + 9) == \true);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == RequestParts((uint8_t *)p, b, t, s, r)); */
struct uph_request uph_request_parts(const uint8_t *p, size_t b, size_t t, size_t s,
                                     struct uph_request r);

#endif
