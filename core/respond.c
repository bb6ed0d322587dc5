/* respond.c: the octets of an answer (RFC 9110 section 15, RFC 6455 section 4.2.2). All of them are
 * ours or the policy's; of the client's octets only the key is read, and it is hashed. */
#include "respond.h"

#define SENT(x) ((struct upheld_span){ x, sizeof(x) - 1 })
#define NOTHING ((struct upheld_span){ 0, 0 })

/* An answer is this many texts at most, one behind the other. */
#define PARTS 8

#ifdef __FRAMAC__
#ifndef UPHELD_RUNTIME_CONTRACTS
/*@ // Octets of the parts from k on; the sum never grows, and does not pass the size of all.
  logic integer PartsRest(struct upheld_span *parts, integer k) =
     k >= PARTS ? 0 : parts[k].n + PartsRest(parts, k + 1);
  predicate PartsFall(struct upheld_span *parts, integer from, integer size) =
     \forall integer k; from <= k <= PARTS ==> 0 <= PartsRest(parts, k) <= size; */
#endif
/*@ predicate PartsReadable(struct upheld_span *parts) =
     \valid_read(parts + (0 .. PARTS - 1)) &&
     (\forall integer k; 0 <= k < PARTS ==> ReadableSpan(parts[k]));
  predicate PartsBounded(struct upheld_span *parts) =
     \forall integer k; 0 <= k < PARTS ==> parts[k].n <= UPHELD_TEXT_MAX;
  predicate PartsApart(struct upheld_span *parts, uint8_t *out, integer size) =
     \separated(parts + (0 .. PARTS - 1), out + (0 .. size - 1)) &&
     (\forall integer k; 0 <= k < PARTS ==>
       \separated(parts[k].p + (0 .. parts[k].n - 1), out + (0 .. size - 1))); */
#endif

/* Octets of all parts. */
/*@ requires readable: \valid_read(parts + (0 .. PARTS - 1));
    requires bounded:  PartsBounded((struct upheld_span *)parts);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == PartsRest((struct upheld_span *)parts, 0));
    ensures falls: UPH_EXACT(PartsFall((struct upheld_span *)parts, 0, \result)); */
static size_t parts_size(const struct upheld_span *parts)
{
    size_t size = 0;
    size_t k = PARTS;
    /*@ loop invariant bounded: 0 <= k <= PARTS && size <= (PARTS - k) * UPHELD_TEXT_MAX;
        loop invariant exact: UPH_EXACT(size == PartsRest((struct upheld_span *)parts, k));
        loop invariant falls: UPH_EXACT(PartsFall((struct upheld_span *)parts, k, size));
        loop assigns k, size;
        loop variant k; */
    while (k > 0) {
        k--;
        size += parts[k].n;
    }
    return size;
}

/* Puts all parts, which are `size` octets. */
/*@ requires readable: PartsReadable((struct upheld_span *)parts);
    requires bounded:  PartsBounded((struct upheld_span *)parts);
    requires exact:    UPH_EXACT(size == PartsRest((struct upheld_span *)parts, 0));
    requires falls:    UPH_EXACT(PartsFall((struct upheld_span *)parts, 0, size));
    requires writable: \valid(out + (0 .. size - 1));
    requires apart:    PartsApart((struct upheld_span *)parts, out, size);
    terminates \true;
    assigns out[0 .. size - 1]; */
static void parts_put(const struct upheld_span *parts, uint8_t *out, size_t size)
{
    (void)size;
    size_t at = 0;
    /*@ loop invariant bounded: 0 <= k <= PARTS && at <= size;
        loop invariant exact: UPH_EXACT(
          at + PartsRest((struct upheld_span *)parts, k) == size);
        loop assigns k, at, out[0 .. size - 1];
        loop variant PARTS - k; */
    for (size_t k = 0; k < PARTS; k++) {
        at = uph_put(out, at, parts[k].p, parts[k].n);
    }
}

/* The text that refuses where Allow names the methods of a protocol. */
/*@ terminates \true;
    assigns \nothing;
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

/* Writes the 101 to WebSocket for the key at p[d.key_at], the 100 before it if `first`. */
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
    ensures bounded: \result <= UPHELD_TEXT_MAX + 512;
    ensures untouched: \result > size ==>
                       (\forall integer k; 0 <= k < size ==> out[k] == \old(out[k])); */
static size_t websocket(const uint8_t *p, size_t n, const struct upheld_policy *policy,
                        struct upheld_decision d, bool first, uint8_t *out, size_t size)
{
    if (n < UPHELD_KEY_SIZE || d.key_at > n - UPHELD_KEY_SIZE) {
        return 0; /* no decision on these octets */
    }
    uint8_t accept[UPHELD_ACCEPT_SIZE];
    uint8_t list[UPHELD_EXTENSIONS_SIZE];
    size_t listed = upheld_extensions_write(d.agreed, list, sizeof list);
    struct upheld_span name = chosen(policy, d);
    const struct upheld_span parts[PARTS] = {
        text_if(first, SENT(CONTINUE)),
        SENT(WEBSOCKET),
        { accept, sizeof accept },
        text_if(name.n > 0, SENT(PROTOCOL)),
        name,
        text_if(listed > 0, SENT(EXTENSIONS)),
        { list, listed },
        SENT(HEAD_END),
    };
    size_t need = parts_size(parts);
    if (need <= size) {
        upheld_accept(p + d.key_at, accept);
        parts_put(parts, out, need);
    }
    return need;
}

/* Writes the 101 to another protocol, the 100 before it if `first`. */
/*@ requires writable: \valid(out + (0 .. size - 1));
    requires answer:   ReadableSpan(answer) && answer.n <= UPHELD_TEXT_MAX;
    requires own:      \separated(answer.p + (0 .. answer.n - 1), out + (0 .. size - 1));
    requires fixed:    ApartFromTexts(out, size);
    terminates \true;
    assigns out[0 .. size - 1];
    ensures bounded: \result <= UPHELD_TEXT_MAX + 512;
    ensures untouched: \result > size ==>
                       (\forall integer k; 0 <= k < size ==> out[k] == \old(out[k])); */
static size_t another(struct upheld_span answer, bool capsule, bool first, uint8_t *out,
                      size_t size)
{
    const struct upheld_span parts[PARTS] = {
        text_if(first, SENT(CONTINUE)),  SENT(SWITCHING), answer, SENT(SWITCHED),
        text_if(capsule, SENT(CAPSULE)), SENT(HEAD_END),
    };
    size_t need = parts_size(parts);
    if (need <= size) {
        parts_put(parts, out, need);
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
    requires length:   \separated(out + (0 .. size - 1), LENGTH + (..));
    requires fixed:    ApartFromTexts(out, size);
    terminates \true;
    assigns out[0 .. size - 1];
    ensures bounded: \result <= 2 * UPHELD_TEXT_MAX + 512;
    ensures untouched: \result > size ==>
                       (\forall integer k; 0 <= k < size ==> out[k] == \old(out[k])); */
static size_t refuse(const struct upheld_policy *policy, struct upheld_decision d, uint8_t *out,
                     size_t size)
{
    enum upheld_methods methods =
        named(policy, d) ? uph_row(policy, d.protocol + 1).methods : UPHELD_GET;
    bool version = d.clause == UPHELD_R6455_4_2_2_6;
    const struct upheld_span parts[PARTS] = {
        refusal(d.status, d.clause, methods),
        text_if(d.status == 426, version ? SENT(NAME) : policy->required),
        connection(d.status, d.close),
        text_if(version, SENT(VERSION)),
        SENT(LENGTH),
        text_if(d.status == 401, SENT(CHALLENGE)),
        text_if(d.status == 401, policy->challenge),
        SENT(HEAD_END),
    };
    size_t need = parts_size(parts);
    if (need <= size) {
        parts_put(parts, out, need);
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
