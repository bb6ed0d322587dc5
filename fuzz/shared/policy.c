/* policy.c: a policy made of an input, so that rows of protocols and switches meet each other in
 * every combination. For the targets request and answer.
 *
 * Where the ninth octet from the end is 0xff, the last eight choose: they stand behind any head, so
 * an engine can change the policy and keep the request. Otherwise a hash of the input chooses.
 */
#include "shared.h"

#define TEXT(s) { (const uint8_t *)(s), sizeof(s) - 1 }
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct upheld_span subprotocols[] = { TEXT("superchat"), TEXT("chat"),
                                                   TEXT("v2.chat") };
static const struct upheld_span origins[] = { TEXT("http://example.com"), TEXT("null") };
static const struct upheld_protocol own_rows[] = {
    { TEXT("foo"), { NULL, 0 }, TEXT("foo"), UPHELD_GET_OPTIONS, true, UPHELD_CHECKS_NONE },
    { TEXT("foo"), TEXT("2"), TEXT("foo/2, HTTP/1.1"), UPHELD_GET, false, UPHELD_CHECKS_NONE },
    { TEXT("bar"), TEXT("V1"), TEXT("bar/V1"), UPHELD_OPTIONS, true, UPHELD_CHECKS_CAPSULE },
};

/* FNV-1a of 64 bits, its low bits mixed with the high ones. */
static uint64_t hash(const uint8_t *p, size_t n)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < n; i++) {
        h = (h ^ p[i]) * 0x100000001b3u;
    }
    return h ^ (h >> 29);
}

uint64_t derive_choice(const uint8_t *p, size_t n)
{
    uint64_t bits = 0;
    if (n < 9 || p[n - 9] != 0xff) {
        return hash(p, n);
    }
    for (size_t i = 0; i < 8; i++) {
        bits = bits << 8 | p[n - 1 - i];
    }
    return bits;
}

/* Takes the lowest bits off. */
static uint32_t take(uint64_t *bits, unsigned count)
{
    uint32_t value = (uint32_t)(*bits & ((1u << count) - 1));
    *bits >>= count;
    return value;
}

static bool flag(uint64_t *bits)
{
    return take(bits, 1) != 0;
}

/* The rows of an eight-bit mask, from one of them on and around. */
static void derive_rows(uint32_t mask, uint32_t first, struct derived *out)
{
    for (uint32_t i = 0; i < DERIVED_ROWS; i++) {
        uint32_t k = (i + first) % DERIVED_ROWS;
        if ((mask >> k & 1) != 0) {
            out->rows[out->policy.protocol_count++] =
                k <= UPHELD_H2C ? upheld_protocol_row((enum upheld_registered)k)
                                : own_rows[k - UPHELD_H2C - 1];
        }
    }
    out->policy.protocols = out->policy.protocol_count > 0 ? out->rows : NULL;
    out->policy.allow_h2c = (mask >> UPHELD_H2C & 1) != 0;
}

/* Window bits: 0, or 8 to 15. */
static uint8_t derive_bits(uint64_t *bits)
{
    uint32_t value = take(bits, 4);
    return (uint8_t)(value < 8 ? 0 : value);
}

/* The least window is lowered to what the greatest one lets it be. */
static struct upheld_deflate derive_deflate(uint64_t *bits)
{
    struct upheld_deflate deflate = { .enabled = flag(bits) };
    deflate.server_no_context_takeover = flag(bits);
    deflate.client_no_context_takeover = flag(bits);
    deflate.server_max_window_bits = derive_bits(bits);
    deflate.client_max_window_bits = derive_bits(bits);
    deflate.min_window_bits = derive_bits(bits);
    uint8_t most = deflate.server_max_window_bits == 0 ? 15 : deflate.server_max_window_bits;
    uint8_t least = deflate.min_window_bits == 0 ? 9 : deflate.min_window_bits;
    deflate.min_window_bits = least > most ? most : deflate.min_window_bits;
    return deflate;
}

void derive_policy(const uint8_t *p, size_t n, struct derived *out)
{
    static const struct upheld_limits limits[] = { UPHELD_LIMITS_DEFAULT, { 12, 64, 256, 8 } };
    static const struct upheld_span required[] = { { NULL, 0 }, TEXT("TLS/1.0, HTTP/1.1") };
    static const uint32_t body_limits[] = { 0, 1, 5, UINT32_MAX };
    static const enum upheld_access access[] = {
        UPHELD_GRANTED, UPHELD_GRANTED,         UPHELD_GRANTED,   UPHELD_GRANTED,
        UPHELD_GRANTED, UPHELD_UNAUTHENTICATED, UPHELD_FORBIDDEN, UPHELD_UNDECIDED,
    };
    uint64_t bits = derive_choice(p, n);
    struct upheld_policy *policy = &out->policy;

    *out = (struct derived){ 0 };
    uint32_t mask = take(&bits, 8);
    derive_rows(mask, take(&bits, 3), out);
    policy->limits = limits[take(&bits, 3) == 0 ? 1 : 0];
    policy->access = access[take(&bits, 3)];
    policy->challenge = (struct upheld_span)TEXT("Bearer realm=\"chat\"");
    policy->subprotocols = subprotocols;
    policy->subprotocol_count = take(&bits, 2) % (COUNT(subprotocols) + 1);
    policy->origins = origins;
    policy->origin_count = flag(&bits) ? COUNT(origins) : 0;
    policy->origin_optional = flag(&bits);
    policy->required = required[take(&bits, 1)];
    policy->body_limit = body_limits[take(&bits, 2)];
    policy->prefer_own = flag(&bits);
    policy->subprotocol_needed = flag(&bits);
    policy->canonical_key = flag(&bits);
    policy->keep_alive = flag(&bits);
    policy->secure = flag(&bits);
    policy->bare_lf = flag(&bits);
    policy->deflate = derive_deflate(&bits);
}
