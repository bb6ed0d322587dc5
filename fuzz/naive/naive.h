/* naive.h: a second reading of the RFCs, for the fuzz targets to hold the core against.
 *
 * Written from the text of the RFCs, not from core/ or proofs/, and in another way on purpose:
 * it cuts the head into lines and fields first, allocates, and reads the same octets many times.
 * It shares no code with the core; from upheld.h it takes spans and the policy alone.
 */
#ifndef NAIVE_H
#define NAIVE_H

#include "../../core/upheld.h"

/* A list as comma-separated members, with SP and HTAB stripped (RFC 9110 5.6.1). */
struct naive_members {
    struct upheld_span rest; /* what has not been given out */
    bool ended;
};

bool naive_tchar(uint8_t octet);
bool naive_token(struct upheld_span s);
bool naive_one_of(uint8_t octet, const char *octets);
/* Equal to an ASCII literal: octet for octet, or with A-Z taken as a-z on both sides. */
bool naive_is(struct upheld_span s, const char *literal);
bool naive_is_any_case(struct upheld_span s, const char *literal);
bool naive_same(struct upheld_span a, struct upheld_span b);
bool naive_same_any_case(struct upheld_span a, struct upheld_span b);
struct upheld_span naive_strip(struct upheld_span s);
struct naive_members naive_list(struct upheld_span value);
/* Gives the next member that is not empty; false at the end. */
bool naive_next(struct naive_members *list, struct upheld_span *member);
/* Whether some member of the list equals the word, ASCII case aside. */
bool naive_list_has(struct upheld_span value, const char *word);

struct naive_field {
    struct upheld_span name, value; /* value without the whitespace at both ends */
};

/* A head (RFC 9112 2.1), cut up. */
struct naive_head {
    const char *broken; /* why it is no well-formed head; null if it is one */
    bool ended;         /* the empty line that ends it has arrived */
    size_t size;        /* octets up to and with that empty line, empty lines before included */
    size_t longest;     /* octets of its longest line, CR LF not counted */
    struct upheld_span method, target, version; /* of a request */
    unsigned status;                            /* of a response */
    struct naive_field *fields;
    size_t count;
};

/* Reads p[0 .. n-1]; lf: LF alone ends a line too, but no empty line before the request-line. The
 * fields are the caller's to free with naive_head_free(). */
struct naive_head naive_head_read(const uint8_t *p, size_t n, bool lf);
void naive_head_free(struct naive_head *head);
/* The same for the head of a response, before which nothing stands. */
struct naive_head naive_response_read(const uint8_t *p, size_t n);
size_t naive_count(const struct naive_head *head, const char *name);
/* Value of the first field of that name; an empty span if there is none. */
struct upheld_span naive_value(const struct naive_head *head, const char *name);
/* Whether the list over all fields of that name has the word. */
bool naive_has(const struct naive_head *head, const char *name, const char *word);

/* How often a name stands in octets, and its first value there. */
struct naive_values {
    size_t count;
    struct upheld_span first;
};

/* A parameter of the query, a cookie, and the lines of a field from the line `index` on. Octets
 * that are no head are read as far as they have lines. */
struct naive_values naive_query(struct upheld_span octets, struct upheld_span name);
struct naive_values naive_cookie(struct upheld_span octets, struct upheld_span name);
struct naive_values naive_field_lines(struct upheld_span octets, struct upheld_span name,
                                      size_t index);

/* RFC 3986: host with an optional port; path and query; http or https URI. */
bool naive_host(struct upheld_span s);
bool naive_path_and_query(struct upheld_span s);
bool naive_http_uri(struct upheld_span s);
/* RFC 9112 3.2: scheme "://" authority path; host ":" port of a CONNECT. */
bool naive_absolute_uri(struct upheld_span s);
bool naive_host_and_port(struct upheld_span s);

/* How a body is framed (RFC 9112 6.3). */
struct naive_body {
    bool broken; /* nobody can say */
    bool chunked;
    uint64_t length; /* where it is not chunked; 0 without a body */
};

struct naive_body naive_body(const struct naive_head *head);
/* Index of the row that a head asks for, UPHELD_NONE for none; the row of an index. */
uint32_t naive_protocol(const struct naive_head *head, const struct upheld_policy *policy);
struct upheld_protocol naive_row(const struct upheld_policy *policy, uint32_t at);
bool naive_method_fits(struct upheld_span method, enum upheld_methods methods);
bool naive_settings(const struct naive_head *head);
/* Whether the connection goes on after an answer, as far as the request says (RFC 9112 9.3). */
bool naive_persists(const struct naive_head *head);

/* What a whole head says about a switch under a policy. */
struct naive_reading {
    const char *clause; /* the first clause that forbids 101; null if none does */
    const char *why;    /* in words */
    size_t consumed;    /* octets of the head */
    uint32_t protocol;  /* index of the row */
    bool websocket;     /* it is WebSocket's */
    struct naive_body body;
    size_t key_at;        /* where the key starts; 0 for another protocol */
    uint32_t subprotocol; /* index into policy->subprotocols, or UPHELD_NONE */
    struct upheld_agreed agreed;
    bool continue_first; /* 100 goes before 101 */
};

/* Judges a head that naive_head_read() read at p. */
struct naive_reading naive_judge(const struct naive_head *head, const uint8_t *p,
                                 const struct upheld_policy *policy);

/* What an Extended CONNECT says. */
struct naive_connect {
    const char *clause; /* the first that is at fault; null if the request is well-formed */
    const char *why;    /* in words */
    bool extended;      /* it has :protocol */
    struct upheld_span method, protocol, path, authority; /* of pseudo-fields; empty if absent */
};

/* Whether fields that HTTP/2 decoded are a well-formed request (RFC 9113 8.2, 8.3; RFC 8441 4). */
struct naive_connect naive_connect_read(const struct upheld_field_line *fields, size_t count);

/* What a reply is to a client. */
struct naive_reply {
    bool ended;         /* the head that decides has arrived, and is well-formed */
    bool http;          /* it is one of an ordinary response */
    const char *clause; /* of the others: the first clause that it breaks; null: it opens */
    const char *why;    /* in words */
    unsigned status;
    size_t head_at, consumed; /* where it starts and ends */
    uint32_t subprotocol;     /* index into client->subprotocols, or UPHELD_NONE */
    struct upheld_agreed agreed;
    bool versions[256]; /* those that Sec-WebSocket-Version lists */
};

struct naive_reply naive_reply_judge(const uint8_t *p, size_t n,
                                     const struct upheld_client *client);

/* Whether a client may be asked with: upheld_client_check() takes it and no other. */
bool naive_client(const struct upheld_client *client);

/* What a server makes of the offers of permessage-deflate in a head whose lists of extensions are
 * well-formed. */
struct upheld_agreed naive_agreed(const struct naive_head *head, struct upheld_deflate own);
/* What a client whose offer was `own` makes of a value of Sec-WebSocket-Extensions in an answer:
 * nothing if the value does not answer it. */
struct upheld_agreed naive_answered(struct upheld_span value, struct upheld_deflate own);
bool naive_same_agreed(struct upheld_agreed a, struct upheld_agreed b);

/* How many extensions a Sec-WebSocket-Extensions value lists; -1 if it is malformed. */
long naive_extensions(struct upheld_span value);

/* RFC 6455 4.2.2 item 5.4, with a SHA-1 and a base64 of its own. */
void naive_accept(const uint8_t *key, uint8_t *out);

/* An answer (RFC 9112 4), parsed back. */
struct naive_answer {
    const char *broken; /* why it is no well-formed answer; null if it is one */
    unsigned status;
    size_t size; /* octets of the head */
    struct naive_field fields[16];
    size_t count;
};

struct naive_answer naive_answer_read(const uint8_t *p, size_t n);
size_t naive_answer_count(const struct naive_answer *answer, const char *name);
struct upheld_span naive_answer_value(const struct naive_answer *answer, const char *name);

#endif
