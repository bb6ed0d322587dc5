/* driver.c: calls every public function with whatever its contract admits, for Frama-C's EVA:
 * octets of any value, counts from none to all of them, policies and clients of which every member
 * is unknown. It knows nothing that a caller does not know, and is never run.
 *
 * wp/eva.py puts it behind all of core/ in one unit and fails if it leaves a public function out.
 */
#include "upheld.h"

/* EVA joins all that happens in a buffer, so its size costs little. There is room for what is too
 * long for each limit, and so for every branch that says so. */
enum {
    EVA_OCTETS = UPHELD_LIMIT_MAX + 2,
    EVA_TEXT = UPHELD_VALUE_MAX + 2,
    EVA_LIST = 3,
    EVA_ANSWER = 65536
};

/* What nobody knows: each read may give any value. */
static volatile uint32_t eva_any;

static uint8_t eva_octets[EVA_OCTETS];
static uint8_t eva_text[EVA_TEXT];
static uint8_t eva_other[EVA_TEXT];
static uint8_t eva_out[EVA_ANSWER];
static struct upheld_span eva_names[EVA_LIST];
static struct upheld_protocol eva_rows[EVA_LIST];
static struct upheld_field_line eva_lines[EVA_LIST];

static uint32_t eva_up_to(uint32_t most)
{
    uint32_t value = eva_any;
    return value < most ? value : most;
}

static bool eva_either(void)
{
    return eva_up_to(1) == 1;
}

static void eva_fill(uint8_t *p, uint32_t n)
{
    for (uint32_t k = 0; k < n; k++) {
        p[k] = (uint8_t)eva_up_to(UINT8_MAX);
    }
}

/* Null and empty, or a text of any length. */
static struct upheld_span eva_span(void)
{
    struct upheld_span s = { 0, 0 };
    if (eva_either()) {
        s.p = eva_either() ? eva_text : eva_other;
        s.n = eva_up_to(EVA_TEXT);
    }
    return s;
}

/* Limits that are refused too: 0, and any above the greatest. */
static struct upheld_limits eva_limits(void)
{
    struct upheld_limits limits;
    limits.target = eva_any;
    limits.line = eva_any;
    limits.head = eva_any;
    limits.fields = eva_any;
    return limits;
}

static struct upheld_deflate eva_deflate(void)
{
    struct upheld_deflate d;
    d.enabled = eva_either();
    d.server_no_context_takeover = eva_either();
    d.client_no_context_takeover = eva_either();
    d.server_max_window_bits = (uint8_t)eva_up_to(UINT8_MAX);
    d.client_max_window_bits = (uint8_t)eva_up_to(UINT8_MAX);
    d.min_window_bits = (uint8_t)eva_up_to(UINT8_MAX);
    return d;
}

static struct upheld_protocol eva_row(void)
{
    struct upheld_protocol row;
    if (eva_either()) {
        return upheld_protocol_row((enum upheld_registered)eva_any);
    }
    row.name = eva_span();
    row.version = eva_span();
    row.answer = eva_span();
    row.methods = (enum upheld_methods)eva_any;
    row.body = eva_either();
    row.checks = (enum upheld_checks)eva_any;
    return row;
}

static void eva_item(uint32_t k)
{
    eva_names[k] = eva_span();
    eva_rows[k] = eva_row();
    eva_lines[k].name = eva_span();
    eva_lines[k].value = eva_span();
}

/* Without a loop over the items, in which EVA would lose which octets belong to which member. */
static void eva_lists(void)
{
    eva_fill(eva_octets, EVA_OCTETS);
    eva_fill(eva_text, EVA_TEXT);
    eva_fill(eva_other, EVA_TEXT);
    eva_item(0);
    eva_item(1);
    eva_item(2);
}

/* How many items a list has; without a list, the count may be any. */
static uint32_t eva_count(const void *list)
{
    return list ? eva_up_to(EVA_LIST) : eva_any;
}

static struct upheld_policy eva_policy(void)
{
    struct upheld_policy policy;
    policy.limits = eva_limits();
    policy.access = (enum upheld_access)eva_any;
    policy.challenge = eva_span();
    policy.protocols = eva_either() ? eva_rows : 0;
    policy.protocol_count = eva_count(policy.protocols);
    policy.subprotocols = eva_either() ? eva_names : 0;
    policy.subprotocol_count = eva_count(policy.subprotocols);
    policy.origins = eva_either() ? eva_names : 0;
    policy.origin_count = eva_count(policy.origins);
    policy.required = eva_span();
    policy.deflate = eva_deflate();
    policy.body_limit = eva_any;
    policy.origin_optional = eva_either();
    policy.prefer_own = eva_either();
    policy.subprotocol_needed = eva_either();
    policy.canonical_key = eva_either();
    policy.keep_alive = eva_either();
    policy.secure = eva_either();
    policy.allow_h2c = eva_either();
    policy.bare_lf = eva_either();
    return policy;
}

static struct upheld_client eva_client(void)
{
    static const struct upheld_client zeroed;
    struct upheld_client client = zeroed;
    client.limits = eva_limits();
    client.interim = eva_any;
    eva_fill(client.key, UPHELD_KEY_SIZE);
    if (eva_either()) {
        upheld_key(eva_text, client.key);
    }
    client.host = eva_span();
    client.target = eva_span();
    client.origin = eva_span();
    client.subprotocols = eva_either() ? eva_names : 0;
    client.subprotocol_count = eva_count(client.subprotocols);
    client.deflate = eva_deflate();
    client.fields = eva_either() ? eva_lines : 0;
    client.field_count = eva_count(client.fields);
    client.subprotocol_needed = eva_either();
    return client;
}

static struct upheld_reader eva_reader(void)
{
    struct upheld_reader reader = { 0, 0, 0, 0, 0, 0 };
    return reader;
}

/* Octets in any number of pieces, each as long as it may be. */
static void eva_request(const uint8_t *p, size_t n, const struct upheld_policy *policy)
{
    struct upheld_reader reader = eva_reader();
    struct upheld_decision d = upheld_request_decide(p, n, policy);
    while (eva_either()) {
        size_t part = eva_up_to((uint32_t)n);
        (void)upheld_request_resume(&reader, p, part, policy);
    }
    (void)upheld_response_write(p, n, policy, d, eva_out, eva_up_to(EVA_ANSWER));
    (void)upheld_continue_write(d, eva_out, eva_up_to(EVA_ANSWER));
    (void)upheld_extensions_write(d.agreed, eva_out, eva_up_to(EVA_ANSWER));
}

static void eva_server(const uint8_t *p, size_t n)
{
    struct upheld_policy policy = eva_policy();
    if (upheld_policy_check(&policy) == UPHELD_POLICY_OK) {
        eva_request(p, n, &policy);
        (void)upheld_connect_decide(eva_lines, eva_up_to(EVA_LIST), &policy);
    }
}

static void eva_reply(const uint8_t *p, size_t n, const struct upheld_client *client)
{
    struct upheld_reader reader = eva_reader();
    struct upheld_reply r = upheld_reply_decide(p, n, client);
    while (eva_either()) {
        size_t part = eva_up_to((uint32_t)n);
        (void)upheld_reply_resume(&reader, p, part, client);
    }
    (void)upheld_reply_version(p, n, r, (uint8_t)eva_up_to(UINT8_MAX));
    (void)upheld_request_write(client, eva_out, eva_up_to(EVA_ANSWER));
}

static void eva_asks(const uint8_t *p, size_t n)
{
    struct upheld_client client = eva_client();
    if (upheld_client_check(&client) == UPHELD_CLIENT_OK) {
        eva_reply(p, n, &client);
    }
}

static void eva_rest(const uint8_t *p, size_t n)
{
    (void)upheld_query(p, n, eva_span());
    (void)upheld_cookie(p, n, eva_span());
    (void)upheld_field(p, n, eva_span(), eva_any);
    upheld_accept(eva_text, eva_out);
    (void)upheld_clause_id((enum upheld_clause)eva_any);
}

void eva_main(void)
{
    eva_lists();
    size_t n = eva_up_to(EVA_OCTETS);
    const uint8_t *p = n > 0 ? eva_octets : 0;
    eva_server(p, n);
    eva_asks(p, n);
    eva_rest(p, n);
}
