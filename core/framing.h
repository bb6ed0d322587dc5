/* framing.h: how a body would be framed (RFC 9110 section 8.6, RFC 9112 section 6). Knows the
 * values of Content-Length and Transfer-Encoding, and reads no body. */
#ifndef UPH_FRAMING_H
#define UPH_FRAMING_H

#include "list.h"
#include "words.h"

/* Greatest Content-Length that counts as a number: seventeen nines, more than any body, and far
 * enough from 2^63 that reading one more digit cannot overflow. */
#define UPH_LENGTH_MAX 99999999999999999

/* The transfer codings listed so far. */
enum uph_codings {
    UPH_CODINGS_NONE = 0, /* no member yet */
    UPH_CODINGS_CHUNKED,  /* chunked alone */
    UPH_CODINGS_STACKED,  /* chunked last, another coding before it */
    UPH_CODINGS_OPEN      /* another coding last: the body has no end */
};

struct uph_framing {
    int64_t length;    /* number of Content-Length; -1 if it is none, or if two differ */
    bool length_given; /* a Content-Length line stands in the head */
    bool coded;        /* a Transfer-Encoding line stands in the head */
    enum uph_codings codings;
};

#ifdef __FRAMAC__
#ifndef UPHELD_RUNTIME_CONTRACTS
#include "../proofs/spec/framing.acsl"
#endif
#endif

/* Adds a Content-Length line with the value [v, e). */
/*@ requires readable: \valid_read(p + (v .. e - 1));
    requires inside:   v <= e;
    terminates \true;
    assigns \nothing;
    ensures R9112_6_3_3: UPH_EXACT(\result == AddLength((uint8_t *)p, e, v, f));
    ensures length: -1 <= \result.length && \result.length_given != 0; */
struct uph_framing uph_framing_length(const uint8_t *p, size_t e, size_t v,
                                      struct uph_framing f) UPH_SELDOM;

/* Adds a Transfer-Encoding line with the value [v, e). */
/*@ requires readable: \valid_read(p + (v .. e - 1));
    requires inside:   v <= e;
    requires state:    0 <= f.codings <= 3;
    terminates \true;
    assigns \nothing;
    ensures R9112_6_3_2: UPH_EXACT(\result == AddCodings((uint8_t *)p, e, v, f));
    ensures state: 0 <= \result.codings <= 3; */
struct uph_framing uph_framing_codings(const uint8_t *p, size_t e, size_t v,
                                       struct uph_framing f) UPH_SELDOM;

#endif
