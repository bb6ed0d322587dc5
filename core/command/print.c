/* print.c: a decision for people on a terminal, or as one JSON object. */
#define UPHELD_CLAUSE_TEXTS
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One text line for each line of the answer, CR and LF visible. */
static void print_answer(const struct input *answer)
{
    printf("answer       %zu octets\n", answer->n);
    for (size_t i = 0; i < answer->n; i++) {
        uint8_t c = answer->p[i];
        if (i == 0 || answer->p[i - 1] == '\n') {
            fputs("  ", stdout);
        }
        if (c == '\r') {
            fputs("\\r", stdout);
        } else if (c == '\n') {
            fputs("\\n\n", stdout);
        } else if (c == '\\') {
            fputs("\\\\", stdout); /* of a challenge; no mistaking it for CR or LF */
        } else {
            putchar(c); /* an answer is ASCII without other controls */
        }
    }
    if (answer->n > 0 && answer->p[answer->n - 1] != '\n') {
        putchar('\n');
    }
}

static void print_clause(const char *label, enum upheld_clause clause)
{
    printf("%-12s %-15s %s\n", label, upheld_clause_id(clause), upheld_clause_text(clause));
}

static void print_span(const char *label, struct upheld_span text)
{
    printf("%-12s %.*s\n", label, text.n > 0 ? (int)text.n : 4,
           text.n > 0 ? (const char *)text.p : "none");
}

static void print_body(const struct outcome *o)
{
    if (!o->body_first) {
        printf("body first   none\n");
        return;
    }
    if (o->body_chunked) {
        printf("body first   chunked");
    } else {
        printf("body first   %u octets", (unsigned)o->body_length);
    }
    printf("%s\n", o->continue_first ? ", behind 100 (Continue)" : "");
}

void print_person(const struct outcome *o, const struct input *answer)
{
    printf("verdict      %s\n", o->name);
    if (o->status != 0) {
        printf("status       %u\n", o->status);
    } else {
        printf("status       none\n");
    }
    print_clause("clauses", o->clause);
    if (o->continue_first) {
        print_clause("", UPHELD_R9110_7_8_15);
    }
    printf("consumed     %zu\n", o->consumed);
    print_span("protocol", o->protocol);
    print_span("subprotocol", o->subprotocol);
    printf("extensions   %s\n", o->extensions[0] != '\0' ? o->extensions : "none");
    printf("accept       %s\n", o->accept[0] != '\0' ? o->accept : "none");
    print_body(o);
    printf("close        %s\n", o->close ? "yes" : "no");
    print_answer(answer);
}

static json_t *hex_string(const struct input *octets)
{
    static const char DIGITS[] = "0123456789abcdef";
    char *text = malloc(octets->n * 2 + 1);
    if (text == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < octets->n; i++) {
        text[2 * i] = DIGITS[octets->p[i] >> 4];
        text[2 * i + 1] = DIGITS[octets->p[i] & 15];
    }
    json_t *string = json_stringn(text, octets->n * 2);
    free(text);
    return string;
}

static json_t *clause_list(const struct outcome *o)
{
    json_t *list = json_pack("[s]", upheld_clause_id(o->clause));
    if (o->continue_first &&
        json_array_append_new(list, json_string(upheld_clause_id(UPHELD_R9110_7_8_15))) != 0) {
        json_decref(list);
        return NULL;
    }
    return list;
}

static json_t *text_or_null(const char *p, size_t n)
{
    return n > 0 ? json_stringn(p, n) : json_null();
}

/* Octets of the body that is read before the answer, "chunked", or null. */
static json_t *body_json(const struct outcome *o)
{
    if (!o->body_first) {
        return json_null();
    }
    return o->body_chunked ? json_string("chunked") : json_integer((json_int_t)o->body_length);
}

static json_t *outcome_json(const struct outcome *o, const struct input *answer)
{
    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:b, s:o, s:o}", "verdict", o->name,
                     "status", o->status != 0 ? json_integer(o->status) : json_null(), "protocol",
                     text_or_null((const char *)o->protocol.p, o->protocol.n), "subprotocol",
                     text_or_null((const char *)o->subprotocol.p, o->subprotocol.n), "extensions",
                     text_or_null(o->extensions, strlen(o->extensions)), "accept",
                     text_or_null(o->accept, strlen(o->accept)), "body_first", body_json(o),
                     "consumed", (json_int_t)o->consumed, "close", (int)o->close, "clauses",
                     clause_list(o), "response_hex", hex_string(answer));
}

bool print_json(const struct outcome *o, const struct input *answer)
{
    json_t *object = outcome_json(o, answer);
    if (object == NULL) {
        command_error("no memory for the JSON object");
        return false;
    }
    /* A lost write is not said here: main() reads stdout's error mark, and says it once. */
    bool printed = json_dumpf(object, stdout, JSON_PRESERVE_ORDER) == 0 || ferror(stdout) != 0;
    putchar('\n');
    json_decref(object);
    if (!printed) {
        command_error("no memory for the JSON text");
    }
    return printed;
}
