/* request.c: target for upheld_request_decide() and upheld_response_write(). Seeds:
 * corpus/request/. The input is what a server has received, raw, under seven policies and one that
 * the input itself chooses (shared/policy.c).
 *
 * Checks against a second reading of the RFCs that 101 comes if and only if every clause for it
 * holds; that the octets consumed are those of the head; that nothing behind the deciding octet
 * is judged and nothing is decided before it; the answer (shared/answer.c); and what may stand in
 * a policy (request_policy.c). Under FUZZ_SPEC every field of the decision is also compared with
 * the specification of the proof.
 */
#include "request.h"
#include "fuzz.h"
#ifdef FUZZ_SPEC
#include "request_spec.h"
#endif

#define SAMPLES 8 /* prefixes tried, spread evenly */

#define TEXT(s) { (const uint8_t *)(s), sizeof(s) - 1 }

static const struct upheld_span chat[] = { TEXT("chat") };
static const struct upheld_span several[] = { TEXT("superchat"), TEXT("chat"), TEXT("v2.chat") };
static const struct upheld_span origins[] = { TEXT("http://example.com"), TEXT("null") };

static const struct upheld_policy policy_default = {
    .limits = UPHELD_LIMITS_DEFAULT,
    .access = UPHELD_GRANTED,
    .subprotocols = chat,
    .subprotocol_count = 1,
};
/* Limits that an input of ordinary size can reach and pass. */
static const struct upheld_policy policy_small = {
    .limits = { .target = 12, .line = 64, .head = 256, .fields = 8 },
    .access = UPHELD_GRANTED,
    .subprotocols = several,
    .subprotocol_count = 3,
};
static const struct upheld_policy policy_origins = {
    .limits = UPHELD_LIMITS_DEFAULT,
    .access = UPHELD_GRANTED,
    .origins = origins,
    .origin_count = 2,
};
static const struct upheld_policy policy_origin_optional = {
    .limits = UPHELD_LIMITS_DEFAULT,
    .access = UPHELD_GRANTED,
    .subprotocols = several,
    .subprotocol_count = 3,
    .origins = origins,
    .origin_count = 1,
    .origin_optional = true,
};
static const struct upheld_policy policy_undecided = {
    .limits = UPHELD_LIMITS_DEFAULT,
    .access = UPHELD_UNDECIDED,
    .subprotocols = chat,
    .subprotocol_count = 1,
};
static const struct upheld_policy policy_unauthenticated = {
    .limits = UPHELD_LIMITS_DEFAULT,
    .access = UPHELD_UNAUTHENTICATED,
    .challenge = TEXT("Bearer realm=\"chat\""),
    .subprotocols = chat,
    .subprotocol_count = 1,
};

/* A server with windows of its own, which compresses no message with what was in the one before. */
static const struct upheld_policy policy_deflate = {
    .limits = UPHELD_LIMITS_DEFAULT,
    .access = UPHELD_GRANTED,
    .deflate = { .enabled = true,
                 .server_no_context_takeover = true,
                 .server_max_window_bits = 13,
                 .client_max_window_bits = 14 },
};

static bool same(struct upheld_decision a, struct upheld_decision b)
{
    return a.verdict == b.verdict && a.clause == b.clause && a.status == b.status &&
           a.continue_first == b.continue_first && a.close == b.close && a.consumed == b.consumed &&
           a.key_at == b.key_at && a.subprotocol == b.subprotocol && a.protocol == b.protocol &&
           a.body_first == b.body_first && a.body_chunked == b.body_chunked &&
           a.body_length == b.body_length && naive_same_agreed(a.agreed, b.agreed);
}

/* Decides a copy of p[0 .. n-1], in a block of its own so that ASan sees every octet too far. */
static struct upheld_decision decide_prefix(const uint8_t *p, size_t n,
                                            const struct upheld_policy *policy)
{
    uint8_t *own = fuzz_own(p, n);
    struct upheld_decision d = upheld_request_decide(own, n, policy);
    free(own);
    return d;
}

/* The same octets with others behind them: decided alike. */
static void check_appended(const uint8_t *p, size_t n, const struct upheld_policy *policy,
                           struct upheld_decision d)
{
    static const char *const tails[] = { "\r\n\r\n", "GET / HTTP/1.1\r\nHost: b\r\n\r\n", "\x81" };
    static const char blank[64];

    for (size_t i = 0; i < sizeof tails / sizeof tails[0] + 1; i++) {
        const char *tail = i == 0 ? blank : tails[i - 1];
        size_t more = i == 0 ? sizeof blank : strlen(tail);
        uint8_t *longer = fuzz_block(n + more);
        if (n > 0) {
            memcpy(longer, p, n);
        }
        memcpy(longer + n, tail, more);
        FUZZ_CHECK(same(upheld_request_decide(longer, n + more, policy), d), "R9112-2.1-1",
                   "octets behind the deciding prefix change nothing");
        free(longer);
    }
}

/* The shortest prefix that decides, found by halving; n if nothing does. */
static size_t deciding_prefix(const uint8_t *p, size_t n, const struct upheld_policy *policy)
{
    size_t more = 0, decided = n;
    while (decided - more > 1) {
        size_t middle = more + (decided - more) / 2;
        if (upheld_request_decide(p, middle, policy).verdict == UPHELD_MORE) {
            more = middle;
        } else {
            decided = middle;
        }
    }
    return decided;
}

static void check_prefixes(const uint8_t *p, size_t n, const struct upheld_policy *policy,
                           struct upheld_decision d)
{
    size_t end = d.verdict == UPHELD_MORE ? n : deciding_prefix(p, n, policy);

    FUZZ_CHECK(decide_prefix(p, 0, policy).verdict == UPHELD_MORE, "R9112-2.1-1",
               "no octets at all decide nothing");
    if (n == 0) {
        return;
    }
    FUZZ_CHECK(d.consumed == 0 || d.consumed == end, "R9112-2.1-1",
               "a whole head decides at its last octet");
    for (size_t i = 1; i <= SAMPLES; i++) {
        size_t shorter = end * i / (SAMPLES + 1);
        FUZZ_CHECK(decide_prefix(p, shorter, policy).verdict == UPHELD_MORE, "R9110-5.3-3",
                   "nothing is decided before the deciding octet");
        FUZZ_CHECK(same(upheld_request_decide(p, end + (n - end) * i / SAMPLES, policy), d),
                   "R9112-2.1-1", "every longer prefix is decided alike");
    }
    FUZZ_CHECK(decide_prefix(p, end - 1, policy).verdict == UPHELD_MORE, "R9110-5.3-3",
               "nothing is decided one octet before the deciding octet");
    if (d.verdict != UPHELD_MORE) {
        FUZZ_CHECK(same(decide_prefix(p, end, policy), d), "R9112-2.1-1",
                   "the deciding prefix alone is decided alike");
        check_appended(p, end, policy, d);
    }
}

static bool is_a_refusal(unsigned status)
{
    static const unsigned known[] = { 400, 401, 403, 403, 405, 413, 414, 417, 426, 431, 501, 505 };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (known[i] == status) {
            return true;
        }
    }
    return false;
}

static bool is_websocket(const struct upheld_policy *policy, struct upheld_decision d)
{
    return naive_row(policy, d.protocol).checks == UPHELD_CHECKS_WEBSOCKET;
}

static void check_switch_shape(const struct upheld_policy *policy, struct upheld_decision d)
{
    FUZZ_CHECK(d.status == 101 && !d.close, "R6455-4.2.2-10", "a switch is 101, left open");
    FUZZ_CHECK(policy->access == UPHELD_GRANTED, "R6455-4.2.2-1", "no 101 without access");
    FUZZ_CHECK(d.protocol < (policy->protocol_count == 0 ? 1 : policy->protocol_count),
               "R9110-7.8-3", "the protocol is one of ours");
    FUZZ_CHECK(is_websocket(policy, d)
                   ? d.consumed >= UPHELD_KEY_SIZE && d.key_at <= d.consumed - UPHELD_KEY_SIZE
                   : d.key_at == 0 && d.subprotocol == UPHELD_NONE && !d.agreed.deflate,
               "R6455-4.2.1-5", "the key lies within the head, and WebSocket alone has one");
    FUZZ_CHECK(d.subprotocol == UPHELD_NONE || d.subprotocol < policy->subprotocol_count,
               "R6455-4.2.2-8", "the subprotocol is one of ours");
    FUZZ_CHECK(d.body_first == (d.body_chunked || d.body_length > 0), "R9110-7.8-14",
               "a body comes first if and only if there is one");
    FUZZ_CHECK(!d.body_first || (policy->body_limit > 0 && d.body_length <= policy->body_limit),
               "R9110-17.5-1", "no body that the policy does not read");
}

/* What every decision of a kind has in common, whatever the octets. */
static void check_shape(size_t n, const struct upheld_policy *policy, struct upheld_decision d)
{
    bool switched = d.verdict == UPHELD_SWITCH;

    FUZZ_CHECK(d.verdict >= UPHELD_MORE && d.verdict <= UPHELD_REFUSE, "verdict", "a known one");
    FUZZ_CHECK(d.clause < UPHELD_CLAUSE_COUNT, "verdict", "it names a known clause");
    FUZZ_CHECK(d.consumed <= n, "R9112-2.1-1", "no more is consumed than has arrived");
    FUZZ_CHECK(switched || d.subprotocol == UPHELD_NONE, "R6455-4.2.2-8",
               "a subprotocol is chosen only with 101");
    FUZZ_CHECK(switched || naive_same_agreed(d.agreed, (struct upheld_agreed){ 0 }), "R6455-9-1",
               "an extension is agreed on only with 101");
    FUZZ_CHECK(!d.agreed.deflate || policy->deflate.enabled, "R6455-9-1",
               "no extension is agreed on that the policy has not");
    FUZZ_CHECK(switched || !d.continue_first, "R9110-7.8-15", "100 goes before 101 only");
    FUZZ_CHECK(switched || (!d.body_first && !d.body_chunked && d.body_length == 0), "R9110-7.8-14",
               "a body is read before 101 only");
    FUZZ_CHECK(d.consumed > 0 || d.protocol == UPHELD_NONE, "R9110-7.8-2",
               "no protocol is asked for before the head has ended");
    switch (d.verdict) {
    case UPHELD_MORE:
        FUZZ_CHECK(d.status == 0 && d.consumed == 0 && !d.close, "R9112-2.1-1",
                   "an undecided head has no status and consumes nothing");
        break;
    case UPHELD_SWITCH:
        check_switch_shape(policy, d);
        break;
    case UPHELD_IGNORE:
        FUZZ_CHECK(d.status == 0 && d.consumed > 0, "R9110-7.8-2",
                   "a request that goes on as HTTP has a whole head and no status of ours");
        FUZZ_CHECK(policy->required.n == 0, "R9110-15.5.22-1",
                   "nothing is ignored where an upgrade is required");
        break;
    case UPHELD_REFUSE:
        FUZZ_CHECK(is_a_refusal(d.status) && (d.close || policy->keep_alive), "R9112-9.6-1",
                   "a refusal, which closes unless the policy keeps connections");
        break;
    }
}

static void check_switch(struct naive_reading reading, struct upheld_decision d)
{
    if (reading.clause != NULL) {
        FUZZ_CHECK(d.verdict != UPHELD_SWITCH, reading.clause, reading.why);
        return;
    }
    FUZZ_CHECK(d.verdict == UPHELD_SWITCH, "R6455-4.2.2-10", "every clause holds, so it is 101");
    FUZZ_CHECK(d.consumed == reading.consumed, "R9112-2.1-1",
               "what is consumed is the head and its empty line");
    FUZZ_CHECK(d.key_at == reading.key_at, "R6455-4.2.1-5", "the key is where the field has it");
    FUZZ_CHECK(d.subprotocol == reading.subprotocol, "R6455-4.2.2-8",
               "the subprotocol is the first that the client offers of those spoken here");
    FUZZ_CHECK(naive_same_agreed(d.agreed, reading.agreed), "R7692-7-1",
               "permessage-deflate is agreed on as the first offer has it that can be met");
    FUZZ_CHECK(d.continue_first == reading.continue_first, "R9110-7.8-15",
               "100 goes before 101 if and only if it is expected");
    FUZZ_CHECK(d.body_chunked == reading.body.chunked && d.body_length == reading.body.length,
               "R9112-6.3-3", "the body is the one that the head announces");
}

/* What a whole head says of the protocol and of the connection, whatever was decided. */
static void check_head(const struct naive_head *head, const struct upheld_policy *policy,
                       struct upheld_decision d)
{
    struct naive_body body = naive_body(head);
    bool intact = d.status == 401 || d.status == 403 || d.status == 405 || d.status == 426;
    bool persists = naive_persists(head);

    FUZZ_CHECK(d.protocol == naive_protocol(head, policy), "R9110-7.8-3",
               "the protocol is the one preferred of those that Upgrade lists");
    FUZZ_CHECK(d.verdict != UPHELD_REFUSE || d.protocol != UPHELD_NONE || policy->required.n > 0 ||
                   strncmp(upheld_clause_id(d.clause), "R6455", 5) != 0,
               "R9110-7.8-2",
               "who asks for nothing here is not refused for what a handshake lacks");
    FUZZ_CHECK(!body.broken || strncmp(upheld_clause_id(d.clause), "R9112", 5) == 0, "R9112-6.3-3",
               "what nobody can frame is refused for that, before what it asks for is judged");
    if (d.verdict == UPHELD_IGNORE) {
        FUZZ_CHECK(d.close == !persists, "R9112-9.3-1", "HTTP goes on as Connection says");
    }
    if (d.verdict == UPHELD_REFUSE) {
        bool kept = policy->keep_alive && intact && persists && !body.chunked && body.length == 0;
        FUZZ_CHECK(d.close == !kept, "R9112-9.3-1",
                   "a refusal keeps the connection where the policy does and nothing is behind");
    }
}

static void check_policy(const uint8_t *p, size_t n, const struct naive_head *head,
                         const struct upheld_policy *policy)
{
    struct upheld_decision d = upheld_request_decide(p, n, policy);

    check_shape(n, policy, d);
    check_switch(naive_judge(head, p, policy), d);
    if (d.consumed > 0) {
        check_head(head, policy, d);
    } else {
        FUZZ_CHECK(d.verdict != UPHELD_REFUSE || d.close, "R9112-9.6-1",
                   "a request that has no end ends the connection");
    }
    FUZZ_CHECK(!head->ended || d.verdict != UPHELD_MORE, "R9112-2.1-1",
               "a head that has ended is decided");
    FUZZ_CHECK(d.consumed == 0 || (head->ended && d.consumed == head->size), "R9112-2.1-1",
               "what is consumed is the head and its empty line");
#ifdef FUZZ_SPEC
    check_specification(p, n, policy, d);
#endif
    check_answer(p, n, policy, d);
}

/* Access is asked after the handshake is known to be one, so only its outcome may differ. */
static void check_access(const uint8_t *p, size_t n)
{
    struct upheld_decision granted = upheld_request_decide(p, n, &policy_default);
    struct upheld_decision undecided = upheld_request_decide(p, n, &policy_undecided);
    struct upheld_decision asked = upheld_request_decide(p, n, &policy_unauthenticated);

    if (granted.verdict == UPHELD_SWITCH) {
        FUZZ_CHECK(undecided.status == 403 && undecided.clause == UPHELD_R6455_4_2_2_1,
                   "R6455-4.2.2-1", "access that nobody stated is refused with 403");
        FUZZ_CHECK(asked.status == 401 && asked.clause == UPHELD_R9110_15_5_2_1, "R6455-4.2.2-1",
                   "a peer that has not said who it is gets 401");
    }
    if (granted.verdict == UPHELD_MORE || granted.verdict == UPHELD_IGNORE) {
        FUZZ_CHECK(same(granted, undecided) && same(granted, asked), "R6455-4.2.2-1",
                   "access plays no part where no handshake is refused or taken");
    }
}

static void check_derived(const uint8_t *p, size_t n, struct derived *derived)
{
    derive_policy(p, n, derived);
    const struct upheld_policy *policy = &derived->policy;
    struct naive_head head = naive_head_read(p, n, policy->bare_lf);

    FUZZ_CHECK(upheld_policy_check(policy) == UPHELD_POLICY_OK, "policy",
               "the policy that the input chooses is in order");
    check_policy(p, n, &head, policy);
    check_prefixes(p, n, policy, upheld_request_decide(p, n, policy));
    naive_head_free(&head);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct upheld_policy *const policies[] = {
        &policy_default,   &policy_small,           &policy_origins, &policy_origin_optional,
        &policy_undecided, &policy_unauthenticated, &policy_deflate,
    };
    uint8_t *p = fuzz_own(data, size);
    struct naive_head head = naive_head_read(p, size, false);
    struct derived derived;

    for (size_t i = 0; i < sizeof policies / sizeof policies[0]; i++) {
        FUZZ_CHECK(upheld_policy_check(policies[i]) == UPHELD_POLICY_OK, "policy",
                   "the policies of this target are in order");
        check_policy(p, size, &head, policies[i]);
    }
    check_derived(p, size, &derived);
    check_access(p, size);
    check_policies(p, size);
    check_clause(upheld_request_decide(p, size, &policy_default).clause);
    check_prefixes(p, size, &policy_default, upheld_request_decide(p, size, &policy_default));
    check_prefixes(p, size, &policy_small, upheld_request_decide(p, size, &policy_small));
    FUZZ_CHECK(size == 0 || memcmp(p, data, size) == 0, "frame", "the request is not written to");
    naive_head_free(&head);
    free(p);
    return 0;
}
