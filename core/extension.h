/* extension.h: Sec-WebSocket-Extensions (RFC 6455 section 9.1), and in it permessage-deflate and
 * its parameters (RFC 7692 section 7). Knows values of the field; deflate.h says what is agreed. */
#ifndef UPH_EXTENSION_H
#define UPH_EXTENSION_H

#include "deflate.h"
#include "list.h"

/* Members of the list so far. */
enum {
    UPH_MEMBERS_MALFORMED = -1,
    UPH_MEMBERS_ABSENT = 0, /* no line of the field */
    UPH_MEMBERS_NONE = 1,   /* lines with empty members only */
    UPH_MEMBERS_ONE = 2,
    UPH_MEMBERS_MORE = 3
};

/* Parameters of permessage-deflate (RFC 7692 section 7.1). */
enum uph_param {
    UPH_PARAM_UNKNOWN = 0,
    UPH_PARAM_SERVER_NO_CONTEXT,
    UPH_PARAM_CLIENT_NO_CONTEXT,
    UPH_PARAM_SERVER_BITS,
    UPH_PARAM_CLIENT_BITS
};

/* The list over all lines of the field. Eight octets, for struct uph_head is passed by value. */
struct uph_extensions {
    int8_t members;
    struct upheld_agreed agreed; /* what a server makes of all members, or a client of the last */
};

#ifdef __FRAMAC__
#ifndef UPHELD_RUNTIME_CONTRACTS
#include "../proofs/spec/extension.acsl"
#endif
#endif

/* Adds a Sec-WebSocket-Extensions line with the value [v, e) to the list l, of offers to a server
 * or of answers to a client; returns the new one. Nothing is read behind a malformed line. */
/*@ requires readable: \valid_read(p + (v .. e - 1));
    requires inside:   v <= e;
    requires members:  -1 <= l.members <= 3;
    terminates \true;
    assigns \nothing;
    ensures R6455_9_1_1: UPH_EXACT(
      \result == ExtensionLine((uint8_t *)p, e, v, d, (client ? 1 : 0), l));
    ensures members: -1 <= \result.members <= 3; */
struct uph_extensions uph_extension_line(const uint8_t *p, size_t e, size_t v,
                                         struct upheld_deflate d, bool client,
                                         struct uph_extensions l);

#endif
