/* vectors.c: runs files of test vectors. Every line of every file is read before the first is
 * run, so that a malformed line never leaves a count behind that looks like a result.
 */
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VECTORS_OCTETS_MAX = 1 << 26 };

struct set {
    struct vector *vectors;
    size_t count, room;
};

static bool set_add(struct set *set, const struct vector *vector)
{
    if (set->count == set->room) {
        size_t room = set->room == 0 ? 64 : set->room * 2;
        struct vector *grown = realloc(set->vectors, room * sizeof *grown);
        if (grown == NULL) {
            command_error("%s:%zu: no memory for one more vector", vector->file, vector->line);
            return false;
        }
        set->vectors = grown;
        set->room = room;
    }
    set->vectors[set->count++] = *vector;
    return true;
}

static void set_free(struct set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        vector_free(&set->vectors[i]);
    }
    free(set->vectors);
}

/* names: name of each vector of this file so far, with its line. */
static bool name_is_new(const struct vector *v, json_t *names)
{
    const char *name = vector_string(v, "name");
    const json_t *before = json_object_get(names, name);
    if (before != NULL) {
        command_error("%s:%zu: duplicate name '%s', first on line %" JSON_INTEGER_FORMAT, v->file,
                      v->line, name, json_integer_value(before));
        return false;
    }
    if (json_object_set_new(names, name, json_integer((json_int_t)v->line)) != 0) {
        command_error("%s:%zu: no memory for one more name", v->file, v->line);
        return false;
    }
    return true;
}

static bool lines_read(const char *file, const struct input *text,
                       const struct upheld_policy *policy, json_t *names, struct set *set)
{
    const char *p = (const char *)text->p;
    size_t line = 0;
    for (size_t from = 0; from < text->n;) {
        const char *end = memchr(p + from, '\n', text->n - from);
        size_t n = end != NULL ? (size_t)(end - (p + from)) : text->n - from;
        struct vector vector;
        if (!vector_read(file, ++line, p + from, n, policy, &vector)) {
            return false;
        }
        if (!name_is_new(&vector, names) || !set_add(set, &vector)) {
            vector_free(&vector);
            return false;
        }
        from += n + 1;
    }
    if (line == 0) {
        command_error("%s: an empty file holds no vector", file);
        return false;
    }
    return true;
}

static bool file_read(const char *file, const struct upheld_policy *policy, struct set *set)
{
    struct input text;
    if (!input_read(file, VECTORS_OCTETS_MAX + 1, &text)) {
        return false;
    }
    bool good = false;
    if (text.n > VECTORS_OCTETS_MAX) {
        command_error("%s: more than %d octets; split it", file, VECTORS_OCTETS_MAX);
    } else {
        json_t *names = json_object();
        good = lines_read(file, &text, policy, names, set);
        json_decref(names);
    }
    free(text.p);
    return good;
}

static int run(const struct set *set, const struct upheld_policy *policy)
{
    size_t passed = 0;
    for (size_t i = 0; i < set->count; i++) {
        passed += vector_holds(&set->vectors[i], policy) ? 1 : 0;
    }
    printf("%zu passed, %zu failed\n", passed, set->count - passed);
    return passed == set->count ? EXIT_DECIDED : EXIT_DIFFERS;
}

int command_vectors(int argc, char **argv)
{
    struct options options;
    struct policy policy;
    struct set set = { 0 };
    if (!options_vectors(argc, argv, &options)) {
        return EXIT_UNUSABLE;
    }
    if (options.help) {
        return command_help();
    }
    if (!policy_load(options.policy, &policy)) {
        return EXIT_UNUSABLE;
    }
    bool good = true;
    for (int i = 0; good && i < options.operand_count; i++) {
        good = file_read(options.operands[i], &policy.core, &set);
    }
    int code = good ? run(&set, &policy.core) : EXIT_UNUSABLE;
    set_free(&set);
    policy_free(&policy);
    return code;
}
