/* offer.c: what Connection, Upgrade and Expect ask for (RFC 9110 sections 7.6.1, 7.8, 10.1.1).
 * Knows values of these fields, over all their lines. */
#include "offer.h"

struct uph_offer uph_offer_connection(const uint8_t *p, size_t e, size_t v, struct uph_offer o)
{
    if (uph_list_has(p, e, v, UPH_CLOSE, sizeof UPH_CLOSE)) {
        o.close = true;
    }
    if (uph_list_has(p, e, v, UPH_UPGRADE, sizeof UPH_UPGRADE)) {
        o.listed = true;
    }
    return o;
}

struct uph_offer uph_offer_upgrade(const uint8_t *p, size_t e, size_t v, struct uph_offer o)
{
    o.upgrade = true;
    if (uph_list_has(p, e, v, UPH_WEBSOCKET, sizeof UPH_WEBSOCKET)) {
        o.websocket = true;
    }
    return o;
}

struct uph_offer uph_offer_expect(const uint8_t *p, size_t e, size_t v, struct uph_offer o)
{
    if (uph_list_has(p, e, v, UPH_CONTINUE, sizeof UPH_CONTINUE)) {
        o.expect_continue = true;
    }
    if (!uph_list_only(p, e, v, UPH_CONTINUE, sizeof UPH_CONTINUE)) {
        o.expect_other = true;
    }
    return o;
}
