/* respond.c: the octets of an answer (RFC 9110 section 15, RFC 6455 section 4.2.2). All of them are
 * ours or the policy's; of the client's octets only the key is read, and it is hashed. */
#include "respond.h"

#define SENT(x) ((struct upheld_span){ x, sizeof(x) - 1 })
#define NOTHING ((struct upheld_span){ 0, 0 })

/* The text that refuses where Allow names the methods of a protocol. */
/*@ terminates \true;
    assigns \nothing;
    ensures text: UPH_EXACT(\result.p == AllowedText(methods));
    ensures size: UPH_EXACT(\result.n == AllowedSize(methods)); */
static struct upheld_span allowed(enum upheld_methods methods)
{
    if (methods == UPHELD_OPTIONS) {
        return SENT(TEXT_405_OPTIONS);
    }
    return methods == UPHELD_GET_OPTIONS ? SENT(TEXT_405_BOTH) : SENT(TEXT_405_GET);
}

/* The status-line that refuses, and the fields that belong to it, for the clause that decided. */
/*@ terminates \true;
    assigns \nothing;
    ensures text: UPH_EXACT(\result.p == RefusalText(status, clause, methods));
    ensures size: UPH_EXACT(\result.n == RefusalSize(status, clause, methods)); */
static struct upheld_span refusal(uint16_t status, enum upheld_clause clause,
                                  enum upheld_methods methods)
{
    switch (status) {
    case 401:
        return SENT(TEXT_401);
    case 403:
        return SENT(TEXT_403);
    case 405:
        return allowed(methods);
    case 413:
        return SENT(TEXT_413);
    case 414:
        return SENT(TEXT_414);
    case 417:
        return SENT(TEXT_417);
    case 426:
        return SENT(TEXT_426);
    case 431:
        return SENT(TEXT_431);
    case 501:
        return SENT(TEXT_501);
    case 505:
        return SENT(TEXT_505);
    default:
        break;
    }
    if (clause == UPHELD_R6455_4_2_1_6 || clause == UPHELD_R6455_4_3_2 ||
        clause == UPHELD_R6455_11_3_5_1) {
        return SENT(TEXT_400_VERSION);
    }
    return SENT(TEXT_400);
}

/* What a refusal says of the connection. */
/*@ terminates \true;
    assigns \nothing;
    ensures text: UPH_EXACT(
      \result.n > 0 ==> \result.p == ConnectionText(status, (close ? 1 : 0)));
    ensures size: UPH_EXACT(\result.n == ConnectionSize(status, (close ? 1 : 0))); */
static struct upheld_span connection(uint16_t status, bool close)
{
    if (status == 426) {
        return close ? SENT(CLOSE_UPGRADE) : SENT(SWITCHED);
    }
    return close ? SENT(CLOSE) : NOTHING;
}

/* The text where `given`, else nothing. */
/*@ requires readable: ReadableSpan(text);
    terminates \true;
    assigns \nothing;
    ensures exact: \result.n == (given ? text.n : 0) && (given ==> \result == text); */
static struct upheld_span text_if(bool given, struct upheld_span text)
{
    return given ? text : NOTHING;
}

/* The subprotocol that a decision names; empty for none. */
/*@ requires policy:  ReadablePolicy((struct upheld_policy *)policy);
    requires bounded: BoundedPolicy((struct upheld_policy *)policy);
    requires texts:   BoundedTexts((struct upheld_policy *)policy);
    terminates \true;
    assigns \nothing;
    ensures text: UPH_EXACT(\result.p == NameText((struct upheld_policy *)policy, d));
    ensures size: UPH_EXACT(\result.n == NameSize((struct upheld_policy *)policy, d)); */
static struct upheld_span chosen(const struct upheld_policy *policy, struct upheld_decision d)
{
    return d.subprotocol < policy->subprotocol_count ? policy->subprotocols[d.subprotocol]
                                                     : NOTHING;
}

/* Whether the decision names a protocol of the policy. */
/*@ requires policy: \valid_read(policy);
    terminates \true;
    assigns \nothing;
    ensures plain: \result <==>
                   (policy->protocol_count == 0 ? d.protocol == 0 :
                    d.protocol < policy->protocol_count); */
static bool named(const struct upheld_policy *policy, struct upheld_decision d)
{
    return policy->protocol_count == 0 ? d.protocol == 0 : d.protocol < policy->protocol_count;
}

/* The methods of the protocol that the decision names; those of WebSocket where it names none. */
/*@ requires policy:  ReadablePolicy((struct upheld_policy *)policy);
    requires bounded: BoundedPolicy((struct upheld_policy *)policy);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == NamedMethods((struct upheld_policy *)policy, d)); */
static enum upheld_methods named_methods(const struct upheld_policy *policy,
                                         struct upheld_decision d)
{
    return named(policy, d) ? uph_row(policy, d.protocol + 1).methods : UPHELD_GET;
}

/* Whether the 100 goes out with the 101. */
/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT((\result ? 1 : 0) == ContinueInFront(d)); */
static bool continue_in_front(struct upheld_decision d)
{
    return d.continue_first && !d.body_first;
}

/* The list of extensions octet by octet, from its pieces. */
/*@ ghost
  /@ requires readable: \valid_read(list + (0 .. UPHELD_EXTENSIONS_SIZE - 1));
     requires written:  UPH_EXACT(
       \forall integer k; 0 <= k < UPH_PIECES ==> PieceIs((uint8_t *)list, agreed, k));
     terminates \true;
     assigns \nothing;
     ensures octets: UPH_EXACT(\forall integer i; 0 <= i < SaidSize(agreed) ==>
       list[i] == SaidOctet(agreed, i)); @/
  static void list_is_said(const uint8_t *list, struct upheld_agreed agreed)
  {
    /@ assert name: UPH_EXACT(PieceIs((uint8_t *)list, agreed, 0)); @/
    /@ assert server_free: UPH_EXACT(PieceIs((uint8_t *)list, agreed, 1)); @/
    /@ assert client_free: UPH_EXACT(PieceIs((uint8_t *)list, agreed, 2)); @/
    /@ assert server_bits: UPH_EXACT(PieceIs((uint8_t *)list, agreed, 3)); @/
    /@ assert server: UPH_EXACT(PieceIs((uint8_t *)list, agreed, 4)); @/
    /@ assert client_bits: UPH_EXACT(PieceIs((uint8_t *)list, agreed, 5)); @/
    /@ assert client: UPH_EXACT(PieceIs((uint8_t *)list, agreed, 6)); @/
  }
*/

#ifdef __FRAMAC__
#ifndef UPHELD_RUNTIME_CONTRACTS
/*@ // Piece k of the 101 to WebSocket, where accept value and list of extensions stand.
  logic uint8_t *LaidText(uint8_t *accept, uint8_t *name, uint8_t *list, integer k) =
     k == 0 ? (uint8_t *)&CONTINUE[0] :
     k == 1 ? (uint8_t *)&WEBSOCKET[0] :
     k == 2 ? accept :
     k == 3 ? (uint8_t *)&PROTOCOL[0] :
     k == 4 ? name :
     k == 5 ? (uint8_t *)&EXTENSIONS[0] :
     k == 6 ? list : (uint8_t *)&HEAD_END[0]; */
#endif
#endif

/* Writes the 101 to WebSocket with an accept value, the subprotocol `name` and the extensions in
 * `list`, the 100 before it if `first`. */
/*@ requires readable: \valid_read(accept + (0 .. UPHELD_ACCEPT_SIZE - 1));
    requires writable: \valid(out + (0 .. size - 1));
    requires name:     ReadableSpan(name) && name.n <= UPHELD_TEXT_MAX;
    requires list:     ReadableSpan(list) && list.n <= UPHELD_EXTENSIONS_SIZE;
    requires apart:    \separated(accept + (0 .. UPHELD_ACCEPT_SIZE - 1), out + (0 .. size - 1)) &&
                       \separated(name.p + (0 .. name.n - 1), out + (0 .. size - 1)) &&
                       \separated(list.p + (0 .. list.n - 1), out + (0 .. size - 1));
    requires fixed:    ApartFromTexts(out, size);
    terminates \true;
    assigns out[0 .. size - 1];
    ensures size: UPH_EXACT(
      \result == \old(OpeningAt((first ? 1 : 0), name.n, list.n, UPH_PARTS)));
    ensures octets: UPH_EXACT(0 < \result <= size ==>
      (\forall integer k; 0 <= k < UPH_PARTS ==>
        TextAt{Pre, Post}(out, OpeningAt((first ? 1 : 0), name.n, list.n, k),
                          LaidText((uint8_t *)accept, (uint8_t *)name.p, (uint8_t *)list.p, k),
                          OpeningSize((first ? 1 : 0), name.n, list.n, k))));
    ensures untouched: \result > size ==>
                       (\forall integer k; 0 <= k < size ==> out[k] == \old(out[k])); */
static size_t opening_put(const uint8_t *accept, struct upheld_span name, struct upheld_span list,
                          bool first, uint8_t *out, size_t size)
{
    struct upheld_span before = text_if(first, SENT(CONTINUE));
    struct upheld_span field = text_if(name.n > 0, SENT(PROTOCOL));
    struct upheld_span extensions = text_if(list.n > 0, SENT(EXTENSIONS));
    size_t need = before.n + (sizeof(WEBSOCKET) - 1) + UPHELD_ACCEPT_SIZE + field.n + name.n +
                  extensions.n + list.n + (sizeof(HEAD_END) - 1);
    if (need <= size) {
        uph_texts_put(out, need, before, SENT(WEBSOCKET),
                      (struct upheld_span){ accept, UPHELD_ACCEPT_SIZE }, field, name, extensions,
                      list, SENT(HEAD_END));
    }
    return need;
}

/* Writes the list of extensions that says what was agreed on; returns its octets. */
/*@ requires writable: \valid(list + (0 .. UPHELD_EXTENSIONS_SIZE - 1));
    requires fixed:    ApartFromPieces(list, UPHELD_EXTENSIONS_SIZE);
    terminates \true;
    assigns list[0 .. UPHELD_EXTENSIONS_SIZE - 1];
    ensures size: UPH_EXACT(\result == SaidSize(agreed));
    ensures octets: UPH_EXACT(\forall integer i; 0 <= i < \result ==>
      list[i] == SaidOctet(agreed, i)); */
static size_t said_put(struct upheld_agreed agreed, uint8_t *list)
{
    size_t listed = upheld_extensions_write(agreed, list, UPHELD_EXTENSIONS_SIZE);
    /*@ ghost list_is_said(list, agreed); */
    return listed;
}

/* Writes the 101 to WebSocket for a key, with the subprotocol `name`, the 100 before it if
 * `first`. */
/*@ requires readable: \valid_read(key + (0 .. UPHELD_KEY_SIZE - 1));
    requires writable: \valid(out + (0 .. size - 1));
    requires name:     ReadableSpan(name) && name.n <= UPHELD_TEXT_MAX;
    requires apart:    \separated(name.p + (0 .. name.n - 1), out + (0 .. size - 1));
    requires fixed:    ApartFromTexts(out, size);
    terminates \true;
    assigns out[0 .. size - 1];
    ensures size: UPH_EXACT(
      \result == \old(OpeningAt((first ? 1 : 0), name.n, SaidSize(agreed), UPH_PARTS)));
    ensures octets: UPH_EXACT(0 < \result <= size ==>
      (\forall integer k, j;
        0 <= k < UPH_PARTS &&
        0 <= j < \old(OpeningSize((first ? 1 : 0), name.n, SaidSize(agreed), k)) ==>
        out[\old(OpeningAt((first ? 1 : 0), name.n, SaidSize(agreed), k)) + j] ==
        \old(OpeningOctet((uint8_t *)key, (uint8_t *)name.p, agreed, k, j))));
    ensures untouched: \result > size ==>
                       (\forall integer k; 0 <= k < size ==> out[k] == \old(out[k])); */
static size_t opening(const uint8_t *key, struct upheld_span name, struct upheld_agreed agreed,
                      bool first, uint8_t *out, size_t size)
{
    uint8_t accept[UPHELD_ACCEPT_SIZE];
    uint8_t list[UPHELD_EXTENSIONS_SIZE];
    upheld_accept(key, accept);
    /*@ assert accepted: UPH_EXACT(\forall integer j; 0 <= j < UPHELD_ACCEPT_SIZE ==>
          accept[j] == \at(AcceptOctet((uint8_t *)key, j), Pre)); */
    /*@ assert named: \forall integer j; 0 <= j < name.n ==> name.p[j] == \at(name.p[j], Pre); */
    /*@ assert before: \forall integer k; 0 <= k < size ==> out[k] == \at(out[k], Pre); */
    size_t listed = said_put(agreed, list);
    /*@ assert behind: \forall integer k; 0 <= k < size ==> out[k] == \at(out[k], Pre); */
    /*@ assert kept: UPH_EXACT(\forall integer j; 0 <= j < UPHELD_ACCEPT_SIZE ==>
          accept[j] == \at(AcceptOctet((uint8_t *)key, j), Pre)); */
    /*@ assert said: UPH_EXACT(\forall integer j; 0 <= j < listed ==>
          list[j] == \at(SaidOctet(agreed, j), Pre)); */
    /*@ assert name: \forall integer j; 0 <= j < name.n ==>
          name.p[j] == \at(name.p[j], Pre); */
    /*@ assert laid: UPH_EXACT(\forall integer k, j;
          0 <= k < UPH_PARTS &&
          0 <= j < OpeningSize((first ? 1 : 0), name.n, SaidSize(agreed), k) ==>
          LaidText(&accept[0], (uint8_t *)name.p, &list[0], k)[j] ==
          \at(OpeningOctet((uint8_t *)key, (uint8_t *)name.p, agreed, k, j), Pre)); */
    return opening_put(accept, name, (struct upheld_span){ list, listed }, first, out, size);
}

/* Writes the 101 to WebSocket for the key at p[d.key_at], the 100 before it if `first`. */
/*@ requires readable: \valid_read(p + (0 .. n - 1));
    requires writable: \valid(out + (0 .. size - 1));
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    requires texts:    BoundedTexts((struct upheld_policy *)policy);
    requires own:      ApartFromPolicy(out, size, (struct upheld_policy *)policy);
    requires fixed:    ApartFromTexts(out, size);
    terminates \true;
    assigns out[0 .. size - 1];
    ensures size: UPH_EXACT(\result == \old(n < UPHELD_KEY_SIZE + d.key_at ? 0 :
      OpeningAt((first ? 1 : 0), NameSize((struct upheld_policy *)policy, d), SaidSize(d.agreed),
        UPH_PARTS)));
    ensures octets: UPH_EXACT(0 < \result <= size ==>
      (\forall integer k, j; 0 <= k < UPH_PARTS &&
        0 <= j < \old(OpeningSize((first ? 1 : 0), NameSize((struct upheld_policy *)policy, d),
        SaidSize(d.agreed), k)) ==>
        out[\old(OpeningAt((first ? 1 : 0), NameSize((struct upheld_policy *)policy, d),
          SaidSize(d.agreed), k)) + j] ==
        \old(OpeningOctet((uint8_t *)&p[d.key_at], NameText((struct upheld_policy *)policy, d),
          d.agreed, k, j))));
    ensures untouched: \result > size ==>
                       (\forall integer k; 0 <= k < size ==> out[k] == \old(out[k])); */
static size_t websocket(const uint8_t *p, size_t n, const struct upheld_policy *policy,
                        struct upheld_decision d, bool first, uint8_t *out, size_t size)
{
    if (n < UPHELD_KEY_SIZE || d.key_at > n - UPHELD_KEY_SIZE) {
        return 0; /* no decision on these octets */
    }
    struct upheld_span name = chosen(policy, d);
    /*@ assert apart: \separated(name.p + (0 .. name.n - 1), out + (0 .. size - 1)); */
    return opening(p + d.key_at, name, d.agreed, first, out, size);
}

/* Writes the 101 to the protocol that the decision names, which is WebSocket. */
/*@ requires readable: \valid_read(p + (0 .. n - 1));
    requires writable: \valid(out + (0 .. size - 1));
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    requires texts:    BoundedTexts((struct upheld_policy *)policy);
    requires own:      ApartFromPolicy(out, size, (struct upheld_policy *)policy);
    requires fixed:    ApartFromTexts(out, size);
    requires said:     UPH_EXACT(ProtocolNamed((struct upheld_policy *)policy, d) == \true &&
                                 ToWebsocket((struct upheld_policy *)policy, d) == \true);
    requires first:    UPH_EXACT((first ? 1 : 0) == ContinueInFront(d));
    terminates \true;
    assigns out[0 .. size - 1];
    ensures size: UPH_EXACT(
      \result == \old(SwitchAll(n, (struct upheld_policy *)policy, d)));
    ensures octets: UPH_EXACT(0 < \result <= size ==>
      (\forall integer k, j; 0 <= k < UPH_PARTS &&
        0 <= j < \old(SwitchSize((struct upheld_policy *)policy, d, k)) ==>
        out[\old(SwitchAt((struct upheld_policy *)policy, d, k)) + j] ==
          \old(SwitchOctet((uint8_t *)p, (struct upheld_policy *)policy, d, k, j))));
    ensures untouched: \result > size ==>
                       (\forall integer k; 0 <= k < size ==> out[k] == \old(out[k])); */
static size_t to_websocket(const uint8_t *p, size_t n, const struct upheld_policy *policy,
                           struct upheld_decision d, bool first, uint8_t *out, size_t size)
{
    /*@ assert sizes: UPH_EXACT(\forall integer k; SwitchSize((struct upheld_policy *)policy, d,
      k) ==
              OpeningSize((first ? 1 : 0), NameSize((struct upheld_policy *)policy, d),
                SaidSize(d.agreed), k)); */
    /*@ assert starts: UPH_EXACT(\forall integer k; SwitchAt((struct upheld_policy *)policy, d,
      k) ==
              OpeningAt((first ? 1 : 0), NameSize((struct upheld_policy *)policy, d),
                SaidSize(d.agreed), k)); */
    /*@ assert octets: UPH_EXACT(\forall integer k, j;
              SwitchOctet((uint8_t *)p, (struct upheld_policy *)policy, d, k, j) ==
              OpeningOctet((uint8_t *)&p[d.key_at], NameText((struct upheld_policy *)policy, d),
                d.agreed, k, j)); */
    size_t written = websocket(p, n, policy, d, first, out, size);
    /*@ assert laid: UPH_EXACT(0 < written <= size ==>
          (\forall integer k, j; 0 <= k < UPH_PARTS &&
            0 <= j < \at(SwitchSize((struct upheld_policy *)policy, d, k), Pre) ==>
            out[\at(OpeningAt((first ? 1 : 0), NameSize((struct upheld_policy *)policy, d),
              SaidSize(d.agreed), k), Pre) + j] ==
              \at(SwitchOctet((uint8_t *)p, (struct upheld_policy *)policy, d, k, j), Pre))); */
    return written;
}

/* Writes the 101 to another protocol, the 100 before it if `first`. */
/*@ requires writable: \valid(out + (0 .. size - 1));
    requires answer:   ReadableSpan(answer) && answer.n <= UPHELD_TEXT_MAX;
    requires own:      \separated(answer.p + (0 .. answer.n - 1), out + (0 .. size - 1));
    requires fixed:    ApartFromTexts(out, size);
    terminates \true;
    assigns out[0 .. size - 1];
    ensures size: UPH_EXACT(
      \result == \old(OtherAt((first ? 1 : 0), answer.n, (capsule ? 1 : 0), UPH_PARTS)));
    ensures octets: UPH_EXACT(0 < \result <= size ==>
      (\forall integer k; 0 <= k < UPH_PARTS ==>
        TextAt{Pre, Post}(out, OtherAt((first ? 1 : 0), answer.n, (capsule ? 1 : 0), k),
                          OtherText((uint8_t *)answer.p, k),
                          OtherSize((first ? 1 : 0), answer.n, (capsule ? 1 : 0), k))));
    ensures untouched: \result > size ==>
                       (\forall integer k; 0 <= k < size ==> out[k] == \old(out[k])); */
static size_t another(struct upheld_span answer, bool capsule, bool first, uint8_t *out,
                      size_t size)
{
    struct upheld_span before = text_if(first, SENT(CONTINUE));
    struct upheld_span field = text_if(capsule, SENT(CAPSULE));
    size_t need = before.n + (sizeof(SWITCHING) - 1) + answer.n + (sizeof(SWITCHED) - 1) + field.n +
                  (sizeof(HEAD_END) - 1);
    if (need <= size) {
        uph_texts_put(out, need, before, SENT(SWITCHING), answer, SENT(SWITCHED), field, NOTHING,
                      NOTHING, SENT(HEAD_END));
    }
    return need;
}

/* Writes the 101 to the protocol of the policy that the decision names, the 100 before it if
 * `first`. */
/*@ requires writable: \valid(out + (0 .. size - 1));
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    requires texts:    BoundedTexts((struct upheld_policy *)policy);
    requires own:      ApartFromPolicy(out, size, (struct upheld_policy *)policy);
    requires fixed:    ApartFromTexts(out, size);
    requires inside:   d.protocol < policy->protocol_count;
    requires capsule:  UPH_EXACT((capsule ? 1 : 0) ==
      CapsuleSaid((struct upheld_policy *)policy, d));
    requires said:     UPH_EXACT(ProtocolNamed((struct upheld_policy *)policy, d) == \true &&
      ToWebsocket((struct upheld_policy *)policy, d) == \false);
    requires first:    UPH_EXACT((first ? 1 : 0) == ContinueInFront(d));
    terminates \true;
    assigns out[0 .. size - 1];
    ensures size: UPH_EXACT(\result ==
      \old(SwitchAt((struct upheld_policy *)policy, d, UPH_PARTS)));
    ensures octets: UPH_EXACT(0 < \result <= size ==>
      (\forall integer k; 0 <= k < UPH_PARTS ==>
        TextAt{Pre, Post}(out, \old(SwitchAt((struct upheld_policy *)policy, d, k)),
          \old(OtherText((uint8_t *)policy->protocols[d.protocol].answer.p, k)),
          \old(SwitchSize((struct upheld_policy *)policy, d, k)))));
    ensures untouched: \result > size ==>
                       (\forall integer k; 0 <= k < size ==> out[k] == \old(out[k])); */
static size_t other(const struct upheld_policy *policy, struct upheld_decision d, bool capsule,
                    bool first, uint8_t *out, size_t size)
{
    struct upheld_span answer = policy->protocols[d.protocol].answer;
    /*@ assert apart: \separated(answer.p + (0 .. answer.n - 1), out + (0 .. size - 1)); */
    return another(answer, capsule, first, out, size);
}

/*@ requires readable: \valid_read(p + (0 .. n - 1));
    requires writable: \valid(out + (0 .. size - 1));
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    requires texts:    BoundedTexts((struct upheld_policy *)policy);
    requires apart:    \separated(p + (0 .. n - 1), out + (0 .. size - 1));
    requires own:      ApartFromPolicy(out, size, (struct upheld_policy *)policy);
    requires fixed:    ApartFromTexts(out, size);
    terminates \true;
    assigns out[0 .. size - 1];
    ensures size: UPH_EXACT(
      \result == \old(SwitchAll(n, (struct upheld_policy *)policy, d)));
    ensures octets: UPH_EXACT(0 < \result <= size ==>
      (\forall integer k, j; 0 <= k < UPH_PARTS &&
        0 <= j < \old(SwitchSize((struct upheld_policy *)policy, d, k)) ==>
        out[\old(SwitchAt((struct upheld_policy *)policy, d, k)) + j] ==
          \old(SwitchOctet((uint8_t *)p, (struct upheld_policy *)policy, d, k, j))));
    ensures untouched: \result > size ==>
                       (\forall integer k; 0 <= k < size ==> out[k] == \old(out[k])); */
static size_t switching(const uint8_t *p, size_t n, const struct upheld_policy *policy,
                        struct upheld_decision d, uint8_t *out, size_t size)
{
    if (!named(policy, d)) {
        return 0; /* no decision on this policy */
    }
    bool first = continue_in_front(d);
    struct uph_row row = uph_row(policy, d.protocol + 1);
    if (row.checks == UPHELD_CHECKS_WEBSOCKET) {
        return to_websocket(p, n, policy, d, first, out, size);
    }
    return other(policy, d, row.checks == UPHELD_CHECKS_CAPSULE, first, out, size);
}

/* Writes a refusal of these texts; with the version spoken if `version`, with a challenge if
 * `asked`. */
/*@ requires writable: \valid(out + (0 .. size - 1));
    requires readable: ReadableSpan(head) && ReadableSpan(upgrade) && ReadableSpan(link) &&
                       ReadableSpan(challenge);
    requires bounded:  head.n <= 64 && upgrade.n <= UPHELD_TEXT_MAX && link.n <= 64 &&
                       challenge.n <= UPHELD_TEXT_MAX;
    requires apart:    \separated(head.p + (0 .. head.n - 1), out + (0 .. size - 1)) &&
                       \separated(upgrade.p + (0 .. upgrade.n - 1), out + (0 .. size - 1)) &&
                       \separated(link.p + (0 .. link.n - 1), out + (0 .. size - 1)) &&
                       \separated(challenge.p + (0 .. challenge.n - 1), out + (0 .. size - 1));
    requires fixed:    ApartFromTexts(out, size);
    terminates \true;
    assigns out[0 .. size - 1];
    ensures size: UPH_EXACT(\result ==
      \old(RefusedAt(head.n, upgrade.n, link.n, (version ? 1 : 0), (asked ? 1 : 0), challenge.n,
      UPH_PARTS)));
    ensures octets: UPH_EXACT(0 < \result <= size ==>
      (\forall integer k; 0 <= k < UPH_PARTS ==>
        TextAt{Pre, Post}(out, RefusedAt(head.n, upgrade.n, link.n, (version ? 1 : 0), (asked ?
          1 : 0), challenge.n, k),
                          RefusedText((uint8_t *)head.p, (uint8_t *)upgrade.p, (uint8_t *)link.p,
                            (uint8_t *)challenge.p, k),
                          RefusedSize(head.n, upgrade.n, link.n, (version ? 1 : 0), (asked ? 1 :
                            0), challenge.n, k))));
    ensures untouched: \result > size ==>
                       (\forall integer k; 0 <= k < size ==> out[k] == \old(out[k])); */
static UPH_SELDOM size_t refuse_put(struct upheld_span head, struct upheld_span upgrade,
                                    struct upheld_span link, bool version, bool asked,
                                    struct upheld_span challenge, uint8_t *out, size_t size)
{
    struct upheld_span spoken = text_if(version, SENT(VERSION));
    struct upheld_span ask = text_if(asked, SENT(CHALLENGE));
    size_t need = head.n + upgrade.n + link.n + spoken.n + (sizeof(LENGTH) - 1) + ask.n +
                  challenge.n + (sizeof(HEAD_END) - 1);
    if (need <= size) {
        uph_texts_put(out, need, head, upgrade, link, spoken, SENT(LENGTH), ask, challenge,
                      SENT(HEAD_END));
    }
    return need;
}

/*@ requires writable: \valid(out + (0 .. size - 1));
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    requires texts:    BoundedTexts((struct upheld_policy *)policy);
    requires own:      ApartFromPolicy(out, size, (struct upheld_policy *)policy);
    requires fixed:    ApartFromTexts(out, size);
    terminates \true;
    assigns out[0 .. size - 1];
    ensures size: UPH_EXACT(
      \result == \old(RefuseAt((struct upheld_policy *)policy, d, UPH_PARTS)));
    ensures octets: UPH_EXACT(0 < \result <= size ==>
      (\forall integer k; 0 <= k < UPH_PARTS ==>
        TextAt{Pre, Post}(out, \old(RefuseAt((struct upheld_policy *)policy, d, k)),
          \old(RefuseText((struct upheld_policy *)policy, d, k)),
                          \old(RefuseSize((struct upheld_policy *)policy, d, k)))));
    ensures untouched: \result > size ==>
                       (\forall integer k; 0 <= k < size ==> out[k] == \old(out[k])); */
static UPH_SELDOM size_t refuse(const struct upheld_policy *policy, struct upheld_decision d,
                                uint8_t *out, size_t size)
{
    enum upheld_methods methods = named_methods(policy, d);
    bool version = d.clause == UPHELD_R6455_4_2_2_6;
    struct upheld_span head = refusal(d.status, d.clause, methods);
    struct upheld_span upgrade = text_if(d.status == 426, version ? SENT(NAME) : policy->required);
    struct upheld_span link = connection(d.status, d.close);
    struct upheld_span challenge = text_if(d.status == 401, policy->challenge);
    /*@ assert laid: UPH_EXACT(\forall integer k;
          0 <= k < UPH_PARTS && 0 < RefuseSize((struct upheld_policy *)policy, d, k) ==>
          RefusedText((uint8_t *)head.p, (uint8_t *)upgrade.p, (uint8_t *)link.p,
                      (uint8_t *)challenge.p, k) ==
          RefuseText((struct upheld_policy *)policy, d, k)); */
    return refuse_put(head, upgrade, link, version, d.status == 401, challenge, out, size);
}

size_t upheld_response_write(const uint8_t *p, size_t n, const struct upheld_policy *policy,
                             struct upheld_decision d, uint8_t *out, size_t size)
{
    switch (d.verdict) {
    case UPHELD_SWITCH:
        return switching(p, n, policy, d, out, size);
    case UPHELD_REFUSE:
        return refuse(policy, d, out, size);
    default:
        return 0;
    }
}

size_t upheld_continue_write(struct upheld_decision d, uint8_t *out, size_t size)
{
    if (d.verdict != UPHELD_SWITCH || !d.continue_first || !d.body_first) {
        return 0;
    }
    if (sizeof(CONTINUE) - 1 <= size) {
        uph_put(out, 0, CONTINUE, sizeof(CONTINUE) - 1);
    }
    return sizeof(CONTINUE) - 1;
}
