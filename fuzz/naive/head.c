/* head.c: a head cut into request-line or status-line and fields (RFC 9112 2 to 5), strictly:
 * lines end with CR LF, no folding, at most two empty lines before a request. By leave of the
 * caller LF alone ends a line as well. Knows nothing of what the fields mean.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "naive.h"

#define EMPTY_LINES_MAX 2

static struct upheld_span part(struct upheld_span s, size_t from, size_t to)
{
    return (struct upheld_span){ s.p + from, to - from };
}

/* Takes a line off the front. False if no end of a line follows. */
static bool take_line(struct upheld_span *rest, struct upheld_span *line, bool lf)
{
    for (size_t i = 0; i < rest->n; i++) {
        if (rest->p[i] == '\n' && (lf || (i > 0 && rest->p[i - 1] == '\r'))) {
            bool cr = i > 0 && rest->p[i - 1] == '\r';
            *line = part(*rest, 0, cr ? i - 1 : i);
            *rest = part(*rest, i + 1, rest->n);
            return true;
        }
    }
    return false;
}

/* Takes an empty line, CR LF, off the front. */
static bool take_empty(struct upheld_span *rest)
{
    if (rest->n < 2 || rest->p[0] != '\r' || rest->p[1] != '\n') {
        return false;
    }
    *rest = part(*rest, 2, rest->n);
    return true;
}

/* RFC 9112 2.3: HTTP-version */
static bool well_formed(struct upheld_span v)
{
    return v.n == 8 && memcmp(v.p, "HTTP/", 5) == 0 && naive_one_of(v.p[5], "0123456789") &&
           v.p[6] == '.' && naive_one_of(v.p[7], "0123456789");
}

/* RFC 9112 3: method SP request-target SP HTTP-version, exactly two SP in all. */
static const char *cut_request_line(struct naive_head *head, struct upheld_span line)
{
    const uint8_t *first = line.n == 0 ? NULL : memchr(line.p, ' ', line.n);
    if (first == NULL) {
        return "request-line without SP";
    }
    size_t a = (size_t)(first - line.p);
    const uint8_t *second = memchr(line.p + a + 1, ' ', line.n - a - 1);
    if (second == NULL) {
        return "request-line with one SP only";
    }
    size_t b = (size_t)(second - line.p);
    head->method = part(line, 0, a);
    head->target = part(line, a + 1, b);
    head->version = part(line, b + 1, line.n);
    if (!naive_token(head->method)) {
        return "method is no token";
    }
    for (size_t i = 0; i < head->target.n; i++) {
        if (head->target.p[i] <= 0x20 || head->target.p[i] >= 0x7f) {
            return "request-target with an octet that is not visible ASCII";
        }
    }
    if (head->target.n == 0) {
        return "empty request-target";
    }
    return well_formed(head->version) ? NULL : "malformed HTTP-version";
}

/* RFC 9112 4: HTTP-version SP 3DIGIT SP [ reason-phrase ] */
static const char *cut_status_line(struct naive_head *head, struct upheld_span line)
{
    if (line.n < 13 || line.p[8] != ' ' || line.p[12] != ' ') {
        return "status-line without its two SP";
    }
    head->version = part(line, 0, 8);
    if (!well_formed(head->version)) {
        return "malformed HTTP-version";
    }
    for (size_t i = 9; i < 12; i++) {
        if (!naive_one_of(line.p[i], "0123456789")) {
            return "status is not three digits";
        }
        head->status = 10 * head->status + (unsigned)(line.p[i] - '0');
    }
    for (size_t i = 13; i < line.n; i++) {
        if ((line.p[i] < 0x20 && line.p[i] != '\t') || line.p[i] == 0x7f) {
            return "control octet in the reason-phrase";
        }
    }
    return NULL;
}

/* RFC 9112 5: token ":" OWS value OWS; the value is VCHAR, obs-text, SP and HTAB. */
static const char *cut_field(struct naive_field *field, struct upheld_span line)
{
    const uint8_t *colon = memchr(line.p, ':', line.n);
    if (colon == NULL) {
        return "field line without a colon";
    }
    size_t at = (size_t)(colon - line.p);
    field->name = part(line, 0, at);
    if (!naive_token(field->name)) {
        return "field name is no token";
    }
    for (size_t i = at + 1; i < line.n; i++) {
        if ((line.p[i] < 0x20 && line.p[i] != '\t') || line.p[i] == 0x7f) {
            return "control octet in a field value";
        }
    }
    field->value = naive_strip(part(line, at + 1, line.n));
    return NULL;
}

static void keep_field(struct naive_head *head, struct naive_field field)
{
    if ((head->count & (head->count + 1)) == 0) { /* full at 2^k - 1: double */
        size_t room = 2 * head->count + 1;
        struct naive_field *fields = realloc(head->fields, room * sizeof fields[0]);
        if (fields == NULL) {
            fputs("naive: out of memory\n", stderr);
            abort();
        }
        head->fields = fields;
    }
    head->fields[head->count++] = field;
}

static void read_fields(struct naive_head *head, struct upheld_span rest, bool lf)
{
    struct upheld_span line;

    while (head->broken == NULL && take_line(&rest, &line, lf)) {
        if (line.n > head->longest) {
            head->longest = line.n;
        }
        if (line.n == 0) {
            head->ended = true;
            head->size -= rest.n;
            return;
        }
        struct naive_field field;
        head->broken = cut_field(&field, line);
        if (head->broken == NULL) {
            keep_field(head, field);
        }
    }
}

struct naive_head naive_head_read(const uint8_t *p, size_t n, bool lf)
{
    struct naive_head head = { .size = n };
    struct upheld_span rest = { p, n }, line;
    int empty = 0;

    while (take_empty(&rest)) {
        empty++;
    }
    if (empty > EMPTY_LINES_MAX) {
        head.broken = "too many empty lines before the request-line";
        return head;
    }
    if (!take_line(&rest, &line, lf)) {
        return head;
    }
    head.longest = line.n;
    head.broken = cut_request_line(&head, line);
    read_fields(&head, rest, lf);
    return head;
}

struct naive_head naive_response_read(const uint8_t *p, size_t n)
{
    struct naive_head head = { .size = n };
    struct upheld_span rest = { p, n }, line;

    if (!take_line(&rest, &line, false)) {
        return head;
    }
    head.longest = line.n;
    head.broken = cut_status_line(&head, line);
    read_fields(&head, rest, false);
    return head;
}

void naive_head_free(struct naive_head *head)
{
    free(head->fields);
    head->fields = NULL;
    head->count = 0;
}

size_t naive_count(const struct naive_head *head, const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < head->count; i++) {
        count += naive_is_any_case(head->fields[i].name, name) ? 1 : 0;
    }
    return count;
}

struct upheld_span naive_value(const struct naive_head *head, const char *name)
{
    for (size_t i = 0; i < head->count; i++) {
        if (naive_is_any_case(head->fields[i].name, name)) {
            return head->fields[i].value;
        }
    }
    return (struct upheld_span){ NULL, 0 };
}

bool naive_has(const struct naive_head *head, const char *name, const char *word)
{
    for (size_t i = 0; i < head->count; i++) {
        if (naive_is_any_case(head->fields[i].name, name) &&
            naive_list_has(head->fields[i].value, word)) {
            return true;
        }
    }
    return false;
}
