/* G8: a contract that nothing satisfies, and code that nothing reaches. */
#include <stdint.h>

/*@ requires one: \exists integer k; 0 <= k < 4 && p[k] == 9;
    requires readable: \valid_read(p + (0 .. 3));
    requires other: \forall integer k; 0 <= k < 4 ==> p[k] < 9;
    terminates \true;
    assigns \nothing;
    ensures wrong: \result == 1000; */
int impossible(const uint8_t *p)
{
    return p[0];
}

/*@ requires small: x < 10;
    terminates \true;
    assigns \nothing;
    ensures wrong: \result < 10; */
uint8_t dead(uint8_t x)
{
    if (x > 20) {
        return 200;
    }
    return x;
}
