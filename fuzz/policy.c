/* policy.c: target for upheld_policy_check() and rows of protocols. Seeds: corpus/policy/.
 *
 *   octet 0    bit 0: h2c is allowed; bits 1 to 3: how many rows; bit 4: one too many of something;
 *              bit 5: a list is missing; bits 6, 7: of what: rows, subprotocols, origins
 *   the rest   for each row an octet, whose bits 0 to 2 are its methods, 3 to 5 its checks and 6
 *              whether it takes a body; and its name, version and answer, a line each, up to LF.
 *              Then a subprotocol a line
 *
 * Checks that a policy is taken if and only if a second reading of core/upheld.h takes it, and what
 * is found wrong with it first; that the rows which IANA registered are in order; and that a policy
 * that is taken decides a request for each of its rows. request_policy.c checks the other texts.
 * Under FUZZ_SPEC what is told is also compared with the specification of the proof.
 */
#include "fuzz.h"
#include "naive/naive.h"
#ifdef FUZZ_SPEC
#include "shared/policy_spec.h"
#endif

#define ROWS_MAX 7
#define NAMES 4
#define TEXT(s) { (const uint8_t *)(s), sizeof(s) - 1 }

struct made {
    struct upheld_policy policy;
    struct upheld_protocol rows[ROWS_MAX];
    struct upheld_span names[NAMES];
    bool too_many, missing;
};

/* Takes a line off the front. */
static struct upheld_span take(struct upheld_span *rest)
{
    struct upheld_span line = *rest;
    const uint8_t *end = rest->n == 0 ? NULL : memchr(rest->p, '\n', rest->n);
    line.n = end == NULL ? rest->n : (size_t)(end - rest->p);
    *rest = end == NULL ? (struct upheld_span){ rest->p + rest->n, 0 }
                        : (struct upheld_span){ end + 1, rest->n - line.n - 1 };
    return line;
}

static struct upheld_protocol take_row(struct upheld_span *rest)
{
    uint8_t bits = rest->n > 0 ? rest->p[0] : 0;
    struct upheld_protocol row = { .methods = (enum upheld_methods)(bits & 7),
                                   .checks = (enum upheld_checks)(bits >> 3 & 7),
                                   .body = (bits & 0x40) != 0 };
    if (rest->n > 0) {
        rest->p++;
        rest->n--;
    }
    row.name = take(rest);
    row.version = take(rest);
    row.answer = take(rest);
    return row;
}

/* One list of the three is too long, or is not there. */
static void spoil(uint8_t bits, struct made *out)
{
    struct upheld_policy *policy = &out->policy;
    uint32_t *const counts[] = { &policy->protocol_count, &policy->subprotocol_count,
                                 &policy->origin_count };
    uint32_t which = bits >> 6 > 2 ? 0 : bits >> 6;

    out->too_many = (bits & 0x10) != 0;
    if (out->too_many) {
        *counts[which] = which == 0 ? UPHELD_PROTOCOLS_MAX + 1 : UPHELD_NAMES_MAX + 1;
    }
    if ((bits & 0x20) != 0) {
        policy->protocols = which == 0 ? NULL : policy->protocols;
        policy->subprotocols = which == 1 ? NULL : policy->subprotocols;
        policy->origins = which == 2 ? NULL : policy->origins;
        out->missing = *counts[which] > 0;
    }
}

static void make(const uint8_t *p, size_t n, struct made *out)
{
    static const struct upheld_span origin = TEXT("https://example.com");
    struct upheld_span rest = { p + 1, n - 1 };

    *out = (struct made){ .policy = { .limits = UPHELD_LIMITS_DEFAULT,
                                      .access = UPHELD_GRANTED,
                                      .protocols = out->rows,
                                      .protocol_count = p[0] >> 1 & 7,
                                      .subprotocols = out->names,
                                      .origins = &origin,
                                      .origin_count = 1,
                                      .allow_h2c = (p[0] & 1) != 0 } };
    for (uint32_t i = 0; i < out->policy.protocol_count; i++) {
        out->rows[i] = take_row(&rest);
    }
    while (rest.n > 0 && out->policy.subprotocol_count < NAMES) {
        out->names[out->policy.subprotocol_count++] = take(&rest);
    }
    spoil(p[0], out);
}

static bool sized(struct upheld_span s)
{
    return s.n > 0 && s.n <= UPHELD_TEXT_MAX;
}

static bool lower_token(struct upheld_span s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] >= 'A' && s.p[i] <= 'Z') {
            return false;
        }
    }
    return sized(s) && naive_token(s);
}

/* Visible ASCII, SP inside. */
static bool value(struct upheld_span s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < 0x20 || s.p[i] > 0x7e) {
            return false;
        }
    }
    return sized(s) && s.p[0] != ' ' && s.p[s.n - 1] != ' ';
}

/* What belongs to a name belongs to it alone; RFC 7540 3.2: nobody asks for h2 so. */
static bool checks_fit(struct upheld_protocol row, bool allow_h2c)
{
    bool websocket = naive_is(row.name, "websocket"), h2c = naive_is(row.name, "h2c");

    if (websocket != (row.checks == UPHELD_CHECKS_WEBSOCKET) ||
        h2c != (row.checks == UPHELD_CHECKS_H2C) || naive_is(row.name, "h2")) {
        return false;
    }
    if (websocket) {
        return row.version.n == 0 && row.methods == UPHELD_GET && !row.body;
    }
    return !h2c || (row.version.n == 0 && allow_h2c);
}

static bool row_fits(struct upheld_protocol row, bool allow_h2c)
{
    return lower_token(row.name) && value(row.answer) &&
           (row.version.n == 0 || (sized(row.version) && naive_token(row.version))) &&
           row.methods <= UPHELD_ANY_METHOD && row.checks <= UPHELD_CHECKS_H2C &&
           checks_fit(row, allow_h2c);
}

static bool rows_fit(const struct upheld_policy *policy)
{
    for (uint32_t i = 0; i < policy->protocol_count; i++) {
        struct upheld_protocol row = policy->protocols[i];
        for (uint32_t k = 0; k < i; k++) {
            if (naive_same(row.name, policy->protocols[k].name) &&
                naive_same(row.version, policy->protocols[k].version)) {
                return false;
            }
        }
        if (!row_fits(row, policy->allow_h2c)) {
            return false;
        }
    }
    return true;
}

static bool names_fit(const struct upheld_policy *policy)
{
    for (uint32_t i = 0; i < policy->subprotocol_count; i++) {
        struct upheld_span name = policy->subprotocols[i];
        for (uint32_t k = 0; k < i; k++) {
            if (naive_same(name, policy->subprotocols[k])) {
                return false;
            }
        }
        if (!sized(name) || !naive_token(name)) {
            return false;
        }
    }
    return true;
}

static enum upheld_policy_error expected(const struct made *made)
{
    if (made->too_many || made->missing) {
        return UPHELD_POLICY_COUNT;
    }
    if (!rows_fit(&made->policy)) {
        return UPHELD_POLICY_PROTOCOL;
    }
    return names_fit(&made->policy) ? UPHELD_POLICY_OK : UPHELD_POLICY_SUBPROTOCOL;
}

/* A request for the row, which is answered with its status or switched to it. */
static void check_row(const struct upheld_policy *policy, uint32_t at)
{
    const struct upheld_protocol *row = &policy->protocols[at];
    size_t most = 128 + row->name.n + row->version.n;
    char *request = (char *)fuzz_block(most);
    int n = snprintf(request, most,
                     "OPTIONS / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: %.*s%s%.*s"
                     "\r\n\r\n",
                     (int)row->name.n, (const char *)row->name.p, row->version.n > 0 ? "/" : "",
                     (int)row->version.n, (const char *)row->version.p);
    struct upheld_decision d = upheld_request_decide((uint8_t *)request, (size_t)n, policy);
    bool taken = row->methods != UPHELD_GET;

    FUZZ_CHECK(d.protocol == at, "R9110-7.8-2", "the row that is asked for is found");
    if (row->checks != UPHELD_CHECKS_H2C) {
        FUZZ_CHECK(d.verdict == (taken ? UPHELD_SWITCH : UPHELD_REFUSE) &&
                       d.status == (taken ? 101 : 405),
                   "R9110-9.1-1", "it is switched to with a method that it takes");
    }
    free(request);
}

static void check_registered(void)
{
    struct upheld_protocol rows[UPHELD_H2C + 1];
    struct upheld_policy policy = { .limits = UPHELD_LIMITS_DEFAULT,
                                    .protocols = rows,
                                    .protocol_count = UPHELD_H2C + 1,
                                    .allow_h2c = true };
    for (int i = 0; i <= UPHELD_H2C; i++) {
        rows[i] = upheld_protocol_row((enum upheld_registered)i);
    }
    FUZZ_CHECK(upheld_policy_check(&policy) == UPHELD_POLICY_OK, "policy",
               "what IANA registered is in order");
    policy.allow_h2c = false;
    FUZZ_CHECK(upheld_policy_check(&policy) == UPHELD_POLICY_PROTOCOL, "R7540-3.3-1",
               "but h2c must be allowed");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct made made;

    check_registered();
    if (size == 0) {
        return 0;
    }
    uint8_t *p = fuzz_own(data, size);
    make(p, size, &made);
    enum upheld_policy_error error = upheld_policy_check(&made.policy);
#ifdef FUZZ_SPEC
    check_policy_specification(&made.policy, error);
#endif
    FUZZ_CHECK(error == expected(&made), "policy",
               "a policy is refused for what is wrong with it first, and for nothing else");
    for (uint32_t i = 0; error == UPHELD_POLICY_OK && i < made.policy.protocol_count; i++) {
        check_row(&made.policy, i);
    }
    FUZZ_CHECK(memcmp(p, data, size) == 0, "frame", "the texts are not written to");
    free(p);
    return 0;
}
