/* response.c: target for upheld_reply_decide() and upheld_reply_version(). Seeds: corpus/response/.
 * The input is what a client has received, raw, under seven clients.
 *
 * Checks against a second reading of the RFCs that the reply opens the connection if and only if
 * every clause for it holds, and is ordinary HTTP if and only if its status says so; that the
 * octets consumed are those of the heads; that nothing behind the deciding octet is judged and
 * nothing is decided before it; and which versions it lists. Under FUZZ_SPEC every field of the
 * decision is also compared with the specification of the proof.
 */
#include "fuzz.h"
#include "naive/naive.h"
#ifdef FUZZ_SPEC
#include "response_spec.h"
#endif

#define SAMPLES 8 /* prefixes tried, spread evenly */

#define TEXT(s) { (const uint8_t *)(s), sizeof(s) - 1 }
#define KEY "dGhlIHNhbXBsZSBub25jZQ=="

static const struct upheld_span offered[] = { TEXT("chat"), TEXT("superchat") };

static const struct upheld_client client_default = {
    .limits = UPHELD_LIMITS_DEFAULT,
    .interim = UPHELD_INTERIM_DEFAULT,
    .key = KEY,
    .host = TEXT("server.example.com"),
    .target = TEXT("/chat"),
    .subprotocols = offered,
    .subprotocol_count = 2,
};
/* Limits that an input of ordinary size can reach and pass. */
static const struct upheld_client client_small = {
    .limits = { .target = 1, .line = 52, .head = 256, .fields = 5 },
    .interim = 1,
    .key = KEY,
    .host = TEXT("a"),
    .target = TEXT("/"),
    .subprotocols = offered,
    .subprotocol_count = 2,
};
static const struct upheld_client client_strict = {
    .limits = UPHELD_LIMITS_DEFAULT,
    .interim = 2,
    .key = KEY,
    .host = TEXT("a"),
    .target = TEXT("/"),
    .subprotocols = offered,
    .subprotocol_count = 1,
    .subprotocol_needed = true,
};
/* Its key has spare bits set, so the check refuses it; a reply to it is decided all the same. */
static const struct upheld_client client_plain = {
    .limits = UPHELD_LIMITS_DEFAULT,
    .interim = UPHELD_INTERIM_DEFAULT,
    .key = "AQIDBAUGBwgJCgsMDQ4PEC==",
    .subprotocol_needed = true,
};
/* Two that offer permessage-deflate, without wishes and with some. */
static const struct upheld_client client_deflate = {
    .limits = UPHELD_LIMITS_DEFAULT,
    .interim = UPHELD_INTERIM_DEFAULT,
    .key = KEY,
    .deflate = { .enabled = true },
};
static const struct upheld_client client_narrow = {
    .limits = UPHELD_LIMITS_DEFAULT,
    .interim = UPHELD_INTERIM_DEFAULT,
    .key = KEY,
    .deflate = { .enabled = true,
                 .server_no_context_takeover = true,
                 .server_max_window_bits = 11,
                 .client_max_window_bits = 12,
                 .min_window_bits = 8 },
};
static const struct upheld_client client_of_nothing = {
    .limits = UPHELD_LIMITS_DEFAULT,
    .interim = UPHELD_INTERIM_DEFAULT,
};

static bool same(struct upheld_reply a, struct upheld_reply b)
{
    return a.verdict == b.verdict && a.clause == b.clause && a.status == b.status &&
           a.head_at == b.head_at && a.consumed == b.consumed && a.subprotocol == b.subprotocol &&
           naive_same_agreed(a.agreed, b.agreed);
}

/* Decides a copy of p[0 .. n-1], in a block of its own so that ASan sees every octet too far. */
static struct upheld_reply decide_prefix(const uint8_t *p, size_t n,
                                         const struct upheld_client *client)
{
    uint8_t *own = fuzz_own(p, n);
    struct upheld_reply r = upheld_reply_decide(own, n, client);
    free(own);
    return r;
}

/* The same octets with others behind them: decided alike. */
static void check_appended(const uint8_t *p, size_t n, const struct upheld_client *client,
                           struct upheld_reply r)
{
    static const char *const tails[] = { "\r\n\r\n", "HTTP/1.1 101 X\r\n\r\n", "\x81" };
    static const char blank[64];

    for (size_t i = 0; i < sizeof tails / sizeof tails[0] + 1; i++) {
        const char *tail = i == 0 ? blank : tails[i - 1];
        size_t more = i == 0 ? sizeof blank : strlen(tail);
        uint8_t *longer = fuzz_block(n + more);
        if (n > 0) {
            memcpy(longer, p, n);
        }
        memcpy(longer + n, tail, more);
        FUZZ_CHECK(same(upheld_reply_decide(longer, n + more, client), r), "R9112-2.1-1",
                   "octets behind the deciding prefix change nothing");
        free(longer);
    }
}

/* The shortest prefix that decides, found by halving; n if nothing does. */
static size_t deciding_prefix(const uint8_t *p, size_t n, const struct upheld_client *client)
{
    size_t more = 0, decided = n;
    while (decided - more > 1) {
        size_t middle = more + (decided - more) / 2;
        if (upheld_reply_decide(p, middle, client).verdict == UPHELD_REPLY_MORE) {
            more = middle;
        } else {
            decided = middle;
        }
    }
    return decided;
}

static void check_prefixes(const uint8_t *p, size_t n, const struct upheld_client *client,
                           struct upheld_reply r)
{
    size_t end = r.verdict == UPHELD_REPLY_MORE ? n : deciding_prefix(p, n, client);

    FUZZ_CHECK(decide_prefix(p, 0, client).verdict == UPHELD_REPLY_MORE, "R9112-2.1-1",
               "no octets at all decide nothing");
    if (n == 0) {
        return;
    }
    FUZZ_CHECK(r.consumed == 0 || r.consumed == end, "R9112-2.1-1",
               "a whole head decides at its last octet");
    for (size_t i = 1; i <= SAMPLES; i++) {
        size_t shorter = end * i / (SAMPLES + 1);
        FUZZ_CHECK(decide_prefix(p, shorter, client).verdict == UPHELD_REPLY_MORE, "R9110-5.3-3",
                   "nothing is decided before the deciding octet");
        FUZZ_CHECK(same(upheld_reply_decide(p, end + (n - end) * i / SAMPLES, client), r),
                   "R9112-2.1-1", "every longer prefix is decided alike");
    }
    FUZZ_CHECK(decide_prefix(p, end - 1, client).verdict == UPHELD_REPLY_MORE, "R9110-5.3-3",
               "nothing is decided one octet before the deciding octet");
    if (r.verdict != UPHELD_REPLY_MORE) {
        FUZZ_CHECK(same(decide_prefix(p, end, client), r), "R9112-2.1-1",
                   "the deciding prefix alone is decided alike");
        check_appended(p, end, client, r);
    }
}

/* What every decision of a kind has in common, whatever the octets. */
static void check_shape(size_t n, const struct upheld_client *client, struct upheld_reply r)
{
    bool opens = r.verdict == UPHELD_REPLY_OK;

    FUZZ_CHECK(r.verdict >= UPHELD_REPLY_MORE && r.verdict <= UPHELD_REPLY_HTTP, "verdict",
               "a known one");
    FUZZ_CHECK(r.clause < UPHELD_CLAUSE_COUNT, "verdict", "it names a known clause");
    FUZZ_CHECK(r.head_at <= r.consumed && r.consumed <= n, "R9112-2.1-1",
               "no more is consumed than has arrived");
    FUZZ_CHECK(opens || r.subprotocol == UPHELD_NONE, "R6455-4.1-18",
               "a subprotocol is chosen only with 101");
    FUZZ_CHECK(r.subprotocol == UPHELD_NONE || r.subprotocol < client->subprotocol_count,
               "R6455-4.1-18", "the subprotocol is one of those offered");
    FUZZ_CHECK(opens ? !r.agreed.deflate || client->deflate.enabled
                     : naive_same_agreed(r.agreed, (struct upheld_agreed){ 0 }),
               "R6455-4.1-17", "an extension is agreed on only with 101, and if it was offered");
    FUZZ_CHECK(!opens || r.status == 101, "R6455-4.1-13", "nothing opens but 101");
    FUZZ_CHECK(r.verdict != UPHELD_REPLY_HTTP || r.consumed > 0, "R6455-4.1-13",
               "an ordinary response has a whole head");
    FUZZ_CHECK(r.verdict != UPHELD_REPLY_MORE || (r.status == 0 && r.consumed == 0), "R9112-2.1-1",
               "an undecided head has no status and consumes nothing");
}

static void check_reading(const struct naive_reply *reading, struct upheld_reply r)
{
    if (!reading->ended) {
        FUZZ_CHECK(r.verdict == UPHELD_REPLY_MORE || r.verdict == UPHELD_REPLY_FAIL, "R9112-2.1-1",
                   "what is no whole head is neither OK nor HTTP");
        FUZZ_CHECK(r.consumed == 0, "R9112-2.1-1", "and consumes nothing");
        return;
    }
    FUZZ_CHECK(r.consumed == reading->consumed && r.head_at == reading->head_at, "R9112-6.3-1",
               "what is consumed are the heads and their empty lines");
    FUZZ_CHECK(r.status == reading->status, "R9112-4-1", "the status is that of the line");
    if (reading->http) {
        FUZZ_CHECK(r.verdict == UPHELD_REPLY_HTTP, "R6455-4.1-13", "any other status is for HTTP");
        return;
    }
    if (reading->clause != NULL) {
        FUZZ_CHECK(r.verdict == UPHELD_REPLY_FAIL, reading->clause, reading->why);
        return;
    }
    FUZZ_CHECK(r.verdict == UPHELD_REPLY_OK, "R6455-4.1-19", "every clause holds, so it opens");
    FUZZ_CHECK(r.subprotocol == reading->subprotocol, "R6455-4.1-18",
               "the subprotocol is the one that is named");
    FUZZ_CHECK(naive_same_agreed(r.agreed, reading->agreed), "R7692-7-2",
               "permessage-deflate is agreed on as the answer has it");
}

/* The versions of any whole head, whatever was made of it. */
static void check_versions(const uint8_t *p, size_t n, const struct naive_reply *reading,
                           struct upheld_reply r)
{
    bool any = false;
    for (unsigned version = 0; version < 256; version++) {
        bool listed = upheld_reply_version(p, n, r, (uint8_t)version);
        FUZZ_CHECK(listed == reading->versions[version], "R6455-4.4-2",
                   "a version is listed if a member says so");
        any = any || listed;
        FUZZ_CHECK(
            !upheld_reply_version(p, r.consumed > 0 ? r.consumed - 1 : 0, r, (uint8_t)version),
            "R6455-4.4-2", "a reply that is cut off lists nothing");
    }
    FUZZ_CHECK(!any || (r.status != 426 && r.status != 400) || r.clause == UPHELD_R6455_4_4_2,
               "R6455-4.4-2", "426 and 400 with a version are told apart");
}

/* No decision is on more than UPHELD_LIMIT_MAX octets, so one that says so has no versions. */
static void check_limit(void)
{
    static const uint8_t zeros[UPHELD_LIMIT_MAX + 1];

    FUZZ_CHECK(!upheld_reply_version(zeros, sizeof zeros,
                                     (struct upheld_reply){ .consumed = sizeof zeros }, 13),
               "R6455-4.4-2", "a reply longer than any limit lists nothing");
}

static void check_client(const uint8_t *p, size_t n, const struct upheld_client *client)
{
    struct upheld_reply r = upheld_reply_decide(p, n, client);
    struct naive_reply reading = naive_reply_judge(p, n, client);

    check_shape(n, client, r);
    check_reading(&reading, r);
    check_versions(p, n, &reading, r);
#ifdef FUZZ_SPEC
    check_specification(p, n, client, r);
#endif
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct upheld_client *const clients[] = {
        &client_default,    &client_small,   &client_strict, &client_plain,
        &client_of_nothing, &client_deflate, &client_narrow,
    };
    uint8_t *p = fuzz_own(data, size);

    if (size == 0) {
        check_limit();
    }
    for (size_t i = 0; i < sizeof clients / sizeof clients[0]; i++) {
        check_client(p, size, clients[i]);
    }
    FUZZ_CHECK(upheld_reply_decide(p, size, &client_of_nothing).verdict != UPHELD_REPLY_OK,
               "R9110-7.8-6", "no 101 passes that was not asked for");
    check_prefixes(p, size, &client_default, upheld_reply_decide(p, size, &client_default));
    check_prefixes(p, size, &client_small, upheld_reply_decide(p, size, &client_small));
    FUZZ_CHECK(size == 0 || memcmp(p, data, size) == 0, "frame", "the reply is not written to");
    free(p);
    return 0;
}
