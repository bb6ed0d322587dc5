/* G3: a function without a contract; a contract that callers see and nobody proves; a contract
 * that is not the one proved; a function whose goals never ran (the self-test leaves it out). */
#include <stdint.h>

/*@ terminates \true;
    assigns \nothing;
    ensures wrong: \result > 255; */
int promised(uint8_t x);

/*@ terminates \true;
    assigns \nothing;
    ensures stronger: \result == 7; */
int differs(uint8_t x);

/*@ terminates \true;
    assigns \nothing; */
int caller(uint8_t x)
{
    return promised(x) > differs(x);
}

/*@ terminates \true;
    assigns \nothing; */
int left_out(void)
{
    return 1;
}

int bare(uint8_t x)
{
    return x;
}
