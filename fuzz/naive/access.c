/* access.c: query parameters, cookies and fields (RFC 3986 3.4, RFC 6265 4.2.1, RFC 9110 5), by
 * cutting lines, then values, then pairs. Lines end with CR LF or with LF; what is no line ends
 * the search. Knows no policy.
 */
#include <string.h>

#include "naive.h"

#define EMPTY_LINES_MAX 2

/* Takes what stands before the first octet `c` off the front, or all of it. False at the end. */
static bool take_until(struct upheld_span *rest, uint8_t c, struct upheld_span *part)
{
    if (rest->p == NULL) {
        return false;
    }
    const uint8_t *found = rest->n == 0 ? NULL : memchr(rest->p, c, rest->n);
    part->p = rest->p;
    part->n = found == NULL ? rest->n : (size_t)(found - rest->p);
    *rest = found == NULL ? (struct upheld_span){ NULL, 0 }
                          : (struct upheld_span){ found + 1, rest->n - part->n - 1 };
    return true;
}

/* RFC 9112 2.2: a line up to its LF; CR before that is part of the end, and no other control. */
static bool take_line(struct upheld_span *rest, struct upheld_span *line)
{
    if (rest->n == 0 || memchr(rest->p, '\n', rest->n) == NULL) {
        return false;
    }
    if (!take_until(rest, '\n', line)) {
        return false;
    }
    if (line->n > 0 && line->p[line->n - 1] == '\r') {
        line->n--;
    }
    for (size_t i = 0; i < line->n; i++) {
        if ((line->p[i] < 0x20 && line->p[i] != '\t') || line->p[i] == 0x7f) {
            return false;
        }
    }
    return true;
}

static bool take_request_line(struct upheld_span *rest, struct upheld_span *line)
{
    for (int i = 0; i < EMPTY_LINES_MAX && rest->n >= 2 && memcmp(rest->p, "\r\n", 2) == 0; i++) {
        *rest = (struct upheld_span){ rest->p + 2, rest->n - 2 };
    }
    return take_line(rest, line);
}

/* A field line with a name that is a token; none behind the empty line. */
static bool take_field_line(struct upheld_span *rest, struct naive_field *field)
{
    struct upheld_span line;

    while (take_line(rest, &line) && line.n > 0) {
        struct upheld_span value = line;
        take_until(&value, ':', &field->name);
        if (value.p != NULL && naive_token(field->name)) {
            field->value = naive_strip(value);
            return true;
        }
    }
    return false;
}

static void keep(struct naive_values *values, struct upheld_span value)
{
    if (values->count++ == 0) {
        values->first = value;
    }
}

struct naive_values naive_query(struct upheld_span octets, struct upheld_span name)
{
    struct naive_values values = { 0, { NULL, 0 } };
    struct upheld_span line, part, query = { NULL, 0 };

    if (!take_request_line(&octets, &line)) {
        return values;
    }
    take_until(&line, ' ', &part); /* the method */
    if (take_until(&line, ' ', &query)) {
        take_until(&query, '?', &part); /* the path */
    }
    while (name.n > 0 && take_until(&query, '&', &part)) {
        struct upheld_span value = part, own;
        take_until(&value, '=', &own);
        if (naive_same(own, name)) {
            keep(&values, value.p != NULL ? value : (struct upheld_span){ part.p + part.n, 0 });
        }
    }
    return values;
}

struct naive_values naive_cookie(struct upheld_span octets, struct upheld_span name)
{
    struct naive_values values = { 0, { NULL, 0 } };
    struct upheld_span line, pair;
    struct naive_field field;

    if (!take_request_line(&octets, &line)) {
        return values;
    }
    while (name.n > 0 && take_field_line(&octets, &field)) {
        while (naive_is_any_case(field.name, "cookie") && take_until(&field.value, ';', &pair)) {
            struct upheld_span value = naive_strip(pair), own;
            take_until(&value, '=', &own);
            if (value.p != NULL && naive_same(own, name)) {
                keep(&values, value);
            }
        }
    }
    return values;
}

struct naive_values naive_field_lines(struct upheld_span octets, struct upheld_span name,
                                      size_t index)
{
    struct naive_values values = { 0, { NULL, 0 } };
    struct upheld_span line;
    struct naive_field field;

    if (!take_request_line(&octets, &line)) {
        return values;
    }
    for (size_t i = 0; name.n > 0 && take_field_line(&octets, &field);) {
        if (naive_same_any_case(field.name, name) && i++ >= index) {
            keep(&values, field.value);
        }
    }
    return values;
}
