/* G12: one run-time error a function, named for the guard that must report it. Each must come
 * back as an open goal; a guard that is off proves the function instead. */
#include <stdint.h>

/*@ terminates \true; assigns \nothing; */
int signed_overflow(int x)
{
    return x + 1;
}

/*@ terminates \true; assigns \nothing; */
uint32_t unsigned_overflow(uint32_t x)
{
    return x + 1u;
}

/*@ terminates \true; assigns \nothing; */
uint8_t unsigned_downcast(uint32_t x)
{
    return (uint8_t)x;
}

/*@ terminates \true; assigns \nothing; */
int8_t signed_downcast(int x)
{
    return (int8_t)x;
}

/*@ terminates \true; assigns \nothing; */
int division_by_zero(int x)
{
    return 10 / x;
}

/*@ terminates \true; assigns \nothing; */
uint32_t shift(uint32_t x, uint32_t by)
{
    return x >> by;
}

/*@ terminates \true; assigns \nothing; */
int shift_of_negative(int x)
{
    return x >> 1;
}

/*@ terminates \true; assigns \nothing; */
uint8_t mem_access(const uint8_t *p)
{
    return *p;
}

/*@ requires \valid_read(p); terminates \true; assigns \result \from p; */
const uint8_t *pointer_value(const uint8_t *p)
{
    return p + 5;
}
