/* stream.c: the fields of a request as HTTP/2 or HTTP/3 has decoded them (RFC 9113 sections 8.2 and
 * 8.3): which they are, where they stand, what is malformed. Knows no value's meaning but lists. */
#include "stream.h"

UPH_SELDOM_BEGIN

/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   i <= e;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == LowerTokenEnd((uint8_t *)p, e, i)); */
static size_t lower_token_end(const uint8_t *p, size_t e, size_t i)
{
    size_t j = i;
    /*@ loop invariant bounded: i <= j <= e;
        loop invariant exact: UPH_EXACT(LowerTokenEnd((uint8_t *)p, e, i) ==
                                        LowerTokenEnd((uint8_t *)p, e, j));
        loop assigns j;
        loop variant e - j; */
    while (j < e && uph_tchar(p[j]) && (p[j] < 'A' || 'Z' < p[j])) {
        j++;
    }
    return j;
}

/*@ requires readable: ReadableSpan(name);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == NameStart(name)); */
static size_t name_start(struct upheld_span name)
{
    return name.n > 0 && name.p[0] == ':' ? 1 : 0;
}

/*@ requires readable: ReadableSpan(name);
    terminates \true;
    assigns \nothing;
    ensures R9113_8_2_1_1: UPH_EXACT(\result <==> LowerName(name) == \true); */
static bool lower_name(struct upheld_span name)
{
    size_t b = name_start(name);
    return b < name.n && lower_token_end(name.p, name.n, b) == name.n;
}

bool uph_span_is(struct upheld_span s, size_t b, const uint8_t *w, size_t m)
{
    return s.n - b == m && uph_same_octets(s.p, b, w, m);
}

/*@ requires readable: ReadableSpan(name);
    requires some:     0 < name.n;
    terminates \true;
    assigns \nothing;
    ensures R9113_8_3_1: UPH_EXACT(\result == PseudoPart(name)); */
static enum uph_part pseudo_part(struct upheld_span name)
{
    if (uph_span_is(name, 1, UPH_METHOD, sizeof UPH_METHOD)) {
        return UPH_PART_METHOD;
    }
    if (uph_span_is(name, 1, UPH_SCHEME, sizeof UPH_SCHEME)) {
        return UPH_PART_SCHEME;
    }
    if (uph_span_is(name, 1, UPH_AUTHORITY, sizeof UPH_AUTHORITY)) {
        return UPH_PART_AUTHORITY;
    }
    if (uph_span_is(name, 1, UPH_PATH, sizeof UPH_PATH)) {
        return UPH_PART_PATH;
    }
    return uph_span_is(name, 1, UPH_STREAM_PROTOCOL, sizeof UPH_STREAM_PROTOCOL) ? UPH_PART_PROTOCOL
                                                                                 : UPH_PART_UNKNOWN;
}

/*@ requires known: 0 <= f <= 13;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == FieldPart(f)); */
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
    ensures exact: UPH_EXACT(\result == RegularPart(name)); */
static enum uph_part regular_part(struct upheld_span name)
{
    if (uph_span_is(name, 0, UPH_TE, sizeof UPH_TE)) {
        return UPH_PART_TE;
    }
    if (uph_span_is(name, 0, UPH_KEEP_ALIVE, sizeof UPH_KEEP_ALIVE) ||
        uph_span_is(name, 0, UPH_PROXY_CONNECTION, sizeof UPH_PROXY_CONNECTION)) {
        return UPH_PART_HOP;
    }
    return field_part(uph_field_of(name.p, 0, name.n));
}

/*@ requires readable: ReadableSpan(name);
    requires bounded:  0 < name.n <= UPHELD_LIMIT_MAX;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == PartOf(name)); */
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
        (part == UPH_PART_TE && !uph_span_is(value, 0, UPH_TRAILERS, sizeof UPH_TRAILERS))) {
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
      \result <==> FieldTooLarge(f, k, (struct upheld_policy *)policy, s) == \true); */
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
      \result == FieldFault(f, k, (struct upheld_policy *)policy, s)); */
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

/*@ requires inside: PlaceInside(place, k);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == AddPlace(k, place)); */
static UPH_APART struct uph_place add_place(uint32_t k, struct uph_place place)
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

struct uph_stream uph_stream_fields(const struct upheld_field_line *fields, uint32_t count,
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

UPH_SELDOM_END
