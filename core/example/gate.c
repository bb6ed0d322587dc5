/* gate.c: the decision of the core, with the outcome of our own check of a token. */
#include "gate.h"

#include <openssl/crypto.h>
#include <string.h>

#define PARAMETER "token="

const char *gate_fault(const struct gate *gate)
{
    struct upheld_policy policy = gate->policy;
    policy.access = UPHELD_UNAUTHENTICATED; /* the outcome that asks most of a policy */
    switch (upheld_policy_check(&policy)) {
    case UPHELD_POLICY_OK:
        return NULL;
    case UPHELD_POLICY_ORIGIN:
        return "an origin is not as browsers send it; expected lower case, such as "
               "https://example.com";
    default:
        return "the policy is not valid"; /* all the rest of it is ours */
    }
}

/* The n octets of an expected secret are compared in a time that does not tell how many match. */
static bool same(const uint8_t *p, size_t n, struct upheld_span expected)
{
    return n == expected.n && CRYPTO_memcmp(p, expected.p, n) == 0;
}

/* Whether the query of a whole head, p[0 .. n-1], names the token. The core decided on this head:
 * the first line that is not empty is METHOD SP TARGET SP VERSION, and the target is a URI. */
static bool names_token(const uint8_t *p, size_t n, struct upheld_span token)
{
    const uint8_t *target = memchr(p, ' ', n);
    if (target == NULL) {
        return false;
    }
    target++;
    const uint8_t *end = memchr(target, ' ', n - (size_t)(target - p));
    const uint8_t *at = end == NULL ? NULL : memchr(target, '?', (size_t)(end - target));
    while (at != NULL) {
        const uint8_t *name = at + 1; /* behind the question mark, or the ampersand */
        at = memchr(name, '&', (size_t)(end - name));
        size_t size = (size_t)((at == NULL ? end : at) - name);
        size_t skip = sizeof(PARAMETER) - 1;
        if (size >= skip && memcmp(name, PARAMETER, skip) == 0) {
            return same(name + skip, size - skip, token);
        }
    }
    return false;
}

struct verdict gate_decide(const struct gate *gate, const uint8_t *p, size_t n)
{
    struct verdict v = { .policy = gate->policy };
    v.decision = upheld_request_decide(p, n, &v.policy);
    /* With access undecided, this clause says: the head is whole, and all that goes before access
     * holds. Only now is there a query worth reading; then the core is asked again. */
    if (v.decision.clause == UPHELD_R6455_4_2_2_1) {
        bool granted = gate->token.n == 0 || names_token(p, v.decision.consumed, gate->token);
        v.policy.access = granted ? UPHELD_GRANTED : UPHELD_UNAUTHENTICATED;
        v.decision = upheld_request_decide(p, n, &v.policy);
    }
    return v;
}
