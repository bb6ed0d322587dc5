/* protocol.c: what a policy says about the protocol that is asked for (RFC 9110 section 7.8). Knows
 * the policy's rows, and the field of the obsolete h2c. */
#include "protocol.h"

#define WORD(x) ((struct upheld_span){ x, sizeof(x) })

/* Names as IANA has registered them, in lower case where the client may write any. */
static const uint8_t TLS[3] = { 't', 'l', 's' };
static const uint8_t TLS_VERSION[3] = { '1', '.', '0' };
/* RFC 2817 section 3.3: the layers in effect afterwards, the lowest first. */
static const uint8_t TLS_ANSWER[17] = { 'T', 'L', 'S', '/', '1', '.', '0', ',', ' ',
                                        'H', 'T', 'T', 'P', '/', '1', '.', '1' };
static const uint8_t CONNECT_UDP[11] = { 'c', 'o', 'n', 'n', 'e', 'c', 't', '-', 'u', 'd', 'p' };
static const uint8_t CONNECT_IP[10] = { 'c', 'o', 'n', 'n', 'e', 'c', 't', '-', 'i', 'p' };

/* A row of these texts. */
/*@ requires readable: ReadableSpan(name) && ReadableSpan(version) && ReadableSpan(answer);
    requires bounded:  answer.n <= UPHELD_TEXT_MAX;
    terminates \true;
    assigns \nothing;
    ensures exact: \result.name == name && \result.version == version &&
                   \result.answer == answer && \result.methods == methods &&
                   \result.checks == checks && \result.body == body; */
static struct upheld_protocol row_with(struct upheld_span name, struct upheld_span version,
                                       struct upheld_span answer, enum upheld_methods methods,
                                       enum upheld_checks checks, bool body)
{
    struct upheld_protocol r = { name, version, answer, methods, body, checks };
    return r;
}

struct upheld_protocol upheld_protocol_row(enum upheld_registered which)
{
    struct upheld_span none = { 0, 0 };
    switch (which) {
    case UPHELD_TLS:
        return row_with(WORD(TLS), WORD(TLS_VERSION), WORD(TLS_ANSWER), UPHELD_ANY_METHOD,
                        UPHELD_CHECKS_NONE, true);
    case UPHELD_CONNECT_UDP:
        return row_with(WORD(CONNECT_UDP), none, WORD(CONNECT_UDP), UPHELD_GET,
                        UPHELD_CHECKS_CAPSULE, false);
    case UPHELD_CONNECT_IP:
        return row_with(WORD(CONNECT_IP), none, WORD(CONNECT_IP), UPHELD_GET, UPHELD_CHECKS_CAPSULE,
                        false);
    case UPHELD_H2C:
        return row_with(WORD(UPH_H2C), none, WORD(UPH_H2C), UPHELD_ANY_METHOD, UPHELD_CHECKS_H2C,
                        true);
    default:
        break;
    }
    struct upheld_span websocket = WORD(UPH_WEBSOCKET);
    return row_with(websocket, none, websocket, UPHELD_GET, UPHELD_CHECKS_WEBSOCKET, false);
}

struct uph_row uph_row(const struct upheld_policy *policy, uint32_t row)
{
    if (policy->protocol_count == 0) {
        return (struct uph_row){ UPHELD_GET, UPHELD_CHECKS_WEBSOCKET, false };
    }
    const struct upheld_protocol *r = &policy->protocols[row - 1];
    return (struct uph_row){ r->methods, r->checks, r->body };
}

bool uph_method_taken(enum upheld_methods methods, enum uph_method method)
{
    if (methods == UPHELD_ANY_METHOD) {
        return true;
    }
    if (method == UPH_METHOD_GET) {
        return methods != UPHELD_OPTIONS;
    }
    return method == UPH_METHOD_OPTIONS &&
           (methods == UPHELD_OPTIONS || methods == UPHELD_GET_OPTIONS);
}

/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   i <= e;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == Base64UrlEnd((uint8_t *)p, e, i)); */
static size_t base64url_end(const uint8_t *p, size_t e, size_t i)
{
    size_t j = i;
    /*@ loop invariant bounded: i <= j <= e;
        loop invariant exact: UPH_EXACT(Base64UrlEnd((uint8_t *)p, e, i) ==
                                        Base64UrlEnd((uint8_t *)p, e, j));
        loop assigns j;
        loop variant e - j; */
    while (j < e && (uph_alpha(p[j]) || uph_digit(p[j]) || p[j] == '-' || p[j] == '_')) {
        j++;
    }
    return j;
}

bool uph_settings_valid(const uint8_t *p, size_t b, size_t e)
{
    return b < e && (e - b) % 8 == 0 && base64url_end(p, e, b) == e;
}
