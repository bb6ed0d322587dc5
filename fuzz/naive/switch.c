/* switch.c: what a request must be to get 101 for WebSocket: RFC 6455 4.2.1, RFC 9110 7.8,
 * RFC 9112 3.2 and 6.3, each clause asked on its own of the head as cut up by head.c.
 */
#include "naive.h"

#define WEBSOCKET "websocket"
#define KEY_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

/* What the clauses are asked of. */
struct question {
    const struct naive_head *head;
    const struct upheld_policy *policy;
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

static bool one_host(struct question q)
{
    return naive_count(q.head, "host") == 1 && naive_host(naive_value(q.head, "host"));
}

static size_t commas(struct upheld_span s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.n; i++) {
        count += s.p[i] == ',' ? 1 : 0;
    }
    return count;
}

/* One number, zero, however often it is said. RFC 9110 8.6 leaves it open whether a list of it is
 * taken; the core takes it, but no list with an empty member. */
static bool length_is_zero(struct upheld_span value)
{
    struct naive_members list = naive_list(value);
    struct upheld_span member;
    size_t members = 0;

    while (naive_next(&list, &member)) {
        for (size_t k = 0; k < member.n; k++) {
            if (member.p[k] != '0') {
                return false;
            }
        }
        members++;
    }
    return members == commas(value) + 1;
}

/* RFC 9112 6.3: no Transfer-Encoding, and any Content-Length is zero. */
static bool no_body(struct question q)
{
    for (size_t i = 0; i < q.head->count; i++) {
        if (naive_is_any_case(q.head->fields[i].name, "content-length") &&
            !length_is_zero(q.head->fields[i].value)) {
            return false;
        }
    }
    return naive_count(q.head, "transfer-encoding") == 0;
}

static bool upgrade_to_websocket(struct question q)
{
    return naive_has(q.head, "connection", "upgrade") && naive_has(q.head, "upgrade", WEBSOCKET);
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

static bool method_is_get(struct question q)
{
    return naive_is(q.head->method, "GET");
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

/* The first that the client offers, in its order of preference, of those that we speak. */
static uint32_t chosen_subprotocol(struct question q)
{
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

static bool chosen_subprotocol_is_offered_once(struct question q)
{
    uint32_t chosen = chosen_subprotocol(q);
    return chosen == UPHELD_NONE || offers(q, q.policy->subprotocols[chosen]) == 1;
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
    bool (*holds)(struct question q);
    const char *clause, *what;
} clauses[] = {
    { version_is_1_1_or_later, "R9110-7.8-13", "HTTP-version is 1.1 or later" },
    { target_is_a_resource, "R6455-4.2.1-1", "the target is a path or an http or https URI" },
    { one_host, "R9112-3.2-3", "one valid Host" },
    { no_body, "R9110-7.8-14", "well-formed framing without a body" },
    { upgrade_to_websocket, "R9110-7.8-6", "Upgrade lists websocket, Connection lists upgrade" },
    { only_100_continue_expected, "R9110-10.1.1-4", "no expectation but 100-continue" },
    { method_is_get, "R6455-4.2.1-1", "the method is GET" },
    { version_is_13, "R6455-4.2.1-6", "one Sec-WebSocket-Version, 13" },
    { one_key, "R6455-4.2.1-5", "one Sec-WebSocket-Key of 22 base64 characters and ==" },
    { at_most_one_origin, "R6455-4.2.1-7", "at most one Origin" },
    { origin_is_allowed, "R6455-4.2.2-3", "the policy takes the Origin" },
    { access_is_granted, "R6455-4.2.2-1", "access is granted" },
    { subprotocols_are_tokens, "R6455-4.2.1-8", "Sec-WebSocket-Protocol is 1#token" },
    { chosen_subprotocol_is_offered_once, "R6455-4.1-10", "the subprotocol is offered once" },
    { extensions_are_well_formed, "R6455-9.1-1", "Sec-WebSocket-Extensions is well-formed" },
};

struct naive_reading naive_judge(const struct naive_head *head, const uint8_t *p,
                                 const struct upheld_policy *policy)
{
    struct question q = { head, policy };
    struct naive_reading reading = { 0 };

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
    for (size_t i = 0; i < sizeof clauses / sizeof clauses[0]; i++) {
        if (!clauses[i].holds(q)) {
            reading.clause = clauses[i].clause;
            reading.why = clauses[i].what;
            return reading;
        }
    }
    reading.consumed = head->size;
    reading.key_at = (size_t)(naive_value(head, "sec-websocket-key").p - p);
    reading.subprotocol = chosen_subprotocol(q);
    reading.continue_first = naive_has(head, "expect", "100-continue");
    return reading;
}
