/* test_list.c: tokens, whitespace and #rule lists of one field value. */
#include "check.h"

#include "list.h"

typedef size_t end_function(const uint8_t *p, size_t e, size_t i);

static const struct {
    const char *name;
    end_function *end;
    const char *text;
    size_t n, from, want;
} ENDS[] = {
    { "token: whole", uph_token_end, TEXT("chat"), 0, 4 },
    { "token: empty", uph_token_end, TEXT(""), 0, 0 },
    { "token: before a comma", uph_token_end, TEXT("a,b"), 0, 1 },
    { "token: none at a comma", uph_token_end, TEXT(",b"), 0, 0 },
    { "token: from the middle", uph_token_end, TEXT("a,b;c"), 2, 3 },
    { "token: before a slash", uph_token_end, TEXT("foo/1"), 0, 3 },
    { "token: before NUL", uph_token_end, TEXT("a\0b"), 0, 1 },
    { "token: before obs-text", uph_token_end, TEXT("a\xc3\xa4"), 0, 1 },
    { "token: at the end", uph_token_end, TEXT("ab"), 2, 2 },
    { "OWS: none", uph_ows_end, TEXT("a "), 0, 0 },
    { "OWS: SP and HTAB", uph_ows_end, TEXT(" \t \ta"), 0, 4 },
    { "OWS: to the end", uph_ows_end, TEXT("a \t"), 1, 3 },
    { "OWS: VT is none", uph_ows_end, TEXT(" \x0b"), 0, 1 },
    { "OWS: NBSP is none", uph_ows_end, TEXT("\xa0"), 0, 0 },
    { "digits: whole", uph_digits_end, TEXT("0123456789"), 0, 10 },
    { "digits: none", uph_digits_end, TEXT("a1"), 0, 0 },
    { "digits: up to a letter", uph_digits_end, TEXT("1a1"), 0, 1 },
    { "comma: at once", uph_comma_or_end, TEXT(",a"), 0, 0 },
    { "comma: the first", uph_comma_or_end, TEXT("a b,c,"), 0, 3 },
    { "comma: none", uph_comma_or_end, TEXT("a b"), 0, 3 },
    { "comma: from behind one", uph_comma_or_end, TEXT("a,b,"), 2, 3 },
};

static void runs_end_where_the_rule_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ENDS); i++) {
        const uint8_t *p = at_edge(0, ENDS[i].text, ENDS[i].n);
        size_t got = ENDS[i].end(p, ENDS[i].n, ENDS[i].from);
        if (got != ENDS[i].want) {
            fail_msg("%s: expected %zu, got %zu", ENDS[i].name, ENDS[i].want, got);
        }
    }
}

static void only_trailing_whitespace_is_trimmed(void **state)
{
    static const struct {
        const char *text;
        size_t n, from, want;
    } ROWS[] = {
        { TEXT("a"), 0, 1 },    { TEXT("a \t "), 0, 1 }, { TEXT(" a"), 0, 2 },
        { TEXT(" \t"), 0, 0 },  { TEXT(""), 0, 0 },      { TEXT("a b  "), 0, 3 },
        { TEXT("a  "), 2, 2 },  { TEXT("a\x0b"), 0, 2 }, { TEXT("a\xa0"), 0, 2 },
        { TEXT("a\0 "), 0, 2 },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const uint8_t *p = at_edge(0, ROWS[i].text, ROWS[i].n);
        assert_int_equal(uph_trim_end(p, ROWS[i].from, ROWS[i].n), ROWS[i].want);
    }
}

/* has: some member is the word "upgrade"; only: every member that is not empty is. */
static const struct {
    const char *text;
    size_t n;
    bool has, only;
} LISTS[] = {
    { TEXT("upgrade"), true, true },
    { TEXT("Upgrade"), true, true },
    { TEXT("UPGRADE"), true, true },
    { TEXT(" \tupgrade\t "), true, true },
    { TEXT("keep-alive, Upgrade"), true, false },
    { TEXT("keep-alive,Upgrade"), true, false },
    { TEXT("keep-alive,\tUpgrade"), true, false },
    { TEXT("Upgrade,keep-alive"), true, false },
    { TEXT("upgrade,upgrade"), true, true },
    { TEXT(",,upgrade,,"), true, true },
    { TEXT(" , \t, upgrade"), true, true },
    { TEXT("a,b,c,upgrade"), true, false },
    { TEXT(""), false, true },
    { TEXT(" "), false, true },
    { TEXT(","), false, true },
    { TEXT(", ,"), false, true },
    { TEXT("upgrad"), false, false },
    { TEXT("upgradee"), false, false },
    { TEXT("xupgrade"), false, false },
    { TEXT("upgrade-insecure"), false, false },
    { TEXT("upgrade x"), false, false },
    { TEXT("x upgrade"), false, false },
    { TEXT("up grade"), false, false },
    { TEXT("up,grade"), false, false },
    { TEXT("\"upgrade\""), false, false },
    { TEXT("upgrade;q=1"), false, false },
    { TEXT("upgrade\0"), false, false },
    { TEXT("\0upgrade"), false, false },
    { TEXT("\x0bupgrade"), false, false },
    { TEXT("upgrade\xa0"), false, false },
    { TEXT("upgr\xc3\xa4"
           "de"),
      false, false },
    { TEXT("upg"), false, false },
};

static void a_member_counts_whole_and_case_apart(void **state)
{
    const uint8_t *w = at_edge(1, TEXT("upgrade"));
    (void)state;
    for (size_t i = 0; i < COUNT(LISTS); i++) {
        const uint8_t *p = at_edge(0, LISTS[i].text, LISTS[i].n);
        if (uph_list_has(p, LISTS[i].n, 0, w, 7) != LISTS[i].has) {
            fail_msg("has '%s': expected %d", LISTS[i].text, LISTS[i].has);
        }
        if (uph_list_only(p, LISTS[i].n, 0, w, 7) != LISTS[i].only) {
            fail_msg("only '%s': expected %d", LISTS[i].text, LISTS[i].only);
        }
    }
}

/* A list is its members: has(a + "," + b) is has(a) or has(b), and only is only(a) and only(b). */
static void two_lists_joined_by_a_comma_are_one(void **state)
{
    const uint8_t *w = at_edge(1, TEXT("upgrade"));
    char joined[256];
    (void)state;
    for (size_t i = 0; i < COUNT(LISTS); i++) {
        for (size_t j = 0; j < COUNT(LISTS); j++) {
            size_t n = LISTS[i].n + 1 + LISTS[j].n;
            memcpy(joined, LISTS[i].text, LISTS[i].n);
            joined[LISTS[i].n] = ',';
            memcpy(joined + LISTS[i].n + 1, LISTS[j].text, LISTS[j].n);
            const uint8_t *p = at_edge(0, joined, n);
            assert_int_equal(uph_list_has(p, n, 0, w, 7), LISTS[i].has || LISTS[j].has);
            assert_int_equal(uph_list_only(p, n, 0, w, 7), LISTS[i].only && LISTS[j].only);
            assert_int_equal(uph_list_has(p, n, LISTS[i].n + 1, w, 7), LISTS[j].has);
            assert_int_equal(uph_list_has(p, LISTS[i].n, 0, w, 7), LISTS[i].has);
        }
    }
}

static void a_member_is_bounded_by_its_own_end(void **state)
{
    const uint8_t *w = at_edge(1, TEXT("upgrade"));
    const uint8_t *p = at_edge(0, TEXT("a, upgrade ,upgrade"));
    (void)state;
    assert_true(uph_member_is(p, 11, 2, w, 7));
    assert_true(uph_member_is(p, 19, 12, w, 7));
    assert_false(uph_member_is(p, 18, 12, w, 7));
    assert_false(uph_member_is(p, 1, 0, w, 7));
    assert_false(uph_member_is(p, 19, 19, w, 7));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_end_where_the_rule_says),
        cmocka_unit_test(only_trailing_whitespace_is_trimmed),
        cmocka_unit_test(a_member_counts_whole_and_case_apart),
        cmocka_unit_test(two_lists_joined_by_a_comma_are_one),
        cmocka_unit_test(a_member_is_bounded_by_its_own_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
