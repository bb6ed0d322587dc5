/* G5: an axiom, an admitted clause, a logic function without a definition. */
#include <stdint.h>

/*@ axiomatic Wishes {
      logic integer wish(integer x);
      axiom granted: \forall integer x; wish(x) > x;
    } */

/*@ terminates \true;
    assigns \nothing;
    admit ensures lucky: \result == wish(3); */
int lucky(void)
{
    return 4;
}
