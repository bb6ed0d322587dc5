/* protocol.c: what a policy says about the protocol that is asked for (RFC 9110 section 7.8). Knows
 * the policy's rows, and the field of the obsolete h2c. */
#include "protocol.h"

#define TEXT(x) { (x), sizeof(x) }

/* Names as IANA has registered them, in lower case where the client may write any. */
static const uint8_t TLS[3] = { 't', 'l', 's' };
static const uint8_t TLS_VERSION[3] = { '1', '.', '0' };
/* RFC 2817 section 3.3: the layers in effect afterwards, the lowest first. */
static const uint8_t TLS_ANSWER[17] = { 'T', 'L', 'S', '/', '1', '.', '0', ',', ' ',
                                        'H', 'T', 'T', 'P', '/', '1', '.', '1' };
static const uint8_t CONNECT_UDP[11] = { 'c', 'o', 'n', 'n', 'e', 'c', 't', '-', 'u', 'd', 'p' };
static const uint8_t CONNECT_IP[10] = { 'c', 'o', 'n', 'n', 'e', 'c', 't', '-', 'i', 'p' };

const struct upheld_protocol upheld_websocket = { .name = TEXT(UPH_WEBSOCKET),
                                                  .answer = TEXT(UPH_WEBSOCKET),
                                                  .methods = UPHELD_GET,
                                                  .checks = UPHELD_CHECKS_WEBSOCKET };
const struct upheld_protocol upheld_tls = { .name = TEXT(TLS),
                                            .version = TEXT(TLS_VERSION),
                                            .answer = TEXT(TLS_ANSWER),
                                            .methods = UPHELD_ANY_METHOD,
                                            .body = true };
const struct upheld_protocol upheld_connect_udp = { .name = TEXT(CONNECT_UDP),
                                                    .answer = TEXT(CONNECT_UDP),
                                                    .methods = UPHELD_GET,
                                                    .checks = UPHELD_CHECKS_CAPSULE };
const struct upheld_protocol upheld_connect_ip = { .name = TEXT(CONNECT_IP),
                                                   .answer = TEXT(CONNECT_IP),
                                                   .methods = UPHELD_GET,
                                                   .checks = UPHELD_CHECKS_CAPSULE };
const struct upheld_protocol upheld_h2c = { .name = TEXT(UPH_H2C),
                                            .answer = TEXT(UPH_H2C),
                                            .methods = UPHELD_ANY_METHOD,
                                            .body = true,
                                            .checks = UPHELD_CHECKS_H2C };

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
    ensures exact: UPH_EXACT(\result == Base64UrlEnd((uint8_t *)p, e, i));
    ensures bounded: i <= \result <= e; */
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
