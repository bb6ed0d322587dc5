/* status.c: the status-line (RFC 9112 section 4). Knows one line, no field. */
#include "status.h"

UPH_SELDOM_BEGIN

/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   i <= e <= UPHELD_LIMIT_MAX;
    terminates \true;
    assigns \nothing;
    ensures R9112_4_1: UPH_EXACT(\result <==> CodeAt((uint8_t *)p, i, e) == \true); */
static bool code_at(const uint8_t *p, size_t i, size_t e)
{
    return e - i >= 5 && p[i] == 0x20 && uph_digit(p[i + 1]) && uph_digit(p[i + 2]) &&
           uph_digit(p[i + 3]) && p[i + 4] == 0x20;
}

enum upheld_clause uph_status_clause(const uint8_t *p, size_t b, size_t e)
{
    if (e - b < 8 || !uph_version_at(p, b, b + 8)) {
        return UPHELD_R9112_2_3_1;
    }
    return code_at(p, b + 8, e) ? UPHELD_R6455_4_2_2_10 : UPHELD_R9112_4_1;
}

struct uph_status uph_status_read(const uint8_t *p, size_t b, struct uph_status s)
{
    s.code = (uint16_t)(100 * (p[b + 9] - '0') + 10 * (p[b + 10] - '0') + (p[b + 11] - '0'));
    s.major = (uint8_t)(p[b + 5] - '0');
    s.minor = (uint8_t)(p[b + 7] - '0');
    return s;
}

bool uph_status_interim(struct uph_status s)
{
    return 100 <= s.code && s.code <= 199 && s.code != 101 && s.major == 1 && s.minor != 0;
}

UPH_SELDOM_END
