/* decide.c: the one order in which a head is judged, and what comes of it (RFC 9110 section 7.8,
 * RFC 6455 section 4.2). Knows a head that was read and the policy, no octets but values. */
#include "decide.h"

#ifdef __FRAMAC__
/*@ predicate ReadableSingle(uint8_t *p, struct uph_single s) =
     s.at <= s.end && \valid_read(p + (s.at .. s.end - 1));
  predicate ReadableSingles(uint8_t *p, struct uph_head h) =
     ReadableSingle(p, h.host) && ReadableSingle(p, h.key) && ReadableSingle(p, h.version) &&
     ReadableSingle(p, h.origin) && ReadableSingle(p, h.settings);
  // What the decision needs of a head, over and above what was read.
  predicate WholeHead(struct uph_head h, struct upheld_policy *policy) =
     RowInside(h.offer.row, policy) && -1 <= h.framing.length &&
     (h.framing.length_given == 0 ==> h.framing.length == 0); */
#endif

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

/* The clause that ignores a request, or the one that refuses it where an upgrade is required. */
/*@ requires policy: \valid_read(policy);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == Unasked((struct upheld_policy *)policy, ignored, refused)); */
static enum upheld_clause unasked(const struct upheld_policy *policy, enum upheld_clause ignored,
                                  enum upheld_clause refused)
{
    return policy->required.n > 0 ? refused : ignored;
}

/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result <==> HasBody(h) == \true); */
static bool has_body(struct uph_head h)
{
    return h.framing.coded || h.framing.length > 0;
}

/*@ requires policy:  ReadablePolicy((struct upheld_policy *)policy);
    requires bounded: BoundedPolicy((struct upheld_policy *)policy);
    requires head:    0 < h.offer.row && WholeHead(h, (struct upheld_policy *)policy);
    requires row:     UPH_EXACT(
      (row.body ? 1 : 0) == RowBody((struct upheld_policy *)policy, h.offer.row));
    terminates \true;
    assigns \nothing;
    ensures R9110_7_8_14: UPH_EXACT(\result == BodyVerdict(h, (struct upheld_policy *)policy)); */
static enum upheld_clause body_verdict(struct uph_head h, const struct upheld_policy *policy,
                                       struct uph_row row)
{
    if (!has_body(h)) {
        return UPH_HOLDS;
    }
    if (!row.body || policy->body_limit == 0) {
        return unasked(policy, UPHELD_R9110_7_8_14, UPHELD_R9110_9_3_1_1);
    }
    return !h.framing.coded && h.framing.length > (int64_t)policy->body_limit ? UPHELD_R9110_17_5_1
                                                                              : UPH_HOLDS;
}

/*@ requires readable: ReadableSingles((uint8_t *)p, h);
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    requires row:      UPH_EXACT(
      row.checks == RowChecks((struct upheld_policy *)policy, h.offer.row));
    terminates \true;
    assigns \nothing;
    ensures R7540_3_2_1_1: UPH_EXACT(
      \result == SettingsVerdict((uint8_t *)p, h, (struct upheld_policy *)policy)); */
static enum upheld_clause settings_verdict(const uint8_t *p, struct uph_head h,
                                           const struct upheld_policy *policy, struct uph_row row)
{
    if (row.checks != UPHELD_CHECKS_H2C) {
        return UPH_HOLDS;
    }
    if (policy->secure) {
        return unasked(policy, UPHELD_R7540_3_3_1, UPHELD_R9110_15_5_22_1);
    }
    if (h.settings.count != 1 || !uph_settings_valid(p, h.settings.at, h.settings.end)) {
        return unasked(policy, UPHELD_R7540_3_2_1_1, UPHELD_R9110_15_5_22_1);
    }
    return h.offer.settings ? UPH_HOLDS
                            : unasked(policy, UPHELD_R7540_3_2_1_2, UPHELD_R9110_15_5_22_1);
}

/*@ requires readable: ReadableSingles((uint8_t *)p, h);
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    requires head:     WholeHead(h, (struct upheld_policy *)policy);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == OfferVerdict((uint8_t *)p, h, (struct upheld_policy *)policy)); */
static enum upheld_clause offer_verdict(const uint8_t *p, struct uph_head h,
                                        const struct upheld_policy *policy)
{
    if (!h.offer.upgrade) {
        return unasked(policy, UPHELD_R9110_7_8_2, UPHELD_R9110_15_5_22_1);
    }
    if (h.request.minor == 0) {
        return unasked(policy, UPHELD_R9110_7_8_13, UPHELD_R9110_15_5_22_1);
    }
    if (!h.offer.listed) {
        return unasked(policy, UPHELD_R9110_7_6_1_4, UPHELD_R6455_4_2_1_4);
    }
    if (h.offer.row == 0) {
        return unasked(policy, UPHELD_R9110_7_8_2, UPHELD_R9110_15_5_22_1);
    }
    struct uph_row row = uph_row(policy, h.offer.row);
    enum upheld_clause clause = body_verdict(h, policy, row);
    if (clause != UPH_HOLDS) {
        return clause;
    }
    return h.offer.expect_other ? UPHELD_R9110_10_1_1_4 : settings_verdict(p, h, policy, row);
}

enum upheld_clause uph_version_clause(const uint8_t *p, uint8_t count, size_t b, size_t e)
{
    if (count > 1) {
        return UPHELD_R6455_11_3_5_1;
    }
    if (e - b == 2 && p[b] == '1' && p[b + 1] == '3') {
        return UPH_HOLDS;
    }
    return uph_dec_octet(p, b, e) ? UPHELD_R6455_4_2_2_6 : UPHELD_R6455_4_3_2;
}

/*@ requires readable: ReadableSingle((uint8_t *)p, v);
    terminates \true;
    assigns \nothing;
    ensures R6455_4_2_1_6: UPH_EXACT(\result == VersionVerdict((uint8_t *)p, v)); */
static enum upheld_clause version_verdict(const uint8_t *p, struct uph_single v)
{
    return v.count == 0 ? UPHELD_R6455_4_2_1_6 : uph_version_clause(p, v.count, v.at, v.end);
}

/*@ requires readable: ReadableSingle((uint8_t *)p, k);
    requires policy:   \valid_read(policy);
    terminates \true;
    assigns \nothing;
    ensures R6455_4_2_1_5: UPH_EXACT(
      \result == KeyVerdict((uint8_t *)p, k, (struct upheld_policy *)policy)); */
static enum upheld_clause key_verdict(const uint8_t *p, struct uph_single k,
                                      const struct upheld_policy *policy)
{
    if (k.count > 1) {
        return UPHELD_R6455_11_3_1_1;
    }
    if (k.count == 0 || k.end - k.at != UPHELD_KEY_SIZE || !uph_key_valid(p, k.at)) {
        return UPHELD_R6455_4_2_1_5;
    }
    return policy->canonical_key && !uph_key_canonical(p, k.at) ? UPHELD_R6455_E3150 : UPH_HOLDS;
}

enum upheld_clause uph_origin_clause(const uint8_t *p, uint8_t count, size_t b, size_t e,
                                     const struct upheld_policy *policy)
{
    if (count > 1) {
        return UPHELD_R6455_4_2_1_7;
    }
    return policy->origin_count == 0 || uph_origin_listed(p, b, e, policy) ? UPH_HOLDS
                                                                           : UPHELD_R6455_4_2_2_3;
}

enum upheld_clause uph_origin_absent(const struct upheld_policy *policy)
{
    return policy->origin_count == 0 || policy->origin_optional ? UPH_HOLDS : UPHELD_R6455_4_2_2_3;
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
    return o.count == 0 ? uph_origin_absent(policy)
                        : uph_origin_clause(p, o.count, o.at, o.end, policy);
}

enum upheld_clause uph_access_verdict(enum upheld_access access)
{
    if (access == UPHELD_GRANTED) {
        return UPH_HOLDS;
    }
    return access == UPHELD_UNAUTHENTICATED ? UPHELD_R9110_15_5_2_1 : UPHELD_R6455_4_2_2_1;
}

enum upheld_clause uph_lists_verdict(struct uph_listed protocols, struct uph_extensions extensions,
                                     const struct upheld_policy *policy)
{
    if (protocols.given &&
        (protocols.state == UPH_PROTOCOL_NONE || protocols.state == UPH_PROTOCOL_MALFORMED)) {
        return UPHELD_R6455_4_2_1_8;
    }
    if (protocols.state == UPH_PROTOCOL_TWICE) {
        return UPHELD_R6455_4_1_10;
    }
    if (policy->subprotocol_needed && protocols.state == UPH_PROTOCOL_UNKNOWN) {
        return UPHELD_WS_5;
    }
    if (extensions.members != UPH_MEMBERS_ABSENT && extensions.members < UPH_MEMBERS_ONE) {
        return UPHELD_R6455_9_1_1;
    }
    return UPH_HOLDS;
}

/*@ requires row: UPH_EXACT(
      row.methods == RowMethods((struct upheld_policy *)policy, h.offer.row) &&
      row.checks == RowChecks((struct upheld_policy *)policy, h.offer.row));
    terminates \true;
    assigns \nothing;
    ensures R6455_4_2_1_1: UPH_EXACT(
      \result == MethodVerdict(h, (struct upheld_policy *)policy)); */
static enum upheld_clause method_verdict(struct uph_head h, const struct upheld_policy *policy,
                                         struct uph_row row)
{
    (void)policy;
    if (uph_method_taken(row.methods, h.request.method)) {
        return UPH_HOLDS;
    }
    return row.checks == UPHELD_CHECKS_WEBSOCKET ? UPHELD_R6455_4_2_1_1 : UPHELD_R9110_9_1_1;
}

/*@ requires readable: ReadableSingles((uint8_t *)p, h);
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == WebSocketVerdict((uint8_t *)p, h, (struct upheld_policy *)policy)); */
static enum upheld_clause websocket_verdict(const uint8_t *p, struct uph_head h,
                                            const struct upheld_policy *policy)
{
    if (h.request.target == UPH_TARGET_ABSOLUTE) {
        return UPHELD_R6455_4_1_3;
    }
    enum upheld_clause clause = version_verdict(p, h.version);
    if (clause != UPH_HOLDS) {
        return clause;
    }
    clause = key_verdict(p, h.key, policy);
    if (clause == UPH_HOLDS) {
        clause = origin_verdict(p, h.origin, policy);
    }
    if (clause == UPH_HOLDS) {
        clause = uph_access_verdict(policy->access);
    }
    return clause == UPH_HOLDS ? uph_lists_verdict(h.protocols, h.extensions, policy) : clause;
}

/*@ requires readable: ReadableSingles((uint8_t *)p, h);
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    requires head:     0 < h.offer.row && WholeHead(h, (struct upheld_policy *)policy);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == ProtocolVerdict((uint8_t *)p, h, (struct upheld_policy *)policy)); */
static enum upheld_clause protocol_verdict(const uint8_t *p, struct uph_head h,
                                           const struct upheld_policy *policy)
{
    struct uph_row row = uph_row(policy, h.offer.row);
    enum upheld_clause clause = method_verdict(h, policy, row);
    if (clause != UPH_HOLDS) {
        return clause;
    }
    return row.checks == UPHELD_CHECKS_WEBSOCKET ? websocket_verdict(p, h, policy)
                                                 : uph_access_verdict(policy->access);
}

/*@ requires readable: ReadableSingles((uint8_t *)p, h);
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    requires head:     WholeHead(h, (struct upheld_policy *)policy);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == Verdict((uint8_t *)p, h, (struct upheld_policy *)policy)); */
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
        clause = offer_verdict(p, h, policy);
    }
    return clause == UPH_HOLDS ? protocol_verdict(p, h, policy) : clause;
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

/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result <==> Ends(h) == \true); */
static bool ends(struct uph_head h)
{
    return h.request.minor == 0 || h.offer.close; /* RFC 9112 section 9.3 */
}

/*@ requires policy: \valid_read(policy);
    requires status: UPH_EXACT(status == StatusOf(clause));
    terminates \true;
    assigns \nothing;
    ensures R9112_9_3_1: UPH_EXACT(
      \result <==> Closes(clause, h, (struct upheld_policy *)policy) == \true); */
static bool closes(enum upheld_clause clause, uint16_t status, struct uph_head h,
                   const struct upheld_policy *policy)
{
    enum upheld_verdict verdict = verdict_of(clause, status);
    if (verdict != UPHELD_REFUSE) {
        return verdict == UPHELD_IGNORE && ends(h);
    }
    bool intact = status == 401 || status == 403 || status == 405 || status == 426;
    return !(policy->keep_alive && intact && !has_body(h) && !ends(h));
}

/* What the clause leads to for the head h, whichever it is. */
/*@ requires policy: \valid_read(policy);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == Plain(clause, h, (struct upheld_policy *)policy, \result)); */
static struct upheld_decision plain(enum upheld_clause clause, struct uph_head h,
                                    const struct upheld_policy *policy)
{
    struct upheld_decision d = { 0 };
    d.clause = clause;
    d.status = uph_status_of(clause);
    d.verdict = verdict_of(clause, d.status);
    d.close = closes(clause, d.status, h, policy);
    d.protocol = UPHELD_NONE;
    if (h.outcome == UPH_HEAD_END) {
        d.consumed = h.end;
        if (h.offer.row > 0) {
            d.protocol = h.offer.row - 1;
        }
    }
    d.subprotocol = UPHELD_NONE;
    return d;
}

/* The decision d of a request that is switched, with what every protocol adds. */
/*@ requires length: 0 <= h.framing.length <= UINT32_MAX;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == Switched(h, d)); */
static struct upheld_decision switched(struct uph_head h, struct upheld_decision d)
{
    d.continue_first = h.offer.expect_continue;
    d.body_first = has_body(h);
    d.body_chunked = h.framing.coded;
    d.body_length = (uint32_t)h.framing.length;
    return d;
}

/* And with what WebSocket adds. */
/*@ requires state: h.protocols.state < UPHELD_NAMES_MAX + UPH_PROTOCOL_CHOSEN;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == WebSocketParts(h, d)); */
static struct upheld_decision websocket_parts(struct uph_head h, struct upheld_decision d)
{
    d.key_at = h.key.at;
    d.subprotocol = UPHELD_NONE;
    if (h.protocols.state >= UPH_PROTOCOL_CHOSEN) {
        d.subprotocol = (uint32_t)(h.protocols.state - UPH_PROTOCOL_CHOSEN);
    }
    d.agreed = h.extensions.agreed;
    return d;
}

/* The decision that the clause leads to for the head h. */
/*@ requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    requires state:  h.protocols.state < UPHELD_NAMES_MAX + UPH_PROTOCOL_CHOSEN;
    requires row:    RowInside(h.offer.row, (struct upheld_policy *)policy);
    requires holds:  clause == UPH_HOLDS ==>
                     h.outcome == UPH_HEAD_END && 0 < h.offer.row &&
                     0 <= h.framing.length <= UINT32_MAX;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == Conclude(clause, h, (struct upheld_policy *)policy, \result)); */
static struct upheld_decision conclude(enum upheld_clause clause, struct uph_head h,
                                       const struct upheld_policy *policy)
{
    struct upheld_decision d = plain(clause, h, policy);
    if (clause != UPH_HOLDS) {
        return d;
    }
    struct upheld_decision s = switched(h, d);
    if (uph_row(policy, h.offer.row).checks != UPHELD_CHECKS_WEBSOCKET) {
        return s;
    }
    return websocket_parts(h, s);
}

/* The decision on the head h, read from the n octets at p. */
/*@ requires readable: \valid_read(p + (0 .. n - 1));
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    requires sane:     HeadSane(h, (struct upheld_policy *)policy, n);
    requires stopped:  h.outcome != UPH_HEAD_FIELDS;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == DecideHead((uint8_t *)p, h, (struct upheld_policy *)policy, \result)); */
static struct upheld_decision decide_head(const uint8_t *p, size_t n,
                                          const struct upheld_policy *policy, struct uph_head h)
{
    (void)n;
    /*@ assert host: ReadableSingle((uint8_t *)p, h.host); */
    /*@ assert key: ReadableSingle((uint8_t *)p, h.key); */
    /*@ assert settings: ReadableSingle((uint8_t *)p, h.settings); */
    /*@ assert version: ReadableSingle((uint8_t *)p, h.version); */
    /*@ assert origin: ReadableSingle((uint8_t *)p, h.origin); */
    return conclude(verdict(p, h, policy), h, policy);
}

struct upheld_decision upheld_request_decide(const uint8_t *p, size_t n,
                                             const struct upheld_policy *policy)
{
    return decide_head(p, n, policy, uph_head_read(p, n, policy));
}
