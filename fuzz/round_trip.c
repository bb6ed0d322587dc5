/* round_trip.c: target for both sides at once: a client's request, our server's decision and
 * answer, the client's check of it. Seeds: corpus/round_trip/. The input is what a caller puts into
 * a client:
 *
 *   octet 0      bits 0, 1: how many subprotocols; 2, 3: how many field lines; 4, 5: what the
 *                server finds about the peer; 6: a subprotocol is needed; 7: the server speaks the
 *                last one alone
 *   octets 1-16  the nonce, of which the first eight also choose what is offered of
 *                permessage-deflate, and what the server agrees to
 *   the rest     texts, each ended by NUL: host, target, origin, subprotocols, names and values
 *
 * Checks that the client is taken if and only if a second reading takes it; that the request then
 * has its fields and no others, in a buffer of its size or none; that the server switches it, and
 * that the client takes the answer, with the subprotocol that the server chose; and that a client
 * is refused at one past each of its bounds (round_trip_client.c). Under FUZZ_SPEC
 * every octet of the request is compared with the specification of the proof.
 */
#include "round_trip.h"
#include "fuzz.h"
#ifdef FUZZ_SPEC
#include "spec.h"
#endif

#define MARK 0xa5 /* what a buffer holds that must not be written to */
#define LIST 3    /* at most so many subprotocols, and field lines */
#define INTERIM "HTTP/1.1 100 Continue\r\n\r\n"

/* A client, and what it points to. */
struct made {
    struct upheld_client client;
    struct upheld_span names[LIST];
    struct upheld_field_line lines[LIST];
    struct upheld_deflate server;
    enum upheld_access access;
    bool last_alone;
};

/* Takes a text off the front. */
static struct upheld_span take(struct upheld_span *rest)
{
    const uint8_t *end = rest->n == 0 ? NULL : memchr(rest->p, 0, rest->n);
    size_t n = end == NULL ? rest->n : (size_t)(end - rest->p);
    struct upheld_span text = { rest->p, n };
    size_t gone = end == NULL ? n : n + 1;
    if (rest->n > 0) {
        *rest = (struct upheld_span){ rest->p + gone, rest->n - gone };
    }
    return text;
}

static uint8_t bits_of(unsigned octet)
{
    return (uint8_t)(octet % 16 < 8 ? 0 : octet % 16);
}

static struct upheld_deflate deflate_of(const uint8_t *p)
{
    return (struct upheld_deflate){ .enabled = (p[0] & 1) != 0,
                                    .server_no_context_takeover = (p[0] & 2) != 0,
                                    .client_no_context_takeover = (p[0] & 4) != 0,
                                    .server_max_window_bits = bits_of(p[1]),
                                    .client_max_window_bits = bits_of(p[2]),
                                    .min_window_bits = bits_of(p[3]) };
}

/* The server's, whose least window is no larger than its greatest. */
static struct upheld_deflate server_of(const uint8_t *p)
{
    struct upheld_deflate deflate = deflate_of(p);
    uint8_t most = deflate.server_max_window_bits == 0 ? 15 : deflate.server_max_window_bits;
    uint8_t least = deflate.min_window_bits == 0 ? 9 : deflate.min_window_bits;
    deflate.min_window_bits = least > most ? most : deflate.min_window_bits;
    return deflate;
}

static void make(const uint8_t *p, size_t n, struct made *out)
{
    static const enum upheld_access found[] = { UPHELD_GRANTED, UPHELD_UNAUTHENTICATED,
                                                UPHELD_FORBIDDEN, UPHELD_GRANTED };
    struct upheld_span rest = { p + 1 + UPHELD_NONCE_SIZE, n - 1 - UPHELD_NONCE_SIZE };

    *out = (struct made){ .client = { .limits = UPHELD_LIMITS_DEFAULT,
                                      .interim = 1,
                                      .subprotocols = out->names,
                                      .subprotocol_count = p[0] & 3,
                                      .fields = out->lines,
                                      .field_count = p[0] >> 2 & 3,
                                      .deflate = deflate_of(p + 1),
                                      .subprotocol_needed = (p[0] & 0x40) != 0 },
                          .server = server_of(p + 5),
                          .access = found[p[0] >> 4 & 3],
                          .last_alone = (p[0] & 0x80) != 0 };
    upheld_key(p + 1, out->client.key);
    out->client.host = take(&rest);
    out->client.target = take(&rest);
    out->client.origin = take(&rest);
    for (uint32_t i = 0; i < out->client.subprotocol_count; i++) {
        out->names[i] = take(&rest);
    }
    for (uint32_t i = 0; i < out->client.field_count; i++) {
        out->lines[i].name = take(&rest);
        out->lines[i].value = take(&rest);
    }
}

/* The key, read back six bits a character, is the nonce. */
static void check_key(const uint8_t *nonce, const uint8_t *key)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned bits = 0, held = 0;
    size_t at = 0;

    for (size_t i = 0; i < 22; i++) {
        const char *letter = key[i] == 0 ? NULL : strchr(letters, key[i]);
        FUZZ_CHECK(letter != NULL, "R6455-4.1-7", "a key is of base64 letters");
        bits = (bits << 6 | (unsigned)(letter - letters)) & 0xffff;
        held += 6;
        if (held >= 8) {
            held -= 8;
            FUZZ_CHECK(nonce[at++] == (bits >> held & 0xff), "R6455-4.1-7",
                       "a key decodes to its nonce");
        }
    }
    FUZZ_CHECK((bits & 15) == 0 && at == UPHELD_NONCE_SIZE, "R6455-E3150",
               "no bit is set in excess");
    FUZZ_CHECK(key[22] == '=' && key[23] == '=', "R6455-4.1-7", "a key ends with ==");
}

static void check_too_small(const struct upheld_client *client, size_t size)
{
    const size_t sizes[] = { size - 1, size / 2, 1 };
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        uint8_t *out = fuzz_block(sizes[i]);
        memset(out, MARK, sizes[i]);
        FUZZ_CHECK(upheld_request_write(client, out, sizes[i]) == size, "request",
                   "too small a buffer is told the size needed");
        for (size_t k = 0; k < sizes[i]; k++) {
            FUZZ_CHECK(out[k] == MARK, "request", "too small a buffer is not written to");
        }
        free(out);
    }
}

static void check_field(const struct naive_head *head, const char *name, struct upheld_span value)
{
    FUZZ_CHECK(naive_count(head, name) == 1, "R9110-5.3-2", name);
    FUZZ_CHECK(naive_same(naive_value(head, name), value), "R6455-4.1-1", name);
}

static void check_fields(const struct made *made, const uint8_t *p, size_t n)
{
    const struct upheld_client *client = &made->client;
    struct naive_head head = naive_head_read(p, n, false);
    size_t more = client->field_count;

    FUZZ_CHECK(head.broken == NULL && head.ended && head.size == n, "R6455-4.1-1",
               "the request is one whole head");
    FUZZ_CHECK(naive_is(head.method, "GET") && naive_is(head.version, "HTTP/1.1"), "R6455-4.1-2",
               "GET, HTTP/1.1");
    FUZZ_CHECK(naive_same(head.target, client->target), "R6455-4.1-3", "the target is as asked");
    check_field(&head, "host", client->host);
    check_field(&head, "sec-websocket-key",
                (struct upheld_span){ client->key, sizeof client->key });
    more += client->origin.n > 0 ? 1 : 0;
    FUZZ_CHECK(naive_count(&head, "origin") == (client->origin.n > 0 ? 1 : 0), "R6455-4.1-8",
               "Origin stands where there is one");
    FUZZ_CHECK(naive_same(naive_value(&head, "origin"), client->origin), "R6455-4.1-8",
               "and is as asked");
    more += client->subprotocol_count > 0 ? 1 : 0;
    FUZZ_CHECK(naive_count(&head, "sec-websocket-protocol") ==
                   (client->subprotocol_count > 0 ? 1 : 0),
               "WS-2", "subprotocols stand on one line");
    more += client->deflate.enabled ? 1 : 0;
    FUZZ_CHECK(naive_count(&head, "sec-websocket-extensions") == (client->deflate.enabled ? 1 : 0),
               "R6455-4.1-11", "extensions stand where one is offered");
    FUZZ_CHECK(head.count == 5 + more, "R6455-4.1-1", "no other field stands");
    for (uint32_t i = 0; i < client->field_count; i++) {
        struct naive_field field = head.fields[head.count - client->field_count + i];
        FUZZ_CHECK(naive_same(field.name, client->fields[i].name) &&
                       naive_same(field.value, client->fields[i].value),
                   "R9112-5-1", "the caller's fields stand as they are");
    }
    naive_head_free(&head);
}

#ifdef FUZZ_SPEC
static void check_octets(const struct upheld_client *client, const uint8_t *p, size_t n)
{
    FUZZ_CHECK(spec_AskRest(client, client->deflate, 0) == (int64_t)n, "specification",
               "the request is as long as the specification says");
    for (size_t i = 0; i < n; i++) {
        FUZZ_CHECK(spec_AskOctet(client, client->deflate, 0, 0, (int64_t)i) == p[i],
                   "specification", "each octet of the request is that of the specification");
    }
}
#endif

/* What the client makes of the answer, alone and behind an interim head. */
static void check_reply(const struct made *made, const struct upheld_policy *policy,
                        struct upheld_decision d, const uint8_t *answer, size_t size)
{
    struct upheld_reply r = upheld_reply_decide(answer, size, &made->client);
    uint8_t least = made->client.deflate.min_window_bits;
    bool narrow =
        d.agreed.client_bits_named && d.agreed.client_max_window_bits < (least == 0 ? 9 : least);
    bool opens = made->access == UPHELD_GRANTED && !narrow;

    if (narrow) {
        FUZZ_CHECK(r.verdict == UPHELD_REPLY_FAIL && r.clause == UPHELD_R6455_4_1_17, "R7692-7-2",
                   "a client fails where it is told to use a window that it cannot");
    } else {
        FUZZ_CHECK(r.verdict == (opens ? UPHELD_REPLY_OK : UPHELD_REPLY_HTTP), "R6455-4.1-19",
                   "the client takes what the server answers");
        FUZZ_CHECK(naive_same_agreed(r.agreed, d.agreed), "R7692-5-2",
                   "both sides agree on the same");
    }
    FUZZ_CHECK(r.status == d.status && r.consumed == size && r.head_at == 0, "R9112-6.3-1",
               "all of it is one head");
    if (opens && d.subprotocol != UPHELD_NONE) {
        FUZZ_CHECK(r.subprotocol < made->client.subprotocol_count &&
                       naive_same(made->names[r.subprotocol], policy->subprotocols[d.subprotocol]),
                   "R6455-4.1-18", "both sides speak the same subprotocol");
    } else {
        FUZZ_CHECK(r.subprotocol == UPHELD_NONE, "R6455-4.1-18", "neither side names one");
    }
    FUZZ_CHECK(upheld_reply_decide(answer, size - 1, &made->client).verdict == UPHELD_REPLY_MORE,
               "R9112-2.1-1", "the answer without its last octet decides nothing");

    size_t before = sizeof INTERIM - 1;
    uint8_t *both = fuzz_block(before + size);
    memcpy(both, INTERIM, before);
    memcpy(both + before, answer, size);
    struct upheld_reply second = upheld_reply_decide(both, before + size, &made->client);
    FUZZ_CHECK(second.verdict == r.verdict && second.clause == r.clause &&
                   second.head_at == before && second.consumed == before + size,
               "R9110-15.2-3", "an interim head changes nothing but the place");
    free(both);
}

static void check_server(const struct made *made, const uint8_t *p, size_t n)
{
    uint32_t count = made->client.subprotocol_count;
    uint32_t first = made->last_alone && count > 0 ? count - 1 : 0;
    const struct upheld_policy policy = {
        .limits = { UPHELD_LIMIT_MAX, UPHELD_LIMIT_MAX, UPHELD_LIMIT_MAX, UPHELD_LIMIT_MAX },
        .access = made->access,
        .challenge = { (const uint8_t *)"Basic", 5 },
        .subprotocols = made->names + first,
        .subprotocol_count = count - first,
        .deflate = made->server,
        .canonical_key = true,
    };
    struct upheld_decision d = upheld_request_decide(p, n, &policy);

    FUZZ_CHECK(upheld_policy_check(&policy) == UPHELD_POLICY_OK, "policy",
               "what a client offers, a server can speak");
    FUZZ_CHECK(d.verdict == (made->access == UPHELD_GRANTED ? UPHELD_SWITCH : UPHELD_REFUSE),
               "R6455-4.2.2-10", "the server takes what the client asks");
    FUZZ_CHECK(d.consumed == n, "R9112-2.1-1", "all of it");
    size_t size = upheld_response_write(p, n, &policy, d, NULL, 0);
    uint8_t *answer = fuzz_block(size);
    upheld_response_write(p, n, &policy, d, answer, size);
    check_reply(made, &policy, d, answer, size);
    free(answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct made made;

    if (size < 1 + UPHELD_NONCE_SIZE) {
        return 0;
    }
    uint8_t *p = fuzz_own(data, size);
    make(p, size, &made);
    check_key(p + 1, made.client.key);
    enum upheld_client_error error = upheld_client_check(&made.client);
    FUZZ_CHECK((error == UPHELD_CLIENT_OK) == naive_client(&made.client), "R6455-4.1-1",
               "a client is taken if each of its texts is of its grammar");
#ifdef FUZZ_SPEC
    FUZZ_CHECK((int64_t)error == spec_ClientError(&made.client), "specification",
               "the first thing wrong is that of ClientError");
#endif
    if (error == UPHELD_CLIENT_OK) {
        check_client_bounds(made.client);
        size_t n = upheld_request_write(&made.client, NULL, 0);
        uint8_t *request = fuzz_block(n);
        FUZZ_CHECK(upheld_request_write(&made.client, request, n) == n, "request",
                   "its size does not depend on the buffer");
        check_too_small(&made.client, n);
        check_fields(&made, request, n);
#ifdef FUZZ_SPEC
        check_octets(&made.client, request, n);
#endif
        check_server(&made, request, n);
        free(request);
    }
    FUZZ_CHECK(memcmp(p, data, size) == 0, "frame", "the caller's texts are not written to");
    free(p);
    return 0;
}
