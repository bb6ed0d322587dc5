/* base64.h: base64 (RFC 4648 section 4) as the handshake needs it. Knows neither key nor digest. */
#ifndef UPH_BASE64_H
#define UPH_BASE64_H

#include "compiler.h"
#include "contract.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __FRAMAC__
#ifndef UPHELD_RUNTIME_CONTRACTS
#include "../proofs/spec/base64.acsl"
#endif
#endif

/* Writes the base64 encoding of 20 octets: those of five words, the most significant first. It is
 * 28 octets long. */
/*@ requires writable: \valid(out + (0 .. 27));
    terminates \true;
    assigns out[0 .. 27];
    ensures R4648_4: UPH_EXACT(
      \forall integer k; 0 <= k < 28 ==> out[k] == Base64Octet(a, b, c, d, e, k)); */
void uph_base64_20(uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t e, uint8_t *out);

/* Writes the base64 encoding of the 16 octets at p: 24 octets. */
/*@ requires readable: \valid_read(p + (0 .. 15));
    requires writable: \valid(out + (0 .. 23));
    requires apart:    \separated(p + (0 .. 15), out + (0 .. 23));
    terminates \true;
    assigns out[0 .. 23];
    ensures R6455_4_1_7: UPH_EXACT(
      \forall integer k; 0 <= k < 24 ==> out[k] == \old(KeyOctet((uint8_t *)p, k))); */
void uph_base64_16(const uint8_t *p, uint8_t *out) UPH_SELDOM;

/* Whether p[b .. b + 23] is base64 of 16 octets: 22 characters, then "==". The bits that the last
 * character has in excess may be set: the example of RFC 6455 section 4.1 sets them. */
/*@ requires readable: \valid_read(p + (b .. b + 23));
    requires inside:   b + 24 <= SIZE_MAX;
    terminates \true;
    assigns \nothing;
    ensures R6455_4_2_1_5: UPH_EXACT(\result <==> KeyAt((uint8_t *)p, b) == \true); */
bool uph_key_valid(const uint8_t *p, size_t b);

/* Whether the key p[b .. b + 23] is as an encoder writes it: its last character has no bit set in
 * excess (RFC 4648 section 3.5). */
/*@ requires readable: \valid_read(p + (b .. b + 23));
    requires inside:   b + 24 <= SIZE_MAX;
    terminates \true;
    assigns \nothing;
    ensures R6455_E3150: UPH_EXACT(\result <==> KeyCanonical((uint8_t *)p, b) == \true); */
bool uph_key_canonical(const uint8_t *p, size_t b);

#endif
