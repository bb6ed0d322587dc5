/* policy.c: what a caller may put into a policy, and nothing that could break an answer. Knows the
 * policy only. */
#include "policy.h"

/* The octets of a policy's texts: tokens, lower-case visible ASCII, and field values. */
enum text { TEXT_TOKEN, TEXT_ORIGIN, TEXT_VALUE };

/*@ terminates \true;
    assigns \nothing;
    ensures token: kind == TEXT_TOKEN ==> (\result <==> IsTchar(c) == \true);
    ensures line:  \result ==> 0x20 <= c <= 0x7e; */
static bool text_octet(uint8_t c, enum text kind)
{
    if (kind == TEXT_TOKEN) {
        return uph_tchar(c);
    }
    if (kind == TEXT_ORIGIN) {
        return 0x21 <= c && c <= 0x7e && !('A' <= c && c <= 'Z');
    }
    return 0x20 <= c && c <= 0x7e;
}

/* Whether s has at least one octet, at most UPHELD_TEXT_MAX, only those of its kind, and no SP at
 * either end. */
/*@ requires readable: ReadableSpan(s);
    terminates \true;
    assigns \nothing;
    ensures sized: \result ==> 1 <= s.n <= UPHELD_TEXT_MAX;
    ensures token: \result && kind == TEXT_TOKEN ==>
                   (\forall integer k; 0 <= k < s.n ==> IsTchar(s.p[k]) == \true);
    ensures line:  \result ==> (\forall integer k; 0 <= k < s.n ==> 0x20 <= s.p[k] <= 0x7e); */
static bool text_holds(struct upheld_span s, enum text kind)
{
    if (s.n == 0 || s.n > UPHELD_TEXT_MAX) {
        return false;
    }
    if (s.p[0] == 0x20 || s.p[s.n - 1] == 0x20) {
        return false;
    }
    /*@ loop invariant bounded: 0 <= i <= s.n;
        loop invariant token: kind == TEXT_TOKEN ==>
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
    ensures sized: \result ==>
                   (\forall integer k; 0 <= k < count ==> 1 <= spans[k].n <= UPHELD_TEXT_MAX);
    ensures line:  \result ==>
                   (\forall integer k, j; 0 <= k < count && 0 <= j < spans[k].n ==>
                     0x20 <= spans[k].p[j] <= 0x7e); */
static bool texts_hold(const struct upheld_span *spans, uint32_t count, enum text kind)
{
    /*@ loop invariant bounded: 0 <= i <= count;
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

/*@ terminates \true;
    assigns \nothing;
    ensures bounded: \result <==> 1 <= limit <= UPHELD_LIMIT_MAX; */
static bool limit_holds(uint32_t limit)
{
    return 1 <= limit && limit <= UPHELD_LIMIT_MAX;
}

enum upheld_policy_error upheld_policy_check(const struct upheld_policy *policy)
{
    if (!limit_holds(policy->limits.target) || !limit_holds(policy->limits.line) ||
        !limit_holds(policy->limits.head) || !limit_holds(policy->limits.fields)) {
        return UPHELD_POLICY_LIMIT;
    }
    if (policy->subprotocol_count > UPHELD_NAMES_MAX || policy->origin_count > UPHELD_NAMES_MAX) {
        return UPHELD_POLICY_COUNT;
    }
    if ((policy->subprotocol_count > 0 && policy->subprotocols == 0) ||
        (policy->origin_count > 0 && policy->origins == 0)) {
        return UPHELD_POLICY_COUNT;
    }
    if (!texts_hold(policy->subprotocols, policy->subprotocol_count, TEXT_TOKEN)) {
        return UPHELD_POLICY_SUBPROTOCOL;
    }
    if (!texts_hold(policy->origins, policy->origin_count, TEXT_ORIGIN)) {
        return UPHELD_POLICY_ORIGIN;
    }
    if (policy->access == UPHELD_UNAUTHENTICATED && !text_holds(policy->challenge, TEXT_VALUE)) {
        return UPHELD_POLICY_CHALLENGE;
    }
    return UPHELD_POLICY_OK;
}
