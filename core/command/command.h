/* command.h: what the files of the `upheld` command share. Hosted C over the public header alone;
 * the core knows nothing of it.
 */
#ifndef UPHELD_COMMAND_H
#define UPHELD_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "upheld.h"

/* Exit codes, the same for every verb. */
enum {
    EXIT_DECIDED = 0, /* the question was answered, whatever the verdict */
    EXIT_DIFFERS = 1, /* vectors: one got another verdict than it expects; verify-report: a check
                       * failed */
    EXIT_UNUSABLE = 2 /* arguments, a file or the output cannot be used; nothing was decided */
};

/* command.c: prints one line on stderr, without control octets; returns EXIT_UNUSABLE. */
int command_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* options.c: arguments of one verb. Strings are argv's. */
struct options {
    const char *policy;  /* null: the default policy */
    bool client;         /* check: a reply, not a request */
    const char *key;     /* what the client sent and offered; null: nothing */
    const char *offered; /* subprotocols, separated by commas */
    const char *offered_extensions;
    bool json;
    bool list;         /* explain: all clauses, as without one */
    const char *root;  /* verify-report: the checkout; null: the working directory */
    const char *claim; /* to be proved again; null: none */
    bool whole;        /* and the whole core with it */
    bool redraw;
    bool help;
    char **operands;
    int operand_count;
};

bool options_check(int argc, char **argv, struct options *out);
bool options_vectors(int argc, char **argv, struct options *out);
bool options_explain(int argc, char **argv, struct options *out);
bool options_verify(int argc, char **argv, struct options *out);

/* input.c: octets of a file. */
struct input {
    uint8_t *p; /* a block of exactly n octets, so that a sanitizer sees one over; null for 0 */
    size_t n;
};

/* Reads at most `limit` octets of the file, or of standard input for "-"; nothing behind them.
 * Says why it cannot, and returns false. */
bool input_read(const char *name, size_t limit, struct input *out);

/* policy.c: a policy from JSON (policy.schema.json). A key left out keeps its default. */
struct policy {
    struct upheld_policy core;
    json_t *json;                      /* owns the octets that core's spans point to */
    struct upheld_protocol *protocols; /* null: WebSocket alone */
    struct upheld_span *subprotocols;  /* null: the default */
    struct upheld_span *origins;
};

/* name: file, or null for the default policy. Says why it cannot, and returns false; then there
 * is nothing to free. */
bool policy_load(const char *name, struct policy *out);
void policy_free(struct policy *policy);
/* Says what was expected of a key; returns false. */
bool policy_expected(const char *name, const char *key, const char *what);
/* The octets of a string, which stay json's. */
struct upheld_span policy_span(const json_t *string);

/* rows.c: the rows of protocols, from the value of the key. Says why it cannot. */
bool policy_rows(const char *name, json_t *value, struct policy *out);

/* compression.c: what a side agrees to of permessage-deflate. Says why it cannot, in a line that
 * starts with `where`. */
bool compression_read(const char *where, json_t *value, struct upheld_deflate *out);

/* asked.c: what a client asked for, whose reply is to be decided. */
struct asked {
    struct upheld_client core;
    struct upheld_span *subprotocols; /* owns core's list; the octets are the caller's */
};

/* A client of no key and no offers: it asked for nothing. Limits are those of the policy. */
struct asked asked_nothing(const struct upheld_policy *policy);
void asked_free(struct asked *asked);

/* The next four say what is wrong, in a line that starts with `where`, and return false. A list
 * is separated by commas; or an array of strings. */
bool asked_deflate(const char *where, const struct asked *asked);
bool asked_key(const char *where, const char *key, struct asked *out);
bool asked_list(const char *where, const char *list, struct asked *out);
bool asked_array(const char *where, const json_t *array, struct asked *out);

/* outcome.c: a decision with all that follows from it, ready to be shown or compared. */
struct outcome {
    const char *name; /* of the verdict: SWITCH, IGNORE, REFUSE, MORE; OK, FAIL, HTTP, MORE */
    char verdict[8];  /* as in vectors: "101", "100+101", "IGNORE", "400" .., "OK" .. */
    unsigned status;  /* 0 for none */
    enum upheld_clause clause;
    bool continue_first;
    bool body_first, body_chunked; /* as in upheld_decision */
    uint32_t body_length;
    size_t consumed;
    bool close;
    bool switches;                               /* 101, or OK; the next four are meant only then */
    struct upheld_span protocol;                 /* what Upgrade of the 101 names */
    char accept[UPHELD_ACCEPT_SIZE + 1];         /* "" unless it switches to WebSocket */
    struct upheld_span subprotocol;              /* n is 0 where none was chosen */
    char extensions[UPHELD_EXTENSIONS_SIZE + 1]; /* what the 101 says of them; "" for nothing */
};

/* Of a request under a policy; of a reply to what was asked. */
struct outcome outcome_of(struct upheld_decision d, const struct input *in,
                          const struct upheld_policy *policy);
struct outcome outcome_of_reply(const struct input *in, const struct upheld_client *client);

/* print.c: a decision for people or as JSON, with the octets of the answer; print_json() is false
 * if memory ran out, which it says. */
void print_person(const struct outcome *o, const struct input *answer);
bool print_json(const struct outcome *o, const struct input *answer);

/* vector.c: one line of a vectors file. */
struct vector {
    const char *file;
    size_t line;
    json_t *json; /* owns the strings */
    struct input in;
    struct asked asked;            /* role client */
    struct upheld_deflate deflate; /* what the server agrees to, or the client offers */
};

/* Reads one line of n octets; a reply's limits are those of the policy. Says what is malformed,
 * and returns false; then there is nothing to free. */
bool vector_read(const char *file, size_t line, const char *p, size_t n,
                 const struct upheld_policy *policy, struct vector *out);
void vector_free(struct vector *vector);
const char *vector_string(const struct vector *vector, const char *key);

/* Compares a decision with what the vector expects; prints the first difference. */
bool vector_holds(const struct vector *vector, const struct upheld_policy *policy);

/* clauses.c: the table of clauses; core/clauses/all.def says what stands in each column. */
enum { CLAUSE_ID_MAX = 31 }; /* octets of an id at the most */

struct clause_row {
    const char *id, *document, *section, *level, *binds, *how;
    const char *verdict; /* null unless it decides */
    const char *where;   /* null if it decides: then clause_decided() knows */
    const char *demands, *does;
};

/* What core/clauses.def says of a clause that decides; status is 0 for none. */
struct clause_decided {
    const char *id;
    int status;
    const char *room, *text;
};

/* What `make trace` found of a clause: names separated by ", "; "" for none. */
struct clause_trace {
    const char *id;
    const char *predicates; /* of proofs/spec/ */
    const char *contracts;  /* function:label in core/ */
    const char *fuzz;       /* target: what it compares, or the clause */
    const char *vectors;    /* file: name in corpus/vectors/ */
    const char *tests;      /* files of core/test/ that name it */
};

size_t clause_count(void);
const struct clause_row *clause_at(size_t i);
const struct clause_row *clause_find(const char *id);        /* null if there is none */
const struct clause_decided *clause_decided(const char *id); /* null if it does not decide */
const struct clause_trace *clause_traced(const char *id);    /* null if there is none */

/* Puts up to `size` ids that look like what was typed into ids, the nearest first; returns how
 * many. */
size_t clause_nearest(const char *typed, const char **ids, size_t size);

/* The verbs: each takes what stands behind `upheld`, its own name included, and returns an exit
 * code. */
int command_check(int argc, char **argv);
int command_vectors(int argc, char **argv);
int command_explain(int argc, char **argv);
int command_verify(int argc, char **argv);
int command_help(void);

#endif
