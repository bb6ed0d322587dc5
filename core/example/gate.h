/* gate.h: who may come in. The one place of the echo server that asks the core. */
#ifndef EXAMPLE_GATE_H
#define EXAMPLE_GATE_H

#include "upheld.h"

/* What is asked of every request. */
struct gate {
    struct upheld_policy policy; /* its access stays UPHELD_UNDECIDED */
    struct upheld_span token;    /* to be named in the query: ?token=...; empty: anyone comes in */
};

/* A decision, and the policy under which it was made: the answer is written with the same. */
struct verdict {
    struct upheld_decision decision;
    struct upheld_policy policy;
};

/* Null if the core takes the gate's policy, or else a sentence that says what is wrong with it. */
const char *gate_fault(const struct gate *gate);

/* Decides on the n octets that arrived so far; the reader is the connection's, zeroed at first. */
struct verdict gate_decide(const struct gate *gate, struct upheld_reader *reader, const uint8_t *p,
                           size_t n);

#endif
