/* classes.c: prints the classes of differences of inputs, for peers.py, which judges them.
 *
 * Reads from stdin, again and again, a line with a size and so many octets behind it; prints for
 * each a line for each class, and then an empty one. Exit 0; 2: what was read is not of that form.
 */
#include "../fuzz.h"
#include "peers.h"

#define INPUT_MAX 16777216

static void print(void *context, const char *class_name)
{
    (void)context;
    printf("%s\n", class_name);
}

int main(void)
{
    char line[32];
    while (fgets(line, sizeof line, stdin) != NULL) {
        char *end;
        unsigned long size = strtoul(line, &end, 10);
        if (end == line || *end != '\n' || size > INPUT_MAX) {
            fprintf(stderr, "classes: expected a size of at most %d, not: %s\n", INPUT_MAX, line);
            return 2;
        }
        uint8_t *p = fuzz_block(size);
        if (size > 0 && fread(p, 1, size, stdin) != size) {
            fprintf(stderr, "classes: fewer octets than the %lu that were announced\n", size);
            free(p);
            return 2;
        }
        peers_compare(p, size, print, NULL);
        printf("\n");
        free(p);
    }
    return 0;
}
