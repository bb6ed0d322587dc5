/* test_extension.c: Sec-WebSocket-Extensions as a list, and permessage-deflate in it. */
#include "check.h"

#include "extension.h"

static const struct upheld_deflate ON = { .enabled = true, .min_window_bits = 8 };
static const struct uph_extensions NONE = { .members = UPH_MEMBERS_ABSENT };

enum { MALFORMED = UPH_MEMBERS_MALFORMED, EMPTY = UPH_MEMBERS_NONE, ONE = UPH_MEMBERS_ONE };
enum { MORE = UPH_MEMBERS_MORE };

static struct uph_extensions read_line(int slot, const char *text, size_t n,
                                       struct uph_extensions l)
{
    return uph_extension_line(at_edge(slot, text, n), n, 0, ON, false, l);
}

static void assert_same_agreed(struct upheld_agreed a, struct upheld_agreed b)
{
    assert_int_equal(a.deflate, b.deflate);
    assert_int_equal(a.server_no_context_takeover, b.server_no_context_takeover);
    assert_int_equal(a.client_no_context_takeover, b.client_no_context_takeover);
    assert_int_equal(a.server_max_window_bits, b.server_max_window_bits);
    assert_int_equal(a.client_max_window_bits, b.client_max_window_bits);
    assert_int_equal(a.server_bits_named, b.server_bits_named);
    assert_int_equal(a.client_bits_named, b.client_bits_named);
}

static const struct {
    const char *text;
    size_t n;
    int32_t members;
} LISTS[] = {
    { TEXT("permessage-deflate"), ONE },
    { TEXT("permessage-deflate; client_max_window_bits"), ONE },
    { TEXT("permessage-deflate,permessage-deflate"), MORE },
    { TEXT("x-webkit-deflate-frame"), ONE },
    { TEXT("a;b=1;c=\"2\""), ONE },
    { TEXT("a ; b = 1 , c"), MORE },
    { TEXT("a\t;\tb\t=\t\"x\"\t"), ONE },
    { TEXT("foo, bar; baz=2"), MORE }, /* RFC 6455 section 9.1 */
    { TEXT("deflate-stream"), ONE },
    { TEXT("mux; max-channels=4; flow-control, deflate-stream"), MORE },
    { TEXT("a;b=\"\\x\\y\""), ONE },
    { TEXT(",,a,"), ONE },
    { TEXT(" , a , , b"), MORE },
    { TEXT("a,a"), MORE },
    { TEXT("a,b,c"), MORE },
    { TEXT("a;b "), ONE },
    { TEXT("a;b,"), ONE },
    { TEXT(""), EMPTY },
    { TEXT(","), EMPTY },
    { TEXT(" , \t,"), EMPTY },
    { TEXT("a;"), MALFORMED },
    { TEXT("a; "), MALFORMED },
    { TEXT("a;;b"), MALFORMED },
    { TEXT("a;,b"), MALFORMED },
    { TEXT("a;=b"), MALFORMED },
    { TEXT("a;b="), MALFORMED },
    { TEXT("a;b= "), MALFORMED },
    { TEXT("a;b=,c"), MALFORMED },
    { TEXT("a;b==c"), MALFORMED },
    { TEXT("a;b=\"\""), MALFORMED },
    { TEXT("a;b=\"x"), MALFORMED },
    { TEXT("a;b=\""), MALFORMED },
    { TEXT("a;b=\"\\"), MALFORMED },
    { TEXT("a;b=\"\\\""), MALFORMED },
    { TEXT("a;b=\"\\\\\""), MALFORMED },
    { TEXT("a;b=\"x y\""), MALFORMED },
    { TEXT("a;b=\"x,y\""), MALFORMED },
    { TEXT("x; y=\",permessage-deflate,\""), MALFORMED },
    { TEXT("a;b=\"\\ \""), MALFORMED },
    { TEXT("a;b=\"x\"y"), MALFORMED },
    { TEXT("a;b=x y"), MALFORMED },
    { TEXT("a b"), MALFORMED },
    { TEXT("a=b"), MALFORMED },
    { TEXT(";a"), MALFORMED },
    { TEXT("=a"), MALFORMED },
    { TEXT("\"a\""), MALFORMED },
    { TEXT("a;b\0"), MALFORMED },
    { TEXT("a;b=\"\0\""), MALFORMED },
    { TEXT("\xc3\xa4"), MALFORMED },
    { TEXT("permessage-deflate,a b"), MALFORMED }, /* whatever it offers before */
    { TEXT("a;,permessage-deflate"), MALFORMED },
};

static void a_list_is_well_formed_or_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(LISTS); i++) {
        struct uph_extensions got = read_line(0, LISTS[i].text, LISTS[i].n, NONE);
        if (got.members != LISTS[i].members) {
            fail_msg("'%s': expected %d, got %d", LISTS[i].text, LISTS[i].members, got.members);
        }
    }
}

/* Lines are one list: two of them lead where the two joined by a comma lead. */
static void two_lines_are_one_list(void **state)
{
    char joined[256];
    (void)state;
    for (size_t i = 0; i < COUNT(LISTS); i++) {
        for (size_t j = 0; j < COUNT(LISTS); j++) {
            size_t n = LISTS[i].n, m = LISTS[j].n;
            memcpy(joined, LISTS[i].text, n);
            joined[n] = ',';
            memcpy(joined + n + 1, LISTS[j].text, m);
            struct uph_extensions one = read_line(0, joined, n + 1 + m, NONE);
            struct uph_extensions two = read_line(1, LISTS[i].text, n, NONE);
            two = read_line(2, LISTS[j].text, m, two);
            assert_int_equal(one.members, two.members);
            assert_same_agreed(one.agreed, two.agreed);
        }
    }
}

static void behind_a_malformed_line_nothing_is_read(void **state)
{
    (void)state;
    struct uph_extensions l = read_line(0, TEXT("a b"), NONE);
    l = read_line(0, TEXT("permessage-deflate"), l);
    assert_int_equal(l.members, UPH_MEMBERS_MALFORMED);
    assert_false(l.agreed.deflate);
}

/* What is read of a member: names and numbers, of which 0 is none. */
struct member {
    bool deflate; /* permessage-deflate as RFC 7692 has it */
    bool server_no_context, client_no_context, client_bits_named;
    uint8_t server_bits, client_bits;
};

/* What a server without wishes agrees to. */
static struct upheld_agreed agreed_of(struct member m)
{
    struct upheld_agreed a = { 0 };
    if (m.deflate) {
        a.deflate = true;
        a.server_no_context_takeover = m.server_no_context;
        a.client_no_context_takeover = m.client_no_context;
        a.server_max_window_bits = m.server_bits == 0 ? 15 : m.server_bits;
        a.client_max_window_bits = m.client_bits == 0 ? 15 : m.client_bits;
        a.server_bits_named = m.server_bits != 0;
        a.client_bits_named = a.client_max_window_bits < 15;
    }
    return a;
}

static const struct {
    const char *text;
    size_t n;
    struct member member;
} MEMBERS[] = {
    { TEXT("permessage-deflate"), { .deflate = true } },
    { TEXT("permessage-deflate "), { .deflate = true } },
    { TEXT("permessage-deflat"), { 0 } },
    { TEXT("permessage-deflates"), { 0 } },
    { TEXT("x-permessage-deflate"), { 0 } },
    { TEXT("Permessage-Deflate"), { 0 } }, /* octet for octet */
    { TEXT("permessage-deflatE"), { 0 } },
    { TEXT("permessage_deflate"), { 0 } },

    { TEXT("permessage-deflate; server_no_context_takeover"),
      { .deflate = true, .server_no_context = true } },
    { TEXT("permessage-deflate; client_no_context_takeover"),
      { .deflate = true, .client_no_context = true } },
    { TEXT("permessage-deflate;client_no_context_takeover;server_no_context_takeover"),
      { .deflate = true, .server_no_context = true, .client_no_context = true } },
    { TEXT("permessage-deflate; server_no_context_takeover=1"), { 0 } },
    { TEXT("permessage-deflate; server_no_context_takeover=\"true\""), { 0 } },
    { TEXT("permessage-deflate; client_no_context_takeover=1"), { 0 } },
    { TEXT("permessage-deflate; Server_no_context_takeover"), { 0 } },
    { TEXT("permessage-deflate; server_no_context_takeove"), { 0 } },
    { TEXT("permessage-deflate; server_no_context_takeovers"), { 0 } },
    { TEXT("permessage-deflate; server_no_context_takeover; server_no_context_takeover"), { 0 } },
    { TEXT("permessage-deflate; client_no_context_takeover; client_no_context_takeover"), { 0 } },

    { TEXT("permessage-deflate; server_max_window_bits"), { 0 } },
    { TEXT("permessage-deflate; server_max_window_bits=7"), { 0 } },
    { TEXT("permessage-deflate; server_max_window_bits=8"), { .deflate = true, .server_bits = 8 } },
    { TEXT("permessage-deflate; server_max_window_bits=9"), { .deflate = true, .server_bits = 9 } },
    { TEXT("permessage-deflate; server_max_window_bits=10"),
      { .deflate = true, .server_bits = 10 } },
    { TEXT("permessage-deflate; server_max_window_bits=15"),
      { .deflate = true, .server_bits = 15 } },
    { TEXT("permessage-deflate; server_max_window_bits=16"), { 0 } },
    { TEXT("permessage-deflate; server_max_window_bits=0"), { 0 } },
    { TEXT("permessage-deflate; server_max_window_bits=1"), { 0 } },
    { TEXT("permessage-deflate; server_max_window_bits=08"), { 0 } },
    { TEXT("permessage-deflate; server_max_window_bits=010"), { 0 } },
    { TEXT("permessage-deflate; server_max_window_bits=00"), { 0 } },
    { TEXT("permessage-deflate; server_max_window_bits=100"), { 0 } },
    { TEXT("permessage-deflate; server_max_window_bits=110"), { 0 } },
    { TEXT("permessage-deflate; server_max_window_bits=4294967306"), { 0 } }, /* 2^32 + 10 */
    { TEXT("permessage-deflate; server_max_window_bits=18446744073709551626"), { 0 } },
    { TEXT("permessage-deflate; server_max_window_bits=+9"), { 0 } },
    { TEXT("permessage-deflate; server_max_window_bits=-9"), { 0 } },
    { TEXT("permessage-deflate; server_max_window_bits=9a"), { 0 } },
    { TEXT("permessage-deflate; server_max_window_bits=a"), { 0 } },
    { TEXT("permessage-deflate; server_max_window_bits=9.5"), { 0 } },
    { TEXT("permessage-deflate; server_max_window_bits=0x9"), { 0 } },
    { TEXT("permessage-deflate; server_max_window_bits=\"10\""),
      { .deflate = true, .server_bits = 10 } },
    { TEXT("permessage-deflate; server_max_window_bits = \"8\" "),
      { .deflate = true, .server_bits = 8 } },
    { TEXT("permessage-deflate; server_max_window_bits=\"\\1\\0\""),
      { .deflate = true, .server_bits = 10 } },
    { TEXT("permessage-deflate; server_max_window_bits=\"1\\5\""),
      { .deflate = true, .server_bits = 15 } },
    { TEXT("permessage-deflate; server_max_window_bits=\"16\""), { 0 } },
    { TEXT("permessage-deflate; server_max_window_bits=\"08\""), { 0 } },
    { TEXT("permessage-deflate; server_max_window_bits=\"\\08\""), { 0 } },
    { TEXT("permessage-deflate; server_max_window_bits=\"7\""), { 0 } },
    { TEXT("permessage-deflate; server_max_window_bits=9; server_max_window_bits=9"), { 0 } },
    { TEXT("permessage-deflate; server_max_window_bits=9; server_max_window_bits=10"), { 0 } },

    { TEXT("permessage-deflate; client_max_window_bits"),
      { .deflate = true, .client_bits_named = true } },
    { TEXT("permessage-deflate; client_max_window_bits=7"), { 0 } },
    { TEXT("permessage-deflate; client_max_window_bits=8"),
      { .deflate = true, .client_bits_named = true, .client_bits = 8 } },
    { TEXT("permessage-deflate; client_max_window_bits=15"),
      { .deflate = true, .client_bits_named = true, .client_bits = 15 } },
    { TEXT("permessage-deflate; client_max_window_bits=16"), { 0 } },
    { TEXT("permessage-deflate; client_max_window_bits=08"), { 0 } },
    { TEXT("permessage-deflate; client_max_window_bits=\"12\""),
      { .deflate = true, .client_bits_named = true, .client_bits = 12 } },
    { TEXT("permessage-deflate; client_max_window_bits=\"012\""), { 0 } },
    { TEXT("permessage-deflate; client_max_window_bits; client_max_window_bits"), { 0 } },
    { TEXT("permessage-deflate; client_max_window_bits; client_max_window_bits=9"), { 0 } },
    { TEXT("permessage-deflate; client_max_window_bits=9; client_max_window_bits"), { 0 } },

    { TEXT("permessage-deflate; mode=max"), { 0 } },
    { TEXT("permessage-deflate; a"), { 0 } },
    { TEXT("permessage-deflate; client_max_window_bit"), { 0 } },
    { TEXT("permessage-deflate; max_window_bits_client=9"), { 0 } },
    { TEXT("permessage-deflate; server_max_window_bits=10; client_max_window_bits=9;"
           "client_no_context_takeover; server_no_context_takeover"),
      { .deflate = true,
        .server_no_context = true,
        .client_no_context = true,
        .client_bits_named = true,
        .server_bits = 10,
        .client_bits = 9 } },
};

static void a_member_is_permessage_deflate_or_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(MEMBERS); i++) {
        struct uph_extensions got = read_line(0, MEMBERS[i].text, MEMBERS[i].n, NONE);
        assert_int_equal(got.members, UPH_MEMBERS_ONE);
        if (got.agreed.deflate != MEMBERS[i].member.deflate) {
            fail_msg("'%s': expected %d", MEMBERS[i].text, MEMBERS[i].member.deflate);
        }
        assert_same_agreed(got.agreed, agreed_of(MEMBERS[i].member));
    }
}

/* Every way in which an extension is written is read as what was written. */
static void what_is_written_is_read_back(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2 * 2 * 9 * 9; i++) {
        uint8_t client = (uint8_t)(i / 36 % 9); /* 0: unnamed */
        uint8_t server = (uint8_t)(i / 4 % 9);
        struct member m = {
            .deflate = true,
            .server_no_context = i % 2 == 1,
            .client_no_context = i / 2 % 2 == 1,
            .server_bits = (uint8_t)(server == 0 ? 0 : server + 7),
            .client_bits_named = client > 0,
            .client_bits = (uint8_t)(client == 0 ? 0 : client + 7),
        };
        struct upheld_agreed a = agreed_of(m);
        char text[UPHELD_EXTENSIONS_SIZE];
        size_t n = upheld_extensions_write(a, (uint8_t *)text, sizeof text);
        struct uph_extensions got = read_line(0, text, n, NONE);
        assert_int_equal(got.members, UPH_MEMBERS_ONE);
        assert_same_agreed(got.agreed, a);
    }
}

/* Who does not speak it reads the list all the same. */
static void a_list_is_read_where_nothing_is_agreed_to(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(LISTS); i++) {
        const struct upheld_deflate off = { 0 };
        const uint8_t *p = at_edge(0, LISTS[i].text, LISTS[i].n);
        struct uph_extensions got = uph_extension_line(p, LISTS[i].n, 0, off, false, NONE);
        assert_int_equal(got.members, LISTS[i].members);
        assert_false(got.agreed.deflate);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_is_well_formed_or_not),
        cmocka_unit_test(two_lines_are_one_list),
        cmocka_unit_test(behind_a_malformed_line_nothing_is_read),
        cmocka_unit_test(a_member_is_permessage_deflate_or_not),
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(a_list_is_read_where_nothing_is_agreed_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
