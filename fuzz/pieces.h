/* pieces.h: what both halves of the target pieces share: how its octets choose pieces and limits.
 */
#ifndef PIECES_H
#define PIECES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../core/upheld.h"

/* Inputs of up to so many octets come octet by octet too; each call is compared with a decision on
 * all octets, which costs the square of longer ones. */
#define OCTETS 512

/* Numbers that the octets choose: the same octets, the same numbers (FNV-1a, then xorshift). */
struct chooser {
    uint64_t state;
};

static inline struct chooser chooser_of(const uint8_t *p, size_t n)
{
    struct chooser c = { 0xcbf29ce484222325u };
    for (size_t i = 0; i < n; i++) {
        c.state = (c.state ^ p[i]) * 0x100000001b3u;
    }
    c.state |= 1;
    return c;
}

static inline uint32_t choose(struct chooser *c, uint32_t below)
{
    c->state ^= c->state << 13;
    c->state ^= c->state >> 7;
    c->state ^= c->state << 17;
    return (uint32_t)(c->state >> 33) % below;
}

static inline bool same_reader(struct upheld_reader a, struct upheld_reader b)
{
    return a.seen == b.seen && a.at == b.at && a.scanned == b.scanned && a.lines == b.lines &&
           a.space == b.space && a.target == b.target;
}

/* Checks p[0 .. n-1] as a reply, under clients of any limits. */
void pieces_reply(const uint8_t *p, size_t n, struct chooser c);

#endif
