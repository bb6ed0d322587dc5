/* compare.c: what the core and the peers make of the same octets, and the class of each difference.
 *
 * A class is named after the clause by which the core decided, or after the reason that the peer
 * gave, so that a table can say of each whose it is: "http-parser accepts R9112-2.2-2".
 */
#include <strings.h>

#include "../../core/upheld.h"
#include "../fuzz.h"
#include "peers.h"

#define CLASS_MAX 192

static const struct upheld_policy policy = {
    .limits = UPHELD_LIMITS_DEFAULT,
    .access = UPHELD_GRANTED,
};

/* The rest is the core's answer and where a difference is told to. */
struct comparison {
    const uint8_t *p;
    struct upheld_decision d;
    const char *peer;
    const struct peer_view *view;
    peers_differ *differ;
    void *context;
};

struct peer_text peer_copy(struct peer_view *view, const char *p, size_t n)
{
    if (n > sizeof view->octets - view->used) {
        view->overflown = true;
        return (struct peer_text){ "", 0 };
    }
    char *to = view->octets + view->used;
    if (n > 0) {
        memcpy(to, p, n);
    }
    view->used += n;
    return (struct peer_text){ to, n };
}

void peer_field(struct peer_view *view, struct peer_text name, struct peer_text value)
{
    if (view->count == PEER_FIELDS_MAX) {
        view->overflown = true;
        return;
    }
    view->names[view->count] = name;
    view->values[view->count] = value;
    view->count++;
}

void peer_refused(struct peer_view *view, const char *reason)
{
    view->end = PEER_REFUSED;
    snprintf(view->reason, sizeof view->reason, "%s", reason);
}

static void tell(const struct comparison *c, const char *what, const char *which)
{
    char text[CLASS_MAX];
    snprintf(text, sizeof text, "%s %s%s%s", c->peer, what, which[0] == '\0' ? "" : " ", which);
    c->differ(c->context, text);
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* Whether the core refused the octets as HTTP, whatever is asked for in them. */
static bool no_http(struct upheld_decision d)
{
    const char *id = upheld_clause_id(d.clause);
    return d.verdict == UPHELD_REFUSE &&
           (begins(id, "R9112-") || begins(id, "R9110-5.") || begins(id, "R9110-10.1.1-"));
}

static struct upheld_span span(struct peer_text text)
{
    return (struct upheld_span){ (const uint8_t *)text.p, text.n };
}

static bool is_space(char octet)
{
    return octet == ' ' || octet == '\t';
}

static struct peer_text stripped(struct peer_text text)
{
    while (text.n > 0 && is_space(text.p[text.n - 1])) {
        text.n--;
    }
    while (text.n > 0 && is_space(text.p[0])) {
        text.p++;
        text.n--;
    }
    return text;
}

static bool equal(const uint8_t *p, size_t n, struct peer_text text)
{
    return n == text.n && (n == 0 || memcmp(p, text.p, n) == 0);
}

/* Lines of that name among the first `count`. */
static uint32_t lines_of(const struct peer_view *view, size_t count, struct peer_text name)
{
    uint32_t found = 0;
    for (size_t i = 0; i < count; i++) {
        found += view->names[i].n == name.n && strncasecmp(view->names[i].p, name.p, name.n) == 0;
    }
    return found;
}

static void compare_value(const struct comparison *c, size_t i)
{
    const struct peer_view *view = c->view;
    struct peer_text name = view->names[i], value = view->values[i];
    uint32_t before = lines_of(view, i, name);
    struct upheld_value ours = upheld_field(c->p, c->d.consumed, span(name), before);
    bool last = lines_of(view, view->count, name) == before + 1;
    if (!ours.found) {
        tell(c, "reads a field that is not there", "");
    } else if (ours.again == last) {
        tell(c, "reads fewer lines of a field", "");
    } else if (!equal(c->p + ours.at, ours.end - ours.at, value)) {
        tell(c,
             equal(c->p + ours.at, ours.end - ours.at, stripped(value))
                 ? "leaves whitespace around a value"
                 : "reads another value",
             "");
    }
}

/* Method, SP, target, SP, and the lines behind: cut as plainly as can be, the head being one. */
static void compare_line(const struct comparison *c)
{
    const uint8_t *p = c->p, *end = c->p + c->d.consumed;
    while (*p == '\r' || *p == '\n') {
        p++;
    }
    const uint8_t *space = memchr(p, ' ', (size_t)(end - p));
    const uint8_t *second = memchr(space + 1, ' ', (size_t)(end - space - 1));
    size_t lines = 0;
    if (!equal(p, (size_t)(space - p), c->view->method)) {
        tell(c, "reads another method", "");
    }
    if (!equal(space + 1, (size_t)(second - space - 1), c->view->target)) {
        tell(c, "reads another target", "");
    }
    for (p = second; p < end; p++) {
        lines += *p == '\n';
    }
    if (lines != c->view->count + 2) { /* the request-line and the empty line */
        tell(c, "counts other field lines", "");
    }
}

static void compare_accept(const struct comparison *c)
{
    uint8_t accept[UPHELD_ACCEPT_SIZE];
    upheld_accept(c->p + c->d.key_at, accept);
    if (strlen(c->view->accept) != sizeof accept ||
        memcmp(c->view->accept, accept, sizeof accept) != 0) {
        tell(c, "answers another accept value", "");
    }
}

/* Both took the head: they agree on where it ends, what is in it, and what it asks for. */
static void compare_whole(const struct comparison *c)
{
    const struct peer_view *view = c->view;
    bool ours = c->d.verdict == UPHELD_SWITCH;
    if (view->consumed != c->d.consumed) {
        tell(c, "ends the head elsewhere", "");
    }
    if (view->overflown) {
        tell(c, "reads more than fits", "");
        return;
    }
    compare_line(c);
    for (size_t i = 0; i < view->count; i++) {
        compare_value(c, i);
    }
    if (view->upgrade && !ours) {
        tell(c, "upgrades", upheld_clause_id(c->d.clause));
    } else if (!view->upgrade && ours) {
        tell(c, "does not upgrade:", view->no_upgrade);
    } else if (ours && view->accept[0] != '\0') {
        compare_accept(c);
    }
}

static void compare(const struct comparison *c)
{
    const char *clause = upheld_clause_id(c->d.clause);
    if (no_http(c->d)) {
        if (c->view->end != PEER_REFUSED) {
            tell(c, c->view->end == PEER_TAKEN ? "accepts" : "waits at", clause);
        }
    } else if (c->d.verdict == UPHELD_MORE) {
        tell(c, "and the core meet a head without end", "");
    } else if (c->view->end == PEER_TAKEN) {
        compare_whole(c);
    } else {
        tell(c,
             c->view->end == PEER_MORE ? "waits behind a whole head" : "refuses:", c->view->reason);
    }
}

static void read_by(peer_read *read, const uint8_t *p, size_t n, struct peer_view *view)
{
    memset(view, 0, offsetof(struct peer_view, octets));
    read(p, n, view);
}

/* The octets, and behind them an end to their lines and a request: enough for every parser to
 * decide. The caller's to free. */
static uint8_t *ended(const uint8_t *p, size_t *n)
{
    static const char tail[] = "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n";
    uint8_t *longer = fuzz_block(*n + sizeof tail - 1);
    if (*n > 0) {
        memcpy(longer, p, *n);
    }
    memcpy(longer + *n, tail, sizeof tail - 1);
    *n += sizeof tail - 1;
    return longer;
}

/* What the core has refused stays refused, whatever comes. A peer that reads whole lines only is
 * given an end to them. */
static void read_ended(peer_read *read, const uint8_t *p, size_t n, struct peer_view *view)
{
    uint8_t *longer = ended(p, &n);
    read_by(read, longer, n, view);
    free(longer);
}

static void compare_all(const uint8_t *p, size_t n, struct upheld_decision d, peers_differ *differ,
                        void *context)
{
    static const struct {
        const char *name;
        peer_read *read;
    } peers[] = {
        { "http-parser", peer_http_parser },
        { "libsoup", peer_libsoup },
        { "beast", peer_beast },
    };
    static struct peer_view view;
    for (size_t i = 0; i < sizeof peers / sizeof peers[0]; i++) {
        read_by(peers[i].read, p, n, &view);
        if (view.end == PEER_MORE && no_http(d)) {
            read_ended(peers[i].read, p, n, &view);
        }
        compare(&(struct comparison){ p, d, peers[i].name, &view, differ, context });
    }
}

/* Octets that the core does not decide yet are given an end, for the core as well: who decides
 * them sooner is not asked. */
void peers_compare(const uint8_t *p, size_t n, peers_differ *differ, void *context)
{
    struct upheld_decision d = upheld_request_decide(p, n, &policy);
    if (d.verdict != UPHELD_MORE) {
        compare_all(p, n, d, differ, context);
        return;
    }
    uint8_t *longer = ended(p, &n);
    compare_all(longer, n, upheld_request_decide(longer, n, &policy), differ, context);
    free(longer);
}
