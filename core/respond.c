/* respond.c: the octets of an answer (RFC 9110 section 15, RFC 6455 section 4.2.2). All of them are
 * ours or the policy's; of the client's octets only the key is read, and it is hashed. */
#include "respond.h"

#define SENT(x) ((struct upheld_span){ x, sizeof(x) - 1 })
#define NOTHING ((struct upheld_span){ 0, 0 })

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
static size_t text_put(uint8_t *out, size_t at, struct upheld_span s)
{
    return uph_put(out, at, s.p, s.n);
}

#ifdef __FRAMAC__
#ifndef UPHELD_RUNTIME_CONTRACTS
/*@ // Octet i of eight texts, one behind the other.
  logic integer TextsOctet(struct upheld_span a, struct upheld_span b, struct upheld_span c,
                           struct upheld_span d, struct upheld_span e, struct upheld_span f,
                           struct upheld_span g, struct upheld_span h, integer i) =
     i < a.n ? a.p[i] :
     i < a.n + b.n ? b.p[i - a.n] :
     i < a.n + b.n + c.n ? c.p[i - a.n - b.n] :
     i < a.n + b.n + c.n + d.n ? d.p[i - a.n - b.n - c.n] :
     i < a.n + b.n + c.n + d.n + e.n ? e.p[i - a.n - b.n - c.n - d.n] :
     i < a.n + b.n + c.n + d.n + e.n + f.n ?
     f.p[i - a.n - b.n - c.n - d.n - e.n] :
     i < a.n + b.n + c.n + d.n + e.n + f.n + g.n ?
     g.p[i - a.n - b.n - c.n - d.n - e.n - f.n] :
     h.p[i - a.n - b.n - c.n - d.n - e.n - f.n - g.n];
*/
#endif
#endif

/* Puts the texts of an answer, which are `size` octets, one behind the other. */
/*@ requires readable: ReadableSpan(a) && ReadableSpan(b) && ReadableSpan(c) && ReadableSpan(d) &&
                       ReadableSpan(e) && ReadableSpan(f) && ReadableSpan(g) && ReadableSpan(h);
    requires bounded:  a.n <= UPHELD_TEXT_MAX && b.n <= UPHELD_TEXT_MAX &&
                       c.n <= UPHELD_TEXT_MAX && d.n <= UPHELD_TEXT_MAX &&
                       e.n <= UPHELD_TEXT_MAX && f.n <= UPHELD_TEXT_MAX &&
                       g.n <= UPHELD_TEXT_MAX && h.n <= UPHELD_TEXT_MAX;
    requires sum:      size == a.n + b.n + c.n + d.n + e.n + f.n + g.n + h.n;
    requires writable: \valid(out + (0 .. size - 1));
    requires apart:    \separated(a.p + (0 .. a.n - 1), out + (0 .. size - 1)) &&
                       \separated(b.p + (0 .. b.n - 1), out + (0 .. size - 1)) &&
                       \separated(c.p + (0 .. c.n - 1), out + (0 .. size - 1)) &&
                       \separated(d.p + (0 .. d.n - 1), out + (0 .. size - 1)) &&
                       \separated(e.p + (0 .. e.n - 1), out + (0 .. size - 1)) &&
                       \separated(f.p + (0 .. f.n - 1), out + (0 .. size - 1)) &&
                       \separated(g.p + (0 .. g.n - 1), out + (0 .. size - 1)) &&
                       \separated(h.p + (0 .. h.n - 1), out + (0 .. size - 1));
    terminates \true;
    assigns out[0 .. size - 1];
    ensures octets: UPH_EXACT(\forall integer i; 0 <= i < size ==>
      out[i] == \old(TextsOctet(a, b, c, d, e, f, g, h, i))); */
static void texts_put(uint8_t *out, size_t size, struct upheld_span a, struct upheld_span b,
                      struct upheld_span c, struct upheld_span d, struct upheld_span e,
                      struct upheld_span f, struct upheld_span g, struct upheld_span h)
{
    (void)size;
    size_t at = text_put(out, 0, a);
    /*@ assert added_a: UPH_EXACT(\forall integer i; at - a.n <= i < at ==>
          out[i] == \at(TextsOctet(a, b, c, d, e, f, g, h, i), Pre)); */
    at = text_put(out, at, b);
    /*@ assert kept_b: UPH_EXACT(\forall integer i; 0 <= i < a.n ==>
          out[i] == \at(TextsOctet(a, b, c, d, e, f, g, h, i), Pre)); */
    /*@ assert added_b: UPH_EXACT(\forall integer i; at - b.n <= i < at ==>
          out[i] == \at(TextsOctet(a, b, c, d, e, f, g, h, i), Pre)); */
    /*@ assert source_c: UPH_EXACT(\forall integer j; 0 <= j < c.n ==>
          c.p[j] == \at(c.p[j], Pre)); */
    at = text_put(out, at, c);
    /*@ assert kept_c: UPH_EXACT(\forall integer i; 0 <= i < a.n + b.n ==>
          out[i] == \at(TextsOctet(a, b, c, d, e, f, g, h, i), Pre)); */
    /*@ assert added_c: UPH_EXACT(\forall integer i; at - c.n <= i < at ==>
          out[i] == \at(TextsOctet(a, b, c, d, e, f, g, h, i), Pre)); */
    /*@ assert source_d: UPH_EXACT(\forall integer j; 0 <= j < d.n ==>
          d.p[j] == \at(d.p[j], Pre)); */
    at = text_put(out, at, d);
    /*@ assert kept_d: UPH_EXACT(\forall integer i; 0 <= i < a.n + b.n + c.n ==>
          out[i] == \at(TextsOctet(a, b, c, d, e, f, g, h, i), Pre)); */
    /*@ assert added_d: UPH_EXACT(\forall integer i; at - d.n <= i < at ==>
          out[i] == \at(TextsOctet(a, b, c, d, e, f, g, h, i), Pre)); */
    /*@ assert source_e: UPH_EXACT(\forall integer j; 0 <= j < e.n ==>
          e.p[j] == \at(e.p[j], Pre)); */
    at = text_put(out, at, e);
    /*@ assert kept_e: UPH_EXACT(\forall integer i; 0 <= i < a.n + b.n + c.n + d.n ==>
          out[i] == \at(TextsOctet(a, b, c, d, e, f, g, h, i), Pre)); */
    /*@ assert added_e: UPH_EXACT(\forall integer i; at - e.n <= i < at ==>
          out[i] == \at(TextsOctet(a, b, c, d, e, f, g, h, i), Pre)); */
    /*@ assert source_f: UPH_EXACT(\forall integer j; 0 <= j < f.n ==>
          f.p[j] == \at(f.p[j], Pre)); */
    at = text_put(out, at, f);
    /*@ assert kept_f: UPH_EXACT(\forall integer i; 0 <= i < a.n + b.n + c.n + d.n + e.n ==>
          out[i] == \at(TextsOctet(a, b, c, d, e, f, g, h, i), Pre)); */
    /*@ assert added_f: UPH_EXACT(\forall integer i; at - f.n <= i < at ==>
          out[i] == \at(TextsOctet(a, b, c, d, e, f, g, h, i), Pre)); */
    /*@ assert source_g: UPH_EXACT(\forall integer j; 0 <= j < g.n ==>
          g.p[j] == \at(g.p[j], Pre)); */
    at = text_put(out, at, g);
    /*@ assert kept_g: UPH_EXACT(\forall integer i; 0 <= i < a.n + b.n + c.n + d.n + e.n + f.n ==>
          out[i] == \at(TextsOctet(a, b, c, d, e, f, g, h, i), Pre)); */
    /*@ assert added_g: UPH_EXACT(\forall integer i; at - g.n <= i < at ==>
          out[i] == \at(TextsOctet(a, b, c, d, e, f, g, h, i), Pre)); */
    /*@ assert source_h: UPH_EXACT(\forall integer j; 0 <= j < h.n ==>
          h.p[j] == \at(h.p[j], Pre)); */
    at = text_put(out, at, h);
    /*@ assert kept_h: UPH_EXACT(\forall integer i;
          0 <= i < a.n + b.n + c.n + d.n + e.n + f.n + g.n ==>
          out[i] == \at(TextsOctet(a, b, c, d, e, f, g, h, i), Pre)); */
    /*@ assert added_h: UPH_EXACT(\forall integer i; at - h.n <= i < at ==>
          out[i] == \at(TextsOctet(a, b, c, d, e, f, g, h, i), Pre)); */
}

/* The text that refuses where Allow names the methods of a protocol. */
/*@ terminates \true;
    assigns \nothing;
    ensures text: UPH_EXACT(\result.p == AllowedText(methods));
    ensures size: UPH_EXACT(\result.n == AllowedSize(methods));
    ensures readable: \valid_read(\result.p + (0 .. \result.n - 1));
    ensures bounded:  0 < \result.n <= 64;
    ensures apart:    \forall uint8_t *out, integer size; ApartFromTexts(out, size) ==>
                      \separated(\result.p + (0 .. \result.n - 1), out + (0 .. size - 1)); */
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
    ensures size: UPH_EXACT(\result.n == RefusalSize(status, clause, methods));
    ensures readable: \valid_read(\result.p + (0 .. \result.n - 1));
    ensures bounded:  0 < \result.n <= 64;
    ensures apart:    \forall uint8_t *out, integer size; ApartFromTexts(out, size) ==>
                      \separated(\result.p + (0 .. \result.n - 1), out + (0 .. size - 1)); */
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
    ensures size: UPH_EXACT(\result.n == ConnectionSize(status, (close ? 1 : 0)));
    ensures readable: \valid_read(\result.p + (0 .. \result.n - 1));
    ensures bounded:  \result.n <= 64;
    ensures apart:    \forall uint8_t *out, integer size; ApartFromTexts(out, size) ==>
                      \separated(\result.p + (0 .. \result.n - 1), out + (0 .. size - 1)); */
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
    ensures exact: \result.n == (given ? text.n : 0) && (given ==> \result == text);
    ensures readable: ReadableSpan(\result); */
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
    ensures size: UPH_EXACT(\result.n == NameSize((struct upheld_policy *)policy, d));
    ensures readable: ReadableSpan(\result);
    ensures bounded:  \result.n <= UPHELD_TEXT_MAX;
    ensures own: \result.n == 0 ||
                 (d.subprotocol < policy->subprotocol_count &&
                  \result == policy->subprotocols[d.subprotocol]); */
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
      \result == \old(OpeningAt((first ? 1 : 0), name.n, agreed, 8)));
    ensures octets: UPH_EXACT(\result <= size ==> (\forall integer i; 0 <= i < \result ==>
      out[i] == \old(OpeningOctet((uint8_t *)key, (uint8_t *)name.p, name.n, agreed,
                                  (first ? 1 : 0), i))));
    ensures bounded: \result <= UPHELD_TEXT_MAX + 512;
    ensures untouched: \result > size ==>
                       (\forall integer k; 0 <= k < size ==> out[k] == \old(out[k])); */
static size_t opening(const uint8_t *key, struct upheld_span name, struct upheld_agreed agreed,
                      bool first, uint8_t *out, size_t size)
{
    uint8_t accept[UPHELD_ACCEPT_SIZE];
    uint8_t list[UPHELD_EXTENSIONS_SIZE];
    struct upheld_span before = text_if(first, SENT(CONTINUE));
    struct upheld_span field = text_if(name.n > 0, SENT(PROTOCOL));
    size_t listed = agreed.deflate ? upheld_extensions_write(agreed, list, sizeof list) : 0;
    struct upheld_span extensions = text_if(listed > 0, SENT(EXTENSIONS));
    size_t need = before.n + (sizeof(WEBSOCKET) - 1) + UPHELD_ACCEPT_SIZE + field.n + name.n +
                  extensions.n + listed + (sizeof(HEAD_END) - 1);
    if (need <= size) {
        upheld_accept(key, accept);
        texts_put(out, need, before, SENT(WEBSOCKET),
                  (struct upheld_span){ accept, UPHELD_ACCEPT_SIZE }, field, name, extensions,
                  (struct upheld_span){ list, listed }, SENT(HEAD_END));
    }
    return need;
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
    ensures size: UPH_EXACT(
      \result == \old(n < UPHELD_KEY_SIZE + d.key_at ? 0 :
                       OpeningAt((first ? 1 : 0), NameSize((struct upheld_policy *)policy, d),
                                 d.agreed, 8)));
    ensures octets: UPH_EXACT(\result <= size ==> (\forall integer i; 0 <= i < \result ==>
      out[i] == \old(OpeningOctet((uint8_t *)&p[d.key_at], NameText((struct upheld_policy *)policy, d),
                                  NameSize((struct upheld_policy *)policy, d), d.agreed,
                                  (first ? 1 : 0), i))));
    ensures bounded: \result <= UPHELD_TEXT_MAX + 512;
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

/* Writes the 101 to another protocol, the 100 before it if `first`. */
/*@ requires writable: \valid(out + (0 .. size - 1));
    requires answer:   ReadableSpan(answer) && answer.n <= UPHELD_TEXT_MAX;
    requires own:      \separated(answer.p + (0 .. answer.n - 1), out + (0 .. size - 1));
    requires fixed:    ApartFromTexts(out, size);
    terminates \true;
    assigns out[0 .. size - 1];
    ensures size: UPH_EXACT(
      \result == \old(OtherAt((first ? 1 : 0), answer.n, (capsule ? 1 : 0), 6)));
    ensures octets: UPH_EXACT(\result <= size ==> (\forall integer i; 0 <= i < \result ==>
      out[i] == \old(OtherOctet((uint8_t *)answer.p, answer.n, (capsule ? 1 : 0),
                                (first ? 1 : 0), i))));
    ensures bounded: \result <= UPHELD_TEXT_MAX + 512;
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
        texts_put(out, need, before, SENT(SWITCHING), answer, SENT(SWITCHED), field, NOTHING,
                  NOTHING, SENT(HEAD_END));
    }
    return need;
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
    ensures octets: UPH_EXACT(\result <= size ==> (\forall integer i; 0 <= i < \result ==>
      out[i] == \old(SwitchOctet((uint8_t *)p, (struct upheld_policy *)policy, d, i))));
    ensures bounded: \result <= UPHELD_TEXT_MAX + 512;
    ensures untouched: \result > size ==>
                       (\forall integer k; 0 <= k < size ==> out[k] == \old(out[k])); */
static size_t switching(const uint8_t *p, size_t n, const struct upheld_policy *policy,
                        struct upheld_decision d, uint8_t *out, size_t size)
{
    if (!named(policy, d)) {
        return 0; /* no decision on this policy */
    }
    bool first = d.continue_first && !d.body_first;
    struct uph_row row = uph_row(policy, d.protocol + 1);
    if (row.checks == UPHELD_CHECKS_WEBSOCKET) {
        return websocket(p, n, policy, d, first, out, size);
    }
    return another(policy->protocols[d.protocol].answer, row.checks == UPHELD_CHECKS_CAPSULE, first,
                   out, size);
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
      \result == \old(RefuseAt((struct upheld_policy *)policy, d, 8)));
    ensures octets: UPH_EXACT(\result <= size ==> (\forall integer i; 0 <= i < \result ==>
      out[i] == \old(RefuseOctet((struct upheld_policy *)policy, d, i))));
    ensures bounded: \result <= 2 * UPHELD_TEXT_MAX + 512;
    ensures untouched: \result > size ==>
                       (\forall integer k; 0 <= k < size ==> out[k] == \old(out[k])); */
static UPH_SELDOM size_t refuse(const struct upheld_policy *policy, struct upheld_decision d,
                                uint8_t *out, size_t size)
{
    enum upheld_methods methods =
        named(policy, d) ? uph_row(policy, d.protocol + 1).methods : UPHELD_GET;
    bool version = d.clause == UPHELD_R6455_4_2_2_6;
    struct upheld_span head = refusal(d.status, d.clause, methods);
    struct upheld_span name = text_if(d.status == 426, version ? SENT(NAME) : policy->required);
    struct upheld_span link = connection(d.status, d.close);
    struct upheld_span spoken = text_if(version, SENT(VERSION));
    struct upheld_span ask = text_if(d.status == 401, SENT(CHALLENGE));
    struct upheld_span challenge = text_if(d.status == 401, policy->challenge);
    size_t need = head.n + name.n + link.n + spoken.n + (sizeof(LENGTH) - 1) + ask.n + challenge.n +
                  (sizeof(HEAD_END) - 1);
    if (need <= size) {
        texts_put(out, need, head, name, link, spoken, SENT(LENGTH), ask, challenge,
                  SENT(HEAD_END));
    }
    return need;
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
