/* texts.h: the fixed octets of every answer (RFC 9110 section 15, RFC 6455 section 4.2.2), the one
 * place for each; and putting texts one behind the other. The NUL that ends each in C is never
 * sent. */
#ifndef UPH_TEXTS_H
#define UPH_TEXTS_H

#include "caller.h"

#include <stdint.h>

#define CRLF "\r\n"
#define END CRLF CRLF

static const uint8_t CONTINUE[] = "HTTP/1.1 100 Continue" END;
static const uint8_t WEBSOCKET[] = "HTTP/1.1 101 Switching Protocols" CRLF "Upgrade: websocket" CRLF
                                   "Connection: Upgrade" CRLF "Sec-WebSocket-Accept: ";
/* Of another protocol: what the row names follows, and then the next. */
static const uint8_t SWITCHING[] = "HTTP/1.1 101 Switching Protocols" CRLF "Upgrade: ";
static const uint8_t SWITCHED[] = CRLF "Connection: Upgrade";
/* RFC 9297 section 3.4. */
static const uint8_t CAPSULE[] = CRLF "Capsule-Protocol: ?1";
static const uint8_t PROTOCOL[] = CRLF "Sec-WebSocket-Protocol: ";
static const uint8_t EXTENSIONS[] = CRLF "Sec-WebSocket-Extensions: ";
static const uint8_t HEAD_END[] = END;
/* The status-line of each refusal, with the fields that it must have. */
static const uint8_t TEXT_400[] = "HTTP/1.1 400 Bad Request";
/* RFC 6455 section 4.4: a version error names the version that is spoken. */
static const uint8_t TEXT_400_VERSION[] =
    "HTTP/1.1 400 Bad Request" CRLF "Sec-WebSocket-Version: 13";
static const uint8_t TEXT_401[] = "HTTP/1.1 401 Unauthorized";
static const uint8_t TEXT_403[] = "HTTP/1.1 403 Forbidden";
static const uint8_t TEXT_405_GET[] = "HTTP/1.1 405 Method Not Allowed" CRLF "Allow: GET";
static const uint8_t TEXT_405_OPTIONS[] = "HTTP/1.1 405 Method Not Allowed" CRLF "Allow: OPTIONS";
static const uint8_t TEXT_405_BOTH[] = "HTTP/1.1 405 Method Not Allowed" CRLF "Allow: GET, OPTIONS";
static const uint8_t TEXT_413[] = "HTTP/1.1 413 Content Too Large";
static const uint8_t TEXT_414[] = "HTTP/1.1 414 URI Too Long";
static const uint8_t TEXT_417[] = "HTTP/1.1 417 Expectation Failed";
/* RFC 9110 section 15.5.22: what is required follows. */
static const uint8_t TEXT_426[] = "HTTP/1.1 426 Upgrade Required" CRLF "Upgrade: ";
static const uint8_t TEXT_431[] = "HTTP/1.1 431 Request Header Fields Too Large";
static const uint8_t TEXT_501[] = "HTTP/1.1 501 Not Implemented";
static const uint8_t TEXT_505[] = "HTTP/1.1 505 HTTP Version Not Supported";
static const uint8_t NAME[] = "websocket";
static const uint8_t CLOSE[] = CRLF "Connection: close";
/* RFC 9110 section 7.8: who sends Upgrade lists it in Connection. */
static const uint8_t CLOSE_UPGRADE[] = CRLF "Connection: close, Upgrade";
static const uint8_t VERSION[] = CRLF "Sec-WebSocket-Version: 13";
static const uint8_t LENGTH[] = CRLF "Content-Length: 0";
/* RFC 9110 section 15.5.2: the challenge follows. */
static const uint8_t CHALLENGE[] = CRLF "WWW-Authenticate: ";

/* How many pieces an answer has, and how many octets of each text are sent. */
enum {
    UPH_PARTS = 8,
    CONTINUE_SIZE = sizeof CONTINUE - 1,
    WEBSOCKET_SIZE = sizeof WEBSOCKET - 1,
    SWITCHING_SIZE = sizeof SWITCHING - 1,
    SWITCHED_SIZE = sizeof SWITCHED - 1,
    CAPSULE_SIZE = sizeof CAPSULE - 1,
    PROTOCOL_SIZE = sizeof PROTOCOL - 1,
    EXTENSIONS_SIZE = sizeof EXTENSIONS - 1,
    HEAD_END_SIZE = sizeof HEAD_END - 1,
    TEXT_400_SIZE = sizeof TEXT_400 - 1,
    TEXT_400_VERSION_SIZE = sizeof TEXT_400_VERSION - 1,
    TEXT_401_SIZE = sizeof TEXT_401 - 1,
    TEXT_403_SIZE = sizeof TEXT_403 - 1,
    TEXT_405_GET_SIZE = sizeof TEXT_405_GET - 1,
    TEXT_405_OPTIONS_SIZE = sizeof TEXT_405_OPTIONS - 1,
    TEXT_405_BOTH_SIZE = sizeof TEXT_405_BOTH - 1,
    TEXT_413_SIZE = sizeof TEXT_413 - 1,
    TEXT_414_SIZE = sizeof TEXT_414 - 1,
    TEXT_417_SIZE = sizeof TEXT_417 - 1,
    TEXT_426_SIZE = sizeof TEXT_426 - 1,
    TEXT_431_SIZE = sizeof TEXT_431 - 1,
    TEXT_501_SIZE = sizeof TEXT_501 - 1,
    TEXT_505_SIZE = sizeof TEXT_505 - 1,
    NAME_SIZE = sizeof NAME - 1,
    CLOSE_SIZE = sizeof CLOSE - 1,
    CLOSE_UPGRADE_SIZE = sizeof CLOSE_UPGRADE - 1,
    VERSION_SIZE = sizeof VERSION - 1,
    LENGTH_SIZE = sizeof LENGTH - 1,
    CHALLENGE_SIZE = sizeof CHALLENGE - 1
};

#ifdef __FRAMAC__
/*@ // out overlaps none of the texts above. They are constant, so no caller could do otherwise; the
  // proof wants it said.
  predicate ApartFromTexts(uint8_t *out, integer size) =
     ApartFromText(out, size, (uint8_t *)&CONTINUE[0]) &&
     ApartFromText(out, size, (uint8_t *)&WEBSOCKET[0]) &&
     ApartFromText(out, size, (uint8_t *)&SWITCHING[0]) &&
     ApartFromText(out, size, (uint8_t *)&SWITCHED[0]) &&
     ApartFromText(out, size, (uint8_t *)&CAPSULE[0]) &&
     ApartFromText(out, size, (uint8_t *)&PROTOCOL[0]) &&
     ApartFromText(out, size, (uint8_t *)&EXTENSIONS[0]) &&
     ApartFromText(out, size, (uint8_t *)&HEAD_END[0]) &&
     ApartFromText(out, size, (uint8_t *)&TEXT_400[0]) &&
     ApartFromText(out, size, (uint8_t *)&TEXT_400_VERSION[0]) &&
     ApartFromText(out, size, (uint8_t *)&TEXT_401[0]) &&
     ApartFromText(out, size, (uint8_t *)&TEXT_403[0]) &&
     ApartFromText(out, size, (uint8_t *)&TEXT_405_GET[0]) &&
     ApartFromText(out, size, (uint8_t *)&TEXT_405_OPTIONS[0]) &&
     ApartFromText(out, size, (uint8_t *)&TEXT_405_BOTH[0]) &&
     ApartFromText(out, size, (uint8_t *)&TEXT_413[0]) &&
     ApartFromText(out, size, (uint8_t *)&TEXT_414[0]) &&
     ApartFromText(out, size, (uint8_t *)&TEXT_417[0]) &&
     ApartFromText(out, size, (uint8_t *)&TEXT_426[0]) &&
     ApartFromText(out, size, (uint8_t *)&TEXT_431[0]) &&
     ApartFromText(out, size, (uint8_t *)&TEXT_501[0]) &&
     ApartFromText(out, size, (uint8_t *)&TEXT_505[0]) &&
     ApartFromText(out, size, (uint8_t *)&NAME[0]) &&
     ApartFromText(out, size, (uint8_t *)&CLOSE[0]) &&
     ApartFromText(out, size, (uint8_t *)&CLOSE_UPGRADE[0]) &&
     ApartFromText(out, size, (uint8_t *)&VERSION[0]) &&
     ApartFromText(out, size, (uint8_t *)&LENGTH[0]) &&
     ApartFromText(out, size, (uint8_t *)&CHALLENGE[0]);
*/
#endif

#ifdef __FRAMAC__
#ifndef UPHELD_RUNTIME_CONTRACTS
/*@ // From out[at] on stand, at Q, the n octets that were at p at P.
  predicate TextAt{P, Q}(uint8_t *out, integer at, uint8_t *p, integer n) =
     \forall integer i; 0 <= i < n ==> \at(out[at + i], Q) == \at(p[i], P); */
#endif
#endif

/* Puts the texts of an answer, which are `size` octets, one behind the other. */
/*@ requires readable: ReadableSpan(a) && ReadableSpan(b) && ReadableSpan(c) && ReadableSpan(d) &&
                       ReadableSpan(e) && ReadableSpan(f) && ReadableSpan(g) && ReadableSpan(h);
    requires bounded:  a.n <= UPHELD_TEXT_MAX && b.n <= UPHELD_TEXT_MAX &&
                       c.n <= UPHELD_TEXT_MAX && d.n <= UPHELD_TEXT_MAX &&
                       e.n <= UPHELD_TEXT_MAX && f.n <= UPHELD_TEXT_MAX &&
                       g.n <= UPHELD_TEXT_MAX && h.n <= UPHELD_TEXT_MAX;
    requires sum:      size == a.n + b.n + c.n + d.n + e.n + f.n + g.n + h.n;
    requires writable: \valid(out + (0 .. size - 1));
    requires apart:    \separated(a.p + (0 .. a.n - 1), out + (0 .. size - 1)) &&
                       \separated(b.p + (0 .. b.n - 1), out + (0 .. size - 1)) &&
                       \separated(c.p + (0 .. c.n - 1), out + (0 .. size - 1)) &&
                       \separated(d.p + (0 .. d.n - 1), out + (0 .. size - 1)) &&
                       \separated(e.p + (0 .. e.n - 1), out + (0 .. size - 1)) &&
                       \separated(f.p + (0 .. f.n - 1), out + (0 .. size - 1)) &&
                       \separated(g.p + (0 .. g.n - 1), out + (0 .. size - 1)) &&
                       \separated(h.p + (0 .. h.n - 1), out + (0 .. size - 1));
    terminates \true;
    assigns out[0 .. size - 1];
    ensures a: UPH_EXACT(TextAt{Pre, Post}(out, 0, (uint8_t *)a.p, a.n));
    ensures b: UPH_EXACT(TextAt{Pre, Post}(out, a.n, (uint8_t *)b.p, b.n));
    ensures c: UPH_EXACT(TextAt{Pre, Post}(out, a.n + b.n, (uint8_t *)c.p, c.n));
    ensures d: UPH_EXACT(TextAt{Pre, Post}(out, a.n + b.n + c.n, (uint8_t *)d.p, d.n));
    ensures e: UPH_EXACT(TextAt{Pre, Post}(out, a.n + b.n + c.n + d.n, (uint8_t *)e.p, e.n));
    ensures f: UPH_EXACT(TextAt{Pre, Post}(out, a.n + b.n + c.n + d.n + e.n, (uint8_t *)f.p, f.n));
    ensures g: UPH_EXACT(TextAt{Pre, Post}(out, a.n + b.n + c.n + d.n + e.n + f.n, (uint8_t *)g.p,
      g.n));
    ensures h: UPH_EXACT(TextAt{Pre, Post}(out, a.n + b.n + c.n + d.n + e.n + f.n + g.n,
      (uint8_t *)h.p, h.n)); */
void uph_texts_put(uint8_t *out, size_t size, struct upheld_span a, struct upheld_span b,
                   struct upheld_span c, struct upheld_span d, struct upheld_span e,
                   struct upheld_span f, struct upheld_span g, struct upheld_span h);

#endif
