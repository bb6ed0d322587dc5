/* gate.c: the decision of the core, with the outcome of our own check of a token. */
#include "gate.h"

#include <openssl/crypto.h>

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

/* Whether the query of a whole head, p[0 .. n-1], names the token, and once: another reader of the
 * same target may take the last of two. */
static bool names_token(const uint8_t *p, size_t n, struct upheld_span token)
{
    static const uint8_t NAME[] = { 't', 'o', 'k', 'e', 'n' };
    struct upheld_value v = upheld_query(p, n, (struct upheld_span){ NAME, sizeof(NAME) });
    return v.found && !v.again && same(p + v.at, v.end - v.at, token);
}

struct verdict gate_decide(const struct gate *gate, struct upheld_reader *reader, const uint8_t *p,
                           size_t n)
{
    struct verdict v = { .policy = gate->policy };
    v.decision = upheld_request_resume(reader, p, n, &v.policy);
    /* With access undecided, this clause says: the head is whole, and all that goes before access
     * holds. Only now is there a query worth reading; then the core is asked again. */
    if (v.decision.clause == UPHELD_R6455_4_2_2_1) {
        bool granted = gate->token.n == 0 || names_token(p, v.decision.consumed, gate->token);
        v.policy.access = granted ? UPHELD_GRANTED : UPHELD_UNAUTHENTICATED;
        v.decision = upheld_request_decide(p, n, &v.policy);
    }
    return v;
}
