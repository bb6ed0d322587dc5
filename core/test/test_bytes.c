/* test_bytes.c: the octet classes over all 256 octets, against the characters that the RFCs
 * print. */
#include "check.h"

#include "bytes.h"

#define DIGITS "0123456789"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UNRESERVED UPPER LOWER DIGITS "-._~" /* RFC 3986 section 2.3 */
#define SUB_DELIMS "!$&'()*+,;="             /* RFC 3986 section 2.2 */

static const struct {
    const char *name;
    bool (*is)(uint8_t c);
    const char *members;
} CLASSES[] = {
    { "tchar", uph_tchar, "!#$%&'*+-.^_`|~" DIGITS UPPER LOWER },
    { "OWS", uph_ows, " \t" },
    { "DIGIT", uph_digit, DIGITS },
    { "HEXDIG", uph_hexdig, DIGITS "ABCDEFabcdef" },
    { "ALPHA", uph_alpha, UPPER LOWER },
    { "reg-name without pct-encoded", uph_reg_name, UNRESERVED SUB_DELIMS },
    { "pchar, / and ? without pct-encoded", uph_path_query, UNRESERVED SUB_DELIMS ":@/?" },
    { "scheme", uph_scheme, UPPER LOWER DIGITS "+-." },
};

static void every_class_holds_exactly_the_characters_of_its_rule(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(CLASSES); i++) {
        for (unsigned c = 0; c < 256; c++) {
            bool member = c != 0 && strchr(CLASSES[i].members, (int)c) != NULL;
            if (c >= 0x80) {
                member = false; /* no class of ASCII words reaches beyond ASCII */
            }
            if (CLASSES[i].is((uint8_t)c) != member) {
                fail_msg("%s: octet 0x%02x: expected %d", CLASSES[i].name, c, member);
            }
        }
    }
}

static void a_line_holds_all_octets_but_controls_and_htab_is_none(void **state)
{
    (void)state;
    for (unsigned c = 0; c < 256; c++) {
        bool control = (c < 0x20 && c != '\t') || c == 0x7f;
        assert_int_equal(uph_line_octet((uint8_t)c), !control);
    }
}

static void case_folding_moves_a_to_z_and_nothing_else(void **state)
{
    (void)state;
    for (unsigned c = 0; c < 256; c++) {
        const char *at = c != 0 ? strchr(UPPER, (int)c) : NULL;
        unsigned want = at != NULL ? (unsigned)LOWER[at - UPPER] : c;
        assert_int_equal(uph_lower((uint8_t)c), want);
    }
}

/* Each octet of the word replaced by each of 256: only the other case is still the word. */
static void a_word_differs_by_any_octet_but_its_case(void **state)
{
    static const char WORD[] = "sec-websocket-key";
    enum { N = sizeof WORD - 1 };
    (void)state;
    for (size_t k = 0; k < N; k++) {
        for (unsigned c = 0; c < 256; c++) {
            uint8_t *p = at_edge(0, WORD, N);
            uint8_t *w = at_edge(1, WORD, N);
            char lower = WORD[k];
            bool letter = lower != '-';
            p[k] = (uint8_t)c;
            bool same = c == (unsigned char)lower;
            bool folded = letter && c == (unsigned char)lower - 32U;
            assert_int_equal(uph_same_word(p, 0, w, N), same || folded);
            assert_int_equal(uph_same_octets(p, 0, w, N), same);
        }
    }
}

static void a_word_is_compared_where_it_starts(void **state)
{
    (void)state;
    const uint8_t *p = at_edge(0, TEXT("xxGeT"));
    assert_true(uph_same_word(p, 2, (const uint8_t *)"get", 3));
    assert_false(uph_same_word(p, 1, (const uint8_t *)"get", 3));
    assert_false(uph_same_octets(p, 2, (const uint8_t *)"get", 3));
    assert_true(uph_same_octets(p, 2, (const uint8_t *)"GeT", 3));
    assert_true(uph_same_word(p, 5, (const uint8_t *)"", 0));
    assert_true(uph_same_octets(p, 5, (const uint8_t *)"", 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_class_holds_exactly_the_characters_of_its_rule),
        cmocka_unit_test(a_line_holds_all_octets_but_controls_and_htab_is_none),
        cmocka_unit_test(case_folding_moves_a_to_z_and_nothing_else),
        cmocka_unit_test(a_word_differs_by_any_octet_but_its_case),
        cmocka_unit_test(a_word_is_compared_where_it_starts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
