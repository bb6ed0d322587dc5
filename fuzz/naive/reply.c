/* reply.c: what a reply must be to open a WebSocket connection: RFC 6455 4.1, RFC 9110 7.8 and
 * 15.2, each clause asked on its own of the head as cut up by head.c.
 */
#include "naive.h"

#include <stdio.h>

#define KEY_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

/* What the clauses are asked of. */
struct question {
    const struct naive_head *head;
    const struct upheld_client *client;
};

static bool asked_for_websocket(struct question q)
{
    const uint8_t *key = q.client->key;
    for (size_t i = 0; i < 22; i++) {
        if (!naive_one_of(key[i], KEY_LETTERS)) {
            return false;
        }
    }
    return key[22] == '=' && key[23] == '=';
}

static bool version_is_1_1_or_later(struct question q)
{
    return q.head->version.p[5] == '1' && q.head->version.p[7] != '0';
}

static bool status_is_101(struct question q)
{
    return q.head->status == 101;
}

/* One member over all lines. */
static bool upgrade_is_websocket(struct question q)
{
    size_t members = 0;
    for (size_t i = 0; i < q.head->count; i++) {
        if (naive_is_any_case(q.head->fields[i].name, "upgrade")) {
            struct naive_members list = naive_list(q.head->fields[i].value);
            struct upheld_span member;
            while (naive_next(&list, &member)) {
                members++;
            }
        }
    }
    return members == 1 && naive_has(q.head, "upgrade", "websocket");
}

static bool connection_has_upgrade(struct question q)
{
    return naive_has(q.head, "connection", "upgrade");
}

static bool one_right_accept_value(struct question q)
{
    uint8_t want[UPHELD_ACCEPT_SIZE];
    naive_accept(q.client->key, want);
    struct upheld_span right = { want, sizeof want };
    return naive_count(q.head, "sec-websocket-accept") == 1 &&
           naive_same(naive_value(q.head, "sec-websocket-accept"), right);
}

static bool no_content_length(struct question q)
{
    return naive_count(q.head, "content-length") == 0;
}

static bool no_transfer_encoding(struct question q)
{
    return naive_count(q.head, "transfer-encoding") == 0;
}

static uint32_t chosen_subprotocol(struct question q)
{
    struct upheld_span named = naive_value(q.head, "sec-websocket-protocol");
    for (uint32_t k = 0; k < q.client->subprotocol_count; k++) {
        if (naive_count(q.head, "sec-websocket-protocol") > 0 &&
            naive_same(named, q.client->subprotocols[k])) {
            return k;
        }
    }
    return UPHELD_NONE;
}

static bool subprotocol_is_offered(struct question q)
{
    size_t lines = naive_count(q.head, "sec-websocket-protocol");
    return lines == 0 || (lines == 1 && chosen_subprotocol(q) != UPHELD_NONE);
}

static bool subprotocol_is_there_if_needed(struct question q)
{
    return !q.client->subprotocol_needed || q.client->subprotocol_count == 0 ||
           naive_count(q.head, "sec-websocket-protocol") > 0;
}

static struct upheld_agreed agreed_extension(struct question q)
{
    return naive_answered(naive_value(q.head, "sec-websocket-extensions"), q.client->deflate);
}

/* None, or one line that answers what was offered. */
static bool extensions_answer_the_offer(struct question q)
{
    size_t lines = naive_count(q.head, "sec-websocket-extensions");
    return lines == 0 || (lines == 1 && agreed_extension(q).deflate);
}

static const struct {
    bool (*holds)(struct question q);
    const char *clause, *what;
} clauses[] = {
    { version_is_1_1_or_later, "R9110-15.2-1", "HTTP-version is 1.1 or later" },
    { status_is_101, "R9110-15.2-3", "no more interim heads than the client takes" },
    { asked_for_websocket, "R9110-7.8-6", "the client asked for a switch" },
    { upgrade_is_websocket, "R6455-4.1-14", "Upgrade is websocket alone" },
    { connection_has_upgrade, "R6455-4.1-15", "Connection lists upgrade" },
    { one_right_accept_value, "R6455-4.1-16", "one Sec-WebSocket-Accept, the right one" },
    { no_content_length, "R9110-8.6-1", "no Content-Length" },
    { no_transfer_encoding, "R9112-6.1-1", "no Transfer-Encoding" },
    { subprotocol_is_offered, "R6455-4.1-18", "at most one subprotocol, one of those offered" },
    { subprotocol_is_there_if_needed, "WS-5", "a subprotocol where the client needs one" },
    { extensions_answer_the_offer, "R6455-4.1-17", "no extension but what answers the offer" },
};

/* Version-Server = 1#version: members that are a number from 0 to 255 without leading zeros. */
static void read_versions(const struct naive_head *head, bool *out)
{
    for (size_t i = 0; i < head->count; i++) {
        if (!naive_is_any_case(head->fields[i].name, "sec-websocket-version")) {
            continue;
        }
        for (unsigned version = 0; version < 256; version++) {
            char text[4];
            snprintf(text, sizeof text, "%u", version);
            out[version] = out[version] || naive_list_has(head->fields[i].value, text);
        }
    }
}

static void judge(struct question q, struct naive_reply *reply)
{
    reply->http = q.head->status < 100 || q.head->status > 199;
    read_versions(q.head, reply->versions);
    for (size_t i = 0; i < sizeof clauses / sizeof clauses[0] && !reply->http; i++) {
        if (!clauses[i].holds(q)) {
            reply->clause = clauses[i].clause;
            reply->why = clauses[i].what;
            return;
        }
    }
    reply->subprotocol = reply->http ? UPHELD_NONE : chosen_subprotocol(q);
    if (!reply->http) {
        reply->agreed = agreed_extension(q);
    }
}

static bool over_limits(const struct naive_head *head, size_t at,
                        const struct upheld_limits *limits)
{
    return head->longest > limits->line || head->count > limits->fields ||
           head->size > limits->head - at;
}

struct naive_reply naive_reply_judge(const uint8_t *p, size_t n, const struct upheld_client *client)
{
    struct naive_reply reply = { .subprotocol = UPHELD_NONE };
    size_t at = 0;

    for (uint32_t skipped = 0;; skipped++) {
        struct naive_head head = naive_response_read(n > 0 ? p + at : p, n - at);
        struct question q = { &head, client };
        if (head.broken != NULL || !head.ended || over_limits(&head, at, &client->limits)) {
            naive_head_free(&head);
            return reply;
        }
        bool interim = head.status >= 100 && head.status <= 199 && !status_is_101(q) &&
                       version_is_1_1_or_later(q);
        if (!interim || skipped == client->interim) {
            reply.ended = true;
            reply.status = head.status;
            reply.head_at = at;
            reply.consumed = at + head.size;
            judge(q, &reply);
            naive_head_free(&head);
            return reply;
        }
        at += head.size;
        naive_head_free(&head);
    }
}
