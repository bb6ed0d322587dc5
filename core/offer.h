/* offer.h: what Connection, Upgrade and Expect ask for (RFC 9110 sections 7.6.1, 7.8, 10.1.1).
 * Knows values of these fields, over all their lines, and the policy's rows of protocols. */
#ifndef UPH_OFFER_H
#define UPH_OFFER_H

#include "caller.h"
#include "list.h"
#include "words.h"

/* What Connection, Upgrade and Expect ask for. */
struct uph_offer {
    uint32_t row;         /* the protocol of the policy that is asked for, from 1 on; 0: none */
    bool upgrade;         /* an Upgrade line stands in the head */
    bool listed;          /* Connection lists upgrade */
    bool close;           /* Connection lists close */
    bool settings;        /* Connection lists http2-settings */
    bool expect_continue; /* Expect lists 100-continue */
    bool expect_other;    /* Expect lists anything else */
};

#ifdef __FRAMAC__
#ifndef UPHELD_RUNTIME_CONTRACTS
#include "../proofs/spec/offer.acsl"
#endif
/*@ predicate RowInside(integer row, struct upheld_policy *policy) =
     0 <= row && (policy->protocol_count == 0 ? row <= 1 : row <= policy->protocol_count); */
#endif

/* Adds a line of Connection with the value [v, e). */
/*@ requires readable: \valid_read(p + (v .. e - 1));
    requires inside:   v <= e;
    terminates \true;
    assigns \nothing;
    ensures R9110_7_6_1_1: UPH_EXACT(\result == AddConnection((uint8_t *)p, e, v, o)); */
struct uph_offer uph_offer_connection(const uint8_t *p, size_t e, size_t v, struct uph_offer o);

/* Adds a line of Upgrade with the value [v, e). */
/*@ requires readable: \valid_read(p + (v .. e - 1));
    requires inside:   v <= e;
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    requires row:      RowInside(o.row, (struct upheld_policy *)policy);
    terminates \true;
    assigns \nothing;
    ensures R9110_7_8_1: UPH_EXACT(
      \result == AddUpgrade((uint8_t *)p, e, v, (struct upheld_policy *)policy, o));
    ensures row: RowInside(\result.row, (struct upheld_policy *)policy); */
struct uph_offer uph_offer_upgrade(const uint8_t *p, size_t e, size_t v,
                                   const struct upheld_policy *policy, struct uph_offer o);

/* Adds a line of Expect with the value [v, e). */
/*@ requires readable: \valid_read(p + (v .. e - 1));
    requires inside:   v <= e;
    terminates \true;
    assigns \nothing;
    ensures R9110_7_8_15: UPH_EXACT(\result == AddExpect((uint8_t *)p, e, v, o)); */
struct uph_offer uph_offer_expect(const uint8_t *p, size_t e, size_t v, struct uph_offer o);

#endif
