/* access.h: the contracts of upheld_query(), upheld_cookie() and upheld_field(). */
#ifndef UPH_ACCESS_H
#define UPH_ACCESS_H

#include "line.h"
#include "words.h"

/* A field that is looked for. */
struct uph_passed {
    uint32_t left; /* so many lines of its name are to be passed over yet */
    struct upheld_value value;
};

#ifdef __FRAMAC__
/*@ // A value stands in the n octets; one that was not found stands nowhere.
  predicate ValueInside(struct upheld_value v, integer n) =
     v.at <= v.end <= n && (!v.found ==> v.end == 0 && !v.again);
  // The name w of m octets ends at e, which is an offset of p.
  predicate NameBefore(uint8_t *p, integer e, uint8_t *w, integer m) =
     m <= e && \forall integer k; 0 <= k < m ==> p[e - m + k] == w[k];
  // The octet c stands nowhere in the value.
  predicate ValueWithout(uint8_t *p, struct upheld_value v, integer c) =
     \forall integer k; v.at <= k < v.end ==> p[k] != c;
  // No whitespace stands at either end of the value.
  predicate ValueStripped(uint8_t *p, struct upheld_value v) =
     v.at < v.end ==> IsOws(p[v.at]) == \false && IsOws(p[v.end - 1]) == \false;
  // A value that was found stands behind its name and "=", or is empty and behind its name.
  predicate QueryNamed(uint8_t *p, struct upheld_value v, uint8_t *w, integer m) =
     v.found ==>
       ValueWithout(p, v, '&') &&
       ((1 <= v.at && p[v.at - 1] == '=' && NameBefore(p, v.at - 1, w, m)) ||
        (v.at == v.end && NameBefore(p, v.at, w, m)));
  predicate CookieNamed(uint8_t *p, struct upheld_value v, uint8_t *w, integer m) =
     v.found ==>
       ValueWithout(p, v, ';') && 1 <= v.at && p[v.at - 1] == '=' && NameBefore(p, v.at - 1, w, m);
*/
#ifndef UPHELD_RUNTIME_CONTRACTS
#include "../proofs/spec/access.acsl"
#endif
#endif

/*@ requires readable: \valid_read(p + (0 .. n - 1));
    requires name:     \valid_read(name.p + (0 .. name.n - 1));
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == QueryValue((uint8_t *)p, SearchLimit(n), (uint8_t *)name.p, name.n, \result));
    ensures bounded: ValueInside(\result, n);
    ensures named: QueryNamed((uint8_t *)p, \result, (uint8_t *)name.p, name.n);
    ensures empty: name.n == 0 ==> !\result.found; */
struct upheld_value upheld_query(const uint8_t *p, size_t n, struct upheld_span name) UPH_SELDOM;

/*@ requires readable: \valid_read(p + (0 .. n - 1));
    requires name:     \valid_read(name.p + (0 .. name.n - 1));
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == CookieValue((uint8_t *)p, SearchLimit(n), (uint8_t *)name.p, name.n, \result));
    ensures bounded: ValueInside(\result, n);
    ensures named: CookieNamed((uint8_t *)p, \result, (uint8_t *)name.p, name.n);
    ensures empty: name.n == 0 ==> !\result.found; */
struct upheld_value upheld_cookie(const uint8_t *p, size_t n, struct upheld_span name) UPH_SELDOM;

/*@ requires readable: \valid_read(p + (0 .. n - 1));
    requires name:     \valid_read(name.p + (0 .. name.n - 1));
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \forall struct uph_passed any;
        \result == FieldValue((uint8_t *)p, SearchLimit(n), index, (uint8_t *)name.p, name.n,
                              \result, any));
    ensures bounded: ValueInside(\result, n);
    ensures stripped: ValueStripped((uint8_t *)p, \result);
    ensures empty: name.n == 0 ==> !\result.found; */
struct upheld_value upheld_field(const uint8_t *p, size_t n, struct upheld_span name,
                                 uint32_t index) UPH_SELDOM;

#endif
