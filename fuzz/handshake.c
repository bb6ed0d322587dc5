/* handshake.c: target for upheld_request_decide() and upheld_response_write(), built for speed.
 * Seeds: corpus/handshake/. The whole input is a request, raw, as for `request`; its size chooses
 * the policy.
 *
 * request asks of each input all that can be asked, and so decides it some hundred times. Here it
 * is decided once and answered once, so that an engine tries more inputs in a second than request
 * does in half a minute. Checks what every decision has in common, and that the answer fits it;
 * under FUZZ_SPEC that the decision is, field by field, that of the specification of the proof.
 */
#include "fuzz.h"
#include "naive/naive.h"
#ifdef FUZZ_SPEC
#include "request_spec.h"
#endif

#define TEXT(s) { (const uint8_t *)(s), sizeof(s) - 1 }
#define ANSWER_MAX 1024

static const struct upheld_span names[] = { TEXT("superchat"), TEXT("chat") };
static const struct upheld_span origins[] = { TEXT("https://example.com"), TEXT("null") };

static const struct upheld_policy policies[] = {
    { .limits = UPHELD_LIMITS_DEFAULT,
      .access = UPHELD_GRANTED,
      .subprotocols = names,
      .subprotocol_count = 2 },
    { .limits = { .target = 12, .line = 64, .head = 256, .fields = 8 },
      .access = UPHELD_GRANTED,
      .keep_alive = true,
      .canonical_key = true },
    { .limits = UPHELD_LIMITS_DEFAULT,
      .access = UPHELD_GRANTED,
      .origins = origins,
      .origin_count = 2,
      .bare_lf = true,
      .body_limit = UINT32_MAX },
    { .limits = UPHELD_LIMITS_DEFAULT,
      .access = UPHELD_GRANTED,
      .subprotocols = names,
      .subprotocol_count = 1,
      .subprotocol_needed = true,
      .deflate = { .enabled = true, .server_max_window_bits = 13 } },
};

static void check_decision(size_t n, const struct upheld_policy *policy, struct upheld_decision d)
{
    bool switched = d.verdict == UPHELD_SWITCH, refused = d.verdict == UPHELD_REFUSE;

    FUZZ_CHECK(d.verdict >= UPHELD_MORE && d.verdict <= UPHELD_REFUSE, "verdict", "a known one");
    FUZZ_CHECK(d.clause < UPHELD_CLAUSE_COUNT, "verdict", "it names a known clause");
    FUZZ_CHECK(d.consumed <= n, "R9112-2.1-1", "no more is consumed than has arrived");
    FUZZ_CHECK(switched == (d.status == 101), "R6455-4.2.2-10", "101 if and only if it switches");
    FUZZ_CHECK(refused == (d.status >= 400), "verdict", "400 or more if it refuses");
    FUZZ_CHECK(!switched || (!d.close && d.key_at + UPHELD_KEY_SIZE <= d.consumed), "R6455-4.2.1-5",
               "the key lies within the head of what is left open");
    FUZZ_CHECK(!refused || d.close || policy->keep_alive, "R9112-9.6-1",
               "a refusal closes unless the policy keeps connections");
    FUZZ_CHECK(switched || (d.subprotocol == UPHELD_NONE && !d.agreed.deflate), "R6455-4.2.2-8",
               "a subprotocol is chosen only with 101");
    FUZZ_CHECK(d.subprotocol == UPHELD_NONE || d.subprotocol < policy->subprotocol_count,
               "R6455-4.2.2-8", "the subprotocol is one of ours");
}

static void check_octets(const uint8_t *p, size_t n, const struct upheld_policy *policy,
                         struct upheld_decision d)
{
    static const char line[] = "HTTP/1.1 ";
    uint8_t answer[ANSWER_MAX];
    size_t size = upheld_response_write(p, n, policy, d, answer, sizeof answer);
    bool answered = d.verdict == UPHELD_SWITCH || d.verdict == UPHELD_REFUSE;

    FUZZ_CHECK(size <= sizeof answer, "answer", "it fits the buffer");
    FUZZ_CHECK(answered == (size > 0), "answer", "a switch and a refusal are answered, no more");
    FUZZ_CHECK(size == 0 || (size > sizeof line && memcmp(answer, line, sizeof line - 1) == 0 &&
                             memcmp(answer + size - 4, "\r\n\r\n", 4) == 0),
               "R9112-4-1", "it starts with a status-line and ends with its head");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct upheld_policy *policy = &policies[size % (sizeof policies / sizeof policies[0])];
    struct upheld_decision d = upheld_request_decide(data, size, policy);

    check_decision(size, policy, d);
#ifdef FUZZ_SPEC
    check_specification(data, size, policy, d);
#endif
    check_octets(data, size, policy, d);
    return 0;
}
