/* policy.c: what a caller may put into a policy, and nothing that could break an answer. Knows the
 * policy only. */
#include "policy.h"

UPH_SELDOM_BEGIN

/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result <==> PolicyOctet(c, kind) == \true); */
static bool text_octet(uint8_t c, enum uph_text kind)
{
    if ('A' <= c && c <= 'Z' && (kind == UPH_TEXT_NAME || kind == UPH_TEXT_ORIGIN)) {
        return false;
    }
    if (kind == UPH_TEXT_TOKEN || kind == UPH_TEXT_NAME) {
        return uph_tchar(c);
    }
    return (kind == UPH_TEXT_ORIGIN ? 0x21 : 0x20) <= c && c <= 0x7e;
}

/* Whether s has at least one octet, at most UPHELD_TEXT_MAX, only those of its kind, and no SP at
 * either end. */
/*@ requires readable: ReadableSpan(s);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result <==> PolicyText(s, kind) == \true);
    ensures line:  \result ==> (\forall integer k; 0 <= k < s.n ==> 0x20 <= s.p[k] <= 0x7e); */
static bool text_holds(struct upheld_span s, enum uph_text kind)
{
    if (s.n == 0 || s.n > UPHELD_TEXT_MAX) {
        return false;
    }
    if (s.p[0] == 0x20 || s.p[s.n - 1] == 0x20) {
        return false;
    }
    /*@ loop invariant bounded: 0 <= i <= s.n;
        loop invariant exact: UPH_EXACT(
          PolicyOctetsEnd((uint8_t *)s.p, s.n, 0, kind) ==
          PolicyOctetsEnd((uint8_t *)s.p, s.n, i, kind));
        loop invariant token: kind == UPH_TEXT_TOKEN ==>
                              (\forall integer k; 0 <= k < i ==> IsTchar(s.p[k]) == \true);
        loop invariant line: \forall integer k; 0 <= k < i ==> 0x20 <= s.p[k] <= 0x7e;
        loop assigns i;
        loop variant s.n - i; */
    for (size_t i = 0; i < s.n; i++) {
        if (!text_octet(s.p[i], kind)) {
            return false;
        }
    }
    return true;
}

/*@ requires readable: \valid_read(spans + (0 .. count - 1));
    requires texts:    \forall integer k; 0 <= k < count ==> ReadableSpan(spans[k]);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result <==> PolicyTexts((struct upheld_span *)spans, count, kind, 0) == \true);
    ensures sized: \result ==>
                   (\forall integer k; 0 <= k < count ==> 1 <= spans[k].n <= UPHELD_TEXT_MAX);
    ensures line:  \result ==>
                   (\forall integer k, j; 0 <= k < count && 0 <= j < spans[k].n ==>
                     0x20 <= spans[k].p[j] <= 0x7e); */
static bool texts_hold(const struct upheld_span *spans, uint32_t count, enum uph_text kind)
{
    /*@ loop invariant bounded: 0 <= i <= count;
        loop invariant exact: UPH_EXACT(
          PolicyTexts((struct upheld_span *)spans, count, kind, 0) ==
          PolicyTexts((struct upheld_span *)spans, count, kind, i));
        loop invariant sized: \forall integer k; 0 <= k < i ==>
                              1 <= spans[k].n <= UPHELD_TEXT_MAX;
        loop invariant line: \forall integer k, j; 0 <= k < i && 0 <= j < spans[k].n ==>
                             0x20 <= spans[k].p[j] <= 0x7e;
        loop assigns i;
        loop variant count - i; */
    for (uint32_t i = 0; i < count; i++) {
        if (!text_holds(spans[i], kind)) {
            return false;
        }
    }
    return true;
}

/* Whether a and b are the same octets. */
/*@ requires readable: ReadableSpan(a) && ReadableSpan(b);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result <==> SameText(a, b) == \true); */
static bool same_text(struct upheld_span a, struct upheld_span b)
{
    return a.n == b.n && uph_same_octets(a.p, 0, b.p, b.n);
}

/* Whether spans[k] stands among those before it. */
/*@ requires readable: \valid_read(spans + (0 .. k));
    requires texts:    \forall integer j; 0 <= j <= k ==> ReadableSpan(spans[j]);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result <==> TextBefore((struct upheld_span *)spans, k, 0) == \true); */
static bool text_again(const struct upheld_span *spans, uint32_t k)
{
    /*@ loop invariant bounded: 0 <= i <= k;
        loop invariant exact: UPH_EXACT(
          TextBefore((struct upheld_span *)spans, k, 0) ==
          TextBefore((struct upheld_span *)spans, k, i));
        loop assigns i;
        loop variant k - i; */
    for (uint32_t i = 0; i < k; i++) {
        if (same_text(spans[i], spans[k])) {
            return true;
        }
    }
    return false;
}

/*@ requires readable: \valid_read(spans + (0 .. count - 1));
    requires texts:    \forall integer k; 0 <= k < count ==> ReadableSpan(spans[k]);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result <==> TextsDiffer((struct upheld_span *)spans, count, 0) == \true); */
static bool texts_differ(const struct upheld_span *spans, uint32_t count)
{
    /*@ loop invariant bounded: 0 <= i <= count;
        loop invariant exact: UPH_EXACT(
          TextsDiffer((struct upheld_span *)spans, count, 0) ==
          TextsDiffer((struct upheld_span *)spans, count, i));
        loop assigns i;
        loop variant count - i; */
    for (uint32_t i = 0; i < count; i++) {
        if (text_again(spans, i)) {
            return false;
        }
    }
    return true;
}

/* Whether the row has the checks that belong to its name. RFC 7540 section 3.2: "h2" is never
 * taken. */
/*@ requires readable: ReadableRow(r);
    terminates \true;
    assigns \nothing;
    ensures R7540_3_2_3: UPH_EXACT(
      \result <==> RowOwnChecks(r, (allow_h2c ? 1 : 0)) == \true); */
static bool row_named(struct upheld_protocol r, bool allow_h2c)
{
    bool h2 = r.name.n >= 2 && r.name.n <= sizeof UPH_H2C && r.name.p[0] == UPH_H2C[0] &&
              r.name.p[1] == UPH_H2C[1];
    bool h2c = h2 && r.name.n == sizeof UPH_H2C && r.name.p[2] == UPH_H2C[2];
    bool websocket = r.name.n == sizeof UPH_WEBSOCKET &&
                     uph_same_octets(r.name.p, 0, UPH_WEBSOCKET, sizeof UPH_WEBSOCKET);
    if (websocket || r.checks == UPHELD_CHECKS_WEBSOCKET) {
        return websocket && r.checks == UPHELD_CHECKS_WEBSOCKET && r.version.n == 0 &&
               r.methods == UPHELD_GET && !r.body;
    }
    if (h2c || r.checks == UPHELD_CHECKS_H2C) {
        return h2c && r.checks == UPHELD_CHECKS_H2C && r.version.n == 0 && allow_h2c;
    }
    return !(h2 && r.name.n == 2);
}

/*@ requires readable: ReadableRow(r);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result <==> RowHolds(r, (allow_h2c ? 1 : 0)) == \true);
    ensures answer: \result ==> TextInside(r.answer); */
static bool row_holds(struct upheld_protocol r, bool allow_h2c)
{
    return text_holds(r.name, UPH_TEXT_NAME) && text_holds(r.answer, UPH_TEXT_VALUE) &&
           (r.version.n == 0 || text_holds(r.version, UPH_TEXT_TOKEN)) &&
           r.methods <= UPHELD_ANY_METHOD && r.checks <= UPHELD_CHECKS_H2C &&
           row_named(r, allow_h2c);
}

/* Whether rows[k] asks for what a row before it asks for. */
/*@ requires readable: \valid_read(rows + (0 .. k));
    requires texts:    \forall integer j; 0 <= j <= k ==> ReadableRow(rows[j]);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result <==> RowBefore((struct upheld_protocol *)rows, k, 0) == \true); */
static bool row_again(const struct upheld_protocol *rows, uint32_t k)
{
    /*@ loop invariant bounded: 0 <= i <= k;
        loop invariant exact: UPH_EXACT(
          RowBefore((struct upheld_protocol *)rows, k, 0) ==
          RowBefore((struct upheld_protocol *)rows, k, i));
        loop assigns i;
        loop variant k - i; */
    for (uint32_t i = 0; i < k; i++) {
        if (same_text(rows[i].name, rows[k].name) && same_text(rows[i].version, rows[k].version)) {
            return true;
        }
    }
    return false;
}

/*@ requires readable: \valid_read(rows + (0 .. count - 1));
    requires texts:    \forall integer k; 0 <= k < count ==> ReadableRow(rows[k]);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result <==>
      RowsHold((struct upheld_protocol *)rows, count, (allow_h2c ? 1 : 0), 0) == \true);
    ensures answers: \result ==>
                     (\forall integer k; 0 <= k < count ==> TextInside(rows[k].answer)); */
static bool rows_hold(const struct upheld_protocol *rows, uint32_t count, bool allow_h2c)
{
    /*@ loop invariant bounded: 0 <= i <= count;
        loop invariant exact: UPH_EXACT(
          RowsHold((struct upheld_protocol *)rows, count, (allow_h2c ? 1 : 0), 0) ==
          RowsHold((struct upheld_protocol *)rows, count, (allow_h2c ? 1 : 0), i));
        loop invariant answers: \forall integer k; 0 <= k < i ==> TextInside(rows[k].answer);
        loop assigns i;
        loop variant count - i; */
    for (uint32_t i = 0; i < count; i++) {
        if (!row_holds(rows[i], allow_h2c) || row_again(rows, i)) {
            return false;
        }
    }
    return true;
}

/*@ terminates \true;
    assigns \nothing;
    ensures bounded: \result <==> 1 <= limit <= UPHELD_LIMIT_MAX; */
static bool limit_holds(uint32_t limit)
{
    return 1 <= limit && limit <= UPHELD_LIMIT_MAX;
}

/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result <==> PolicyLimits(limits) == \true); */
static bool limits_hold(struct upheld_limits limits)
{
    return limit_holds(limits.target) && limit_holds(limits.line) && limit_holds(limits.head) &&
           limit_holds(limits.fields);
}

/* Whether the lists are no longer than may be, and each that has something is one. */
/*@ requires policy: CheckablePolicy((struct upheld_policy *)policy);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result <==> PolicyCounts((struct upheld_policy *)policy) == \true); */
static bool counts_hold(const struct upheld_policy *policy)
{
    return policy->protocol_count <= UPHELD_PROTOCOLS_MAX &&
           policy->subprotocol_count <= UPHELD_NAMES_MAX &&
           policy->origin_count <= UPHELD_NAMES_MAX &&
           (policy->protocol_count == 0 || policy->protocols != 0) &&
           (policy->subprotocol_count == 0 || policy->subprotocols != 0) &&
           (policy->origin_count == 0 || policy->origins != 0);
}

/* What is wrong with what the lists hold. */
/*@ requires policy: CheckablePolicy((struct upheld_policy *)policy);
    requires counts: UPH_EXACT(PolicyCounts((struct upheld_policy *)policy) == \true);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == PolicyLists((struct upheld_policy *)policy));
    ensures rows: \result == UPHELD_POLICY_OK ==>
                  (\forall integer k; 0 <= k < policy->protocol_count ==>
                    TextInside(policy->protocols[k].answer));
    ensures subprotocols: \result == UPHELD_POLICY_OK ==>
                          (\forall integer k; 0 <= k < policy->subprotocol_count ==>
                            TextInside(policy->subprotocols[k])); */
static enum upheld_policy_error lists_error(const struct upheld_policy *policy)
{
    if (!rows_hold(policy->protocols, policy->protocol_count, policy->allow_h2c)) {
        return UPHELD_POLICY_PROTOCOL;
    }
    if (!texts_hold(policy->subprotocols, policy->subprotocol_count, UPH_TEXT_TOKEN) ||
        !texts_differ(policy->subprotocols, policy->subprotocol_count)) {
        return UPHELD_POLICY_SUBPROTOCOL;
    }
    if (!texts_hold(policy->origins, policy->origin_count, UPH_TEXT_ORIGIN)) {
        return UPHELD_POLICY_ORIGIN;
    }
    return UPHELD_POLICY_OK;
}

/* What is wrong with what only an answer says. */
/*@ requires policy: CheckablePolicy((struct upheld_policy *)policy);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == PolicyAnswers((struct upheld_policy *)policy));
    ensures required: \result == UPHELD_POLICY_OK ==>
                      policy->required.n == 0 || TextInside(policy->required);
    ensures challenge: \result == UPHELD_POLICY_OK &&
                       policy->access == UPHELD_UNAUTHENTICATED ==>
                       TextInside(policy->challenge); */
static enum upheld_policy_error answers_error(const struct upheld_policy *policy)
{
    if (policy->required.n > 0 && !text_holds(policy->required, UPH_TEXT_VALUE)) {
        return UPHELD_POLICY_REQUIRED;
    }
    if (policy->access == UPHELD_UNAUTHENTICATED &&
        !text_holds(policy->challenge, UPH_TEXT_VALUE)) {
        return UPHELD_POLICY_CHALLENGE;
    }
    if (!uph_deflate_holds(policy->deflate, policy->deflate.server_max_window_bits)) {
        return UPHELD_POLICY_DEFLATE;
    }
    return UPHELD_POLICY_OK;
}

enum upheld_policy_error upheld_policy_check(const struct upheld_policy *policy)
{
    if (!limits_hold(policy->limits)) {
        return UPHELD_POLICY_LIMIT;
    }
    if (!counts_hold(policy)) {
        return UPHELD_POLICY_COUNT;
    }
    enum upheld_policy_error error = lists_error(policy);
    return error == UPHELD_POLICY_OK ? answers_error(policy) : error;
}

UPH_SELDOM_END
