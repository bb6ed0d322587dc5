/* G4: a loop without variant, one without assigns, one with neither, in ghost code; a function that
 * does not say that it ends; two that call each other for ever; a loop made of goto. */
#include <stdint.h>

/*@ terminates \true;
    assigns \nothing; */
void no_variant(uint8_t n)
{
    uint8_t i = 0;
    /*@ loop invariant bounded: i <= n;
        loop assigns i; */
    while (i < n) {
    }
}

/*@ terminates \true;
    assigns \nothing; */
void no_assigns(uint8_t n)
{
    uint8_t i = 0;
    /*@ loop variant n - i; */
    while (i < n) {
        i++;
    }
    /*@ ghost
      int j = 0;
      while (j < 3) { j++; } */
}

/*@ assigns \nothing; */
void no_promise(void)
{
}

void pong(uint8_t x);

/*@ terminates \true;
    assigns \nothing; */
void ping(uint8_t x)
{
    pong(x);
}

/*@ terminates \true;
    assigns \nothing; */
void pong(uint8_t x)
{
    ping(x);
}

/*@ terminates \true;
    assigns \nothing; */
void jumps(void)
{
again:
    goto again;
}
