/* offer.h: what Connection, Upgrade and Expect ask for (RFC 9110 sections 7.6.1, 7.8, 10.1.1).
 * Knows values of these fields, over all their lines. */
#ifndef UPH_OFFER_H
#define UPH_OFFER_H

#include "list.h"
#include "words.h"

/* What Connection, Upgrade and Expect ask for. */
struct uph_offer {
    bool upgrade;         /* an Upgrade line stands in the head */
    bool websocket;       /* it lists websocket */
    bool listed;          /* Connection lists upgrade */
    bool close;           /* Connection lists close */
    bool expect_continue; /* Expect lists 100-continue */
    bool expect_other;    /* Expect lists anything else */
};

#ifdef __FRAMAC__
#ifndef UPHELD_RUNTIME_CONTRACTS
#include "../proofs/spec/offer.acsl"
#endif
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
    terminates \true;
    assigns \nothing;
    ensures R9110_7_8_1: UPH_EXACT(\result == AddUpgrade((uint8_t *)p, e, v, o)); */
struct uph_offer uph_offer_upgrade(const uint8_t *p, size_t e, size_t v, struct uph_offer o);

/* Adds a line of Expect with the value [v, e). */
/*@ requires readable: \valid_read(p + (v .. e - 1));
    requires inside:   v <= e;
    terminates \true;
    assigns \nothing;
    ensures R9110_7_8_15: UPH_EXACT(\result == AddExpect((uint8_t *)p, e, v, o)); */
struct uph_offer uph_offer_expect(const uint8_t *p, size_t e, size_t v, struct uph_offer o);

#endif
