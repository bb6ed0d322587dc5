/* upheld.h: the only header that a user of the core includes.
 *
 * The HTTP/1.1 Upgrade handshake to WebSocket, octets in, a decision, octets out. A server decides
 * a request and writes the answer; a client writes the request and decides the reply. Nothing is
 * copied, allocated or kept between calls; the caller owns every buffer. All functions are pure but
 * for the output buffers that they name, and are safe to call from any number of threads. Clause
 * ids are explained in clauses.def.
 */
#ifndef UPHELD_H
#define UPHELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define UPHELD_VERSION "0.1.0"

/* Octets of a Sec-WebSocket-Key and of a Sec-WebSocket-Accept (RFC 6455 sections 4.1, 4.2.2). */
#define UPHELD_KEY_SIZE 24
#define UPHELD_ACCEPT_SIZE 28
/* Octets that a key is the base64 of (RFC 6455 section 4.1 item 7). */
#define UPHELD_NONCE_SIZE 16

/* No limit may exceed this many octets (or field lines); upheld_policy_check() says so. */
#define UPHELD_LIMIT_MAX 16777216u

/* At most so many rows of protocols in one policy. */
#define UPHELD_PROTOCOLS_MAX 16u

/* At most so many subprotocols, and so many origins, in one policy; octets in each, and in the
 * challenge. */
#define UPHELD_NAMES_MAX 64u
#define UPHELD_TEXT_MAX 1024u

/* Greatest size of what upheld_extensions_write() writes, in octets. */
#define UPHELD_EXTENSIONS_SIZE 128

/* Octets of a client's request-target and of each field value that it adds, at most. RFC 9112
 * section 3 asks servers to take request-lines of 8000, and many take no longer field line. */
#define UPHELD_VALUE_MAX 8000u

/* Heads of 1xx before the answer that a client may take: enough for 100, 102 and a few 103. */
#define UPHELD_INTERIM_DEFAULT 16

/* Value of upheld_decision.protocol, and of .subprotocol there and in upheld_reply, for none. */
#define UPHELD_NONE 0xffffffffu

/* Octets p[0 .. n-1]; p may be null when n is 0. */
struct upheld_span {
    const uint8_t *p;
    size_t n;
};

/* The clause that decided, by its id in clauses.def. */
enum upheld_clause {
#define UPHELD_CLAUSE(name, id, status, where, text) UPHELD_##name,
#include "clauses.def"
#undef UPHELD_CLAUSE
    UPHELD_CLAUSE_COUNT
};

enum upheld_verdict {
    UPHELD_MORE = 0, /* not decided yet: present the same octets again with more behind them */
    UPHELD_SWITCH,   /* answer 101 (after 100 if continue_first) and speak WebSocket */
    UPHELD_IGNORE,   /* go on as if Upgrade were absent: an ordinary HTTP answer */
    UPHELD_REFUSE    /* answer with `status`, then close if `close` */
};

/* What the caller found about the peer before it asks for the decision. Zero grants nothing. */
enum upheld_access {
    UPHELD_UNDECIDED = 0,   /* nothing was stated: refused like UPHELD_FORBIDDEN */
    UPHELD_GRANTED,         /* the only value on which a request can be switched */
    UPHELD_UNAUTHENTICATED, /* 401 with upheld_policy.challenge (RFC 9110 section 15.5.2) */
    UPHELD_FORBIDDEN        /* 403 */
};

/* Greatest sizes accepted; at one more, the request is refused where that octet stands. */
struct upheld_limits {
    uint32_t target; /* octets of the request-target, else 414 (RFC 9112 section 3) */
    uint32_t line;   /* octets of one line without CRLF, else 414 or 431 */
    uint32_t head;   /* octets of the whole head, empty lines before it included, else 431; 414
                        while the request-line has not ended */
    uint32_t fields; /* field lines, else 431 (RFC 6585 section 5) */
};

/* RFC 9112 section 3 recommends at least 8000 octets of request-line. */
#define UPHELD_LIMITS_DEFAULT { 8000, 16384, 65536, 128 }

/* Methods on which a protocol can be asked for; any other gets 405 with Allow. */
enum upheld_methods { UPHELD_GET = 0, UPHELD_OPTIONS, UPHELD_GET_OPTIONS, UPHELD_ANY_METHOD };

/* What else must hold before a request is switched to a protocol. */
enum upheld_checks {
    UPHELD_CHECKS_NONE = 0,
    UPHELD_CHECKS_WEBSOCKET, /* RFC 6455 section 4.2.1 */
    UPHELD_CHECKS_CAPSULE,   /* nothing; the 101 carries Capsule-Protocol: ?1 (RFC 9297) */
    UPHELD_CHECKS_H2C        /* one well-formed HTTP2-Settings that Connection lists (RFC 7540) */
};

/* A protocol that a resource can be upgraded to (RFC 9110 section 7.8). Spans are the caller's. */
struct upheld_protocol {
    struct upheld_span name;    /* a token in lower case; the client may write any case */
    struct upheld_span version; /* what must stand behind "/", octet for octet; empty: nothing */
    struct upheld_span answer;  /* what Upgrade of the 101 says, lowest layer first; visible ASCII,
                                   SP inside. WebSocket's is always "websocket" */
    enum upheld_methods methods;
    bool body; /* a request with a body may be switched once the caller has read the body */
    enum upheld_checks checks;
};

/* The protocols that IANA has registered and that have a row in the core. */
enum upheld_registered {
    UPHELD_WEBSOCKET = 0, /* RFC 6455 */
    UPHELD_TLS,           /* TLS/1.0, RFC 2817 */
    UPHELD_CONNECT_UDP,   /* RFC 9298 */
    UPHELD_CONNECT_IP,    /* RFC 9484 */
    UPHELD_H2C            /* RFC 7540 section 3.2; obsolete, so only with allow_h2c */
};

/* permessage-deflate (RFC 7692): what a server agrees to, or what a client offers. All zero: not at
 * all. A window of b bits is 2^b octets; 0 stands for what RFC 7692 takes where nothing is said. */
struct upheld_deflate {
    bool enabled;                    /* otherwise every offer is declined, and none is made */
    bool server_no_context_takeover; /* the server compresses each message on its own (7.1.1.1) */
    bool client_no_context_takeover; /* the client does: it must (server), it will (client) */
    uint8_t server_max_window_bits;  /* of the server at most, 8 to 15 (7.1.2.1); 0: 15 */
    uint8_t client_max_window_bits;  /* of the client at most, 8 to 15 (7.1.2.2); 0: 15. A server
                                        with less declines an offer that does not let it say so */
    uint8_t min_window_bits; /* least window that this side can compress with, 8 to 15; 0: 9, which
                                is zlib's. Who is told to use less declines, or fails as a client */
};

/* What both sides agreed on for permessage-deflate (RFC 7692 section 5). All zero: nothing. */
struct upheld_agreed {
    bool deflate;
    bool server_no_context_takeover; /* the server compresses each message on its own */
    bool client_no_context_takeover; /* the client does */
    uint8_t server_max_window_bits;  /* 8 to 15: window that the server compresses with, at most */
    uint8_t client_max_window_bits;  /* the same of the client */
    bool server_bits_named;          /* the answer names server_max_window_bits */
    bool client_bits_named;          /* the answer names client_max_window_bits */
};

/* What this resource offers, and what the caller already knows. Spans stay the caller's. */
struct upheld_policy {
    struct upheld_limits limits;
    enum upheld_access access;
    struct upheld_span challenge; /* WWW-Authenticate of a 401: visible ASCII, SP inside */
    const struct upheld_protocol *protocols; /* in preference; none: WebSocket alone */
    uint32_t protocol_count;                 /* at most UPHELD_PROTOCOLS_MAX */
    const struct upheld_span *subprotocols;  /* spoken here; each a token (RFC 6455 11.3.4) */
    uint32_t subprotocol_count;              /* at most UPHELD_NAMES_MAX */
    const struct upheld_span *origins;       /* allowed, serialized, lower case; none: no rule */
    uint32_t origin_count;                   /* at most UPHELD_NAMES_MAX */
    /* Upgrade of the 426 with which a request is refused that asks for no protocol of this
     * resource (RFC 9110 section 15.5.22): visible ASCII, SP inside. Empty: it is ignored, and
     * goes on as ordinary HTTP. */
    struct upheld_span required;
    struct upheld_deflate deflate; /* permessage-deflate (RFC 7692); all zero: never agreed to */
    /* Greatest Content-Length, in octets, that the caller reads before 101; over it 413. 0: an
     * upgrade with a body is ignored. */
    uint32_t body_limit;
    bool origin_optional;    /* with a rule, also take requests without Origin */
    bool prefer_own;         /* the policy's order of (sub)protocols counts, not the client's */
    bool subprotocol_needed; /* refuse if the client offers some and none is spoken here */
    bool canonical_key;      /* refuse a key whose last pad bits are not zero (erratum 3150) */
    bool keep_alive;         /* a 401, 403, 405 or 426 on a request without body does not close */
    bool secure;             /* the connection is TLS: no h2c on it */
    bool allow_h2c;          /* the policy may hold the row of the obsolete h2c */
    bool bare_lf; /* leniency: LF alone also ends a line behind the empty lines (RFC 9112 2.2) */
};

enum upheld_policy_error {
    UPHELD_POLICY_OK = 0,
    UPHELD_POLICY_LIMIT,       /* a limit is 0 or above UPHELD_LIMIT_MAX */
    UPHELD_POLICY_COUNT,       /* more than UPHELD_NAMES_MAX names, or names without a list */
    UPHELD_POLICY_PROTOCOL,    /* a row is malformed, stands twice, or has not the checks that
                                  belong to its name; or h2c without allow_h2c */
    UPHELD_POLICY_SUBPROTOCOL, /* a subprotocol is no token of at most UPHELD_TEXT_MAX octets, or
                                  stands twice */
    UPHELD_POLICY_ORIGIN,      /* an origin is empty, too long, or not lower-case visible ASCII */
    UPHELD_POLICY_REQUIRED,    /* what the 426 names is no field value */
    UPHELD_POLICY_CHALLENGE,   /* 401 is asked for, and the challenge is empty or no field value */
    UPHELD_POLICY_DEFLATE      /* window bits that are neither 0 nor 8 to 15, or a least window
                                  above server_max_window_bits */
};

/* What to do with a request. Offsets count from the first octet that was presented. */
struct upheld_decision {
    enum upheld_verdict verdict;
    enum upheld_clause clause; /* the clause that decided */
    uint16_t status;           /* 101, or the status to refuse with; 0 for MORE and IGNORE */
    bool continue_first;       /* 100 (Continue) goes before 101 (RFC 9110 section 7.8) */
    bool close;                /* the connection ends after the answer */
    uint32_t protocol;         /* index of the protocol asked for, the first being 0 also where the
                                  policy lists none; UPHELD_NONE before one was found */
    size_t consumed;           /* octets of the head with its empty line; 0 if it has not ended */
    size_t key_at;             /* SWITCH to WebSocket: where the 24 octets of the key start */
    uint32_t subprotocol;      /* SWITCH: index into policy->subprotocols, or UPHELD_NONE */
    uint32_t body_length;      /* octets of a body that is not chunked */
    struct upheld_agreed agreed; /* SWITCH to WebSocket: what is agreed on; the 101 says it */
    bool body_first;             /* SWITCH: a body follows; read it, after upheld_continue_write()
                                    if continue_first, and then send the 101 */
    bool body_chunked;           /* the body is chunked: mind policy->body_limit while reading */
};

/* The row of a protocol, for upheld_policy.protocols. Its texts are constant and the core's. */
struct upheld_protocol upheld_protocol_row(enum upheld_registered which);

/* Checks what the caller put into a policy; the other functions rely on it.
 * Returns UPHELD_POLICY_OK, or the first thing found wrong. */
enum upheld_policy_error upheld_policy_check(const struct upheld_policy *policy);

/* Decides the request that starts at p, of which n octets have arrived, whole or in part.
 *
 * p       octets as received, the caller's; may be null if n is 0
 * n       how many; octets behind the head are neither read nor judged
 * policy  accepted by upheld_policy_check()
 *
 * The verdict depends only on the shortest prefix that decides it: more octets never change it. */
struct upheld_decision upheld_request_decide(const uint8_t *p, size_t n,
                                             const struct upheld_policy *policy);

/* Writes the answer that a decision asks for: 101 with the accept value, or the refusal.
 *
 * p, n, policy  as given to upheld_request_decide(); the key is read at p[d.key_at]
 * d             what it returned
 * out, size     buffer of the caller's, which overlaps nothing else
 *
 * Returns the octets of the whole answer. They were written if the result is at most `size`;
 * otherwise out is untouched. 0: there is nothing to answer (MORE, IGNORE). */
size_t upheld_response_write(const uint8_t *p, size_t n, const struct upheld_policy *policy,
                             struct upheld_decision d, uint8_t *out, size_t size);

/* Writes the 100 (Continue) that goes before a body that is read before the 101: where
 * d.body_first and d.continue_first. Returns its octets, or 0 if there is none to send; they were
 * written if the result is at most `size`. upheld_response_write() then writes the 101 alone. */
size_t upheld_continue_write(struct upheld_decision d, uint8_t *out, size_t size);

/* ---- The client's side ------------------------------------------------------------------- */

/* One more field of a client's request. */
struct upheld_field_line {
    struct upheld_span name;  /* a token that is none of the names that the handshake uses */
    struct upheld_span value; /* without whitespace at its ends; may be empty */
};

/* What a client asks for. The request is written from it, and the reply is checked against it. All
 * spans stay the caller's. */
struct upheld_client {
    /* Of the reply: octets of a line, of all heads together, field lines of one head. At one more
     * the reply fails where that octet stands. `target` is not used. */
    struct upheld_limits limits;
    uint32_t interim; /* heads of 1xx other than 101 that are skipped, at least 1; at one more the
                         reply fails (RFC 9110 section 15.2) */
    /* upheld_key() of fresh random octets, for this connection alone. All zero: nothing was asked,
     * and no 101 is ever taken. */
    uint8_t key[UPHELD_KEY_SIZE];
    struct upheld_span host;   /* Host: uri-host [ ":" port ], not empty (RFC 9110 section 7.2) */
    struct upheld_span target; /* origin-form: a path, and a query (RFC 9112 section 3.2.1) */
    struct upheld_span origin; /* Origin, visible ASCII; empty: none is sent */
    const struct upheld_span *subprotocols; /* offered, in preference; tokens, each once */
    uint32_t subprotocol_count;             /* at most UPHELD_NAMES_MAX */
    struct upheld_deflate deflate;          /* permessage-deflate as it is offered; all zero: not */
    const struct upheld_field_line *fields; /* sent as they are: Cookie, Authorization .. */
    uint32_t field_count;                   /* at most UPHELD_NAMES_MAX */
    bool subprotocol_needed; /* with subprotocols offered, a 101 that names none fails, as browsers
                                 have it (WHATWG WebSockets, "establish a WebSocket connection") */
};

enum upheld_client_error {
    UPHELD_CLIENT_OK = 0,
    UPHELD_CLIENT_LIMIT,       /* a limit, or interim, is 0 or above UPHELD_LIMIT_MAX */
    UPHELD_CLIENT_COUNT,       /* more than UPHELD_NAMES_MAX of something, or some without a list */
    UPHELD_CLIENT_KEY,         /* not what upheld_key() writes */
    UPHELD_CLIENT_HOST,        /* empty, over UPHELD_TEXT_MAX octets, or no host with port */
    UPHELD_CLIENT_TARGET,      /* over UPHELD_VALUE_MAX octets, or not in origin-form */
    UPHELD_CLIENT_ORIGIN,      /* over UPHELD_TEXT_MAX octets, or not all of it visible ASCII */
    UPHELD_CLIENT_SUBPROTOCOL, /* no token of at most UPHELD_TEXT_MAX octets, or offered twice */
    UPHELD_CLIENT_FIELD,  /* a name that is no token of at most UPHELD_TEXT_MAX octets or one of
                                  the handshake's own, or a value that is over UPHELD_VALUE_MAX
                                  octets, holds a control octet but HTAB, or ends in whitespace */
    UPHELD_CLIENT_DEFLATE /* window bits that are neither 0 nor 8 to 15, or a least window above
                             client_max_window_bits */
};

enum upheld_reply_verdict {
    UPHELD_REPLY_MORE = 0, /* not decided yet: present the same octets again with more behind */
    UPHELD_REPLY_OK,       /* speak WebSocket from octet `consumed` on */
    UPHELD_REPLY_FAIL,     /* close the connection and use nothing of what came in */
    UPHELD_REPLY_HTTP      /* no 101: an ordinary HTTP response starts at `head_at` */
};

/* What a reply is. Offsets count from the first octet that was presented. */
struct upheld_reply {
    enum upheld_reply_verdict verdict;
    enum upheld_clause clause; /* the clause that decided */
    uint16_t status;           /* of the head that decided; 0 if none was read whole */
    size_t head_at;            /* where that head starts, behind those that were skipped */
    size_t consumed;      /* where it ends with its empty line; 0 for MORE and where it is broken */
    uint32_t subprotocol; /* OK: index into client->subprotocols, or UPHELD_NONE */
    struct upheld_agreed agreed; /* OK: what both sides hold to of permessage-deflate */
};

/* Writes the Sec-WebSocket-Key of 16 octets: their base64 (RFC 6455 section 4.1 item 7).
 *
 * nonce  drawn at random by the caller, for one connection, from a source that nobody can guess
 * key    24 octets of the caller's, overlapping nothing else; no NUL is added */
void upheld_key(const uint8_t nonce[UPHELD_NONCE_SIZE], uint8_t key[UPHELD_KEY_SIZE]);

/* Checks what the caller put into a client; the functions below rely on it. What it accepts is
 * written as a request that upheld_request_decide() switches, given limits that are large enough.
 * Returns UPHELD_CLIENT_OK, or the first thing found wrong. */
enum upheld_client_error upheld_client_check(const struct upheld_client *client);

/* Writes the request (RFC 6455 section 4.1).
 *
 * client     accepted by upheld_client_check()
 * out, size  buffer of the caller's, which overlaps nothing else
 *
 * Returns the octets of the whole request. They were written if the result is at most `size`;
 * otherwise out is untouched. Send nothing more before the reply is OK (RFC 9931). */
size_t upheld_request_write(const struct upheld_client *client, uint8_t *out, size_t size);

/* Decides the reply that starts at p, of which n octets have arrived, whole or in part.
 *
 * p       octets as received, the caller's; may be null if n is 0
 * n       how many; octets behind the head that decides are neither read nor judged
 * client  what the request was written from, accepted by upheld_client_check(). host, target,
 *         origin and fields play no part. With limits, interim and nothing else in it, it stands
 *         for a client that asked for no upgrade: the verdict is then never OK.
 *
 * The verdict depends only on the shortest prefix that decides it: more octets never change it.
 * OK is the verdict if and only if the reply is a 101 that RFC 6455 section 4.1 takes. Stricter
 * than RFC 9112 section 5.2 asks of a user agent: a folded field line fails. */
struct upheld_reply upheld_reply_decide(const uint8_t *p, size_t n,
                                        const struct upheld_client *client);

/* Whether a reply lists a version of the protocol in Sec-WebSocket-Version, to try again with
 * (RFC 6455 section 4.4). Meant for a reply decided by R6455-4.4-2.
 *
 * p, n     as given to upheld_reply_decide()
 * reply    what it returned
 * version  from 0 to 255 */
bool upheld_reply_version(const uint8_t *p, size_t n, struct upheld_reply reply, uint8_t version);

/* ---- Over HTTP/2 and HTTP/3 ---------------------------------------------------------------- */

/* Decides an Extended CONNECT (RFC 8441, RFC 9220): the decision on a WebSocket request whose
 * fields HTTP/2 or HTTP/3 has decoded. Key, Upgrade and Connection play no part there.
 *
 * fields  as they came, pseudo-fields (":method" ..) among them; the caller's
 * count   how many; at most policy->limits.fields are taken
 * policy  accepted by upheld_policy_check(). Of its limits, `line` is for each name and each value,
 *         `head` for all of them together.
 *
 * SWITCH: answer with `status`, 200, and with sec-websocket-protocol where d.subprotocol is not
 * UPHELD_NONE; the stream then carries the protocol. REFUSE: answer with `status`; with
 * sec-websocket-version: 13 where the clause is R6455-4.2.2-6, which is 400 here, since 426 needs
 * Upgrade. IGNORE: no :protocol, so no Extended CONNECT. Never MORE. consumed, key_at, close and
 * what is said of a body are 0: this decision is not for upheld_response_write(), which writes
 * HTTP/1.1. The setting that allows Extended CONNECT is the caller's to keep. */
struct upheld_decision upheld_connect_decide(const struct upheld_field_line *fields, uint32_t count,
                                             const struct upheld_policy *policy);

/* ---- Both sides -------------------------------------------------------------------------- */

/* Sec-WebSocket-Accept of a key: base64(SHA-1(key ++ GUID)) over the key as it stands in the
 * field, not decoded (RFC 6455 section 4.2.2 item 5.4). out overlaps key nowhere. */
void upheld_accept(const uint8_t key[UPHELD_KEY_SIZE], uint8_t out[UPHELD_ACCEPT_SIZE]);

/* Writes the value of Sec-WebSocket-Extensions that answers what was agreed, such as
 * "permessage-deflate; server_max_window_bits=10" (RFC 7692 section 7). upheld_response_write() has
 * it in its answer; this is for who writes answers of their own, over HTTP/2 for one.
 *
 * agreed     as decided
 * out, size  buffer of the caller's; UPHELD_EXTENSIONS_SIZE octets hold every value
 *
 * Returns the octets of the value. They were written if the result is at most `size`; otherwise
 * out is untouched. 0: nothing was agreed, and the field is not sent. */
size_t upheld_extensions_write(struct upheld_agreed agreed, uint8_t *out, size_t size);

/* Where the value of a name stands in the octets that were searched. */
struct upheld_value {
    bool found;
    bool again; /* the name has one more value behind this one. Who decides by a secret refuses
                   then: another reader may take the other (RFC 6265 section 4.2.2) */
    size_t at;  /* the value is p[at .. end-1]; an empty one has at == end; both 0 if not found */
    size_t end;
};

/* The next three find what a caller needs to state upheld_policy.access. He decides once with
 * UPHELD_UNDECIDED; if upheld_decision.consumed is above 0 then, a whole head stands at p. He
 * looks into it, and decides again.
 *
 * p, n  octets as given to upheld_request_decide(), the caller's; p may be null if n is 0. What
 *       stands behind the empty line that ends the head is not searched, nor what stands behind
 *       the first UPHELD_LIMIT_MAX octets. On octets that are no whole head the result has no
 *       meaning; it still lies within n
 * name  the name to find, the caller's; nothing has an empty one
 *
 * Nothing is decoded, unquoted or copied: %XX, "+" and DQUOTE come out as they stand, and count
 * in names as they stand: "%74oken" is not "token". The time taken is linear in n + name.n. */

/* Value of a parameter of the query: what stands between the first "?" of the request-target and
 * its end, in parameters that "&" separates (RFC 3986 section 3.4; the form is that of HTML's
 * application/x-www-form-urlencoded). A parameter's name ends at its first "="; one without "="
 * has an empty value. Names are compared octet for octet. The first one of the name counts. */
struct upheld_value upheld_query(const uint8_t *p, size_t n, struct upheld_span name);

/* Value of a cookie, out of all Cookie fields (RFC 6265 sections 4.2.1 and 5.4): pairs that ";"
 * separates, SP and HTAB around each left out. A pair's name ends at its first "="; what has no
 * "=" is no pair. Names are compared octet for octet. The first one of the name counts. */
struct upheld_value upheld_cookie(const uint8_t *p, size_t n, struct upheld_span name);

/* Value of a field (RFC 9110 section 5): of the line of that name, ASCII case apart, before which
 * `index` lines of the name stand; SP and HTAB around it left out. `again` says that index + 1 is
 * found as well. */
struct upheld_value upheld_field(const uint8_t *p, size_t n, struct upheld_span name,
                                 uint32_t index);

/* ---- Octets in pieces -------------------------------------------------------------------- */

/* What is known of the first `seen` octets of a request or a reply that is not decided: offsets and
 * counts, no pointer. The caller's, one for each request and each reply; zeroed before its first
 * octet, and not written to by him. Valid under the limits and bare_lf of one policy, or under the
 * limits and interim of one client. */
struct upheld_reader {
    uint32_t seen;    /* octets that were presented; 0: nothing is known */
    uint32_t at;      /* where the line starts that has not ended */
    uint32_t scanned; /* up to here it holds nothing that may not stand in a line */
    uint32_t lines;   /* whole lines of the head before it, empty ones apart */
    uint32_t space;   /* in a request-line: its first SP, or `scanned`; of a reply: where the head
                         starts that has not ended */
    uint32_t target;  /* and its second SP; of a reply: heads before it, all skipped */
};

/* upheld_request_decide(), for octets that come in pieces: the same decision in every part, but
 * octets that were presented before are not read again while the verdict is MORE. All calls
 * together take a time that is linear in the octets, whatever the pieces are.
 *
 * reader  zeroed before the first call; overlaps neither the octets nor the policy
 * p       all octets of the request so far, the caller's; null if n is 0. They may have moved
 *         since the last call; those that were there are the same
 * n       how many. A smaller one than before is decided from the start, as if there were no
 *         reader
 * policy  accepted by upheld_policy_check(); limits and bare_lf are the same for each call
 *
 * Once the verdict is not MORE, the request is decided: present no more of it. For the next request
 * of the connection, zero the reader. */
struct upheld_decision upheld_request_resume(struct upheld_reader *reader, const uint8_t *p,
                                             size_t n, const struct upheld_policy *policy);

/* upheld_reply_decide(), for octets that come in pieces: the same reply in every part, but octets
 * that were presented before are not read again while the verdict is MORE, and so no head that is
 * skipped. All calls together take a time that is linear in the octets, whatever the pieces are.
 *
 * reader  zeroed before the first call; overlaps neither the octets nor the client
 * p       all octets so far, those of skipped heads too, the caller's; null if n is 0. They may
 *         have moved since the last call; those that were there are the same
 * n       how many. A smaller one than before is decided from the start, as if there were no
 *         reader
 * client  what the request was written from, accepted by upheld_client_check(); limits and interim
 *         are the same for each call
 *
 * Once the verdict is not MORE, the reply is decided: present no more of it. */
struct upheld_reply upheld_reply_resume(struct upheld_reader *reader, const uint8_t *p, size_t n,
                                        const struct upheld_client *client);

/* Id of a clause ("R6455-4.2.1-5"), a constant string; "unknown" for what is no clause. With
 * UPHELD_CLAUSE_TEXTS defined before this header, upheld_clause_text() has a sentence for each;
 * `upheld explain` tells it all. */
const char *upheld_clause_id(enum upheld_clause clause);

#ifdef UPHELD_CLAUSE_TEXTS
/* What a clause demands, in a sentence; a constant string. Inline, so that the library goes without
 * five KiB that few programs ask for. */
static inline const char *upheld_clause_text(enum upheld_clause clause)
{
    switch (clause) {
#define UPHELD_CLAUSE(name, id, status, where, text)                                               \
    case UPHELD_##name:                                                                            \
        return text;
#include "clauses.def"
#undef UPHELD_CLAUSE
    default:
        return "no clause of this core";
    }
}
#endif

#ifdef __cplusplus
}
#endif

#endif
