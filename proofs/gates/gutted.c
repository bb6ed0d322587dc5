/* G0: a function that was gutted and kept its contract; its goal must stay open. */
#include <stddef.h>
#include <stdint.h>

/*@ requires readable: \valid_read(p + (0 .. n - 1));
    terminates \true;
    assigns \nothing;
    ensures exact: \result <==> (\exists integer k; 0 <= k < n && p[k] == 0); */
_Bool has_zero(const uint8_t *p, size_t n)
{
    return n == 3 && p[0] == 0;
}
