/* connect.c: Extended CONNECT (RFC 8441, RFC 9220): the WebSocket decision on fields that HTTP/2 or
 * HTTP/3 has decoded. Knows names, values and the policy, no octets of a connection. */
#include "connect.h"

UPH_SELDOM_BEGIN

/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   i <= e;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == LowerTokenEnd((uint8_t *)p, e, i));
    ensures bounded: i <= \result <= e; */
static size_t lower_token_end(const uint8_t *p, size_t e, size_t i)
{
    size_t j = i;
    /*@ loop invariant bounded: i <= j <= e;
        loop invariant exact: UPH_EXACT(LowerTokenEnd((uint8_t *)p, e, i) ==
                                        LowerTokenEnd((uint8_t *)p, e, j));
        loop assigns j;
        loop variant e - j; */
    while (j < e && uph_tchar(p[j]) && !('A' <= p[j] && p[j] <= 'Z')) {
        j++;
    }
    return j;
}

/*@ requires readable: ReadableSpan(name);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == NameStart(name));
    ensures plain: \result <= 1; */
static size_t name_start(struct upheld_span name)
{
    return name.n > 0 && name.p[0] == ':' ? 1 : 0;
}

/*@ requires readable: ReadableSpan(name);
    terminates \true;
    assigns \nothing;
    ensures R9113_8_2_1_1: UPH_EXACT(\result <==> LowerName(name) == \true);
    ensures some: \result ==> 0 < name.n; */
static bool lower_name(struct upheld_span name)
{
    size_t b = name_start(name);
    return b < name.n && lower_token_end(name.p, name.n, b) == name.n;
}

/* Whether s is, from b on, the word w of m octets. */
/*@ requires readable: ReadableSpan(s);
    requires inside:   b <= s.n;
    requires word:     \valid_read(w + (0 .. m - 1));
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result <==> SpanIs(s, b, (uint8_t *)w, m) == \true);
    ensures size: \result ==> s.n - b == m; */
static bool span_is(struct upheld_span s, size_t b, const uint8_t *w, size_t m)
{
    return s.n - b == m && uph_same_octets(s.p, b, w, m);
}

/*@ requires readable: ReadableSpan(name);
    requires some:     0 < name.n;
    terminates \true;
    assigns \nothing;
    ensures R9113_8_3_1: UPH_EXACT(\result == PseudoPart(name));
    ensures known: UPH_PART_METHOD <= \result <= UPH_PART_UNKNOWN; */
static enum uph_part pseudo_part(struct upheld_span name)
{
    if (span_is(name, 1, UPH_METHOD, sizeof UPH_METHOD)) {
        return UPH_PART_METHOD;
    }
    if (span_is(name, 1, UPH_SCHEME, sizeof UPH_SCHEME)) {
        return UPH_PART_SCHEME;
    }
    if (span_is(name, 1, UPH_AUTHORITY, sizeof UPH_AUTHORITY)) {
        return UPH_PART_AUTHORITY;
    }
    if (span_is(name, 1, UPH_PATH, sizeof UPH_PATH)) {
        return UPH_PART_PATH;
    }
    return span_is(name, 1, UPH_STREAM_PROTOCOL, sizeof UPH_STREAM_PROTOCOL) ? UPH_PART_PROTOCOL
                                                                             : UPH_PART_UNKNOWN;
}

/*@ requires known: 0 <= f <= 13;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == FieldPart(f));
    ensures known: \result == UPH_PART_OTHER || UPH_PART_HOST <= \result <= UPH_PART_HOP; */
static enum uph_part field_part(enum uph_field f)
{
    switch (f) {
    case UPH_FIELD_HOST:
        return UPH_PART_HOST;
    case UPH_FIELD_ORIGIN:
        return UPH_PART_ORIGIN;
    case UPH_FIELD_VERSION:
        return UPH_PART_VERSION;
    case UPH_FIELD_PROTOCOL:
        return UPH_PART_SUBPROTOCOLS;
    case UPH_FIELD_EXTENSIONS:
        return UPH_PART_EXTENSIONS;
    case UPH_FIELD_CONNECTION:
    case UPH_FIELD_UPGRADE:
    case UPH_FIELD_TRANSFER_ENCODING:
        return UPH_PART_HOP;
    default:
        return UPH_PART_OTHER;
    }
}

/*@ requires readable: ReadableSpan(name);
    requires bounded:  name.n <= UPHELD_LIMIT_MAX;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == RegularPart(name));
    ensures known: \result == UPH_PART_OTHER || UPH_PART_HOST <= \result <= UPH_PART_HOP; */
static enum uph_part regular_part(struct upheld_span name)
{
    if (span_is(name, 0, UPH_TE, sizeof UPH_TE)) {
        return UPH_PART_TE;
    }
    if (span_is(name, 0, UPH_KEEP_ALIVE, sizeof UPH_KEEP_ALIVE) ||
        span_is(name, 0, UPH_PROXY_CONNECTION, sizeof UPH_PROXY_CONNECTION)) {
        return UPH_PART_HOP;
    }
    return field_part(uph_field_of(name.p, 0, name.n));
}

/*@ requires readable: ReadableSpan(name);
    requires bounded:  0 < name.n <= UPHELD_LIMIT_MAX;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == PartOf(name));
    ensures known: 0 <= \result <= UPH_PART_HOP; */
static enum uph_part part_of(struct upheld_span name)
{
    return name_start(name) == 1 ? pseudo_part(name) : regular_part(name);
}

/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result <==> IsPseudo(part) == \true); */
static bool is_pseudo(enum uph_part part)
{
    return UPH_PART_METHOD <= part && part <= UPH_PART_UNKNOWN;
}

/*@ terminates \true;
    assigns \nothing;
    ensures R8441_4_1: UPH_EXACT(\result <==> Repeated(part, s) == \true); */
static bool repeated(enum uph_part part, struct uph_stream s)
{
    switch (part) {
    case UPH_PART_METHOD:
        return s.method.count > 0;
    case UPH_PART_PROTOCOL:
        return s.protocol.count > 0;
    case UPH_PART_SCHEME:
        return s.scheme.count > 0;
    case UPH_PART_AUTHORITY:
        return s.authority.count > 0;
    case UPH_PART_PATH:
        return s.path.count > 0;
    default:
        return false;
    }
}

/*@ requires value: ReadableSpan(value);
    terminates \true;
    assigns \nothing;
    ensures R9113_8_2_2_1: UPH_EXACT(\result == PartFault(part, value, s)); */
static enum upheld_clause part_fault(enum uph_part part, struct upheld_span value,
                                     struct uph_stream s)
{
    if (part == UPH_PART_UNKNOWN || (is_pseudo(part) && s.regular)) {
        return UPHELD_R9113_8_3_1;
    }
    if (part == UPH_PART_HOP ||
        (part == UPH_PART_TE && !span_is(value, 0, UPH_TRAILERS, sizeof UPH_TRAILERS))) {
        return UPHELD_R9113_8_2_2_1;
    }
    return repeated(part, s) ? UPHELD_R8441_4_1 : UPH_HOLDS;
}

/*@ requires bounded: BoundedPolicy((struct upheld_policy *)policy);
    requires policy:  \valid_read(policy);
    requires octets:  s.octets <= UPHELD_LIMIT_MAX;
    terminates \true;
    assigns \nothing;
    ensures R9110_5_4_1: UPH_EXACT(
      \result <==> FieldTooLarge(f, k, (struct upheld_policy *)policy, s) == \true);
    ensures bounded: !\result ==>
                     s.octets + f.name.n + f.value.n <= UPHELD_LIMIT_MAX &&
                     f.name.n <= UPHELD_LIMIT_MAX && f.value.n <= UPHELD_LIMIT_MAX; */
static bool field_too_large(struct upheld_field_line f, uint32_t k,
                            const struct upheld_policy *policy, struct uph_stream s)
{
    return k >= policy->limits.fields || f.name.n > policy->limits.line ||
           f.value.n > policy->limits.line || s.octets + f.name.n + f.value.n > policy->limits.head;
}

/*@ requires name:    ReadableSpan(f.name);
    requires value:   ReadableSpan(f.value);
    requires policy:  ReadablePolicy((struct upheld_policy *)policy);
    requires bounded: BoundedPolicy((struct upheld_policy *)policy);
    requires octets:  s.octets <= UPHELD_LIMIT_MAX;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == FieldFault(f, k, (struct upheld_policy *)policy, s));
    ensures bounded: \result == UPH_HOLDS ==>
                     s.octets + f.name.n + f.value.n <= UPHELD_LIMIT_MAX &&
                     0 < f.name.n <= UPHELD_LIMIT_MAX && f.value.n <= UPHELD_LIMIT_MAX; */
static enum upheld_clause field_fault(struct upheld_field_line f, uint32_t k,
                                      const struct upheld_policy *policy, struct uph_stream s)
{
    if (field_too_large(f, k, policy, s)) {
        return UPHELD_R9110_5_4_1;
    }
    if (!lower_name(f.name) || !uph_field_value(f.value)) {
        return UPHELD_R9113_8_2_1_1;
    }
    return part_fault(part_of(f.name), f.value, s);
}

#ifdef __FRAMAC__
/*@ // A place among the first n fields.
  predicate PlaceInside(struct uph_place place, integer n) =
     place.count <= 2 && (place.count > 0 ==> place.index < n);
  // What the fold keeps true of what it has read of n fields.
  predicate StreamSane(struct uph_stream s, struct upheld_policy *policy, integer n) =
     s.octets <= UPHELD_LIMIT_MAX && PlaceInside(s.method, n) && PlaceInside(s.protocol, n) &&
     PlaceInside(s.scheme, n) && PlaceInside(s.authority, n) && PlaceInside(s.path, n) &&
     PlaceInside(s.host, n) && PlaceInside(s.origin, n) && PlaceInside(s.version, n) &&
     -1 <= s.extensions.members <= 3 &&
     -2 <= s.protocols.state < policy->subprotocol_count + UPH_PROTOCOL_CHOSEN; */
#endif

/*@ requires inside: PlaceInside(place, k);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == AddPlace(k, place));
    ensures inside: PlaceInside(\result, k + 1); */
static struct uph_place add_place(uint32_t k, struct uph_place place)
{
    if (place.count > 0) {
        place.count = 2;
        return place;
    }
    place.count = 1;
    place.index = k;
    return place;
}

/* What s says with one more field of this part and value, behind k others. */
/*@ requires value:   ReadableSpan(value);
    requires policy:  ReadablePolicy((struct upheld_policy *)policy);
    requires bounded: BoundedPolicy((struct upheld_policy *)policy);
    requires sane:    StreamSane(s, (struct upheld_policy *)policy, k);
    requires known:   0 <= part <= UPH_PART_HOP;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == AddPart(part, value, k, (struct upheld_policy *)policy, s));
    ensures sane: StreamSane(\result, (struct upheld_policy *)policy, k + 1); */
static struct uph_stream add_part(enum uph_part part, struct upheld_span value, uint32_t k,
                                  const struct upheld_policy *policy, struct uph_stream s)
{
    switch (part) {
    case UPH_PART_METHOD:
        s.method = add_place(k, s.method);
        break;
    case UPH_PART_PROTOCOL:
        s.protocol = add_place(k, s.protocol);
        break;
    case UPH_PART_SCHEME:
        s.scheme = add_place(k, s.scheme);
        break;
    case UPH_PART_AUTHORITY:
        s.authority = add_place(k, s.authority);
        break;
    case UPH_PART_PATH:
        s.path = add_place(k, s.path);
        break;
    case UPH_PART_HOST:
        s.host = add_place(k, s.host);
        break;
    case UPH_PART_ORIGIN:
        s.origin = add_place(k, s.origin);
        break;
    case UPH_PART_VERSION:
        s.version = add_place(k, s.version);
        break;
    case UPH_PART_SUBPROTOCOLS:
        s.protocols.given = true;
        s.protocols.state = uph_protocol_list(value.p, value.n, 0, policy, s.protocols.state);
        break;
    case UPH_PART_EXTENSIONS:
        s.extensions =
            uph_extension_line(value.p, value.n, 0, policy->deflate, false, s.extensions);
        break;
    default:
        break;
    }
    return s;
}

/* What s says with one more field, behind k others. */
/*@ requires name:    ReadableSpan(f.name);
    requires value:   ReadableSpan(f.value);
    requires policy:  ReadablePolicy((struct upheld_policy *)policy);
    requires bounded: BoundedPolicy((struct upheld_policy *)policy);
    requires sane:    StreamSane(s, (struct upheld_policy *)policy, k);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == AddStream(f, k, (struct upheld_policy *)policy, s));
    ensures sane: StreamSane(\result, (struct upheld_policy *)policy, k + 1); */
static struct uph_stream add_stream(struct upheld_field_line f, uint32_t k,
                                    const struct upheld_policy *policy, struct uph_stream s)
{
    enum upheld_clause clause = field_fault(f, k, policy, s);
    if (clause != UPH_HOLDS) {
        s.clause = clause;
        return s;
    }
    enum uph_part part = part_of(f.name);
    s.octets = (uint32_t)(s.octets + f.name.n + f.value.n);
    s.regular = s.regular || !is_pseudo(part);
    return add_part(part, f.value, k, policy, s);
}

/* What all fields say. */
/*@ requires fields:  ReadableStream((struct upheld_field_line *)fields, count);
    requires policy:  ReadablePolicy((struct upheld_policy *)policy);
    requires bounded: BoundedPolicy((struct upheld_policy *)policy);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\forall struct uph_stream any;
      \result == StreamFields((struct upheld_field_line *)fields, count, 0,
                              (struct upheld_policy *)policy, NoStream(any)));
    ensures sane: StreamSane(\result, (struct upheld_policy *)policy, count); */
static struct uph_stream stream_fields(const struct upheld_field_line *fields, uint32_t count,
                                       const struct upheld_policy *policy)
{
    struct uph_stream s = { 0 };
    s.clause = UPH_HOLDS;
    /*@ ghost struct uph_stream blank = s; */
    /*@ assert blank: UPH_EXACT(\forall struct uph_stream any; s == NoStream(any)); */
    uint32_t k = 0;
    /*@ loop invariant bounded: 0 <= k <= count;
        loop invariant sane: StreamSane(s, (struct upheld_policy *)policy, k);
        loop invariant exact: UPH_EXACT(
          StreamFields((struct upheld_field_line *)fields, count, 0,
                       (struct upheld_policy *)policy, blank) ==
          StreamFields((struct upheld_field_line *)fields, count, k,
                       (struct upheld_policy *)policy, s));
        loop assigns k, s;
        loop variant count - k; */
    while (k < count && s.clause == UPH_HOLDS) {
        s = add_stream(fields[k], k, policy, s);
        k++;
    }
    return s;
}

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
      \result <==> StreamTarget((struct upheld_field_line *)fields, s) == \true);
    ensures authority: \result ==> s.authority.count == 1; */
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
    return span_is(fields[s.host.index].value, 0, authority.p, authority.n);
}

/*@ requires row:  ReadableRow(r);
    requires name: ReadableSpan(name);
    terminates \true;
    assigns \nothing;
    ensures R8441_5_1: UPH_EXACT(\result <==> RowTakes(r, name) == \true); */
static bool row_takes(struct upheld_protocol r, struct upheld_span name)
{
    return r.checks != UPHELD_CHECKS_H2C && r.version.n == 0 &&
           span_is(name, 0, r.name.p, r.name.n);
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
    return span_is(name, 0, UPH_WEBSOCKET, sizeof UPH_WEBSOCKET) ? 1 : 0;
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
                                 (struct upheld_policy *)policy));
    ensures granted: \result == UPH_HOLDS ==> policy->access == UPHELD_GRANTED; */
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
        !span_is(fields[s.method.index].value, 0, UPH_CONNECT, sizeof UPH_CONNECT)) {
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
                              (struct upheld_policy *)policy));
    ensures granted: \result == UPH_HOLDS ==>
                     0 < row && policy->access == UPHELD_GRANTED; */
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
    ensures R8441_5_3: UPH_EXACT(\result == StreamStatus(clause));
    ensures status: \result == 0 || 100 <= \result <= 505; */
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
      \result == StreamChosen(clause, row, s, (struct upheld_policy *)policy));
    ensures named: \result == UPHELD_NONE || \result < policy->subprotocol_count; */
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
      \result == StreamConcluded(clause, row, s, (struct upheld_policy *)policy, \result));
    ensures switched: \result.verdict == UPHELD_SWITCH ==>
                      clause == UPH_HOLDS && \result.protocol == row - 1;
    ensures named: \result.subprotocol == UPHELD_NONE ||
                   \result.subprotocol < policy->subprotocol_count; */
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

UPH_SELDOM struct upheld_decision upheld_connect_decide(const struct upheld_field_line *fields,
                                                        uint32_t count,
                                                        const struct upheld_policy *policy)
{
    struct uph_stream s = stream_fields(fields, count, policy);
    uint32_t row = stream_row_of(fields, count, s, policy);
    return stream_concluded(stream_clause(fields, count, s, row, policy), row, s, policy);
}

UPH_SELDOM_END
