/* test_pieces.c: octets that come in pieces decide as those that come at once: for every request
 * of the corpus and every prefix of it, MORE until one prefix decides, and from there the same.
 * Argument: the vectors file; without one, corpus/vectors/server.jsonl.
 */
#include "check.h"

#include <stdio.h>

#include <jansson.h>

#include "upheld.h"

static const char *vectors = "corpus/vectors/server.jsonl";

static const struct upheld_policy POLICY = {
    .limits = UPHELD_LIMITS_DEFAULT,
    .access = UPHELD_GRANTED,
};

static bool same(struct upheld_decision a, struct upheld_decision b)
{
    return a.verdict == b.verdict && a.clause == b.clause && a.status == b.status &&
           a.continue_first == b.continue_first && a.close == b.close && a.consumed == b.consumed &&
           a.key_at == b.key_at && a.subprotocol == b.subprotocol && a.protocol == b.protocol &&
           a.body_first == b.body_first && a.body_chunked == b.body_chunked &&
           a.body_length == b.body_length;
}

static void compare_prefixes(const char *name, const uint8_t *octets, size_t n)
{
    struct upheld_decision first = { .verdict = UPHELD_MORE };
    for (size_t k = 0; k <= n; k++) {
        struct upheld_decision d = upheld_request_decide(at_edge(0, octets, k), k, &POLICY);
        if (first.verdict == UPHELD_MORE) {
            first = d;
        } else if (!same(first, d)) {
            fail_msg("%s: after %zu octets %s, before it %s", name, k, upheld_clause_id(d.clause),
                     upheld_clause_id(first.clause));
        }
    }
}

static size_t octets_of(const char *hex, uint8_t *out, size_t room)
{
    size_t n = strlen(hex) / 2;
    assert_true(n <= room);
    for (size_t i = 0; i < n; i++) {
        unsigned octet = 0;
        assert_int_equal(sscanf(hex + 2 * i, "%2x", &octet), 1);
        out[i] = (uint8_t)octet;
    }
    return n;
}

static void every_prefix_of_every_vector_agrees(void **state)
{
    static uint8_t octets[1 << 16];
    char *line = NULL;
    size_t room = 0;
    int count = 0;
    FILE *file = fopen(vectors, "r");
    (void)state;
    if (file == NULL) {
        fail_msg("cannot open %s; run from the top of the project", vectors);
        return;
    }
    while (getline(&line, &room, file) > 0) {
        json_t *vector = json_loads(line, 0, NULL);
        assert_non_null(vector);
        const char *hex = json_string_value(json_object_get(vector, "hex"));
        assert_non_null(hex);
        size_t n = octets_of(hex, octets, sizeof octets);
        compare_prefixes(json_string_value(json_object_get(vector, "name")), octets, n);
        json_decref(vector);
        count++;
    }
    free(line);
    fclose(file);
    assert_true(count > 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_prefix_of_every_vector_agrees),
    };
    if (argc > 1) {
        vectors = argv[1];
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
