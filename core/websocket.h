/* websocket.h: the fields of the WebSocket handshake (RFC 6455 section 4.2.1). Knows
 * field values and the policy, no head. */
#ifndef UPH_WEBSOCKET_H
#define UPH_WEBSOCKET_H

#include "caller.h"
#include "list.h"
#include "words.h"

/* What the subprotocols offered so far have led to; from UPH_PROTOCOL_CHOSEN on, that many more
 * is the index into the policy. */
enum {
    UPH_PROTOCOL_MALFORMED = -2, /* a member is no token */
    UPH_PROTOCOL_TWICE = -1,     /* the chosen one is offered again */
    UPH_PROTOCOL_NONE = 0,       /* no member yet */
    UPH_PROTOCOL_UNKNOWN = 1,    /* members, none of them spoken here */
    UPH_PROTOCOL_CHOSEN = 2
};

#ifdef __FRAMAC__
#ifndef UPHELD_RUNTIME_CONTRACTS
#include "../proofs/spec/websocket.acsl"
#endif
#endif

/* Adds a Sec-WebSocket-Protocol line with the value [v, e) to the state s; returns the new one. */
/*@ requires readable: \valid_read(p + (v .. e - 1));
    requires inside:   v <= e;
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    requires state:    -2 <= s < policy->subprotocol_count + UPH_PROTOCOL_CHOSEN;
    terminates \true;
    assigns \nothing;
    ensures R6455_4_2_1_8: UPH_EXACT(
      \result == ProtocolList((uint8_t *)p, e, v, (struct upheld_policy *)policy, s));
    ensures state: -2 <= \result < policy->subprotocol_count + UPH_PROTOCOL_CHOSEN; */
int32_t uph_protocol_list(const uint8_t *p, size_t e, size_t v, const struct upheld_policy *policy,
                          int32_t s);

/* Whether the Origin [b, e) is one that the policy lists, letters of any case. */
/*@ requires readable: \valid_read(p + (b .. e - 1));
    requires inside:   b <= e;
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    terminates \true;
    assigns \nothing;
    ensures R6455_4_2_2_3: UPH_EXACT(
      \result <==>
      OriginListed((uint8_t *)p, b, e, (struct upheld_policy *)policy, 0) == \true); */
bool uph_origin_listed(const uint8_t *p, size_t b, size_t e, const struct upheld_policy *policy);

#endif
