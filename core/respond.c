/* respond.c: the octets of an answer (RFC 9110 section 15, RFC 6455 section 4.2.2). All of them are
 * ours or the policy's; of the client's octets only the key is read, and it is hashed. */
#include "respond.h"

#define TEXT(x) ((struct upheld_span){ x, sizeof(x) - 1 })

/* Puts the n octets of s at out[at]; returns where they end. */
/*@ requires readable: \valid_read(s + (0 .. n - 1));
    requires writable: \valid(out + (at .. at + n - 1));
    requires apart:    \separated(s + (0 .. n - 1), out + (at .. at + n - 1));
    requires inside:   at + n <= SIZE_MAX;
    terminates \true;
    assigns out[at .. at + n - 1];
    ensures moved:  \result == at + n;
    ensures copied: \forall integer k; 0 <= k < n ==> out[at + k] == \old(s[k]); */
static size_t put(uint8_t *out, size_t at, const uint8_t *s, size_t n)
{
    /*@ loop invariant bounded: 0 <= i <= n;
        loop invariant copied: \forall integer k; 0 <= k < i ==> out[at + k] == \at(s[k], Pre);
        loop assigns i, out[at .. at + n - 1];
        loop variant n - i; */
    for (size_t i = 0; i < n; i++) {
        out[at + i] = s[i];
    }
    return at + n;
}

/* The fixed text that refuses with a status, for the clause that decided. */
/*@ terminates \true;
    assigns \nothing;
    ensures readable: \valid_read(\result.p + (0 .. \result.n - 1));
    ensures bounded:  0 < \result.n <= 256;
    ensures apart:    \forall uint8_t *out, integer size; ApartFromTexts(out, size) ==>
                      \separated(\result.p + (0 .. \result.n - 1), out + (0 .. size - 1)); */
static struct upheld_span refusal(uint16_t status, enum upheld_clause clause)
{
    switch (status) {
    case 401:
        return TEXT(TEXT_401);
    case 403:
        return TEXT(TEXT_403);
    case 405:
        return TEXT(TEXT_405);
    case 414:
        return TEXT(TEXT_414);
    case 417:
        return TEXT(TEXT_417);
    case 426:
        return TEXT(TEXT_426);
    case 431:
        return TEXT(TEXT_431);
    case 501:
        return TEXT(TEXT_501);
    case 505:
        return TEXT(TEXT_505);
    default:
        break;
    }
    if (clause == UPHELD_R6455_4_2_1_6 || clause == UPHELD_R6455_4_3_2 ||
        clause == UPHELD_R6455_11_3_5_1) {
        return TEXT(TEXT_400_VERSION);
    }
    return TEXT(TEXT_400);
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
    if (d.subprotocol < policy->subprotocol_count) {
        return policy->subprotocols[d.subprotocol];
    }
    return (struct upheld_span){ 0, 0 };
}

/* Octets of the 101, and of the 100 before it. */
/*@ requires bounded: name.n <= UPHELD_TEXT_MAX;
    terminates \true;
    assigns \nothing;
    ensures sum: \result == (first ? sizeof(CONTINUE) - 1 : 0) + sizeof(SWITCHING) - 1 +
                            UPHELD_ACCEPT_SIZE +
                            (name.n > 0 ? sizeof(PROTOCOL) - 1 + name.n : 0) +
                            sizeof(HEAD_END) - 1; */
static size_t switching_size(bool first, struct upheld_span name)
{
    size_t size = sizeof(SWITCHING) - 1 + UPHELD_ACCEPT_SIZE + sizeof(HEAD_END) - 1;
    if (first) {
        size += sizeof(CONTINUE) - 1;
    }
    if (name.n > 0) {
        size += sizeof(PROTOCOL) - 1 + name.n;
    }
    return size;
}

/* Writes the 101, and the 100 before it, for the key at key. */
/*@ requires readable: \valid_read(key + (0 .. UPHELD_KEY_SIZE - 1)) && ReadableSpan(name);
    requires writable: \valid(out + (0 .. size - 1));
    requires bounded:  name.n <= UPHELD_TEXT_MAX;
    requires fits:     size == (first ? sizeof(CONTINUE) - 1 : 0) + sizeof(SWITCHING) - 1 +
                               UPHELD_ACCEPT_SIZE +
                               (name.n > 0 ? sizeof(PROTOCOL) - 1 + name.n : 0) +
                               sizeof(HEAD_END) - 1;
    requires key:      \separated(key + (0 .. UPHELD_KEY_SIZE - 1), out + (0 .. size - 1));
    requires name:     \separated(name.p + (0 .. name.n - 1), out + (0 .. size - 1));
    requires texts:    ApartFromTexts(out, size);
    terminates \true;
    assigns out[0 .. size - 1]; */
static void switching_write(const uint8_t *key, bool first, struct upheld_span name, uint8_t *out,
                            size_t size)
{
    size_t at = 0;
    if (first) {
        at = put(out, at, CONTINUE, sizeof(CONTINUE) - 1);
    }
    at = put(out, at, SWITCHING, sizeof(SWITCHING) - 1);
    upheld_accept(key, out + at);
    at += UPHELD_ACCEPT_SIZE;
    if (name.n > 0) {
        at = put(out, at, PROTOCOL, sizeof(PROTOCOL) - 1);
        at = put(out, at, name.p, name.n);
    }
    at = put(out, at, HEAD_END, sizeof(HEAD_END) - 1);
    /*@ assert whole: at == size; */
    (void)at;
    (void)size;
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
    if (n < UPHELD_KEY_SIZE || d.key_at > n - UPHELD_KEY_SIZE) {
        return 0; /* no decision on these octets */
    }
    struct upheld_span name = chosen(policy, d);
    size_t need = switching_size(d.continue_first, name);
    if (need <= size) {
        switching_write(p + d.key_at, d.continue_first, name, out, need);
    }
    return need;
}

/*@ requires writable: \valid(out + (0 .. size - 1));
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires texts:    BoundedTexts((struct upheld_policy *)policy);
    requires own:      \separated(out + (0 .. size - 1), policy) &&
                       \separated(out + (0 .. size - 1),
                                  policy->challenge.p + (0 .. policy->challenge.n - 1));
    requires fixed:    ApartFromTexts(out, size);
    terminates \true;
    assigns out[0 .. size - 1];
    ensures bounded: \result <= UPHELD_TEXT_MAX + 512;
    ensures untouched: \result > size ==>
                       (\forall integer k; 0 <= k < size ==> out[k] == \old(out[k])); */
static size_t refuse(const struct upheld_policy *policy, struct upheld_decision d, uint8_t *out,
                     size_t size)
{
    struct upheld_span text = refusal(d.status, d.clause);
    struct upheld_span challenge = policy->challenge;
    if (d.status != 401) {
        if (text.n <= size) {
            put(out, 0, text.p, text.n);
        }
        return text.n;
    }
    size_t need = text.n + challenge.n + sizeof(HEAD_END) - 1;
    if (need <= size) {
        size_t at = put(out, 0, text.p, text.n);
        at = put(out, at, challenge.p, challenge.n);
        put(out, at, HEAD_END, sizeof(HEAD_END) - 1);
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
