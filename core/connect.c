/* connect.c: Extended CONNECT (RFC 8441, RFC 9220): the WebSocket decision on fields that HTTP/2 or
 * HTTP/3 has decoded. Knows what the fields say and the policy, no octets of a connection. */
#include "connect.h"

UPH_SELDOM_BEGIN

/*@ requires readable: ReadableSpan(s);
    terminates \true;
    assigns \nothing;
    ensures R9110_7_2_1: UPH_EXACT(\result <==> AuthorityText(s) == \true); */
static bool authority_text(struct upheld_span s)
{
    return s.n > 0 && s.p[0] != ':' && uph_host_value(s.p, 0, s.n);
}

/*@ requires fields: ReadableStream((struct upheld_field_line *)fields, count);
    requires scheme: PlaceInside(s.scheme, count);
    requires path:   PlaceInside(s.path, count);
    requires authority: PlaceInside(s.authority, count);
    terminates \true;
    assigns \nothing;
    ensures R8441_4_1: UPH_EXACT(
      \result <==> StreamTarget((struct upheld_field_line *)fields, s) == \true); */
static bool stream_target(const struct upheld_field_line *fields, uint32_t count,
                          struct uph_stream s)
{
    (void)count;
    if (s.scheme.count != 1 || s.path.count != 1 || s.authority.count != 1) {
        return false;
    }
    struct upheld_span scheme = fields[s.scheme.index].value;
    struct upheld_span path = fields[s.path.index].value;
    return uph_web_scheme(scheme.p, 0, scheme.n) &&
           uph_target_form(path.p, 0, path.n) == UPH_TARGET_ORIGIN &&
           authority_text(fields[s.authority.index].value);
}

/*@ requires fields: ReadableStream((struct upheld_field_line *)fields, count);
    requires host:   PlaceInside(s.host, count);
    requires authority: s.authority.count == 1 && PlaceInside(s.authority, count);
    terminates \true;
    assigns \nothing;
    ensures R9113_8_3_1_1: UPH_EXACT(
      \result <==> HostAgrees((struct upheld_field_line *)fields, s) == \true); */
static bool host_agrees(const struct upheld_field_line *fields, uint32_t count, struct uph_stream s)
{
    (void)count;
    if (s.host.count != 1) {
        return s.host.count == 0;
    }
    struct upheld_span authority = fields[s.authority.index].value;
    return uph_span_is(fields[s.host.index].value, 0, authority.p, authority.n);
}

/*@ requires row:  ReadableRow(r);
    requires name: ReadableSpan(name);
    terminates \true;
    assigns \nothing;
    ensures R8441_5_1: UPH_EXACT(\result <==> RowTakes(r, name) == \true); */
static bool row_takes(struct upheld_protocol r, struct upheld_span name)
{
    return r.checks != UPHELD_CHECKS_H2C && r.version.n == 0 &&
           uph_span_is(name, 0, r.name.p, r.name.n);
}

/*@ requires policy:  ReadablePolicy((struct upheld_policy *)policy);
    requires bounded: BoundedPolicy((struct upheld_policy *)policy);
    requires name:    ReadableSpan(name);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == RowNamed((struct upheld_policy *)policy, name, 0));
    ensures inside: \result <= policy->protocol_count; */
static uint32_t stream_row_named(const struct upheld_policy *policy, struct upheld_span name)
{
    /*@ loop invariant bounded: 0 <= k <= policy->protocol_count;
        loop invariant exact: UPH_EXACT(
          RowNamed((struct upheld_policy *)policy, name, 0) ==
          RowNamed((struct upheld_policy *)policy, name, k));
        loop assigns k;
        loop variant policy->protocol_count - k; */
    for (uint32_t k = 0; k < policy->protocol_count; k++) {
        if (row_takes(policy->protocols[k], name)) {
            return k + 1;
        }
    }
    return 0;
}

/*@ requires policy:  ReadablePolicy((struct upheld_policy *)policy);
    requires bounded: BoundedPolicy((struct upheld_policy *)policy);
    requires name:    ReadableSpan(name);
    terminates \true;
    assigns \nothing;
    ensures R9220_3_1: UPH_EXACT(\result == StreamRow((struct upheld_policy *)policy, name));
    ensures inside: \result == 0 || RowInside(\result, (struct upheld_policy *)policy); */
static uint32_t stream_row(const struct upheld_policy *policy, struct upheld_span name)
{
    if (policy->protocol_count > 0) {
        return stream_row_named(policy, name);
    }
    return uph_span_is(name, 0, UPH_WEBSOCKET, sizeof UPH_WEBSOCKET) ? 1 : 0;
}

/*@ requires fields: ReadableStream((struct upheld_field_line *)fields, count);
    requires inside: PlaceInside(v, count);
    terminates \true;
    assigns \nothing;
    ensures R6455_4_2_1_6: UPH_EXACT(
      \result == StreamVersion((struct upheld_field_line *)fields, v)); */
static enum upheld_clause stream_version(const struct upheld_field_line *fields, uint32_t count,
                                         struct uph_place v)
{
    (void)count;
    if (v.count == 0) {
        return UPHELD_R6455_4_2_1_6;
    }
    struct upheld_span value = fields[v.index].value;
    return uph_version_clause(value.p, v.count, 0, value.n);
}

/*@ requires fields:  ReadableStream((struct upheld_field_line *)fields, count);
    requires inside:  PlaceInside(o, count);
    requires policy:  ReadablePolicy((struct upheld_policy *)policy);
    requires bounded: BoundedPolicy((struct upheld_policy *)policy);
    terminates \true;
    assigns \nothing;
    ensures R6455_4_2_2_3: UPH_EXACT(
      \result == StreamOrigin((struct upheld_field_line *)fields, o,
                              (struct upheld_policy *)policy)); */
static enum upheld_clause stream_origin(const struct upheld_field_line *fields, uint32_t count,
                                        struct uph_place o, const struct upheld_policy *policy)
{
    (void)count;
    if (o.count == 0) {
        return uph_origin_absent(policy);
    }
    struct upheld_span value = fields[o.index].value;
    return uph_origin_clause(value.p, o.count, 0, value.n, policy);
}

/*@ requires fields:  ReadableStream((struct upheld_field_line *)fields, count);
    requires policy:  ReadablePolicy((struct upheld_policy *)policy);
    requires bounded: BoundedPolicy((struct upheld_policy *)policy);
    requires sane:    StreamSane(s, (struct upheld_policy *)policy, count);
    terminates \true;
    assigns \nothing;
    ensures R8441_5_2: UPH_EXACT(
      \result == StreamWebSocket((struct upheld_field_line *)fields, s,
                                 (struct upheld_policy *)policy)); */
static enum upheld_clause stream_websocket(const struct upheld_field_line *fields, uint32_t count,
                                           struct uph_stream s, const struct upheld_policy *policy)
{
    enum upheld_clause clause = stream_version(fields, count, s.version);
    if (clause == UPH_HOLDS) {
        clause = stream_origin(fields, count, s.origin, policy);
    }
    if (clause == UPH_HOLDS) {
        clause = uph_access_verdict(policy->access);
    }
    return clause == UPH_HOLDS ? uph_lists_verdict(s.protocols, s.extensions, policy) : clause;
}

/*@ requires fields:  ReadableStream((struct upheld_field_line *)fields, count);
    requires policy:  ReadablePolicy((struct upheld_policy *)policy);
    requires sane:    StreamSane(s, (struct upheld_policy *)policy, count);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == StreamAsks((struct upheld_field_line *)fields, s,
                            (struct upheld_policy *)policy)); */
static enum upheld_clause stream_asks(const struct upheld_field_line *fields, uint32_t count,
                                      struct uph_stream s, const struct upheld_policy *policy)
{
    if (s.protocol.count == 0) {
        return UPHELD_R8441_4_2;
    }
    if (s.method.count == 0 ||
        !uph_span_is(fields[s.method.index].value, 0, UPH_CONNECT, sizeof UPH_CONNECT)) {
        return UPHELD_R8441_5_1;
    }
    if (s.path.count == 1 && fields[s.path.index].value.n > policy->limits.target) {
        return UPHELD_R9112_3_3;
    }
    if (!stream_target(fields, count, s)) {
        return UPHELD_R8441_4_1;
    }
    return host_agrees(fields, count, s) ? UPH_HOLDS : UPHELD_R9113_8_3_1_1;
}

/*@ requires fields:  ReadableStream((struct upheld_field_line *)fields, count);
    requires policy:  ReadablePolicy((struct upheld_policy *)policy);
    requires bounded: BoundedPolicy((struct upheld_policy *)policy);
    requires sane:    StreamSane(s, (struct upheld_policy *)policy, count);
    requires row:     row == 0 || RowInside(row, (struct upheld_policy *)policy);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == StreamClause((struct upheld_field_line *)fields, s, row,
                              (struct upheld_policy *)policy)); */
static enum upheld_clause stream_clause(const struct upheld_field_line *fields, uint32_t count,
                                        struct uph_stream s, uint32_t row,
                                        const struct upheld_policy *policy)
{
    if (s.clause != UPH_HOLDS) {
        return s.clause;
    }
    enum upheld_clause clause = stream_asks(fields, count, s, policy);
    if (clause != UPH_HOLDS) {
        return clause;
    }
    if (row == 0) {
        return UPHELD_R9220_3_1;
    }
    return uph_row(policy, row).checks == UPHELD_CHECKS_WEBSOCKET
               ? stream_websocket(fields, count, s, policy)
               : uph_access_verdict(policy->access);
}

/*@ requires fields:  ReadableStream((struct upheld_field_line *)fields, count);
    requires policy:  ReadablePolicy((struct upheld_policy *)policy);
    requires bounded: BoundedPolicy((struct upheld_policy *)policy);
    requires inside:  PlaceInside(s.protocol, count);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == StreamRowOf((struct upheld_field_line *)fields, s,
                             (struct upheld_policy *)policy));
    ensures inside: \result == 0 || RowInside(\result, (struct upheld_policy *)policy); */
static uint32_t stream_row_of(const struct upheld_field_line *fields, uint32_t count,
                              struct uph_stream s, const struct upheld_policy *policy)
{
    (void)count;
    if (s.clause != UPH_HOLDS || s.protocol.count == 0) {
        return 0;
    }
    return stream_row(policy, fields[s.protocol.index].value);
}

/*@ terminates \true;
    assigns \nothing;
    ensures R8441_5_3: UPH_EXACT(\result == StreamStatus(clause)); */
static uint16_t stream_status(enum upheld_clause clause)
{
    if (clause == UPHELD_R6455_4_2_2_6) {
        return 400;
    }
    return uph_status_of(clause == UPH_HOLDS ? UPHELD_R8441_5_3 : clause);
}

/*@ requires row:   row == 0 || RowInside(row, (struct upheld_policy *)policy);
    requires holds: clause == UPH_HOLDS ==> 0 < row;
    requires policy:  ReadablePolicy((struct upheld_policy *)policy);
    requires bounded: BoundedPolicy((struct upheld_policy *)policy);
    requires state: s.protocols.state < policy->subprotocol_count + UPH_PROTOCOL_CHOSEN;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == StreamChosen(clause, row, s, (struct upheld_policy *)policy)); */
static uint32_t stream_chosen(enum upheld_clause clause, uint32_t row, struct uph_stream s,
                              const struct upheld_policy *policy)
{
    if (clause != UPH_HOLDS || uph_row(policy, row).checks != UPHELD_CHECKS_WEBSOCKET ||
        s.protocols.state < UPH_PROTOCOL_CHOSEN) {
        return UPHELD_NONE;
    }
    return (uint32_t)(s.protocols.state - UPH_PROTOCOL_CHOSEN);
}

/*@ requires row:   row == 0 || RowInside(row, (struct upheld_policy *)policy);
    requires holds: clause == UPH_HOLDS ==> 0 < row;
    requires policy:  ReadablePolicy((struct upheld_policy *)policy);
    requires bounded: BoundedPolicy((struct upheld_policy *)policy);
    terminates \true;
    assigns \nothing;
    ensures R7692_5_1: UPH_EXACT(
      \result == StreamAgreed(clause, row, s, (struct upheld_policy *)policy, \result)); */
static struct upheld_agreed stream_agreed(enum upheld_clause clause, uint32_t row,
                                          struct uph_stream s, const struct upheld_policy *policy)
{
    struct upheld_agreed nothing = { 0 };
    if (clause != UPH_HOLDS || uph_row(policy, row).checks != UPHELD_CHECKS_WEBSOCKET) {
        return nothing;
    }
    return s.extensions.agreed;
}

/*@ requires row:   row == 0 || RowInside(row, (struct upheld_policy *)policy);
    requires holds: clause == UPH_HOLDS ==> 0 < row;
    requires policy:  ReadablePolicy((struct upheld_policy *)policy);
    requires bounded: BoundedPolicy((struct upheld_policy *)policy);
    requires state: s.protocols.state < policy->subprotocol_count + UPH_PROTOCOL_CHOSEN;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == StreamConcluded(clause, row, s, (struct upheld_policy *)policy, \result)); */
static struct upheld_decision stream_concluded(enum upheld_clause clause, uint32_t row,
                                               struct uph_stream s,
                                               const struct upheld_policy *policy)
{
    struct upheld_decision d = { 0 };
    d.clause = clause == UPH_HOLDS ? UPHELD_R8441_5_3 : clause;
    d.status = stream_status(clause);
    d.verdict = UPHELD_REFUSE;
    if (clause == UPH_HOLDS) {
        d.verdict = UPHELD_SWITCH;
    } else if (d.status == 0) {
        d.verdict = UPHELD_IGNORE;
    }
    d.protocol = row > 0 ? row - 1 : UPHELD_NONE;
    d.subprotocol = stream_chosen(clause, row, s, policy);
    d.agreed = stream_agreed(clause, row, s, policy);
    return d;
}

struct upheld_decision upheld_connect_decide(const struct upheld_field_line *fields, uint32_t count,
                                             const struct upheld_policy *policy)
{
    struct uph_stream s = uph_stream_fields(fields, count, policy);
    uint32_t row = stream_row_of(fields, count, s, policy);
    return stream_concluded(stream_clause(fields, count, s, row, policy), row, s, policy);
}

UPH_SELDOM_END
