/* G3, G3b: code that the compiler sees and the proof does not. */
#include <stdint.h>

#ifdef __FRAMAC__
#define LIMIT 10u
#else
#define LIMIT 11u
static uint8_t unseen(const uint8_t *p)
{
    return p[LIMIT];
}
#endif

/*@ terminates \true;
    assigns \nothing;
    ensures small: \result <= 10; */
uint32_t limit(void)
{
    return LIMIT;
}
