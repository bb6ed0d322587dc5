/* protocol.c: which protocol of a policy a head asks for (RFC 9110 7.8), the body before it
 * (RFC 9112 6.3), and what a protocol other than WebSocket asks (RFC 9110 9.1, RFC 7540 3.2.1).
 */
#include <string.h>

#include "naive.h"

#define BASE64URL "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
#define LENGTH_MAX 99999999999999999u /* the core takes 17 digits */

/* protocol = protocol-name [ "/" protocol-version ], each a token. */
static bool is_protocol(struct upheld_span member, const struct upheld_protocol *row)
{
    const uint8_t *slash = memchr(member.p, '/', member.n);
    size_t length = slash == NULL ? member.n : (size_t)(slash - member.p);
    struct upheld_span name = { member.p, length };
    if (!naive_token(name) || !naive_same_any_case(name, row->name)) {
        return false;
    }
    if (slash == NULL) {
        return row->version.n == 0;
    }
    struct upheld_span version = { slash + 1, member.n - length - 1 };
    return naive_token(version) && naive_same(version, row->version);
}

struct upheld_protocol naive_row(const struct upheld_policy *policy, uint32_t at)
{
    struct upheld_protocol websocket = { .name = { (const uint8_t *)"websocket", 9 },
                                         .answer = { (const uint8_t *)"websocket", 9 },
                                         .methods = UPHELD_GET,
                                         .checks = UPHELD_CHECKS_WEBSOCKET };
    return policy->protocol_count == 0 ? websocket : policy->protocols[at];
}

uint32_t naive_protocol(const struct naive_head *head, const struct upheld_policy *policy)
{
    uint32_t rows = policy->protocol_count == 0 ? 1 : policy->protocol_count;
    uint32_t best = UPHELD_NONE;

    for (size_t i = 0; i < head->count; i++) {
        if (!naive_is_any_case(head->fields[i].name, "upgrade")) {
            continue;
        }
        struct naive_members list = naive_list(head->fields[i].value);
        struct upheld_span member;
        while (naive_next(&list, &member)) {
            for (uint32_t k = 0; k < rows; k++) {
                struct upheld_protocol row = naive_row(policy, k);
                if (is_protocol(member, &row) &&
                    (best == UPHELD_NONE || (policy->prefer_own && k < best))) {
                    best = k;
                }
            }
        }
    }
    return best;
}

/* 1*DIGIT */
static bool read_length(struct upheld_span member, uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < member.n; i++) {
        if (!naive_one_of(member.p[i], "0123456789")) {
            return false;
        }
        *out = *out * 10 + (uint64_t)(member.p[i] - '0');
        if (*out > LENGTH_MAX) {
            return false;
        }
    }
    return member.n > 0;
}

static size_t commas(struct upheld_span s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.n; i++) {
        count += s.p[i] == ',' ? 1 : 0;
    }
    return count;
}

/* Adds one Content-Length. RFC 9110 8.6 leaves it open whether a list of one number is taken; the
 * core takes it, but no list with an empty member. */
static void add_length(struct naive_body *body, struct upheld_span value, bool first)
{
    struct naive_members list = naive_list(value);
    struct upheld_span member;
    size_t members = 0;
    uint64_t length = 0;

    while (naive_next(&list, &member)) {
        if (!read_length(member, &length) || (!(first && members == 0) && length != body->length)) {
            body->broken = true;
        }
        body->length = length;
        members++;
    }
    if (members != commas(value) + 1) {
        body->broken = true;
    }
}

struct naive_body naive_body(const struct naive_head *head)
{
    struct naive_body body = { 0 };
    size_t codings = 0, lengths = 0;

    for (size_t i = 0; i < head->count; i++) {
        if (naive_is_any_case(head->fields[i].name, "content-length")) {
            add_length(&body, head->fields[i].value, lengths == 0);
            lengths++;
        }
        if (naive_is_any_case(head->fields[i].name, "transfer-encoding")) {
            struct naive_members list = naive_list(head->fields[i].value);
            struct upheld_span member;
            body.chunked = true;
            while (naive_next(&list, &member)) {
                body.broken = body.broken || !naive_is_any_case(member, "chunked");
                codings++;
            }
        }
    }
    if (body.chunked && (codings != 1 || lengths > 0)) {
        body.broken = true;
    }
    return body;
}

bool naive_method_fits(struct upheld_span method, enum upheld_methods methods)
{
    bool get = naive_is(method, "GET"), options = naive_is(method, "OPTIONS");
    switch (methods) {
    case UPHELD_GET:
        return get;
    case UPHELD_OPTIONS:
        return options;
    case UPHELD_GET_OPTIONS:
        return get || options;
    case UPHELD_ANY_METHOD:
    default:
        return true;
    }
}

/* Exactly one HTTP2-Settings, whole settings of six octets in base64url without padding. */
bool naive_settings(const struct naive_head *head)
{
    struct upheld_span value = naive_value(head, "http2-settings");
    for (size_t i = 0; i < value.n; i++) {
        if (!naive_one_of(value.p[i], BASE64URL)) {
            return false;
        }
    }
    return naive_count(head, "http2-settings") == 1 && value.n > 0 && value.n % 8 == 0;
}

bool naive_persists(const struct naive_head *head)
{
    return head->version.p[7] != '0' && !naive_has(head, "connection", "close");
}
