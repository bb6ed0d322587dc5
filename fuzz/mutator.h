/* mutator.h: changes to a head that its reader may get wrong. mutator.c has the operations,
 * mutator_text.c what they are made of, mutator_words.c the words; mutator_libfuzzer.c and
 * mutator_afl.c are how the engines call it.
 *
 * A result depends on the octets, the room and the seed alone: nothing is kept between calls,
 * nothing is allocated, and nothing is written outside of the room. Targets whose input is no head
 * have lines or lists as well, and what does not apply is passed over.
 */
#ifndef MUTATOR_H
#define MUTATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- What is called ------------------------------------------------------------------------- */

/* Octets p[0 .. n-1] in a room of `most`, and where the random numbers are. */
struct mutator_text {
    uint8_t *p;
    size_t n, most;
    uint64_t random;
};

struct mutator_op {
    const char *name;
    unsigned weight;
    bool (*change)(struct mutator_text *t); /* false: it does not apply, and nothing is changed */
};

/* All of them, and how often each is chosen: those of mutator_lines.c, and from change_name on
 * those of mutator_values.c. */
/* clang-format off */
#define MUTATOR_OPS(OP) \
    OP(change_start, 2) OP(put_head_before, 1) OP(put_behind, 1) OP(cut_short, 1) \
    OP(change_choice, 1) OP(make_whole, 4) OP(add_field, 3) OP(double_line, 2) OP(drop_line, 2) \
    OP(swap_lines, 1) OP(split_line, 1) OP(join_lines, 1) OP(change_line_end, 2) \
    OP(change_name, 2) OP(change_value, 3) OP(change_space, 1) OP(extend_value, 2) \
    OP(add_member, 3) OP(drop_member, 1) OP(repeat_member, 2) OP(change_member, 2) \
    OP(change_separator, 1) OP(change_parameter, 2) OP(change_quotes, 1) OP(change_case, 1) \
    OP(miss_word, 3) OP(put_octet, 1) OP(change_number, 3) OP(change_key, 1) OP(fit_size, 1) \
    OP(fit_fields, 1)
/* clang-format on */
#define MUTATOR_DECLARE(name, weight) bool mutator_##name(struct mutator_text *t);
MUTATOR_OPS(MUTATOR_DECLARE)

extern const struct mutator_op mutator_ops[];
extern const size_t mutator_op_count;

/* Changes p[0 .. n-1] by `steps` operations or fewer, chosen by the seed. Gives the new size, at
 * most `most`; 0 if nothing applies. */
size_t mutator_change(uint8_t *p, size_t n, size_t most, unsigned steps, uint64_t seed);

/* Puts lines of b among those of a, in out. Gives the size, at most `most`; 0 if nothing fits, or
 * one of the two has no lines. */
size_t mutator_cross(const uint8_t *a, size_t an, const uint8_t *b, size_t bn, uint8_t *out,
                     size_t most, uint64_t seed);

/* ---- What operations are made of ------------------------------------------------------------ */

/* Where something stands: octets [from, to). */
struct mutator_part {
    size_t from, to;
};

struct mutator_line {
    size_t from, to;           /* without its end, which is LF or CR LF */
    size_t next;               /* where the one behind it starts */
    struct mutator_part name;  /* empty if there is no name with a colon behind it */
    struct mutator_part value; /* whitespace around it apart; of a line without a name, all */
};

/* A number below `bound`, which is at least 1. */
size_t mutator_below(struct mutator_text *t, size_t bound);
bool mutator_once_in(struct mutator_text *t, size_t count);

struct mutator_part mutator_empty_at(size_t at);
/* Replaces a part by s[0 .. n-1], which lies elsewhere; false if the room is too small. */
bool mutator_put(struct mutator_text *t, struct mutator_part part, const void *s, size_t n);
bool mutator_put_text(struct mutator_text *t, struct mutator_part part, const char *text);
bool mutator_fill(struct mutator_text *t, struct mutator_part part, size_t count, uint8_t c);
/* Inserts a copy of a part at `at`, which is not inside of it. */
bool mutator_copy(struct mutator_text *t, size_t at, struct mutator_part part);
bool mutator_remove(struct mutator_text *t, struct mutator_part part);
/* Two parts that do not overlap, the first one before, change places. */
void mutator_swap(struct mutator_text *t, struct mutator_part one, struct mutator_part two);

/* The line that starts at `at`, which is below n. */
struct mutator_line mutator_line_at(const struct mutator_text *t, size_t at);
bool mutator_has_lines(const struct mutator_text *t);
bool mutator_has_crlf(const struct mutator_text *t);

/* Any line; any with a name; any with a value, of those with a name if there is one. Of those with
 * a name it is every other time one of mutator_fields, if there is one. */
bool mutator_any_line(struct mutator_text *t, struct mutator_line *out);
bool mutator_any_field(struct mutator_text *t, struct mutator_line *out);
bool mutator_any_value(struct mutator_text *t, struct mutator_line *out);

/* Any piece of a part between separators; any run of token characters; any run of digits. */
struct mutator_part mutator_any_piece(struct mutator_text *t, struct mutator_part in, uint8_t sep);
bool mutator_any_word(struct mutator_text *t, struct mutator_part in, struct mutator_part *out);
bool mutator_any_number(struct mutator_text *t, struct mutator_part in, struct mutator_part *out);
size_t mutator_count(const struct mutator_text *t, struct mutator_part in, uint8_t octet);
bool mutator_same_name(const uint8_t *a, size_t an, const uint8_t *b, size_t bn);

/* ---- Words ---------------------------------------------------------------------------------- */

struct mutator_words {
    const char *const *texts;
    size_t count;
};

const char *mutator_word_of(struct mutator_text *t, struct mutator_words words);
/* Puts any of the words into a part's place; false if the room is too small, or it stood there. */
bool mutator_put_word(struct mutator_text *t, struct mutator_part part, struct mutator_words words);

/* A field, and values that mean something. */
struct mutator_field {
    const char *name;
    struct mutator_words values;
};

extern const struct mutator_field mutator_fields[];
extern const size_t mutator_field_count;
/* Any field of the table, and a value that it may have; what stands first is chosen more often. */
const struct mutator_field *mutator_known_field(struct mutator_text *t);
const char *mutator_value_of(struct mutator_text *t, const struct mutator_field *field);
/* The field of the table that has this line's name; null if none has. */
const struct mutator_field *mutator_field_of(const struct mutator_text *t,
                                             struct mutator_line line);
extern const struct mutator_words mutator_methods, mutator_targets, mutator_versions,
    mutator_statuses, mutator_reasons, mutator_members, mutator_parameters, mutator_numbers,
    mutator_powers, mutator_endings, mutator_line_ends, mutator_spaces, mutator_interims,
    mutator_whole_request, mutator_whole_reply, mutator_behind;

/* Where limits lie: octets of a target, a line and a head, and how many fields. */
enum mutator_limit { MUTATOR_TARGET, MUTATOR_LINE, MUTATOR_HEAD, MUTATOR_FIELDS };
/* A limit that some target has; one in eight times that of UPHELD_LIMITS_DEFAULT. */
size_t mutator_any_limit(struct mutator_text *t, enum mutator_limit which);

#endif
