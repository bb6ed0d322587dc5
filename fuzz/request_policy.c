/* request_policy.c: part of the target request: policies made of the input's octets. Checks that
 * upheld_policy_check() takes a text if and only if no answer can break on it, and a row if and
 * only if it has the checks of its name, read naively here, and that every bound is refused at one
 * past its edge. Under FUZZ_SPEC what is told is also compared with the specification of the proof.
 */
#include <string.h>

#define UPHELD_CLAUSE_TEXTS
#include "../core/decide.h"
#include "fuzz.h"
#include "request.h"
#ifdef FUZZ_SPEC
#include "shared/policy_spec.h"
#endif

#define TEXT(s) { (const uint8_t *)(s), sizeof(s) - 1 }

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
    enum upheld_policy_error told = upheld_policy_check(policy);
    FUZZ_CHECK(told == error, "policy",
               "a policy is refused for what is wrong with it, and for nothing else");
#ifdef FUZZ_SPEC
    check_policy_specification(policy, told);
#endif
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
        *limits[i] = 1;
        expect(&policy, UPHELD_POLICY_OK);
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

static bool is_text(struct upheld_span s, const char *text)
{
    return s.n == strlen(text) && memcmp(s.p, text, s.n) == 0;
}

static bool same_text(struct upheld_span a, struct upheld_span b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static bool short_token(struct upheld_span s)
{
    return naive_token(s) && s.n <= UPHELD_TEXT_MAX;
}

/* Checks and name belong together, one way and the other. */
static bool good_row(struct upheld_protocol r, bool allow_h2c)
{
    bool websocket = is_text(r.name, "websocket"), h2c = is_text(r.name, "h2c");
    bool plain = short_token(r.name) && origin_text(r.name) && value_text(r.answer) &&
                 (r.version.n == 0 || short_token(r.version)) && (int)r.methods < 4 &&
                 (int)r.checks < 4 && !is_text(r.name, "h2");

    return plain && websocket == (r.checks == UPHELD_CHECKS_WEBSOCKET) &&
           h2c == (r.checks == UPHELD_CHECKS_H2C) && (!(websocket || h2c) || r.version.n == 0) &&
           (!websocket || (r.methods == UPHELD_GET && !r.body)) && (!h2c || allow_h2c);
}

/* Two rows that the input chooses, of names that need checks and of its own octets. */
static void check_rows(struct upheld_policy policy, const uint8_t *p, size_t n)
{
    const struct upheld_span texts[] = { TEXT("websocket"), TEXT("h2"),  TEXT("h2c"), TEXT("foo"),
                                         TEXT("h3"),        TEXT("Foo"), { p, n },    { p, 0 } };
    struct upheld_protocol rows[2];
    uint64_t bits = derive_choice(p, n);

    for (size_t i = 0; i < 2; i++) {
        rows[i] = (struct upheld_protocol){
            .name = texts[bits & 7],
            .version = texts[(bits >> 3 & 1) != 0 ? 7 : bits >> 4 & 7],
            .answer = texts[(bits >> 7 & 1) != 0 ? 0 : bits >> 8 & 7],
            .methods = (enum upheld_methods)(bits >> 11 & 7 & bits >> 14),
            .body = (bits >> 17 & bits >> 18 & 1) != 0,
            .checks = (enum upheld_checks)((bits >> 19 & 7) % 5),
        };
        bits >>= 22;
    }
    policy.protocols = rows;
    policy.allow_h2c = (bits & 1) != 0;
    policy.protocol_count = 1;
    bool first = good_row(rows[0], policy.allow_h2c);
    expect(&policy, first ? UPHELD_POLICY_OK : UPHELD_POLICY_PROTOCOL);
    policy.protocol_count = 2;
    bool twice =
        same_text(rows[0].name, rows[1].name) && same_text(rows[0].version, rows[1].version);
    expect(&policy, first && good_row(rows[1], policy.allow_h2c) && !twice
                        ? UPHELD_POLICY_OK
                        : UPHELD_POLICY_PROTOCOL);
}

/* Two subprotocols, cut from the input where it says. */
static void check_pair(struct upheld_policy policy, const uint8_t *p, size_t n)
{
    if (n == 0) {
        return;
    }
    size_t at = p[n - 1] % n;
    const struct upheld_span pair[] = { { p, at }, { p + at, (n - at) % (at + 1) } };

    policy.subprotocols = pair;
    policy.subprotocol_count = 2;
    expect(&policy, short_token(pair[0]) && short_token(pair[1]) && !same_text(pair[0], pair[1])
                        ? UPHELD_POLICY_OK
                        : UPHELD_POLICY_SUBPROTOCOL);
}

void check_policies(const uint8_t *p, size_t n)
{
    struct upheld_span text = { p, n };
    struct upheld_policy plain = { .limits = UPHELD_LIMITS_DEFAULT, .access = UPHELD_GRANTED };
    struct upheld_policy policy = plain;

    policy.subprotocols = &text;
    policy.subprotocol_count = 1;
    expect(&policy, short_token(text) ? UPHELD_POLICY_OK : UPHELD_POLICY_SUBPROTOCOL);
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
    check_rows(plain, p, n);
    check_pair(plain, p, n);
    check_bounds(plain);
}

void check_clause(enum upheld_clause clause)
{
    FUZZ_CHECK(strlen(upheld_clause_id(clause)) > 6 && strlen(upheld_clause_text(clause)) > 10,
               "clauses.def", "the clause that decided has an id and a text");
    FUZZ_CHECK(strcmp(upheld_clause_id(UPHELD_CLAUSE_COUNT), "unknown") == 0 &&
                   strcmp(upheld_clause_id((enum upheld_clause)UINT16_MAX), "unknown") == 0 &&
                   upheld_clause_text(UPHELD_CLAUSE_COUNT) != NULL,
               "clauses.def", "what is no clause has no id");
    FUZZ_CHECK(uph_status_of((enum upheld_clause)UINT16_MAX) == 400, "clauses.def",
               "what is no clause is refused as what is malformed");
}
