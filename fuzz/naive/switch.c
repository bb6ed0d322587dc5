/* switch.c: what a request must be to get 101: RFC 9110 7.8, RFC 9112 3.2 and 6.3, and for
 * WebSocket RFC 6455 4.2.1; each clause asked on its own of the head as cut up by head.c.
 */
#include "naive.h"

#define KEY_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

/* What the clauses are asked of. */
struct question {
    const struct naive_head *head;
    const struct upheld_policy *policy;
    struct upheld_protocol row; /* that is asked for */
    struct naive_body body;
};

static bool over_limits(struct question q)
{
    const struct upheld_limits *limits = &q.policy->limits;
    return q.head->target.n > limits->target || q.head->longest > limits->line ||
           q.head->size > limits->head || q.head->count > limits->fields;
}

static bool version_is_1_1_or_later(struct question q)
{
    return q.head->version.p[5] == '1' && q.head->version.p[7] != '0';
}

/* GET takes origin-form or absolute-form; of the latter, http and https belong to WebSocket. */
static bool target_is_a_resource(struct question q)
{
    struct upheld_span target = q.head->target;
    return target.p[0] == '/' ? naive_path_and_query(target) : naive_http_uri(target);
}

/* RFC 9112 3.2: authority-form with CONNECT and only there, "*" with OPTIONS only. */
static bool target_fits_the_method(struct question q)
{
    struct upheld_span target = q.head->target;
    if (naive_is(q.head->method, "CONNECT")) {
        return naive_host_and_port(target);
    }
    if (naive_is(target, "*")) {
        return naive_is(q.head->method, "OPTIONS");
    }
    return target.p[0] == '/' ? naive_path_and_query(target) : naive_absolute_uri(target);
}

static bool one_host(struct question q)
{
    return naive_count(q.head, "host") == 1 && naive_host(naive_value(q.head, "host"));
}

/* RFC 9112 6.3, and what row and policy say about bodies. */
static bool body_is_none_or_read(struct question q)
{
    if (q.body.broken) {
        return false;
    }
    if (!q.body.chunked && q.body.length == 0) {
        return true;
    }
    return q.row.body && q.policy->body_limit > 0 &&
           (q.body.chunked || q.body.length <= q.policy->body_limit);
}

static bool connection_lists_upgrade(struct question q)
{
    return naive_has(q.head, "connection", "upgrade");
}

/* RFC 7540 3.2.1, 3.3 */
static bool h2c_is_asked_for_rightly(struct question q)
{
    return q.row.checks != UPHELD_CHECKS_H2C || (!q.policy->secure && naive_settings(q.head) &&
                                                 naive_has(q.head, "connection", "http2-settings"));
}

static bool only_100_continue_expected(struct question q)
{
    for (size_t i = 0; i < q.head->count; i++) {
        if (naive_is_any_case(q.head->fields[i].name, "expect")) {
            struct naive_members list = naive_list(q.head->fields[i].value);
            struct upheld_span member;
            while (naive_next(&list, &member)) {
                if (!naive_is_any_case(member, "100-continue")) {
                    return false;
                }
            }
        }
    }
    return true;
}

static bool method_is_the_protocols(struct question q)
{
    return naive_method_fits(q.head->method, q.row.methods);
}

static bool version_is_13(struct question q)
{
    return naive_count(q.head, "sec-websocket-version") == 1 &&
           naive_is(naive_value(q.head, "sec-websocket-version"), "13");
}

static bool one_key(struct question q)
{
    struct upheld_span key = naive_value(q.head, "sec-websocket-key");
    if (naive_count(q.head, "sec-websocket-key") != 1 || key.n != 24) {
        return false;
    }
    for (size_t i = 0; i < 22; i++) {
        if (!naive_one_of(key.p[i], KEY_LETTERS)) {
            return false;
        }
    }
    return key.p[22] == '=' && key.p[23] == '=';
}

/* 16 octets are 128 bits; 22 letters hold 132, so the last is one of every sixteenth. */
static bool key_is_canonical(struct question q)
{
    struct upheld_span key = naive_value(q.head, "sec-websocket-key");
    return !q.policy->canonical_key || naive_one_of(key.p[21], "AQgw");
}

static bool at_most_one_origin(struct question q)
{
    return naive_count(q.head, "origin") <= 1;
}

static bool origin_is_allowed(struct question q)
{
    if (q.policy->origin_count == 0) {
        return true;
    }
    if (naive_count(q.head, "origin") == 0) {
        return q.policy->origin_optional;
    }
    for (uint32_t i = 0; i < q.policy->origin_count; i++) {
        if (naive_same_any_case(naive_value(q.head, "origin"), q.policy->origins[i])) {
            return true;
        }
    }
    return false;
}

static bool access_is_granted(struct question q)
{
    return q.policy->access == UPHELD_GRANTED;
}

/* How often a subprotocol is offered, over all lines, octet for octet. */
static size_t offers(struct question q, struct upheld_span protocol)
{
    size_t count = 0;
    for (size_t i = 0; i < q.head->count; i++) {
        if (naive_is_any_case(q.head->fields[i].name, "sec-websocket-protocol")) {
            struct naive_members list = naive_list(q.head->fields[i].value);
            struct upheld_span member;
            while (naive_next(&list, &member)) {
                count += naive_same(member, protocol) ? 1 : 0;
            }
        }
    }
    return count;
}

/* The first that the client offers of those that we speak: in its order of preference, or in ours
 * where the policy says so. */
static uint32_t chosen_subprotocol(struct question q)
{
    for (uint32_t k = 0; q.policy->prefer_own && k < q.policy->subprotocol_count; k++) {
        if (offers(q, q.policy->subprotocols[k]) > 0) {
            return k;
        }
    }
    for (size_t i = 0; i < q.head->count; i++) {
        if (naive_is_any_case(q.head->fields[i].name, "sec-websocket-protocol")) {
            struct naive_members list = naive_list(q.head->fields[i].value);
            struct upheld_span member;
            while (naive_next(&list, &member)) {
                for (uint32_t k = 0; k < q.policy->subprotocol_count; k++) {
                    if (naive_same(member, q.policy->subprotocols[k])) {
                        return k;
                    }
                }
            }
        }
    }
    return UPHELD_NONE;
}

/* Sec-WebSocket-Protocol = 1#token */
static bool subprotocols_are_tokens(struct question q)
{
    size_t members = 0;
    for (size_t i = 0; i < q.head->count; i++) {
        if (naive_is_any_case(q.head->fields[i].name, "sec-websocket-protocol")) {
            struct naive_members list = naive_list(q.head->fields[i].value);
            struct upheld_span member;
            while (naive_next(&list, &member)) {
                if (!naive_token(member)) {
                    return false;
                }
                members++;
            }
        }
    }
    return members > 0 || naive_count(q.head, "sec-websocket-protocol") == 0;
}

/* In our order: none stands again while no better one has come. */
static bool better_ones_stand_once(struct question q)
{
    uint32_t best = UPHELD_NONE;
    for (size_t i = 0; i < q.head->count; i++) {
        struct naive_members list = naive_list(q.head->fields[i].value);
        struct upheld_span member;
        bool here = naive_is_any_case(q.head->fields[i].name, "sec-websocket-protocol");
        while (here && naive_next(&list, &member)) {
            for (uint32_t k = 0; k < q.policy->subprotocol_count; k++) {
                bool is_k = naive_same(member, q.policy->subprotocols[k]);
                if (is_k && k == best) {
                    return false;
                }
                best = is_k && (best == UPHELD_NONE || k < best) ? k : best;
            }
        }
    }
    return true;
}

static bool chosen_subprotocol_is_offered_once(struct question q)
{
    uint32_t chosen = chosen_subprotocol(q);
    if (q.policy->prefer_own) {
        return better_ones_stand_once(q);
    }
    return chosen == UPHELD_NONE || offers(q, q.policy->subprotocols[chosen]) == 1;
}

static bool needed_subprotocol_is_spoken(struct question q)
{
    return !q.policy->subprotocol_needed || naive_count(q.head, "sec-websocket-protocol") == 0 ||
           chosen_subprotocol(q) != UPHELD_NONE;
}

/* Sec-WebSocket-Extensions = 1#extension over all lines */
static bool extensions_are_well_formed(struct question q)
{
    size_t members = 0;
    for (size_t i = 0; i < q.head->count; i++) {
        if (naive_is_any_case(q.head->fields[i].name, "sec-websocket-extensions")) {
            long here = naive_extensions(q.head->fields[i].value);
            if (here < 0) {
                return false;
            }
            members += (size_t)here;
        }
    }
    return members > 0 || naive_count(q.head, "sec-websocket-extensions") == 0;
}

static const struct {
    bool websocket; /* asked of WebSocket alone */
    bool (*holds)(struct question q);
    const char *clause, *what;
} clauses[] = {
    { false, version_is_1_1_or_later, "R9110-7.8-13", "HTTP-version is 1.1 or later" },
    { false, target_fits_the_method, "R9112-3.2-1", "the target has the form of its method" },
    { true, target_is_a_resource, "R6455-4.2.1-1", "the target is a path or an http or https URI" },
    { false, one_host, "R9112-3.2-3", "one valid Host" },
    { false, body_is_none_or_read, "R9110-7.8-14", "well-formed framing, no body or one to read" },
    { false, connection_lists_upgrade, "R9110-7.6.1-4", "Connection lists upgrade" },
    { false, only_100_continue_expected, "R9110-10.1.1-4", "no expectation but 100-continue" },
    { false, h2c_is_asked_for_rightly, "R7540-3.2.1-1",
      "one HTTP2-Settings that Connection lists" },
    { false, method_is_the_protocols, "R9110-9.1-1", "the method is one of the protocol's" },
    { true, version_is_13, "R6455-4.2.1-6", "one Sec-WebSocket-Version, 13" },
    { true, one_key, "R6455-4.2.1-5", "one Sec-WebSocket-Key of 22 base64 characters and ==" },
    { true, key_is_canonical, "R6455-E3150", "the spare bits of the key are zero" },
    { true, at_most_one_origin, "R6455-4.2.1-7", "at most one Origin" },
    { true, origin_is_allowed, "R6455-4.2.2-3", "the policy takes the Origin" },
    { false, access_is_granted, "R6455-4.2.2-1", "access is granted" },
    { true, subprotocols_are_tokens, "R6455-4.2.1-8", "Sec-WebSocket-Protocol is 1#token" },
    { true, chosen_subprotocol_is_offered_once, "R6455-4.1-10", "the subprotocol is offered once" },
    { true, needed_subprotocol_is_spoken, "WS-5", "a subprotocol that is needed is spoken here" },
    { true, extensions_are_well_formed, "R6455-9.1-1", "Sec-WebSocket-Extensions is well-formed" },
};

struct naive_reading naive_judge(const struct naive_head *head, const uint8_t *p,
                                 const struct upheld_policy *policy)
{
    struct question q = { .head = head, .policy = policy };
    struct naive_reading reading = { .protocol = UPHELD_NONE, .subprotocol = UPHELD_NONE };

    if (head->broken != NULL || !head->ended) {
        reading.clause = "R9112-2.1-1";
        reading.why = head->broken != NULL ? head->broken : "the head has not ended";
        return reading;
    }
    if (over_limits(q)) {
        reading.clause = "R9110-5.4-1";
        reading.why = "over a limit";
        return reading;
    }
    reading.consumed = head->size;
    reading.protocol = naive_protocol(head, policy);
    reading.body = q.body = naive_body(head);
    if (reading.protocol == UPHELD_NONE) {
        reading.clause = "R9110-7.8-2";
        reading.why = "Upgrade lists a protocol of the policy";
        return reading;
    }
    q.row = naive_row(policy, reading.protocol);
    reading.websocket = q.row.checks == UPHELD_CHECKS_WEBSOCKET;
    for (size_t i = 0; i < sizeof clauses / sizeof clauses[0]; i++) {
        if ((reading.websocket || !clauses[i].websocket) && !clauses[i].holds(q)) {
            reading.clause = clauses[i].clause;
            reading.why = clauses[i].what;
            return reading;
        }
    }
    if (reading.websocket) {
        reading.key_at = (size_t)(naive_value(head, "sec-websocket-key").p - p);
        reading.subprotocol = chosen_subprotocol(q);
        reading.agreed = naive_agreed(head, policy->deflate);
    }
    reading.continue_first = naive_has(head, "expect", "100-continue");
    return reading;
}
