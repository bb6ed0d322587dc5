/* G11: sound only if callers never pass &total, and no contract says so. */
#include <stdint.h>

uint32_t total;

/*@ requires writable: \valid(out);
    terminates \true;
    assigns *out, total;
    ensures kept: *out == 7 && total == 8; */
void both(uint32_t *out)
{
    *out = 7;
    total = 8;
}
