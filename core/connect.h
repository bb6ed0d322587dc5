/* connect.h: Extended CONNECT (RFC 8441, RFC 9220): the WebSocket decision on fields that HTTP/2 or
 * HTTP/3 has decoded. Knows names, values and the policy, no octets of a connection. */
#ifndef UPH_CONNECT_H
#define UPH_CONNECT_H

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
#ifndef UPHELD_RUNTIME_CONTRACTS
#include "../proofs/spec/connect.acsl"
#endif
#endif

/*@ requires fields:  ReadableStream((struct upheld_field_line *)fields, count);
    requires policy:  ReadablePolicy((struct upheld_policy *)policy);
    requires bounded: BoundedPolicy((struct upheld_policy *)policy);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \forall struct uph_stream blank;
        \result == DecideConnect((struct upheld_field_line *)fields, count,
                                 (struct upheld_policy *)policy, \result, blank));
    ensures granted: \result.verdict == UPHELD_SWITCH ==> policy->access == UPHELD_GRANTED;
    ensures protocol: \result.verdict == UPHELD_SWITCH ==>
                      RowInside(\result.protocol + 1, (struct upheld_policy *)policy);
    ensures named: \result.subprotocol < policy->subprotocol_count ||
                   \result.subprotocol == UPHELD_NONE; */
struct upheld_decision upheld_connect_decide(const struct upheld_field_line *fields, uint32_t count,
                                             const struct upheld_policy *policy);

#endif
