/* list.c: target for core/list.h. Seeds: corpus/list/. The whole input is one field value.
 *
 * Checks tokens, whitespace and list membership (RFC 9110 5.6) against a second reading of the
 * RFC, under FUZZ_SPEC also against the specification of the proof; and that a list cut at any
 * comma means the same in two lines as in one (RFC 9110 5.2).
 */
#include "../core/list.h"
#include "fuzz.h"
#include "naive/naive.h"
#ifdef FUZZ_SPEC
#include "spec.h"
#endif

#define WORD_MAX 64 /* of a word taken from the input */
#define CUTS_MAX 8  /* commas at which a list is cut in two */

static struct upheld_span literal(const char *word)
{
    return (struct upheld_span){ (const uint8_t *)word, strlen(word) };
}

static bool naive_list_only(struct upheld_span value, const char *word)
{
    struct naive_members list = naive_list(value);
    struct upheld_span member;

    while (naive_next(&list, &member)) {
        if (!naive_is_any_case(member, word)) {
            return false;
        }
    }
    return true;
}

/* uph_list_has() and uph_list_only() on a block of the exact size of [i, e). */
static bool has(const uint8_t *p, size_t e, size_t i, struct upheld_span w)
{
    uint8_t *own = fuzz_own(p + i, e - i);
    bool result = uph_list_has(own, e - i, 0, w.p, w.n);
    free(own);
    return result;
}

static bool only(const uint8_t *p, size_t e, size_t i, struct upheld_span w)
{
    uint8_t *own = fuzz_own(p + i, e - i);
    bool result = uph_list_only(own, e - i, 0, w.p, w.n);
    free(own);
    return result;
}

/* One line `a,b` means what the two lines `a` and `b` mean. */
static void check_cuts(const uint8_t *p, size_t n, struct upheld_span w, bool whole, bool all)
{
    int cuts = 0;
    for (size_t c = 0; c < n && cuts < CUTS_MAX; c++) {
        if (p[c] == ',') {
            cuts++;
            FUZZ_CHECK((has(p, c, 0, w) || has(p, n, c + 1, w)) == whole, "R9110-5.2-1",
                       "a list has a member if and only if one of its two halves has it");
            FUZZ_CHECK((only(p, c, 0, w) && only(p, n, c + 1, w)) == all, "R9110-5.2-1",
                       "a list is of one word if and only if both halves are");
        }
    }
}

static void check_word(const uint8_t *p, size_t n, const char *text)
{
    struct upheld_span value = { p, n }, w = literal(text);
    uint8_t *word = fuzz_own(w.p, w.n);
    bool whole = uph_list_has(p, n, 0, word, w.n);
    bool all = uph_list_only(p, n, 0, word, w.n);

    FUZZ_CHECK(whole == naive_list_has(value, text), "R9110-7.6.1-1",
               "a list has a word if and only if a whole member equals it, ASCII case apart");
    FUZZ_CHECK(all == naive_list_only(value, text), "R9110-5.6.1-2",
               "a list is of one word if and only if every member that is not empty equals it");
#ifdef FUZZ_SPEC
    FUZZ_CHECK(whole == spec_ListHas(p, (int64_t)n, 0, word, (int64_t)w.n), "R9110-7.6.1-1",
               "uph_list_has() equals ListHas of the specification");
    FUZZ_CHECK(all == spec_ListOnly(p, (int64_t)n, 0, word, (int64_t)w.n), "R9110-5.6.1-2",
               "uph_list_only() equals ListOnly of the specification");
#endif
    check_cuts(p, n, w, whole, all);
    free(word);
}

/* Each member that is a token is found when asked for by its own name. */
static void check_members(const uint8_t *p, size_t n)
{
    struct naive_members list = naive_list((struct upheld_span){ p, n });
    struct upheld_span member;
    char word[WORD_MAX + 1];

    for (int i = 0; i < 4 && naive_next(&list, &member); i++) {
        if (member.n <= WORD_MAX && naive_token(member)) {
            for (size_t k = 0; k < member.n; k++) {
                char c = (char)member.p[k];
                word[k] = 'A' <= c && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
            }
            word[member.n] = '\0';
            check_word(p, n, word);
        }
    }
}

static void check_token(const uint8_t *p, size_t n, size_t from)
{
    size_t end = uph_token_end(p, n, from);

    FUZZ_CHECK(from <= end && end <= n, "R9110-5.6.2-1", "a token ends within the value");
    for (size_t k = from; k < end; k++) {
        FUZZ_CHECK(naive_tchar(p[k]), "R9110-5.6.2-1", "a token is of tchar only");
    }
    FUZZ_CHECK(end == n || !naive_tchar(p[end]), "R9110-5.6.2-1", "a token is the longest run");
#ifdef FUZZ_SPEC
    FUZZ_CHECK((int64_t)end == spec_TokenEnd(p, (int64_t)n, (int64_t)from), "R9110-5.6.2-1",
               "uph_token_end() equals TokenEnd of the specification");
#endif
}

static void check_spaces(const uint8_t *p, size_t n, size_t from)
{
    size_t first = uph_ows_end(p, n, from), last = uph_trim_end(p, from, n);
    struct upheld_span inner = naive_strip((struct upheld_span){ p + from, n - from });

    FUZZ_CHECK(inner.n == 0 ? first == n : first == (size_t)(inner.p - p), "R9110-5.6.3-1",
               "OWS before a value is SP and HTAB, all of them");
    FUZZ_CHECK(inner.n == 0 ? last == from : last == (size_t)(inner.p - p) + inner.n, "R9112-5.1-2",
               "OWS behind a value is SP and HTAB, all of them");
#ifdef FUZZ_SPEC
    FUZZ_CHECK((int64_t)first == spec_OwsEnd(p, (int64_t)n, (int64_t)from), "R9110-5.6.3-1",
               "uph_ows_end() equals OwsEnd of the specification");
    FUZZ_CHECK((int64_t)last == spec_TrimEnd(p, (int64_t)from, (int64_t)n), "R9112-5.1-2",
               "uph_trim_end() equals TrimEnd of the specification");
#endif
}

static void check_comma(const uint8_t *p, size_t n, size_t from)
{
    size_t end = uph_comma_or_end(p, n, from);
    const uint8_t *comma = from == n ? NULL : memchr(p + from, ',', n - from);

    FUZZ_CHECK(end == (comma == NULL ? n : (size_t)(comma - p)), "R9110-5.6.1-2",
               "a member ends at the next comma or with the value");
#ifdef FUZZ_SPEC
    FUZZ_CHECK((int64_t)end == spec_CommaOrEnd(p, (int64_t)n, (int64_t)from), "R9110-5.6.1-2",
               "uph_comma_or_end() equals CommaOrEnd of the specification");
#endif
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const words[] = { "upgrade", "websocket", "100-continue", "close", "u" };
    static const uint8_t nothing[1];
    uint8_t *own = fuzz_own(data, size);
    const uint8_t *p = own == NULL ? nothing : own; /* core/list.h asks for a real pointer */

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        check_word(p, size, words[i]);
    }
    check_members(p, size);
    const size_t from[] = { 0, size / 3, size / 2, size - (size > 0), size };
    for (size_t i = 0; i < sizeof from / sizeof from[0]; i++) {
        check_token(p, size, from[i]);
        check_spaces(p, size, from[i]);
        check_comma(p, size, from[i]);
    }
    free(own);
    return 0;
}
