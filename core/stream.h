/* stream.h: the fields of a request as HTTP/2 or HTTP/3 has decoded them (RFC 9113 sections 8.2 and
 * 8.3): which they are, where they stand, what is malformed. Knows no value's meaning but lists. */
#ifndef UPH_STREAM_H
#define UPH_STREAM_H

#include "decide.h"

/* What a field of a request is for. */
enum uph_part {
    UPH_PART_OTHER = 0,
    UPH_PART_METHOD, /* from here on pseudo-fields */
    UPH_PART_PROTOCOL,
    UPH_PART_SCHEME,
    UPH_PART_AUTHORITY,
    UPH_PART_PATH,
    UPH_PART_UNKNOWN, /* and up to here */
    UPH_PART_HOST,
    UPH_PART_ORIGIN,
    UPH_PART_VERSION,
    UPH_PART_SUBPROTOCOLS,
    UPH_PART_EXTENSIONS,
    UPH_PART_TE,
    UPH_PART_HOP /* for one connection alone, so not for HTTP/2 */
};

/* The first field of a kind. */
struct uph_place {
    uint8_t count; /* 0, 1, or 2 for more */
    uint32_t index;
};

/* What the fields so far say. */
struct uph_stream {
    enum upheld_clause clause; /* the first that is broken, or UPH_HOLDS */
    bool regular;              /* a field that is no pseudo-field has come */
    uint32_t octets;           /* of names and values */
    struct uph_place method;
    struct uph_place protocol;
    struct uph_place scheme;
    struct uph_place authority;
    struct uph_place path;
    struct uph_place host;
    struct uph_place origin;
    struct uph_place version;
    struct uph_listed protocols;
    struct uph_extensions extensions;
};

#ifdef __FRAMAC__
/*@ predicate ReadableStream(struct upheld_field_line *fields, integer count) =
     \valid_read(fields + (0 .. count - 1)) &&
     (\forall integer k; 0 <= k < count ==> ReadableSpan(fields[k].name)) &&
     (\forall integer k; 0 <= k < count ==> ReadableSpan(fields[k].value)); */
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
#ifndef UPHELD_RUNTIME_CONTRACTS
#include "../proofs/spec/stream.acsl"
#endif
#endif

/* Whether s is, from b on, the word w of m octets. */
/*@ requires readable: ReadableSpan(s);
    requires inside:   b <= s.n;
    requires word:     \valid_read(w + (0 .. m - 1));
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result <==> SpanIs(s, b, (uint8_t *)w, m) == \true); */
bool uph_span_is(struct upheld_span s, size_t b, const uint8_t *w, size_t m) UPH_SELDOM;

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
struct uph_stream uph_stream_fields(const struct upheld_field_line *fields, uint32_t count,
                                    const struct upheld_policy *policy) UPH_SELDOM;

#endif
