/* accept.h: the contract of upheld_accept() (RFC 6455 section 4.2.2 item 5.4). */
#ifndef UPH_ACCEPT_H
#define UPH_ACCEPT_H

#include "base64.h"
#include "sha1.h"
#include "upheld.h"

#ifdef __FRAMAC__
#ifndef UPHELD_RUNTIME_CONTRACTS
#include "../proofs/spec/accept.acsl"
#endif
/* The words of a key, and the second block, as arguments of the logic. */
#define UPH_ACCEPT_KEY(key)                                                                        \
    KeyWord((uint8_t *)key, 0), KeyWord((uint8_t *)key, 1), KeyWord((uint8_t *)key, 2),            \
        KeyWord((uint8_t *)key, 3), KeyWord((uint8_t *)key, 4), KeyWord((uint8_t *)key, 5)
#define UPH_ACCEPT_FIRST(key)                                                                      \
    UPH_ACCEPT_KEY(key), PaddedWord(6), PaddedWord(7), PaddedWord(8), PaddedWord(9),               \
        PaddedWord(10), PaddedWord(11), PaddedWord(12), PaddedWord(13), PaddedWord(14),            \
        PaddedWord(15)
#define UPH_ACCEPT_H0 Sha1H0(0), Sha1H0(1), Sha1H0(2), Sha1H0(3), Sha1H0(4)
#define UPH_ACCEPT_LAST                                                                            \
    PaddedWord(16), PaddedWord(17), PaddedWord(18), PaddedWord(19), PaddedWord(20),                \
        PaddedWord(21), PaddedWord(22), PaddedWord(23), PaddedWord(24), PaddedWord(25),            \
        PaddedWord(26), PaddedWord(27), PaddedWord(28), PaddedWord(29), PaddedWord(30),            \
        PaddedWord(31)
#endif

/*@ requires readable: \valid_read(key + (0 .. 23));
    requires writable: \valid(out + (0 .. 27));
    requires apart:    \separated(key + (0 .. 23), out + (0 .. 27));
    terminates \true;
    assigns out[0 .. 27];
    ensures R6455_4_2_2_13: UPH_EXACT(
      \forall integer k; 0 <= k < 28 ==> out[k] == \old(AcceptOctet((uint8_t *)key, k)));
    ensures same: \forall integer i; 0 <= i < 24 ==> key[i] == \old(key[i]); */
void upheld_accept(const uint8_t key[UPHELD_KEY_SIZE], uint8_t out[UPHELD_ACCEPT_SIZE]);

#endif
