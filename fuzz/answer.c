/* answer.c: target for upheld_response_write(). Seeds: corpus/answer/.
 *
 *   octets 0 to 7      choose the decision: any that the clauses lead to, with any protocol,
 *                      subprotocol and agreement that the policy allows
 *   octets 8 to 16     choose the policy: 0xff, then what shared/policy.c takes from them
 *   octets 17 to 40    the key
 *   the rest           texts of the policy: challenge, what is required, an answer of a row and a
 *                      subprotocol, a line each, up to LF; where upheld_policy_check() does not
 *                      take one, the one of the policy stands
 *
 * Unlike request it needs no request that leads to a decision, so that every answer is near.
 * Checks what shared/answer.c says: the answer parses back and says what was decided, and nothing
 * else; too small a buffer is left alone; only the key of the client's octets counts.
 */
#include "../core/decide.h"
#include "fuzz.h"
#include "shared/shared.h"

enum { DECIDES = 8, CHOOSES = 9, HEAD = DECIDES + CHOOSES, TEXTS = HEAD + UPHELD_KEY_SIZE };

/* The policy and the subprotocols that it points to. */
struct subject {
    struct derived derived;
    struct upheld_span subprotocols[UPHELD_NAMES_MAX];
};

/* Takes a line off the front. */
static struct upheld_span take_line(struct upheld_span *rest)
{
    struct upheld_span line = *rest;
    const uint8_t *end = rest->n == 0 ? NULL : memchr(rest->p, '\n', rest->n);
    line.n = end == NULL ? rest->n : (size_t)(end - rest->p);
    *rest = end == NULL ? (struct upheld_span){ NULL, 0 }
                        : (struct upheld_span){ end + 1, rest->n - line.n - 1 };
    return line;
}

/* Puts the text into its place if the policy is in order with it. */
static void try_text(struct upheld_policy *policy, struct upheld_span *place,
                     struct upheld_span text)
{
    struct upheld_span before = *place;
    *place = text;
    if (text.n == 0 || upheld_policy_check(policy) != UPHELD_POLICY_OK) {
        *place = before;
    }
}

static void make_policy(const uint8_t *p, size_t n, struct subject *out)
{
    struct upheld_span rest = { p + TEXTS, n - TEXTS };
    struct upheld_policy *policy = &out->derived.policy;
    enum upheld_access access;

    derive_policy(p + DECIDES, CHOOSES, &out->derived);
    for (uint32_t i = 0; i < policy->subprotocol_count; i++) {
        out->subprotocols[i] = policy->subprotocols[i];
    }
    policy->subprotocols = out->subprotocols;
    access = policy->access;
    policy->access = UPHELD_UNAUTHENTICATED; /* so that the challenge is looked at */
    try_text(policy, &policy->challenge, take_line(&rest));
    policy->access = access;
    try_text(policy, &policy->required, take_line(&rest));
    struct upheld_span answer = take_line(&rest), name = take_line(&rest);
    for (uint32_t i = 0; i < policy->protocol_count; i++) {
        try_text(policy, &out->derived.rows[i].answer, answer);
    }
    if (policy->subprotocol_count > 0) {
        try_text(policy, &out->subprotocols[0], name);
    }
}

static struct upheld_agreed make_agreement(uint8_t flags, uint8_t windows)
{
    if ((flags & 1) == 0) {
        return (struct upheld_agreed){ 0 };
    }
    return (struct upheld_agreed){
        .deflate = true,
        .server_no_context_takeover = (flags & 2) != 0,
        .client_no_context_takeover = (flags & 4) != 0,
        .server_max_window_bits = 8 + windows % 8,
        .client_max_window_bits = 8 + windows / 8 % 8,
        .server_bits_named = (flags & 8) != 0,
        .client_bits_named = (flags & 16) != 0,
    };
}

static enum upheld_verdict verdict_of(uint16_t status)
{
    if (status == 0) {
        return UPHELD_IGNORE;
    }
    return status == 101 ? UPHELD_SWITCH : UPHELD_REFUSE;
}

static struct upheld_decision make_switch(const uint8_t *p, const struct upheld_policy *policy,
                                          struct upheld_decision d)
{
    d.body_first = (p[3] & 4) != 0;
    d.continue_first = (p[3] & 2) != 0;
    if (naive_row(policy, d.protocol).checks == UPHELD_CHECKS_WEBSOCKET) {
        d.key_at = HEAD;
        d.subprotocol = policy->subprotocol_count == 0 || p[4] == 0
                            ? UPHELD_NONE
                            : p[4] % policy->subprotocol_count;
        d.agreed = make_agreement(p[5], p[6]);
    }
    return d;
}

/* A decision that the core might have come to under the policy. */
static struct upheld_decision make_decision(const uint8_t *p, const struct upheld_policy *policy)
{
    uint32_t rows = policy->protocol_count == 0 ? 1 : policy->protocol_count;
    enum upheld_clause clause = (enum upheld_clause)((p[0] + 256u * p[1]) % UPHELD_CLAUSE_COUNT);
    struct upheld_decision d = {
        .verdict = verdict_of(uph_status_of(clause)),
        .clause = clause,
        .status = uph_status_of(clause),
        .close = (p[3] & 1) != 0,
        .protocol = p[2] % rows,
        .subprotocol = UPHELD_NONE,
    };
    if (d.verdict == UPHELD_SWITCH) {
        d.close = false;
        return make_switch(p, policy, d);
    }
    return d;
}

/* 100 and 200 are of clauses that decide nothing; a method is refused where a row says which it
 * takes, 426 says what is required, and 401 has a challenge. */
static bool can_be(const struct upheld_policy *policy, struct upheld_decision d)
{
    switch (d.status) {
    case 100:
    case 200:
        return false;
    case 401:
        return policy->access == UPHELD_UNAUTHENTICATED;
    case 405:
        return naive_row(policy, d.protocol).methods != UPHELD_ANY_METHOD;
    case 426:
        return d.clause == UPHELD_R6455_4_2_2_6 || policy->required.n > 0;
    default:
        return true;
    }
}

/* Decisions that were made of other octets, or under another policy, are not answered. */
static void check_foreign(const uint8_t *p, size_t n, const struct upheld_policy *policy,
                          struct upheld_decision d)
{
    uint32_t rows = policy->protocol_count == 0 ? 1 : policy->protocol_count;
    uint8_t out[1] = { 0 };

    d.verdict = UPHELD_SWITCH;
    d.subprotocol = UPHELD_NONE;
    d.protocol = rows;
    FUZZ_CHECK(upheld_response_write(p, n, policy, d, out, 1) == 0, "answer",
               "no 101 to a protocol that the policy has not");
    for (d.protocol = 0; d.protocol < rows; d.protocol++) {
        bool keyed = naive_row(policy, d.protocol).checks == UPHELD_CHECKS_WEBSOCKET;
        d.key_at = n - UPHELD_KEY_SIZE + 1;
        FUZZ_CHECK((upheld_response_write(p, n, policy, d, NULL, 0) == 0) == keyed, "answer",
                   "no 101 for a key that does not lie in the octets");
        d.key_at = 0;
        FUZZ_CHECK((upheld_response_write(p, UPHELD_KEY_SIZE - 1, policy, d, NULL, 0) == 0) ==
                       keyed,
                   "answer", "nor for octets that are fewer than a key");
    }
    for (int i = 0; i < UPHELD_CLAUSE_COUNT; i++) {
        uint16_t status = uph_status_of((enum upheld_clause)i);
        FUZZ_CHECK(status == 0 || (status >= 100 && status <= 505), "answer",
                   "a clause leads to a status or to none");
    }
    FUZZ_CHECK(uph_status_of(UPHELD_CLAUSE_COUNT) == 400, "answer", "what is no clause is 400");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct subject subject;

    if (size < TEXTS) {
        return 0;
    }
    uint8_t *p = fuzz_own(data, size);
    make_policy(p, size, &subject);
    FUZZ_CHECK(upheld_policy_check(&subject.derived.policy) == UPHELD_POLICY_OK, "policy",
               "the policy that the input chooses is in order");
    struct upheld_decision d = make_decision(p, &subject.derived.policy);
    if (can_be(&subject.derived.policy, d)) {
        check_answer(p, size, &subject.derived.policy, d);
    }
    check_foreign(p, size, &subject.derived.policy, d);
    FUZZ_CHECK(memcmp(p, data, size) == 0, "frame", "the request is not written to");
    free(p);
    return 0;
}
