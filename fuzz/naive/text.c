/* text.c: tokens and lists (RFC 9110 5.6) as the ABNF has them. Knows spans only. */
#include <string.h>

#include "naive.h"

#define DIGITS "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

bool naive_one_of(uint8_t octet, const char *octets)
{
    return octet != 0 && octet < 0x80 && strchr(octets, octet) != NULL;
}

bool naive_tchar(uint8_t octet)
{
    return naive_one_of(octet, "!#$%&'*+-.^_`|~" DIGITS LETTERS);
}

bool naive_token(struct upheld_span s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (!naive_tchar(s.p[i])) {
            return false;
        }
    }
    return s.n > 0;
}

bool naive_same(struct upheld_span a, struct upheld_span b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool naive_is(struct upheld_span s, const char *literal)
{
    return naive_same(s, (struct upheld_span){ (const uint8_t *)literal, strlen(literal) });
}

static int folded(int octet)
{
    return octet >= 'A' && octet <= 'Z' ? octet - 'A' + 'a' : octet;
}

bool naive_same_any_case(struct upheld_span a, struct upheld_span b)
{
    if (a.n != b.n) {
        return false;
    }
    for (size_t i = 0; i < a.n; i++) {
        if (folded(a.p[i]) != folded(b.p[i])) {
            return false;
        }
    }
    return true;
}

bool naive_is_any_case(struct upheld_span s, const char *literal)
{
    return naive_same_any_case(s,
                               (struct upheld_span){ (const uint8_t *)literal, strlen(literal) });
}

struct upheld_span naive_strip(struct upheld_span s)
{
    while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t')) {
        s.p++;
        s.n--;
    }
    while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t')) {
        s.n--;
    }
    return s;
}

struct naive_members naive_list(struct upheld_span value)
{
    return (struct naive_members){ value, value.n == 0 };
}

bool naive_next(struct naive_members *list, struct upheld_span *member)
{
    while (!list->ended) {
        struct upheld_span rest = list->rest;
        const uint8_t *comma = rest.n == 0 ? NULL : memchr(rest.p, ',', rest.n);
        size_t length = comma == NULL ? rest.n : (size_t)(comma - rest.p);

        *member = naive_strip((struct upheld_span){ rest.p, length });
        list->ended = comma == NULL;
        if (comma != NULL) {
            list->rest = (struct upheld_span){ comma + 1, rest.n - length - 1 };
        }
        if (member->n > 0) {
            return true;
        }
    }
    return false;
}

bool naive_list_has(struct upheld_span value, const char *word)
{
    struct naive_members list = naive_list(value);
    struct upheld_span member;

    while (naive_next(&list, &member)) {
        if (naive_is_any_case(member, word)) {
            return true;
        }
    }
    return false;
}
