/* beside_rest.c: one more target, for mutants: clients and policies of any kind, well formed or
 * not, with limits and counts at their edges, and the small functions. The targets of fuzz/ compare
 * with a second reading, and so have fewer of them; here the core is what a mutant is compared
 * with.
 */
#include "../../core/upheld.h"
#include "../../fuzz/fuzz.h"

int target_rest(const uint8_t *data, size_t size);

/* Numbers and texts that the octets of an input choose, one octet a choice; zeros at its end. */
struct chooser {
    const uint8_t *p;
    size_t n;
};

static size_t choose(struct chooser *c, size_t below)
{
    if (c->n == 0) {
        return 0;
    }
    c->n--;
    return *c->p++ % below;
}

static uint32_t choose_limit(struct chooser *c)
{
    static const uint32_t edges[] = {
        100, 1, 2, 64, 0, UPHELD_LIMIT_MAX - 1, UPHELD_LIMIT_MAX, UPHELD_LIMIT_MAX + 1, UINT32_MAX
    };
    return edges[choose(c, sizeof edges / sizeof edges[0])];
}

static struct upheld_limits choose_limits(struct chooser *c)
{
    struct upheld_limits plain = UPHELD_LIMITS_DEFAULT;
    if (choose(c, 4) != 0) {
        return plain;
    }
    return (struct upheld_limits){ choose_limit(c), choose_limit(c), choose_limit(c),
                                   choose_limit(c) };
}

/* One of some texts, well and badly formed, or octets of the input, or one that is long. */
static struct upheld_span choose_text(struct chooser *c, const char *const *texts, size_t count,
                                      size_t most)
{
    static uint8_t many[UPHELD_VALUE_MAX + 2];
    size_t which = choose(c, count + 3);
    if (which < count) {
        return (struct upheld_span){ (const uint8_t *)texts[which], strlen(texts[which]) };
    }
    if (which == count) {
        memset(many, 'a', sizeof many);
        many[0] = '/';
        return (struct upheld_span){ many + choose(c, 2), most - 1 + choose(c, 3) };
    }
    size_t n = choose(c, 24);
    n = n < c->n ? n : c->n;
    struct upheld_span text = { c->p, n };
    c->p += n;
    c->n -= n;
    return text;
}

static const char *const tokens[] = { "chat", "v2.chat", "chat", "", "a b", "superchat", "x" };
static const char *const hosts[] = { "example.com",
                                     "example.com:80",
                                     "[::1]",
                                     "[::1]:443",
                                     "a:",
                                     "[v1.a]",
                                     "[1::2:3:4:5:6:7]",
                                     "[1:2:3:4:5:6:7:8]",
                                     "[::1.2.3.4]",
                                     "%41",
                                     "",
                                     "user@host",
                                     "a:65536",
                                     "[::g]",
                                     "1.2.3.4",
                                     "[1:2:3:4:5:6:1.2.3.4]",
                                     "[::]",
                                     "[1::]" };
static const char *const targets_of[] = {
    "/",   "/chat?room=1", "/a/../b", "/%41", "",        "*",    "a",   "/a#b",
    "/%4", "/%zz",         "/?/?",    "//",   "/~!\x7f", "/%fF", "/%Gg"
};
static const char *const origins[] = {
    "http://example.com", "null", "", "HTTP://a", "a b", "x", "!~", "\x7f"
};
static const char *const names[] = { "Cookie",
                                     "Authorization",
                                     "Host",
                                     "upgrade",
                                     "Connection",
                                     "Sec-WebSocket-Key",
                                     "content-length",
                                     "transfer-encoding",
                                     "Sec-WebSocket-Protocol",
                                     "",
                                     "a:",
                                     "Expect",
                                     "Origin",
                                     "sec-websocket-version",
                                     "X",
                                     "HTTP2-Settings",
                                     "Trailer" };
static const char *const values[] = { "a=b", "", " a", "a ", "a\tb", "a\nb", "\x7f", "Basic eA==" };
static const char *const rows[] = { "websocket", "tls", "h2c", "connect-udp", "foo",
                                    "Foo",       "a b", "",    "TLS/1.0",     "connect-ip",
                                    "1.0",       ",",   "h2",  "h2x",         "websockeT" };
#define CHOOSE(c, texts, most) choose_text(c, texts, sizeof(texts) / sizeof(texts)[0], most)

enum { COUNT_MOST = UPHELD_NAMES_MAX + 2 };

/* Mostly few, sometimes as many as may be, or more. */
static uint32_t choose_count(struct chooser *c, uint32_t most)
{
    const uint32_t counts[] = { 0, 1, 2, 3, 0, 1, 2, most - 1, most, most + 1 };
    return counts[choose(c, sizeof counts / sizeof counts[0])];
}

/* So many texts; the first few are chosen, the others are all different. */
static const struct upheld_span *choose_texts(struct chooser *c, struct upheld_span *out,
                                              uint32_t count, const char *const *texts, size_t of)
{
    static uint8_t names_of[COUNT_MOST][2];
    for (uint32_t i = 0; i < count; i++) {
        names_of[i][0] = (uint8_t)('a' + i / 16);
        names_of[i][1] = (uint8_t)('a' + i % 16);
        out[i] = i < 4 && count < 8 ? choose_text(c, texts, of, UPHELD_TEXT_MAX)
                                    : (struct upheld_span){ names_of[i], 2 };
    }
    return choose(c, 16) == 1 ? NULL : out;
}

static struct upheld_deflate choose_deflate(struct chooser *c)
{
    struct upheld_deflate d = { .enabled = choose(c, 2) == 1 };
    if (d.enabled) {
        d.server_no_context_takeover = choose(c, 2) == 1;
        d.client_no_context_takeover = choose(c, 2) == 1;
        d.server_max_window_bits = (uint8_t)choose(c, 18);
        d.client_max_window_bits = (uint8_t)choose(c, 18);
        d.min_window_bits = (uint8_t)choose(c, 18);
    }
    return d;
}

/* A client of any kind is checked; one that is accepted writes, and reads what is left. */
static void some_client(struct chooser c)
{
    static struct upheld_span offered[COUNT_MOST];
    static struct upheld_field_line fields[COUNT_MOST];
    static uint8_t out[2 * UPHELD_VALUE_MAX];
    struct upheld_client client = { .limits = choose_limits(&c), .interim = 16 };
    uint8_t nonce[UPHELD_NONCE_SIZE] = { 0 };

    if (choose(&c, 8) == 1) {
        client.interim = choose_limit(&c);
    }
    nonce[0] = (uint8_t)choose(&c, 256);
    nonce[15] = (uint8_t)choose(&c, 256);
    upheld_key(nonce, client.key);
    if (choose(&c, 4) == 1) {
        client.key[choose(&c, UPHELD_KEY_SIZE)] = (uint8_t)choose(&c, 256);
    }
    client.host = CHOOSE(&c, hosts, UPHELD_TEXT_MAX);
    client.target = CHOOSE(&c, targets_of, UPHELD_VALUE_MAX);
    client.origin = CHOOSE(&c, origins, UPHELD_TEXT_MAX);
    client.subprotocol_count = choose_count(&c, UPHELD_NAMES_MAX);
    client.subprotocols = choose_texts(&c, offered, client.subprotocol_count, tokens,
                                       sizeof tokens / sizeof tokens[0]);
    client.deflate = choose_deflate(&c);
    client.field_count = choose_count(&c, UPHELD_NAMES_MAX);
    client.fields = choose(&c, 16) == 1 ? NULL : fields;
    for (uint32_t i = 0; i < client.field_count; i++) {
        fields[i].name = CHOOSE(&c, names, UPHELD_TEXT_MAX);
        fields[i].value = CHOOSE(&c, values, UPHELD_VALUE_MAX);
    }
    client.subprotocol_needed = choose(&c, 2) == 1;
    if (upheld_client_check(&client) == UPHELD_CLIENT_OK) {
        (void)upheld_request_write(&client, out, sizeof out);
        (void)upheld_reply_decide(c.p, c.n, &client);
    }
}

/* Rows of protocols: registered ones, and such of the octets' own. */
static void choose_rows(struct chooser *c, struct upheld_protocol *out, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        out[i] = upheld_protocol_row((enum upheld_registered)choose(c, UPHELD_H2C + 1));
        if (choose(c, 2) == 1) {
            out[i].name = CHOOSE(c, rows, UPHELD_TEXT_MAX);
            out[i].version = CHOOSE(c, rows, UPHELD_TEXT_MAX);
            out[i].answer = CHOOSE(c, rows, UPHELD_TEXT_MAX);
            out[i].methods = (enum upheld_methods)choose(c, UPHELD_ANY_METHOD + 1);
            out[i].body = choose(c, 2) == 1;
            out[i].checks = (enum upheld_checks)choose(c, UPHELD_CHECKS_H2C + 1);
        }
    }
}

/* A policy of any kind is checked; one that is accepted decides what is left. */
static void some_policy(struct chooser c)
{
    static struct upheld_span spoken[COUNT_MOST], allowed[COUNT_MOST];
    static struct upheld_protocol table[COUNT_MOST];
    static uint8_t out[4096];
    struct upheld_policy policy = { .limits = choose_limits(&c) };

    policy.access = (enum upheld_access)choose(&c, UPHELD_FORBIDDEN + 1);
    policy.challenge = CHOOSE(&c, values, UPHELD_TEXT_MAX);
    policy.required = CHOOSE(&c, values, UPHELD_TEXT_MAX);
    policy.protocol_count = choose_count(&c, choose(&c, 8) == 1 ? UPHELD_PROTOCOLS_MAX : 3);
    policy.protocols = choose(&c, 16) == 1 ? NULL : table;
    choose_rows(&c, table, policy.protocol_count);
    policy.subprotocol_count = choose_count(&c, UPHELD_NAMES_MAX);
    policy.subprotocols = choose_texts(&c, spoken, policy.subprotocol_count, tokens,
                                       sizeof tokens / sizeof tokens[0]);
    policy.origin_count = choose_count(&c, UPHELD_NAMES_MAX);
    policy.origins =
        choose_texts(&c, allowed, policy.origin_count, origins, sizeof origins / sizeof origins[0]);
    policy.deflate = choose_deflate(&c);
    policy.body_limit = (uint32_t)choose(&c, 256);
    policy.origin_optional = choose(&c, 2) == 1;
    policy.prefer_own = choose(&c, 2) == 1;
    policy.subprotocol_needed = choose(&c, 2) == 1;
    policy.canonical_key = choose(&c, 2) == 1;
    policy.keep_alive = choose(&c, 2) == 1;
    policy.secure = choose(&c, 2) == 1;
    policy.allow_h2c = choose(&c, 2) == 1;
    policy.bare_lf = choose(&c, 2) == 1;
    if (upheld_policy_check(&policy) == UPHELD_POLICY_OK) {
        struct upheld_decision d = upheld_request_decide(c.p, c.n, &policy);
        (void)upheld_response_write(c.p, c.n, &policy, d, out, sizeof out);
        (void)upheld_continue_write(d, out, sizeof out);
    }
}

/* What no target of fuzz/ asks for with octets of its own. */
int target_rest(const uint8_t *data, size_t size)
{
    uint8_t octets[UPHELD_KEY_SIZE] = { 0 }, out[UPHELD_EXTENSIONS_SIZE];
    struct chooser c = { data, size };
    memcpy(octets, data, size < sizeof octets ? size : sizeof octets);
    upheld_accept(octets, out);
    upheld_key(octets, out);
    struct upheld_agreed agreed = { .deflate = octets[0] & 1,
                                    .server_no_context_takeover = octets[0] & 2,
                                    .client_no_context_takeover = octets[0] & 4,
                                    .server_max_window_bits = (uint8_t)(8 + octets[1] % 8),
                                    .client_max_window_bits = (uint8_t)(8 + octets[2] % 8),
                                    .server_bits_named = octets[0] & 8,
                                    .client_bits_named = octets[0] & 16 };
    memset(out, octets[3], sizeof out);
    (void)upheld_extensions_write(agreed, out, octets[4] % (sizeof out + 1));
    (void)upheld_clause_id((enum upheld_clause)(octets[5] % (UPHELD_CLAUSE_COUNT + 1)));
    (void)upheld_protocol_row((enum upheld_registered)(octets[6] % (UPHELD_H2C + 1)));
    some_client(c);
    some_policy(c);
    return 0;
}
