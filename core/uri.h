/* uri.h: hosts and request-targets (RFC 3986, RFC 9110 section 7.2, RFC 9112 section 3.2).
 * Knows spans of octets, no message. */
#ifndef UPH_URI_H
#define UPH_URI_H

#include "list.h"
#include "words.h"

/* The forms of a request-target (RFC 9112 section 3.2). */
enum uph_target {
    UPH_TARGET_INVALID = 0,
    UPH_TARGET_ORIGIN,    /* absolute-path [ "?" query ] */
    UPH_TARGET_WEB,       /* absolute-form with the scheme http or https */
    UPH_TARGET_ABSOLUTE,  /* absolute-form with another scheme */
    UPH_TARGET_AUTHORITY, /* uri-host ":" port */
    UPH_TARGET_ASTERISK   /* "*" */
};

#ifdef __FRAMAC__
#ifndef UPHELD_RUNTIME_CONTRACTS
#include "../proofs/spec/uri.acsl"
#endif
#endif

/* Whether [b, e) is a number from 0 to 255 without leading zeros. */
/*@ requires readable: \valid_read(p + (b .. e - 1));
    requires inside:   b <= e;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result <==> DecOctet((uint8_t *)p, b, e) == \true); */
bool uph_dec_octet(const uint8_t *p, size_t b, size_t e);

/* Whether [b, e) is uri-host [ ":" port ]; an empty host is one. */
/*@ requires readable: \valid_read(p + (b .. e - 1));
    requires inside:   b <= e;
    terminates \true;
    assigns \nothing;
    ensures R9110_7_2_1: UPH_EXACT(\result <==> HostValue((uint8_t *)p, b, e) == \true); */
bool uph_host_value(const uint8_t *p, size_t b, size_t e);

/* Which form the request-target [b, e) is in. */
/*@ requires readable: \valid_read(p + (b .. e - 1));
    requires inside:   b <= e;
    terminates \true;
    assigns \nothing;
    ensures R9112_3_2_1: UPH_EXACT(\result == TargetForm((uint8_t *)p, b, e)); */
enum uph_target uph_target_form(const uint8_t *p, size_t b, size_t e);

/* Whether [b, s) is http or https, letters of any case. */
/*@ requires readable: \valid_read(p + (b .. s - 1));
    requires inside:   b <= s;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result <==> WebScheme((uint8_t *)p, b, s) == \true); */
bool uph_web_scheme(const uint8_t *p, size_t b, size_t s);

#endif
