/* decide.c: the one order in which a head is judged, and what comes of it (RFC 9110 section 7.8,
 * RFC 6455 section 4.2). Knows a head that was read and the policy, no octets but values. */
#include "decide.h"

#ifdef __FRAMAC__
/*@ predicate ReadableSingle(uint8_t *p, struct uph_single s) =
     s.at <= s.end && \valid_read(p + (s.at .. s.end - 1));
  predicate ReadableSingles(uint8_t *p, struct uph_head h) =
     ReadableSingle(p, h.host) && ReadableSingle(p, h.key) && ReadableSingle(p, h.version) &&
     ReadableSingle(p, h.origin); */
#endif

/* Every check returns the clause that is broken, or this one. */
#define UPH_HOLDS UPHELD_R6455_4_2_2_10

/*@ requires readable: ReadableSingle((uint8_t *)p, h.host);
    terminates \true;
    assigns \nothing;
    ensures R9112_3_2_3: UPH_EXACT(\result <==> HostHolds((uint8_t *)p, h) == \true); */
static bool host_holds(const uint8_t *p, struct uph_head h)
{
    if (h.host.count == 0) {
        return h.request.minor == 0;
    }
    return h.host.count == 1 && uph_host_value(p, h.host.at, h.host.end);
}

/*@ requires readable: ReadableSingle((uint8_t *)p, h.host);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == RequestVerdict((uint8_t *)p, h)); */
static enum upheld_clause request_verdict(const uint8_t *p, struct uph_head h)
{
    bool authority = h.request.target == UPH_TARGET_AUTHORITY;
    bool connect = h.request.method == UPH_METHOD_CONNECT;
    if (h.request.major != 1) {
        return UPHELD_R9112_2_3_2;
    }
    if (authority != connect) {
        return UPHELD_R9112_3_2_3_1;
    }
    if (h.request.target == UPH_TARGET_ASTERISK && h.request.method != UPH_METHOD_OPTIONS) {
        return UPHELD_R9112_3_2_4_1;
    }
    return host_holds(p, h) ? UPH_HOLDS : UPHELD_R9112_3_2_3;
}

/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == FramingVerdict(h)); */
static enum upheld_clause framing_verdict(struct uph_head h)
{
    if (!h.framing.coded) {
        return h.framing.length_given && h.framing.length < 0 ? UPHELD_R9112_6_3_3 : UPH_HOLDS;
    }
    if (h.framing.length_given) {
        return UPHELD_R9112_6_1_2;
    }
    if (h.request.minor == 0) {
        return UPHELD_R9112_6_1_3;
    }
    if (h.framing.codings == UPH_CODINGS_NONE || h.framing.codings == UPH_CODINGS_OPEN) {
        return UPHELD_R9112_6_3_2;
    }
    return h.framing.codings == UPH_CODINGS_STACKED ? UPHELD_R9112_6_1_4 : UPH_HOLDS;
}

/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == OfferVerdict(h)); */
static enum upheld_clause offer_verdict(struct uph_head h)
{
    if (!h.offer.upgrade) {
        return UPHELD_R9110_7_8_2;
    }
    if (h.request.minor == 0) {
        return UPHELD_R9110_7_8_13;
    }
    if (!h.offer.listed) {
        return UPHELD_R9110_7_6_1_4;
    }
    if (!h.offer.websocket) {
        return UPHELD_R9110_7_8_2;
    }
    if (h.framing.coded || h.framing.length > 0) {
        return UPHELD_R9110_7_8_14;
    }
    return h.offer.expect_other ? UPHELD_R9110_10_1_1_4 : UPH_HOLDS;
}

/*@ requires readable: ReadableSingle((uint8_t *)p, v);
    terminates \true;
    assigns \nothing;
    ensures R6455_4_2_1_6: UPH_EXACT(\result == VersionVerdict((uint8_t *)p, v)); */
static enum upheld_clause version_verdict(const uint8_t *p, struct uph_single v)
{
    if (v.count == 0) {
        return UPHELD_R6455_4_2_1_6;
    }
    if (v.count > 1) {
        return UPHELD_R6455_11_3_5_1;
    }
    if (v.end - v.at == 2 && p[v.at] == '1' && p[v.at + 1] == '3') {
        return UPH_HOLDS;
    }
    return uph_dec_octet(p, v.at, v.end) ? UPHELD_R6455_4_2_2_6 : UPHELD_R6455_4_3_2;
}

/*@ requires readable: ReadableSingle((uint8_t *)p, k);
    terminates \true;
    assigns \nothing;
    ensures R6455_4_2_1_5: UPH_EXACT(\result == KeyVerdict((uint8_t *)p, k));
    ensures whole: \result == UPH_HOLDS ==> k.end - k.at == UPHELD_KEY_SIZE; */
static enum upheld_clause key_verdict(const uint8_t *p, struct uph_single k)
{
    if (k.count > 1) {
        return UPHELD_R6455_11_3_1_1;
    }
    if (k.count == 1 && k.end - k.at == UPHELD_KEY_SIZE && uph_key_valid(p, k.at)) {
        return UPH_HOLDS;
    }
    return UPHELD_R6455_4_2_1_5;
}

/*@ requires readable: ReadableSingle((uint8_t *)p, o);
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    terminates \true;
    assigns \nothing;
    ensures R6455_4_2_2_3: UPH_EXACT(
      \result == OriginVerdict((uint8_t *)p, o, (struct upheld_policy *)policy)); */
static enum upheld_clause origin_verdict(const uint8_t *p, struct uph_single o,
                                         const struct upheld_policy *policy)
{
    if (o.count > 1) {
        return UPHELD_R6455_4_2_1_7;
    }
    if (policy->origin_count == 0) {
        return UPH_HOLDS;
    }
    bool holds = o.count == 0 ? policy->origin_optional : uph_origin_listed(p, o.at, o.end, policy);
    return holds ? UPH_HOLDS : UPHELD_R6455_4_2_2_3;
}

/*@ terminates \true;
    assigns \nothing;
    ensures R6455_4_2_2_1: UPH_EXACT(\result == AccessVerdict(access));
    ensures granted: \result == UPH_HOLDS <==> access == UPHELD_GRANTED; */
static enum upheld_clause access_verdict(enum upheld_access access)
{
    if (access == UPHELD_GRANTED) {
        return UPH_HOLDS;
    }
    return access == UPHELD_UNAUTHENTICATED ? UPHELD_R9110_15_5_2_1 : UPHELD_R6455_4_2_2_1;
}

/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == ListsVerdict(h)); */
static enum upheld_clause lists_verdict(struct uph_head h)
{
    if (h.protocols.given &&
        (h.protocols.state == UPH_PROTOCOL_NONE || h.protocols.state == UPH_PROTOCOL_MALFORMED)) {
        return UPHELD_R6455_4_2_1_8;
    }
    if (h.protocols.state == UPH_PROTOCOL_TWICE) {
        return UPHELD_R6455_4_1_10;
    }
    if (h.extensions.given && h.extensions.state != UPH_EXTENSIONS_NAMED) {
        return UPHELD_R6455_9_1_1;
    }
    return UPH_HOLDS;
}

/*@ terminates \true;
    assigns \nothing;
    ensures R6455_4_2_1_1: UPH_EXACT(\result == MethodVerdict(r)); */
static enum upheld_clause method_verdict(struct uph_request r)
{
    if (r.method != UPH_METHOD_GET) {
        return UPHELD_R6455_4_2_1_1;
    }
    return r.target == UPH_TARGET_ABSOLUTE ? UPHELD_R6455_4_1_3 : UPH_HOLDS;
}

/*@ requires readable: ReadableSingles((uint8_t *)p, h);
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == WebSocketVerdict((uint8_t *)p, h, (struct upheld_policy *)policy));
    ensures granted: \result == UPH_HOLDS ==>
                     policy->access == UPHELD_GRANTED &&
                     h.key.end - h.key.at == UPHELD_KEY_SIZE; */
static enum upheld_clause websocket_verdict(const uint8_t *p, struct uph_head h,
                                            const struct upheld_policy *policy)
{
    enum upheld_clause clause = method_verdict(h.request);
    if (clause == UPH_HOLDS) {
        clause = version_verdict(p, h.version);
    }
    if (clause != UPH_HOLDS) {
        return clause;
    }
    clause = key_verdict(p, h.key);
    if (clause == UPH_HOLDS) {
        clause = origin_verdict(p, h.origin, policy);
    }
    if (clause == UPH_HOLDS) {
        clause = access_verdict(policy->access);
    }
    return clause == UPH_HOLDS ? lists_verdict(h) : clause;
}

/*@ requires readable: ReadableSingles((uint8_t *)p, h);
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == Verdict((uint8_t *)p, h, (struct upheld_policy *)policy));
    ensures early: h.outcome != UPH_HEAD_END ==> \result == h.clause;
    ensures granted: h.outcome == UPH_HEAD_END && \result == UPH_HOLDS ==>
                     policy->access == UPHELD_GRANTED &&
                     h.key.end - h.key.at == UPHELD_KEY_SIZE; */
static enum upheld_clause verdict(const uint8_t *p, struct uph_head h,
                                  const struct upheld_policy *policy)
{
    if (h.outcome != UPH_HEAD_END) {
        return h.clause;
    }
    enum upheld_clause clause = request_verdict(p, h);
    if (clause == UPH_HOLDS) {
        clause = framing_verdict(h);
    }
    if (clause == UPH_HOLDS) {
        clause = offer_verdict(h);
    }
    return clause == UPH_HOLDS ? websocket_verdict(p, h, policy) : clause;
}

uint16_t uph_status_of(enum upheld_clause clause)
{
    switch (clause) {
#define UPHELD_CLAUSE(name, id, status, where, text)                                               \
    case UPHELD_##name:                                                                            \
        return status;
#include "clauses.def"
#undef UPHELD_CLAUSE
    default:
        return 400;
    }
}

/*@ requires status: UPH_EXACT(status == StatusOf(clause));
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == VerdictOf(clause)); */
static enum upheld_verdict verdict_of(enum upheld_clause clause, uint16_t status)
{
    if (clause == UPHELD_R9112_2_1_1) {
        return UPHELD_MORE;
    }
    if (status == 0) {
        return UPHELD_IGNORE;
    }
    return status == 101 ? UPHELD_SWITCH : UPHELD_REFUSE;
}

/* The decision that the clause leads to for the head h. */
/*@ requires state: h.protocols.state < UPHELD_NAMES_MAX + UPH_PROTOCOL_CHOSEN;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == Conclude(clause, h, \result));
    ensures switched: \result.verdict == UPHELD_SWITCH ==>
                      clause == UPH_HOLDS && \result.key_at == h.key.at;
    ensures named: \result.subprotocol == UPHELD_NONE ||
                   (h.protocols.state >= UPH_PROTOCOL_CHOSEN &&
                    \result.subprotocol == h.protocols.state - UPH_PROTOCOL_CHOSEN);
    ensures consumed: \result.consumed <= h.end; */
static struct upheld_decision conclude(enum upheld_clause clause, struct uph_head h)
{
    struct upheld_decision d = { 0 };
    d.clause = clause;
    d.status = uph_status_of(clause);
    d.verdict = verdict_of(clause, d.status);
    bool ends = h.offer.close || h.request.minor == 0; /* RFC 9112 section 9.3 */
    d.close = d.verdict == UPHELD_REFUSE || (d.verdict == UPHELD_IGNORE && ends);
    d.consumed = h.outcome == UPH_HEAD_END ? h.end : 0;
    d.subprotocol = UPHELD_NONE;
    if (clause == UPH_HOLDS) {
        d.continue_first = h.offer.expect_continue;
        d.key_at = h.key.at;
        if (h.protocols.state >= UPH_PROTOCOL_CHOSEN) {
            d.subprotocol = (uint32_t)(h.protocols.state - UPH_PROTOCOL_CHOSEN);
        }
    }
    return d;
}

struct upheld_decision upheld_request_decide(const uint8_t *p, size_t n,
                                             const struct upheld_policy *policy)
{
    struct uph_head h = uph_head_read(p, n, policy);
    /*@ assert host: ReadableSingle((uint8_t *)p, h.host); */
    /*@ assert key: ReadableSingle((uint8_t *)p, h.key); */
    /*@ assert version: ReadableSingle((uint8_t *)p, h.version); */
    /*@ assert origin: ReadableSingle((uint8_t *)p, h.origin); */
    return conclude(verdict(p, h, policy), h);
}
