/* reply.c: target for upheld_reply_decide() and upheld_reply_version(), built for speed.
 * Seeds: corpus/reply/. The whole input is what a client has received, raw, as for `response`; its
 * size chooses the client.
 *
 * It is to response what handshake is to request: each input is decided once. Checks what every
 * decision has in common; under FUZZ_SPEC that the decision is, field by field, that of the
 * specification of the proof. On its E-ACSL leg contracts of the core run as code beside it.
 */
#include "fuzz.h"
#include "naive/naive.h"
#ifdef FUZZ_SPEC
#include "response_spec.h"
#endif

#define TEXT(s) { (const uint8_t *)(s), sizeof(s) - 1 }
#define KEY "dGhlIHNhbXBsZSBub25jZQ=="

static const struct upheld_span offered[] = { TEXT("chat"), TEXT("superchat") };

static const struct upheld_client clients[] = {
    { .limits = UPHELD_LIMITS_DEFAULT,
      .interim = UPHELD_INTERIM_DEFAULT,
      .key = KEY,
      .subprotocols = offered,
      .subprotocol_count = 2 },
    { .limits = { .target = 1, .line = 64, .head = 256, .fields = 8 }, .interim = 1, .key = KEY },
    { .limits = UPHELD_LIMITS_DEFAULT,
      .interim = 2,
      .key = KEY,
      .subprotocols = offered,
      .subprotocol_count = 1,
      .subprotocol_needed = true },
    { .limits = UPHELD_LIMITS_DEFAULT,
      .interim = UPHELD_INTERIM_DEFAULT,
      .key = KEY,
      .deflate = { .enabled = true, .client_max_window_bits = 12, .min_window_bits = 8 } },
};

static void check_decision(const uint8_t *p, size_t n, const struct upheld_client *client,
                           struct upheld_reply r)
{
    bool opens = r.verdict == UPHELD_REPLY_OK, more = r.verdict == UPHELD_REPLY_MORE;

    FUZZ_CHECK(r.verdict >= UPHELD_REPLY_MORE && r.verdict <= UPHELD_REPLY_HTTP, "verdict",
               "a known one");
    FUZZ_CHECK(r.clause < UPHELD_CLAUSE_COUNT, "verdict", "it names a known clause");
    FUZZ_CHECK(r.head_at <= r.consumed && r.consumed <= n, "R9112-2.1-1",
               "no more is consumed than has arrived");
    FUZZ_CHECK(!opens || (r.status == 101 && r.consumed > 0), "R6455-4.1-13",
               "nothing opens but a whole 101");
    FUZZ_CHECK(!more || (r.status == 0 && r.consumed == 0), "R9112-2.1-1",
               "an undecided head has no status and consumes nothing");
    FUZZ_CHECK(opens || (r.subprotocol == UPHELD_NONE && !r.agreed.deflate), "R6455-4.1-18",
               "a subprotocol or an extension is agreed on only with 101");
    FUZZ_CHECK(r.subprotocol == UPHELD_NONE || r.subprotocol < client->subprotocol_count,
               "R6455-4.1-18", "the subprotocol is one of those offered");
    FUZZ_CHECK(!r.agreed.deflate || client->deflate.enabled, "R6455-4.1-17",
               "an extension is agreed on only if it was offered");
    FUZZ_CHECK(r.consumed > 0 || !upheld_reply_version(p, n, r, 13), "R6455-4.4-2",
               "what is no whole head lists no version");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct upheld_client *client = &clients[size % (sizeof clients / sizeof clients[0])];
    struct upheld_reply r = upheld_reply_decide(data, size, client);

    check_decision(data, size, client, r);
#ifdef FUZZ_SPEC
    check_specification(data, size, client, r);
#endif
    return 0;
}
