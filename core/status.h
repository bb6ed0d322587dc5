/* status.h: the status-line (RFC 9112 section 4). Knows one line, no field. */
#ifndef UPH_STATUS_H
#define UPH_STATUS_H

#include "line.h"

struct uph_status {
    uint16_t code; /* 0 to 999 */
    uint8_t major;
    uint8_t minor;
};

#ifdef __FRAMAC__
#ifndef UPHELD_RUNTIME_CONTRACTS
#include "../proofs/spec/status.acsl"
#endif
#endif

/* The clause that the status-line [b, e) breaks. */
/*@ requires readable: \valid_read(p + (b .. e - 1));
    requires inside:   b <= e <= UPHELD_LIMIT_MAX;
    terminates \true;
    assigns \nothing;
    ensures R9112_4_1: UPH_EXACT(\result == StatusLineClause((uint8_t *)p, b, e)); */
enum upheld_clause uph_status_clause(const uint8_t *p, size_t b, size_t e);

/* What the status-line that starts at b says, which has no fault. */
/*@ requires readable: \valid_read(p + (b .. b + 12));
    requires inside:   b + 13 <= UPHELD_LIMIT_MAX;
    requires digits:   IsDigit(p[b + 5]) == \true && IsDigit(p[b + 7]) == \true &&
                       IsDigit(p[b + 9]) == \true && IsDigit(p[b + 10]) == \true &&
                       IsDigit(p[b + 11]) == \true;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == StatusLine((uint8_t *)p, b, s)); */
struct uph_status uph_status_read(const uint8_t *p, size_t b, struct uph_status s);

/* Whether a head of that status is one to skip. */
/*@ terminates \true;
    assigns \nothing;
    ensures R9110_15_2_3: UPH_EXACT(
      \result <==> InterimStatus(s.code, s.major, s.minor) == \true); */
bool uph_status_interim(struct uph_status s);

#endif
