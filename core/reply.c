/* reply.c: the one order in which the reply to a client is judged, and what comes of it (RFC 6455
 * section 4.1, RFC 9110 section 15.2). Knows heads that were read, and what the client asked
 * for. */
#include "reply.h"

UPH_SELDOM_BEGIN

#ifdef __FRAMAC__
/*@ predicate ReplySingle(uint8_t *p, struct uph_single s) =
     s.at <= s.end <= UPHELD_LIMIT_MAX && \valid_read(p + (s.at .. s.end - 1));
  predicate ReplySingles(uint8_t *p, struct uph_response r) =
     ReplySingle(p, r.accept) && ReplySingle(p, r.protocol) && ReplySingle(p, r.extensions); */
#ifndef UPHELD_RUNTIME_CONTRACTS
/*@ // What a head that answers names, if it names something, was offered.
  predicate SubprotocolChosen(uint8_t *p, struct uph_response r, struct upheld_client *client) =
     r.protocol.count == 1 ==>
     OfferedIndex(p, r.protocol.at, r.protocol.end, client, 0) < client->subprotocol_count; */
#endif
#endif

/* Every check returns the clause that is broken, or this one. */
#define UPH_ANSWERS UPHELD_R6455_4_1_19

/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result <==> Informational(r) == \true); */
static bool informational(struct uph_response r)
{
    return 100 <= r.status.code && r.status.code <= 199;
}

/* Whether r is a head to skip. */
/*@ terminates \true;
    assigns \nothing;
    ensures R9110_15_2_3: UPH_EXACT(\result <==> Interim(r) == \true); */
static bool interim(struct uph_response r)
{
    return r.outcome == UPH_HEAD_END && uph_status_interim(r.status);
}

/* The head that decides, if it is not cut where the limit of all heads is. */
/*@ requires readable: \valid_read(p + (0 .. N - 1));
    requires inside:   N <= UPHELD_LIMIT_MAX;
    requires client:   ReadableClient((struct upheld_client *)client);
    requires bounded:  BoundedClient((struct upheld_client *)client);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \forall struct uph_response any;
        \result == Skipped((uint8_t *)p, N, client->interim, client->limits.line,
                           client->limits.fields,
                           ResponseHead((uint8_t *)p, N, 0, client->limits.line,
                                        client->limits.fields, any)));
    ensures sane: ResponseSane(\result, N);
    ensures forward: \result.outcome == UPH_HEAD_END ==> \result.start < \result.end; */
static struct uph_response skipped(const uint8_t *p, size_t N, const struct upheld_client *client)
{
    size_t max = client->limits.line;
    size_t most = client->limits.fields;
    uint32_t left = client->interim;
    struct uph_response r = uph_response_read(p, N, 0, max, most);
    /*@ loop invariant sane: ResponseSane(r, N);
        loop invariant forward: r.outcome == UPH_HEAD_END ==> r.start < r.end;
        loop invariant exact: UPH_EXACT(
          \forall struct uph_response any;
            Skipped((uint8_t *)p, N, client->interim, max, most,
                    ResponseHead((uint8_t *)p, N, 0, max, most, any)) ==
            Skipped((uint8_t *)p, N, left, max, most, r));
        loop assigns left, r;
        loop variant left; */
    while (left > 0 && interim(r)) {
        r = uph_response_read(p, N, r.end, max, most);
        left--;
    }
    return r;
}

/*@ requires readable: \valid_read(p + (0 .. n - 1));
    requires client:   ReadableClient((struct upheld_client *)client);
    requires bounded:  BoundedClient((struct upheld_client *)client);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \forall struct uph_response any;
        \result == ReplyHead((uint8_t *)p, n, (struct upheld_client *)client, any));
    ensures sane: ResponseSane(\result, n);
    ensures small: ResponseSane(\result, UPHELD_LIMIT_MAX);
    ensures forward: \result.outcome == UPH_HEAD_END ==> \result.start < \result.end; */
static struct uph_response reply_head(const uint8_t *p, size_t n,
                                      const struct upheld_client *client)
{
    size_t limit = client->limits.head;
    size_t N = n < limit ? n : limit;
    struct uph_response r = skipped(p, N, client);
    if (r.outcome == UPH_HEAD_CUT) {
        if (n > limit) {
            r.outcome = UPH_HEAD_FAULT;
        } else {
            r.clause = UPHELD_R9112_2_1_1;
        }
    }
    return r;
}

/* Whether p[b .. b + 27] is the accept value of the key. */
/*@ requires readable: \valid_read(p + (b .. b + 27)) && \valid_read(key + (0 .. 23));
    requires inside:   b + 28 <= UPHELD_LIMIT_MAX;
    terminates \true;
    assigns \nothing;
    ensures R6455_4_1_16: UPH_EXACT(
      \result <==> AcceptMatches((uint8_t *)p, b, (uint8_t *)key, 28) == \true); */
static bool accept_matches(const uint8_t *p, size_t b, const uint8_t *key)
{
    uint8_t want[UPHELD_ACCEPT_SIZE];
    upheld_accept(key, want);
    size_t k = UPHELD_ACCEPT_SIZE;
    /*@ loop invariant bounded: 0 <= k <= 28;
        loop invariant exact: UPH_EXACT(
          \at(AcceptMatches((uint8_t *)p, b, (uint8_t *)key, 28), Pre) ==
          \at(AcceptMatches((uint8_t *)p, b, (uint8_t *)key, \at(k, Here)), Pre));
        loop assigns k;
        loop variant k; */
    while (k > 0) {
        if (p[b + (k - 1)] != want[k - 1]) {
            return false;
        }
        k--;
    }
    return true;
}

/*@ requires readable: ReplySingle((uint8_t *)p, a) && \valid_read(key + (0 .. 23));
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == AcceptClause((uint8_t *)p, a, (uint8_t *)key)); */
static enum upheld_clause accept_clause(const uint8_t *p, struct uph_single a, const uint8_t *key)
{
    if (a.count > 1) {
        return UPHELD_R6455_11_3_3_1;
    }
    if (a.count == 1 && a.end - a.at == UPHELD_ACCEPT_SIZE && accept_matches(p, a.at, key)) {
        return UPH_ANSWERS;
    }
    return UPHELD_R6455_4_1_16;
}

/* Index of the subprotocol [b, e) among those offered; their count if it is none of them. */
/*@ requires readable: \valid_read(p + (b .. e - 1));
    requires inside:   b <= e;
    requires client:   ReadableClient((struct upheld_client *)client);
    terminates \true;
    assigns \nothing;
    ensures R6455_4_1_18: UPH_EXACT(
      \result == OfferedIndex((uint8_t *)p, b, e, (struct upheld_client *)client, 0)); */
static uint32_t offered_index(const uint8_t *p, size_t b, size_t e,
                              const struct upheld_client *client)
{
    uint32_t k = 0;
    /*@ loop invariant bounded: 0 <= k <= client->subprotocol_count;
        loop invariant exact: UPH_EXACT(
          OfferedIndex((uint8_t *)p, b, e, (struct upheld_client *)client, 0) ==
          OfferedIndex((uint8_t *)p, b, e, (struct upheld_client *)client, k));
        loop assigns k;
        loop variant client->subprotocol_count - k; */
    while (k < client->subprotocol_count) {
        struct upheld_span name = client->subprotocols[k];
        if (e - b == name.n && uph_same_octets(p, b, name.p, name.n)) {
            return k;
        }
        k++;
    }
    return k;
}

/*@ requires readable: ReplySingle((uint8_t *)p, s);
    requires client:   ReadableClient((struct upheld_client *)client);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == SubprotocolClause((uint8_t *)p, s, (struct upheld_client *)client)); */
static enum upheld_clause subprotocol_clause(const uint8_t *p, struct uph_single s,
                                             const struct upheld_client *client)
{
    if (s.count == 0) {
        return client->subprotocol_needed && client->subprotocol_count > 0 ? UPHELD_WS_5
                                                                           : UPH_ANSWERS;
    }
    if (s.count > 1) {
        return UPHELD_R6455_11_3_4_1;
    }
    if (s.at >= s.end || uph_token_end(p, s.end, s.at) != s.end) {
        return UPHELD_R6455_4_3_3;
    }
    return offered_index(p, s.at, s.end, client) < client->subprotocol_count ? UPH_ANSWERS
                                                                             : UPHELD_R6455_4_1_18;
}

/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == ExtensionsClause(x, l)); */
static enum upheld_clause extensions_clause(struct uph_single x, struct uph_extensions l)
{
    if (x.count == 0) {
        return UPH_ANSWERS;
    }
    if (x.count > 1) {
        return UPHELD_R6455_11_3_2_1;
    }
    return l.members == UPH_MEMBERS_ONE && l.agreed.deflate ? UPH_ANSWERS : UPHELD_R6455_4_1_17;
}

/* What the one line of Sec-WebSocket-Extensions makes of the offer. */
/*@ requires readable: ReplySingle((uint8_t *)p, x);
    requires client:   \valid_read(client);
    terminates \true;
    assigns \nothing;
    ensures R7692_5_2: UPH_EXACT(
      \forall struct uph_extensions any;
        \result == ReplyList((uint8_t *)p, x, (struct upheld_client *)client, any)); */
static struct uph_extensions reply_list(const uint8_t *p, struct uph_single x,
                                        const struct upheld_client *client)
{
    struct uph_extensions l = { 0 };
    /*@ assert none: UPH_EXACT(\forall struct uph_extensions any; l == NoExtensions(any)); */
    if (x.count != 1) {
        return l;
    }
    return uph_extension_line(p, x.end, x.at, client->deflate, true, l);
}

/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == BodilessClause(r)); */
static enum upheld_clause bodiless_clause(struct uph_response r)
{
    if (r.length_given) {
        return UPHELD_R9110_8_6_1;
    }
    return r.coded ? UPHELD_R9112_6_1_1 : UPH_ANSWERS;
}

/*@ requires readable: ReplySingles((uint8_t *)p, r);
    requires client:   ReadableClient((struct upheld_client *)client);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == SwitchedClause((uint8_t *)p, r, l, (struct upheld_client *)client)); */
static enum upheld_clause switched_clause(const uint8_t *p, struct uph_response r,
                                          struct uph_extensions l,
                                          const struct upheld_client *client)
{
    if (!uph_key_valid(client->key, 0)) {
        return UPHELD_R9110_7_8_6;
    }
    if (r.named != UPH_NAMED_WEBSOCKET) {
        return UPHELD_R6455_4_1_14;
    }
    if (!r.listed) {
        return UPHELD_R6455_4_1_15;
    }
    enum upheld_clause clause = accept_clause(p, r.accept, client->key);
    if (clause == UPH_ANSWERS) {
        clause = bodiless_clause(r);
    }
    if (clause == UPH_ANSWERS) {
        clause = subprotocol_clause(p, r.protocol, client);
    }
    return clause == UPH_ANSWERS ? extensions_clause(r.extensions, l) : clause;
}

/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == InformedClause(r)); */
static enum upheld_clause informed_clause(struct uph_response r)
{
    if (r.status.major != 1) {
        return UPHELD_R9112_2_3_2;
    }
    if (r.status.minor == 0) {
        return UPHELD_R9110_15_2_1;
    }
    return r.status.code != 101 ? UPHELD_R9110_15_2_3 : UPH_ANSWERS;
}

/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == FinalClause(r)); */
static enum upheld_clause final_clause(struct uph_response r)
{
    bool retry = r.status.code == 426 || r.status.code == 400;
    return retry && r.versions ? UPHELD_R6455_4_4_2 : UPHELD_R6455_4_1_13;
}

/* What a server's clause on the syntax of a head is for a client. */
/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == ClientClause(clause)); */
static enum upheld_clause client_clause(enum upheld_clause clause)
{
    if (clause == UPHELD_R9110_5_4_1) {
        return UPHELD_R9110_5_4_2;
    }
    return clause == UPHELD_R9112_5_2_2 ? UPHELD_R9112_5_2_3 : clause;
}

/*@ requires readable: ReplySingles((uint8_t *)p, r);
    requires client:   ReadableClient((struct upheld_client *)client);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == ReplyClause((uint8_t *)p, r, l, (struct upheld_client *)client)); */
static enum upheld_clause reply_clause(const uint8_t *p, struct uph_response r,
                                       struct uph_extensions l, const struct upheld_client *client)
{
    if (r.outcome != UPH_HEAD_END) {
        return client_clause(r.clause);
    }
    if (!informational(r)) {
        return final_clause(r);
    }
    enum upheld_clause clause = informed_clause(r);
    return clause == UPH_ANSWERS ? switched_clause(p, r, l, client) : clause;
}

/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == ReplyVerdict(clause, r)); */
static enum upheld_reply_verdict reply_verdict(enum upheld_clause clause, struct uph_response r)
{
    if (r.outcome != UPH_HEAD_END) {
        return r.outcome == UPH_HEAD_CUT ? UPHELD_REPLY_MORE : UPHELD_REPLY_FAIL;
    }
    if (clause == UPH_ANSWERS) {
        return UPHELD_REPLY_OK;
    }
    bool http = clause == UPHELD_R6455_4_1_13 || clause == UPHELD_R6455_4_4_2;
    return http ? UPHELD_REPLY_HTTP : UPHELD_REPLY_FAIL;
}

/* What the clause leads to for the head r. */
/*@ requires readable: ReplySingles((uint8_t *)p, r);
    requires client:   ReadableClient((struct upheld_client *)client);
    requires chosen:   UPH_EXACT(r.outcome == UPH_HEAD_END && clause == UPH_ANSWERS ==>
                                 SubprotocolChosen((uint8_t *)p, r,
                                                   (struct upheld_client *)client));
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == ReplyConcluded((uint8_t *)p, clause, r, l, (struct upheld_client *)client,
                                \result));
    ensures named: UPH_EXACT(\result.subprotocol < client->subprotocol_count ||
                             \result.subprotocol == UPHELD_NONE); */
static struct upheld_reply reply_concluded(const uint8_t *p, enum upheld_clause clause,
                                           struct uph_response r, struct uph_extensions l,
                                           const struct upheld_client *client)
{
    struct upheld_reply reply = { 0 };
    reply.verdict = reply_verdict(clause, r);
    reply.clause = clause;
    reply.subprotocol = UPHELD_NONE;
    if (r.outcome == UPH_HEAD_END) {
        reply.status = r.status.code;
        reply.head_at = r.start;
        reply.consumed = r.end;
    }
    if (reply.verdict == UPHELD_REPLY_OK && r.protocol.count == 1) {
        reply.subprotocol = offered_index(p, r.protocol.at, r.protocol.end, client);
    }
    if (reply.verdict == UPHELD_REPLY_OK) {
        reply.agreed = l.agreed;
    }
    return reply;
}

struct upheld_reply upheld_reply_decide(const uint8_t *p, size_t n,
                                        const struct upheld_client *client)
{
    struct uph_response r = reply_head(p, n, client);
    /*@ assert accept: ReplySingle((uint8_t *)p, r.accept); */
    /*@ assert protocol: ReplySingle((uint8_t *)p, r.protocol); */
    /*@ assert extensions: ReplySingle((uint8_t *)p, r.extensions); */
    struct uph_extensions l = reply_list(p, r.extensions, client);
    enum upheld_clause clause = reply_clause(p, r, l, client);
    return reply_concluded(p, clause, r, l, client);
}

/* The number that [b, e), which is from 0 to 255, writes. */
/*@ requires readable: \valid_read(p + (b .. e - 1));
    requires inside:   b <= e;
    requires number:   UPH_EXACT(DecOctet((uint8_t *)p, b, e) == \true);
    requires digits:   1 <= e - b <= 3;
    terminates \true;
    assigns \nothing;
    ensures R6455_4_3_4: UPH_EXACT(\result == OctetNumber((uint8_t *)p, b, e)); */
static unsigned octet_number(const uint8_t *p, size_t b, size_t e)
{
    unsigned number = 0;
    number = (unsigned)(p[b] - '0');
    if (e - b >= 2) {
        number = 10 * number + (unsigned)(p[b + 1] - '0');
    }
    if (e - b == 3) {
        number = 10 * number + (unsigned)(p[b + 2] - '0');
    }
    return number;
}

/*@ requires readable: \valid_read(p + (i .. c - 1));
    requires inside:   i <= c;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result <==> MemberVersion((uint8_t *)p, i, c, version) == \true); */
static bool member_version(const uint8_t *p, size_t c, size_t i, uint8_t version)
{
    size_t b = uph_ows_end(p, c, i);
    size_t t = uph_digits_end(p, c, b);
    return uph_dec_octet(p, b, t) && uph_ows_end(p, c, t) == c && octet_number(p, b, t) == version;
}

/*@ requires readable: \valid_read(p + (v .. e - 1));
    requires inside:   v <= e;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result <==> VersionListed((uint8_t *)p, e, v, version) == \true); */
static bool version_listed(const uint8_t *p, size_t e, size_t v, uint8_t version)
{
    size_t at = v;
    /*@ loop invariant bounded: v <= at <= e;
        loop invariant exact: UPH_EXACT(VersionListed((uint8_t *)p, e, v, version) ==
                                        VersionListed((uint8_t *)p, e, at, version));
        loop assigns at;
        loop variant e - at; */
    for (;;) {
        size_t c = uph_comma_or_end(p, e, at);
        if (member_version(p, c, at, version)) {
            return true;
        }
        if (c >= e) {
            return false;
        }
        at = c + 1;
    }
}

/*@ requires readable: \valid_read(p + (i .. e - 1));
    requires inside:   i <= e <= UPHELD_LIMIT_MAX;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result <==> LineVersion((uint8_t *)p, i, e, version) == \true); */
static bool line_version(const uint8_t *p, size_t i, size_t e, uint8_t version)
{
    size_t t = uph_token_end(p, e, i);
    return t < e && p[t] == ':' && uph_field_of(p, i, t - i) == UPH_FIELD_VERSION &&
           version_listed(p, e, t + 1, version);
}

UPH_SELDOM bool upheld_reply_version(const uint8_t *p, size_t n, struct upheld_reply reply,
                                     uint8_t version)
{
    size_t e = reply.consumed;
    if (e > n || e > UPHELD_LIMIT_MAX) {
        return false;
    }
    size_t i = reply.head_at;
    /*@ loop invariant exact: UPH_EXACT(
          HeadVersion((uint8_t *)p, e, reply.head_at, version) ==
          HeadVersion((uint8_t *)p, e, i, version));
        loop assigns i;
        loop variant e - i; */
    while (i < e) {
        size_t line = uph_line_octets_end(p, e, i);
        if (line_version(p, i, line, version)) {
            return true;
        }
        i = line + 2;
    }
    return false;
}

UPH_SELDOM_END
