/* websocket.h: the fields of the WebSocket handshake (RFC 6455 sections 4.2.1 and 9.1). Knows
 * field values and the policy, no head. */
#ifndef UPH_WEBSOCKET_H
#define UPH_WEBSOCKET_H

#include "list.h"
#include "upheld.h"
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

/* What the extensions offered so far have led to. */
enum { UPH_EXTENSIONS_MALFORMED = -1, UPH_EXTENSIONS_NONE = 0, UPH_EXTENSIONS_NAMED = 1 };

#ifdef __FRAMAC__
/*@ // What upheld_policy_check() leaves to the caller: its pointers point to what it says.
  predicate ReadableSpan(struct upheld_span s) = \valid_read(s.p + (0 .. s.n - 1));
  predicate ReadablePolicy(struct upheld_policy *policy) =
     \valid_read(policy) &&
     \valid_read(policy->subprotocols + (0 .. policy->subprotocol_count - 1)) &&
     \valid_read(policy->origins + (0 .. policy->origin_count - 1)) &&
     (\forall integer k; 0 <= k < policy->subprotocol_count ==>
        ReadableSpan(policy->subprotocols[k])) &&
     (\forall integer k; 0 <= k < policy->origin_count ==> ReadableSpan(policy->origins[k])) &&
     ReadableSpan(policy->challenge);
  // What the core itself needs of a policy that upheld_policy_check() accepted.
  predicate BoundedPolicy(struct upheld_policy *policy) =
     policy->limits.target <= UPHELD_LIMIT_MAX && policy->limits.line <= UPHELD_LIMIT_MAX &&
     policy->limits.head <= UPHELD_LIMIT_MAX && policy->limits.fields <= UPHELD_LIMIT_MAX &&
     policy->subprotocol_count <= UPHELD_NAMES_MAX && policy->origin_count <= UPHELD_NAMES_MAX;
*/
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

/* Adds a Sec-WebSocket-Extensions line with the value [v, e) to the state s that is not malformed;
 * returns the new one. */
/*@ requires readable: \valid_read(p + (v .. e - 1));
    requires inside:   v <= e;
    requires state:    0 <= s <= 1;
    terminates \true;
    assigns \nothing;
    ensures R6455_9_1_1: UPH_EXACT(\result == ExtensionList((uint8_t *)p, e, v, 0, s));
    ensures state: -1 <= \result <= 1; */
int32_t uph_extension_list(const uint8_t *p, size_t e, size_t v, int32_t s);

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
