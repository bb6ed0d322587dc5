/* access.c: target for core/access.h. Seeds: corpus/access/. The whole input is a head, or what
 * may become of one; the names looked up are pieces of it.
 *
 * Checks query parameters (RFC 3986 3.4), cookies (RFC 6265 4.2.1) and fields (RFC 9110 5) against
 * a second reading of the RFCs, under FUZZ_SPEC also against the specification of the proof; that
 * what stands behind a head changes nothing; and that every field of a well-formed head is found.
 */
#include "../core/upheld.h"
#include "fuzz.h"
#include "naive/naive.h"
#ifdef FUZZ_SPEC
#include "spec.h"
#endif

#define PIECES_MAX 24 /* names taken from the input */
#define FIELDS_MAX 64 /* fields of a head that are looked up */
#define LINES_MAX 3   /* lines of a name that are passed over */

/* The value that was found is the first of those that another reader finds. */
static void check_value(struct upheld_span octets, struct upheld_value v, struct naive_values want,
                        const char *clause)
{
    FUZZ_CHECK(v.at <= v.end && v.end <= octets.n, clause, "a value lies within the octets");
    FUZZ_CHECK(v.found == (want.count > 0), clause, "a value is found if and only if there is one");
    FUZZ_CHECK(v.again == (want.count > 1), clause, "it is told if and only if there are more");
    FUZZ_CHECK(v.found || v.end == 0, clause, "what was not found stands nowhere");
    FUZZ_CHECK(!v.found || (octets.p + v.at == want.first.p && v.end - v.at == want.first.n),
               clause, "the value is the first one, with no octet more or less");
}

#ifdef FUZZ_SPEC
static bool same_value(struct upheld_value a, struct upheld_value b)
{
    return a.found == b.found && a.again == b.again && a.at == b.at && a.end == b.end;
}

static void check_specification(struct upheld_span octets, struct upheld_span name)
{
    const struct upheld_value any = { 0 };
    const struct uph_passed any_passed = { 0 };
    int64_t limit = spec_SearchLimit((int64_t)octets.n), m = (int64_t)name.n;

    FUZZ_CHECK(same_value(upheld_query(octets.p, octets.n, name),
                          spec_QueryValue(octets.p, limit, name.p, m, any)),
               "specification", "upheld_query() equals QueryValue");
    FUZZ_CHECK(same_value(upheld_cookie(octets.p, octets.n, name),
                          spec_CookieValue(octets.p, limit, name.p, m, any)),
               "specification", "upheld_cookie() equals CookieValue");
    for (uint32_t index = 0; index < LINES_MAX; index++) {
        FUZZ_CHECK(same_value(upheld_field(octets.p, octets.n, name, index),
                              spec_FieldValue(octets.p, limit, index, name.p, m, any, any_passed)),
                   "specification", "upheld_field() equals FieldValue");
    }
}
#endif

static void check_name(struct upheld_span octets, struct upheld_span name)
{
    check_value(octets, upheld_query(octets.p, octets.n, name), naive_query(octets, name),
                "R3986-3.4-1");
    check_value(octets, upheld_cookie(octets.p, octets.n, name), naive_cookie(octets, name),
                "R6265-4.2.1-1");
    for (uint32_t index = 0; index < LINES_MAX; index++) {
        check_value(octets, upheld_field(octets.p, octets.n, name, index),
                    naive_field_lines(octets, name, index), "R9110-5.1-1");
    }
#ifdef FUZZ_SPEC
    check_specification(octets, name);
#endif
}

/* The name, and the same with its first letter in the other case, each in a block of its size. */
static void check_own_name(struct upheld_span octets, const uint8_t *p, size_t n)
{
    uint8_t *own = fuzz_own(p, n);
    check_name(octets, (struct upheld_span){ own, n });
    if (n > 0 && naive_tchar(own[0]) && (own[0] | 0x20) >= 'a' && (own[0] | 0x20) <= 'z') {
        own[0] ^= 0x20;
        check_name(octets, (struct upheld_span){ own, n });
    }
    free(own);
}

/* Names between delimiters, and the same with the delimiter behind them. */
static void check_pieces(struct upheld_span octets)
{
    size_t from = 0;
    int pieces = 0;

    for (size_t i = 0; i < octets.n && pieces < PIECES_MAX; i++) {
        if (!naive_one_of(octets.p[i], "?&=;: \t\r\n")) {
            continue;
        }
        if (i > from) {
            pieces++;
            check_own_name(octets, octets.p + from, i - from);
            check_own_name(octets, octets.p + from, i - from + 1);
        }
        from = i + 1;
    }
    check_own_name(octets, octets.p + from, octets.n - from);
}

/* Every field of a well-formed head is found, and its line is the one that was asked for. */
static void check_fields(struct upheld_span octets, const struct naive_head *head)
{
    for (size_t i = 0; i < head->count && i < FIELDS_MAX; i++) {
        struct naive_field field = head->fields[i];
        uint32_t before = 0;
        for (size_t k = 0; k < i; k++) {
            before += naive_same_any_case(head->fields[k].name, field.name) ? 1 : 0;
        }
        struct upheld_value v = upheld_field(octets.p, octets.n, field.name, before);
        FUZZ_CHECK(v.found && octets.p + v.at == field.value.p && v.end - v.at == field.value.n,
                   "R9110-5.1-1", "a field of a head is found by its name");
    }
}

/* What stands behind a head, whole or cut off, changes nothing. */
static void check_head(struct upheld_span octets)
{
    static const struct upheld_span name = { (const uint8_t *)"a", 1 };
    struct naive_head head = naive_head_read(octets.p, octets.n, false);

    if (head.broken == NULL && head.ended) {
        check_fields(octets, &head);
        uint8_t *own = fuzz_own(octets.p, head.size);
        struct upheld_value with = upheld_cookie(octets.p, octets.n, name);
        struct upheld_value without = upheld_cookie(own, head.size, name);
        FUZZ_CHECK(with.found == without.found && with.again == without.again &&
                       with.at == without.at && with.end == without.end,
                   "R9112-2.1-1", "what stands behind a head is not searched");
        free(own);
        struct upheld_value v = upheld_query(octets.p, octets.n, name);
        FUZZ_CHECK(!v.found || (octets.p + v.at > head.target.p &&
                                octets.p + v.end <= head.target.p + head.target.n),
                   "R9112-3.2-1", "a query is part of the request-target");
    }
    naive_head_free(&head);
}

/* More octets than are searched: nothing in them is a head. */
static void check_limit(void)
{
    static const uint8_t zeros[UPHELD_LIMIT_MAX + 1];
    static const struct upheld_span name = { (const uint8_t *)"a", 1 };

    FUZZ_CHECK(!upheld_query(zeros, sizeof zeros, name).found &&
                   !upheld_cookie(zeros, sizeof zeros, name).found &&
                   !upheld_field(zeros, sizeof zeros, name, 0).found,
               "R9112-2.1-1", "in octets that are no head nothing is found");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = { "", "a", "b", "token", "cookie", "host" };
    uint8_t *own = fuzz_own(data, size);
    struct upheld_span octets = { own, size };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        check_own_name(octets, (const uint8_t *)names[i], strlen(names[i]));
    }
    if (size > 0) {
        check_pieces(octets);
        check_head(octets);
    } else {
        check_limit();
    }
    free(own);
    return 0;
}
