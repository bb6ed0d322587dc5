/* mutator_text.c: what the mutator's operations are made of: random numbers, room, lines and their
 * parts. Knows that lines end with LF, and that a name ends with a colon; all else is octets. */
#include <string.h>

#include "mutator.h"

/* ---- Random numbers ------------------------------------------------------------------------- */

/* SplitMix64 (Steele, Lea, Flood 2014): any seed is a good one. */
static uint64_t next(struct mutator_text *t)
{
    t->random += 0x9e3779b97f4a7c15u;
    uint64_t z = t->random;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

size_t mutator_below(struct mutator_text *t, size_t bound)
{
    return (size_t)(next(t) % bound);
}

bool mutator_once_in(struct mutator_text *t, size_t count)
{
    return mutator_below(t, count) == 0;
}

/* ---- Room ----------------------------------------------------------------------------------- */

/* Makes a part `n` octets long, whatever they are; the one place where a size changes. */
static bool resize(struct mutator_text *t, struct mutator_part part, size_t n)
{
    size_t gone = part.to - part.from;

    if (n > gone && n - gone > t->most - t->n) {
        return false;
    }
    if (n != gone && t->n > part.to) {
        memmove(t->p + part.from + n, t->p + part.to, t->n - part.to);
    }
    t->n = t->n - gone + n;
    return true;
}

bool mutator_put(struct mutator_text *t, struct mutator_part part, const void *s, size_t n)
{
    if (!resize(t, part, n)) {
        return false;
    }
    if (n > 0) {
        memcpy(t->p + part.from, s, n);
    }
    return true;
}

bool mutator_put_text(struct mutator_text *t, struct mutator_part part, const char *text)
{
    return mutator_put(t, part, text, strlen(text));
}

bool mutator_fill(struct mutator_text *t, struct mutator_part part, size_t count, uint8_t c)
{
    if (!resize(t, part, count)) {
        return false;
    }
    if (count > 0) {
        memset(t->p + part.from, c, count);
    }
    return true;
}

bool mutator_copy(struct mutator_text *t, size_t at, struct mutator_part part)
{
    size_t n = part.to - part.from;

    if (!resize(t, (struct mutator_part){ at, at }, n)) {
        return false;
    }
    if (n > 0) {
        memmove(t->p + at, t->p + (at <= part.from ? part.from + n : part.from), n);
    }
    return true;
}

bool mutator_remove(struct mutator_text *t, struct mutator_part part)
{
    return part.to > part.from && resize(t, part, 0);
}

static void reverse(uint8_t *p, size_t from, size_t to)
{
    while (to - from > 1) {
        uint8_t kept = p[from];
        p[from++] = p[--to];
        p[to] = kept;
    }
}

void mutator_swap(struct mutator_text *t, struct mutator_part one, struct mutator_part two)
{
    size_t first = two.to - two.from, last = one.to - one.from;

    /* All of it backwards, and then each of the three pieces. */
    reverse(t->p, one.from, two.to);
    reverse(t->p, one.from, one.from + first);
    reverse(t->p, one.from + first, two.to - last);
    reverse(t->p, two.to - last, two.to);
}

struct mutator_part mutator_empty_at(size_t at)
{
    return (struct mutator_part){ at, at };
}

/* ---- Lines ---------------------------------------------------------------------------------- */

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t';
}

/* Token characters (RFC 9110 5.6.2). */
static bool is_word(uint8_t c)
{
    return c > 0x20 && c < 0x7f && strchr("\"(),/:;<=>?@[\\]{}", c) == NULL;
}

static struct mutator_part trimmed(const uint8_t *p, struct mutator_part part)
{
    while (part.from < part.to && is_blank(p[part.from])) {
        part.from++;
    }
    while (part.to > part.from && is_blank(p[part.to - 1])) {
        part.to--;
    }
    return part;
}

struct mutator_line mutator_line_at(const struct mutator_text *t, size_t at)
{
    const uint8_t *stop = memchr(t->p + at, '\n', t->n - at);
    struct mutator_line line = { .from = at, .to = t->n, .next = t->n };
    size_t colon = at;

    if (stop != NULL) {
        line.to = (size_t)(stop - t->p);
        line.next = line.to + 1;
        line.to -= line.to > at && t->p[line.to - 1] == '\r' ? 1 : 0;
    }
    while (colon < line.to && is_word(t->p[colon])) {
        colon++;
    }
    line.name = (struct mutator_part){ at, at };
    line.value = (struct mutator_part){ at, line.to };
    if (colon > at && colon < line.to && t->p[colon] == ':') {
        line.name.to = colon;
        line.value = trimmed(t->p, (struct mutator_part){ colon + 1, line.to });
    }
    return line;
}

bool mutator_has_lines(const struct mutator_text *t)
{
    return t->n > 0 && memchr(t->p, '\n', t->n) != NULL;
}

bool mutator_has_crlf(const struct mutator_text *t)
{
    for (size_t i = 1; i < t->n; i++) {
        if (t->p[i] == '\n' && t->p[i - 1] == '\r') {
            return true;
        }
    }
    return false;
}

/* What a line must have to be chosen. */
enum wanted { ANY, NAME, VALUE, KNOWN };

static bool has(const struct mutator_text *t, struct mutator_line line, enum wanted wanted)
{
    switch (wanted) {
    case NAME:
        return line.name.to > line.name.from;
    case VALUE:
        return line.value.to > line.value.from;
    case KNOWN:
        return line.name.to > line.name.from && mutator_field_of(t, line) != NULL;
    default:
        return true;
    }
}

/* Each line that is wanted is as likely as any other, and they are passed once. */
static bool any(struct mutator_text *t, enum wanted wanted, struct mutator_line *out)
{
    size_t seen = 0;
    for (size_t at = 0; at < t->n;) {
        struct mutator_line line = mutator_line_at(t, at);
        if (has(t, line, wanted) && mutator_once_in(t, ++seen)) {
            *out = line;
        }
        at = line.next;
    }
    return seen > 0;
}

bool mutator_any_line(struct mutator_text *t, struct mutator_line *out)
{
    return any(t, ANY, out);
}

bool mutator_any_field(struct mutator_text *t, struct mutator_line *out)
{
    return (mutator_once_in(t, 2) && any(t, KNOWN, out)) || any(t, NAME, out);
}

bool mutator_any_value(struct mutator_text *t, struct mutator_line *out)
{
    return (mutator_any_field(t, out) && has(t, *out, VALUE)) || any(t, VALUE, out);
}

/* ---- Parts of a line ------------------------------------------------------------------------ */

size_t mutator_count(const struct mutator_text *t, struct mutator_part in, uint8_t octet)
{
    size_t count = 0;
    for (size_t i = in.from; i < in.to; i++) {
        count += t->p[i] == octet ? 1 : 0;
    }
    return count;
}

struct mutator_part mutator_any_piece(struct mutator_text *t, struct mutator_part in, uint8_t sep)
{
    size_t skip = mutator_below(t, mutator_count(t, in, sep) + 1), from = in.from;

    for (; skip > 0; from++) {
        skip -= t->p[from] == sep ? 1 : 0;
    }
    size_t to = from;
    while (to < in.to && t->p[to] != sep) {
        to++;
    }
    return (struct mutator_part){ from, to };
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

/* Any longest run of octets of a kind. */
static bool any_run(struct mutator_text *t, struct mutator_part in, bool (*is)(uint8_t),
                    struct mutator_part *out)
{
    size_t seen = 0;
    for (size_t i = in.from; i < in.to;) {
        size_t from = i;
        while (i < in.to && is(t->p[i])) {
            i++;
        }
        if (i > from && mutator_once_in(t, ++seen)) {
            *out = (struct mutator_part){ from, i };
        }
        i += i == from ? 1 : 0;
    }
    return seen > 0;
}

bool mutator_any_word(struct mutator_text *t, struct mutator_part in, struct mutator_part *out)
{
    return any_run(t, in, is_word, out);
}

bool mutator_any_number(struct mutator_text *t, struct mutator_part in, struct mutator_part *out)
{
    return any_run(t, in, is_digit, out);
}

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c;
}

bool mutator_same_name(const uint8_t *a, size_t an, const uint8_t *b, size_t bn)
{
    for (size_t i = 0; i < an && an == bn; i++) {
        if (lower(a[i]) != lower(b[i])) {
            return false;
        }
    }
    return an == bn;
}
