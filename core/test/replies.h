/* replies.h: replies and what they are to a client that sent the key of RFC 6455 section 1.3 and
 * offered the subprotocols chat and superchat. Every text ends with the octet that decides it;
 * test_reply.c relies on that.
 */
#ifndef UPHELD_TEST_REPLIES_H
#define UPHELD_TEST_REPLIES_H

#include "check.h"

#include "upheld.h"

struct reply {
    const char *name, *text;
    size_t n;
    enum upheld_reply_verdict verdict;
    enum upheld_clause clause;
    unsigned status;      /* of the head that decides; 0: it did not end */
    size_t head_at;       /* where that head starts */
    uint32_t subprotocol; /* OK: which one */
};

#define NONE UPHELD_NONE
/* Not decided. */
#define MORE(name, text) { name, TEXT(text), UPHELD_REPLY_MORE, UPHELD_R9112_2_1_1, 0, 0, NONE }
/* The connection speaks WebSocket. */
#define OPENS(name, subprotocol, text)                                                             \
    { name, TEXT(text), UPHELD_REPLY_OK, UPHELD_R6455_4_1_19, 101, 0, subprotocol }
#define OPENS_BEHIND(name, before, text)                                                           \
    { name, TEXT(before text), UPHELD_REPLY_OK, UPHELD_R6455_4_1_19, 101, sizeof(before) - 1, NONE }
/* An ordinary response. */
#define ORDINARY(name, status, clause, text)                                                       \
    { name, TEXT(text), UPHELD_REPLY_HTTP, UPHELD_##clause, status, 0, NONE }
/* Fails once a head has ended. */
#define FAILS(name, status, clause, text)                                                          \
    { name, TEXT(text), UPHELD_REPLY_FAIL, UPHELD_##clause, status, 0, NONE }
/* Fails at an octet before a head has ended. */
#define BREAKS(name, clause, text)                                                                 \
    { name, TEXT(text), UPHELD_REPLY_FAIL, UPHELD_##clause, 0, 0, NONE }

#define LINE "HTTP/1.1 101 Switching Protocols\r\n"
#define UPGRADE "Upgrade: websocket\r\n"
#define CONNECTION "Connection: Upgrade\r\n"
#define ACCEPT "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
#define END "\r\n"
#define FIELDS UPGRADE CONNECTION ACCEPT
#define WITH(fields) LINE FIELDS fields END
#define WITH_LINE(line) line "\r\n" FIELDS END
#define WITH_UPGRADE(value) LINE "Upgrade:" value "\r\n" CONNECTION ACCEPT END
#define WITH_CONNECTION(value) LINE UPGRADE "Connection:" value "\r\n" ACCEPT END
#define WITH_ACCEPT(value) LINE UPGRADE CONNECTION "Sec-WebSocket-Accept:" value "\r\n" END
#define WITH_PROTOCOL(value) WITH("Sec-WebSocket-Protocol:" value "\r\n")
#define OF(status, fields) "HTTP/1.1 " status " X\r\n" fields END
#define EARLY_HINTS "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"

static const struct reply REPLIES[] = {
    /* RFC 6455 section 4.1, and what may differ */
    OPENS("sample", NONE, WITH("")),
    OPENS("any order", NONE, LINE ACCEPT CONNECTION UPGRADE END),
    OPENS("any case of names", NONE,
          LINE "UPGRADE: websocket\r\nconnection: upgrade\r\n"
               "sec-websocket-ACCEPT: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"),
    OPENS("unknown fields", NONE, WITH("Server: x\r\nDate:\r\nX-Y: \xff\r\n")),
    OPENS("later minor version", NONE, WITH_LINE("HTTP/1.9 101 X")),
    OPENS("other reason", NONE, WITH_LINE("HTTP/1.1 101 Web Socket Protocol Handshake")),
    OPENS("reason in obs-text", NONE, WITH_LINE("HTTP/1.1 101 \xc3\xa4\t")),
    OPENS("no reason", NONE, WITH_LINE("HTTP/1.1 101 ")),
    OPENS("Upgrade in capitals", NONE, WITH_UPGRADE("WebSocket")),
    OPENS("Upgrade among empty members", NONE, WITH_UPGRADE(",\twebsocket ,,")),
    OPENS("Upgrade on two lines, one of them empty", NONE,
          LINE "Upgrade:\r\n" FIELDS "Upgrade: ,\r\n\r\n"),
    OPENS("Connection as a list", NONE, WITH_CONNECTION("keep-alive,\tUpgrade")),
    OPENS("Connection on two lines", NONE,
          LINE UPGRADE "Connection: keep-alive\r\nConnection: upgrade\r\n" ACCEPT END),
    OPENS("whitespace around the accept value", NONE,
          WITH_ACCEPT("\t s3pPLMBiTxaQ9kYGzzhZRbK+xOo= \t")),
    OPENS("no whitespace before it", NONE, WITH_ACCEPT("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")),
    OPENS("first subprotocol", 0, WITH_PROTOCOL("chat")),
    OPENS("second subprotocol", 1, WITH_PROTOCOL(" superchat ")),
    OPENS("version beside a 101", NONE, WITH("Sec-WebSocket-Version: 13\r\n")),

    /* heads to skip */
    OPENS_BEHIND("100", "HTTP/1.1 100 Continue\r\n\r\n", WITH("")),
    OPENS_BEHIND("103", EARLY_HINTS, WITH("")),
    OPENS_BEHIND("102 and 103 twice", "HTTP/1.1 102 \r\n\r\n" EARLY_HINTS EARLY_HINTS, WITH("")),
    OPENS_BEHIND("199 with fields of a 101", "HTTP/1.1 199 X\r\n" FIELDS "\r\n", WITH("")),
    OPENS_BEHIND("100 with a length", "HTTP/1.1 100 X\r\nContent-Length: 7\r\n\r\n", WITH("")),
    FAILS("one more than allowed", 103, R9110_15_2_3,
          EARLY_HINTS EARLY_HINTS EARLY_HINTS EARLY_HINTS),
    FAILS("100 of HTTP/1.0", 100, R9110_15_2_1, "HTTP/1.0 100 X\r\n\r\n"),
    FAILS("100 of HTTP/2.0", 100, R9112_2_3_2, "HTTP/2.0 100 X\r\n\r\n"),

    /* any other status */
    ORDINARY("401", 401, R6455_4_1_13,
             OF("401", "WWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n")),
    ORDINARY("302", 302, R6455_4_1_13, OF("302", "Location: ws://b/\r\n")),
    ORDINARY("200 with Upgrade", 200, R6455_4_1_13, OF("200", FIELDS)),
    ORDINARY("204 with the fields of a 101", 204, R6455_4_1_13,
             OF("204", FIELDS "Sec-WebSocket-Protocol: chat\r\n")),
    ORDINARY("000", 0, R6455_4_1_13, OF("000", "")),
    ORDINARY("099", 99, R6455_4_1_13, OF("099", "")),
    ORDINARY("999", 999, R6455_4_1_13, OF("999", "")),
    ORDINARY("200 of HTTP/1.0", 200, R6455_4_1_13, "HTTP/1.0 200 OK\r\n\r\n"),
    ORDINARY("200 of HTTP/3.7", 200, R6455_4_1_13, "HTTP/3.7 200 OK\r\n\r\n"),
    ORDINARY("426", 426, R6455_4_1_13, OF("426", UPGRADE CONNECTION)),
    ORDINARY("426 with a version", 426, R6455_4_4_2, OF("426", "sec-websocket-version: 13\r\n")),
    ORDINARY("400 with versions", 400, R6455_4_4_2,
             OF("400", "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 8, 7\r\n")),
    ORDINARY("401 with a version", 401, R6455_4_1_13, OF("401", "Sec-WebSocket-Version: 13\r\n")),

    /* a 101 that does not answer */
    FAILS("of HTTP/1.0", 101, R9110_15_2_1, WITH_LINE("HTTP/1.0 101 X")),
    FAILS("of HTTP/2.0", 101, R9112_2_3_2, WITH_LINE("HTTP/2.0 101 X")),
    FAILS("of HTTP/0.1", 101, R9112_2_3_2, WITH_LINE("HTTP/0.1 101 X")),
    FAILS("no fields", 101, R6455_4_1_14, LINE END),
    FAILS("no Upgrade", 101, R6455_4_1_14, LINE CONNECTION ACCEPT END),
    FAILS("empty Upgrade", 101, R6455_4_1_14, WITH_UPGRADE("")),
    FAILS("Upgrade of commas", 101, R6455_4_1_14, WITH_UPGRADE(" , ,")),
    FAILS("other Upgrade", 101, R6455_4_1_14, WITH_UPGRADE("h2c")),
    FAILS("start of Upgrade", 101, R6455_4_1_14, WITH_UPGRADE("web")),
    FAILS("Upgrade and more", 101, R6455_4_1_14, WITH_UPGRADE("websockets")),
    FAILS("Upgrade with a version", 101, R6455_4_1_14, WITH_UPGRADE("websocket/13")),
    FAILS("two members", 101, R6455_4_1_14, WITH_UPGRADE("foo, websocket")),
    FAILS("two members, the first ours", 101, R6455_4_1_14, WITH_UPGRADE("websocket, foo")),
    FAILS("the same twice", 101, R6455_4_1_14, WITH_UPGRADE("websocket, websocket")),
    FAILS("the same on two lines", 101, R6455_4_1_14, LINE UPGRADE UPGRADE CONNECTION ACCEPT END),
    FAILS("Upgrade in quotes", 101, R6455_4_1_14, WITH_UPGRADE("\"websocket\"")),
    FAILS("Upgrade of another alphabet", 101, R6455_4_1_14, WITH_UPGRADE("web\xc5\xbfocket")),
    FAILS("no Connection", 101, R6455_4_1_15, LINE UPGRADE ACCEPT END),
    FAILS("empty Connection", 101, R6455_4_1_15, WITH_CONNECTION("")),
    FAILS("start of upgrade", 101, R6455_4_1_15, WITH_CONNECTION("up")),
    FAILS("close", 101, R6455_4_1_15, WITH_CONNECTION("close")),
    FAILS("upgrade and more", 101, R6455_4_1_15, WITH_CONNECTION("upgrades, xupgrade")),
    FAILS("no accept value", 101, R6455_4_1_16, LINE UPGRADE CONNECTION END),
    FAILS("empty accept value", 101, R6455_4_1_16, WITH_ACCEPT("")),
    FAILS("start of it", 101, R6455_4_1_16, WITH_ACCEPT("s")),
    FAILS("27 octets of it", 101, R6455_4_1_16, WITH_ACCEPT("s3pPLMBiTxaQ9kYGzzhZRbK+xOo")),
    FAILS("29 octets", 101, R6455_4_1_16, WITH_ACCEPT("s3pPLMBiTxaQ9kYGzzhZRbK+xOo==")),
    FAILS("in other case", 101, R6455_4_1_16, WITH_ACCEPT("S3PplmbItXAq9KygZZHzrBk+XoO=")),
    FAILS("other pad bits", 101, R6455_4_1_16, WITH_ACCEPT("s3pPLMBiTxaQ9kYGzzhZRbK+xOp=")),
    FAILS("first octet other", 101, R6455_4_1_16, WITH_ACCEPT("t3pPLMBiTxaQ9kYGzzhZRbK+xOo=")),
    FAILS("last octet other", 101, R6455_4_1_16, WITH_ACCEPT("s3pPLMBiTxaQ9kYGzzhZRbK+xOoA")),
    FAILS("the key itself", 101, R6455_4_1_16, WITH_ACCEPT("dGhlIHNhbXBsZSBub25jZQ==")),
    FAILS("of another key", 101, R6455_4_1_16, WITH_ACCEPT("HkPsVga7+8LuxM4RGQ5p9tZHeYs=")),
    FAILS("as a list", 101, R6455_4_1_16,
          WITH_ACCEPT("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=,s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")),
    FAILS("twice", 101, R6455_11_3_3_1, WITH(ACCEPT)),
    FAILS("twice, the first right", 101, R6455_11_3_3_1, WITH("Sec-WebSocket-Accept:\r\n")),
    FAILS("Content-Length", 101, R9110_8_6_1, WITH("Content-Length: 5\r\n")),
    FAILS("Content-Length of zero", 101, R9110_8_6_1, WITH("Content-Length: 0\r\n")),
    FAILS("Transfer-Encoding", 101, R9112_6_1_1, WITH("Transfer-Encoding: chunked\r\n")),
    FAILS("empty Transfer-Encoding", 101, R9112_6_1_1, WITH("Transfer-Encoding:\r\n")),
    FAILS("subprotocol not offered", 101, R6455_4_1_18, WITH_PROTOCOL("cha")),
    FAILS("subprotocol in other case", 101, R6455_4_1_18, WITH_PROTOCOL("Chat")),
    FAILS("subprotocol and more", 101, R6455_4_1_18, WITH_PROTOCOL("chatx")),
    FAILS("two subprotocols", 101, R6455_4_3_3, WITH_PROTOCOL("chat, superchat")),
    FAILS("subprotocol with a comma", 101, R6455_4_3_3, WITH_PROTOCOL("chat,")),
    FAILS("empty subprotocol", 101, R6455_4_3_3, WITH_PROTOCOL("")),
    FAILS("subprotocol of whitespace", 101, R6455_4_3_3, WITH_PROTOCOL(" \t")),
    FAILS("subprotocol on two lines", 101, R6455_11_3_4_1,
          WITH("Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Protocol: chat\r\n")),
    FAILS("extension", 101, R6455_4_1_17, WITH("Sec-WebSocket-Extensions: permessage-deflate\r\n")),
    FAILS("empty extension", 101, R6455_4_1_17, WITH("Sec-WebSocket-Extensions:\r\n")),
    FAILS("extensions on two lines", 101, R6455_11_3_2_1,
          WITH("Sec-WebSocket-Extensions: a\r\nSec-WebSocket-Extensions: b\r\n")),

    /* heads that are none */
    BREAKS("no HTTP-version", R9112_2_3_1, "101 Switching Protocols\r\n"),
    BREAKS("empty line first", R9112_2_3_1, "\r\n"),
    BREAKS("seven octets", R9112_2_3_1, "HTTP/1.\r\n"),
    BREAKS("version in lower case", R9112_2_3_1, "http/1.1 101 X\r\n"),
    BREAKS("version of two digits", R9112_2_3_1, "HTTP/11.1 101 X\r\n"),
    BREAKS("request-line", R9112_2_3_1, "GET / HTTP/1.1\r\n"),
    BREAKS("minor version of two digits", R9112_4_1, "HTTP/1.10 101 X\r\n"),
    BREAKS("version alone", R9112_4_1, "HTTP/1.1\r\n"),
    BREAKS("no status", R9112_4_1, "HTTP/1.1 \r\n"),
    BREAKS("status of two digits", R9112_4_1, "HTTP/1.1 10 X\r\n"),
    BREAKS("status of four digits", R9112_4_1, "HTTP/1.1 1011 X\r\n"),
    BREAKS("status of letters", R9112_4_1, "HTTP/1.1 1O1 X\r\n"),
    BREAKS("no SP behind the status", R9112_4_1, "HTTP/1.1 101\r\n"),
    BREAKS("HTAB behind the status", R9112_4_1, "HTTP/1.1 101\tX\r\n"),
    BREAKS("two SP before the status", R9112_4_1, "HTTP/1.1  101 X\r\n"),
    BREAKS("bare LF", R9112_2_2_2, "HTTP/1.1 101 X\n"),
    BREAKS("bare CR", R9112_2_2_3, "HTTP/1.1 101 X\rX"),
    BREAKS("CR CR LF", R9112_2_2_3, "HTTP/1.1 101 X\r\r"),
    BREAKS("NUL in the reason", R9110_5_5_2, "HTTP/1.1 101 X\0"),
    BREAKS("control octet in the reason", R9110_5_5_3, "HTTP/1.1 101 \x7f"),
    BREAKS("SP before the first field", R9112_2_2_5, LINE " "),
    BREAKS("fold", R9112_5_2_3, LINE UPGRADE " "),
    BREAKS("NUL in a value", R9110_5_5_2, LINE FIELDS "X: a\0"),
    BREAKS("control octet in a value", R9110_5_5_3, LINE FIELDS "X: \x1b"),
    BREAKS("LF in a value", R9112_2_2_2, LINE "Upgrade: websocket\n"),
    BREAKS("SP before the colon", R9112_5_1_1, LINE "Connection : Upgrade\r\n"),
    BREAKS("no colon", R9112_5_1, LINE "Upgrade\r\n"),
    BREAKS("no name", R9112_5_1, LINE ": websocket\r\n"),
    BREAKS("empty line of CR alone", R9112_2_2_3, LINE FIELDS "\rX"),
    BREAKS("second head malformed", R9112_4_1, EARLY_HINTS "HTTP/1.1 101\r\n"),
    BREAKS("a 200 with a fold", R9112_5_2_3, "HTTP/1.1 200 X\r\nA: b\r\n\t"),

    /* not yet anything */
    MORE("no octets", ""),
    MORE("one octet", "H"),
    MORE("no end", LINE FIELDS),
    MORE("CR of the end", LINE FIELDS "\r"),
    MORE("an interim head", EARLY_HINTS),
    MORE("an interim head and more", EARLY_HINTS LINE FIELDS),
};

#endif
