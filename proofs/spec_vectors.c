/* spec_vectors.c: runs the specification itself, translated to C, on a vectors file.
 *
 *   spec_vectors FILE.jsonl
 *
 * For each vector the specification must give the expected verdict, status, octets consumed,
 * accept value and subprotocol. Each shorter prefix must give MORE or the very same decision: more
 * octets never change one. No source file of the core is linked. Prints each failure, then
 * `N passed, M failed`; exit 1 if any failed, 2 for a file that is no vectors file.
 */
#include "spec.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What was decided, in the words of a vector. */
struct outcome {
    char expect[16];
    int64_t consumed;
    char accept[UPHELD_ACCEPT_SIZE + 1]; /* empty unless it switches */
    const char *subprotocol;
};

/* The policy that the vectors were written for: the subprotocol chat, no rule on Origin. */
static const struct upheld_span CHAT = { (const uint8_t *)"chat", 4 };
static const struct upheld_policy POLICY = { .limits = UPHELD_LIMITS_DEFAULT,
                                             .access = UPHELD_GRANTED,
                                             .subprotocols = &CHAT,
                                             .subprotocol_count = 1 };

static void unusable(const char *file, size_t line, const char *why)
{
    fprintf(stderr, "spec_vectors: %s:%zu: %s\n", file, line, why);
    exit(2);
}

/* The specification asks for some head and some decision, of which it replaces every field; what
 * it forgets to replace shows up as ones. */
static struct upheld_decision decide(const uint8_t *p, size_t n)
{
    struct uph_head any_head;
    struct upheld_decision any;
    memset(&any_head, 1, sizeof any_head);
    memset(&any, 1, sizeof any);
    return spec_Decide(p, (int64_t)n, &POLICY, any, any_head);
}

static bool same_decision(struct upheld_decision a, struct upheld_decision b)
{
    return a.verdict == b.verdict && a.clause == b.clause && a.status == b.status &&
           a.continue_first == b.continue_first && a.close == b.close && a.consumed == b.consumed &&
           a.key_at == b.key_at && a.subprotocol == b.subprotocol && a.protocol == b.protocol &&
           a.body_first == b.body_first && a.body_chunked == b.body_chunked &&
           a.body_length == b.body_length;
}

static struct outcome outcome_of(const uint8_t *p, struct upheld_decision d)
{
    struct outcome o = { .consumed = (int64_t)d.consumed };
    switch (d.verdict) {
    case UPHELD_MORE:
        strcpy(o.expect, "MORE");
        break;
    case UPHELD_IGNORE:
        strcpy(o.expect, "IGNORE");
        break;
    case UPHELD_SWITCH:
        snprintf(o.expect, sizeof o.expect, "%s%u", d.continue_first ? "100+" : "", d.status);
        for (size_t k = 0; k < UPHELD_ACCEPT_SIZE; k++) {
            o.accept[k] = (char)spec_AcceptOctet(p + d.key_at, (int64_t)k);
        }
        o.subprotocol = d.subprotocol != UPHELD_NONE ? "chat" : NULL;
        break;
    case UPHELD_REFUSE:
    default:
        snprintf(o.expect, sizeof o.expect, "%u", d.status);
        break;
    }
    return o;
}

/* A copy in a block of its exact size, so that a sanitizer sees one octet too far. */
static uint8_t *exact_copy(const uint8_t *p, size_t n)
{
    uint8_t *copy = n > 0 ? malloc(n) : NULL;
    if (copy != NULL) {
        memcpy(copy, p, n);
    } else if (n > 0) {
        fputs("spec_vectors: out of memory\n", stderr);
        exit(2);
    }
    return copy;
}

static bool prefixes_agree(const char *name, const uint8_t *p, size_t n, struct upheld_decision d)
{
    for (size_t k = 0; k < n; k++) {
        uint8_t *copy = exact_copy(p, k);
        struct upheld_decision early = decide(copy, k);
        free(copy);
        if (early.verdict != UPHELD_MORE && !same_decision(early, d)) {
            printf("%s: the first %zu octets already give another decision\n", name, k);
            return false;
        }
    }
    return true;
}

/* Compares one thing; a vector that says nothing about it asks for nothing. */
static bool holds(const json_t *vector, const char *key, const char *got)
{
    const json_t *want = json_object_get(vector, key);
    const char *text = json_is_string(want) ? json_string_value(want) : "none";
    if (want == NULL || strcmp(text, got) == 0) {
        return true;
    }
    printf("%s: expected %s %s, the specification gives %s\n",
           json_string_value(json_object_get(vector, "name")), key, text, got);
    return false;
}

static bool consumed_holds(const json_t *vector, int64_t got)
{
    const json_t *want = json_object_get(vector, "consumed");
    if (want == NULL || json_integer_value(want) == got) {
        return true;
    }
    printf("%s: expected consumed %lld, the specification gives %lld\n",
           json_string_value(json_object_get(vector, "name")), (long long)json_integer_value(want),
           (long long)got);
    return false;
}

static bool vector_holds(const json_t *vector, const uint8_t *octets, size_t n)
{
    const char *name = json_string_value(json_object_get(vector, "name"));
    uint8_t *p = exact_copy(octets, n);
    struct upheld_decision d = decide(p, n);
    struct outcome o = outcome_of(p, d);
    bool all = holds(vector, "expect", o.expect);
    all = consumed_holds(vector, o.consumed) && all;
    all = holds(vector, "accept", o.accept[0] != '\0' ? o.accept : "none") && all;
    all = holds(vector, "subprotocol", o.subprotocol != NULL ? o.subprotocol : "none") && all;
    all = prefixes_agree(name, p, n, d) && all;
    free(p);
    return all;
}

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes hex in place; the number of octets, or -1. */
static long unhex(const char *hex, uint8_t *out, size_t size)
{
    size_t n = strlen(hex) / 2;
    if (strlen(hex) % 2 != 0 || n > size) {
        return -1;
    }
    for (size_t i = 0; i < n; i++) {
        int high = digit(hex[2 * i]), low = digit(hex[2 * i + 1]);
        if (high < 0 || low < 0) {
            return -1;
        }
        out[i] = (uint8_t)(high * 16 + low);
    }
    return (long)n;
}

static bool line_holds(const char *file, size_t number, const char *line)
{
    static uint8_t octets[1 << 20];
    json_error_t why;
    json_t *vector = json_loads(line, JSON_REJECT_DUPLICATES, &why);
    if (vector == NULL || !json_is_string(json_object_get(vector, "name")) ||
        !json_is_string(json_object_get(vector, "expect")) ||
        !json_is_string(json_object_get(vector, "hex"))) {
        unusable(file, number, "expected an object with name, expect and hex");
    }
    const json_t *consumed = json_object_get(vector, "consumed");
    long n = unhex(json_string_value(json_object_get(vector, "hex")), octets, sizeof octets);
    if (n < 0 || n != json_integer_value(json_object_get(vector, "len"))) {
        unusable(file, number, "hex does not write the number of octets that len says");
    }
    if (consumed != NULL && !json_is_integer(consumed)) {
        unusable(file, number, "consumed is no whole number");
    }
    bool all = vector_holds(vector, octets, (size_t)n);
    json_decref(vector);
    return all;
}

/* Runs the vectors of one file: how many, and how many failed. */
static size_t run_file(const char *file, size_t *failed)
{
    FILE *stream = fopen(file, "r");
    if (stream == NULL) {
        fprintf(stderr, "spec_vectors: cannot read %s\n", file);
        exit(2);
    }
    static char line[1 << 22];
    size_t number = 0;
    while (fgets(line, sizeof line, stream) != NULL) {
        number++;
        if (strchr(line, '\n') == NULL) {
            unusable(file, number, "line does not end, or is too long");
        }
        *failed += !line_holds(file, number, line);
    }
    if (ferror(stream) || number == 0) {
        unusable(file, number, "no vector could be read");
    }
    fclose(stream);
    return number;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fputs("usage: spec_vectors FILE.jsonl...\n", stderr);
        return 2;
    }
    size_t number = 0, failed = 0;
    for (int i = 1; i < argc; i++) {
        number += run_file(argv[i], &failed);
    }
    printf("%zu passed, %zu failed\n", number - failed, failed);
    return failed > 0 ? 1 : 0;
}
