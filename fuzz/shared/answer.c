/* answer.c: checks what upheld_response_write() writes, for the targets request and answer.
 *
 * The answer parses back and has the fields that its status asks for, each once, and no other; a
 * buffer that is too small is left alone; and of the request only the key has any part in it.
 * Under FUZZ_SPEC every octet is also compared with the specification of the proof.
 */
#include "../fuzz.h"
#include "shared.h"
#ifdef FUZZ_SPEC
#include "answer_spec.h"
#endif

#define MARK 0xa5 /* what a buffer holds that must not be written to */

/* Its octets by upheld_response_write(), in a block of the exact size; null if there are none. */
static uint8_t *written(const uint8_t *p, size_t n, const struct upheld_policy *policy,
                        struct upheld_decision d, size_t size)
{
    uint8_t *out = fuzz_block(size);
    size_t result = upheld_response_write(p, n, policy, d, out, size);

    FUZZ_CHECK(result == size, "answer", "its size does not depend on the buffer");
    return out;
}

static void check_too_small(const uint8_t *p, size_t n, const struct upheld_policy *policy,
                            struct upheld_decision d, size_t size)
{
    const size_t sizes[] = { size - 1, size / 2, 1 };
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        uint8_t *out = fuzz_block(sizes[i]);
        if (out == NULL) {
            continue;
        }
        memset(out, MARK, sizes[i]);
        FUZZ_CHECK(upheld_response_write(p, n, policy, d, out, sizes[i]) == size, "answer",
                   "too small a buffer is told the size needed");
        for (size_t k = 0; k < sizes[i]; k++) {
            FUZZ_CHECK(out[k] == MARK, "answer", "too small a buffer is not written to");
        }
        free(out);
    }
}

static struct upheld_protocol row_of(const struct upheld_policy *policy, struct upheld_decision d)
{
    return naive_row(policy, d.protocol);
}

static bool has_key(const struct upheld_policy *policy, struct upheld_decision d)
{
    return d.verdict == UPHELD_SWITCH && row_of(policy, d).checks == UPHELD_CHECKS_WEBSOCKET;
}

/* Every octet of the request but the key replaced by LF: the answer must stay the same. */
static void check_only_the_key_counts(const uint8_t *p, size_t n,
                                      const struct upheld_policy *policy, struct upheld_decision d,
                                      const uint8_t *answer, size_t size)
{
    uint8_t *other = fuzz_block(n);
    if (other != NULL) {
        memset(other, '\n', n);
    }
    if (has_key(policy, d)) {
        memcpy(other + d.key_at, p + d.key_at, UPHELD_KEY_SIZE);
    }
    uint8_t *again = written(other, n, policy, d, size);
    FUZZ_CHECK(memcmp(again, answer, size) == 0, "R9112-11.1-1",
               "nothing of the client but the hash of its key gets into the answer");
    free(again);
    free(other);
}

/* A field that must be there once, with that very value. */
static void check_field(const struct naive_answer *answer, const char *clause, const char *name,
                        const char *value)
{
    FUZZ_CHECK(naive_answer_count(answer, name) == 1, clause, name);
    FUZZ_CHECK(naive_is(naive_answer_value(answer, name), value), clause, value);
}

static bool is_known(struct upheld_span name)
{
    static const char *const known[] = { "Connection",
                                         "Upgrade",
                                         "Sec-WebSocket-Accept",
                                         "Sec-WebSocket-Protocol",
                                         "Sec-WebSocket-Extensions",
                                         "Sec-WebSocket-Version",
                                         "Allow",
                                         "WWW-Authenticate",
                                         "Content-Length",
                                         "Capsule-Protocol" };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (naive_is(name, known[i])) {
            return true;
        }
    }
    return false;
}

static void check_names(const struct naive_answer *answer)
{
    for (size_t i = 0; i < answer->count; i++) {
        FUZZ_CHECK(is_known(answer->fields[i].name), "answer", "no field but those of its status");
        for (size_t k = 0; k < i; k++) {
            FUZZ_CHECK(!naive_same_any_case(answer->fields[i].name, answer->fields[k].name),
                       "R9110-5.3-2", "no field stands twice");
        }
    }
}

/* Takes a 100 (Continue) off the front; returns its size. */
static size_t check_continue(const uint8_t *out, size_t size)
{
    struct naive_answer first = naive_answer_read(out, size);

    FUZZ_CHECK(first.broken == NULL, "R9110-7.8-15", "100 (Continue) parses back");
    FUZZ_CHECK(first.status == 100 && first.count == 0, "R9110-7.8-15",
               "100 (Continue) goes before 101, without fields");
    return first.size;
}

/* Sec-WebSocket-Extensions stands where something was agreed on, and says just that. Returns how
 * many fields that are. */
static size_t check_extensions(struct upheld_agreed agreed, const struct naive_answer *answer)
{
    char text[UPHELD_EXTENSIONS_SIZE + 1], server[64] = "", client[64] = "";
    size_t count = naive_answer_count(answer, "Sec-WebSocket-Extensions");

    FUZZ_CHECK(count == (agreed.deflate ? 1 : 0), "R6455-9-1",
               "an extension is named if and only if it was agreed on");
    if (!agreed.deflate) {
        return 0;
    }
    if (agreed.server_bits_named) {
        snprintf(server, sizeof server, "; server_max_window_bits=%d",
                 agreed.server_max_window_bits);
    }
    if (agreed.client_bits_named) {
        snprintf(client, sizeof client, "; client_max_window_bits=%d",
                 agreed.client_max_window_bits);
    }
    snprintf(text, sizeof text, "permessage-deflate%s%s%s%s",
             agreed.server_no_context_takeover ? "; server_no_context_takeover" : "",
             agreed.client_no_context_takeover ? "; client_no_context_takeover" : "", server,
             client);
    check_field(answer, "R7692-5-2", "Sec-WebSocket-Extensions", text);
    return 1;
}

static void check_websocket(const uint8_t *p, const struct upheld_policy *policy,
                            struct upheld_decision d, const struct naive_answer *answer)
{
    uint8_t accept[UPHELD_ACCEPT_SIZE];
    struct upheld_span right = { accept, sizeof accept };
    struct upheld_span protocol = naive_answer_value(answer, "Sec-WebSocket-Protocol");

    naive_accept(p + d.key_at, accept);
    check_field(answer, "R6455-4.2.2-11", "Upgrade", "websocket");
    FUZZ_CHECK(naive_same(naive_answer_value(answer, "Sec-WebSocket-Accept"), right),
               "R6455-4.2.2-13", "Sec-WebSocket-Accept is base64(SHA-1(key ++ GUID))");
    size_t more = check_extensions(d.agreed, answer);
    if (d.subprotocol == UPHELD_NONE) {
        FUZZ_CHECK(answer->count == 3 + more, "R6455-4.2.2-8", "three fields and no subprotocol");
    } else {
        FUZZ_CHECK(answer->count == 4 + more &&
                       naive_same(protocol, policy->subprotocols[d.subprotocol]),
                   "R6455-4.2.2-14", "four fields, one the subprotocol that was chosen");
    }
}

static void check_101(const uint8_t *p, const struct upheld_policy *policy,
                      struct upheld_decision d, const struct naive_answer *answer, size_t size)
{
    struct upheld_protocol row = row_of(policy, d);

    FUZZ_CHECK(answer->size == size, "R9110-15.2-2", "101 has no content");
    check_field(answer, "R6455-4.2.2-12", "Connection", "Upgrade");
    if (has_key(policy, d)) {
        check_websocket(p, policy, d, answer);
        return;
    }
    FUZZ_CHECK(naive_answer_count(answer, "Upgrade") == 1 &&
                   naive_same(naive_answer_value(answer, "Upgrade"), row.answer),
               "R9110-7.8-9", "Upgrade names what the row says");
    if (row.checks == UPHELD_CHECKS_CAPSULE) {
        check_field(answer, "R9298-3.3-1", "Capsule-Protocol", "?1");
        FUZZ_CHECK(answer->count == 3, "answer", "three fields of a protocol with capsules");
    } else {
        FUZZ_CHECK(answer->count == 2, "answer", "two fields of any other protocol");
    }
}

/* The octets behind the head of a refusal are as many as it says. */
static void check_content(const struct naive_answer *answer, size_t size)
{
    struct upheld_span length = naive_answer_value(answer, "Content-Length");
    size_t said = 0;

    FUZZ_CHECK(length.n > 0 && length.n <= 4, "R9110-8.6-2", "a refusal says its length");
    for (size_t i = 0; i < length.n; i++) {
        FUZZ_CHECK(length.p[i] >= '0' && length.p[i] <= '9', "R9110-8.6-2", "in digits");
        said = 10 * said + (size_t)(length.p[i] - '0');
    }
    FUZZ_CHECK(answer->size + said == size, "R9112-6.3-3", "the content is as long as said");
}

static void check_refusal(const struct upheld_policy *policy, struct upheld_decision d,
                          const struct naive_answer *answer, size_t size)
{
    struct upheld_span connection = naive_answer_value(answer, "Connection");

    check_content(answer, size);
    FUZZ_CHECK(naive_list_has(connection, "close") == d.close, "R9112-9.6-1",
               "Connection says close if and only if the connection ends");
    FUZZ_CHECK(naive_list_has(connection, "upgrade") ==
                   (naive_answer_count(answer, "Upgrade") == 1),
               "R9110-7.8-12", "Connection names Upgrade where it is sent");
    FUZZ_CHECK(naive_answer_count(answer, "Sec-WebSocket-Accept") == 0 &&
                   naive_answer_count(answer, "Sec-WebSocket-Protocol") == 0,
               "R6455-4.2.2-10", "what 101 says is said by 101 only");
    if (d.status == 426 && d.clause == UPHELD_R6455_4_2_2_6) {
        check_field(answer, "R9110-7.8-8", "Upgrade", "websocket");
        check_field(answer, "R6455-4.4-1", "Sec-WebSocket-Version", "13");
    } else if (d.status == 426) {
        FUZZ_CHECK(policy->required.n > 0 &&
                       naive_same(naive_answer_value(answer, "Upgrade"), policy->required),
                   "R9110-15.5.22-1", "426 names what the policy requires");
        FUZZ_CHECK(naive_answer_count(answer, "Sec-WebSocket-Version") == 0, "R6455-4.4-1",
                   "and no version of WebSocket");
    } else {
        FUZZ_CHECK(naive_answer_count(answer, "Upgrade") == 0, "R9110-7.8-8",
                   "no other refusal names a protocol");
    }
    if (d.clause == UPHELD_R6455_4_2_1_6 || d.clause == UPHELD_R6455_4_3_2 ||
        d.clause == UPHELD_R6455_11_3_5_1) {
        check_field(answer, "R6455-4.4-1", "Sec-WebSocket-Version", "13");
    }
    if (d.status == 405) {
        static const char *const allow[] = { "GET", "OPTIONS", "GET, OPTIONS" };
        enum upheld_methods methods = row_of(policy, d).methods;
        FUZZ_CHECK(methods < UPHELD_ANY_METHOD, "R9110-9.1-1", "a row that takes any, takes it");
        check_field(answer, "R9110-15.5.6-1", "Allow", allow[methods]);
    }
    FUZZ_CHECK(d.status == 401
                   ? naive_same(naive_answer_value(answer, "WWW-Authenticate"), policy->challenge)
                   : naive_answer_count(answer, "WWW-Authenticate") == 0,
               "R9110-15.5.2-1", "401, and no other, carries the challenge");
}

/* The 100 before a body that is read before the 101. */
static void check_continue_alone(struct upheld_decision d)
{
    size_t size = upheld_continue_write(d, NULL, 0);
    bool due = d.verdict == UPHELD_SWITCH && d.continue_first && d.body_first;

    FUZZ_CHECK((size > 0) == due, "R9110-7.8-15", "100 goes before a body that waits for it");
    if (size > 0) {
        uint8_t *out = fuzz_block(size);
        memset(out, MARK, size);
        FUZZ_CHECK(upheld_continue_write(d, out, size - 1) == size && out[0] == MARK, "answer",
                   "too small a buffer is not written to");
        FUZZ_CHECK(upheld_continue_write(d, out, size) == size && check_continue(out, size) == size,
                   "R9110-7.8-15", "100 (Continue) and nothing else");
        free(out);
    }
}

void check_answer(const uint8_t *p, size_t n, const struct upheld_policy *policy,
                  struct upheld_decision d)
{
    size_t size = upheld_response_write(p, n, policy, d, NULL, 0);

#ifdef FUZZ_SPEC
    check_specified_answer(p, n, policy, d);
    check_specified_continue(d);
#endif
    if (d.verdict == UPHELD_MORE || d.verdict == UPHELD_IGNORE) {
        FUZZ_CHECK(size == 0, "answer", "nothing is answered where HTTP goes on");
        return;
    }
    FUZZ_CHECK(size > 0, "answer", "a switch and a refusal are answered");
    uint8_t *out = written(p, n, policy, d, size);
    check_continue_alone(d);
    size_t first = d.continue_first && !d.body_first ? check_continue(out, size) : 0;
    struct naive_answer answer = naive_answer_read(out + first, size - first);

    FUZZ_CHECK(answer.broken == NULL, "R9110-2.2-1", answer.broken);
    FUZZ_CHECK(answer.status == d.status, "R9112-4-1", "the status-line has the status decided");
    check_names(&answer);
    if (d.verdict == UPHELD_SWITCH) {
        check_101(p, policy, d, &answer, size - first);
    } else {
        check_refusal(policy, d, &answer, size - first);
    }
    check_too_small(p, n, policy, d, size);
    check_only_the_key_counts(p, n, policy, d, out, size);
    free(out);
}
