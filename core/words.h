/* words.h: the words of the protocol, in lower case; the one place for each. Code and formal
 * specification read the same tables; what they hold is proved to be what proofs/spec/texts.acsl
 * spells. */
#ifndef UPH_WORDS_H
#define UPH_WORDS_H

#include <stdint.h>

/* Field names: RFC 9110 sections 7.2, 7.6.1, 7.8, 8.6, 10.1.1; RFC 9112 section 6.1. */
static const uint8_t UPH_HOST[4] = { 'h', 'o', 's', 't' };
static const uint8_t UPH_EXPECT[6] = { 'e', 'x', 'p', 'e', 'c', 't' };
/* RFC 6265 section 5.4. */
static const uint8_t UPH_COOKIE[6] = { 'c', 'o', 'o', 'k', 'i', 'e' };
static const uint8_t UPH_ORIGIN[6] = { 'o', 'r', 'i', 'g', 'i', 'n' };
static const uint8_t UPH_CONNECTION[10] = { 'c', 'o', 'n', 'n', 'e', 'c', 't', 'i', 'o', 'n' };
static const uint8_t UPH_CONTENT_LENGTH[14] = { 'c', 'o', 'n', 't', 'e', 'n', 't',
                                                '-', 'l', 'e', 'n', 'g', 't', 'h' };
static const uint8_t UPH_TRANSFER_ENCODING[17] = { 't', 'r', 'a', 'n', 's', 'f', 'e', 'r', '-',
                                                   'e', 'n', 'c', 'o', 'd', 'i', 'n', 'g' };
/* RFC 7540 section 3.2.1, obsolete; both a field name and, in Connection, an option. */
static const uint8_t UPH_SETTINGS[14] = { 'h', 't', 't', 'p', '2', '-', 's',
                                          'e', 't', 't', 'i', 'n', 'g', 's' };
/* Field names: RFC 6455 section 11.3. */
static const uint8_t UPH_KEY[17] = { 's', 'e', 'c', '-', 'w', 'e', 'b', 's', 'o',
                                     'c', 'k', 'e', 't', '-', 'k', 'e', 'y' };
static const uint8_t UPH_ACCEPT[20] = { 's', 'e', 'c', '-', 'w', 'e', 'b', 's', 'o', 'c',
                                        'k', 'e', 't', '-', 'a', 'c', 'c', 'e', 'p', 't' };
static const uint8_t UPH_VERSION[21] = { 's', 'e', 'c', '-', 'w', 'e', 'b', 's', 'o', 'c', 'k',
                                         'e', 't', '-', 'v', 'e', 'r', 's', 'i', 'o', 'n' };
static const uint8_t UPH_PROTOCOL[22] = { 's', 'e', 'c', '-', 'w', 'e', 'b', 's', 'o', 'c', 'k',
                                          'e', 't', '-', 'p', 'r', 'o', 't', 'o', 'c', 'o', 'l' };
static const uint8_t UPH_EXTENSIONS[24] = { 's', 'e', 'c', '-', 'w', 'e', 'b', 's',
                                            'o', 'c', 'k', 'e', 't', '-', 'e', 'x',
                                            't', 'e', 'n', 's', 'i', 'o', 'n', 's' };
/* Upgrade is a field name and, in Connection, a connection option (RFC 9110 section 7.8). */
static const uint8_t UPH_UPGRADE[7] = { 'u', 'p', 'g', 'r', 'a', 'd', 'e' };

/* Pseudo-fields behind their colon: RFC 9113 section 8.3.1, RFC 8441 section 4. */
static const uint8_t UPH_METHOD[6] = { 'm', 'e', 't', 'h', 'o', 'd' };
static const uint8_t UPH_SCHEME[6] = { 's', 'c', 'h', 'e', 'm', 'e' };
static const uint8_t UPH_AUTHORITY[9] = { 'a', 'u', 't', 'h', 'o', 'r', 'i', 't', 'y' };
static const uint8_t UPH_PATH[4] = { 'p', 'a', 't', 'h' };
static const uint8_t UPH_STREAM_PROTOCOL[8] = { 'p', 'r', 'o', 't', 'o', 'c', 'o', 'l' };
/* Fields for one connection, and the one value of TE: RFC 9113 section 8.2.2. */
static const uint8_t UPH_KEEP_ALIVE[10] = { 'k', 'e', 'e', 'p', '-', 'a', 'l', 'i', 'v', 'e' };
static const uint8_t UPH_PROXY_CONNECTION[16] = { 'p', 'r', 'o', 'x', 'y', '-', 'c', 'o',
                                                  'n', 'n', 'e', 'c', 't', 'i', 'o', 'n' };
static const uint8_t UPH_TE[2] = { 't', 'e' };
static const uint8_t UPH_TRAILERS[8] = { 't', 'r', 'a', 'i', 'l', 'e', 'r', 's' };

/* Members of lists. */
static const uint8_t UPH_CLOSE[5] = { 'c', 'l', 'o', 's', 'e' };
static const uint8_t UPH_WEBSOCKET[9] = { 'w', 'e', 'b', 's', 'o', 'c', 'k', 'e', 't' };
static const uint8_t UPH_H2C[3] = { 'h', '2', 'c' };
static const uint8_t UPH_CHUNKED[7] = { 'c', 'h', 'u', 'n', 'k', 'e', 'd' };
static const uint8_t UPH_CONTINUE[12] = {
    '1', '0', '0', '-', 'c', 'o', 'n', 't', 'i', 'n', 'u', 'e'
};

/* URI schemes: the first four octets alone, or all five (RFC 9110 section 4.2). */
static const uint8_t UPH_HTTPS[5] = { 'h', 't', 't', 'p', 's' };

/* Methods, case-sensitive (RFC 9110 section 9.1). */
static const uint8_t UPH_GET[3] = { 'G', 'E', 'T' };
static const uint8_t UPH_CONNECT[7] = { 'C', 'O', 'N', 'N', 'E', 'C', 'T' };
static const uint8_t UPH_OPTIONS[7] = { 'O', 'P', 'T', 'I', 'O', 'N', 'S' };

#endif
