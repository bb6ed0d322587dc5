/* extension.c: Sec-WebSocket-Extensions (RFC 6455 section 9.1), and in it permessage-deflate and
 * its parameters (RFC 7692 section 7). Knows values of the field; deflate.c says what is agreed. */
#include "extension.h"

/* Where a parameter stands, of which none is the first octet of p. */
struct param {
    size_t name; /* p[name .. tail-1] */
    size_t tail;
    size_t value; /* p[value .. end-1], quotes included; 0: none */
    size_t end;   /* 0: malformed */
};

/* An extension, and where it ends. */
struct member {
    size_t end; /* 0: malformed */
    struct upheld_agreed extension;
};

/* A list, and where it was read up to. */
struct step {
    size_t end;
    struct uph_extensions list;
};

/* Where the quoted-string whose inside starts at i ends, if it unquotes to a token; 0 if not. */
/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   0 < i <= e;
    terminates \true;
    assigns \nothing;
    ensures R6455_9_1_2: UPH_EXACT(
      QuotedTokenEnd((uint8_t *)p, e, i, 0) == (\result == 0 ? -1 : \result));
    ensures bounded: \result == 0 || i < \result <= e; */
static size_t quoted_token_end(const uint8_t *p, size_t e, size_t i)
{
    size_t j = i;
    /*@ loop invariant bounded: i <= j <= e;
        loop invariant exact: UPH_EXACT(QuotedTokenEnd((uint8_t *)p, e, i, 0) ==
                                        QuotedTokenEnd((uint8_t *)p, e, j, (j > i ? 1 : 0)));
        loop assigns j;
        loop variant e - j; */
    while (j < e && p[j] != '"') {
        if (p[j] == '\\') {
            j++;
        }
        if (j >= e || !uph_tchar(p[j])) {
            return 0;
        }
        j++;
    }
    return j < e && j > i ? j + 1 : 0;
}

/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   0 < i <= e;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      ExtensionValueEnd((uint8_t *)p, e, i) == (\result == 0 ? -1 : \result));
    ensures bounded: \result == 0 || i < \result <= e;
    ensures quotes: \result == 0 || (p[i] == '"' ==> i + 1 < \result); */
static size_t extension_value_end(const uint8_t *p, size_t e, size_t i)
{
    if (i < e && p[i] == '"') {
        return quoted_token_end(p, e, i + 1);
    }
    size_t t = uph_token_end(p, e, i);
    return t > i ? t : 0;
}

/*@ requires readable: \valid_read(p + (t .. e - 1));
    requires inside:   t <= e;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == ExtensionValueAt((uint8_t *)p, e, t));
    ensures bounded: \result == 0 || t < \result <= e; */
static size_t extension_value_at(const uint8_t *p, size_t e, size_t t)
{
    size_t q = uph_ows_end(p, e, t);
    return q < e && p[q] == '=' ? uph_ows_end(p, e, q + 1) : 0;
}

/* The parameter that stands from i on. */
/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   0 < i <= e;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      ExtensionParamEnd((uint8_t *)p, e, i) == (\result.end == 0 ? -1 : \result.end));
    ensures name: UPH_EXACT(\result.name == OwsEnd((uint8_t *)p, e, i));
    ensures tail: UPH_EXACT(\result.tail == TokenEnd((uint8_t *)p, e, \result.name));
    ensures value: UPH_EXACT(
      \result.end > 0 ==> \result.value == ExtensionValueAt((uint8_t *)p, e, \result.tail));
    ensures bounded: \result.end == 0 ||
                     (i <= \result.name < \result.tail <= \result.end <= e);
    ensures valued: \result.end == 0 || \result.value == 0 ||
                    (\result.tail < \result.value < \result.end &&
                     (p[\result.value] == '"' ==> \result.value + 1 < \result.end)); */
static struct param param_at(const uint8_t *p, size_t e, size_t i)
{
    struct param a = { uph_ows_end(p, e, i), 0, 0, 0 };
    a.tail = uph_token_end(p, e, a.name);
    if (a.tail == a.name) {
        return a;
    }
    a.value = extension_value_at(p, e, a.tail);
    a.end = a.value > 0 ? extension_value_end(p, e, a.value) : a.tail;
    return a;
}

/* Whether n, which digits before write, may have the digit c behind it. */
/*@ requires bounded: n <= UPH_BITS_MAX;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result <==> BitsDigit(c, n) == \true); */
static bool bits_digit(uint8_t c, uint32_t n)
{
    return uph_digit(c) && (n > 0 || c != '0') && n * 10 + (c - (uint32_t)'0') <= UPH_BITS_MAX;
}

/*@ requires readable: \valid_read(p + (b .. e - 1));
    requires inside:   b <= e;
    terminates \true;
    assigns \nothing;
    ensures R7692_7_1_2_1_1: UPH_EXACT(\result == WindowBits((uint8_t *)p, e, b, 0)); */
static uint8_t window_bits(const uint8_t *p, size_t b, size_t e)
{
    uint32_t n = 0;
    size_t i = b;
    /*@ loop invariant bounded: b <= i <= e && 0 <= n <= UPH_BITS_MAX;
        loop invariant exact: UPH_EXACT(WindowBits((uint8_t *)p, e, b, 0) ==
                                        WindowBits((uint8_t *)p, e, i, n));
        loop assigns i, n;
        loop variant e - i; */
    for (; i < e; i++) {
        if (p[i] != '\\') {
            if (!bits_digit(p[i], n)) {
                return 0;
            }
            n = n * 10 + (p[i] - (uint32_t)'0');
        }
    }
    return n >= UPH_BITS_LEAST ? (uint8_t)n : 0;
}

/*@ requires readable: v == 0 || \valid_read(p + (v .. z - 1));
    requires inside:   v == 0 || v < z;
    requires quotes:   v == 0 || (p[v] == '"' ==> v + 1 < z);
    terminates \true;
    assigns \nothing;
    ensures R7692_q: UPH_EXACT(\result == ValueBits((uint8_t *)p, v, z)); */
static uint8_t value_bits(const uint8_t *p, size_t v, size_t z)
{
    if (v == 0) {
        return 0;
    }
    return p[v] == '"' ? window_bits(p, v + 1, z - 1) : window_bits(p, v, z);
}

/* The parameter whose name [b, t) is. Of each length there are two, one for either side. */
/*@ requires readable: \valid_read(p + (b .. t - 1));
    requires inside:   b <= t;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == ParameterOf((uint8_t *)p, b, t)); */
static uint32_t param_of(const uint8_t *p, size_t b, size_t t)
{
    bool takeover = t - b == 26;
    if (!takeover && t - b != 22) {
        return UPH_PARAM_UNKNOWN;
    }
    if (uph_deflate_text(p, b, t, takeover ? UPH_TEXT_SERVER_FREE + 2 : UPH_TEXT_SERVER_BITS + 2)) {
        return takeover ? UPH_PARAM_SERVER_NO_CONTEXT : UPH_PARAM_SERVER_BITS;
    }
    if (uph_deflate_text(p, b, t, takeover ? UPH_TEXT_CLIENT_FREE + 2 : UPH_TEXT_CLIENT_BITS + 2)) {
        return takeover ? UPH_PARAM_CLIENT_NO_CONTEXT : UPH_PARAM_CLIENT_BITS;
    }
    return UPH_PARAM_UNKNOWN;
}

/* The member m with one more parameter, which has a value or not, worth so many bits. */
/*@ requires known: 0 <= name <= 4;
    terminates \true;
    assigns \nothing;
    ensures R7692_7_1: UPH_EXACT(\result == WithParameter(name, (valued ? 1 : 0), bits, m)); */
static struct upheld_agreed with_param(uint32_t name, bool valued, uint8_t bits,
                                       struct upheld_agreed m)
{
    if (name == UPH_PARAM_SERVER_NO_CONTEXT && !valued && !m.server_no_context_takeover) {
        m.server_no_context_takeover = true;
    } else if (name == UPH_PARAM_CLIENT_NO_CONTEXT && !valued && !m.client_no_context_takeover) {
        m.client_no_context_takeover = true;
    } else if (name == UPH_PARAM_SERVER_BITS && bits != 0 && !m.server_bits_named) {
        m.server_bits_named = true;
        m.server_max_window_bits = bits;
    } else if (name == UPH_PARAM_CLIENT_BITS && (!valued || bits != 0) && !m.client_bits_named) {
        m.client_bits_named = true;
        m.client_max_window_bits = bits;
    } else {
        m.deflate = false;
    }
    return m;
}

/* The member m with the parameter from i on, which was read as a. */
/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   0 < i <= a.name < a.tail <= a.end <= e;
    requires valued:   a.value == 0 ||
                       (a.tail < a.value < a.end && (p[a.value] == '"' ==> a.value + 1 < a.end));
    requires end:      UPH_EXACT(a.end == ExtensionParamEnd((uint8_t *)p, e, i));
    requires name:     UPH_EXACT(a.name == OwsEnd((uint8_t *)p, e, i));
    requires tail:     UPH_EXACT(a.tail == TokenEnd((uint8_t *)p, e, a.name));
    requires value:    UPH_EXACT(a.value == ExtensionValueAt((uint8_t *)p, e, a.tail));
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == AddParam((uint8_t *)p, e, i, m)); */
static struct upheld_agreed add_param(const uint8_t *p, size_t e, size_t i, struct param a,
                                      struct upheld_agreed m)
{
    (void)e;
    (void)i;
    if (!m.deflate) {
        return m;
    }
    return with_param(param_of(p, a.name, a.tail), a.value > 0, value_bits(p, a.value, a.end), m);
}

/* A member of which the name [b, t) was read. */
/*@ requires readable: \valid_read(p + (b .. t - 1));
    requires inside:   b <= t;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == NamedExtension((uint8_t *)p, b, t, d, \result)); */
static struct upheld_agreed named_extension(const uint8_t *p, size_t b, size_t t,
                                            struct upheld_deflate d)
{
    struct upheld_agreed m = { 0 };
    m.deflate = d.enabled && t - b == UPH_TEXT_SERVER_FREE && uph_deflate_text(p, b, t, 0);
    return m;
}

/* The member m with the parameters from i on, up to a comma or e. */
/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   0 < i <= e;
    terminates \true;
    assigns \nothing;
    ensures end: UPH_EXACT(
      ParamsEnd((uint8_t *)p, e, i) == (\result.end == 0 ? -1 : \result.end));
    ensures exact: UPH_EXACT(\result.extension == AddParams((uint8_t *)p, e, i, m));
    ensures bounded: \result.end == 0 || i <= \result.end <= e; */
static struct member add_params(const uint8_t *p, size_t e, size_t i, struct upheld_agreed m)
{
    struct member member = { 0, m };
    size_t at = i;
    /*@ loop invariant bounded: i <= at <= e && member.end == 0;
        loop invariant end: UPH_EXACT(
          ParamsEnd((uint8_t *)p, e, i) == ParamsEnd((uint8_t *)p, e, at));
        loop invariant exact: UPH_EXACT(
          AddParams((uint8_t *)p, e, i, m) ==
          AddParams((uint8_t *)p, e, at, member.extension));
        loop assigns at, member;
        loop variant e - at; */
    for (;;) {
        size_t j = uph_ows_end(p, e, at);
        if (j >= e || p[j] != ';') {
            member.end = j >= e || p[j] == ',' ? j : 0;
            return member;
        }
        struct param a = param_at(p, e, j + 1);
        if (a.end == 0) {
            return member;
        }
        member.extension = add_param(p, e, j + 1, a, member.extension);
        at = a.end;
    }
}

/* The extension at j. */
/*@ requires readable: \valid_read(p + (j .. e - 1));
    requires inside:   j < e;
    terminates \true;
    assigns \nothing;
    ensures end: UPH_EXACT(
      ExtensionEnd((uint8_t *)p, e, j) == (\result.end == 0 ? -1 : \result.end));
    ensures exact: UPH_EXACT(
      \result.end > 0 ==>
      \result.extension == ExtensionAt((uint8_t *)p, e, j, d, \result.extension));
    ensures bounded: \result.end == 0 || j < \result.end <= e; */
static struct member extension_at(const uint8_t *p, size_t e, size_t j, struct upheld_deflate d)
{
    size_t t = uph_token_end(p, e, j);
    if (t == j) {
        struct member none = { 0 };
        return none;
    }
    return add_params(p, e, t, named_extension(p, j, t, d));
}

/* The list l with one more member. */
/*@ requires members: 0 <= l.members <= 3;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == AddMember(m, d, (client ? 1 : 0), l)); */
static struct uph_extensions add_member(struct upheld_agreed m, struct upheld_deflate d,
                                        bool client, struct uph_extensions l)
{
    l.members = l.members < UPH_MEMBERS_ONE ? UPH_MEMBERS_ONE : UPH_MEMBERS_MORE;
    l.agreed = uph_deflate_agree(m, d, client, l.agreed);
    return l;
}

/* The list l with what stands at j: nothing, a comma, or an extension. */
/*@ requires readable: \valid_read(p + (j .. e - 1));
    requires inside:   j <= e;
    requires members:  0 <= l.members <= 3;
    terminates \true;
    assigns \nothing;
    ensures end: UPH_EXACT(\result.end == StepEnd((uint8_t *)p, e, j));
    ensures list: UPH_EXACT(\result.list == ListStep((uint8_t *)p, e, j, d, (client ? 1 : 0), l));
    ensures bounded: \result.end <= e && (\result.end < e ==> j < \result.end); */
static struct step list_step(const uint8_t *p, size_t e, size_t j, struct upheld_deflate d,
                             bool client, struct uph_extensions l)
{
    struct step step = { e, l };
    if (j >= e) {
        return step;
    }
    if (p[j] == ',') {
        step.end = j + 1;
        return step;
    }
    struct member member = extension_at(p, e, j, d);
    if (member.end == 0) {
        step.list.members = UPH_MEMBERS_MALFORMED;
        return step;
    }
    step.end = member.end;
    step.list = add_member(member.extension, d, client, l);
    return step;
}

/*@ requires readable: \valid_read(p + (v .. e - 1));
    requires inside:   v <= e;
    requires members:  0 <= l.members <= 3;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == ExtensionsFrom((uint8_t *)p, e, v, d, (client ? 1 : 0), l));
    ensures members: -1 <= \result.members <= 3; */
static struct uph_extensions extensions_from(const uint8_t *p, size_t e, size_t v,
                                             struct upheld_deflate d, bool client,
                                             struct uph_extensions l)
{
    struct uph_extensions now = l;
    size_t at = v;
    /*@ loop invariant bounded: v <= at <= e && 0 <= now.members <= 3;
        loop invariant exact: UPH_EXACT(
          ExtensionsFrom((uint8_t *)p, e, v, d, (client ? 1 : 0), l) ==
          ExtensionsFrom((uint8_t *)p, e, at, d, (client ? 1 : 0), now));
        loop assigns at, now;
        loop variant e - at; */
    for (;;) {
        struct step step = list_step(p, e, uph_ows_end(p, e, at), d, client, now);
        if (step.end >= e) {
            return step.list;
        }
        now = step.list;
        at = step.end;
    }
}

struct uph_extensions uph_extension_line(const uint8_t *p, size_t e, size_t v,
                                         struct upheld_deflate d, bool client,
                                         struct uph_extensions l)
{
    if (l.members < 0) {
        return l;
    }
    if (l.members == UPH_MEMBERS_ABSENT) {
        l.members = UPH_MEMBERS_NONE;
    }
    return extensions_from(p, e, v, d, client, l);
}
