/* requests.h: requests and what they get under the default limits, everything granted, subprotocol
 * chat. Every text ends with the octet that decides it; test_requests.c relies on that.
 */
#ifndef UPHELD_TEST_REQUESTS_H
#define UPHELD_TEST_REQUESTS_H

#include "check.h"

#include "upheld.h"

struct request {
    const char *name, *text;
    size_t n;
    enum upheld_verdict verdict;
    enum upheld_clause clause;
    unsigned status;
    bool whole;          /* decided by the whole head, which is then consumed */
    bool continue_first; /* 100 before 101 */
    bool chat;           /* subprotocol chat is chosen */
};

/* Not decided. */
#define MORE(name, text)                                                                           \
    { name, TEXT(text), UPHELD_MORE, UPHELD_R9112_2_1_1, 0, false, false, false }
/* 101. */
#define SWITCHES(name, text)                                                                       \
    { name, TEXT(text), UPHELD_SWITCH, UPHELD_R6455_4_2_2_10, 101, true, false, false }
#define SWITCHES_TO_CHAT(name, text)                                                               \
    { name, TEXT(text), UPHELD_SWITCH, UPHELD_R6455_4_2_2_10, 101, true, false, true }
#define SWITCHES_AFTER_100(name, text)                                                             \
    { name, TEXT(text), UPHELD_SWITCH, UPHELD_R6455_4_2_2_10, 101, true, true, false }
/* Goes on as ordinary HTTP. */
#define IGNORED(name, clause, text)                                                                \
    { name, TEXT(text), UPHELD_IGNORE, UPHELD_##clause, 0, true, false, false }
/* Refused once the head has ended. */
#define REFUSED(name, status, clause, text)                                                        \
    { name, TEXT(text), UPHELD_REFUSE, UPHELD_##clause, status, true, false, false }
/* Refused at an octet before the head has ended. */
#define BROKEN(name, clause, text)                                                                 \
    { name, TEXT(text), UPHELD_REFUSE, UPHELD_##clause, 400, false, false, false }

#define GET "GET /chat HTTP/1.1\r\n"
#define HOST "Host: server.example.com\r\n"
#define UPGRADE "Upgrade: websocket\r\n"
#define CONNECTION "Connection: Upgrade\r\n"
#define KEY "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
#define VERSION "Sec-WebSocket-Version: 13\r\n"
#define END "\r\n"
#define ASK UPGRADE CONNECTION
#define FIELDS HOST ASK KEY VERSION
#define WITH(fields) GET FIELDS fields END
#define WITH_CONNECTION(value) GET HOST UPGRADE "Connection:" value "\r\n" KEY VERSION END
#define WITH_UPGRADE(value) GET HOST "Upgrade:" value "\r\n" CONNECTION KEY VERSION END
#define WITH_HOST(value) GET "Host:" value "\r\n" ASK KEY VERSION END
#define WITH_KEY(value) GET HOST ASK "Sec-WebSocket-Key:" value "\r\n" VERSION END
#define WITH_VERSION(value) GET HOST ASK KEY "Sec-WebSocket-Version:" value "\r\n" END
#define WITH_LINE(line) line "\r\n" FIELDS END
#define WITH_PROTOCOL(value) WITH("Sec-WebSocket-Protocol:" value "\r\n")
#define WITH_EXTENSIONS(value) WITH("Sec-WebSocket-Extensions:" value "\r\n")

static const struct request REQUESTS[] = {
    /* RFC 9112 section 2: messages and lines */
    MORE("nothing", ""),
    MORE("a method without its end", "GET"),
    MORE("a request-line without its end", "GET /chat HTTP/1.1\r"),
    MORE("a request-line alone", GET),
    MORE("a head without its last octet", GET FIELDS "\r"),
    MORE("a head whose end has not begun", GET FIELDS),
    MORE("two empty lines", "\r\n\r\n"),
    MORE("half of a second empty line", "\r\n\r"),
    SWITCHES("a head and nothing else", WITH("")),
    SWITCHES("one empty line first", "\r\n" WITH("")),
    SWITCHES("two empty lines first", "\r\n\r\n" WITH("")),
    BROKEN("three empty lines first", R9112_2_2_4, "\r\n\r\n\r"),
    BROKEN("SP first", R9112_2_2_4, " "),
    BROKEN("NUL first", R9112_2_2_4, "\0"),
    BROKEN("a TLS hello", R9112_2_2_4, "\x16"),
    BROKEN("LF first", R9112_2_2_4, "\n"),
    BROKEN("obs-text first", R9112_2_2_4, "\xc3"),
    BROKEN("SP behind an empty line", R9112_2_2_4, "\r\n "),
    BROKEN("LF ends the request-line", R9112_2_2_2, "GET /chat HTTP/1.1\n"),
    BROKEN("LF ends a field line", R9112_2_2_2, GET "Host: a\n"),
    BROKEN("LF ends the head", R9112_2_2_2, GET HOST "\n"),
    BROKEN("CR in the request-line", R9112_2_2_3, "GET /chat\r "),
    BROKEN("CR CR LF", R9112_2_2_3, "GET /chat HTTP/1.1\r\r"),
    BROKEN("CR in a field line", R9112_2_2_3, GET "Host: a\rb"),
    BROKEN("CR X where the head ends", R9112_2_2_3, GET HOST "\rX"),
    BROKEN("SP before the first field line", R9112_2_2_5, GET " "),
    BROKEN("HTAB before the first field line", R9112_2_2_5, GET "\t"),
    BROKEN("obs-fold with SP", R9112_5_2_2, GET HOST " "),
    BROKEN("obs-fold with HTAB", R9112_5_2_2, GET HOST "\t"),
    BROKEN("NUL in the request-line", R9110_5_5_2, "GET /\0"),
    BROKEN("NUL in a field name", R9110_5_5_2, GET "Ho\0"),
    BROKEN("NUL in a field value", R9110_5_5_2, GET "Host: \0"),
    BROKEN("BEL in a field value", R9110_5_5_3, GET "Host: \a"),
    BROKEN("VT in a field value", R9110_5_5_3, GET HOST "Connection: Upgrade\v"),
    BROKEN("DEL in a field value", R9110_5_5_3, GET "X: \x7f"),
    BROKEN("ESC in the request-line", R9110_5_5_3, "GET /\x1b"),
    /* RFC 9112 section 3: the request-line */
    BROKEN("a method alone", R9112_3_1, "GET\r\n"),
    BROKEN("no version", R9112_3_1, "GET /chat\r\n"),
    BROKEN("no target", R9112_3_1, "GET  HTTP/1.1\r\n"),
    BROKEN("two SP before the target", R9112_3_1, "GET  /chat HTTP/1.1\r\n"),
    BROKEN("two SP before the version", R9112_2_3_1, "GET /chat  HTTP/1.1\r\n"),
    BROKEN("SP behind the version", R9112_2_3_1, "GET /chat HTTP/1.1 \r\n"),
    BROKEN("SP in the target", R9112_2_3_1, "GET /ch at HTTP/1.1\r\n"),
    BROKEN("HTAB behind the method", R9112_3_1_1, "GET\t/chat HTTP/1.1\r\n"),
    BROKEN("a method that is no token", R9112_3_1_1, "G(T /chat HTTP/1.1\r\n"),
    BROKEN("obs-text in the method", R9112_3_1_1, "GET\xc3 /chat HTTP/1.1\r\n"),
    BROKEN("version in lower case", R9112_2_3_1, "GET /chat http/1.1\r\n"),
    BROKEN("version 1.10", R9112_2_3_1, "GET /chat HTTP/1.10\r\n"),
    BROKEN("version 01.1", R9112_2_3_1, "GET /chat HTTP/01.1\r\n"),
    BROKEN("version 1,1", R9112_2_3_1, "GET /chat HTTP/1,1\r\n"),
    BROKEN("version 1", R9112_2_3_1, "GET /chat HTTP/1\r\n"),
    BROKEN("version x.1", R9112_2_3_1, "GET /chat HTTP/x.1\r\n"),
    BROKEN("version 1.x", R9112_2_3_1, "GET /chat HTTP/1.x\r\n"),
    BROKEN("another protocol", R9112_2_3_1, "GET /chat RTSP/1.0\r\n"),
    BROKEN("a target in no form", R9112_3_2_1, "GET chat HTTP/1.1\r\n"),
    BROKEN("a fragment in the target", R9112_3_2_1, "GET /chat#x HTTP/1.1\r\n"),
    BROKEN("obs-text in the target", R9112_3_2_1, "GET /\xc3\xa4 HTTP/1.1\r\n"),
    REFUSED("HTTP/2.0", 505, R9112_2_3_2, WITH_LINE("GET /chat HTTP/2.0")),
    REFUSED("HTTP/0.9", 505, R9112_2_3_2, WITH_LINE("GET /chat HTTP/0.9")),
    REFUSED("the preface of HTTP/2", 505, R9112_2_3_2, "PRI * HTTP/2.0\r\n\r\n"),
    SWITCHES("HTTP/1.9", WITH_LINE("GET /chat HTTP/1.9")),
    SWITCHES("absolute-form with http", WITH_LINE("GET http://a/chat HTTP/1.1")),
    SWITCHES("absolute-form with https", WITH_LINE("GET HTTPS://a:1/ HTTP/1.1")),
    REFUSED("absolute-form with ws", 400, R6455_4_1_3, WITH_LINE("GET ws://a/chat HTTP/1.1")),
    REFUSED("authority-form with GET", 400, R9112_3_2_3_1, WITH_LINE("GET a:80 HTTP/1.1")),
    REFUSED("CONNECT without authority-form", 400, R9112_3_2_3_1,
            WITH_LINE("CONNECT /chat HTTP/1.1")),
    REFUSED("asterisk-form with GET", 400, R9112_3_2_4_1, WITH_LINE("GET * HTTP/1.1")),
    /* RFC 9112 section 5: field lines */
    BROKEN("no colon", R9112_5_1, GET "Foo\r\n"),
    BROKEN("an empty field name", R9112_5_1, GET ": x\r\n"),
    BROKEN("a field name that is no token", R9112_5_1, GET "F(o: x\r\n"),
    BROKEN("obs-text in a field name", R9112_5_1, GET "F\xefo: x\r\n"),
    BROKEN("SP before the colon", R9112_5_1_1, GET "Host : a\r\n"),
    BROKEN("HTAB before the colon", R9112_5_1_1, GET "Host\t: a\r\n"),
    SWITCHES("obs-text in a value", WITH("X: \xc3\xa4\xff\r\n")),
    SWITCHES("HTAB in a value", WITH("X: a\tb\r\n")),
    SWITCHES("an empty value", WITH("X:\r\n")),
    SWITCHES("names in lower case", GET "host: a\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
                                        "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                        "sec-websocket-version: 13\r\n\r\n"),
    SWITCHES("names in upper case", GET "HOST: a\r\nUPGRADE: websocket\r\nCONNECTION: upgrade\r\n"
                                        "SEC-WEBSOCKET-KEY: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                        "SEC-WEBSOCKET-VERSION: 13\r\n\r\n"),
    SWITCHES("fields in another order", GET VERSION KEY CONNECTION UPGRADE HOST END),
    SWITCHES("whitespace around values",
             GET "Host:\ta \r\nUpgrade: \twebsocket\t\r\nConnection:Upgrade\r\n"
                 "Sec-WebSocket-Key:  dGhlIHNhbXBsZSBub25jZQ== \t\r\n"
                 "Sec-WebSocket-Version:13 \r\n\r\n"),
    SWITCHES("fields with names alike", WITH("Hosts: b\r\nHos: b\r\nConnectio: close\r\n"
                                             "Sec-WebSocket-Key1: x\r\n")),
    /* Host */
    REFUSED("no Host", 400, R9112_3_2_3, GET ASK KEY VERSION END),
    REFUSED("two Hosts", 400, R9112_3_2_3, WITH("Host: server.example.com\r\n")),
    REFUSED("two Hosts in HTTP/1.0", 400, R9112_3_2_3,
            "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n"),
    REFUSED("two Hosts beside absolute-form", 400, R9112_3_2_3,
            "GET http://a/ HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"),
    REFUSED("SP in Host", 400, R9112_3_2_3, WITH_HOST("a b")),
    REFUSED("userinfo in Host", 400, R9112_3_2_3, WITH_HOST("u@a")),
    REFUSED("a Host with a port of letters", 400, R9112_3_2_3, WITH_HOST("a:8x")),
    REFUSED("a list of Hosts", 400, R9112_3_2_3, WITH_HOST("a,b c")),
    SWITCHES("an empty Host", WITH_HOST("")),
    SWITCHES("an IPv6 Host", WITH_HOST("[2001:db8::1]:8080")),
    /* RFC 9112 section 6: framing */
    REFUSED("length and codings", 400, R9112_6_1_2,
            WITH("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n")),
    REFUSED("length 0 and codings", 400, R9112_6_1_2,
            WITH("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n")),
    REFUSED("codings in HTTP/1.0", 400, R9112_6_1_3,
            "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"),
    REFUSED("chunked not last", 400, R9112_6_3_2, WITH("Transfer-Encoding: chunked, gzip\r\n")),
    REFUSED("no chunked", 400, R9112_6_3_2, WITH("Transfer-Encoding: gzip\r\n")),
    REFUSED("no codings in Transfer-Encoding", 400, R9112_6_3_2, WITH("Transfer-Encoding:\r\n")),
    REFUSED("codings over two lines", 400, R9112_6_3_2,
            WITH("Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n")),
    REFUSED("an unknown coding", 501, R9112_6_1_4, WITH("Transfer-Encoding: gzip, chunked\r\n")),
    REFUSED("lengths that differ", 400, R9112_6_3_3,
            WITH("Content-Length: 5\r\nContent-Length: 6\r\n")),
    REFUSED("a length in hexadecimal", 400, R9112_6_3_3, WITH("Content-Length: 0x0\r\n")),
    REFUSED("a length of 2^64", 400, R9112_6_3_3, WITH("Content-Length: 18446744073709551616\r\n")),
    REFUSED("an empty length", 400, R9112_6_3_3, WITH("Content-Length:\r\n")),
    SWITCHES("length 0", WITH("Content-Length: 0\r\n")),
    SWITCHES("length 0 twice", WITH("Content-Length: 0, 0\r\nContent-Length: 0\r\n")),
    /* RFC 9110 section 7.8: is an upgrade asked for */
    IGNORED("no Upgrade", R9110_7_8_2, GET HOST CONNECTION KEY VERSION END),
    IGNORED("neither Upgrade nor Connection", R9110_7_8_2, GET HOST END),
    IGNORED("no Connection", R9110_7_6_1_4, GET HOST UPGRADE KEY VERSION END),
    IGNORED("Connection lists others", R9110_7_6_1_4, WITH_CONNECTION("keep-alive, upgraded")),
    IGNORED("Connection lists a longer word", R9110_7_6_1_4, WITH_CONNECTION("xupgrade")),
    IGNORED("Connection lists a quoted word", R9110_7_6_1_4, WITH_CONNECTION("\"upgrade\"")),
    SWITCHES("Connection lists others too", WITH_CONNECTION("keep-alive,\tUpgrade")),
    SWITCHES("Connection over two lines", WITH_CONNECTION("keep-alive\r\nConnection: UPGRADE")),
    SWITCHES("an empty Connection first", WITH_CONNECTION("\r\nConnection: upgrade")),
    SWITCHES("Connection closes too", WITH_CONNECTION("close, upgrade")),
    IGNORED("another protocol asked for", R9110_7_8_2, WITH_UPGRADE("h2c")),
    IGNORED("websocket with a version", R9110_7_8_2, WITH_UPGRADE("websocket/13")),
    IGNORED("a prefix of websocket", R9110_7_8_2, WITH_UPGRADE("web")),
    IGNORED("websocket with KELVIN SIGN", R9110_7_8_2,
            WITH_UPGRADE("websoc\xe2\x84\xaa"
                         "et")),
    IGNORED("an empty Upgrade", R9110_7_8_2, WITH_UPGRADE("")),
    SWITCHES("websocket among others", WITH_UPGRADE("foo/1, WebSocket ,h2c")),
    SWITCHES("Upgrade over two lines", WITH_UPGRADE("foo/1\r\nUpgrade: websocket")),
    IGNORED("HTTP/1.0", R9110_7_8_13, WITH_LINE("GET /chat HTTP/1.0")),
    IGNORED("HTTP/1.0 without Host", R9110_7_8_13, "GET /chat HTTP/1.0\r\n" ASK KEY VERSION END),
    IGNORED("TLS within HTTP", R9110_7_8_2,
            "OPTIONS * HTTP/1.1\r\nHost: a\r\nUpgrade: TLS/1.0\r\nConnection: Upgrade\r\n\r\n"),
    IGNORED("a body", R9110_7_8_14, WITH("Content-Length: 5\r\n")),
    IGNORED("a body of one octet", R9110_7_8_14, WITH("Content-Length: 1\r\n")),
    IGNORED("a chunked body", R9110_7_8_14, WITH("Transfer-Encoding: chunked\r\n")),
    REFUSED("another expectation", 417, R9110_10_1_1_4, WITH("Expect: x\r\n")),
    REFUSED("another expectation too", 417, R9110_10_1_1_4,
            WITH("Expect: 100-continue\r\nExpect: x\r\n")),
    SWITCHES_AFTER_100("100-continue", WITH("Expect: 100-continue\r\n")),
    SWITCHES_AFTER_100("100-continue in capitals", WITH("EXPECT: 100-CONTINUE\r\n")),
    SWITCHES("an empty Expect", WITH("Expect:\r\n")),
    /* RFC 6455 section 4.2.1 */
    REFUSED("HEAD", 405, R6455_4_2_1_1, WITH_LINE("HEAD /chat HTTP/1.1")),
    REFUSED("a method in lower case", 405, R6455_4_2_1_1, WITH_LINE("get /chat HTTP/1.1")),
    REFUSED("a longer method", 405, R6455_4_2_1_1, WITH_LINE("GETA /chat HTTP/1.1")),
    REFUSED("OPTIONS *", 405, R6455_4_2_1_1, WITH_LINE("OPTIONS * HTTP/1.1")),
    REFUSED("CONNECT", 405, R6455_4_2_1_1, WITH_LINE("CONNECT a:80 HTTP/1.1")),
    REFUSED("no version", 400, R6455_4_2_1_6, GET HOST ASK KEY END),
    REFUSED("two versions", 400, R6455_11_3_5_1, WITH(VERSION)),
    REFUSED("an empty version", 400, R6455_4_3_2, WITH_VERSION("")),
    REFUSED("version 013", 400, R6455_4_3_2, WITH_VERSION("013")),
    REFUSED("version 0x0d", 400, R6455_4_3_2, WITH_VERSION("0x0d")),
    REFUSED("version 13.0", 400, R6455_4_3_2, WITH_VERSION("13.0")),
    REFUSED("version 13, 8", 400, R6455_4_3_2, WITH_VERSION("13, 8")),
    REFUSED("version 256", 400, R6455_4_3_2, WITH_VERSION("256")),
    REFUSED("version 2^32 + 13", 400, R6455_4_3_2, WITH_VERSION("4294967309")),
    REFUSED("version 0", 426, R6455_4_2_2_6, WITH_VERSION("0")),
    REFUSED("version 8", 426, R6455_4_2_2_6, WITH_VERSION("8")),
    REFUSED("version 255", 426, R6455_4_2_2_6, WITH_VERSION("255")),
    REFUSED("no key", 400, R6455_4_2_1_5, GET HOST ASK VERSION END),
    REFUSED("two keys", 400, R6455_11_3_1_1, WITH(KEY)),
    REFUSED("an empty key", 400, R6455_4_2_1_5, WITH_KEY("")),
    REFUSED("a key of 23", 400, R6455_4_2_1_5, WITH_KEY("dGhlIHNhbXBsZSBub25jZQ=")),
    REFUSED("a key of 25", 400, R6455_4_2_1_5, WITH_KEY("dGhlIHNhbXBsZSBub25jZQ===")),
    REFUSED("a key of 18 octets", 400, R6455_4_2_1_5, WITH_KEY("AAAAAAAAAAAAAAAAAAAAAAAA")),
    REFUSED("a key of 17 octets", 400, R6455_4_2_1_5, WITH_KEY("AAAAAAAAAAAAAAAAAAAAAAA=")),
    REFUSED("a key in base64url", 400, R6455_4_2_1_5, WITH_KEY("-_-_-_-_-_-_-_-_-_-_-w==")),
    REFUSED("obs-text in a key", 400, R6455_4_2_1_5, WITH_KEY("dGhlIHNhbXBs\xffSBub25jZQ==")),
    REFUSED("SP in a key", 400, R6455_4_2_1_5, WITH_KEY("dGhlIHNhbXBs SBub25jZQ==")),
    SWITCHES("a key with pad bits", WITH_KEY("AQIDBAUGBwgJCgsMDQ4PEC==")),
    REFUSED("two Origins", 400, R6455_4_2_1_7, WITH("Origin: http://a\r\nOrigin: http://a\r\n")),
    SWITCHES("an Origin without a rule", WITH("Origin: http://evil.example\r\n")),
    SWITCHES_TO_CHAT("subprotocol chat", WITH_PROTOCOL("chat, superchat")),
    SWITCHES_TO_CHAT("subprotocol chat on a second line",
                     WITH("Sec-WebSocket-Protocol: a\r\nSec-WebSocket-Protocol: chat\r\n")),
    SWITCHES("unknown subprotocols", WITH_PROTOCOL("CHAT, a")),
    REFUSED("an empty list of subprotocols", 400, R6455_4_2_1_8, WITH_PROTOCOL("")),
    REFUSED("a list of empty subprotocols", 400, R6455_4_2_1_8, WITH_PROTOCOL(" , ,")),
    REFUSED("a subprotocol that is no token", 400, R6455_4_2_1_8, WITH_PROTOCOL("a/b")),
    REFUSED("a malformed subprotocol behind chat", 400, R6455_4_2_1_8, WITH_PROTOCOL("chat,a b")),
    REFUSED("chat twice", 400, R6455_4_1_10, WITH_PROTOCOL("chat, chat")),
    REFUSED("chat on two lines", 400, R6455_4_1_10,
            WITH("Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Protocol: chat\r\n")),
    SWITCHES("extensions are declined", WITH_EXTENSIONS("permessage-deflate; a=\"b\", c")),
    REFUSED("an empty list of extensions", 400, R6455_9_1_1, WITH_EXTENSIONS("")),
    REFUSED("an extension without parameter", 400, R6455_9_1_1, WITH_EXTENSIONS("a;")),
    REFUSED("an unterminated quoted-string", 400, R6455_9_1_1, WITH_EXTENSIONS("a; b=\"\\")),
    REFUSED("malformed extensions on a first line", 400, R6455_9_1_1,
            WITH("Sec-WebSocket-Extensions: ;\r\nSec-WebSocket-Extensions: a\r\n")),
};

#endif
