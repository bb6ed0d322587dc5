/* eacsl_shim.c: what code translated by E-ACSL calls, for use with ASan.
 *
 * E-ACSL's own run-time library and ASan both want the shadow memory, and crash together. So
 * ASan judges the memory here, and E-ACSL the meaning: \valid and \valid_read ask ASan, a broken
 * clause stops the process with its text, and \initialized is left to the MSan leg.
 *
 * E-ACSL 25 leaves the loop of a quantifier over `i <= k < i + n` by a `break` that skips the
 * __gmpz_clear() of its bound. So what GMP still holds after an input is dropped here, and that
 * alone: LeakSanitizer goes on to judge whatever the target and the core allocate themselves.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if __has_include(<e_acsl.h>) /* fuzz.mk says where it is; a linter need not know */
#include <sanitizer/asan_interface.h>

#include <e_acsl.h>

/* As gmp.h has it, which cannot be read together with e_acsl.h. */
void __gmp_set_memory_functions(void *(*alloc)(size_t), void *(*again)(void *, size_t, size_t),
                                void (*drop)(void *, size_t));

/* Integers of contracts are GMP's, a few octets each, made and dropped all the time. They come
 * from this pool, since ASan's bookkeeping would take most of the run. */
#define POOL_BLOCKS 16384
#define BLOCK_SIZE 64

static union block {
    union block *next;
    max_align_t align;
    unsigned char octets[BLOCK_SIZE];
} pool[POOL_BLOCKS], *unused;
static size_t taken; /* blocks of the pool that were handed out since the last input */

/* What the pool has no room for comes from malloc(), in a ring that starts and ends at `beside`. */
static union header {
    struct {
        union header *before, *behind;
    } ring;
    max_align_t align;
} beside = { .ring = { &beside, &beside } };

static int in_pool(const void *p)
{
    return (uintptr_t)p >= (uintptr_t)pool && (uintptr_t)p < (uintptr_t)(pool + POOL_BLOCKS);
}

static void *integer_alloc(size_t size)
{
    if (size <= BLOCK_SIZE && unused != NULL) {
        union block *block = unused;
        unused = block->next;
        return block;
    }
    if (size <= BLOCK_SIZE && taken < POOL_BLOCKS) {
        return &pool[taken++];
    }
    union header *header = malloc(sizeof *header + size);
    if (header == NULL) {
        fprintf(stderr, "eacsl_shim.c: no memory for an integer of %zu octets\n", size);
        abort();
    }
    header->ring.before = &beside;
    header->ring.behind = beside.ring.behind;
    beside.ring.behind->ring.before = header;
    beside.ring.behind = header;
    return header + 1;
}

static void integer_free(void *p, size_t size)
{
    (void)size;
    if (in_pool(p)) {
        union block *block = p;
        block->next = unused;
        unused = block;
    } else {
        union header *header = (union header *)p - 1;
        header->ring.before->ring.behind = header->ring.behind;
        header->ring.behind->ring.before = header->ring.before;
        free(header);
    }
}

static void *integer_realloc(void *p, size_t old, size_t size)
{
    if (in_pool(p) && size <= BLOCK_SIZE) {
        return p;
    }
    void *other = integer_alloc(size);
    memcpy(other, p, old < size ? old : size);
    integer_free(p, old);
    return other;
}

static void drop_integers(void)
{
    while (beside.ring.behind != &beside) {
        integer_free(beside.ring.behind + 1, 0);
    }
    unused = NULL;
    taken = 0;
}

__attribute__((constructor)) static void pool_init(void)
{
    __gmp_set_memory_functions(integer_alloc, integer_realloc, integer_free);
}

/* The target, to which eacsl.py gives this name. No integer lives on from input to input: those of
 * contracts are variables of blocks. */
int eacsl_target(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int result = eacsl_target(data, size);
    drop_integers();
    return result;
}

void __e_acsl_assert(int holds, __e_acsl_assert_data_t *data)
{
    if (!holds) {
        fprintf(stderr, "E-ACSL: %s of %s broken [%s:%d: %s: %s]\n", data->kind, data->fct,
                data->file, (int)data->line, data->name == NULL ? "" : data->name, data->pred_txt);
        abort();
    }
}

int __e_acsl_valid_read(void *p, size_t size, void *base, void *base_address)
{
    (void)base;
    (void)base_address;
    return size == 1 ? !__asan_address_is_poisoned(p)
                     : size == 0 || __asan_region_is_poisoned(p, size) == NULL;
}

int __e_acsl_valid(void *p, size_t size, void *base, void *base_address)
{
    return __e_acsl_valid_read(p, size, base, base_address);
}

/* count pairs of a start and a size follow: whether no two of these blocks share an octet. */
int __e_acsl_separated(size_t count, ...)
{
    enum { BLOCKS_MAX = 8 };
    uintptr_t start[BLOCKS_MAX];
    size_t size[BLOCKS_MAX];
    va_list blocks;
    if (count > BLOCKS_MAX) {
        fprintf(stderr, "eacsl_shim.c: \\separated of %zu blocks; BLOCKS_MAX is %d\n", count,
                BLOCKS_MAX);
        abort();
    }
    va_start(blocks, count);
    for (size_t i = 0; i < count; i++) {
        start[i] = (uintptr_t)va_arg(blocks, void *);
        size[i] = va_arg(blocks, size_t);
    }
    va_end(blocks);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (size[i] > 0 && size[k] > 0 && start[i] < start[k] + size[k] &&
                start[k] < start[i] + size[i]) {
                return 0;
            }
        }
    }
    return 1;
}

int __e_acsl_initialized(void *p, size_t size)
{
    (void)p;
    (void)size;
    return 1;
}

void __e_acsl_assert_clean(__e_acsl_assert_data_t *data)
{
    (void)data;
}

void *__e_acsl_store_block(void *p, size_t size)
{
    (void)size;
    return p;
}

void __e_acsl_delete_block(void *p)
{
    (void)p;
}

void __e_acsl_full_init(void *p)
{
    (void)p;
}

void __e_acsl_initialize(void *p, size_t size)
{
    (void)p;
    (void)size;
}

void __e_acsl_memory_init(int *argc, char ***argv, size_t pointer_size)
{
    (void)argc;
    (void)argv;
    (void)pointer_size;
}

void __e_acsl_memory_clean(void)
{
}
#endif
