/* mutator_values.c: operations inside a line: on names, values, lists and members, parameters,
 * words that are nearly right, numbers and keys. */
#include <string.h>

#include "mutator.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* ---- Names and values ----------------------------------------------------------------------- */

bool mutator_change_name(struct mutator_text *t)
{
    struct mutator_line line;
    if (!mutator_any_field(t, &line)) {
        return false;
    }
    switch (mutator_below(t, 5)) {
    case 0: /* whitespace before the colon, which must not be there */
        return mutator_put_word(t, mutator_empty_at(line.name.to), mutator_spaces);
    case 1: /* no colon */
        return mutator_remove(t, (struct mutator_part){ line.name.to, line.name.to + 1 });
    case 2: /* no name */
        return mutator_remove(t, line.name);
    case 3: /* whitespace before the name: the line before goes on */
        return mutator_put_word(t, mutator_empty_at(line.from), mutator_spaces);
    default:
        return mutator_put_text(t, line.name, mutator_known_field(t)->name);
    }
}

/* Another value that means something in this field. */
bool mutator_change_value(struct mutator_text *t)
{
    struct mutator_line line;
    if (!mutator_any_field(t, &line)) {
        return false;
    }
    const struct mutator_field *field = mutator_field_of(t, line);
    return field == NULL ? mutator_put_word(t, line.value, mutator_members)
                         : mutator_put_text(t, line.value, mutator_value_of(t, field));
}

bool mutator_change_space(struct mutator_text *t)
{
    struct mutator_line line;
    if (!mutator_any_value(t, &line)) {
        return false;
    }
    if (mutator_once_in(t, 3)) { /* none around it */
        size_t from = line.name.to > line.name.from ? line.name.to + 1 : line.from;
        bool behind = mutator_remove(t, (struct mutator_part){ line.value.to, line.to });
        return mutator_remove(t, (struct mutator_part){ from, line.value.from }) || behind;
    }
    return mutator_put_word(
        t, mutator_empty_at(mutator_once_in(t, 2) ? line.value.from : line.value.to),
        mutator_spaces);
}

/* The value with something before or behind it, or less of it. */
bool mutator_extend_value(struct mutator_text *t)
{
    struct mutator_line line;
    if (!mutator_any_value(t, &line)) {
        return false;
    }
    size_t middle = line.value.from + mutator_below(t, line.value.to - line.value.from + 1);
    switch (mutator_below(t, 5)) {
    case 0:
        return mutator_put_word(t, mutator_empty_at(line.value.from), mutator_endings);
    case 1: /* its beginning alone */
        return mutator_remove(t, (struct mutator_part){ middle, line.value.to });
    case 2: /* its end alone */
        return mutator_remove(t, (struct mutator_part){ line.value.from, middle });
    default:
        return mutator_put_word(t, mutator_empty_at(line.value.to), mutator_endings);
    }
}

/* ---- Members of lists, and their parameters ------------------------------------------------- */

static bool put_two(struct mutator_text *t, size_t at, const char *one, const char *two)
{
    return strlen(one) + strlen(two) <= t->most - t->n &&
           mutator_put_text(t, mutator_empty_at(at), two) &&
           mutator_put_text(t, mutator_empty_at(at), one);
}

/* Puts a text before or behind a piece, with the separator where it belongs. */
static bool put_beside(struct mutator_text *t, struct mutator_part piece, const char *text,
                       const char *sep)
{
    return mutator_once_in(t, 2) ? put_two(t, piece.from, text, sep)
                                 : put_two(t, piece.to, sep, text);
}

static const char *any_of(struct mutator_text *t, const char *const *texts, size_t count)
{
    return texts[mutator_below(t, count)];
}

/* A member more: one that this field knows, any other one, or an empty one. */
bool mutator_add_member(struct mutator_text *t)
{
    static const char *const separators[] = { ",", ", ", " ,", ", ", ",\t", ", ,", ";", " " };
    struct mutator_line line;
    if (!mutator_any_value(t, &line)) {
        return false;
    }
    const struct mutator_field *field = mutator_field_of(t, line);
    struct mutator_part piece = mutator_any_piece(t, line.value, ',');
    const char *sep = any_of(t, separators, COUNT(separators));

    switch (mutator_below(t, 4)) {
    case 0:
        return put_beside(t, piece, "", sep);
    case 1:
        return put_beside(t, piece, mutator_word_of(t, mutator_members), sep);
    default:
        return put_beside(
            t, piece,
            field == NULL ? mutator_word_of(t, mutator_members) : mutator_value_of(t, field), sep);
    }
}

/* A piece goes, with a separator that stood beside it. */
static bool drop_piece(struct mutator_text *t, struct mutator_part in, uint8_t sep)
{
    struct mutator_part piece = mutator_any_piece(t, in, sep);
    if (piece.to < in.to) {
        piece.to++;
    } else if (piece.from > in.from) {
        piece.from--;
    }
    return mutator_remove(t, piece);
}

/* Two pieces change places, or one stands twice. */
static bool repeat_piece(struct mutator_text *t, struct mutator_part in, uint8_t sep)
{
    struct mutator_part one = mutator_any_piece(t, in, sep), two = mutator_any_piece(t, in, sep);

    if (one.from != two.from && mutator_once_in(t, 2)) {
        mutator_swap(t, one.from < two.from ? one : two, one.from < two.from ? two : one);
        return true;
    }
    if (one.to - one.from + 1 > t->most - t->n) {
        return false;
    }
    mutator_copy(t, one.to, one);
    return mutator_put(t, mutator_empty_at(one.to), &sep, 1);
}

bool mutator_drop_member(struct mutator_text *t)
{
    struct mutator_line line;
    return mutator_any_value(t, &line) && drop_piece(t, line.value, ',');
}

bool mutator_repeat_member(struct mutator_text *t)
{
    struct mutator_line line;
    return mutator_any_value(t, &line) && repeat_piece(t, line.value, ',');
}

/* A member that a list may have becomes another one. */
bool mutator_change_member(struct mutator_text *t)
{
    struct mutator_line line;
    return mutator_any_value(t, &line) &&
           mutator_put_word(t, mutator_any_piece(t, line.value, ','), mutator_members);
}

/* One separator more, less or another; whitespace before or behind it. */
bool mutator_change_separator(struct mutator_text *t)
{
    static const char *const others[] = {
        "", ",,", ";", " ", ", ", " ,", "\t,", ",\t", " , ,", ":"
    };
    struct mutator_line line;
    if (!mutator_any_value(t, &line)) {
        return false;
    }
    struct mutator_part piece = mutator_any_piece(t, line.value, ',');
    bool last = piece.to == line.value.to;
    return mutator_put_text(t, (struct mutator_part){ piece.to, last ? piece.to : piece.to + 1 },
                            last ? "," : any_of(t, others, COUNT(others)));
}

bool mutator_change_parameter(struct mutator_text *t)
{
    struct mutator_line line;
    if (!mutator_any_value(t, &line)) {
        return false;
    }
    struct mutator_part member = mutator_any_piece(t, line.value, ',');
    switch (mutator_below(t, 4)) {
    case 0:
        return drop_piece(t, member, ';');
    case 1:
        return repeat_piece(t, member, ';');
    case 2:
        return mutator_put_word(t, mutator_any_piece(t, member, ';'), mutator_parameters);
    default:
        return put_two(t, member.to, mutator_once_in(t, 4) ? ";" : "; ",
                       mutator_word_of(t, mutator_parameters));
    }
}

/* What stands behind "=", or a word, in quotes; or out of them, with a backslash, with one only. */
bool mutator_change_quotes(struct mutator_text *t)
{
    struct mutator_line line;
    struct mutator_part word;
    if (!mutator_any_value(t, &line) || !mutator_any_word(t, line.value, &word)) {
        return false;
    }
    bool quoted = word.from > line.value.from && t->p[word.from - 1] == '"';
    if (2 > t->most - t->n) {
        return false;
    }
    switch (mutator_below(t, 4)) {
    case 0:
        return mutator_put_text(t, mutator_empty_at(word.from), "\\");
    case 1:
        return mutator_put_text(t, mutator_empty_at(mutator_once_in(t, 2) ? word.from : word.to),
                                "\"");
    default:
        if (quoted) {
            return mutator_remove(t, (struct mutator_part){ word.from - 1, word.from });
        }
        mutator_put_text(t, mutator_empty_at(word.to), "\"");
        return mutator_put_text(t, mutator_empty_at(word.from), "\"");
    }
}

/* ---- Words ---------------------------------------------------------------------------------- */

/* A word of a name or of a value. */
static bool any_word(struct mutator_text *t, struct mutator_part *out)
{
    struct mutator_line line;
    if (!mutator_has_lines(t) || mutator_once_in(t, 2)) {
        return mutator_any_value(t, &line) && mutator_any_word(t, line.value, out);
    }
    return mutator_any_line(t, &line) &&
           mutator_any_word(t, (struct mutator_part){ line.from, line.to }, out);
}

static bool is_letter(uint8_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* One letter, or all of them, of the other case. */
bool mutator_change_case(struct mutator_text *t)
{
    struct mutator_part word;
    if (!any_word(t, &word)) {
        return false;
    }
    size_t only = word.from + mutator_below(t, word.to - word.from);
    bool all = mutator_once_in(t, 2), changed = false;
    for (size_t i = word.from; i < word.to; i++) {
        if ((all || i == only) && is_letter(t->p[i])) {
            t->p[i] ^= 0x20;
            changed = true;
        }
    }
    return changed;
}

/* Nearly the word that stood there. */
bool mutator_miss_word(struct mutator_text *t)
{
    struct mutator_part word;
    if (!any_word(t, &word)) {
        return false;
    }
    size_t at = word.from + mutator_below(t, word.to - word.from);
    switch (mutator_below(t, 8)) {
    case 0: /* without its last octet */
        return mutator_remove(t, (struct mutator_part){ word.to - 1, word.to });
    case 1: /* without its first */
        return mutator_remove(t, (struct mutator_part){ word.from, word.from + 1 });
    case 2: /* an octet twice */
        return mutator_copy(t, at, (struct mutator_part){ at, at + 1 });
    case 3: /* an octet that differs in one bit: of case, of eight-bit sets, of order */
        t->p[at] ^= (uint8_t)(1u << mutator_below(t, 8));
        return true;
    case 4: /* two octets the wrong way round */
        if (at + 1 == word.to || t->p[at] == t->p[at + 1]) {
            return false;
        }
        mutator_swap(t, (struct mutator_part){ at, at + 1 },
                     (struct mutator_part){ at + 1, at + 2 });
        return true;
    case 5:
        return mutator_put_word(t, mutator_empty_at(word.from), mutator_endings);
    default:
        return mutator_put_word(t, mutator_empty_at(word.to), mutator_endings);
    }
}

/* An octet that is something to a reader: an end, a separator, a control, one of eight bits. */
bool mutator_put_octet(struct mutator_text *t)
{
    static const uint8_t octets[] = { 0,    '\t', '\n', '\r', ' ',  '"', ',', ':', ';', '=', '\\',
                                      0x0b, 0x1f, 0x7f, 0x80, 0xff, '/', '?', '#', '%', '@', '+' };
    if (t->n == 0) {
        return false;
    }
    size_t at = mutator_below(t, t->n);
    return mutator_put(t, (struct mutator_part){ at, at + mutator_below(t, 2) },
                       octets + mutator_below(t, COUNT(octets)), 1);
}

/* ---- Numbers, keys and sizes ---------------------------------------------------------------- */

enum { DIGITS = 40 }; /* of a number that is added to; those of all powers and some more */

/* Adds a power of two to digits, so that a counter too narrow does not see it. */
static bool add_power(struct mutator_text *t, struct mutator_part number)
{
    const char *power = mutator_word_of(t, mutator_powers);
    uint8_t sum[DIGITS];
    size_t a = number.to - number.from, b = strlen(power), n = 0;
    unsigned carry = 0;

    if (a >= DIGITS) {
        return false;
    }
    while (n < a || n < b || carry > 0) { /* from the right */
        unsigned digit = carry;
        digit += n < a ? (unsigned)(t->p[number.to - 1 - n] - '0') : 0;
        digit += n < b ? (unsigned)(power[b - 1 - n] - '0') : 0;
        carry = digit / 10;
        n++;
        sum[DIGITS - n] = (uint8_t)('0' + digit % 10);
    }
    return mutator_put(t, number, sum + DIGITS - n, n);
}

bool mutator_change_number(struct mutator_text *t)
{
    static const char *const before[] = { "0", "+", "-", " ", "0x", "00000000", "\"" };
    static const char *const behind[] = { "0", "x", ".0", " ", ",", "\"", "e1" };
    struct mutator_line line;
    struct mutator_part number;
    if (!mutator_any_value(t, &line) || !mutator_any_number(t, line.value, &number)) {
        return false;
    }
    switch (mutator_below(t, 5)) {
    case 0:
        return mutator_put_word(t, number, mutator_numbers);
    case 1:
        return mutator_put_text(t, mutator_empty_at(number.from), any_of(t, before, COUNT(before)));
    case 2:
        return mutator_put_text(t, mutator_empty_at(number.to), any_of(t, behind, COUNT(behind)));
    default:
        return add_power(t, number);
    }
}

/* Base64 that is nearly a key: pads, spare bits, the other alphabet, another length. */
bool mutator_change_key(struct mutator_text *t)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    static const char strangers[] = "-_=.,: \t\x80\xff";
    struct mutator_line line;
    if (!mutator_any_value(t, &line) || line.value.to - line.value.from < 8) {
        return false;
    }
    struct mutator_part v = line.value;
    size_t end = v.to;
    while (end > v.from + 1 && t->p[end - 1] == '=') {
        end--;
    }
    size_t at = mutator_once_in(t, 2) ? end - 1 : v.from + mutator_below(t, end - v.from);
    switch (mutator_below(t, 6)) {
    case 0: /* other pads */
        return mutator_fill(t, (struct mutator_part){ end, v.to }, mutator_below(t, 4), '=');
    case 1:
        t->p[at] = (uint8_t)letters[mutator_below(t, sizeof letters - 1)];
        return true;
    case 2:
        t->p[at] = (uint8_t)strangers[mutator_below(t, sizeof strangers - 1)];
        return true;
    case 3: /* four letters more */
        return mutator_copy(t, v.from, (struct mutator_part){ v.from, v.from + 4 });
    case 4: /* four letters less */
        return mutator_remove(t, (struct mutator_part){ v.from, v.from + 4 });
    default: /* pads that are letters */
        return mutator_put_text(t, (struct mutator_part){ end, v.to }, "AA");
    }
}
