/* test_access.c: query parameters, cookies and fields of a head, found where they stand; also on
 * every short string over the octets that matter, against a second reading on C strings. */
#include "check.h"

#include <strings.h>

#include "upheld.h"

#define HEAD(target, fields) "GET " target " HTTP/1.1\r\nHost: h\r\n" fields "\r\n"
#define QUERY(target) TEXT(HEAD(target, ""))
#define FIELDS(fields) TEXT(HEAD("/", fields))

enum what { IN_QUERY, IN_COOKIES, IN_FIELDS };

struct row {
    const char *text;
    size_t n;
    const char *name;
    size_t name_n;
    const char *value; /* null: not found */
    bool again;
};

static struct upheld_value look_up(enum what what, const uint8_t *p, size_t n, const char *name,
                                   size_t name_n, uint32_t index)
{
    struct upheld_span span = { at_edge(1, name, name_n), name_n };
    switch (what) {
    case IN_QUERY:
        return upheld_query(p, n, span);
    case IN_COOKIES:
        return upheld_cookie(p, n, span);
    default:
        return upheld_field(p, n, span, index);
    }
}

static void expect_row(enum what what, const struct row *row)
{
    const uint8_t *p = at_edge(0, row->text, row->n);
    struct upheld_value v = look_up(what, p, row->n, row->name, row->name_n, 0);
    if (v.found != (row->value != NULL)) {
        fail_msg("'%s' in '%s': expected %s", row->name, row->text,
                 row->value != NULL ? row->value : "nothing");
    }
    if (!v.found || row->value == NULL) {
        assert_true(v.at == 0 && v.end == 0 && !v.again);
        return;
    }
    assert_true(v.at <= v.end && v.end <= row->n);
    if (v.end - v.at != strlen(row->value) || memcmp(p + v.at, row->value, v.end - v.at) != 0) {
        fail_msg("'%s' in '%s': expected '%s', got '%.*s'", row->name, row->text, row->value,
                 (int)(v.end - v.at), (const char *)p + v.at);
    }
    if (v.again != row->again) {
        fail_msg("'%s' in '%s': expected again to be %d", row->name, row->text, row->again);
    }
}

/* R3986-3.4-1 */
static const struct row QUERIES[] = {
    { QUERY("/?a=1"), TEXT("a"), "1", false },
    { QUERY("/p?a=1"), TEXT("a"), "1", false },
    { QUERY("/?x=0&a=1&y=2"), TEXT("a"), "1", false },
    { QUERY("/?x=0&a=1"), TEXT("x"), "0", false },
    { QUERY("/?token=a.b-c_d~"), TEXT("token"), "a.b-c_d~", false },
    { "\r\n\r\n" HEAD("/?a=1", ""), sizeof HEAD("/?a=1", "") + 3, TEXT("a"), "1", false },
    { QUERY("http://h:8/p?a=1"), TEXT("a"), "1", false },
    { QUERY("http://h?a=1"), TEXT("a"), "1", false },
    { TEXT("GET /?a=1 HTTP/1.1\nHost: h\n\n"), TEXT("a"), "1", false },
    /* the value is what stands behind the first "=" */
    { QUERY("/?a=1=2="), TEXT("a"), "1=2=", false },
    { QUERY("/?a="), TEXT("a"), "", false },
    { QUERY("/?a"), TEXT("a"), "", false },
    { QUERY("/?a&b=1"), TEXT("a"), "", false },
    { QUERY("/?a=?"), TEXT("a"), "?", false },
    { QUERY("/?a==&b"), TEXT("a"), "=", false },
    { QUERY("/?a=;b=2"), TEXT("a"), ";b=2", false },
    /* nothing is decoded */
    { QUERY("/?a=%41+b"), TEXT("a"), "%41+b", false },
    { QUERY("/?%61=1"), TEXT("a"), NULL, false },
    { QUERY("/?%61=1"), TEXT("%61"), "1", false },
    { QUERY("/?a%3D1"), TEXT("a"), NULL, false },
    { QUERY("/?x%26a=1"), TEXT("a"), NULL, false },
    { QUERY("/%3fa=1"), TEXT("a"), NULL, false },
    /* names are whole, and of one case */
    { QUERY("/?A=1"), TEXT("a"), NULL, false },
    { QUERY("/?ab=1"), TEXT("a"), NULL, false },
    { QUERY("/?ba=1"), TEXT("a"), NULL, false },
    { QUERY("/?a=1"), TEXT("ab"), NULL, false },
    { QUERY("/?a=1"), TEXT("a=1"), NULL, false },
    { QUERY("/?a=1"), TEXT("a="), NULL, false },
    { QUERY("/?a=1&b=2"), TEXT("1&b"), NULL, false },
    { QUERY("/?a=b=1"), TEXT("b"), NULL, false },
    { QUERY("/?a=1"), TEXT("a\0"), NULL, false },
    { QUERY("/?a"), TEXT("a HTTP/1.1"), NULL, false },
    { QUERY("/?a"),
      TEXT("a name that is longer than all of what is left of the head it is "
           "looked up in, and than the head"),
      NULL, false },
    { QUERY("/?=1"), TEXT(""), NULL, false },
    { QUERY("/?"), TEXT(""), NULL, false },
    { QUERY("/?&"), TEXT(""), NULL, false },
    /* a name that stands twice */
    { QUERY("/?a=1&a=2"), TEXT("a"), "1", true },
    { QUERY("/?a=1&b&a=2&a=3"), TEXT("a"), "1", true },
    { QUERY("/?a&a"), TEXT("a"), "", true },
    { QUERY("/?a=1&a"), TEXT("a"), "1", true },
    { QUERY("/?a=1&A=2"), TEXT("a"), "1", false },
    { QUERY("/?a=1&%61=2"), TEXT("a"), "1", false },
    { QUERY("/?a=1&a=2"), TEXT("b"), NULL, false },
    /* empty parameters */
    { QUERY("/?&&a=1&&"), TEXT("a"), "1", false },
    { QUERY("/?&=&a=1"), TEXT("a"), "1", false },
    { QUERY("/?&&"), TEXT("a"), NULL, false },
    /* the query of the request-target alone */
    { QUERY("/"), TEXT("a"), NULL, false },
    { QUERY("*"), TEXT("a"), NULL, false },
    { QUERY("/a=1"), TEXT("a"), NULL, false },
    { QUERY("/&a=1"), TEXT("a"), NULL, false },
    { QUERY("/&a=1?b=2"), TEXT("b"), "2", false },
    { QUERY("/?b?a=1"), TEXT("a"), NULL, false },
    { QUERY("/?b?a=1"), TEXT("b?a"), "1", false },
    { TEXT(HEAD("/", "X: ?a=1\r\n")), TEXT("a"), NULL, false },
    { TEXT("GET / HTTP/1.1?a=1\r\n\r\n"), TEXT("a"), NULL, false },
    { TEXT("G?a=1 / HTTP/1.1\r\n\r\n"), TEXT("a"), NULL, false },
    /* what is no head */
    { TEXT(""), TEXT("a"), NULL, false },
    { TEXT("\r\n"), TEXT("a"), NULL, false },
    { TEXT("GET"), TEXT("a"), NULL, false },
    { TEXT("GET /?a=1"), TEXT("a"), NULL, false },
    { TEXT("GET /?a=1 HTTP/1.1\r"), TEXT("a"), NULL, false },
    { TEXT("GET /?a=1 HTTP/1.1\rx"), TEXT("a"), NULL, false },
    { TEXT("GET\r\n"), TEXT("a"), NULL, false },
    { TEXT("GET?a=1\r\n"), TEXT("a"), NULL, false },
    { TEXT(" /?a=1 HTTP/1.1\r\n"), TEXT("a"), "1", false },
    { TEXT("GET /?a=1\r\n"), TEXT("a"), "1", false },
    { TEXT("GET  /?a=1 HTTP/1.1\r\n"), TEXT("a"), NULL, false },
    { TEXT("\r\n\r\n\r\nGET /?a=1 HTTP/1.1\r\n"), TEXT("a"), NULL, false },
    { TEXT("GET /?a=\0 HTTP/1.1\r\n"), TEXT("a"), NULL, false },
    { TEXT("GET /?a=\xff\x80 HTTP/1.1\r\n"), TEXT("a"), "\xff\x80", false },
    { TEXT("GET /?\xff=1 HTTP/1.1\r\n"), TEXT("\xff"), "1", false },
};

/* R6265-4.2.1-1, R6265-5.4-1 */
static const struct row COOKIES[] = {
    { FIELDS("Cookie: a=1\r\n"), TEXT("a"), "1", false },
    { FIELDS("Cookie:a=1\r\n"), TEXT("a"), "1", false },
    { FIELDS("cookie: a=1\r\n"), TEXT("a"), "1", false },
    { FIELDS("COOKIE: a=1\r\n"), TEXT("a"), "1", false },
    { FIELDS("Cookie: x=0; a=1; y=2\r\n"), TEXT("a"), "1", false },
    { FIELDS("Cookie: x=0;a=1;y=2\r\n"), TEXT("y"), "2", false },
    { FIELDS("X: 1\r\nCookie: a=1\r\nY: 2\r\n"), TEXT("a"), "1", false },
    { TEXT("GET / HTTP/1.1\nCookie: a=1\n\n"), TEXT("a"), "1", false },
    /* whitespace around a pair, and nowhere else */
    { FIELDS("Cookie: \t a=1 \t ; b=2\r\n"), TEXT("a"), "1", false },
    { FIELDS("Cookie: a = 1\r\n"), TEXT("a"), NULL, false },
    { FIELDS("Cookie: a = 1\r\n"), TEXT("a "), " 1", false },
    { FIELDS("Cookie: a=1 2\r\n"), TEXT("a"), "1 2", false },
    { FIELDS("Cookie: b= a=1\r\n"), TEXT("a"), NULL, false },
    { FIELDS("Cookie: a=\r\n"), TEXT("a"), "", false },
    { FIELDS("Cookie: a= \r\n"), TEXT("a"), "", false },
    { FIELDS("Cookie: a= ;b=1\r\n"), TEXT("a"), "", false },
    /* the value is what stands behind the first "=" */
    { FIELDS("Cookie: a=1=2\r\n"), TEXT("a"), "1=2", false },
    { FIELDS("Cookie: a=\"1\"\r\n"), TEXT("a"), "\"1\"", false },
    { FIELDS("Cookie: a=\"1;b=2\"\r\n"), TEXT("b"), "2\"", false },
    { FIELDS("Cookie: a=1,b=2\r\n"), TEXT("a"), "1,b=2", false },
    { FIELDS("Cookie: a=%31\r\n"), TEXT("a"), "%31", false },
    { FIELDS("Cookie: a=\xff\r\n"), TEXT("a"), "\xff", false },
    /* what has no "=" is no pair: a browser sends a cookie without a name so */
    { FIELDS("Cookie: a\r\n"), TEXT("a"), NULL, false },
    { FIELDS("Cookie: a; a=1\r\n"), TEXT("a"), "1", false },
    { FIELDS("Cookie: a=1; a\r\n"), TEXT("a"), "1", false },
    { FIELDS("Cookie: =1\r\n"), TEXT(""), NULL, false },
    { FIELDS("Cookie: =a=1\r\n"), TEXT("a"), NULL, false },
    { FIELDS("Cookie: \r\n"), TEXT("a"), NULL, false },
    { FIELDS("Cookie:\r\n"), TEXT("a"), NULL, false },
    { FIELDS("Cookie: ;;; =; ;a=1;;\r\n"), TEXT("a"), "1", false },
    /* names are whole, and of one case */
    { FIELDS("Cookie: A=1\r\n"), TEXT("a"), NULL, false },
    { FIELDS("Cookie: ab=1\r\n"), TEXT("a"), NULL, false },
    { FIELDS("Cookie: ba=1\r\n"), TEXT("a"), NULL, false },
    { FIELDS("Cookie: a=1\r\n"), TEXT("ab"), NULL, false },
    { FIELDS("Cookie: a=1\r\n"), TEXT("a=1"), NULL, false },
    { FIELDS("Cookie: a=1\r\n"), TEXT("a="), NULL, false },
    { FIELDS("Cookie: a=1\r\n"), TEXT(" a"), NULL, false },
    { FIELDS("Cookie: a=1;b=2\r\n"), TEXT("1;b"), NULL, false },
    { FIELDS("Cookie: a=1\r\n"), TEXT("a name that is longer than all of what is left of it"), NULL,
      false },
    /* a name that stands twice, in one line and over two */
    { FIELDS("Cookie: a=1; a=2\r\n"), TEXT("a"), "1", true },
    { FIELDS("Cookie: a=1\r\nCookie: a=2\r\n"), TEXT("a"), "1", true },
    { FIELDS("Cookie: b=0\r\nX: y\r\ncookie: a=1; b=2\r\n"), TEXT("a"), "1", false },
    { FIELDS("Cookie: b=0\r\nX: y\r\ncookie: a=1; b=2\r\n"), TEXT("b"), "0", true },
    { FIELDS("Cookie: a=1; A=2\r\n"), TEXT("a"), "1", false },
    /* Cookie alone, whole lines alone, up to the empty line alone */
    { FIELDS("Cookies: a=1\r\n"), TEXT("a"), NULL, false },
    { FIELDS("Cooki: a=1\r\n"), TEXT("a"), NULL, false },
    { FIELDS("Set-Cookie: a=1\r\n"), TEXT("a"), NULL, false },
    { FIELDS("Cookie : a=1\r\n"), TEXT("a"), NULL, false },
    { FIELDS("Cookie a=1\r\n"), TEXT("a"), NULL, false },
    { FIELDS("Cookie\r\n"), TEXT("a"), NULL, false },
    { FIELDS(" Cookie: a=1\r\n"), TEXT("a"), NULL, false },
    { FIELDS("X: y\r\n Cookie: a=1\r\n"), TEXT("a"), NULL, false },
    { FIELDS("Cookie: b=0;\r\n a=1\r\n"), TEXT("a"), NULL, false },
    { TEXT(HEAD("/", "") "Cookie: a=1\r\n\r\n"), TEXT("a"), NULL, false },
    { TEXT("Cookie: a=1\r\n\r\n"), TEXT("a"), NULL, false },
    { TEXT("GET / HTTP/1.1\r\nCookie: a=1"), TEXT("a"), NULL, false },
    { TEXT("GET / HTTP/1.1\r\nCookie: a=1\r"), TEXT("a"), NULL, false },
    { TEXT("GET / HTTP/1.1\r\nCookie: a=1\r\n"), TEXT("a"), "1", false },
    { TEXT("GET / HTTP/1.1\r\nX: \0\r\nCookie: a=1\r\n"), TEXT("a"), NULL, false },
    { TEXT("GET / HTTP/1.1\r\nX: \r\r\nCookie: a=1\r\n"), TEXT("a"), NULL, false },
    { TEXT(""), TEXT("a"), NULL, false },
};

static const struct row FIELD_ROWS[] = {
    { FIELDS("A: 1\r\n"), TEXT("a"), "1", false },
    { FIELDS("A: 1\r\n"), TEXT("A"), "1", false },
    { FIELDS("a: 1\r\n"), TEXT("A"), "1", false },
    { FIELDS("X-Y_z: 1\r\n"), TEXT("x-y_Z"), "1", false },
    { FIELDS("A:1\r\n"), TEXT("a"), "1", false },
    { FIELDS("A: \t 1 2 \t \r\n"), TEXT("a"), "1 2", false },
    { FIELDS("A:\r\n"), TEXT("a"), "", false },
    { FIELDS("A: \t \r\n"), TEXT("a"), "", false },
    { FIELDS("A: b: c\r\n"), TEXT("a"), "b: c", false },
    { FIELDS("A: 1,2;3\r\n"), TEXT("a"), "1,2;3", false },
    { FIELDS("A: \xe4\r\n"), TEXT("a"), "\xe4", false },
    { FIELDS("Authorization: Bearer x.y.z\r\n"), TEXT("authorization"), "Bearer x.y.z", false },
    { FIELDS("A: 1\r\n"), TEXT("host"), "h", false },
    { TEXT("\r\nGET / HTTP/1.1\nA: 1\n\n"), TEXT("a"), "1", false },
    { FIELDS("A: 1\r\nA: 2\r\n"), TEXT("a"), "1", true },
    { FIELDS("A: 1\r\na: 2\r\nA: 3\r\n"), TEXT("a"), "1", true },
    { FIELDS("A: 1\r\nAA: 2\r\n"), TEXT("a"), "1", false },
    { FIELDS("A: 1\r\n"), TEXT("b"), NULL, false },
    { FIELDS("AB: 1\r\n"), TEXT("a"), NULL, false },
    { FIELDS("BA: 1\r\n"), TEXT("a"), NULL, false },
    { FIELDS("A: 1\r\n"), TEXT("ab"), NULL, false },
    { FIELDS("A: 1\r\n"), TEXT("a:"), NULL, false },
    { FIELDS("A: b: 1\r\n"), TEXT("a: b"), NULL, false },
    { FIELDS("A\xc4: 1\r\n"), TEXT("A\xe4"), NULL, false },
    { FIELDS("[: 1\r\n"), TEXT("{"), NULL, false },
    { FIELDS("@: 1\r\n"), TEXT("`"), NULL, false },
    { FIELDS("^: 1\r\n"), TEXT("~"), NULL, false },
    { FIELDS("A : 1\r\n"), TEXT("a"), NULL, false },
    { FIELDS("A : 1\r\n"), TEXT("a "), NULL, false },
    { FIELDS(" A: 1\r\n"), TEXT("a"), NULL, false },
    { FIELDS(" A: 1\r\n"), TEXT(" a"), NULL, false },
    { FIELDS("X: y\r\n A: 1\r\n"), TEXT("a"), NULL, false },
    { FIELDS(": 1\r\n"), TEXT(""), NULL, false },
    { FIELDS("A\r\n"), TEXT("a"), NULL, false },
    { FIELDS("A: 1\r\n"), TEXT("a name that is longer than all of what is left of it"), NULL,
      false },
    { TEXT(HEAD("/", "") "A: 1\r\n\r\n"), TEXT("a"), NULL, false },
    { TEXT("A: 1\r\nB: 2\r\n\r\n"), TEXT("a"), NULL, false },
    { TEXT("\r\n\r\n\r\nA: 1\r\n\r\n"), TEXT("a"), "1", false },
    { TEXT("GET / HTTP/1.1\r\nA: 1"), TEXT("a"), NULL, false },
    { TEXT("GET / HTTP/1.1\r\nA: 1\r"), TEXT("a"), NULL, false },
    { TEXT("GET / HTTP/1.1\r\nA: \0\r\n\r\n"), TEXT("a"), NULL, false },
    { TEXT("GET / HTTP/1.1\rA: 1\r\n\r\n"), TEXT("a"), NULL, false },
    { TEXT(""), TEXT("a"), NULL, false },
};

static void a_parameter_is_found_where_the_query_has_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(QUERIES); i++) {
        expect_row(IN_QUERY, &QUERIES[i]);
    }
}

static void a_cookie_is_found_where_a_cookie_line_has_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(COOKIES); i++) {
        expect_row(IN_COOKIES, &COOKIES[i]);
    }
}

static void a_field_is_found_by_its_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(FIELD_ROWS); i++) {
        expect_row(IN_FIELDS, &FIELD_ROWS[i]);
    }
}

static void the_lines_of_a_field_are_counted_from_0(void **state)
{
    static const char text[] = HEAD("/", "A: 1\r\nB: x\r\na:2\r\nA:  3  \r\n");
    const uint8_t *p = at_edge(0, TEXT(text));
    (void)state;
    for (uint32_t index = 0; index < 3; index++) {
        struct upheld_value v = look_up(IN_FIELDS, p, sizeof text - 1, TEXT("a"), index);
        assert_true(v.found);
        assert_int_equal(v.end - v.at, 1);
        assert_int_equal(p[v.at], '1' + index);
        assert_int_equal(v.again, index < 2);
    }
    assert_false(look_up(IN_FIELDS, p, sizeof text - 1, TEXT("a"), 3).found);
    assert_false(look_up(IN_FIELDS, p, sizeof text - 1, TEXT("a"), UINT32_MAX).found);
    assert_false(look_up(IN_FIELDS, p, sizeof text - 1, TEXT("b"), 1).found);
}

static void nothing_is_found_in_nothing(void **state)
{
    static const uint8_t a = 'a';
    const struct upheld_span name = { &a, 1 }, none = { NULL, 0 };
    (void)state;
    assert_false(upheld_query(NULL, 0, name).found);
    assert_false(upheld_cookie(NULL, 0, name).found);
    assert_false(upheld_field(NULL, 0, name, 0).found);
    const uint8_t *p = at_edge(0, QUERY("/?=1"));
    assert_false(upheld_query(p, sizeof HEAD("/?=1", "") - 1, none).found);
    p = at_edge(0, FIELDS("Cookie: =1\r\n: 1\r\n"));
    assert_false(upheld_cookie(p, sizeof HEAD("/", "Cookie: =1\r\n: 1\r\n") - 1, none).found);
    assert_false(upheld_field(p, sizeof HEAD("/", "Cookie: =1\r\n: 1\r\n") - 1, none, 0).found);
}

/* ---- a second reading, on copies of lines as C strings ------------------------------------ */

enum { LINE_SIZE = 64 };

static struct upheld_value taken(struct upheld_value v, size_t at, size_t end)
{
    if (v.found) {
        v.again = true;
        return v;
    }
    return (struct upheld_value){ true, false, at, end };
}

/* Copies the line at `from` and gives where the next one starts; 0 if there is no whole line. */
static size_t copied_line(const char *text, size_t n, size_t from, char line[LINE_SIZE])
{
    for (size_t i = from; i < n; i++) {
        size_t end = text[i] == '\n'                                       ? 1
                     : text[i] == '\r' && i + 1 < n && text[i + 1] == '\n' ? 2
                                                                           : 0;
        if (end > 0) {
            assert_true(i - from < LINE_SIZE);
            memcpy(line, text + from, i - from);
            line[i - from] = '\0';
            return i + end;
        }
        if (text[i] == '\r') {
            return 0;
        }
    }
    return 0;
}

static size_t behind_empty_lines(const char *text, size_t n)
{
    size_t at = 0;
    while (at < 4 && n - at >= 2 && memcmp(text + at, "\r\n", 2) == 0) {
        at += 2;
    }
    return at;
}

static struct upheld_value naive_query(const char *text, size_t n, const char *name)
{
    struct upheld_value v = { false, false, 0, 0 };
    char line[LINE_SIZE];
    size_t start = behind_empty_lines(text, n);
    char *target = copied_line(text, n, start, line) > 0 ? strchr(line, ' ') : NULL;
    if (target == NULL) {
        return v;
    }
    target[1 + strcspn(target + 1, " ")] = '\0';
    char *rest = strchr(target, '?');
    rest = rest != NULL ? rest + 1 : NULL;
    for (char *part = strsep(&rest, "&"); part != NULL; part = strsep(&rest, "&")) {
        char *end = part + strlen(part), *equals = strchr(part, '=');
        if (equals != NULL) {
            *equals = '\0';
        }
        if (strcmp(part, name) == 0) {
            v = taken(v, start + (size_t)((equals != NULL ? equals + 1 : end) - line),
                      start + (size_t)(end - line));
        }
    }
    return v;
}

/* Adds the cookies of the value at `rest`, which is a line at `start`. */
static struct upheld_value naive_cookies(struct upheld_value v, const char *line, size_t start,
                                         char *rest, const char *name)
{
    for (char *pair = strsep(&rest, ";"); pair != NULL; pair = strsep(&rest, ";")) {
        pair += strspn(pair, " \t");
        char *end = pair + strlen(pair);
        while (end > pair && strchr(" \t", end[-1]) != NULL) {
            *--end = '\0';
        }
        char *equals = strchr(pair, '=');
        if (equals != NULL && (size_t)(equals - pair) == strlen(name) &&
            strncmp(pair, name, strlen(name)) == 0) {
            v = taken(v, start + (size_t)(equals + 1 - line), start + (size_t)(end - line));
        }
    }
    return v;
}

/* The cookie or, from the line `index` of its name on, the field. */
static struct upheld_value naive_lines(enum what what, const char *text, size_t n, const char *name,
                                       uint32_t index)
{
    struct upheld_value v = { false, false, 0, 0 };
    const char *field = what == IN_COOKIES ? "cookie" : name;
    char line[LINE_SIZE];
    size_t at = copied_line(text, n, behind_empty_lines(text, n), line), next = 0;
    for (; at > 0 && (next = copied_line(text, n, at, line)) > 0 && line[0] != '\0'; at = next) {
        char *colon = line + strlen(field);
        if (strncasecmp(line, field, strlen(field)) != 0 || *colon != ':') {
            continue;
        }
        if (what == IN_COOKIES) {
            v = naive_cookies(v, line, at, colon + 1, name);
        } else if (index > 0) {
            index--;
        } else {
            size_t from = strlen(field) + 1, to = strlen(line);
            from += strspn(line + from, " \t");
            while (to > from && strchr(" \t", line[to - 1]) != NULL) {
                to--;
            }
            v = taken(v, at + from, at + to);
        }
    }
    return v;
}

/* Every text of up to `most` octets of the alphabet, between what stands before and behind it. */
static void compare_all(enum what what, const char *before, const char *alphabet, unsigned most,
                        const char *behind, const char *name)
{
    char text[LINE_SIZE];
    size_t letters = strlen(alphabet), head = strlen(before), tail = strlen(behind);
    size_t texts = 1, found = 0, again = 0;
    for (unsigned length = 0; length <= most; length++, texts *= letters) {
        size_t n = head + length + tail;
        memcpy(text, before, head);
        memcpy(text + head + length, behind, tail);
        for (size_t number = 0; number < texts; number++) {
            size_t rest = number;
            for (unsigned i = 0; i < length; i++, rest /= letters) {
                text[head + i] = alphabet[rest % letters];
            }
            const uint8_t *p = at_edge(0, text, n);
            for (uint32_t index = 0; index < (what == IN_FIELDS ? 2 : 1); index++) {
                struct upheld_value want = what == IN_QUERY
                                               ? naive_query(text, n, name)
                                               : naive_lines(what, text, n, name, index);
                struct upheld_value got = look_up(what, p, n, name, strlen(name), index);
                if (got.found != want.found || got.again != want.again || got.at != want.at ||
                    got.end != want.end) {
                    fail_msg("'%s' %u in '%.*s': expected %d %d [%zu, %zu), got %d %d [%zu, %zu)",
                             name, index, (int)n, text, want.found, want.again, want.at, want.end,
                             got.found, got.again, got.at, got.end);
                }
                found += got.found;
                again += got.again;
            }
        }
    }
    assert_true(found > 0 && again > 0 && found > again); /* else it has compared nothing */
}

static void every_short_target_is_read_as_by_another_reader(void **state)
{
    (void)state;
    compare_all(IN_QUERY, "G ", "?&=ab \r\n", 7, " H\r\n\r\n", "a");
    compare_all(IN_QUERY, "G /?", "?&=ab", 7, " H\r\n\r\n", "ab");
    compare_all(IN_QUERY, "", "? a&=\r\n", 7, "", "a");
}

static void every_short_cookie_line_is_read_as_by_another_reader(void **state)
{
    (void)state;
    compare_all(IN_COOKIES, "G\r\nCookie:", ";=ab \t\r\n", 7, "\r\n\r\n", "a");
    compare_all(IN_COOKIES, "G\r\ncookie: ", ";=ab", 8, "\n\n", "ab");
    compare_all(IN_COOKIES, "G\nCOOKIE:a=1", ";=a\r\n :", 7, "\nCookie:a=2\r\n", "a");
}

static void every_short_field_line_is_read_as_by_another_reader(void **state)
{
    (void)state;
    compare_all(IN_FIELDS, "G\r\n", "aA: x\r\n", 7, "\r\n\r\n", "a");
    compare_all(IN_FIELDS, "", "a:x\t\r\n", 8, "", "A");
}

/* ---- sizes ---------------------------------------------------------------------------------- */

/* What stands at [0, UPHELD_LIMIT_MAX) is searched, and no octet behind. */
static void the_search_ends_at_the_limit(void **state)
{
    static const char before[] = "GET / HTTP/1.1\r\nX: ", behind[] = "\r\nCookie: a=1\r\n\r\n";
    const size_t line = sizeof behind - 3; /* up to the end of the Cookie line */
    char *text = malloc(UPHELD_LIMIT_MAX + sizeof behind);
    (void)state;
    assert_non_null(text);
    for (size_t over = 0; over < 2; over++) {
        size_t at = UPHELD_LIMIT_MAX + over - line;
        memset(text, 'x', UPHELD_LIMIT_MAX);
        memcpy(text, before, sizeof before - 1);
        memcpy(text + at, behind, sizeof behind - 1);
        const uint8_t *p = (const uint8_t *)text;
        struct upheld_value v = look_up(IN_COOKIES, p, at + sizeof behind - 1, TEXT("a"), 0);
        assert_int_equal(v.found, over == 0);
        assert_int_equal(v.end, over == 0 ? at + line - 2 : 0);
        v = look_up(IN_FIELDS, p, at + sizeof behind - 1, TEXT("cookie"), 0);
        assert_int_equal(v.found, over == 0);
    }
    memset(text, 'x', UPHELD_LIMIT_MAX);
    memcpy(text, "GET /?a=1 ", 10);
    memcpy(text + UPHELD_LIMIT_MAX - 1, "\r\n", 2);
    assert_false(look_up(IN_QUERY, (uint8_t *)text, UPHELD_LIMIT_MAX + 1, TEXT("a"), 0).found);
    memcpy(text + UPHELD_LIMIT_MAX - 2, "\r\n", 2);
    assert_true(look_up(IN_QUERY, (uint8_t *)text, UPHELD_LIMIT_MAX + 1, TEXT("a"), 0).found);
    free(text);
}

/* At the square of the length this would take minutes, and the runner ends it. */
static void hostile_octets_take_linear_time(void **state)
{
    static const struct {
        enum what what;
        const char *before, *repeated;
    } ROWS[] = {
        { IN_QUERY, "GET /?", "&" },          { IN_QUERY, "GET /?", "=" },
        { IN_QUERY, "GET /?", "aaaaaaa" },    { IN_QUERY, "GET /?", "aaaaaaaaa&" },
        { IN_COOKIES, "G\r\nCookie:", ";" },  { IN_COOKIES, "G\r\nCookie:", " " },
        { IN_COOKIES, "G\r\nCookie:", " ;" }, { IN_COOKIES, "G\r\nCookie:", "a=;" },
        { IN_COOKIES, "G\r\n", "Cookie:\n" }, { IN_FIELDS, "G\r\n", ":\n" },
        { IN_FIELDS, "G\r\n", "a:\n" },       { IN_FIELDS, "G\r\n", "aaaaaaaa\n" },
        { IN_FIELDS, "G\r\na:", " " },        { IN_FIELDS, "G\r\na:", "\t \t " },
    };
    enum { SIZE = 1 << 18 };
    static char text[SIZE], name[SIZE];
    (void)state;
    memset(name, 'a', SIZE);
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        size_t head = strlen(ROWS[i].before), step = strlen(ROWS[i].repeated);
        memcpy(text, ROWS[i].before, head);
        for (size_t at = head; at < SIZE; at++) {
            text[at] = ROWS[i].repeated[(at - head) % step];
        }
        memcpy(text + SIZE - 4, "\r\n\r\n", 4);
        const uint8_t *p = at_edge(0, text, SIZE);
        for (size_t m = 1; m <= SIZE; m *= 8) {
            struct upheld_value v = look_up(ROWS[i].what, p, SIZE, name, m, 0);
            assert_true(v.at <= v.end && v.end <= SIZE);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_parameter_is_found_where_the_query_has_it),
        cmocka_unit_test(a_cookie_is_found_where_a_cookie_line_has_it),
        cmocka_unit_test(a_field_is_found_by_its_name),
        cmocka_unit_test(the_lines_of_a_field_are_counted_from_0),
        cmocka_unit_test(nothing_is_found_in_nothing),
        cmocka_unit_test(every_short_target_is_read_as_by_another_reader),
        cmocka_unit_test(every_short_cookie_line_is_read_as_by_another_reader),
        cmocka_unit_test(every_short_field_line_is_read_as_by_another_reader),
        cmocka_unit_test(the_search_ends_at_the_limit),
        cmocka_unit_test(hostile_octets_take_linear_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
