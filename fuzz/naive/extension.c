/* extension.c: the grammar of Sec-WebSocket-Extensions (RFC 6455 9.1), SP and HTAB allowed around
 * its separators as RFC 6455 has implied whitespace. Knows one field value.
 */
#include "naive.h"

static void skip_space(struct upheld_span *s)
{
    while (s->n > 0 && (s->p[0] == ' ' || s->p[0] == '\t')) {
        s->p++;
        s->n--;
    }
}

static bool take(struct upheld_span *s, uint8_t octet)
{
    if (s->n == 0 || s->p[0] != octet) {
        return false;
    }
    s->p++;
    s->n--;
    return true;
}

static bool take_token(struct upheld_span *s)
{
    bool any = false;
    while (s->n > 0 && naive_tchar(s->p[0])) {
        s->p++;
        s->n--;
        any = true;
    }
    return any;
}

/* quoted-string whose content, once unescaped, is a token */
static bool take_quoted_token(struct upheld_span *s)
{
    bool any = false;
    if (!take(s, '"')) {
        return false;
    }
    while (s->n > 0 && s->p[0] != '"') {
        (void)take(s, '\\');
        if (s->n == 0 || !naive_tchar(s->p[0])) {
            return false;
        }
        s->p++;
        s->n--;
        any = true;
    }
    return any && take(s, '"');
}

/* extension-param = token [ "=" ( token | quoted-string ) ] */
static bool take_parameter(struct upheld_span *s)
{
    skip_space(s);
    if (!take_token(s)) {
        return false;
    }
    skip_space(s);
    if (!take(s, '=')) {
        return true;
    }
    skip_space(s);
    if (!take_token(s) && !take_quoted_token(s)) {
        return false;
    }
    skip_space(s);
    return true;
}

long naive_extensions(struct upheld_span value)
{
    long members = 0;

    for (;;) {
        skip_space(&value);
        if (take_token(&value)) {
            members++;
            skip_space(&value);
            while (take(&value, ';')) {
                if (!take_parameter(&value)) {
                    return -1;
                }
            }
        }
        if (value.n == 0) {
            return members;
        }
        if (!take(&value, ',')) {
            return -1;
        }
    }
}
