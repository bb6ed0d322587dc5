/* extension.h: Sec-WebSocket-Extensions (RFC 6455 section 9.1), and in it permessage-deflate and
 * its parameters (RFC 7692 section 7). Knows values of the field; what is agreed, deflate.h says. */
#ifndef UPH_EXTENSION_H
#define UPH_EXTENSION_H

#include "deflate.h"
#include "list.h"

/* Members of the list so far. */
enum {
    UPH_MEMBERS_MALFORMED = -1,
    UPH_MEMBERS_NONE = 0, /* or empty ones only */
    UPH_MEMBERS_ONE = 1,
    UPH_MEMBERS_MORE = 2
};

/* Parameters of permessage-deflate (RFC 7692 section 7.1). */
enum uph_param {
    UPH_PARAM_UNKNOWN = 0,
    UPH_PARAM_SERVER_NO_CONTEXT,
    UPH_PARAM_CLIENT_NO_CONTEXT,
    UPH_PARAM_SERVER_BITS,
    UPH_PARAM_CLIENT_BITS
};

/* The list over all lines of the field. */
struct uph_extensions {
    bool given;
    int8_t members;
    struct uph_extension member; /* the last one */
    struct upheld_agreed agreed; /* what a server makes of the members */
};

#ifdef __FRAMAC__
#ifndef UPHELD_RUNTIME_CONTRACTS
#include "../proofs/spec/extension.acsl"
#endif
#endif

/* Adds a Sec-WebSocket-Extensions line with the value [v, e) to the list l, on the side that d is
 * of; returns the new one. What stands behind a malformed line is not read. */
/*@ requires readable: \valid_read(p + (v .. e - 1));
    requires inside:   v <= e;
    requires members:  -1 <= l.members <= 2;
    terminates \true;
    assigns \nothing;
    ensures R6455_9_1_1: UPH_EXACT(\result == ExtensionLine((uint8_t *)p, e, v, d, l));
    ensures members: -1 <= \result.members <= 2; */
struct uph_extensions uph_extension_line(const uint8_t *p, size_t e, size_t v,
                                         struct upheld_deflate d, struct uph_extensions l);

/* What the client whose offer was uph_deflate_offer(d) makes of an answer's one line of
 * Sec-WebSocket-Extensions with the value [v, e). */
/*@ requires readable: \valid_read(p + (v .. e - 1));
    requires inside:   v <= e;
    terminates \true;
    assigns \nothing;
    ensures R6455_4_1_17: UPH_EXACT(
      \forall struct uph_extensions blank;
        \result == Reply(ExtensionLine((uint8_t *)p, e, v, d, NoExtensions(blank)), d,
                         \result));
    ensures offered: \result.agreed.deflate ==> \result.holds && d.enabled; */
struct uph_extension_reply uph_extension_reply(const uint8_t *p, size_t e, size_t v,
                                               struct upheld_deflate d);

#endif
