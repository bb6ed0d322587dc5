/* texts.c: puts the texts of an answer one behind the other, two by two, so that no proof has to
 * see through more than two writes at once. */
#include "texts.h"

#include "bytes.h"

#ifdef __FRAMAC__
#include "../proofs/spec/texts.acsl"
#endif

/* The texts are those of the specification. */
/*@ ghost
  /@ terminates \true;
     assigns \nothing;
     ensures spelt: TEXTS_SPELT; @/
  void uph_texts_say(void)
  {
  } */
/*@ ghost
  /@ terminates \true;
     assigns \nothing;
     ensures spelt: REFUSALS_SPELT; @/
  void uph_refusals_say(void)
  {
  } */

/* Puts two texts at out[at], one behind the other; returns where they end. */
/*@ requires readable: ReadableSpan(a) && ReadableSpan(b);
    requires bounded:  at <= 6 * UPHELD_TEXT_MAX && a.n <= UPHELD_TEXT_MAX &&
      b.n <= UPHELD_TEXT_MAX;
    requires writable: \valid(out + (at .. at + a.n + b.n - 1));
    requires apart_a:  \separated(a.p + (0 .. a.n - 1), out + (at .. at + a.n + b.n - 1));
    requires apart_b:  \separated(b.p + (0 .. b.n - 1), out + (at .. at + a.n + b.n - 1));
    terminates \true;
    assigns out[at .. at + a.n + b.n - 1];
    ensures moved: \result == at + a.n + b.n;
    ensures a: UPH_EXACT(TextAt{Pre, Post}(out, at, (uint8_t *)a.p, a.n));
    ensures b: UPH_EXACT(TextAt{Pre, Post}(out, at + a.n, (uint8_t *)b.p, b.n)); */
static UPH_APART size_t two_put(uint8_t *out, size_t at, struct upheld_span a, struct upheld_span b)
{
    size_t next = uph_put(out, at, a.p, a.n);
    return uph_put(out, next, b.p, b.n);
}

/* Puts four texts at out[at], one behind the other; returns where they end. */
/*@ requires readable: ReadableSpan(a) && ReadableSpan(b) && ReadableSpan(c) && ReadableSpan(d);
    requires bounded:  at <= 4 * UPHELD_TEXT_MAX && a.n <= UPHELD_TEXT_MAX &&
                       b.n <= UPHELD_TEXT_MAX && c.n <= UPHELD_TEXT_MAX && d.n <= UPHELD_TEXT_MAX;
    requires writable: \valid(out + (at .. at + a.n + b.n + c.n + d.n - 1));
    requires apart_a:  \separated(a.p + (0 .. a.n - 1),
                                  out + (at .. at + a.n + b.n + c.n + d.n - 1));
    requires apart_b:  \separated(b.p + (0 .. b.n - 1),
                                  out + (at .. at + a.n + b.n + c.n + d.n - 1));
    requires apart_c:  \separated(c.p + (0 .. c.n - 1),
                                  out + (at .. at + a.n + b.n + c.n + d.n - 1));
    requires apart_d:  \separated(d.p + (0 .. d.n - 1),
                                  out + (at .. at + a.n + b.n + c.n + d.n - 1));
    terminates \true;
    assigns out[at .. at + a.n + b.n + c.n + d.n - 1];
    ensures moved: \result == at + a.n + b.n + c.n + d.n;
    ensures a: UPH_EXACT(TextAt{Pre, Post}(out, at, (uint8_t *)a.p, a.n));
    ensures b: UPH_EXACT(TextAt{Pre, Post}(out, at + a.n, (uint8_t *)b.p, b.n));
    ensures c: UPH_EXACT(TextAt{Pre, Post}(out, at + a.n + b.n, (uint8_t *)c.p, c.n));
    ensures d: UPH_EXACT(TextAt{Pre, Post}(out, at + a.n + b.n + c.n, (uint8_t *)d.p, d.n)); */
static size_t four_put(uint8_t *out, size_t at, struct upheld_span a, struct upheld_span b,
                       struct upheld_span c, struct upheld_span d)
{
    size_t next = two_put(out, at, a, b);
    return two_put(out, next, c, d);
}

void uph_texts_put(uint8_t *out, size_t size, struct upheld_span a, struct upheld_span b,
                   struct upheld_span c, struct upheld_span d, struct upheld_span e,
                   struct upheld_span f, struct upheld_span g, struct upheld_span h)
{
    (void)size;
    size_t next = four_put(out, 0, a, b, c, d);
    four_put(out, next, e, f, g, h);
}
