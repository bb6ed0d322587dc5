/* compiler.h: what a compiler is told about a function beyond C; nothing that changes a meaning. */
#ifndef UPH_COMPILER_H
#define UPH_COMPILER_H

#ifdef __GNUC__
/* Long, and inlined all the same: what follows from constants is then computed ahead. */
#define UPH_INLINED __attribute__((always_inline))
/* Called at many places: inlined at each it would cost text and save nothing. */
#define UPH_APART __attribute__((noinline))
/* Not on the way of a server's upgrade in HTTP/1.1: short rather than quick. */
#ifdef __clang__
#define UPH_SELDOM __attribute__((cold, minsize))
#else
#define UPH_SELDOM __attribute__((cold))
#endif
#else
#define UPH_INLINED
#define UPH_APART
#define UPH_SELDOM
#endif

/* Before a loop that becomes vector instructions: gcc -O3 would write it out first, and then find
 * no loop any more. */
#if defined(__GNUC__) && !defined(__clang__)
#define UPH_LOOP _Pragma("GCC unroll 1")
#else
#define UPH_LOOP
#endif

/* Around rooms of which every function is UPH_SELDOM: gcc takes what such a function calls for cold
 * as well, clang has to be told of each. */
#ifdef __clang__
#define UPH_SELDOM_BEGIN                                                                           \
    _Pragma("clang attribute push(__attribute__((minsize)), apply_to = function)")
#define UPH_SELDOM_END _Pragma("clang attribute pop")
#else
#define UPH_SELDOM_BEGIN
#define UPH_SELDOM_END
#endif

#endif
