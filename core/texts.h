/* texts.h: the fixed octets of every answer (RFC 9110 section 15, RFC 6455 section 4.2.2); the one
 * place for each. The NUL that ends each in C is never sent. */
#ifndef UPH_TEXTS_H
#define UPH_TEXTS_H

#include "contract.h"

#include <stdint.h>

#define CRLF "\r\n"
#define END CRLF CRLF
#define REFUSAL "Connection: close" CRLF "Content-Length: 0"

static const uint8_t CONTINUE[] = "HTTP/1.1 100 Continue" END;
static const uint8_t SWITCHING[] = "HTTP/1.1 101 Switching Protocols" CRLF "Upgrade: websocket" CRLF
                                   "Connection: Upgrade" CRLF "Sec-WebSocket-Accept: ";
static const uint8_t PROTOCOL[] = CRLF "Sec-WebSocket-Protocol: ";
static const uint8_t HEAD_END[] = END;
static const uint8_t TEXT_400[] = "HTTP/1.1 400 Bad Request" CRLF REFUSAL END;
/* RFC 6455 section 4.4: a version error names the version that is spoken. */
static const uint8_t TEXT_400_VERSION[] =
    "HTTP/1.1 400 Bad Request" CRLF "Sec-WebSocket-Version: 13" CRLF REFUSAL END;
/* RFC 9110 section 15.5.2: the challenge follows. */
static const uint8_t TEXT_401[] =
    "HTTP/1.1 401 Unauthorized" CRLF REFUSAL CRLF "WWW-Authenticate: ";
static const uint8_t TEXT_403[] = "HTTP/1.1 403 Forbidden" CRLF REFUSAL END;
static const uint8_t TEXT_405[] =
    "HTTP/1.1 405 Method Not Allowed" CRLF "Allow: GET" CRLF REFUSAL END;
static const uint8_t TEXT_414[] = "HTTP/1.1 414 URI Too Long" CRLF REFUSAL END;
static const uint8_t TEXT_417[] = "HTTP/1.1 417 Expectation Failed" CRLF REFUSAL END;
/* RFC 9110 sections 7.8 and 15.5.22: who sends Upgrade lists it in Connection. */
static const uint8_t TEXT_426[] =
    "HTTP/1.1 426 Upgrade Required" CRLF "Upgrade: websocket" CRLF "Connection: close, Upgrade" CRLF
    "Sec-WebSocket-Version: 13" CRLF "Content-Length: 0" END;
static const uint8_t TEXT_431[] = "HTTP/1.1 431 Request Header Fields Too Large" CRLF REFUSAL END;
static const uint8_t TEXT_501[] = "HTTP/1.1 501 Not Implemented" CRLF REFUSAL END;
static const uint8_t TEXT_505[] = "HTTP/1.1 505 HTTP Version Not Supported" CRLF REFUSAL END;

#ifdef __FRAMAC__
/*@ // out overlaps none of the texts above. They are constant, so no caller could do otherwise; the
  // proof wants it said.
  predicate ApartFromTexts(uint8_t *out, integer size) =
     \separated(out + (0 .. size - 1), CONTINUE + (..)) &&
     \separated(out + (0 .. size - 1), SWITCHING + (..)) &&
     \separated(out + (0 .. size - 1), PROTOCOL + (..)) &&
     \separated(out + (0 .. size - 1), HEAD_END + (..)) &&
     \separated(out + (0 .. size - 1), TEXT_400 + (..)) &&
     \separated(out + (0 .. size - 1), TEXT_400_VERSION + (..)) &&
     \separated(out + (0 .. size - 1), TEXT_401 + (..)) &&
     \separated(out + (0 .. size - 1), TEXT_403 + (..)) &&
     \separated(out + (0 .. size - 1), TEXT_405 + (..)) &&
     \separated(out + (0 .. size - 1), TEXT_414 + (..)) &&
     \separated(out + (0 .. size - 1), TEXT_417 + (..)) &&
     \separated(out + (0 .. size - 1), TEXT_426 + (..)) &&
     \separated(out + (0 .. size - 1), TEXT_431 + (..)) &&
     \separated(out + (0 .. size - 1), TEXT_501 + (..)) &&
     \separated(out + (0 .. size - 1), TEXT_505 + (..));
*/
#endif

#endif
