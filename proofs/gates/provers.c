/* G9: what each prover must prove (it is true, and Qed leaves it), and what it must not. */
#include <stdint.h>

/*@ check lemma truth{L}: \forall uint8_t *p, integer n, k;
      (\forall integer j; 0 <= j < n ==> p[j] < 7) && 0 <= k < n && 0 < p[k] ==> p[k] * 2 < 14; */

/*@ check lemma falsehood{L}: \forall uint8_t *p, integer n, k;
      (\forall integer j; 0 <= j < n ==> p[j] < 7) && 0 <= k < n && 0 < p[k] ==> p[k] * 2 < 12; */
