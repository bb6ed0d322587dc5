/* G1: WP warns of the loop without `assigns`, and goes on. */
#include <stdint.h>

/*@ terminates \true;
    assigns \nothing; */
void count(uint8_t n)
{
    uint8_t i = 0;
    /*@ loop invariant bounded: i <= n;
        loop variant n - i; */
    while (i < n) {
        i++;
    }
}
