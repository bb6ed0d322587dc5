/* reply.h: the one order in which the reply to a client is judged (RFC 6455 section 4.1). Knows
 * heads that were read, and what the client asked for. */
#ifndef UPH_REPLY_H
#define UPH_REPLY_H

#include "accept.h"
#include "ask.h"
#include "head.h"
#include "response.h"

#ifdef __FRAMAC__
#ifndef UPHELD_RUNTIME_CONTRACTS
#include "../proofs/spec/reply.acsl"
#endif
#endif

/*@ requires readable: \valid_read(p + (0 .. n - 1));
    requires client:   ReadableClient((struct upheld_client *)client);
    requires bounded:  BoundedClient((struct upheld_client *)client);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \forall struct uph_response blank, struct uph_extensions none;
        \result == DecideReply((uint8_t *)p, n, (struct upheld_client *)client, \result, blank,
                               none));
    ensures asked: UPH_EXACT(\result.verdict == UPHELD_REPLY_OK ==>
                             KeyAt((uint8_t *)&client->key[0], 0) == \true);
    ensures consumed: \result.head_at <= \result.consumed <= n;
    ensures named: \result.subprotocol < client->subprotocol_count ||
                   \result.subprotocol == UPHELD_NONE;
    ensures agreed: \result.agreed.deflate ==> \result.verdict == UPHELD_REPLY_OK; */
struct upheld_reply upheld_reply_decide(const uint8_t *p, size_t n,
                                        const struct upheld_client *client) UPH_SELDOM;

/*@ requires readable: \valid_read(p + (0 .. n - 1));
    terminates \true;
    assigns \nothing;
    ensures R6455_4_4_2: UPH_EXACT(
      \result <==> (reply.consumed <= n && reply.consumed <= UPHELD_LIMIT_MAX &&
                    HeadVersion((uint8_t *)p, reply.consumed, reply.head_at, version) == \true)); */
bool upheld_reply_version(const uint8_t *p, size_t n, struct upheld_reply reply, uint8_t version);

#endif
