/* beside.c: runs a mutant of the core beside the core, under the fuzz targets.
 *
 * The targets call the core through the linker's --wrap; here every call is made twice, first of
 * the core and then of the mutant (its names start with mut_), on the same octets, and what comes
 * back is compared. The targets go on with what the core said. The first octet of an input chooses
 * the target. Ends the process at a difference, after naming it; what the mutant does beyond C
 * (sanitizers) and a call that does not return count as differences too.
 *
 * MUTANT_EXECUTIONS says after how many executions to stop. An execution is a call of both that
 * went through the function that was changed. MUTANT_TARGET names the one target to run, by number.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include "../../core/list.h"
#include "../../core/upheld.h"
#include "../../fuzz/fuzz.h"
#include "../../fuzz/naive/naive.h"

/* Processor seconds that one call may take. The slowest call of the core takes milliseconds. */
#define CALL_SECONDS 2

extern unsigned long mutant_reached;
unsigned long mutant_reached; /* how often the changed function was entered */

#define TARGETS 10

static unsigned long executions, calls, before, limit;
static unsigned long by_target[TARGETS]; /* executions of each */
static size_t target;                    /* the one that runs */
static size_t only = TARGETS;            /* the one that alone runs, if below TARGETS */
static const char *volatile inside;      /* the function of the mutant that runs */

static void tell(void)
{
    size_t most = 0;
    for (size_t i = 1; i < TARGETS; i++) {
        most = by_target[i] > by_target[most] ? i : most;
    }
    printf("mutant: %lu executions, %lu calls, target %zu\n", executions, calls, most);
    fflush(stdout);
}

static void enter(const char *name)
{
    before = mutant_reached;
    inside = name;
}

static void leave(bool alike)
{
    if (!alike) {
        printf("mutant: another result of %s\n", inside);
        fflush(stdout);
        abort();
    }
    inside = NULL;
    calls++;
    if (mutant_reached != before) {
        by_target[target]++;
        if (++executions == limit) {
            tell();
            _exit(0);
        }
    }
}

static double seconds_used(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void *watch(void *unused)
{
    unsigned long last = 0;
    double since = seconds_used();
    for (;;) {
        usleep(200000);
        if (inside == NULL || calls != last) {
            last = calls;
            since = seconds_used();
        } else if (seconds_used() - since > CALL_SECONDS) {
            printf("mutant: no end of %s\n", inside);
            fflush(stdout);
            abort();
        }
    }
    return unused;
}

/* ---- The functions of the core, each made twice -------------------------------------------- */

/* TWICE(type, name, parameters, arguments, same): a function without output buffer. */
#define TWICE(type, name, parameters, arguments, same)                                             \
    type __real_##name parameters;                                                                 \
    type mut_##name parameters;                                                                    \
    type __wrap_##name parameters;                                                                 \
    type __wrap_##name parameters                                                                  \
    {                                                                                              \
        type first = __real_##name arguments;                                                      \
        enter(#name);                                                                              \
        type second = mut_##name arguments;                                                        \
        leave(same(first, second));                                                                \
        return first;                                                                              \
    }

/* WRITES(name, parameters, arguments, again): a function that fills out[0 .. size-1]; `again` are
 * its arguments with `copy` in place of `out`. */
#define WRITES(name, parameters, arguments, again)                                                 \
    size_t __real_##name parameters;                                                               \
    size_t mut_##name parameters;                                                                  \
    size_t __wrap_##name parameters;                                                               \
    size_t __wrap_##name parameters                                                                \
    {                                                                                              \
        uint8_t *copy = fuzz_own(out, size);                                                       \
        size_t first = __real_##name arguments;                                                    \
        enter(#name);                                                                              \
        size_t second = mut_##name again;                                                          \
        leave(first == second && (size == 0 || memcmp(out, copy, size) == 0));                     \
        free(copy);                                                                                \
        return first;                                                                              \
    }

/* FILLS(name, from, to): a function that fills to[] from from[], of fixed sizes. */
#define FILLS(name, from, to)                                                                      \
    void __real_##name(const uint8_t *in, uint8_t *out);                                           \
    void mut_##name(const uint8_t *in, uint8_t *out);                                              \
    void __wrap_##name(const uint8_t *in, uint8_t *out);                                           \
    void __wrap_##name(const uint8_t *in, uint8_t *out)                                            \
    {                                                                                              \
        uint8_t *copy = fuzz_own(out, to);                                                         \
        uint8_t *own = fuzz_own(in, from);                                                         \
        __real_##name(in, out);                                                                    \
        enter(#name);                                                                              \
        mut_##name(own, copy);                                                                     \
        leave(memcmp(out, copy, to) == 0 && memcmp(in, own, from) == 0);                           \
        free(own);                                                                                 \
        free(copy);                                                                                \
    }

/* RESUMES(type, name, kind, same): a function that keeps what it knows in a reader. */
#define RESUMES(type, name, kind, same)                                                            \
    type __real_##name(struct upheld_reader *reader, const uint8_t *p, size_t n,                   \
                       const struct kind *asked);                                                  \
    type mut_##name(struct upheld_reader *reader, const uint8_t *p, size_t n,                      \
                    const struct kind *asked);                                                     \
    type __wrap_##name(struct upheld_reader *reader, const uint8_t *p, size_t n,                   \
                       const struct kind *asked);                                                  \
    type __wrap_##name(struct upheld_reader *reader, const uint8_t *p, size_t n,                   \
                       const struct kind *asked)                                                   \
    {                                                                                              \
        struct upheld_reader copy = *reader;                                                       \
        type first = __real_##name(reader, p, n, asked);                                           \
        enter(#name);                                                                              \
        type second = mut_##name(&copy, p, n, asked);                                              \
        leave(same(first, second) && same_reader(*reader, copy));                                  \
        return first;                                                                              \
    }

#define EQUAL(a, b) ((a) == (b))
#define SPAN_EQUAL(a, b) ((a).n == (b).n && ((a).n == 0 || memcmp((a).p, (b).p, (a).n) == 0))

static bool same_decision(struct upheld_decision a, struct upheld_decision b)
{
    return a.verdict == b.verdict && a.clause == b.clause && a.status == b.status &&
           a.continue_first == b.continue_first && a.close == b.close && a.consumed == b.consumed &&
           a.key_at == b.key_at && a.subprotocol == b.subprotocol && a.protocol == b.protocol &&
           a.body_first == b.body_first && a.body_chunked == b.body_chunked &&
           a.body_length == b.body_length && naive_same_agreed(a.agreed, b.agreed);
}

static bool same_reply(struct upheld_reply a, struct upheld_reply b)
{
    return a.verdict == b.verdict && a.clause == b.clause && a.status == b.status &&
           a.head_at == b.head_at && a.consumed == b.consumed && a.subprotocol == b.subprotocol &&
           naive_same_agreed(a.agreed, b.agreed);
}

static bool same_value(struct upheld_value a, struct upheld_value b)
{
    return a.found == b.found && a.again == b.again && a.at == b.at && a.end == b.end;
}

static bool same_reader(struct upheld_reader a, struct upheld_reader b)
{
    return a.seen == b.seen && a.at == b.at && a.scanned == b.scanned && a.lines == b.lines &&
           a.space == b.space && a.target == b.target;
}

static bool same_row(struct upheld_protocol a, struct upheld_protocol b)
{
    return SPAN_EQUAL(a.name, b.name) && SPAN_EQUAL(a.version, b.version) &&
           SPAN_EQUAL(a.answer, b.answer) && a.methods == b.methods && a.body == b.body &&
           a.checks == b.checks;
}

static bool same_text(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

typedef const char *text;
typedef struct upheld_decision decision;
typedef struct upheld_reply reply;
typedef struct upheld_value value;

TWICE(struct upheld_protocol, upheld_protocol_row, (enum upheld_registered which), (which),
      same_row)
TWICE(enum upheld_policy_error, upheld_policy_check, (const struct upheld_policy *policy), (policy),
      EQUAL)
TWICE(enum upheld_client_error, upheld_client_check, (const struct upheld_client *client), (client),
      EQUAL)
TWICE(decision, upheld_request_decide,
      (const uint8_t *p, size_t n, const struct upheld_policy *policy), (p, n, policy),
      same_decision)
TWICE(reply, upheld_reply_decide, (const uint8_t *p, size_t n, const struct upheld_client *client),
      (p, n, client), same_reply)
TWICE(bool, upheld_reply_version,
      (const uint8_t *p, size_t n, struct upheld_reply r, uint8_t version), (p, n, r, version),
      EQUAL)
TWICE(decision, upheld_connect_decide,
      (const struct upheld_field_line *fields, uint32_t count, const struct upheld_policy *policy),
      (fields, count, policy), same_decision)
TWICE(value, upheld_query, (const uint8_t *p, size_t n, struct upheld_span name), (p, n, name),
      same_value)
TWICE(value, upheld_cookie, (const uint8_t *p, size_t n, struct upheld_span name), (p, n, name),
      same_value)
TWICE(value, upheld_field, (const uint8_t *p, size_t n, struct upheld_span name, uint32_t index),
      (p, n, name, index), same_value)
TWICE(text, upheld_clause_id, (enum upheld_clause clause), (clause), same_text)
TWICE(size_t, uph_token_end, (const uint8_t *p, size_t e, size_t i), (p, e, i), EQUAL)
TWICE(size_t, uph_ows_end, (const uint8_t *p, size_t e, size_t i), (p, e, i), EQUAL)
TWICE(size_t, uph_trim_end, (const uint8_t *p, size_t b, size_t e), (p, b, e), EQUAL)
TWICE(size_t, uph_comma_or_end, (const uint8_t *p, size_t e, size_t i), (p, e, i), EQUAL)
TWICE(bool, uph_list_has, (const uint8_t *p, size_t e, size_t i, const uint8_t *w, size_t m),
      (p, e, i, w, m), EQUAL)
TWICE(bool, uph_list_only, (const uint8_t *p, size_t e, size_t i, const uint8_t *w, size_t m),
      (p, e, i, w, m), EQUAL)
WRITES(upheld_response_write,
       (const uint8_t *p, size_t n, const struct upheld_policy *policy, struct upheld_decision d,
        uint8_t *out, size_t size),
       (p, n, policy, d, out, size), (p, n, policy, d, copy, size))
WRITES(upheld_continue_write, (struct upheld_decision d, uint8_t *out, size_t size), (d, out, size),
       (d, copy, size))
WRITES(upheld_request_write, (const struct upheld_client *client, uint8_t *out, size_t size),
       (client, out, size), (client, copy, size))
WRITES(upheld_extensions_write, (struct upheld_agreed agreed, uint8_t *out, size_t size),
       (agreed, out, size), (agreed, copy, size))
FILLS(upheld_key, UPHELD_NONCE_SIZE, UPHELD_KEY_SIZE)
FILLS(upheld_accept, UPHELD_KEY_SIZE, UPHELD_ACCEPT_SIZE)
RESUMES(decision, upheld_request_resume, upheld_policy, same_decision)
RESUMES(reply, upheld_reply_resume, upheld_client, same_reply)

/* ---- Targets -------------------------------------------------------------------------------- */

int target_request(const uint8_t *data, size_t size);
int target_response(const uint8_t *data, size_t size);
int target_round_trip(const uint8_t *data, size_t size);
int target_connect(const uint8_t *data, size_t size);
int target_list(const uint8_t *data, size_t size);
int target_access(const uint8_t *data, size_t size);
int target_pieces(const uint8_t *data, size_t size);
int target_answer(const uint8_t *data, size_t size);
int target_policy(const uint8_t *data, size_t size);
int target_rest(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    pthread_t watcher;
    const char *asked = getenv("MUTANT_EXECUTIONS"), *alone = getenv("MUTANT_TARGET");
    (void)argc;
    (void)argv;
    limit = asked == NULL ? 0 : strtoul(asked, NULL, 10);
    only = alone == NULL ? TARGETS : strtoul(alone, NULL, 10);
    atexit(tell);
    if (pthread_create(&watcher, NULL, watch, NULL) != 0) {
        fprintf(stderr, "beside: no thread for the watch over calls that do not end\n");
        exit(2);
    }
    return 0;
}

/* The order of TARGETS in beside.py. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int (*const targets[TARGETS])(const uint8_t *, size_t) = {
        target_request, target_response, target_round_trip, target_connect, target_list,
        target_access,  target_pieces,   target_answer,     target_policy,  target_rest,
    };
    if (size == 0) {
        return 0;
    }
    target = data[0] % TARGETS;
    if (only < TARGETS && target != only) {
        return -1;
    }
    unsigned long earlier = executions;
    int status = targets[target](data + 1, size - 1);
    /* A long look at one target: once an input got to the changed function, others are not kept. */
    return only < TARGETS && executions > 0 && executions == earlier ? -1 : status;
}
