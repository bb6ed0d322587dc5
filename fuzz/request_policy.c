/* request_policy.c: part of the target request: policies made of the input's octets. Checks that
 * upheld_policy_check() takes a text if and only if no answer can break on it, read naively here,
 * and that every bound is refused at one past its edge.
 */
#include <string.h>

#define UPHELD_CLAUSE_TEXTS
#include "fuzz.h"
#include "request.h"

static bool origin_text(struct upheld_span s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < 0x21 || s.p[i] > 0x7e || (s.p[i] >= 'A' && s.p[i] <= 'Z')) {
            return false;
        }
    }
    return 0 < s.n && s.n <= UPHELD_TEXT_MAX;
}

static bool value_text(struct upheld_span s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < 0x20 || s.p[i] > 0x7e) {
            return false;
        }
    }
    return 0 < s.n && s.n <= UPHELD_TEXT_MAX && s.p[0] != ' ' && s.p[s.n - 1] != ' ';
}

static void expect(const struct upheld_policy *policy, enum upheld_policy_error error)
{
    FUZZ_CHECK(upheld_policy_check(policy) == error, "policy",
               "a policy is refused for what is wrong with it, and for nothing else");
}

static void check_bounds(struct upheld_policy policy)
{
    uint32_t *limits[] = { &policy.limits.target, &policy.limits.line, &policy.limits.head,
                           &policy.limits.fields };
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        uint32_t kept = *limits[i];
        *limits[i] = UPHELD_LIMIT_MAX;
        expect(&policy, UPHELD_POLICY_OK);
        *limits[i] = UPHELD_LIMIT_MAX + 1;
        expect(&policy, UPHELD_POLICY_LIMIT);
        *limits[i] = 0;
        expect(&policy, UPHELD_POLICY_LIMIT);
        *limits[i] = kept;
    }
    policy.subprotocol_count = 1;
    expect(&policy, UPHELD_POLICY_COUNT);
    policy.subprotocol_count = UPHELD_NAMES_MAX + 1;
    expect(&policy, UPHELD_POLICY_COUNT);
    policy.subprotocol_count = 0;
    policy.origin_count = 1;
    expect(&policy, UPHELD_POLICY_COUNT);
    policy.origin_count = UPHELD_NAMES_MAX + 1;
    expect(&policy, UPHELD_POLICY_COUNT);
}

/* Window bits are 0 or 8 to 15, and the least is not above the server's greatest. */
static void check_deflate(struct upheld_policy policy, const uint8_t *p, size_t n)
{
    struct upheld_deflate deflate = { .enabled = n % 2 == 0 };
    uint8_t *const bits[] = { &deflate.server_max_window_bits, &deflate.client_max_window_bits,
                              &deflate.min_window_bits };
    bool good = true;

    for (size_t i = 0; i < sizeof bits / sizeof bits[0]; i++) {
        *bits[i] = i < n ? p[i] % 18 : 0;
        good = good && (*bits[i] == 0 || (8 <= *bits[i] && *bits[i] < 16));
    }
    uint8_t most = deflate.server_max_window_bits == 0 ? 15 : deflate.server_max_window_bits;
    uint8_t least = deflate.min_window_bits == 0 ? 9 : deflate.min_window_bits;
    policy.deflate = deflate;
    expect(&policy, good && least <= most ? UPHELD_POLICY_OK : UPHELD_POLICY_DEFLATE);
}

void check_policies(const uint8_t *p, size_t n)
{
    struct upheld_span text = { p, n };
    struct upheld_policy plain = { .limits = UPHELD_LIMITS_DEFAULT, .access = UPHELD_GRANTED };
    struct upheld_policy policy = plain;

    policy.subprotocols = &text;
    policy.subprotocol_count = 1;
    expect(&policy, naive_token(text) && n <= UPHELD_TEXT_MAX ? UPHELD_POLICY_OK
                                                              : UPHELD_POLICY_SUBPROTOCOL);
    policy = plain;
    policy.origins = &text;
    policy.origin_count = 1;
    expect(&policy, origin_text(text) ? UPHELD_POLICY_OK : UPHELD_POLICY_ORIGIN);
    policy = plain;
    policy.challenge = text;
    expect(&policy, UPHELD_POLICY_OK);
    policy.access = UPHELD_UNAUTHENTICATED;
    expect(&policy, value_text(text) ? UPHELD_POLICY_OK : UPHELD_POLICY_CHALLENGE);
    check_deflate(plain, p, n);
    check_bounds(plain);
}

void check_clause(enum upheld_clause clause)
{
    FUZZ_CHECK(strlen(upheld_clause_id(clause)) > 6 && strlen(upheld_clause_text(clause)) > 10,
               "clauses.def", "the clause that decided has an id and a text");
    FUZZ_CHECK(strcmp(upheld_clause_id(UPHELD_CLAUSE_COUNT), "unknown") == 0 &&
                   upheld_clause_text(UPHELD_CLAUSE_COUNT) != NULL,
               "clauses.def", "what is no clause has no id");
}
