/* head.c: target for core/head.h. Seeds: corpus/head/. The input is the head of a request, raw, as
 * it arrived, whole or in part; it is read under three policies.
 *
 * Checks that a head is whole if and only if a second reading of RFC 9112 says so and it keeps the
 * limits, and then every fact of it: method, form of the target, version, each field that may stand
 * once, what is asked for, framing, subprotocols and extensions; that a shorter prefix of it is cut
 * off, and nothing behind it is read. Under FUZZ_SPEC all facts are also compared with the
 * specification of the proof, of broken heads as well.
 */
#include "../core/head.h"
#include "fuzz.h"
#include "naive/naive.h"
#ifdef FUZZ_SPEC
#include "spec.h"
#endif

#define SAMPLES 8 /* prefixes tried, spread evenly */
#define TEXT(s) { (const uint8_t *)(s), sizeof(s) - 1 }

static const struct upheld_span names[] = { TEXT("superchat"), TEXT("chat") };

static bool same_single(struct uph_single a, struct uph_single b)
{
    return a.count == b.count && a.at == b.at && a.end == b.end;
}

static bool same_offer(struct uph_offer a, struct uph_offer b)
{
    return a.row == b.row && a.upgrade == b.upgrade && a.listed == b.listed && a.close == b.close &&
           a.settings == b.settings && a.expect_continue == b.expect_continue &&
           a.expect_other == b.expect_other;
}

static bool same_framing(struct uph_framing a, struct uph_framing b)
{
    return a.length == b.length && a.length_given == b.length_given && a.coded == b.coded &&
           a.codings == b.codings;
}

static bool same_request(struct uph_request a, struct uph_request b)
{
    return a.method == b.method && a.target == b.target && a.major == b.major && a.minor == b.minor;
}

static bool same(struct uph_head a, struct uph_head b)
{
    return a.outcome == b.outcome && a.clause == b.clause && a.end == b.end &&
           same_request(a.request, b.request) && same_single(a.host, b.host) &&
           same_single(a.key, b.key) && same_single(a.version, b.version) &&
           same_single(a.origin, b.origin) && same_single(a.settings, b.settings) &&
           same_offer(a.offer, b.offer) && same_framing(a.framing, b.framing) &&
           a.protocols.given == b.protocols.given && a.protocols.state == b.protocols.state &&
           a.extensions.members == b.extensions.members &&
           naive_same_agreed(a.extensions.agreed, b.extensions.agreed);
}

static enum uph_method method_of(struct upheld_span s)
{
    if (naive_is(s, "GET")) {
        return UPH_METHOD_GET;
    }
    if (naive_is(s, "CONNECT")) {
        return UPH_METHOD_CONNECT;
    }
    return naive_is(s, "OPTIONS") ? UPH_METHOD_OPTIONS : UPH_METHOD_OTHER;
}

static enum uph_target form_of(struct upheld_span s)
{
    if (naive_is(s, "*")) {
        return UPH_TARGET_ASTERISK;
    }
    if (s.p[0] == '/') {
        return naive_path_and_query(s) ? UPH_TARGET_ORIGIN : UPH_TARGET_INVALID;
    }
    if (naive_http_uri(s)) {
        return UPH_TARGET_WEB;
    }
    if (naive_absolute_uri(s)) {
        return UPH_TARGET_ABSOLUTE;
    }
    return naive_host_and_port(s) ? UPH_TARGET_AUTHORITY : UPH_TARGET_INVALID;
}

static bool in_limits(const struct naive_head *head, const struct upheld_limits *limits)
{
    return head->target.n <= limits->target && head->longest <= limits->line &&
           head->size <= limits->head && head->count <= limits->fields;
}

static void check_single(const uint8_t *p, const struct naive_head *head, const char *name,
                         struct uph_single s)
{
    size_t count = naive_count(head, name);
    struct upheld_span found = { p + s.at, s.end - s.at };

    FUZZ_CHECK(s.count == (count > 2 ? 2 : count), "R9110-5.3-2", name);
    FUZZ_CHECK(naive_same(found, naive_value(head, name)), "R9112-5.1-2",
               "the value of the first line, whitespace around it apart");
}

static void check_singles(const uint8_t *p, const struct naive_head *head, struct uph_head h)
{
    check_single(p, head, "host", h.host);
    check_single(p, head, "sec-websocket-key", h.key);
    check_single(p, head, "sec-websocket-version", h.version);
    check_single(p, head, "origin", h.origin);
    check_single(p, head, "http2-settings", h.settings);
}

static void check_offer(const struct naive_head *head, const struct upheld_policy *policy,
                        struct uph_offer o)
{
    uint32_t row = naive_protocol(head, policy);

    FUZZ_CHECK(o.row == (row == UPHELD_NONE ? 0 : row + 1), "R9110-7.8-3",
               "the protocol is the one preferred of those that Upgrade lists");
    FUZZ_CHECK(o.upgrade == (naive_count(head, "upgrade") > 0), "R9110-7.8-1", "Upgrade stands");
    FUZZ_CHECK(o.listed == naive_has(head, "connection", "upgrade"), "R9110-7.8-12",
               "Connection lists upgrade");
    FUZZ_CHECK(o.close == naive_has(head, "connection", "close"), "R9112-9.3-1",
               "Connection lists close");
    FUZZ_CHECK(o.settings == naive_has(head, "connection", "http2-settings"), "R7540-3.2.1-1",
               "Connection lists http2-settings");
    FUZZ_CHECK(o.expect_continue == naive_has(head, "expect", "100-continue"), "R9110-7.8-15",
               "Expect lists 100-continue");
}

/* What a second reading finds broken may be one of many faults here. */
static void check_framing(const struct naive_head *head, struct uph_framing f)
{
    struct naive_body body = naive_body(head);
    bool broken = (f.coded && (f.length_given || f.codings != UPH_CODINGS_CHUNKED)) || f.length < 0;

    FUZZ_CHECK(f.coded == (naive_count(head, "transfer-encoding") > 0), "R9112-6.3-2",
               "Transfer-Encoding stands");
    FUZZ_CHECK(f.length_given == (naive_count(head, "content-length") > 0), "R9112-6.3-3",
               "Content-Length stands");
    FUZZ_CHECK(broken == body.broken, "R9112-6.3-3", "somebody can say how long the body is");
    FUZZ_CHECK(broken || f.coded || (uint64_t)f.length == body.length, "R9112-6.3-3",
               "the body is as long as Content-Length says");
}

static void check_extensions(const struct naive_head *head, const struct upheld_policy *policy,
                             struct uph_extensions l)
{
    long sum = 0;
    size_t lines = 0;

    for (size_t i = 0; i < head->count; i++) {
        if (naive_is_any_case(head->fields[i].name, "sec-websocket-extensions")) {
            long count = naive_extensions(head->fields[i].value);
            sum = sum < 0 || count < 0 ? -1 : sum + count;
            lines++;
        }
    }
    FUZZ_CHECK((l.members == UPH_MEMBERS_ABSENT) == (lines == 0), "R6455-9.1-1", "a line stands");
    FUZZ_CHECK((l.members == UPH_MEMBERS_MALFORMED) == (sum < 0), "R6455-9.1-1",
               "the list of extensions is well-formed");
    FUZZ_CHECK(sum < 0 || naive_same_agreed(l.agreed, naive_agreed(head, policy->deflate)),
               "R7692-7-1", "the first offer that can be met is agreed on");
}

/* A whole head. */
static void check_facts(const uint8_t *p, const struct naive_head *head,
                        const struct upheld_policy *policy, struct uph_head h)
{
    FUZZ_CHECK(h.end == head->size, "R9112-2.1-1", "a head ends with its empty line");
    FUZZ_CHECK(h.request.method == method_of(head->method), "R9110-9.1-1",
               "methods are told apart by case");
    FUZZ_CHECK(h.request.target == form_of(head->target), "R9112-3.2-1", "the form of the target");
    FUZZ_CHECK(h.request.major == head->version.p[5] - '0' &&
                   h.request.minor == head->version.p[7] - '0',
               "R9112-2.3-1", "the two digits of the version");
    check_singles(p, head, h);
    check_offer(head, policy, h.offer);
    check_framing(head, h.framing);
    check_extensions(head, policy, h.extensions);
    FUZZ_CHECK(h.protocols.given == (naive_count(head, "sec-websocket-protocol") > 0),
               "R6455-4.2.1-8", "Sec-WebSocket-Protocol stands");
}

/* The head of p[0 .. n-1] in a block of its own, so that ASan sees every octet too far. */
static struct uph_head read_prefix(const uint8_t *p, size_t n, const struct upheld_policy *policy)
{
    uint8_t *own = fuzz_own(p, n);
    struct uph_head h = uph_head_read(own, n, policy);
    free(own);
    return h;
}

/* Nothing behind the end is read, and no part of the head is whole. */
static void check_prefixes(const uint8_t *p, size_t n, const struct upheld_policy *policy,
                           struct uph_head h)
{
    size_t end = h.outcome == UPH_HEAD_END ? h.end : n;

    if (h.outcome == UPH_HEAD_END) {
        FUZZ_CHECK(same(read_prefix(p, end, policy), h), "R9112-2.1-1",
                   "octets behind the empty line change nothing");
    }
    for (size_t i = 0; i < SAMPLES && h.outcome != UPH_HEAD_FAULT && end > 0; i++) {
        FUZZ_CHECK(read_prefix(p, i == 0 ? end - 1 : end * i / SAMPLES, policy).outcome ==
                       UPH_HEAD_CUT,
                   "R9112-2.1-1", "a part of a well-formed head is cut off");
    }
}

static void check_policy(const uint8_t *p, size_t n, const struct upheld_policy *policy)
{
    struct naive_head head = naive_head_read(p, n, policy->bare_lf);
    struct uph_head h = uph_head_read(p, n, policy);
    bool whole = head.broken == NULL && head.ended && in_limits(&head, &policy->limits) &&
                 form_of(head.target) != UPH_TARGET_INVALID;

    FUZZ_CHECK(upheld_policy_check(policy) == UPHELD_POLICY_OK, "policy",
               "the policies of this target are in order");
    FUZZ_CHECK((h.outcome == UPH_HEAD_END) == whole, "R9112-2.1-1",
               head.broken != NULL ? head.broken : "a head in its limits is whole with its end");
    FUZZ_CHECK(h.outcome != UPH_HEAD_CUT || !head.ended, "R9112-2.1-1",
               "what has ended is not cut off");
#ifdef FUZZ_SPEC
    struct uph_head any = { 0 };
    FUZZ_CHECK(same(h, spec_Head(p, (int64_t)n, policy, any)), "specification",
               "all facts of the head are those of Head");
#endif
    if (whole) {
        check_facts(p, &head, policy, h);
    }
    check_prefixes(p, n, policy, h);
    naive_head_free(&head);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct upheld_protocol rows[UPHELD_H2C + 1];
    struct upheld_policy policy = {
        .limits = UPHELD_LIMITS_DEFAULT,
        .access = UPHELD_GRANTED,
        .subprotocols = names,
        .subprotocol_count = 2,
        .deflate = { .enabled = true, .client_max_window_bits = 12 },
    };
    uint8_t *p = fuzz_own(data, size);

    check_policy(p, size, &policy);
    for (int i = 0; i <= UPHELD_H2C; i++) {
        rows[i] = upheld_protocol_row((enum upheld_registered)i);
    }
    policy.protocols = rows;
    policy.protocol_count = UPHELD_H2C + 1;
    policy.allow_h2c = true;
    policy.prefer_own = true;
    policy.limits = (struct upheld_limits){ .target = 12, .line = 64, .head = 256, .fields = 8 };
    check_policy(p, size, &policy);
    policy.bare_lf = true;
    policy.limits = (struct upheld_limits)UPHELD_LIMITS_DEFAULT;
    check_policy(p, size, &policy);
    FUZZ_CHECK(size == 0 || memcmp(p, data, size) == 0, "frame", "the head is not written to");
    free(p);
    return 0;
}
