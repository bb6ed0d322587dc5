/* ask.c: the request that a client sends (RFC 6455 section 4.1): what may be asked for, and its
 * octets. Knows the client that the caller filled in, and no reply. */
#include "ask.h"

#ifdef __FRAMAC__
#include "../proofs/spec/texts.acsl"
#endif

/* The texts are those of the specification. */
/*@ ghost
  /@ terminates \true;
     assigns \nothing;
     ensures spelt: ASK_SPELT; @/
  void uph_ask_says(void)
  {
  } */

UPH_SELDOM_BEGIN

void upheld_key(const uint8_t nonce[UPHELD_NONCE_SIZE], uint8_t key[UPHELD_KEY_SIZE])
{
    uph_base64_16(nonce, key);
}

/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   i <= e;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == VisibleEnd((uint8_t *)p, e, i)); */
static size_t visible_end(const uint8_t *p, size_t e, size_t i)
{
    size_t j = i;
    /*@ loop invariant bounded: i <= j <= e;
        loop invariant exact: UPH_EXACT(VisibleEnd((uint8_t *)p, e, i) ==
                                        VisibleEnd((uint8_t *)p, e, j));
        loop assigns j;
        loop variant e - j; */
    while (j < e && 0x21 <= p[j] && p[j] <= 0x7e) {
        j++;
    }
    return j;
}

/*@ requires readable: ReadableSpan(s);
    terminates \true;
    assigns \nothing;
    ensures R9110_5_6_2_1: UPH_EXACT(\result <==> TokenText(s) == \true); */
static bool token_text(struct upheld_span s)
{
    return 1 <= s.n && s.n <= UPHELD_TEXT_MAX && uph_token_end(s.p, s.n, 0) == s.n;
}

/*@ requires readable: ReadableSpan(s);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result <==> VisibleText(s) == \true); */
static bool visible_text(struct upheld_span s)
{
    return s.n <= UPHELD_TEXT_MAX && visible_end(s.p, s.n, 0) == s.n;
}

/*@ requires readable: ReadableSpan(s);
    terminates \true;
    assigns \nothing;
    ensures R9110_5_5_3: UPH_EXACT(\result <==> ValueText(s) == \true); */
static bool value_text(struct upheld_span s)
{
    return s.n <= UPHELD_VALUE_MAX && uph_field_value(s);
}

/*@ requires readable: ReadableSpan(s);
    terminates \true;
    assigns \nothing;
    ensures R9110_7_2_1: UPH_EXACT(\result <==> HostText(s) == \true); */
static bool host_text(struct upheld_span s)
{
    return 1 <= s.n && s.n <= UPHELD_TEXT_MAX && s.p[0] != ':' && uph_host_value(s.p, 0, s.n);
}

/*@ requires readable: ReadableSpan(s);
    terminates \true;
    assigns \nothing;
    ensures R6455_4_1_3: UPH_EXACT(\result <==> TargetText(s) == \true); */
static bool target_text(struct upheld_span s)
{
    return s.n <= UPHELD_VALUE_MAX && uph_target_form(s.p, 0, s.n) == UPH_TARGET_ORIGIN;
}

/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result <==> ClientLimit(limit) == \true); */
static bool client_limit(uint32_t limit)
{
    return 1 <= limit && limit <= UPHELD_LIMIT_MAX;
}

/*@ requires client: CheckableClient((struct upheld_client *)client);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result <==> ClientLimits((struct upheld_client *)client) == \true); */
static bool client_limits(const struct upheld_client *client)
{
    return client_limit(client->limits.line) && client_limit(client->limits.head) &&
           client_limit(client->limits.fields) && client_limit(client->interim);
}

/*@ requires client: CheckableClient((struct upheld_client *)client);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result <==> ClientCounts((struct upheld_client *)client) == \true); */
static bool client_counts(const struct upheld_client *client)
{
    return client->subprotocol_count <= UPHELD_NAMES_MAX &&
           client->field_count <= UPHELD_NAMES_MAX &&
           (client->subprotocol_count == 0 || client->subprotocols != 0) &&
           (client->field_count == 0 || client->fields != 0);
}

/* Whether the subprotocol k is offered among those before it. */
/*@ requires client: ReadableClient((struct upheld_client *)client);
    requires inside: k < client->subprotocol_count;
    terminates \true;
    assigns \nothing;
    ensures R6455_4_1_10: UPH_EXACT(
      \result <==> OfferedBefore((struct upheld_client *)client, k, k) == \true); */
static bool offered_before(const struct upheld_client *client, uint32_t k)
{
    struct upheld_span name = client->subprotocols[k];
    uint32_t j = k;
    /*@ loop invariant bounded: 0 <= j <= k;
        loop invariant exact: UPH_EXACT(
          OfferedBefore((struct upheld_client *)client, k, k) ==
          OfferedBefore((struct upheld_client *)client, k, j));
        loop assigns j;
        loop variant j; */
    while (j > 0) {
        struct upheld_span other = client->subprotocols[j - 1];
        if (other.n == name.n && uph_same_octets(other.p, 0, name.p, name.n)) {
            return true;
        }
        j--;
    }
    return false;
}

/*@ requires client: ReadableClient((struct upheld_client *)client);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result <==> ClientOffers((struct upheld_client *)client, 0) == \true);
    ensures bounded: \result ==> (\forall integer k; 0 <= k < client->subprotocol_count ==>
                                    client->subprotocols[k].n <= UPHELD_TEXT_MAX); */
static bool client_offers(const struct upheld_client *client)
{
    /*@ loop invariant bounded: 0 <= k <= client->subprotocol_count;
        loop invariant texts: \forall integer j; 0 <= j < k ==>
                              client->subprotocols[j].n <= UPHELD_TEXT_MAX;
        loop invariant exact: UPH_EXACT(
          ClientOffers((struct upheld_client *)client, 0) ==
          ClientOffers((struct upheld_client *)client, k));
        loop assigns k;
        loop variant client->subprotocol_count - k; */
    for (uint32_t k = 0; k < client->subprotocol_count; k++) {
        if (!token_text(client->subprotocols[k]) || offered_before(client, k)) {
            return false;
        }
    }
    return true;
}

/*@ requires name:  ReadableSpan(field.name);
    requires value: ReadableSpan(field.value);
    terminates \true;
    assigns \nothing;
    ensures R9110_5_3_2: UPH_EXACT(\result <==> FieldText(field.name, field.value) == \true); */
static bool field_text(struct upheld_field_line field)
{
    return token_text(field.name) &&
           uph_field_of(field.name.p, 0, field.name.n) == UPH_FIELD_OTHER &&
           value_text(field.value);
}

/*@ requires client: ReadableClient((struct upheld_client *)client);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result <==> ClientFields((struct upheld_client *)client, 0) == \true);
    ensures names: \result ==> (\forall integer k; 0 <= k < client->field_count ==>
                                  client->fields[k].name.n <= UPHELD_TEXT_MAX);
    ensures values: \result ==> (\forall integer k; 0 <= k < client->field_count ==>
                                   client->fields[k].value.n <= UPHELD_VALUE_MAX); */
static bool client_fields(const struct upheld_client *client)
{
    /*@ loop invariant bounded: 0 <= k <= client->field_count;
        loop invariant names: \forall integer j; 0 <= j < k ==>
                              client->fields[j].name.n <= UPHELD_TEXT_MAX;
        loop invariant values: \forall integer j; 0 <= j < k ==>
                               client->fields[j].value.n <= UPHELD_VALUE_MAX;
        loop invariant exact: UPH_EXACT(
          ClientFields((struct upheld_client *)client, 0) ==
          ClientFields((struct upheld_client *)client, k));
        loop assigns k;
        loop variant client->field_count - k; */
    for (uint32_t k = 0; k < client->field_count; k++) {
        if (!field_text(client->fields[k])) {
            return false;
        }
    }
    return true;
}

UPH_SELDOM enum upheld_client_error upheld_client_check(const struct upheld_client *client)
{
    if (!client_limits(client)) {
        return UPHELD_CLIENT_LIMIT;
    }
    if (!client_counts(client)) {
        return UPHELD_CLIENT_COUNT;
    }
    if (!uph_key_valid(client->key, 0) || !uph_key_canonical(client->key, 0)) {
        return UPHELD_CLIENT_KEY;
    }
    if (!host_text(client->host)) {
        return UPHELD_CLIENT_HOST;
    }
    if (!target_text(client->target)) {
        return UPHELD_CLIENT_TARGET;
    }
    if (!visible_text(client->origin)) {
        return UPHELD_CLIENT_ORIGIN;
    }
    if (!client_offers(client)) {
        return UPHELD_CLIENT_SUBPROTOCOL;
    }
    if (!client_fields(client)) {
        return UPHELD_CLIENT_FIELD;
    }
    return uph_deflate_holds(client->deflate, client->deflate.client_max_window_bits)
               ? UPHELD_CLIENT_OK
               : UPHELD_CLIENT_DEFLATE;
}

#ifdef __FRAMAC__
#ifndef UPHELD_RUNTIME_CONTRACTS
/*@ // What the pieces from k on leave to be written.
  predicate AskFalls(struct upheld_client *client, struct upheld_deflate d, integer from,
                     integer size) =
     \forall integer j; from <= j <= AskLast(client) + 1 ==> 0 <= AskRest(client, d, j) <= size; */
#endif
#endif

/* The piece k of those that each stand once. */
/*@ requires client: ReadableClient((struct upheld_client *)client);
    requires texts:  BoundedAsk((struct upheld_client *)client);
    requires inside: k < UPH_ASK_OFFER;
    terminates \true;
    assigns \nothing;
    ensures text: UPH_EXACT(
      \result.p == AskFixedText((struct upheld_client *)client, k));
    ensures size: UPH_EXACT(\result.n == AskFixedSize((struct upheld_client *)client, d, k)); */
static struct upheld_span ask_fixed(const struct upheld_client *client, struct upheld_deflate d,
                                    uint32_t k)
{
    size_t extensions = d.enabled ? UPH_ASK_EXTENSIONS_SIZE : 0;
    switch (k) {
    case 0:
        return (struct upheld_span){ UPH_ASK_GET, UPH_ASK_GET_SIZE };
    case 1:
        return client->target;
    case 2:
        return (struct upheld_span){ UPH_ASK_HOST, UPH_ASK_HOST_SIZE };
    case 3:
        return client->host;
    case 4:
        return (struct upheld_span){ UPH_ASK_KEY, UPH_ASK_KEY_SIZE };
    case 5:
        return (struct upheld_span){ client->key, UPHELD_KEY_SIZE };
    case 6:
        return (struct upheld_span){ UPH_ASK_ORIGIN,
                                     client->origin.n > 0 ? UPH_ASK_ORIGIN_SIZE : 0 };
    case 7:
        return client->origin;
    case 8:
        return (struct upheld_span){ UPH_ASK_VERSION, UPH_ASK_VERSION_SIZE };
    default:
        return (struct upheld_span){ UPH_ASK_EXTENSIONS, extensions };
    }
}

/* The piece k of what is offered of permessage-deflate. */
/*@ requires inside: k < UPH_PIECES;
    terminates \true;
    assigns \nothing;
    ensures text: UPH_EXACT(\result.p == AskOfferText(d, k));
    ensures size: UPH_EXACT(\result.n == AskOfferSize(d, k)); */
static struct upheld_span ask_offer(struct upheld_deflate d, uint32_t k)
{
    return uph_deflate_piece(uph_deflate_offer(d), k);
}

/* The piece k of the list of subprotocols. */
/*@ requires client: ReadableClient((struct upheld_client *)client);
    requires texts:  BoundedAsk((struct upheld_client *)client);
    requires inside: k < UPH_ASK_NAME * client->subprotocol_count;
    requires bounded: client->subprotocol_count <= UPHELD_NAMES_MAX;
    terminates \true;
    assigns \nothing;
    ensures text: UPH_EXACT(\result.p == AskNameText((struct upheld_client *)client, k));
    ensures size: UPH_EXACT(\result.n == AskNameSize((struct upheld_client *)client, k)); */
static struct upheld_span ask_name(const struct upheld_client *client, uint32_t k)
{
    if (k % UPH_ASK_NAME == 1) {
        return client->subprotocols[k / UPH_ASK_NAME];
    }
    return k == 0 ? (struct upheld_span){ UPH_ASK_PROTOCOL, UPH_ASK_PROTOCOL_SIZE }
                  : (struct upheld_span){ UPH_ASK_COMMA, UPH_ASK_COMMA_SIZE };
}

/* The piece k of the caller's field lines. */
/*@ requires client: ReadableClient((struct upheld_client *)client);
    requires texts:  BoundedAsk((struct upheld_client *)client);
    requires inside: k < UPH_ASK_FIELD * client->field_count;
    requires bounded: client->field_count <= UPHELD_NAMES_MAX;
    terminates \true;
    assigns \nothing;
    ensures text: UPH_EXACT(\result.p == AskFieldText((struct upheld_client *)client, k));
    ensures size: UPH_EXACT(\result.n == AskFieldSize((struct upheld_client *)client, k)); */
static struct upheld_span ask_field(const struct upheld_client *client, uint32_t k)
{
    switch (k % UPH_ASK_FIELD) {
    case 0:
        return (struct upheld_span){ UPH_ASK_LINE, UPH_ASK_LINE_SIZE };
    case 1:
        return client->fields[k / UPH_ASK_FIELD].name;
    case 2:
        return (struct upheld_span){ UPH_ASK_COLON, UPH_ASK_COLON_SIZE };
    default:
        return client->fields[k / UPH_ASK_FIELD].value;
    }
}

/* Where the field lines, and where the last piece, stand among the pieces. */
/*@ requires client:  \valid_read(client);
    requires bounded: client->subprotocol_count <= UPHELD_NAMES_MAX;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == AskFields((struct upheld_client *)client)); */
static uint32_t ask_fields(const struct upheld_client *client)
{
    return UPH_ASK_FIXED + UPH_ASK_NAME * client->subprotocol_count;
}

/*@ requires client:  \valid_read(client);
    requires bounded: BoundedClient((struct upheld_client *)client);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == AskLast((struct upheld_client *)client)); */
static uint32_t ask_last(const struct upheld_client *client)
{
    return ask_fields(client) + UPH_ASK_FIELD * client->field_count;
}

/* The piece k of the request that offers d. */
/*@ requires client:  ReadableClient((struct upheld_client *)client);
    requires bounded: BoundedClient((struct upheld_client *)client);
    requires texts:   BoundedAsk((struct upheld_client *)client);
    terminates \true;
    assigns \nothing;
    ensures text: UPH_EXACT(
      \result.p == AskText((struct upheld_client *)client, d, k));
    ensures size: UPH_EXACT(\result.n == AskSize((struct upheld_client *)client, d, k));
    ensures readable: ReadableSpan(\result); */
static struct upheld_span ask_piece(const struct upheld_client *client, struct upheld_deflate d,
                                    uint32_t k)
{
    if (k < UPH_ASK_OFFER) {
        return ask_fixed(client, d, k);
    }
    if (k < UPH_ASK_FIXED) {
        return ask_offer(d, k - UPH_ASK_OFFER);
    }
    uint32_t fields = ask_fields(client);
    if (k < fields) {
        return ask_name(client, k - UPH_ASK_FIXED);
    }
    if (k < ask_last(client)) {
        return ask_field(client, k - fields);
    }
    return (struct upheld_span){ UPH_ASK_END, UPH_ASK_END_SIZE };
}

/* Octets of all pieces. */
/*@ requires client:  ReadableClient((struct upheld_client *)client);
    requires bounded: BoundedClient((struct upheld_client *)client);
    requires texts:   BoundedAsk((struct upheld_client *)client);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == AskRest((struct upheld_client *)client, d, 0));
    ensures falling: UPH_EXACT(AskFalls((struct upheld_client *)client, d, 0, \result));
    ensures bounded: 0 < \result <= 513 * UPHELD_VALUE_MAX; */
static size_t ask_size(const struct upheld_client *client, struct upheld_deflate d)
{
    size_t size = 0;
    uint32_t k = ask_last(client) + 1;
    /*@ ghost uint32_t count = k; */
    /*@ loop invariant bounded: 0 <= k <= count && size <= (count - k) * UPHELD_VALUE_MAX;
        loop invariant some: k == 0 ==> size > 0;
        loop invariant exact: UPH_EXACT(size == AskRest((struct upheld_client *)client, d, k));
        loop invariant falling: UPH_EXACT(AskFalls((struct upheld_client *)client, d, k, size));
        loop assigns k, size;
        loop variant k; */
    while (k > 0) {
        k--;
        size += ask_piece(client, d, k).n;
    }
    return size;
}

/* Puts the octets of s at out[at]; returns where they end. */
/*@ requires readable: ReadableSpan(s);
    requires writable: \valid(out + (at .. at + s.n - 1));
    requires apart:    \separated(s.p + (0 .. s.n - 1), out + (at .. at + s.n - 1));
    requires inside:   at + s.n <= SIZE_MAX;
    terminates \true;
    assigns out[at .. at + s.n - 1];
    ensures moved:  \result == at + s.n;
    ensures copied: UPH_EXACT(
      \forall integer i; at <= i < at + s.n ==> out[i] == \old(s.p[i - at])); */
static size_t ask_put(uint8_t *out, size_t at, struct upheld_span s)
{
    return uph_put(out, at, s.p, s.n);
}

/* Writes all pieces, `need` octets. */
/*@ requires client:   ReadableClient((struct upheld_client *)client);
    requires bounded:  BoundedClient((struct upheld_client *)client);
    requires texts:    BoundedAsk((struct upheld_client *)client);
    requires writable: \valid(out + (0 .. need - 1));
    requires exact:    UPH_EXACT(need == AskRest((struct upheld_client *)client, d, 0));
    requires falling:  UPH_EXACT(AskFalls((struct upheld_client *)client, d, 0, need));
    requires own:      ApartFromClient(out, need, (struct upheld_client *)client);
    requires fixed:    ApartFromAsk(out, need);
    terminates \true;
    assigns out[0 .. need - 1];
    ensures octets: UPH_EXACT(\forall integer i; 0 <= i < need ==>
      out[i] == \old(AskOctet((struct upheld_client *)client, d, 0, 0, i))); */
static void ask_write(const struct upheld_client *client, struct upheld_deflate d, uint8_t *out,
                      size_t need)
{
    (void)need;
    uint32_t last = ask_last(client);
    size_t at = 0;
    /*@ loop invariant bounded: 0 <= k <= last + 1 && 0 <= at;
        loop invariant most: UPH_EXACT(at + AskRest((struct upheld_client *)client, d, k) <= need);
        loop invariant least: UPH_EXACT(
          need <= at + AskRest((struct upheld_client *)client, d, k));
        loop invariant written: UPH_EXACT(\forall integer i; 0 <= i < at ==>
          out[i] == \at(AskOctet((struct upheld_client *)client, d, 0, 0, i), Pre));
        loop invariant ahead: UPH_EXACT(\forall integer i; at <= i ==>
          \at(AskOctet((struct upheld_client *)client, d, 0, 0, i), Pre) ==
          \at(AskOctet((struct upheld_client *)client, d, \at(k, Here), \at(at, Here), i), Pre));
        loop assigns k, at, out[0 .. need - 1];
        loop variant last + 1 - k; */
    for (uint32_t k = 0; k <= last; k++) {
        /*@ assert unfolded: UPH_EXACT(\forall integer i; at <= i ==>
              \at(AskOctet((struct upheld_client *)client, d, 0, 0, i), Pre) ==
              \at(i < \at(at, Here) + AskSize((struct upheld_client *)client, d, \at(k, Here)) ?
                  AskText((struct upheld_client *)client, d, \at(k, Here))[i - \at(at, Here)] :
                  AskOctet((struct upheld_client *)client, d, \at(k, Here) + 1,
                           \at(at, Here) +
                             AskSize((struct upheld_client *)client, d, \at(k, Here)),
                           i), Pre)); */
        struct upheld_span piece = ask_piece(client, d, k);
        /*@ assert left: UPH_EXACT(0 <= AskRest((struct upheld_client *)client, d, k + 1)); */
        /*@ assert inside: at + piece.n <= need; */
        /*@ assert clear: \separated(piece.p + (0 .. piece.n - 1), out + (0 .. need - 1)); */
        /*@ assert same: UPH_EXACT(\forall integer i; at <= i < at + piece.n ==>
              piece.p[i - at] == \at(AskOctet((struct upheld_client *)client, d, 0, 0, i), Pre)); */
        size_t next = ask_put(out, at, piece);
        /*@ assert kept: UPH_EXACT(\forall integer i; 0 <= i < at ==>
              out[i] == \at(AskOctet((struct upheld_client *)client, d, 0, 0, i), Pre)); */
        /*@ assert added: UPH_EXACT(\forall integer i; at <= i < next ==>
              out[i] == \at(AskOctet((struct upheld_client *)client, d, 0, 0, i), Pre)); */
        at = next;
    }
}

UPH_SELDOM size_t upheld_request_write(const struct upheld_client *client, uint8_t *out,
                                       size_t size)
{
    struct upheld_deflate d = client->deflate;
    size_t need = ask_size(client, d);
    if (need <= size) {
        ask_write(client, d, out, need);
    }
    return need;
}

UPH_SELDOM_END
