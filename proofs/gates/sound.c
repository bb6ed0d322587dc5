/* Nothing is planted here: a gate that does not let this file through proves nothing by failing. */
#include <stddef.h>
#include <stdint.h>

/*@ logic integer ZeroEnd{L}(uint8_t *p, integer n, integer i) =
      i >= n ? n : (p[i] == 0 ? ZeroEnd(p, n, i + 1) : i); */

/*@ requires readable: \valid_read(p + (0 .. n - 1));
    terminates \true;
    assigns \nothing;
    ensures exact: \result == ZeroEnd((uint8_t *)p, n, 0); */
size_t zero_end(const uint8_t *p, size_t n)
{
    size_t i = 0;
    /*@ loop invariant bounded: i <= n;
        loop invariant same: ZeroEnd((uint8_t *)p, n, 0) == ZeroEnd((uint8_t *)p, n, i);
        loop assigns i;
        loop variant n - i; */
    while (i < n && p[i] == 0) {
        i++;
    }
    return i;
}

/*@ requires readable: \valid_read(p + (0 .. n - 1));
    terminates \true;
    assigns \nothing;
    ensures exact: \result <==> ZeroEnd((uint8_t *)p, n, 0) == n; */
_Bool all_zero(const uint8_t *p, size_t n)
{
    return zero_end(p, n) == n;
}
