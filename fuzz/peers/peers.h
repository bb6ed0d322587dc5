/* peers.h: parsers of others, asked in process about the same octets as the core, and the classes
 * of the differences. peers.json says of each class that was seen whose it is, and why.
 */
#ifndef PEERS_H
#define PEERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PEER_FIELDS_MAX 512 /* field lines kept of a head; the core takes 128 here */
#define PEER_OCTETS_MAX 262144
#define PEER_REASON_MAX 96
#define PEER_ACCEPT_SIZE 28

struct peer_text {
    const char *p;
    size_t n;
};

enum peer_end { PEER_MORE, PEER_TAKEN, PEER_REFUSED };

/* What a peer made of some octets. Texts are copies, in `octets`. */
struct peer_view {
    enum peer_end end;
    char reason[PEER_REASON_MAX]; /* in the peer's own words, if it refused */
    size_t consumed;              /* if it took the head: octets up to the body; 0: not told */
    bool upgrade;                 /* it would switch, or leave the switch to its caller */
    char no_upgrade[PEER_REASON_MAX];
    char accept[PEER_ACCEPT_SIZE + 1]; /* the value that it answers with; empty: it makes none */
    struct peer_text method, target;
    struct peer_text names[PEER_FIELDS_MAX], values[PEER_FIELDS_MAX];
    size_t count;   /* field lines */
    bool overflown; /* more of anything than there is room for here */
    size_t used;
    char octets[PEER_OCTETS_MAX];
};

typedef void peer_read(const uint8_t *p, size_t n, struct peer_view *view);
peer_read peer_http_parser, peer_libsoup, peer_beast;

/* For the peers: copies a text, or adds a field line, or says why not. */
struct peer_text peer_copy(struct peer_view *view, const char *p, size_t n);
void peer_field(struct peer_view *view, struct peer_text name, struct peer_text value);
void peer_refused(struct peer_view *view, const char *reason);

/* Called with each class in which a peer and the core differ on some octets. */
typedef void peers_differ(void *context, const char *class_name);
void peers_compare(const uint8_t *p, size_t n, peers_differ *differ, void *context);

/* Whether peers.json has the class. */
bool peers_known(const char *class_name);

#ifdef __cplusplus
}
#endif

#endif
