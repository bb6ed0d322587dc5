/* ask.h: the request that a client sends (RFC 6455 section 4.1): what may be asked for, and its
 * octets. Knows the client that the caller filled in, and no reply. */
#ifndef UPH_ASK_H
#define UPH_ASK_H

#include "base64.h"
#include "deflate.h"
#include "field.h"
#include "policy.h"
#include "uri.h"

/* The fixed octets of every request. The NUL that ends each in C is never sent. */
static const uint8_t UPH_ASK_GET[] = "GET ";
static const uint8_t UPH_ASK_HOST[] = " HTTP/1.1\r\nHost: ";
static const uint8_t UPH_ASK_KEY[] =
    "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ";
static const uint8_t UPH_ASK_ORIGIN[] = "\r\nOrigin: ";
static const uint8_t UPH_ASK_VERSION[] = "\r\nSec-WebSocket-Version: 13";
static const uint8_t UPH_ASK_PROTOCOL[] = "\r\nSec-WebSocket-Protocol: ";
static const uint8_t UPH_ASK_EXTENSIONS[] = "\r\nSec-WebSocket-Extensions: ";
static const uint8_t UPH_ASK_COMMA[] = ", ";
static const uint8_t UPH_ASK_LINE[] = "\r\n";
static const uint8_t UPH_ASK_COLON[] = ": ";
static const uint8_t UPH_ASK_END[] = "\r\n\r\n";

/* How many octets of each are sent. */
enum {
    UPH_ASK_GET_SIZE = sizeof UPH_ASK_GET - 1,
    UPH_ASK_HOST_SIZE = sizeof UPH_ASK_HOST - 1,
    UPH_ASK_KEY_SIZE = sizeof UPH_ASK_KEY - 1,
    UPH_ASK_ORIGIN_SIZE = sizeof UPH_ASK_ORIGIN - 1,
    UPH_ASK_VERSION_SIZE = sizeof UPH_ASK_VERSION - 1,
    UPH_ASK_PROTOCOL_SIZE = sizeof UPH_ASK_PROTOCOL - 1,
    UPH_ASK_EXTENSIONS_SIZE = sizeof UPH_ASK_EXTENSIONS - 1,
    UPH_ASK_COMMA_SIZE = sizeof UPH_ASK_COMMA - 1,
    UPH_ASK_LINE_SIZE = sizeof UPH_ASK_LINE - 1,
    UPH_ASK_COLON_SIZE = sizeof UPH_ASK_COLON - 1,
    UPH_ASK_END_SIZE = sizeof UPH_ASK_END - 1
};

/* A request is this many pieces that each stand once, the last of them behind all others, and
 * two for each subprotocol, and four for each field line. Pieces from UPH_ASK_OFFER on are those
 * of what is offered of permessage-deflate. */
enum {
    UPH_ASK_OFFER = 10,
    UPH_ASK_FIXED = UPH_ASK_OFFER + UPH_PIECES,
    UPH_ASK_LAST = 1,
    UPH_ASK_NAME = 2,
    UPH_ASK_FIELD = 4
};

#ifdef __FRAMAC__
/*@ predicate ReadableFields(struct upheld_field_line *fields, integer count) =
     \valid_read(fields + (0 .. count - 1)) &&
     (\forall integer k; 0 <= k < count ==> ReadableSpan(fields[k].name)) &&
     (\forall integer k; 0 <= k < count ==> ReadableSpan(fields[k].value));
  predicate ReadableTexts(struct upheld_client *client) =
     \valid_read(client) && ReadableSpan(client->host) && ReadableSpan(client->target) &&
     ReadableSpan(client->origin);
  // A list is null, or holds as many as the client says; a list of none still is a pointer.
  predicate CheckableClient(struct upheld_client *client) =
     ReadableTexts(client) &&
     \object_pointer(client->subprotocols) && \object_pointer(client->fields) &&
     (client->subprotocols != \null ==>
      ReadableNames((struct upheld_span *)client->subprotocols, client->subprotocol_count)) &&
     (client->fields != \null ==>
      ReadableFields((struct upheld_field_line *)client->fields, client->field_count));
  // What upheld_client_check() leaves to the caller: its pointers point to what it says.
  predicate ReadableClient(struct upheld_client *client) =
     ReadableTexts(client) &&
     ReadableNames((struct upheld_span *)client->subprotocols, client->subprotocol_count) &&
     ReadableFields((struct upheld_field_line *)client->fields, client->field_count);
  // What the core itself needs of a client that upheld_client_check() accepted.
  predicate BoundedClient(struct upheld_client *client) =
     client->limits.line <= UPHELD_LIMIT_MAX && client->limits.head <= UPHELD_LIMIT_MAX &&
     client->limits.fields <= UPHELD_LIMIT_MAX && client->interim <= UPHELD_LIMIT_MAX &&
     client->subprotocol_count <= UPHELD_NAMES_MAX && client->field_count <= UPHELD_NAMES_MAX;
  predicate BoundedAsk(struct upheld_client *client) =
     client->host.n <= UPHELD_TEXT_MAX && client->target.n <= UPHELD_VALUE_MAX &&
     client->origin.n <= UPHELD_TEXT_MAX &&
     (\forall integer k; 0 <= k < client->subprotocol_count ==>
       client->subprotocols[k].n <= UPHELD_TEXT_MAX) &&
     (\forall integer k; 0 <= k < client->field_count ==>
       client->fields[k].name.n <= UPHELD_TEXT_MAX) &&
     (\forall integer k; 0 <= k < client->field_count ==>
       client->fields[k].value.n <= UPHELD_VALUE_MAX);
  // out overlaps nothing that a request is made of.
  predicate ApartFromAsk(uint8_t *out, integer size) =
     ApartFromText(out, size, (uint8_t *)&UPH_ASK_GET[0]) &&
     ApartFromText(out, size, (uint8_t *)&UPH_ASK_HOST[0]) &&
     ApartFromText(out, size, (uint8_t *)&UPH_ASK_KEY[0]) &&
     ApartFromText(out, size, (uint8_t *)&UPH_ASK_ORIGIN[0]) &&
     ApartFromText(out, size, (uint8_t *)&UPH_ASK_VERSION[0]) &&
     ApartFromText(out, size, (uint8_t *)&UPH_ASK_PROTOCOL[0]) &&
     ApartFromText(out, size, (uint8_t *)&UPH_ASK_EXTENSIONS[0]) &&
     ApartFromText(out, size, (uint8_t *)&UPH_TEXT_DEFLATE[0]) &&
     ApartFromText(out, size, (uint8_t *)&UPH_ASK_COMMA[0]) &&
     ApartFromText(out, size, (uint8_t *)&UPH_ASK_LINE[0]) &&
     ApartFromText(out, size, (uint8_t *)&UPH_ASK_COLON[0]) &&
     ApartFromText(out, size, (uint8_t *)&UPH_ASK_END[0]);
  predicate ApartFromSpan(uint8_t *out, integer size, struct upheld_span s) =
     \separated(out + (0 .. size - 1), s.p + (0 .. s.n - 1));
  predicate ApartFromClient(uint8_t *out, integer size, struct upheld_client *client) =
     \separated(out + (0 .. size - 1), client) &&
     \separated(out + (0 .. size - 1),
                client->subprotocols + (0 .. client->subprotocol_count - 1)) &&
     \separated(out + (0 .. size - 1), client->fields + (0 .. client->field_count - 1)) &&
     ApartFromSpan(out, size, client->host) && ApartFromSpan(out, size, client->target) &&
     ApartFromSpan(out, size, client->origin) &&
     (\forall integer k; 0 <= k < client->subprotocol_count ==>
       ApartFromSpan(out, size, client->subprotocols[k])) &&
     (\forall integer k; 0 <= k < client->field_count ==>
       ApartFromSpan(out, size, client->fields[k].name)) &&
     (\forall integer k; 0 <= k < client->field_count ==>
       ApartFromSpan(out, size, client->fields[k].value)); */
#ifndef UPHELD_RUNTIME_CONTRACTS
#include "../proofs/spec/ask.acsl"
#endif
#endif

/*@ requires readable: \valid_read(nonce + (0 .. UPHELD_NONCE_SIZE - 1));
    requires writable: \valid(key + (0 .. UPHELD_KEY_SIZE - 1));
    requires apart:    \separated(nonce + (0 .. UPHELD_NONCE_SIZE - 1),
                                  key + (0 .. UPHELD_KEY_SIZE - 1));
    terminates \true;
    assigns key[0 .. UPHELD_KEY_SIZE - 1];
    ensures R6455_4_1_7: UPH_EXACT(\forall integer k;
      0 <= k < UPHELD_KEY_SIZE ==> key[k] == \old(KeyOctet((uint8_t *)nonce, k))); */
void upheld_key(const uint8_t nonce[UPHELD_NONCE_SIZE], uint8_t key[UPHELD_KEY_SIZE]);

/*@ requires client: CheckableClient((struct upheld_client *)client);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == ClientError((struct upheld_client *)client));
    ensures readable: \result == UPHELD_CLIENT_OK ==>
                      ReadableClient((struct upheld_client *)client);
    ensures bounded: \result == UPHELD_CLIENT_OK ==>
                     BoundedClient((struct upheld_client *)client);
    ensures texts: \result == UPHELD_CLIENT_OK ==>
                   BoundedAsk((struct upheld_client *)client); */
UPH_SELDOM enum upheld_client_error upheld_client_check(const struct upheld_client *client);

/*@ requires client:   ReadableClient((struct upheld_client *)client);
    requires bounded:  BoundedClient((struct upheld_client *)client);
    requires texts:    BoundedAsk((struct upheld_client *)client);
    requires writable: \valid(out + (0 .. size - 1));
    requires own:      ApartFromClient(out, size, (struct upheld_client *)client);
    requires fixed:    ApartFromAsk(out, size);
    terminates \true;
    assigns out[0 .. size - 1];
    ensures size: UPH_EXACT(
      \result == AskRest((struct upheld_client *)client, client->deflate, 0));
    ensures octets: UPH_EXACT(\result <= size ==> (\forall integer i; 0 <= i < \result ==>
      out[i] == \old(AskOctet((struct upheld_client *)client, client->deflate, 0, 0, i))));
    ensures bounded: 0 < \result <= 513 * UPHELD_VALUE_MAX;
    ensures untouched: \result > size ==>
                       (\forall integer k; 0 <= k < size ==> out[k] == \old(out[k])); */
size_t upheld_request_write(const struct upheld_client *client, uint8_t *out, size_t size);

#endif
