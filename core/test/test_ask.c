/* test_ask.c: what a client may ask for, and the octets that ask for it. Whatever the check accepts
 * is a request that our own server switches, with as many lines as it has fields.
 */
#include "check.h"

#include <ctype.h>
#include <stdio.h>

#include <openssl/evp.h>
#include <openssl/rand.h>

#include "upheld.h"

#define SPAN(s) { (const uint8_t *)(s), sizeof(s) - 1 }
#define KEY "dGhlIHNhbXBsZSBub25jZQ=="

enum { ROOM = 1 << 18, FILL = 0xa5 };

static const struct upheld_client PLAIN = {
    .limits = UPHELD_LIMITS_DEFAULT,
    .interim = UPHELD_INTERIM_DEFAULT,
    .key = KEY,
    .host = SPAN("server.example.com"),
    .target = SPAN("/chat"),
};

static const struct upheld_span OFFERED[] = { SPAN("chat"), SPAN("superchat"), SPAN("v2!") };
static const struct upheld_field_line ADDED[] = {
    { SPAN("Cookie"), SPAN("a=b; c=\"d\"") },
    { SPAN("X-Empty"), SPAN("") },
};

static struct upheld_client full(void)
{
    struct upheld_client client = PLAIN;
    client.host = (struct upheld_span)SPAN("[::1]:8080");
    client.target = (struct upheld_span)SPAN("/chat/%20?q=1&r=/");
    client.origin = (struct upheld_span)SPAN("https://example.com");
    client.subprotocols = OFFERED;
    client.subprotocol_count = COUNT(OFFERED);
    client.fields = ADDED;
    client.field_count = COUNT(ADDED);
    client.deflate = (struct upheld_deflate){ .enabled = true, .server_max_window_bits = 11 };
    return client;
}

/* The request of a client, in a buffer of its exact size before an unreadable page. */
static const uint8_t *written(const struct upheld_client *client, size_t *out_n)
{
    static uint8_t fill[ROOM];
    size_t n = upheld_request_write(client, NULL, 0);
    assert_true(n > 0 && n <= ROOM);
    uint8_t *out = at_edge(1, fill, n);
    assert_int_equal(upheld_request_write(client, out, n), n);
    *out_n = n;
    return out;
}

static void assert_written(const struct upheld_client *client, const char *text)
{
    size_t n = 0;
    assert_int_equal(upheld_client_check(client), UPHELD_CLIENT_OK);
    const uint8_t *p = written(client, &n);
    if (n != strlen(text) || memcmp(p, text, n) != 0) {
        fail_msg("expected\n%s\ngot\n%.*s", text, (int)n, (const char *)p);
    }
}

/* R6455-4.1-2, R6455-4.1-4, R6455-4.1-5, R6455-4.1-6, R6455-4.1-9, R9112-3.2-2, R9110-5.6.1-1,
 * R9110-7.6.1-2, R9110-7.8-12, WS-2: every octet, in its order. */
static void a_request_says_what_was_asked_and_nothing_else(void **state)
{
    (void)state;
    struct upheld_client client = PLAIN;
    assert_written(&client, "GET /chat HTTP/1.1\r\n"
                            "Host: server.example.com\r\n"
                            "Upgrade: websocket\r\n"
                            "Connection: Upgrade\r\n"
                            "Sec-WebSocket-Key: " KEY "\r\n"
                            "Sec-WebSocket-Version: 13\r\n\r\n");
    client.subprotocols = OFFERED;
    client.subprotocol_count = 1;
    assert_written(&client, "GET /chat HTTP/1.1\r\n"
                            "Host: server.example.com\r\n"
                            "Upgrade: websocket\r\n"
                            "Connection: Upgrade\r\n"
                            "Sec-WebSocket-Key: " KEY "\r\n"
                            "Sec-WebSocket-Version: 13\r\n"
                            "Sec-WebSocket-Protocol: chat\r\n\r\n");
    client = full();
    assert_written(&client, "GET /chat/%20?q=1&r=/ HTTP/1.1\r\n"
                            "Host: [::1]:8080\r\n"
                            "Upgrade: websocket\r\n"
                            "Connection: Upgrade\r\n"
                            "Sec-WebSocket-Key: " KEY "\r\n"
                            "Origin: https://example.com\r\n"
                            "Sec-WebSocket-Version: 13\r\n"
                            "Sec-WebSocket-Extensions: permessage-deflate;"
                            " server_max_window_bits=11; client_max_window_bits\r\n"
                            "Sec-WebSocket-Protocol: chat, superchat, v2!\r\n"
                            "Cookie: a=b; c=\"d\"\r\n"
                            "X-Empty: \r\n\r\n");
}

/* R6455-4.1-11 */
static void an_offer_of_deflate_stands_on_one_line(void **state)
{
    static const struct {
        struct upheld_deflate deflate;
        const char *line;
    } ROWS[] = {
        { { .server_max_window_bits = 9 }, "" },
        { { .enabled = true },
          "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n" },
        { { .enabled = true,
            .server_no_context_takeover = true,
            .client_no_context_takeover = true,
            .server_max_window_bits = 9,
            .client_max_window_bits = 10 },
          "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover;"
          " client_no_context_takeover; server_max_window_bits=9; client_max_window_bits=10\r\n" },
    };
    char text[1024];
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct upheld_client client = PLAIN;
        client.deflate = ROWS[i].deflate;
        client.subprotocols = OFFERED;
        client.subprotocol_count = 1;
        snprintf(text, sizeof text,
                 "GET /chat HTTP/1.1\r\nHost: server.example.com\r\nUpgrade: websocket\r\n"
                 "Connection: Upgrade\r\nSec-WebSocket-Key: " KEY "\r\n"
                 "Sec-WebSocket-Version: 13\r\n%sSec-WebSocket-Protocol: chat\r\n\r\n",
                 ROWS[i].line);
        assert_int_equal(upheld_client_check(&client), UPHELD_CLIENT_OK);
        assert_written(&client, text);
    }
}

static void window_bits_are_those_of_rfc_7692(void **state)
{
    (void)state;
    for (unsigned bits = 0; bits <= UINT8_MAX; bits++) {
        bool good = bits == 0 || (8 <= bits && bits <= 15);
        struct upheld_client client = PLAIN;
        client.deflate.server_max_window_bits = (uint8_t)bits;
        assert_int_equal(upheld_client_check(&client),
                         good ? UPHELD_CLIENT_OK : UPHELD_CLIENT_DEFLATE);
        client = PLAIN; /* 0 as the least is zlib's, 9 */
        client.deflate.client_max_window_bits = (uint8_t)bits;
        assert_int_equal(upheld_client_check(&client),
                         good && bits != 8 ? UPHELD_CLIENT_OK : UPHELD_CLIENT_DEFLATE);
        client.deflate.min_window_bits = 8;
        assert_int_equal(upheld_client_check(&client),
                         good ? UPHELD_CLIENT_OK : UPHELD_CLIENT_DEFLATE);
    }
}

static void a_buffer_one_octet_too_small_stays_untouched(void **state)
{
    static uint8_t out[ROOM], untouched[ROOM];
    struct upheld_client client = full();
    size_t n = 0;
    (void)state;
    const uint8_t *p = written(&client, &n);
    memset(untouched, FILL, ROOM);
    for (size_t size = 0; size <= n + 2; size++) {
        memset(out, FILL, ROOM);
        assert_int_equal(upheld_request_write(&client, out, size), n);
        size_t there = size >= n ? n : 0;
        assert_memory_equal(out, p, there);
        assert_memory_equal(out + there, untouched, ROOM - there);
    }
}

/* The request is taken by our server, whole, and has as many lines as it has fields. */
static void assert_switches(const struct upheld_client *client)
{
    const struct upheld_policy policy = {
        .limits = { UPHELD_LIMIT_MAX, UPHELD_LIMIT_MAX, UPHELD_LIMIT_MAX, UPHELD_LIMIT_MAX },
        .access = UPHELD_GRANTED,
        .subprotocols = client->subprotocols,
        .subprotocol_count = client->subprotocol_count,
    };
    size_t n = 0;
    assert_int_equal(upheld_policy_check(&policy), UPHELD_POLICY_OK);
    const uint8_t *p = written(client, &n);
    struct upheld_decision d = upheld_request_decide(p, n, &policy);
    if (d.verdict != UPHELD_SWITCH || d.consumed != n) {
        fail_msg("%s for\n%.*s", upheld_clause_id(d.clause), (int)n, (const char *)p);
    }
    assert_memory_equal(p + d.key_at, client->key, UPHELD_KEY_SIZE);
    assert_int_equal(d.subprotocol, client->subprotocol_count > 0 ? 0 : UPHELD_NONE);
    size_t lines = 0;
    for (size_t i = 0; i < n; i++) {
        lines += p[i] == '\n' ? 1 : 0;
    }
    assert_int_equal(lines, 7U + (client->origin.n > 0 ? 1U : 0U) +
                                (client->subprotocol_count > 0 ? 1U : 0U) +
                                (client->deflate.enabled ? 1U : 0U) + client->field_count);
}

/* Places of a client where a caller's text goes. */
enum place { HOST, TARGET, ORIGIN, SUBPROTOCOL, NAME, VALUE, PLACES };

static const enum upheld_client_error ERRORS[PLACES] = {
    UPHELD_CLIENT_HOST,        UPHELD_CLIENT_TARGET, UPHELD_CLIENT_ORIGIN,
    UPHELD_CLIENT_SUBPROTOCOL, UPHELD_CLIENT_FIELD,  UPHELD_CLIENT_FIELD,
};

static struct upheld_client with(enum place place, const void *text, size_t n)
{
    static struct upheld_span names[2];
    static struct upheld_field_line fields[2];
    struct upheld_span span = { at_edge(0, text, n), n };
    struct upheld_client client = full();
    names[0] = OFFERED[0];
    names[1] = OFFERED[1];
    fields[0] = ADDED[0];
    fields[1] = ADDED[1];
    client.subprotocols = names;
    client.subprotocol_count = COUNT(names);
    client.fields = fields;
    switch (place) {
    case HOST:
        client.host = span;
        break;
    case TARGET:
        client.target = span;
        break;
    case ORIGIN:
        client.origin = span;
        break;
    case SUBPROTOCOL:
        names[1] = span;
        break;
    case NAME:
        fields[1].name = span;
        break;
    case VALUE:
    case PLACES:
    default:
        fields[1].value = span;
        break;
    }
    return client;
}

static bool accepted(enum place place, const void *text, size_t n)
{
    struct upheld_client client = with(place, text, n);
    enum upheld_client_error error = upheld_client_check(&client);
    if (error == UPHELD_CLIENT_OK) {
        assert_switches(&client);
        return true;
    }
    assert_int_equal(error, ERRORS[place]);
    return false;
}

/* R9112-11.1-1, R9112-5.2-1: every octet at the start, inside and at the end of every text: what is
 * accepted switches, and no control octet is but HTAB inside a value. */
static void no_text_of_the_caller_can_break_a_line(void **state)
{
    static const char *const TEXTS[PLACES] = { "a.example:80", "/a?b",   "https://a",
                                               "proto",        "X-Name", "a b" };
    (void)state;
    for (int place = 0; place < PLACES; place++) {
        char text[64];
        size_t n = strlen(TEXTS[place]);
        for (size_t at = 0; at < n; at++) {
            for (int c = 0; c < 256; c++) {
                memcpy(text, TEXTS[place], n);
                text[at] = (char)c;
                bool good = accepted((enum place)place, text, n);
                bool tab_inside = c == '\t' && place == VALUE && at > 0 && at < n - 1;
                if ((c < 0x20 || c == 0x7f) && good != tab_inside) {
                    fail_msg("octet %02x at %zu of %s", (unsigned)c, at, TEXTS[place]);
                }
            }
        }
        assert_true(accepted((enum place)place, TEXTS[place], n));
    }
}

static const struct {
    enum place place;
    const char *text;
    bool good;
} TEXTS_JUDGED[] = {
    { HOST, "", false },
    { HOST, ":80", false },
    { HOST, "a", true },
    { HOST, "a:", true },
    { HOST, "a:80a", false },
    { HOST, "user@a", false },
    { HOST, "a/b", false },
    { HOST, "[::1]", true },
    { HOST, "[::1", false },
    { HOST, "::1", false },
    { HOST, "a b", false },
    { HOST, "1.2.3.4:65536", true },
    { TARGET, "", false },
    { TARGET, "/", true },
    { TARGET, "//", true },
    { TARGET, "?a", false },
    { TARGET, "chat", false },
    { TARGET, "*", false },
    { TARGET, "a:80", false },
    { TARGET, "http://a/", false },
    { TARGET, "/a#b", false },
    { TARGET, "/%2", false },
    { TARGET, "/a|b", false },
    { TARGET, "/a HTTP/1.1", false },
    { ORIGIN, "", true },
    { ORIGIN, "null", true },
    { ORIGIN, "https://a https://b", false },
    { SUBPROTOCOL, "", false },
    { SUBPROTOCOL, "chat", false }, /* offered already */
    { SUBPROTOCOL, "Chat", true },
    { SUBPROTOCOL, "cha", true },
    { SUBPROTOCOL, "chat,x", false },
    { SUBPROTOCOL, "a/b", false },
    { NAME, "", false },
    { NAME, "X Y", false },
    { NAME, "X:", false },
    { NAME, "Upgrade-Insecure-Requests", true },
    { NAME, "Sec-WebSocket-Keys", true },
    { NAME, "Hosts", true },
    { VALUE, "", true },
    { VALUE, "x", true },
    { VALUE, " x", false },
    { VALUE, "x\t", false },
    { VALUE, "a\xff", true },
};

static void each_text_is_judged_by_its_grammar(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(TEXTS_JUDGED); i++) {
        const char *text = TEXTS_JUDGED[i].text;
        if (accepted(TEXTS_JUDGED[i].place, text, strlen(text)) != TEXTS_JUDGED[i].good) {
            fail_msg("place %d: '%s'", TEXTS_JUDGED[i].place, text);
        }
    }
}

/* A field of the handshake's own would stand twice, or frame a body, or ask for a 100
 * (R9110-10.1.1-1). */
static void no_field_of_the_handshake_can_be_added(void **state)
{
    static const char *const OWN[] = {
        "Host",
        "Upgrade",
        "Connection",
        "Origin",
        "Expect",
        "Content-Length",
        "Transfer-Encoding",
        "HTTP2-Settings",
        "Sec-WebSocket-Key",
        "Sec-WebSocket-Accept",
        "Sec-WebSocket-Version",
        "Sec-WebSocket-Protocol",
        "Sec-WebSocket-Extensions",
    };
    char text[64];
    (void)state;
    for (size_t i = 0; i < COUNT(OWN); i++) {
        size_t n = strlen(OWN[i]);
        for (int upper = 0; upper < 2; upper++) {
            for (size_t k = 0; k < n; k++) {
                text[k] = (char)(upper ? toupper(OWN[i][k]) : tolower(OWN[i][k]));
            }
            assert_false(accepted(NAME, text, n));
            assert_true(accepted(NAME, text, n - 1));
        }
    }
}

static void each_text_has_a_greatest_size(void **state)
{
    static const struct {
        enum place place;
        size_t most;
        char start, rest;
    } ROWS[] = {
        { HOST, UPHELD_TEXT_MAX, 'a', 'a' },   { TARGET, UPHELD_VALUE_MAX, '/', 'a' },
        { ORIGIN, UPHELD_TEXT_MAX, 'a', 'a' }, { SUBPROTOCOL, UPHELD_TEXT_MAX, 'a', 'a' },
        { NAME, UPHELD_TEXT_MAX, 'a', 'a' },   { VALUE, UPHELD_VALUE_MAX, 'a', 'a' },
    };
    static char text[UPHELD_VALUE_MAX + 1];
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        memset(text, ROWS[i].rest, sizeof text);
        text[0] = ROWS[i].start;
        assert_true(accepted(ROWS[i].place, text, ROWS[i].most));
        assert_false(accepted(ROWS[i].place, text, ROWS[i].most + 1));
    }
}

static void each_limit_is_from_one_to_the_greatest(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        struct upheld_client client = PLAIN;
        uint32_t *limits[] = { &client.limits.line, &client.limits.head, &client.limits.fields,
                               &client.interim };
        client.limits.target = 0; /* not a client's */
        *limits[i] = 1;
        assert_int_equal(upheld_client_check(&client), UPHELD_CLIENT_OK);
        *limits[i] = UPHELD_LIMIT_MAX;
        assert_int_equal(upheld_client_check(&client), UPHELD_CLIENT_OK);
        *limits[i] = 0;
        assert_int_equal(upheld_client_check(&client), UPHELD_CLIENT_LIMIT);
        *limits[i] = UPHELD_LIMIT_MAX + 1;
        assert_int_equal(upheld_client_check(&client), UPHELD_CLIENT_LIMIT);
    }
}

static void lists_are_bounded_and_there(void **state)
{
    static char texts[UPHELD_NAMES_MAX + 1][8];
    static struct upheld_span names[UPHELD_NAMES_MAX + 1];
    static struct upheld_field_line fields[UPHELD_NAMES_MAX + 1];
    struct upheld_client client = PLAIN;
    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        int n = snprintf(texts[i], sizeof texts[i], "n%zu", i);
        names[i] = (struct upheld_span){ (const uint8_t *)texts[i], (size_t)n };
        fields[i] = (struct upheld_field_line){ names[i], names[i] };
    }
    client.subprotocols = names;
    client.fields = fields;
    client.subprotocol_count = UPHELD_NAMES_MAX;
    client.field_count = UPHELD_NAMES_MAX;
    assert_int_equal(upheld_client_check(&client), UPHELD_CLIENT_OK);
    assert_switches(&client);
    client.subprotocol_count = UPHELD_NAMES_MAX + 1;
    assert_int_equal(upheld_client_check(&client), UPHELD_CLIENT_COUNT);
    client.subprotocol_count = 1;
    client.field_count = UPHELD_NAMES_MAX + 1;
    assert_int_equal(upheld_client_check(&client), UPHELD_CLIENT_COUNT);
    client.field_count = 1;
    client.fields = NULL;
    assert_int_equal(upheld_client_check(&client), UPHELD_CLIENT_COUNT);
    client.field_count = 0;
    assert_int_equal(upheld_client_check(&client), UPHELD_CLIENT_OK);
    client.subprotocols = NULL;
    assert_int_equal(upheld_client_check(&client), UPHELD_CLIENT_COUNT);
    /* the last of all is offered twice */
    client.subprotocols = names;
    client.subprotocol_count = UPHELD_NAMES_MAX;
    names[UPHELD_NAMES_MAX - 1] = names[0];
    assert_int_equal(upheld_client_check(&client), UPHELD_CLIENT_SUBPROTOCOL);
}

/* WS-3, by OpenSSL. */
static void a_key_is_the_base64_of_its_nonce(void **state)
{
    uint8_t nonce[UPHELD_NONCE_SIZE], want[UPHELD_KEY_SIZE + 1];
    struct upheld_client client = PLAIN;
    (void)state;
    for (int round = 0; round < 4096; round++) {
        assert_int_equal(RAND_bytes(nonce, sizeof nonce), 1);
        nonce[UPHELD_NONCE_SIZE - 1] = (uint8_t)round;
        assert_int_equal(EVP_EncodeBlock(want, nonce, sizeof nonce), UPHELD_KEY_SIZE);
        uint8_t *key = at_edge(2, want, UPHELD_KEY_SIZE);
        memset(key, 0, UPHELD_KEY_SIZE);
        upheld_key(at_edge(3, nonce, sizeof nonce), key);
        assert_memory_equal(key, want, UPHELD_KEY_SIZE);
        memcpy(client.key, key, UPHELD_KEY_SIZE);
        assert_int_equal(upheld_client_check(&client), UPHELD_CLIENT_OK);
    }
}

static void only_the_key_of_some_nonce_is_taken(void **state)
{
    static const char *const BAD[] = {
        "AQIDBAUGBwgJCgsMDQ4PEC==", /* spare bits set: the sample of RFC 6455 section 4.1 */
        "dGhlIHNhbXBsZSBub25jZQ=A", "dGhlIHNhbXBsZSBub25jZQAA", "dGhlIHNhbXBsZSBub25jZ===",
        "dGhlIHNhbXBsZSBub25-ZQ==", " GhlIHNhbXBsZSBub25jZQ==",
    };
    struct upheld_client client = PLAIN;
    (void)state;
    for (size_t i = 0; i < COUNT(BAD); i++) {
        memcpy(client.key, BAD[i], UPHELD_KEY_SIZE);
        assert_int_equal(upheld_client_check(&client), UPHELD_CLIENT_KEY);
    }
    memset(client.key, 0, UPHELD_KEY_SIZE);
    assert_int_equal(upheld_client_check(&client), UPHELD_CLIENT_KEY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_says_what_was_asked_and_nothing_else),
        cmocka_unit_test(an_offer_of_deflate_stands_on_one_line),
        cmocka_unit_test(window_bits_are_those_of_rfc_7692),
        cmocka_unit_test(a_buffer_one_octet_too_small_stays_untouched),
        cmocka_unit_test(no_text_of_the_caller_can_break_a_line),
        cmocka_unit_test(each_text_is_judged_by_its_grammar),
        cmocka_unit_test(no_field_of_the_handshake_can_be_added),
        cmocka_unit_test(each_text_has_a_greatest_size),
        cmocka_unit_test(each_limit_is_from_one_to_the_greatest),
        cmocka_unit_test(lists_are_bounded_and_there),
        cmocka_unit_test(a_key_is_the_base64_of_its_nonce),
        cmocka_unit_test(only_the_key_of_some_nonce_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
