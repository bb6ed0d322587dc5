/* mutator_lines.c: operations on lines: the first one, what stands around a head, lines that come
 * twice, go, move, split and end otherwise, and sizes about a limit. */
#include <string.h>

#include "mutator.h"

/* ---- The first line and what stands around a head ------------------------------------------- */

/* The word of the first line behind `skip` spaces. */
static struct mutator_part start_word(const struct mutator_text *t, struct mutator_line line,
                                      size_t skip)
{
    size_t from = line.from;
    while (from < line.to && skip > 0) {
        skip -= t->p[from++] == ' ' ? 1 : 0;
    }
    size_t to = from;
    while (to < line.to && t->p[to] != ' ') {
        to++;
    }
    return (struct mutator_part){ from, to };
}

static bool is_reply(const struct mutator_text *t)
{
    return t->n >= 5 && memcmp(t->p, "HTTP/", 5) == 0;
}

/* Method, target, version, status or reason become another one. */
bool mutator_change_start(struct mutator_text *t)
{
    if (!mutator_has_crlf(t)) {
        return false;
    }
    const struct mutator_words *const request[] = { &mutator_methods, &mutator_targets,
                                                    &mutator_versions };
    const struct mutator_words *const reply[] = { &mutator_versions, &mutator_statuses,
                                                  &mutator_reasons };
    size_t which = mutator_below(t, 3);
    struct mutator_words words = is_reply(t) ? *reply[which] : *request[which];
    return mutator_put_word(t, start_word(t, mutator_line_at(t, 0), which), words);
}

/* A head before this one: interim ones before a reply, an empty line before a request. */
bool mutator_put_head_before(struct mutator_text *t)
{
    if (!mutator_has_crlf(t)) {
        return false;
    }
    return is_reply(t) ? mutator_put_word(t, mutator_empty_at(0), mutator_interims)
                       : mutator_put_text(t, mutator_empty_at(0), "\r\n");
}

bool mutator_put_behind(struct mutator_text *t)
{
    return mutator_has_crlf(t) && mutator_put_word(t, mutator_empty_at(t->n), mutator_behind);
}

/* What has arrived so far: up to a line's end, or up to any octet. */
bool mutator_cut_short(struct mutator_text *t)
{
    struct mutator_line line;
    if (t->n < 2 || !mutator_any_line(t, &line)) {
        return false;
    }
    size_t at = mutator_once_in(t, 2) ? line.next : 1 + mutator_below(t, t->n - 1);
    return mutator_remove(t, (struct mutator_part){ at, t->n });
}

/* The octets behind a head by which shared/policy.c chooses: 0xff, and eight of any value. */
enum { MARK = 0xff, CHOOSES = 8, CHOICE = CHOOSES + 1 };

static bool has_choice(const struct mutator_text *t)
{
    return t->n >= CHOICE && t->p[t->n - CHOICE] == MARK;
}

bool mutator_change_choice(struct mutator_text *t)
{
    if (!mutator_has_crlf(t)) {
        return false;
    }
    if (!has_choice(t)) {
        if (!mutator_fill(t, mutator_empty_at(t->n), CHOICE, MARK)) {
            return false;
        }
        for (size_t i = t->n - CHOOSES; i < t->n; i++) {
            t->p[i] = (uint8_t)mutator_below(t, 256);
        }
        return true;
    }
    t->p[t->n - 1 - mutator_below(t, CHOOSES)] ^= (uint8_t)(1u << mutator_below(t, 8));
    return true;
}

/* Whether a line of the table, up to its colon, has this name. */
static bool is_named(const char *line, const struct mutator_text *t, struct mutator_part name)
{
    const char *colon = strchr(line, ':');
    return colon != NULL && mutator_same_name((const uint8_t *)line, (size_t)(colon - line),
                                              t->p + name.from, name.to - name.from);
}

/* One line of what stands there, behind the others of a head that holds and instead of the one of
 * its name, so that what it means is seen in spite of all that was wrong around it. */
bool mutator_make_whole(struct mutator_text *t)
{
    struct mutator_line line;
    if (!mutator_has_crlf(t) || !mutator_any_field(t, &line)) {
        return false;
    }
    struct mutator_words whole = is_reply(t) ? mutator_whole_reply : mutator_whole_request;
    size_t kept = has_choice(t) && line.next <= t->n - CHOICE ? CHOICE : 0, room = 4;
    for (size_t i = 0; i < whole.count; i++) {
        room += strlen(whole.texts[i]) + 2;
    }
    if (room > t->most - t->n) {
        return false;
    }
    mutator_remove(t, (struct mutator_part){ line.next, t->n - kept });
    mutator_put_text(t, mutator_empty_at(line.next), line.next > line.to ? "\r\n" : "\r\n\r\n");
    mutator_remove(t, (struct mutator_part){ 0, line.from });
    line = mutator_line_at(t, 0);
    for (size_t i = whole.count, at = 0; i > 0; i--) {
        const char *text = whole.texts[i - 1];
        struct mutator_part name = { at + line.name.from, at + line.name.to };
        if (!is_named(text, t, name)) {
            at += strlen(text) + 2;
            mutator_put_text(t, mutator_empty_at(0), "\r\n");
            mutator_put_text(t, mutator_empty_at(0), text);
        }
    }
    return true;
}

/* ---- Lines ---------------------------------------------------------------------------------- */

/* A field line before the one at `at`. */
static bool put_field(struct mutator_text *t, size_t at, const struct mutator_field *field)
{
    const char *value = mutator_value_of(t, field);

    if (strlen(field->name) + strlen(value) + 4 > t->most - t->n) {
        return false;
    }
    return mutator_put_text(t, mutator_empty_at(at), "\r\n") &&
           mutator_put_text(t, mutator_empty_at(at), value) &&
           mutator_put_text(t, mutator_empty_at(at), ": ") &&
           mutator_put_text(t, mutator_empty_at(at), field->name);
}

bool mutator_add_field(struct mutator_text *t)
{
    struct mutator_line line;
    if (!mutator_has_crlf(t) || !mutator_any_field(t, &line)) {
        return false;
    }
    return put_field(t, mutator_once_in(t, 2) ? line.from : line.next, mutator_known_field(t));
}

/* The same line again: right behind it, or before any other. */
bool mutator_double_line(struct mutator_text *t)
{
    struct mutator_line line, other;
    if (!mutator_has_lines(t) || !mutator_any_line(t, &line) || !mutator_any_line(t, &other)) {
        return false;
    }
    bool inside = other.from > line.from && other.from < line.next;
    return mutator_copy(t, mutator_once_in(t, 2) || inside ? line.next : other.from,
                        (struct mutator_part){ line.from, line.next });
}

bool mutator_drop_line(struct mutator_text *t)
{
    struct mutator_line line;
    return mutator_has_lines(t) && mutator_any_line(t, &line) &&
           mutator_remove(t, (struct mutator_part){ line.from, line.next });
}

bool mutator_swap_lines(struct mutator_text *t)
{
    struct mutator_line one, two;
    if (!mutator_has_lines(t) || !mutator_any_line(t, &one) || !mutator_any_line(t, &two) ||
        one.from == two.from) {
        return false;
    }
    struct mutator_part a = { one.from, one.next }, b = { two.from, two.next };
    mutator_swap(t, a.from < b.from ? a : b, a.from < b.from ? b : a);
    return true;
}

/* A list in two lines of one name: its comma becomes CR LF and the name. */
bool mutator_split_line(struct mutator_text *t)
{
    struct mutator_line line;
    if (!mutator_any_field(t, &line)) {
        return false;
    }
    struct mutator_part piece = mutator_any_piece(t, line.value, ',');
    if (piece.to == line.value.to || line.name.to - line.name.from + 2 > t->most - t->n) {
        return false;
    }
    return mutator_put_text(t, (struct mutator_part){ piece.to, piece.to + 1 }, "\r\n:") &&
           mutator_copy(t, piece.to + 2, line.name);
}

/* Two lines of one name become a list in one. */
bool mutator_join_lines(struct mutator_text *t)
{
    struct mutator_line line, other;
    if (!mutator_any_field(t, &line)) {
        return false;
    }
    for (size_t at = line.next; at < t->n; at = other.next) {
        other = mutator_line_at(t, at);
        if (other.name.to > other.name.from &&
            mutator_same_name(t->p + line.name.from, line.name.to - line.name.from,
                              t->p + other.name.from, other.name.to - other.name.from)) {
            /* The end of the first one and the name of the other one become a comma. */
            struct mutator_part value = { other.value.from, other.to };
            size_t grown = value.to - value.from + 1;
            if (grown > t->most - t->n || !mutator_copy(t, line.to, value)) {
                return false;
            }
            mutator_put_text(t, mutator_empty_at(line.to), ",");
            return mutator_remove(t,
                                  (struct mutator_part){ other.from + grown, other.next + grown });
        }
    }
    return false;
}

/* Another line end: LF, CR, none, one that folds, one that ends the head. */
bool mutator_change_line_end(struct mutator_text *t)
{
    struct mutator_line line;
    return mutator_has_lines(t) && mutator_any_line(t, &line) && line.next > line.to &&
           mutator_put_word(t, (struct mutator_part){ line.to, line.next }, mutator_line_ends);
}

/* ---- Sizes about a limit ------------------------------------------------------------------- */

/* Octets more or fewer, so that [from, to) has `size` of them; none goes that is before `least`. */
static bool fit(struct mutator_text *t, size_t least, size_t from, size_t to, size_t size)
{
    size_t n = to - from;
    if (size >= n) {
        return mutator_fill(t, mutator_empty_at(to), size - n, 'a');
    }
    return n - size <= to - least && mutator_remove(t, (struct mutator_part){ from + size, to });
}

/* A target, a line or a head of the size of a limit, one octet more or fewer. */
bool mutator_fit_size(struct mutator_text *t)
{
    struct mutator_line line;
    if (!mutator_has_crlf(t) || !mutator_any_field(t, &line)) {
        return false;
    }
    size_t less = mutator_below(t, 3); /* so that 2 is for one more */
    struct mutator_part target = start_word(t, mutator_line_at(t, 0), 1);
    size_t whole;

    switch (mutator_below(t, 3)) {
    case 0:
        return !is_reply(t) && fit(t, target.from, target.from, target.to,
                                   mutator_any_limit(t, MUTATOR_TARGET) + 1 - less);
    case 1:
        return fit(t, line.value.from, line.from, line.to,
                   mutator_any_limit(t, MUTATOR_LINE) + 1 - less);
    default:
        whole = mutator_any_limit(t, MUTATOR_HEAD) + 1 - less;
        return t->n <= whole && fit(t, line.value.from, line.value.from, line.value.to,
                                    line.value.to - line.value.from + (whole - t->n));
    }
}

/* As many fields as a limit, one more or one fewer. */
bool mutator_fit_fields(struct mutator_text *t)
{
    static const char filler[] = "a:\r\n";
    struct mutator_line line;
    size_t count = 0, want = mutator_any_limit(t, MUTATOR_FIELDS) + 1 - mutator_below(t, 3);

    if (!mutator_has_crlf(t) || !mutator_any_field(t, &line)) {
        return false;
    }
    for (size_t at = 0; at < t->n;) {
        struct mutator_line other = mutator_line_at(t, at);
        count += other.name.to > other.name.from ? 1 : 0;
        at = other.next;
    }
    if (count >= want || (want - count) * (sizeof filler - 1) > t->most - t->n) {
        return false;
    }
    for (; count < want; count++) {
        mutator_put_text(t, mutator_empty_at(line.from), filler);
    }
    return true;
}
