/* connect.c: target for core/connect.h. Seeds: corpus/connect/. The input is what HTTP/2 decoded:
 *
 *   octet 0   bits 0, 1: what was found about the peer; 2: a rule for origins; 3: which need not
 *             be there; 4: rows for all protocols; 5: the policy's order; 6: permessage-deflate
 *             is agreed to, as in "@", a policy with nothing else; 7: a subprotocol is needed
 *   the rest  a field a line, "name=value"
 *
 * Checks malformed fields against a second reading of RFC 9113, and everything else against the
 * decision of HTTP/1.1: a well-formed Extended CONNECT is decided as the upgrade that asks for the
 * same (RFC 8441 5). Under FUZZ_SPEC also against the specification of the proof.
 */
#include "fuzz.h"
#include "naive/naive.h"
#ifdef FUZZ_SPEC
#include "spec.h"
#endif

#define FIELDS_MAX 96
#define SPAN(s) { (const uint8_t *)(s), sizeof(s) - 1 }
#define KEY "dGhlIHNhbXBsZSBub25jZQ=="

static const struct upheld_span NAMES[] = { SPAN("chat"), SPAN("superchat"), SPAN("a") };
static const struct upheld_span ORIGINS[] = { SPAN("https://example.com"), SPAN("null") };

static struct upheld_policy policy_of(uint8_t bits, struct upheld_protocol *rows)
{
    static const enum upheld_access found[] = { UPHELD_GRANTED, UPHELD_UNDECIDED,
                                                UPHELD_UNAUTHENTICATED, UPHELD_FORBIDDEN };
    for (int i = 0; i <= UPHELD_H2C; i++) {
        rows[i] = upheld_protocol_row((enum upheld_registered)i);
    }
    return (struct upheld_policy){
        .limits = { 64, 128, 1024, 24 },
        .access = found[bits & 3],
        .challenge = SPAN("Basic"),
        .protocols = rows,
        .protocol_count = (bits & 0x10) != 0 ? UPHELD_H2C + 1 : 0,
        .subprotocols = NAMES,
        .subprotocol_count = 3,
        .origins = ORIGINS,
        .origin_count = (bits & 4) != 0 ? 2 : 0,
        .origin_optional = (bits & 8) != 0,
        .prefer_own = (bits & 0x20) != 0,
        .deflate = { .enabled = (bits & 0x40) != 0, .server_max_window_bits = 12 },
        .subprotocol_needed = (bits & 0x80) != 0,
        .allow_h2c = true,
    };
}

/* Fields in blocks of their own. */
struct fields {
    struct upheld_field_line lines[FIELDS_MAX];
    uint32_t count;
};

static void cut(const uint8_t *p, size_t n, struct fields *out)
{
    size_t at = 0;
    out->count = 0;
    while (at < n && out->count < FIELDS_MAX) {
        const uint8_t *stop = memchr(p + at, '\n', n - at);
        size_t end = stop == NULL ? n : (size_t)(stop - p);
        const uint8_t *equal = memchr(p + at, '=', end - at);
        size_t name = equal == NULL ? end : (size_t)(equal - p);
        size_t value = equal == NULL ? end : name + 1;
        struct upheld_field_line *line = &out->lines[out->count++];
        line->name = (struct upheld_span){ fuzz_own(p + at, name - at), name - at };
        line->value = (struct upheld_span){ fuzz_own(p + value, end - value), end - value };
        at = end + 1;
    }
}

static void release(struct fields *fields)
{
    for (uint32_t k = 0; k < fields->count; k++) {
        free((void *)fields->lines[k].name.p);
        free((void *)fields->lines[k].value.p);
    }
}

static bool over_limits(const struct fields *fields, struct upheld_limits limits)
{
    size_t octets = 0;
    for (uint32_t k = 0; k < fields->count; k++) {
        struct upheld_field_line line = fields->lines[k];
        octets += line.name.n + line.value.n;
        if (k >= limits.fields || line.name.n > limits.line || line.value.n > limits.line ||
            octets > limits.head) {
            return true;
        }
    }
    return false;
}

/* Octets, put one behind the other. */
struct text {
    uint8_t *p;
    size_t n, room;
};

static void put(struct text *text, struct upheld_span s)
{
    if (text->n + s.n > text->room) {
        text->room = 2 * (text->n + s.n);
        uint8_t *larger = realloc(text->p, text->room);
        if (larger == NULL) {
            fprintf(stderr, "fuzz: out of memory for %zu octets\n", text->room);
            abort();
        }
        text->p = larger;
    }
    if (s.n > 0) {
        memcpy(text->p + text->n, s.p, s.n);
    }
    text->n += s.n;
}

static void put_field(struct text *text, struct upheld_span name, struct upheld_span value)
{
    put(text, name);
    put(text, (struct upheld_span)SPAN(": "));
    put(text, value);
    put(text, (struct upheld_span)SPAN("\r\n"));
}

/* The upgrade of HTTP/1.1 that asks for what a well-formed Extended CONNECT asks for. */
static struct text upgrade(const struct fields *fields, const struct naive_connect *read)
{
    static const char *const own[] = { "host", "sec-websocket-key", "expect", "content-length",
                                       "http2-settings" };
    struct text text = { NULL, 0, 0 };

    put(&text, (struct upheld_span)SPAN("GET "));
    put(&text, read->path);
    put(&text, (struct upheld_span)SPAN(" HTTP/1.1\r\n"));
    put_field(&text, (struct upheld_span)SPAN("Host"), read->authority);
    put_field(&text, (struct upheld_span)SPAN("Upgrade"), read->protocol);
    put_field(&text, (struct upheld_span)SPAN("Connection"), (struct upheld_span)SPAN("Upgrade"));
    put_field(&text, (struct upheld_span)SPAN("Sec-WebSocket-Key"), (struct upheld_span)SPAN(KEY));
    for (uint32_t k = 0; k < fields->count; k++) {
        struct upheld_field_line line = fields->lines[k];
        bool left_out = line.name.p[0] == ':';
        for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
            left_out = left_out || naive_is(line.name, own[i]);
        }
        if (!left_out) {
            put_field(&text, line.name, line.value);
        }
    }
    put(&text, (struct upheld_span)SPAN("\r\n"));
    return text;
}

/* The row that :protocol names, letter for letter; UPHELD_NONE if it has none over HTTP/2. */
static uint32_t row_of(struct upheld_span name, const struct upheld_policy *policy)
{
    static const char *const rows[] = { "websocket", NULL, "connect-udp", "connect-ip", NULL };
    for (uint32_t k = 0; k < (policy->protocol_count > 0 ? policy->protocol_count : 1); k++) {
        if (rows[k] != NULL && naive_is(name, rows[k])) {
            return k;
        }
    }
    return UPHELD_NONE;
}

/* Decides as HTTP/1.1 does, but for what there is no room for in HTTP/2. */
static void check_upgrade(const struct fields *fields, const struct naive_connect *read,
                          struct upheld_policy policy, struct upheld_decision d)
{
    struct text text = upgrade(fields, read);
    policy.limits = (struct upheld_limits)UPHELD_LIMITS_DEFAULT;
    struct upheld_decision h = upheld_request_decide(text.p, text.n, &policy);

    FUZZ_CHECK(d.protocol == h.protocol, "R8441-5-1", "the protocol is that of the upgrade");
    FUZZ_CHECK(d.subprotocol == h.subprotocol, "R8441-5-2",
               "the subprotocol is that of the upgrade");
    FUZZ_CHECK(naive_same_agreed(d.agreed, h.agreed), "R8441-5-2",
               "permessage-deflate is agreed on as in the upgrade");
    if (h.verdict == UPHELD_SWITCH) {
        FUZZ_CHECK(d.verdict == UPHELD_SWITCH && d.status == 200 && d.clause == UPHELD_R8441_5_3,
                   "R8441-5-3", "what an upgrade gets 101 for, a CONNECT gets 200 for");
    } else {
        FUZZ_CHECK(d.verdict == h.verdict && d.clause == h.clause, "R8441-5-2",
                   "what an upgrade is refused for, a CONNECT is refused for");
        FUZZ_CHECK(d.status == (h.status == 426 ? 400 : h.status), "R8441-5-2",
                   "the status is that of the upgrade, but there is no 426");
    }
    free(text.p);
}

static void check(const struct fields *fields, const struct upheld_policy *policy,
                  struct upheld_decision d)
{
    struct naive_connect read = naive_connect_read(fields->lines, fields->count);

    FUZZ_CHECK(d.verdict != UPHELD_MORE, "R8441-4-1", "decoded fields are whole");
    FUZZ_CHECK(d.verdict != UPHELD_SWITCH || policy->access == UPHELD_GRANTED, "R6455-4.2.2-1",
               "nothing is switched without granted");
    FUZZ_CHECK(d.consumed == 0 && d.key_at == 0 && !d.close && !d.continue_first && !d.body_first &&
                   !d.body_chunked && d.body_length == 0,
               "verdict", "nothing is said of octets");
    if (over_limits(fields, policy->limits) || read.path.n > policy->limits.target) {
        FUZZ_CHECK(d.verdict != UPHELD_SWITCH, "R9110-5.4-1", "nothing past a limit is switched");
        return;
    }
    if (read.clause != NULL) {
        FUZZ_CHECK(d.verdict == UPHELD_REFUSE && d.status == 400, read.clause, read.why);
        FUZZ_CHECK(strcmp(upheld_clause_id(d.clause), read.clause) == 0, read.clause, read.why);
    } else if (!read.extended) {
        FUZZ_CHECK(d.verdict == UPHELD_IGNORE && d.status == 0 && d.clause == UPHELD_R8441_4_2,
                   "R8441-4-2", "a request without :protocol is ignored");
    } else if (row_of(read.protocol, policy) == UPHELD_NONE) {
        FUZZ_CHECK(d.verdict == UPHELD_REFUSE && d.status == 501 && d.protocol == UPHELD_NONE,
                   "R9220-3-1", "a protocol without a row gets 501");
    } else {
        FUZZ_CHECK(d.protocol == row_of(read.protocol, policy), "R8441-5-1",
                   "the row is the one that :protocol names");
        check_upgrade(fields, &read, *policy, d);
    }
}

#ifdef FUZZ_SPEC
static void check_specification(const struct fields *fields, const struct upheld_policy *policy,
                                struct upheld_decision d)
{
    const struct upheld_decision any = { 0 };
    const struct uph_stream blank = { 0 };
    struct upheld_decision s =
        spec_DecideConnect(fields->lines, (int64_t)fields->count, policy, any, blank);

    FUZZ_CHECK(d.verdict == s.verdict && d.clause == s.clause && d.status == s.status,
               "specification", "verdict, clause and status are those of DecideConnect");
    FUZZ_CHECK(d.protocol == s.protocol && d.subprotocol == s.subprotocol, "specification",
               "protocol and subprotocol are those of DecideConnect");
    FUZZ_CHECK(naive_same_agreed(d.agreed, s.agreed), "specification",
               "permessage-deflate is agreed on as in DecideConnect");
}
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct upheld_protocol rows[UPHELD_H2C + 1];
    struct fields fields;

    if (size == 0) {
        return 0;
    }
    struct upheld_policy policy = policy_of(data[0], rows);
    FUZZ_CHECK(upheld_policy_check(&policy) == UPHELD_POLICY_OK, "policy", "the policy is good");
    cut(data + 1, size - 1, &fields);
    struct upheld_decision d = upheld_connect_decide(fields.lines, fields.count, &policy);
    check(&fields, &policy, d);
#ifdef FUZZ_SPEC
    check_specification(&fields, &policy, d);
#endif
    release(&fields);
    return 0;
}
