/* contract.h: the formal reading of the RFCs, for Frama-C alone; empty for a compiler.
 *
 * Contracts have two layers. UPH_EXACT(...) marks the deep one, equations with recursive logic
 * functions, which WP proves. The rest is plain (bounds, classes, frames), and E-ACSL can also
 * check it at run time: it cannot translate recursive functions, so with
 * UPHELD_RUNTIME_CONTRACTS the deep layer reads as true. */
#ifndef UPH_CONTRACT_H
#define UPH_CONTRACT_H

#ifdef __FRAMAC__
#ifdef UPHELD_RUNTIME_CONTRACTS
#define UPH_EXACT(...) (0 == 0)
#else
#define UPH_EXACT(...) (__VA_ARGS__)
#endif
#endif

#endif
