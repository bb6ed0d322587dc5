/* test_connect.c: Extended CONNECT (RFC 8441, RFC 9220): what upheld_connect_decide() takes of
 * decoded fields and what it names. Fields are written as lines of "name=value". */
#include "check.h"

#include "upheld.h"

#define FIELDS_MAX 40
#define SPAN(s) { (const uint8_t *)(s), sizeof(s) - 1 }

#define ASKED ":method=CONNECT\n:protocol=websocket\n"
#define TARGET ":scheme=https\n:path=/chat?room=1\n:authority=server.example.com\n"
#define GOOD ASKED TARGET
#define VERSION "sec-websocket-version=13\n"

static const struct upheld_span CHAT = SPAN("chat");
static const struct upheld_span ORIGIN = SPAN("https://a.example");

static struct upheld_policy policy_of(enum upheld_access access)
{
    return (struct upheld_policy){
        .limits = UPHELD_LIMITS_DEFAULT,
        .access = access,
        .challenge = SPAN("Basic realm=\"r\""),
        .subprotocols = &CHAT,
        .subprotocol_count = 1,
    };
}

/* Fields of a text, each name and value in a block of its own size, so that a sanitizer sees one
 * octet read too far. */
struct parsed {
    struct upheld_field_line fields[FIELDS_MAX];
    uint32_t count;
};

static struct upheld_span own(const char *from, const char *to)
{
    size_t n = (size_t)(to - from);
    uint8_t *p = malloc(n > 0 ? n : 1);
    assert_non_null(p);
    if (n > 0) {
        memcpy(p, from, n);
    }
    return (struct upheld_span){ p, n };
}

static struct parsed parse(const char *text, size_t n)
{
    struct parsed r = { .count = 0 };
    const char *end = text + n;
    while (text < end) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        const char *equal = memchr(text, '=', (size_t)(end - text));
        assert_true(stop != NULL && equal != NULL && equal < stop && r.count < FIELDS_MAX);
        r.fields[r.count].name = own(text, equal);
        r.fields[r.count].value = own(equal + 1, stop);
        r.count++;
        text = stop + 1;
    }
    return r;
}

static void release(struct parsed r)
{
    for (uint32_t k = 0; k < r.count; k++) {
        free((void *)r.fields[k].name.p);
        free((void *)r.fields[k].value.p);
    }
}

static struct upheld_decision decide(const char *text, size_t n, const struct upheld_policy *policy)
{
    struct parsed r = parse(text, n);
    assert_int_equal(upheld_policy_check(policy), UPHELD_POLICY_OK);
    struct upheld_decision d = upheld_connect_decide(r.fields, r.count, policy);
    release(r);
    return d;
}

struct row {
    const char *name;
    enum upheld_clause clause;
    unsigned status;
    const char *text;
    size_t n;
};

#define ROW(name, clause, status, text) { name, UPHELD_##clause, status, TEXT(text) }
#define TAKEN(name, text) ROW(name, R8441_5_3, 200, text)

/* Neither key nor accept value are asked for (R8441-5-2), and no status is 101 (R9113-8.6-1). */
static const struct row ROWS[] = {
    TAKEN("the sample of RFC 8441", ASKED TARGET VERSION
          "sec-websocket-protocol=chat, superchat\n"
          "sec-websocket-extensions=permessage-deflate\norigin=http://www.example.com\n"),
    TAKEN("nothing but what is needed", GOOD VERSION),
    TAKEN("pseudo-fields in another order", TARGET ASKED VERSION),
    TAKEN("key and accept are not looked at",
          GOOD VERSION "sec-websocket-key=x\nsec-websocket-key=y\nsec-websocket-accept=z\n"),
    TAKEN("http and a port", ASKED ":scheme=http\n:path=/\n:authority=[::1]:8080\n" VERSION),
    TAKEN("Host that agrees", GOOD VERSION "host=server.example.com\n"),
    TAKEN("TE with trailers", GOOD VERSION "te=trailers\n"),
    TAKEN("empty value of another field", GOOD VERSION "x=\n"),
    TAKEN("a length, which frames nothing here", GOOD VERSION "content-length=0\n"),

    ROW("no fields", R8441_4_2, 0, ""),
    ROW("an ordinary request", R8441_4_2, 0, ":method=GET\n" TARGET),
    ROW("an ordinary CONNECT", R8441_4_2, 0, ":method=CONNECT\n:authority=a:1\n"),
    ROW("no method", R8441_5_1, 400, ":protocol=websocket\n" TARGET VERSION),
    ROW("another method", R8441_5_1, 400, ":method=GET\n:protocol=websocket\n" TARGET VERSION),
    ROW("method in lower case", R8441_5_1, 400,
        ":method=connect\n:protocol=websocket\n" TARGET VERSION),
    ROW("no scheme", R8441_4_1, 400, ASKED ":path=/\n:authority=a\n" VERSION),
    ROW("scheme ftp", R8441_4_1, 400, ASKED ":scheme=ftp\n:path=/\n:authority=a\n" VERSION),
    ROW("scheme wss", R8441_4_1, 400, ASKED ":scheme=wss\n:path=/\n:authority=a\n" VERSION),
    ROW("scheme empty", R8441_4_1, 400, ASKED ":scheme=\n:path=/\n:authority=a\n" VERSION),
    ROW("no path", R8441_4_1, 400, ASKED ":scheme=https\n:authority=a\n" VERSION),
    ROW("path empty", R8441_4_1, 400, ASKED ":scheme=https\n:path=\n:authority=a\n" VERSION),
    ROW("path without slash", R8441_4_1, 400,
        ASKED ":scheme=https\n:path=chat\n:authority=a\n" VERSION),
    ROW("path of an asterisk", R8441_4_1, 400,
        ASKED ":scheme=https\n:path=*\n:authority=a\n" VERSION),
    ROW("path with a fragment", R8441_4_1, 400,
        ASKED ":scheme=https\n:path=/a#b\n:authority=a\n" VERSION),
    ROW("no authority", R8441_4_1, 400, ASKED ":scheme=https\n:path=/\n" VERSION),
    ROW("authority empty", R8441_4_1, 400, ASKED ":scheme=https\n:path=/\n:authority=\n" VERSION),
    ROW("authority of a port", R8441_4_1, 400,
        ASKED ":scheme=https\n:path=/\n:authority=:80\n" VERSION),
    ROW("authority with a user", R8441_4_1, 400,
        ASKED ":scheme=https\n:path=/\n:authority=u@a\n" VERSION),
    ROW("method twice", R8441_4_1, 400, GOOD ":method=CONNECT\n" VERSION),
    ROW("protocol twice", R8441_4_1, 400, GOOD ":protocol=websocket\n" VERSION),
    ROW("scheme twice", R8441_4_1, 400, GOOD ":scheme=https\n" VERSION),
    ROW("path twice", R8441_4_1, 400, GOOD ":path=/\n" VERSION),
    ROW("authority twice", R8441_4_1, 400, GOOD ":authority=a\n" VERSION),

    ROW("letters of a name in upper case", R9113_8_2_1_1, 400, GOOD "Sec-WebSocket-Version=13\n"),
    ROW("one letter of a name in upper case", R9113_8_2_1_1, 400, GOOD "origiN=a\n"),
    ROW("pseudo-field in upper case", R9113_8_2_1_1, 400, ":Method=CONNECT\n"),
    ROW("empty name", R9113_8_2_1_1, 400, GOOD "=a\n"),
    ROW("name of a colon", R9113_8_2_1_1, 400, GOOD ":=a\n"),
    ROW("name with a space", R9113_8_2_1_1, 400, GOOD "a b=c\n"),
    ROW("name with a colon at its end", R9113_8_2_1_1, 400, GOOD "a:=c\n"),
    ROW("name with NUL", R9113_8_2_1_1, 400, GOOD "a\0=c\n"),
    ROW("value with NUL", R9113_8_2_1_1, 400, GOOD "a=b\0c\n"),
    ROW("value with CR", R9113_8_2_1_1, 400, GOOD "a=b\rc\n"),
    ROW("value with DEL", R9113_8_2_1_1, 400, GOOD "a=b\177c\n"),
    ROW("value with SP before it", R9113_8_2_1_1, 400, GOOD "a= b\n"),
    ROW("value with HTAB behind it", R9113_8_2_1_1, 400, GOOD "a=b\t\n"),
    ROW("value of SP", R9113_8_2_1_1, 400, GOOD "a= \n"),
    ROW("pseudo-field of a response", R9113_8_3_1, 400, GOOD ":status=200\n"),
    ROW("pseudo-field that nobody knows", R9113_8_3_1, 400, GOOD ":methods=a\n"),
    ROW("pseudo-field behind another field", R9113_8_3_1, 400,
        ASKED ":scheme=https\n:path=/\n" VERSION ":authority=a\n"),
    ROW("Host that differs", R9113_8_3_1_1, 400, GOOD VERSION "host=other.example.com\n"),
    ROW("Host that differs in one letter", R9113_8_3_1_1, 400,
        GOOD VERSION "host=serves.example.com\n"),
    ROW("Host that is shorter", R9113_8_3_1_1, 400, GOOD VERSION "host=server.example.co\n"),
    ROW("Host twice", R9113_8_3_1_1, 400,
        GOOD VERSION "host=server.example.com\nhost=server.example.com\n"),
    ROW("Connection", R9113_8_2_2_1, 400, GOOD VERSION "connection=upgrade\n"),
    ROW("Upgrade", R9113_8_2_2_1, 400, GOOD VERSION "upgrade=websocket\n"),
    ROW("Transfer-Encoding", R9113_8_2_2_1, 400, GOOD VERSION "transfer-encoding=chunked\n"),
    ROW("Keep-Alive", R9113_8_2_2_1, 400, GOOD VERSION "keep-alive=timeout=5\n"),
    ROW("Proxy-Connection", R9113_8_2_2_1, 400, GOOD VERSION "proxy-connection=keep-alive\n"),
    ROW("TE with gzip", R9113_8_2_2_1, 400, GOOD VERSION "te=gzip\n"),
    ROW("TE with more than trailers", R9113_8_2_2_1, 400, GOOD VERSION "te=trailers, gzip\n"),

    ROW("a protocol without a row", R9220_3_1, 501,
        ":method=CONNECT\n:protocol=connect-udp\n" TARGET VERSION),
    ROW("the protocol in upper case", R9220_3_1, 501,
        ":method=CONNECT\n:protocol=WebSocket\n" TARGET VERSION),
    ROW("the protocol with a version", R9220_3_1, 501,
        ":method=CONNECT\n:protocol=websocket/13\n" TARGET VERSION),
    ROW("the protocol empty", R9220_3_1, 501, ":method=CONNECT\n:protocol=\n" TARGET VERSION),

    ROW("no version", R6455_4_2_1_6, 400, GOOD),
    ROW("version 8", R6455_4_2_2_6, 400, GOOD "sec-websocket-version=8\n"),
    ROW("version 013", R6455_4_3_2, 400, GOOD "sec-websocket-version=013\n"),
    ROW("version twice", R6455_11_3_5_1, 400, GOOD VERSION VERSION),
    ROW("Origin twice", R6455_4_2_1_7, 400, GOOD VERSION "origin=a\norigin=a\n"),
    ROW("no subprotocol in the list", R6455_4_2_1_8, 400,
        GOOD VERSION "sec-websocket-protocol=,\n"),
    ROW("subprotocol that is no token", R6455_4_2_1_8, 400,
        GOOD VERSION "sec-websocket-protocol=a b\n"),
    ROW("the subprotocol twice", R6455_4_1_10, 400,
        GOOD VERSION "sec-websocket-protocol=chat\nsec-websocket-protocol=chat\n"),
    ROW("malformed extensions", R6455_9_1_1, 400, GOOD VERSION "sec-websocket-extensions=a;\n"),
};

static void each_request_gets_its_verdict(void **state)
{
    struct upheld_policy policy = policy_of(UPHELD_GRANTED);
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const struct row *r = &ROWS[i];
        struct upheld_decision d = decide(r->text, r->n, &policy);
        enum upheld_verdict want = r->status == 200 ? UPHELD_SWITCH
                                   : r->status == 0 ? UPHELD_IGNORE
                                                    : UPHELD_REFUSE;
        if (d.clause != r->clause || d.status != r->status || d.verdict != want) {
            fail_msg("%s: expected %u by %s, got %u by %s", r->name, r->status,
                     upheld_clause_id(r->clause), (unsigned)d.status, upheld_clause_id(d.clause));
        }
        if (d.consumed != 0 || d.key_at != 0 || d.close || d.continue_first || d.body_first) {
            fail_msg("%s: says something of octets", r->name);
        }
    }
}

static void every_clause_of_an_extended_connect_decides_some_request(void **state)
{
    bool seen[UPHELD_CLAUSE_COUNT] = { false };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        seen[ROWS[i].clause] = true;
    }
    for (int clause = UPHELD_R8441_4_1; clause <= UPHELD_R9220_3_1; clause++) {
        if (!seen[clause]) {
            fail_msg("no request for %s", upheld_clause_id((enum upheld_clause)clause));
        }
    }
}

/* Of two faults the one in the earlier field decides, and any in a field before those of the
 * request as a whole. */
static void the_first_field_at_fault_decides(void **state)
{
    static const struct row TWO[] = {
        ROW("name, then Upgrade", R9113_8_2_1_1, 400, "A=b\nupgrade=x\n"),
        ROW("Upgrade, then name", R9113_8_2_2_1, 400, "upgrade=x\nA=b\n"),
        ROW("fault behind an ordinary request", R9113_8_2_2_1, 400,
            ":method=GET\n" TARGET "connection=close\n"),
    };
    struct upheld_policy policy = policy_of(UPHELD_GRANTED);
    (void)state;
    for (size_t i = 0; i < COUNT(TWO); i++) {
        struct upheld_decision d = decide(TWO[i].text, TWO[i].n, &policy);
        if (d.clause != TWO[i].clause) {
            fail_msg("%s: got %s", TWO[i].name, upheld_clause_id(d.clause));
        }
    }
}

static void the_subprotocol_and_the_protocol_are_named(void **state)
{
    struct upheld_policy policy = policy_of(UPHELD_GRANTED);
    (void)state;
    struct upheld_decision d = decide(TEXT(GOOD VERSION), &policy);
    assert_int_equal(d.subprotocol, UPHELD_NONE);
    assert_int_equal(d.protocol, 0);
    d = decide(TEXT(GOOD VERSION "sec-websocket-protocol=other\n"), &policy);
    assert_int_equal(d.subprotocol, UPHELD_NONE);
    d = decide(TEXT(GOOD VERSION "sec-websocket-protocol=other,chat\n"), &policy);
    assert_int_equal(d.subprotocol, 0);
    d = decide(TEXT(GOOD "sec-websocket-protocol=chat\n"), &policy);
    assert_int_equal(d.subprotocol, UPHELD_NONE);
    d = decide(TEXT(":method=GET\n" TARGET), &policy);
    assert_int_equal(d.protocol, UPHELD_NONE);
}

static void rows_of_the_policy_are_protocols_here_too(void **state)
{
    struct upheld_protocol rows[5];
    struct upheld_policy policy = policy_of(UPHELD_GRANTED);
    (void)state;
    for (int i = 0; i < 5; i++) {
        rows[i] = upheld_protocol_row((enum upheld_registered)i);
    }
    policy.protocols = rows;
    policy.protocol_count = 5;
    policy.allow_h2c = true;
    static const struct {
        const char *text;
        size_t n;
        uint32_t protocol;
        unsigned status;
    } NAMES[] = {
        { TEXT(":method=CONNECT\n:protocol=websocket\n" TARGET VERSION), 0, 200 },
        { TEXT(":method=CONNECT\n:protocol=tls\n" TARGET), UPHELD_NONE, 501 },
        { TEXT(":method=CONNECT\n:protocol=connect-udp\n" TARGET), 2, 200 },
        { TEXT(":method=CONNECT\n:protocol=connect-ip\n" TARGET), 3, 200 },
        { TEXT(":method=CONNECT\n:protocol=h2c\n" TARGET), UPHELD_NONE, 501 },
        { TEXT(":method=CONNECT\n:protocol=websocket\n" TARGET), 0, 400 },
    };
    for (size_t i = 0; i < COUNT(NAMES); i++) {
        struct upheld_decision d = decide(NAMES[i].text, NAMES[i].n, &policy);
        assert_int_equal(d.status, NAMES[i].status);
        assert_int_equal(d.protocol, NAMES[i].protocol);
    }
    policy.protocols = rows + 1; /* without WebSocket */
    policy.protocol_count = 3;
    assert_int_equal(decide(TEXT(GOOD VERSION), &policy).status, 501);
}

static void nothing_is_switched_without_granted(void **state)
{
    static const struct {
        enum upheld_access access;
        enum upheld_clause clause;
        unsigned status;
    } ACCESS[] = {
        { UPHELD_UNDECIDED, UPHELD_R6455_4_2_2_1, 403 },
        { UPHELD_GRANTED, UPHELD_R8441_5_3, 200 },
        { UPHELD_UNAUTHENTICATED, UPHELD_R9110_15_5_2_1, 401 },
        { UPHELD_FORBIDDEN, UPHELD_R6455_4_2_2_1, 403 },
    };
    struct upheld_protocol udp = upheld_protocol_row(UPHELD_CONNECT_UDP);
    (void)state;
    for (size_t i = 0; i < COUNT(ACCESS); i++) {
        struct upheld_policy policy = policy_of(ACCESS[i].access);
        struct upheld_decision d = decide(TEXT(GOOD VERSION), &policy);
        assert_int_equal(d.clause, ACCESS[i].clause);
        assert_int_equal(d.status, ACCESS[i].status);
        policy.protocols = &udp;
        policy.protocol_count = 1;
        d = decide(TEXT(":method=CONNECT\n:protocol=connect-udp\n" TARGET), &policy);
        assert_int_equal(d.clause, ACCESS[i].clause);
    }
}

static void the_rule_for_origins_holds(void **state)
{
    struct upheld_policy policy = policy_of(UPHELD_GRANTED);
    (void)state;
    policy.origins = &ORIGIN;
    policy.origin_count = 1;
    assert_int_equal(decide(TEXT(GOOD VERSION), &policy).clause, UPHELD_R6455_4_2_2_3);
    assert_int_equal(decide(TEXT(GOOD VERSION "origin=https://A.example\n"), &policy).status, 200);
    assert_int_equal(decide(TEXT(GOOD VERSION "origin=https://b.example\n"), &policy).status, 403);
    policy.origin_optional = true;
    assert_int_equal(decide(TEXT(GOOD VERSION), &policy).status, 200);
}

static void a_needed_subprotocol_is_needed_here_too(void **state)
{
    struct upheld_policy policy = policy_of(UPHELD_GRANTED);
    (void)state;
    policy.subprotocol_needed = true;
    assert_int_equal(decide(TEXT(GOOD VERSION "sec-websocket-protocol=other\n"), &policy).clause,
                     UPHELD_WS_5);
    assert_int_equal(decide(TEXT(GOOD VERSION "sec-websocket-protocol=chat\n"), &policy).status,
                     200);
}

/* Octets of names and values of that many fields. */
static uint32_t octets_of(const char *text, size_t n)
{
    uint32_t octets = 0;
    for (size_t i = 0; i < n; i++) {
        octets += text[i] != '\n' && text[i] != '=' ? 1 : 0;
    }
    return octets + 1; /* one "=" of the query */
}

static void each_limit_holds_at_its_edge(void **state)
{
    static const char ALL[] = GOOD VERSION;
    const size_t n = sizeof ALL - 1;
    (void)state;

    struct upheld_policy policy = policy_of(UPHELD_GRANTED);
    policy.limits.fields = 6;
    assert_int_equal(decide(ALL, n, &policy).status, 200);
    policy.limits.fields = 5;
    assert_int_equal(decide(ALL, n, &policy).clause, UPHELD_R9110_5_4_1);

    policy = policy_of(UPHELD_GRANTED);
    policy.limits.line = sizeof "sec-websocket-version" - 1;
    assert_int_equal(decide(ALL, n, &policy).status, 200);
    policy.limits.line--;
    assert_int_equal(decide(ALL, n, &policy).clause, UPHELD_R9110_5_4_1);

    policy = policy_of(UPHELD_GRANTED);
    policy.limits.line = sizeof "server.example.com" - 1;
    assert_int_equal(decide(TEXT(":authority=server.example.com\n"), &policy).status, 0);
    policy.limits.line--;
    assert_int_equal(decide(TEXT(":authority=server.example.com\n"), &policy).status, 431);

    policy = policy_of(UPHELD_GRANTED);
    policy.limits.head = octets_of(ALL, n);
    assert_int_equal(decide(ALL, n, &policy).status, 200);
    policy.limits.head--;
    assert_int_equal(decide(ALL, n, &policy).clause, UPHELD_R9110_5_4_1);

    policy = policy_of(UPHELD_GRANTED);
    policy.limits.target = sizeof "/chat?room=1" - 1;
    assert_int_equal(decide(ALL, n, &policy).status, 200);
    policy.limits.target--;
    assert_int_equal(decide(ALL, n, &policy).clause, UPHELD_R9112_3_3);
    assert_int_equal(decide(ALL, n, &policy).status, 414);
}

static void no_fields_may_be_a_null_pointer(void **state)
{
    struct upheld_policy policy = policy_of(UPHELD_GRANTED);
    (void)state;
    assert_int_equal(upheld_connect_decide(NULL, 0, &policy).verdict, UPHELD_IGNORE);
}

static void null_names_and_values_are_empty_ones(void **state)
{
    struct upheld_policy policy = policy_of(UPHELD_GRANTED);
    struct upheld_field_line field = { .value = { NULL, 0 } };
    (void)state;
    assert_int_equal(upheld_connect_decide(&field, 1, &policy).clause, UPHELD_R9113_8_2_1_1);
    field.name = (struct upheld_span)SPAN(":path");
    assert_int_equal(upheld_connect_decide(&field, 1, &policy).clause, UPHELD_R8441_4_2);
}

/* A length that no memory has is over a limit, and nothing is read of it. */
static void the_greatest_length_is_too_long(void **state)
{
    struct upheld_policy policy = policy_of(UPHELD_GRANTED);
    (void)state;
    for (int which = 0; which < 3; which++) {
        struct upheld_field_line field = { SPAN("a"), SPAN("b") };
        if (which != 0) {
            field.name.n = SIZE_MAX;
        }
        if (which != 1) {
            field.value.n = SIZE_MAX;
        }
        assert_int_equal(upheld_connect_decide(&field, 1, &policy).clause, UPHELD_R9110_5_4_1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_request_gets_its_verdict),
        cmocka_unit_test(every_clause_of_an_extended_connect_decides_some_request),
        cmocka_unit_test(the_first_field_at_fault_decides),
        cmocka_unit_test(the_subprotocol_and_the_protocol_are_named),
        cmocka_unit_test(rows_of_the_policy_are_protocols_here_too),
        cmocka_unit_test(nothing_is_switched_without_granted),
        cmocka_unit_test(the_rule_for_origins_holds),
        cmocka_unit_test(a_needed_subprotocol_is_needed_here_too),
        cmocka_unit_test(each_limit_holds_at_its_edge),
        cmocka_unit_test(no_fields_may_be_a_null_pointer),
        cmocka_unit_test(null_names_and_values_are_empty_ones),
        cmocka_unit_test(the_greatest_length_is_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
