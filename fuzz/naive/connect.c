/* connect.c: a request as HTTP/2 has decoded it: RFC 9113 8.2 and 8.3, RFC 8441 4 and 5. Each rule
 * is asked of every field on its own, and the fault that comes first counts.
 */
#include "naive.h"

static bool pseudo(struct upheld_span name)
{
    return name.n > 0 && name.p[0] == ':';
}

static bool name_is_lower(struct upheld_span name)
{
    struct upheld_span rest = pseudo(name) ? (struct upheld_span){ name.p + 1, name.n - 1 } : name;
    for (size_t i = 0; i < rest.n; i++) {
        if (naive_one_of(rest.p[i], "ABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
            return false;
        }
    }
    return naive_token(rest);
}

static bool value_is_clean(struct upheld_span value)
{
    for (size_t i = 0; i < value.n; i++) {
        if (value.p[i] == 127 || (value.p[i] < 32 && value.p[i] != '\t')) {
            return false;
        }
    }
    return naive_strip(value).n == value.n;
}

static bool is_one_of(struct upheld_span name, const char *const *names)
{
    for (; *names != NULL; names++) {
        if (naive_is(name, *names)) {
            return true;
        }
    }
    return false;
}

static size_t count_before(const struct upheld_field_line *fields, size_t end,
                           struct upheld_span name)
{
    size_t count = 0;
    for (size_t i = 0; i < end; i++) {
        count += naive_same(fields[i].name, name) ? 1 : 0;
    }
    return count;
}

static bool regular_before(const struct upheld_field_line *fields, size_t end)
{
    for (size_t i = 0; i < end; i++) {
        if (!pseudo(fields[i].name)) {
            return true;
        }
    }
    return false;
}

/* What is wrong with the field k. */
static void judge_field(const struct upheld_field_line *fields, size_t k, struct naive_connect *out)
{
    static const char *const known[] = { ":method", ":scheme",   ":authority",
                                         ":path",   ":protocol", NULL };
    static const char *const hop[] = { "connection",        "upgrade",          "keep-alive",
                                       "transfer-encoding", "proxy-connection", NULL };
    struct upheld_span name = fields[k].name;

    if (!name_is_lower(name) || !value_is_clean(fields[k].value)) {
        out->clause = "R9113-8.2.1-1";
        out->why = "a name or value that HTTP/2 does not have";
    } else if (pseudo(name) && (!is_one_of(name, known) || regular_before(fields, k))) {
        out->clause = "R9113-8.3-1";
        out->why = "a pseudo-field where none belongs";
    } else if (is_one_of(name, hop) ||
               (naive_is(name, "te") && !naive_is(fields[k].value, "trailers"))) {
        out->clause = "R9113-8.2.2-1";
        out->why = "a field for one connection";
    } else if (pseudo(name) && count_before(fields, k, name) > 0) {
        out->clause = "R8441-4-1";
        out->why = "a pseudo-field again";
    }
}

static bool value_of(const struct upheld_field_line *fields, size_t count, const char *name,
                     struct upheld_span *value)
{
    for (size_t i = 0; i < count; i++) {
        if (naive_is(fields[i].name, name)) {
            *value = fields[i].value;
            return true;
        }
    }
    return false;
}

static bool host_differs(const struct upheld_field_line *fields, size_t count,
                         struct upheld_span authority)
{
    size_t hosts = 0;
    for (size_t i = 0; i < count; i++) {
        if (naive_is(fields[i].name, "host")) {
            hosts++;
            if (hosts > 1 || !naive_same(fields[i].value, authority)) {
                return true;
            }
        }
    }
    return false;
}

struct naive_connect naive_connect_read(const struct upheld_field_line *fields, size_t count)
{
    struct naive_connect out = { .clause = NULL };
    struct upheld_span scheme = { NULL, 0 };
    bool resource;

    for (size_t k = 0; k < count && out.clause == NULL; k++) {
        judge_field(fields, k, &out);
    }
    if (out.clause != NULL) {
        return out;
    }
    out.extended = value_of(fields, count, ":protocol", &out.protocol);
    (void)value_of(fields, count, ":method", &out.method);
    resource = value_of(fields, count, ":path", &out.path);
    resource = value_of(fields, count, ":scheme", &scheme) && resource;
    resource = value_of(fields, count, ":authority", &out.authority) && resource;
    if (!out.extended) {
        return out;
    }
    if (!naive_is(out.method, "CONNECT")) {
        out.clause = "R8441-5-1";
        out.why = "a method other than CONNECT";
    } else if (!resource ||
               !(naive_is_any_case(scheme, "http") || naive_is_any_case(scheme, "https")) ||
               out.path.n == 0 || out.path.p[0] != '/' || !naive_path_and_query(out.path) ||
               out.authority.n == 0 || out.authority.p[0] == ':' || !naive_host(out.authority)) {
        out.clause = "R8441-4-1";
        out.why = "no resource is named";
    } else if (host_differs(fields, count, out.authority)) {
        out.clause = "R9113-8.3.1-1";
        out.why = "Host names another";
    }
    return out;
}
