/* mutator_words.c: words of requests and replies that the mutator puts in: those that mean
 * something to the targets' policies and clients, and near misses that other readers have taken for
 * them. Dictionaries have some as well; here each has its place. */
#include <string.h>

#include "../core/upheld.h"
#include "mutator.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
/* clang-format off */
#define WORDS(...) { (const char *const[]){ __VA_ARGS__ }, \
                     COUNT(((const char *const[]){ __VA_ARGS__ })) }
/* clang-format on */

const struct mutator_field mutator_fields[] = {
    { "Sec-WebSocket-Protocol", WORDS("chat, superchat", "chat", "superchat", "superchat, chat",
                                      "v2.chat, chat, superchat", "v2.chat") },
    { "Upgrade", WORDS("websocket", "WebSocket", "foo, websocket", "websocket, h2c", "foo", "h2c",
                       "TLS/1.0", "foo/2", "bar/V1", "connect-udp", "connect-ip", "websocket/13") },
    { "Connection", WORDS("Upgrade", "keep-alive, Upgrade", "upgrade", "Upgrade, close", "close",
                          "keep-alive", "Upgrade, HTTP2-Settings", "HTTP2-Settings") },
    { "Content-Length", WORDS("0", "5", "1", "5, 5", "5, 6", "00", "+5", "-1", "",
                              "99999999999999999", "100000000000000000") },
    { "Transfer-Encoding", WORDS("chunked", "gzip, chunked", "chunked, gzip", ", chunked",
                                 "identity", "chunked, chunked") },
    { "Origin", WORDS("http://example.com", "null", "http://example.com.example",
                      "https://example.com", "HTTP://EXAMPLE.COM", "http://a.example.com") },
    { "Sec-WebSocket-Extensions",
      WORDS("permessage-deflate", "permessage-deflate; client_max_window_bits",
            "permessage-deflate; server_max_window_bits=10",
            "permessage-deflate; client_max_window_bits=9; server_no_context_takeover",
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover", "x-foo",
            "x-foo; a=\"b\", permessage-deflate") },
    { "Expect", WORDS("100-continue", "100-Continue", "100-continue, x", "x") },
    { "Sec-WebSocket-Version", WORDS("13", "8", "0", "13, 8", "255", "256", "013", "+13") },
    { "Sec-WebSocket-Key",
      WORDS("dGhlIHNhbXBsZSBub25jZQ==", "AQIDBAUGBwgJCgsMDQ4PEC==", "AQIDBAUGBwgJCgsMDQ4PEA==") },
    { "Host", WORDS("example.com", "a", "server.example.com:80", "[::1]", "", "a, b", "a@b") },
    { "HTTP2-Settings", WORDS("AAMAAABk", "", "AAMAAABkAAQAAP__", "AAMAAABk=") },
    { "Sec-WebSocket-Accept",
      WORDS("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "OfS0wDaT5NoxF2gqm7Zj2YtetzM=") },
    { "Cookie", WORDS("a=b", "token=x; a=1; a=2", "a=\"b\"") },
    { "Capsule-Protocol", WORDS("?1") },
    { "X", WORDS("y", "") },
};
const size_t mutator_field_count = COUNT(mutator_fields);

/* Heads that hold: the first line and what no other line stands for. The reply is to the clients of
 * the target response, and to the sample of RFC 6455 section 1.2. */
const struct mutator_words mutator_whole_request =
    WORDS("GET / HTTP/1.1", "Host: example.com", "Upgrade: websocket", "Connection: Upgrade",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13");
const struct mutator_words mutator_whole_reply =
    WORDS("HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade",
          "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");

const struct mutator_words mutator_methods =
    WORDS("GET", "HEAD", "POST", "OPTIONS", "CONNECT", "get", "GETS", "G", "PRI");
const struct mutator_words mutator_targets =
    WORDS("/", "*", "/chat", "/?a=b&a=c", "/%41", "/%4", "//", "/#a", "a:80", "http://a/",
          "https://a:0/?b", "http://[::1]/", "ws://a/", "a", "/a b", "http://");
const struct mutator_words mutator_versions =
    WORDS("HTTP/1.1", "HTTP/1.0", "HTTP/1.2", "HTTP/2.0", "HTTP/0.9", "HTTP/1.10", "HTTP/01.1",
          "HTTP/1", "HTTP/11", "http/1.1", "HTTP/1.x");
const struct mutator_words mutator_statuses =
    WORDS("101", "100", "103", "199", "200", "204", "304", "400", "401", "426", "503", "099", "10",
          "1010", "1O1");
const struct mutator_words mutator_reasons =
    WORDS("Switching Protocols", "", "OK", "a\tb", "\x80", "\x7f");
const struct mutator_words mutator_members =
    WORDS("Upgrade", "websocket", "chat", "superchat", "v2.chat", "close", "keep-alive", "h2c",
          "HTTP2-Settings", "chunked", "gzip", "identity", "100-continue", "permessage-deflate",
          "permessage-deflate; client_max_window_bits", "13", "8", "foo", "foo/2", "TLS/1.0", "x",
          "\"a, b\"", "\"\"");
const struct mutator_words mutator_parameters =
    WORDS("server_no_context_takeover", "client_no_context_takeover", "client_max_window_bits",
          "server_max_window_bits", "server_max_window_bits=10", "client_max_window_bits=15",
          "client_max_window_bits=8", "server_max_window_bits=\"12\"",
          "client_max_window_bits=\"\\9\"", "q=1", "a", "");
/* 10^17 is the first Content-Length that the core has no room for. */
const struct mutator_words mutator_numbers =
    WORDS("0", "1", "7", "8", "9", "15", "16", "127", "128", "255", "256", "65535", "65536",
          "2147483647", "2147483648", "4294967295", "4294967296", "99999999999999999",
          "100000000000000000", "9223372036854775807", "9223372036854775808",
          "18446744073709551615", "18446744073709551616", "99999999999999999999999999999999");
/* What a counter that is too narrow drops. */
const struct mutator_words mutator_powers =
    WORDS("1", "256", "65536", "4294967296", "18446744073709551616");
const struct mutator_words mutator_endings =
    WORDS("x", ".example", ".evil.example:80", "/", "/1", ":80", ";", "; q=1", "=", "\"", " x",
          "\t", "%00", "@b", "-", "\x80", ",x", "#");
const struct mutator_words mutator_line_ends =
    WORDS("\r\n", "\n", "\r", "\n\r", "\r\r\n", "\r\n ", "\r\n\t", "\n ", "\r\n\r\n", "\r\n\r",
          "\x0b\n", " \r\n", "");
const struct mutator_words mutator_spaces =
    WORDS(" ", "\t", "  ", " \t", "\x0b", "\x0c", "\xa0", "\r");
const struct mutator_words mutator_interims = WORDS(
    "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n",
    "HTTP/1.0 100 C\r\n\r\n", "HTTP/1.1 199 \r\n\r\n", "HTTP/1.1 100 C\r\nUpgrade: x\r\n\r\n");
const struct mutator_words mutator_behind =
    WORDS("\r\n", "\x81", "5\r\nhello\r\n0\r\n\r\n", "hello", "GET / HTTP/1.1\r\nHost: b\r\n\r\n",
          "HTTP/1.1 101 X\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

/* The smaller of two numbers, so that what stands first comes more often. */
static size_t below(struct mutator_text *t, size_t bound)
{
    size_t one = mutator_below(t, bound), two = mutator_below(t, bound);
    return one < two ? one : two;
}

const struct mutator_field *mutator_known_field(struct mutator_text *t)
{
    return &mutator_fields[below(t, mutator_field_count)];
}

const char *mutator_value_of(struct mutator_text *t, const struct mutator_field *field)
{
    return field->values.texts[below(t, field->values.count)];
}

const char *mutator_word_of(struct mutator_text *t, struct mutator_words words)
{
    return words.texts[mutator_below(t, words.count)];
}

bool mutator_put_word(struct mutator_text *t, struct mutator_part part, struct mutator_words words)
{
    const char *word = mutator_word_of(t, words);
    size_t n = strlen(word);

    return (n != part.to - part.from || memcmp(t->p + part.from, word, n) != 0) &&
           mutator_put(t, part, word, n);
}

const struct mutator_field *mutator_field_of(const struct mutator_text *t, struct mutator_line line)
{
    for (size_t i = 0; i < mutator_field_count; i++) {
        const char *name = mutator_fields[i].name;
        if (mutator_same_name(t->p + line.name.from, line.name.to - line.name.from,
                              (const uint8_t *)name, strlen(name))) {
            return &mutator_fields[i];
        }
    }
    return NULL;
}

/* Those of request, response and connect, which an input of ordinary size meets. */
static const size_t small_limits[][3] = {
    [MUTATOR_TARGET] = { 12, 12, 64 },
    [MUTATOR_LINE] = { 52, 64, 128 },
    [MUTATOR_HEAD] = { 256, 256, 1024 },
    [MUTATOR_FIELDS] = { 5, 8, 24 },
};

size_t mutator_any_limit(struct mutator_text *t, enum mutator_limit which)
{
    const struct upheld_limits limits = UPHELD_LIMITS_DEFAULT;
    const size_t defaults[] = { limits.target, limits.line, limits.head, limits.fields };

    return mutator_once_in(t, 8) ? defaults[which] : small_limits[which][mutator_below(t, 3)];
}
