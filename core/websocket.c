/* websocket.c: the fields of the WebSocket handshake (RFC 6455 section 4.2.1). Knows
 * field values and the policy, no head. */
#include "websocket.h"

/*@ requires readable: \valid_read(p + (b .. e - 1));
    requires inside:   b <= e;
    requires name:     ReadableSpan(s);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result <==> NameIs((uint8_t *)p, b, e, s) == \true); */
static bool name_is(const uint8_t *p, size_t b, size_t e, struct upheld_span s)
{
    return e - b == s.n && uph_same_octets(p, b, s.p, s.n);
}

/*@ requires readable: \valid_read(p + (b .. e - 1));
    requires inside:   b <= e;
    requires name:     ReadableSpan(s);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result <==> OriginIs((uint8_t *)p, b, e, s) == \true); */
static bool origin_is(const uint8_t *p, size_t b, size_t e, struct upheld_span s)
{
    return e - b == s.n && uph_same_word(p, b, s.p, s.n);
}

/*@ requires readable: \valid_read(p + (b .. e - 1));
    requires inside:   b <= e;
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == SubprotocolIndex((uint8_t *)p, b, e, (struct upheld_policy *)policy, 0));
    ensures bounded: \result <= policy->subprotocol_count; */
static uint32_t subprotocol_index(const uint8_t *p, size_t b, size_t e,
                                  const struct upheld_policy *policy)
{
    uint32_t k = 0;
    /*@ loop invariant bounded: 0 <= k <= policy->subprotocol_count;
        loop invariant exact: UPH_EXACT(
          SubprotocolIndex((uint8_t *)p, b, e, (struct upheld_policy *)policy, 0) ==
          SubprotocolIndex((uint8_t *)p, b, e, (struct upheld_policy *)policy, k));
        loop assigns k;
        loop variant policy->subprotocol_count - k; */
    while (k < policy->subprotocol_count && !name_is(p, b, e, policy->subprotocols[k])) {
        k++;
    }
    return k;
}

/* The state behind one more subprotocol, of index k, with s the one before it. */
/*@ requires policy:   \valid_read(policy);
    requires bounded:  k <= policy->subprotocol_count <= UPHELD_NAMES_MAX;
    requires state:    0 <= s < policy->subprotocol_count + UPH_PROTOCOL_CHOSEN;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == ProtocolPreferred((struct upheld_policy *)policy, k, s)); */
static int32_t protocol_preferred(const struct upheld_policy *policy, uint32_t k, int32_t s)
{
    if (k >= policy->subprotocol_count) {
        return s >= UPH_PROTOCOL_CHOSEN ? s : UPH_PROTOCOL_UNKNOWN;
    }
    int32_t next = (int32_t)k + UPH_PROTOCOL_CHOSEN;
    return s < UPH_PROTOCOL_CHOSEN || next < s ? next : s;
}

/*@ requires readable: \valid_read(p + (b .. e - 1));
    requires inside:   b <= e;
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    requires state:    0 <= s < policy->subprotocol_count + UPH_PROTOCOL_CHOSEN;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == ProtocolToken((uint8_t *)p, b, e, (struct upheld_policy *)policy, s));
    ensures state: -1 <= \result < policy->subprotocol_count + UPH_PROTOCOL_CHOSEN; */
static int32_t protocol_token(const uint8_t *p, size_t b, size_t e,
                              const struct upheld_policy *policy, int32_t s)
{
    bool chosen = s >= UPH_PROTOCOL_CHOSEN;
    if (chosen && name_is(p, b, e, policy->subprotocols[s - UPH_PROTOCOL_CHOSEN])) {
        return UPH_PROTOCOL_TWICE;
    }
    if (chosen && !policy->prefer_own) {
        return s;
    }
    return protocol_preferred(policy, subprotocol_index(p, b, e, policy), s);
}

/*@ requires readable: \valid_read(p + (i .. c - 1));
    requires inside:   i <= c;
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    requires state:    0 <= s < policy->subprotocol_count + UPH_PROTOCOL_CHOSEN;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == ProtocolMember((uint8_t *)p, i, c, (struct upheld_policy *)policy, s));
    ensures state: -2 <= \result < policy->subprotocol_count + UPH_PROTOCOL_CHOSEN; */
static int32_t protocol_member(const uint8_t *p, size_t c, size_t i,
                               const struct upheld_policy *policy, int32_t s)
{
    size_t b = uph_ows_end(p, c, i);
    if (b == c) {
        return s;
    }
    size_t t = uph_token_end(p, c, b);
    if (t == b || uph_ows_end(p, c, t) != c) {
        return UPH_PROTOCOL_MALFORMED;
    }
    return protocol_token(p, b, t, policy, s);
}

int32_t uph_protocol_list(const uint8_t *p, size_t e, size_t v, const struct upheld_policy *policy,
                          int32_t s)
{
    int32_t now = s;
    size_t at = v;
    /*@ loop invariant bounded: v <= at <= e;
        loop invariant state: -2 <= now < policy->subprotocol_count + UPH_PROTOCOL_CHOSEN;
        loop invariant exact: UPH_EXACT(
          ProtocolList((uint8_t *)p, e, v, (struct upheld_policy *)policy, s) ==
          ProtocolList((uint8_t *)p, e, at, (struct upheld_policy *)policy, now));
        loop assigns at, now;
        loop variant e - at; */
    for (;;) {
        size_t c = uph_comma_or_end(p, e, at);
        if (now >= 0) {
            now = protocol_member(p, c, at, policy, now);
        }
        if (c >= e) {
            return now;
        }
        at = c + 1;
    }
}

bool uph_origin_listed(const uint8_t *p, size_t b, size_t e, const struct upheld_policy *policy)
{
    /*@ loop invariant bounded: 0 <= k <= policy->origin_count;
        loop invariant exact: UPH_EXACT(
          OriginListed((uint8_t *)p, b, e, (struct upheld_policy *)policy, 0) ==
          OriginListed((uint8_t *)p, b, e, (struct upheld_policy *)policy, k));
        loop assigns k;
        loop variant policy->origin_count - k; */
    for (uint32_t k = 0; k < policy->origin_count; k++) {
        if (origin_is(p, b, e, policy->origins[k])) {
            return true;
        }
    }
    return false;
}
