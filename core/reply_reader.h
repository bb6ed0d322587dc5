/* reply_reader.h: a reply that comes in pieces (RFC 9112 section 2.1). Knows how far its heads were
 * read, and that what was read decides nothing; what decides it leaves to reply.h. */
#ifndef UPH_REPLY_READER_H
#define UPH_REPLY_READER_H

#include "reply.h"
#include "scan.h"

#ifdef __FRAMAC__
/*@ // The reader holds what the first r.seen octets at p say, under the limits of the client.
  predicate ReplyReaderIs(uint8_t *p, struct upheld_reader r, struct upheld_client *client) =
     r.space <= r.at <= r.scanned <= r.seen <= client->limits.head &&
     r.target <= client->interim &&
     UPH_EXACT(ReplyReaderHolds(p, r, client->limits.line, client->limits.fields) == \true);
*/
#endif

/*@ requires readable: \valid_read(p + (0 .. n - 1));
    requires client:   ReadableClient((struct upheld_client *)client);
    requires bounded:  BoundedClient((struct upheld_client *)client);
    requires writable: \valid(reader);
    requires apart:    \separated(reader, client);
    requires octets:   \separated(reader, p + (0 .. n - 1));
    requires known:    reader->seen <= n ==>
                       ReplyReaderIs((uint8_t *)p, *reader, (struct upheld_client *)client);
    terminates \true;
    assigns *reader;
    ensures exact: UPH_EXACT(
      \forall struct uph_response blank, struct uph_extensions none; \let any = \result;
        \result == \at(DecideReply((uint8_t *)p, n, (struct upheld_client *)client, any, blank,
                                   none), Pre));
    ensures known: reader->seen <= n ==>
                   ReplyReaderIs((uint8_t *)p, *reader, (struct upheld_client *)client);
    ensures consumed: \result.head_at <= \result.consumed <= n; */
struct upheld_reply upheld_reply_resume(struct upheld_reader *reader, const uint8_t *p, size_t n,
                                        const struct upheld_client *client) UPH_SELDOM;

#endif
