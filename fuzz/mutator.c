/* mutator.c: changes of requests and replies where readers of HTTP have gone wrong. An operation
 * applies to one place, chosen at random of those that it fits; where it fits none, the next one of
 * the table is tried. Operations on lines stand in mutator_lines.c, those inside a line in
 * mutator_values.c; two heads are crossed here, line by line. */
#include "mutator.h"

#include <string.h>

#define OP(name, weight) { #name, weight, mutator_##name },
const struct mutator_op mutator_ops[] = { MUTATOR_OPS(OP) };
#undef OP
const size_t mutator_op_count = sizeof mutator_ops / sizeof mutator_ops[0];

/* The index of an operation, each as likely as it weighs. */
static size_t any_operation(struct mutator_text *t)
{
    size_t sum = 0, at = 0;
    for (size_t i = 0; i < mutator_op_count; i++) {
        sum += mutator_ops[i].weight;
    }
    for (size_t left = mutator_below(t, sum); left >= mutator_ops[at].weight; at++) {
        left -= mutator_ops[at].weight;
    }
    return at;
}

static bool change_once(struct mutator_text *t)
{
    size_t first = any_operation(t);
    for (size_t i = 0; i < mutator_op_count; i++) {
        if (mutator_ops[(first + i) % mutator_op_count].change(t)) {
            return true;
        }
    }
    return false;
}

size_t mutator_change(uint8_t *p, size_t n, size_t most, unsigned steps, uint64_t seed)
{
    struct mutator_text t = { p, n, most, seed };
    bool changed = false;

    for (unsigned step = 0; n <= most && step < steps && t.n > 0; step++) {
        changed = change_once(&t) || changed;
    }
    return changed ? t.n : 0;
}

/* ---- Two heads ------------------------------------------------------------------------------ */

/* The first line of t with the name of `line` of b. */
static bool find_name(const struct mutator_text *t, const struct mutator_text *b,
                      struct mutator_part name, struct mutator_line *out)
{
    for (size_t at = 0; at < t->n; at = out->next) {
        *out = mutator_line_at(t, at);
        if (out->name.to > out->name.from &&
            mutator_same_name(t->p + out->name.from, out->name.to - out->name.from,
                              b->p + name.from, name.to - name.from)) {
            return true;
        }
    }
    return false;
}

/* A field line of b: in place of the one of its name, or before another one. */
static bool take_field(struct mutator_text *t, struct mutator_text *b)
{
    struct mutator_line theirs, ours = { 0 };

    if (!mutator_any_field(b, &theirs)) {
        return false;
    }
    struct mutator_part place = { 0, 0 };
    if (!mutator_once_in(b, 3) && find_name(t, b, theirs.name, &ours)) {
        place = (struct mutator_part){ ours.from, ours.next };
    } else if (mutator_any_field(t, &ours)) {
        place = mutator_empty_at(ours.from);
    } else {
        return false;
    }
    return mutator_put(t, place, b->p + theirs.from, theirs.next - theirs.from);
}

/* The beginning of the one and the end of the other, each whole lines. */
static bool take_rest(struct mutator_text *t, struct mutator_text *b)
{
    struct mutator_line theirs, ours;

    return mutator_any_line(b, &theirs) && mutator_any_line(t, &ours) &&
           mutator_put(t, (struct mutator_part){ ours.next, t->n }, b->p + theirs.from,
                       b->n - theirs.from);
}

static bool take_start(struct mutator_text *t, const struct mutator_text *b)
{
    size_t ours = mutator_line_at(t, 0).next, theirs = mutator_line_at(b, 0).next;

    return mutator_put(t, (struct mutator_part){ 0, ours }, b->p, theirs);
}

size_t mutator_cross(const uint8_t *a, size_t an, const uint8_t *b, size_t bn, uint8_t *out,
                     size_t most, uint64_t seed)
{
    struct mutator_text t = { out, an, most, seed };
    struct mutator_text other = { (uint8_t *)b, bn, bn, seed + 1 }; /* read only */

    if (an > most || an == 0 || bn == 0) {
        return 0;
    }
    memcpy(out, a, an);
    if (!mutator_has_lines(&t) || !mutator_has_lines(&other)) {
        return 0;
    }
    size_t which = mutator_below(&t, 8);
    bool done = which == 0   ? take_start(&t, &other)
                : which == 1 ? take_rest(&t, &other)
                             : take_field(&t, &other);
    return done ? t.n : 0;
}
