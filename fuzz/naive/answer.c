/* answer.c: an answer head parsed back, strictly (RFC 9112 4, 5): what the core writes must be
 * what any careful client reads. Knows nothing of what the fields mean.
 */
#include <string.h>

#include "naive.h"

/* Length of the line at p, CR LF not counted; n if it has no CR LF. */
static size_t line_length(const uint8_t *p, size_t n)
{
    for (size_t i = 0; i + 1 < n; i++) {
        if (p[i] == '\r' && p[i + 1] == '\n') {
            return i;
        }
    }
    return n;
}

/* SP, HTAB and visible ASCII: what the core has a right to write. */
static bool plain_text(struct upheld_span s)
{
    for (size_t i = 0; i < s.n; i++) {
        if ((s.p[i] < 0x20 && s.p[i] != '\t') || s.p[i] > 0x7e) {
            return false;
        }
    }
    return true;
}

/* "HTTP/1.1" SP 3DIGIT SP [ reason-phrase ] */
static const char *read_status_line(struct naive_answer *answer, struct upheld_span line)
{
    if (line.n < 13 || memcmp(line.p, "HTTP/1.1 ", 9) != 0 || line.p[12] != ' ') {
        return "no status-line of HTTP/1.1";
    }
    for (size_t i = 9; i < 12; i++) {
        if (line.p[i] < '0' || line.p[i] > '9') {
            return "status is not three digits";
        }
        answer->status = 10 * answer->status + (unsigned)(line.p[i] - '0');
    }
    return plain_text(line) ? NULL : "reason-phrase with an octet that is not plain text";
}

static const char *read_field(struct naive_answer *answer, struct upheld_span line)
{
    const uint8_t *colon = memchr(line.p, ':', line.n);
    if (colon == NULL) {
        return "field line without a colon";
    }
    if (answer->count == sizeof answer->fields / sizeof answer->fields[0]) {
        return "more fields than any answer needs";
    }
    size_t at = (size_t)(colon - line.p);
    struct naive_field field = { { line.p, at }, { line.p + at + 1, line.n - at - 1 } };
    if (!naive_token(field.name)) {
        return "field name is no token";
    }
    if (!plain_text(field.value)) {
        return "field value with an octet that is not plain text";
    }
    field.value = naive_strip(field.value);
    if (field.value.n == 0) {
        return "field with an empty value";
    }
    answer->fields[answer->count++] = field;
    return NULL;
}

struct naive_answer naive_answer_read(const uint8_t *p, size_t n)
{
    struct naive_answer answer = { 0 };
    bool first = true;
    size_t at = 0;

    while (answer.broken == NULL) {
        size_t length = line_length(p + at, n - at);
        if (length == n - at) {
            answer.broken = "no empty line at the end of the head";
            break;
        }
        struct upheld_span line = { p + at, length };
        at += length + 2;
        if (first) {
            answer.broken = read_status_line(&answer, line);
            first = false;
        } else if (length == 0) {
            break;
        } else {
            answer.broken = read_field(&answer, line);
        }
    }
    answer.size = at;
    return answer;
}

size_t naive_answer_count(const struct naive_answer *answer, const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < answer->count; i++) {
        count += naive_is_any_case(answer->fields[i].name, name) ? 1 : 0;
    }
    return count;
}

struct upheld_span naive_answer_value(const struct naive_answer *answer, const char *name)
{
    for (size_t i = 0; i < answer->count; i++) {
        if (naive_is_any_case(answer->fields[i].name, name)) {
            return answer->fields[i].value;
        }
    }
    return (struct upheld_span){ NULL, 0 };
}
