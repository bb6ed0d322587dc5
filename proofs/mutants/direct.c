/* direct.c: calls of single functions of the core that no public function makes, but their
 * contracts allow. Compiled with the C file ROOM, which has the function, and the name of one call.
 * It prints what the function gives: of the core and of a mutant it must differ. */
#include ROOM

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void show_agreed(struct upheld_agreed a)
{
    printf("deflate %d, no context takeover %d %d, bits %u %u, named %d %d\n", a.deflate,
           a.server_no_context_takeover, a.client_no_context_takeover, a.server_max_window_bits,
           a.client_max_window_bits, a.server_bits_named, a.client_bits_named);
}

#if defined CALL_answer_agreed
/* The contract requires nothing; answer_holds() is asked first, and wants m.deflate. */
static void call(void)
{
    show_agreed(answer_agreed((struct upheld_agreed){ 0 }, (struct upheld_deflate){ 0 }));
}
#elif defined CALL_add_param
/* A member that is no good already: nobody looks at what else it becomes. */
static void call(void)
{
    const char *text = ";server_no_context_takeover";
    const uint8_t *p = (const uint8_t *)text;
    size_t e = strlen(text);
    show_agreed(add_param(p, e, 1, param_at(p, e, 1), (struct upheld_agreed){ 0 }));
}
#elif defined CALL_line_version
/* A line that ends with its name, of just so many octets: a line of a head that holds has a colon,
 * and CR behind it. */
static void call(void)
{
    const char *text = "Sec-WebSocket-Version";
    size_t e = strlen(text);
    uint8_t *own = malloc(e);
    memcpy(own, text, e);
    printf("%d\n", line_version(own, 0, e, 13));
    free(own);
}
#elif defined CALL_websocket
/* A decision that no request leads to: the key is the whole of it. */
static void call(void)
{
    const struct upheld_policy policy = { 0 };
    uint8_t out[1024] = { 0 };
    const char *key = "dGhlIHNhbXBsZSBub25jZQ==";
    struct upheld_decision d = { 0 };
    printf("%zu\n",
           websocket((const uint8_t *)key, UPHELD_KEY_SIZE, &policy, d, false, out, sizeof out));
}
#elif defined CALL_target_too_long
/* A target at its limit and an octet behind it that ends the line, but is no CR: for
 * uph_scan_request() such a line has a fault in any case. */
static void call(void)
{
    const uint8_t *p = (const uint8_t *)"GET /ab\n";
    struct upheld_reader r = { 0 };
    r.seen = 8;
    r.scanned = r.target = 7;
    r.space = 3;
    printf("%d\n", target_too_long(p, 8, r, 3));
}
#else
#error "expected -DCALL_NAME with the name of a function that is called above"
#endif

int main(void)
{
    call();
    return 0;
}
