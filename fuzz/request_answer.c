/* request_answer.c: part of the target request: checks what upheld_response_write() writes.
 *
 * The answer parses back and has the fields that its status asks for, each once, and no other; a
 * buffer that is too small is left alone; and of the request only the key has any part in it.
 */
#include "fuzz.h"
#include "request.h"

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

/* Every octet of the request but the key replaced by LF: the answer must stay the same. */
static void check_only_the_key_counts(const uint8_t *p, size_t n,
                                      const struct upheld_policy *policy, struct upheld_decision d,
                                      const uint8_t *answer, size_t size)
{
    uint8_t *other = fuzz_block(n);
    if (other != NULL) {
        memset(other, '\n', n);
    }
    if (d.verdict == UPHELD_SWITCH) {
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
                                         "Sec-WebSocket-Version",
                                         "Allow",
                                         "WWW-Authenticate",
                                         "Content-Length",
                                         "Accept" };
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

static void check_101(const uint8_t *p, const struct upheld_policy *policy,
                      struct upheld_decision d, const struct naive_answer *answer, size_t size)
{
    uint8_t accept[UPHELD_ACCEPT_SIZE];
    struct upheld_span right = { accept, sizeof accept };
    struct upheld_span protocol = naive_answer_value(answer, "Sec-WebSocket-Protocol");

    naive_accept(p + d.key_at, accept);
    FUZZ_CHECK(answer->size == size, "R9110-15.2-2", "101 has no content");
    check_field(answer, "R6455-4.2.2-11", "Upgrade", "websocket");
    check_field(answer, "R6455-4.2.2-12", "Connection", "Upgrade");
    FUZZ_CHECK(naive_same(naive_answer_value(answer, "Sec-WebSocket-Accept"), right),
               "R6455-4.2.2-13", "Sec-WebSocket-Accept is base64(SHA-1(key ++ GUID))");
    if (d.subprotocol == UPHELD_NONE) {
        FUZZ_CHECK(answer->count == 3, "R6455-4.2.2-8", "three fields and no subprotocol");
    } else {
        FUZZ_CHECK(answer->count == 4 && naive_same(protocol, policy->subprotocols[d.subprotocol]),
                   "R6455-4.2.2-14", "four fields, one the subprotocol that was chosen");
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
    if (d.status == 426) {
        check_field(answer, "R9110-7.8-8", "Upgrade", "websocket");
        check_field(answer, "R6455-4.4-1", "Sec-WebSocket-Version", "13");
    }
    if (d.clause == UPHELD_R6455_4_2_1_6 || d.clause == UPHELD_R6455_4_3_2 ||
        d.clause == UPHELD_R6455_11_3_5_1) {
        check_field(answer, "R6455-4.4-1", "Sec-WebSocket-Version", "13");
    }
    if (d.status == 405) {
        check_field(answer, "R9110-15.5.6-1", "Allow", "GET");
    }
    FUZZ_CHECK(d.status == 401
                   ? naive_same(naive_answer_value(answer, "WWW-Authenticate"), policy->challenge)
                   : naive_answer_count(answer, "WWW-Authenticate") == 0,
               "R9110-15.5.2-1", "401, and no other, carries the challenge");
}

void check_answer(const uint8_t *p, size_t n, const struct upheld_policy *policy,
                  struct upheld_decision d)
{
    size_t size = upheld_response_write(p, n, policy, d, NULL, 0);

    if (d.verdict == UPHELD_MORE || d.verdict == UPHELD_IGNORE) {
        FUZZ_CHECK(size == 0, "answer", "nothing is answered where HTTP goes on");
        return;
    }
    FUZZ_CHECK(size > 0, "answer", "a switch and a refusal are answered");
    uint8_t *out = written(p, n, policy, d, size);
    size_t first = d.continue_first ? check_continue(out, size) : 0;
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
