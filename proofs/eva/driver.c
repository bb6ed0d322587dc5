/* driver.c: every public function with whatever its contract admits, for Frama-C's EVA: octets of
 * any value, counts from none to all of them, policies and clients with every field unknown. It is
 * read behind all of core/ in one unit (proofs/wp/eva.py), is never compiled, and knows nothing
 * that a caller does not know.
 */
#include "../../core/upheld.h"
#include "__fc_builtin.h"

/* Sizes are small, since EVA joins all that happens in a buffer: more octets are more of the same.
 * Every text is at least as long as the longest word that the core compares it with. */
enum { EVA_OCTETS = 512, EVA_TEXT = 64, EVA_LIST = 3, EVA_ANSWER = 4096 };

static uint8_t eva_octets[EVA_OCTETS];
static uint8_t eva_text[EVA_TEXT];
static uint8_t eva_other[EVA_TEXT];
static uint8_t eva_out[EVA_ANSWER];
static struct upheld_span eva_names[EVA_LIST];
static struct upheld_protocol eva_rows[EVA_LIST];
static struct upheld_field_line eva_lines[EVA_LIST];

static uint32_t eva_up_to(uint32_t most)
{
    return Frama_C_unsigned_int_interval(0, most);
}

static bool eva_either(void)
{
    return eva_up_to(1) == 1;
}

/* Null when it is empty, or a text of any length. */
static struct upheld_span eva_span(void)
{
    struct upheld_span s = { 0, 0 };
    if (eva_either()) {
        s.p = eva_either() ? eva_text : eva_other;
        s.n = eva_up_to(EVA_TEXT);
    }
    return s;
}

/* What upheld_policy_check() refuses too: a limit of 0, and one past the greatest. */
static struct upheld_limits eva_limits(void)
{
    struct upheld_limits limits = { eva_up_to(UPHELD_LIMIT_MAX + 1),
                                    eva_up_to(UPHELD_LIMIT_MAX + 1),
                                    eva_up_to(UPHELD_LIMIT_MAX + 1),
                                    eva_up_to(UPHELD_LIMIT_MAX + 1) };
    return limits;
}

static void eva_lists(void)
{
    Frama_C_make_unknown((char *)eva_octets, EVA_OCTETS);
    Frama_C_make_unknown((char *)eva_text, EVA_TEXT);
    Frama_C_make_unknown((char *)eva_other, EVA_TEXT);
    for (uint32_t k = 0; k < EVA_LIST; k++) {
        eva_names[k] = eva_span();
        eva_rows[k].name = eva_span();
        eva_rows[k].version = eva_span();
        eva_rows[k].answer = eva_span();
        eva_rows[k].methods = (enum upheld_methods)eva_up_to(UPHELD_ANY_METHOD);
        eva_rows[k].body = eva_either();
        eva_rows[k].checks = (enum upheld_checks)eva_up_to(UPHELD_CHECKS_H2C);
        eva_lines[k].name = eva_span();
        eva_lines[k].value = eva_span();
    }
}

static struct upheld_policy eva_policy(void)
{
    struct upheld_policy p = { eva_limits() };
    p.access = (enum upheld_access)eva_up_to(UPHELD_FORBIDDEN);
    p.challenge = eva_span();
    p.protocols = eva_either() ? eva_rows : 0;
    p.protocol_count = p.protocols ? eva_up_to(EVA_LIST) : 0;
    p.subprotocols = eva_either() ? eva_names : 0;
    p.subprotocol_count = p.subprotocols ? eva_up_to(EVA_LIST) : 0;
    p.origins = eva_either() ? eva_names : 0;
    p.origin_count = p.origins ? eva_up_to(EVA_LIST) : 0;
    p.required = eva_span();
    p.body_limit = eva_up_to(UINT32_MAX);
    p.origin_optional = eva_either();
    p.prefer_own = eva_either();
    p.subprotocol_needed = eva_either();
    p.canonical_key = eva_either();
    p.keep_alive = eva_either();
    p.secure = eva_either();
    p.allow_h2c = eva_either();
    p.bare_lf = eva_either();
    return p;
}

static struct upheld_client eva_client(void)
{
    struct upheld_client c = { eva_limits() };
    c.interim = eva_up_to(UPHELD_LIMIT_MAX + 1);
    Frama_C_make_unknown((char *)c.key, UPHELD_KEY_SIZE);
    c.host = eva_span();
    c.target = eva_span();
    c.origin = eva_span();
    c.subprotocols = eva_either() ? eva_names : 0;
    c.subprotocol_count = c.subprotocols ? eva_up_to(EVA_LIST) : 0;
    c.fields = eva_either() ? eva_lines : 0;
    c.field_count = c.fields ? eva_up_to(EVA_LIST) : 0;
    c.subprotocol_needed = eva_either();
    return c;
}

static void eva_server(const uint8_t *p, size_t n)
{
    struct upheld_policy policy = eva_policy();
    if (upheld_policy_check(&policy) == UPHELD_POLICY_OK) {
        struct upheld_decision d = upheld_request_decide(p, n, &policy);
        (void)upheld_response_write(p, n, &policy, d, eva_out, eva_up_to(EVA_ANSWER));
        (void)upheld_continue_write(d, eva_out, eva_up_to(EVA_ANSWER));
        (void)upheld_connect_decide(eva_lines, eva_up_to(EVA_LIST), &policy);
    }
}

static void eva_asks(const uint8_t *p, size_t n)
{
    struct upheld_client client = eva_client();
    if (eva_either()) {
        upheld_key(eva_text, client.key);
    }
    if (upheld_client_check(&client) == UPHELD_CLIENT_OK) {
        struct upheld_reply r = upheld_reply_decide(p, n, &client);
        (void)upheld_reply_version(p, n, r, (uint8_t)eva_up_to(UINT8_MAX));
        (void)upheld_request_write(&client, eva_out, eva_up_to(EVA_ANSWER));
    }
}

static void eva_rest(const uint8_t *p, size_t n)
{
    enum upheld_clause clause = (enum upheld_clause)eva_up_to(UPHELD_CLAUSE_COUNT);
    (void)upheld_query(p, n, eva_span());
    (void)upheld_cookie(p, n, eva_span());
    (void)upheld_field(p, n, eva_span(), eva_up_to(UINT32_MAX));
    upheld_accept(eva_text, eva_out);
    (void)upheld_protocol_row((enum upheld_registered)eva_up_to(UPHELD_H2C));
    (void)upheld_clause_id(clause);
    (void)upheld_clause_text(clause);
}

void eva_main(void)
{
    eva_lists();
    size_t n = eva_up_to(EVA_OCTETS);
    const uint8_t *p = n > 0 ? eva_octets : 0;
    eva_server(p, n);
    eva_asks(p, n);
    eva_rest(p, n);
#ifdef EVA_PLANT
    eva_out[0] = eva_octets[n]; /* one past the last: an alarm must say so */
#endif
}
