/* head.h: the head of a request, read in one pass (RFC 9112 sections 2, 3, 5). Knows where lines,
 * names and values stand and what each line adds; judges syntax and limits, and nothing else. */
#ifndef UPH_HEAD_H
#define UPH_HEAD_H

#include "extension.h"
#include "field.h"
#include "framing.h"
#include "protocol.h"
#include "websocket.h"

/* The list of subprotocols over all lines; what `state` means, websocket.h says. */
struct uph_listed {
    bool given;
    int32_t state;
};

struct uph_head {
    enum uph_outcome outcome;
    enum upheld_clause clause;
    size_t end; /* whole: its octets are [0, end) */
    struct uph_request request;
    struct uph_single host;
    struct uph_single key;
    struct uph_single version;
    struct uph_single origin;
    struct uph_single settings;
    struct uph_offer offer;
    struct uph_framing framing;
    struct uph_listed protocols;
    struct uph_extensions extensions;
};

#ifdef __FRAMAC__
/*@ // What the reader keeps true of a head at every step, and hands on.
  predicate HeadSane(struct uph_head h, struct upheld_policy *policy, integer n) =
     h.end <= n && 0 <= h.outcome <= 3 &&
     ((h.outcome == UPH_HEAD_CUT || h.outcome == UPH_HEAD_FAULT) ==>
      h.clause != UPHELD_R6455_4_2_2_10) &&
     SingleInside(h.host, n) && SingleInside(h.key, n) && SingleInside(h.version, n) &&
     SingleInside(h.origin, n) && SingleInside(h.settings, n) &&
     RowInside(h.offer.row, policy) &&
     0 <= h.framing.codings <= 3 && -1 <= h.framing.length &&
     (h.framing.length_given == 0 ==> h.framing.length == 0) && -1 <= h.extensions.members <= 3 &&
     -2 <= h.protocols.state < policy->subprotocol_count + UPH_PROTOCOL_CHOSEN;
*/
#ifndef UPHELD_RUNTIME_CONTRACTS
#include "../proofs/spec/head.acsl"
#endif
#endif

/* Reads the head that starts at p, of which n octets have arrived. */
/*@ requires readable: \valid_read(p + (0 .. n - 1));
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == Head((uint8_t *)p, n, (struct upheld_policy *)policy, \result));
    ensures sane: HeadSane(\result, (struct upheld_policy *)policy, n);
    ensures stopped: \result.outcome != UPH_HEAD_FIELDS; */
struct uph_head uph_head_read(const uint8_t *p, size_t n, const struct upheld_policy *policy);

#endif
