"""plants.py: bugs of one line, planted in a copy of the core, and how the harness must see them.

Each is a bug that real servers had, or a slip that a sanitizer is there for. `old` must stand in
the core exactly once, in whichever file: a plant that no longer fits is a failed test, not a
skipped one.
"""
from dataclasses import dataclass


@dataclass(frozen=True)
class Plant:
    name: str
    old: str
    new: str
    target: str
    leg: str = "asan"
    says: str = "FUZZ_CHECK broken"
    seed: bytes = b""


# "up" taken for "upgrade": libwebsockets and civetweb compared as many octets as they were given.
LIST_PREFIX = Plant(
    "prefix_of_a_word",
    "return t - s == m && uph_same_word(p, s, w, m) && uph_ows_end(p, c, t) == c;",
    "return t > s && t - s <= m && uph_same_word(p, s, w, t - s) && uph_ows_end(p, c, t) == c;",
    "list", says="R9110-7.6.1-1", seed=b"keep-alive, Upgrade")

HANDSHAKE = (b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")

# "13x" and "13, 8" taken for 13, as by atoi().
VERSION_TAIL = Plant(
    "version_with_a_tail",
    "v.end - v.at == 2 && p[v.at] == '1'",
    "v.end - v.at >= 2 && p[v.at] == '1'",
    "request", says="R6455-4.2.1-6")

# CR and any octet taken for the end of a line.
BARE_CR = Plant(
    "cr_alone_ends_a_line",
    "return p[e + 1] == 10 ? UPH_LINE_WHOLE : UPH_LINE_BARE_CR;",
    "return UPH_LINE_WHOLE;",
    "request", seed=HANDSHAKE)

REPLAYED = (
    LIST_PREFIX,
    VERSION_TAIL,
    Plant("key_of_any_length",
          "k.count == 0 || k.end - k.at != UPHELD_KEY_SIZE || ", "k.count == 0 || ",
          "request", says="R6455-4.2.1-5"),
    Plant("access_that_nobody_stated",
          "if (access == UPHELD_GRANTED) {",
          "if (access != UPHELD_UNAUTHENTICATED && access != UPHELD_FORBIDDEN) {", "request",
          says="R6455-4.2.2-1"),
    Plant("body_read_as_websocket",
          "return h.framing.coded || h.framing.length > 0;", "return h.framing.coded;",
          "request", says="R9110-7.8-14"),
    Plant("later_minor_version_refused",
          "    if (h.request.minor == 0) {\n        return unasked(policy, UPHELD_R9110_7_8_13,",
          "    if (h.request.minor != 1) {\n        return unasked(policy, UPHELD_R9110_7_8_13,",
          "request",
          says="every clause holds, so it is 101"),
    Plant("426_without_upgrade",
          '"HTTP/1.1 426 Upgrade Required" CRLF "Upgrade: "',
          '"HTTP/1.1 426 Upgrade Required" CRLF "Allow: "', "request", says="R9110-7.8"),
    Plant("answer_longer_than_the_buffer",
          "1);\n    if (need <= size) {\n        size_t at = uph_put(out, 0, head.p,",
          "1);\n    if (need <= size + 1) {\n        size_t at = uph_put(out, 0, head.p,",
          "request", says="AddressSanitizer: heap-buffer-overflow"),
    Plant("octets_of_the_client_echoed",
          "struct upheld_span name = chosen(policy, d);",
          "struct upheld_span name = chosen(policy, d);\n    name.p = name.n > 0 ? p : name.p;",
          "request", says="R6455-4.2.2-14"),
    Plant("all_that_arrived_is_consumed",
          "    return conclude(verdict(p, h, policy), h, policy);",
          "    struct upheld_decision d = conclude(verdict(p, h, policy), h, policy);\n"
          "    d.consumed = d.consumed > 0 ? n : 0;\n    return d;", "request",
          says="R9112-2.1-1"),
    Plant("htab_is_no_space",
          "return c == 0x20 || c == 0x09;", "return c == 0x20;",
          "list", says="FUZZ_CHECK broken: R9110-5.6"),
    Plant("one_octet_too_far",
          "while (j < e && uph_tchar(p[j])) {", "while (uph_tchar(p[j]) && j < e) {", "list",
          says="AddressSanitizer: heap-buffer-overflow"),
    Plant("wrong_round_constant",
          "0x8f1bbcdc", "0x8f1bbcdd", "accept",
          says="R6455-4.2.2-13"),
    Plant("second_pad_not_looked_at",
          "return p[b + 22] == '=' && p[b + 23] == '=';", "return p[b + 22] == '=';", "request",
          says="R6455-4.2.1-5"),
    Plant("version_of_a_protocol_ignored",
          "return v - t - 1 == r.version.n && uph_same_octets(p, t + 1, r.version.p, r.version.n);",
          "return r.version.n > 0;", "request", says="R9110-7.8"),
    Plant("prefix_of_a_protocol",
          "if (t - b != r.name.n || !uph_same_word(p, b, r.name.p, r.name.n)) {",
          "if (t - b > r.name.n || !uph_same_word(p, b, r.name.p, t - b)) {", "request",
          says="R9110-7.8-3"),
    Plant("own_order_where_it_is_not_asked_for",
          "policy->prefer_own && m < s", "m < s", "request", says="R9110-7.8-3"),
    Plant("body_read_as_the_new_protocol",
          "!row.body || policy->body_limit == 0",
          "(!row.body && policy->body_limit == 0) || policy->body_limit == 0", "request",
          says="R9110-7.8-14"),
    Plant("body_over_the_limit",
          "h.framing.length > (int64_t)policy->body_limit", "h.framing.length > UINT32_MAX",
          "request", says="R9110-17.5-1"),
    Plant("connection_kept_before_a_body",
          "intact && !has_body(h) && !ends(h)", "intact && !ends(h)", "request",
          says="R9112-9.3-1"),
    Plant("h2c_with_two_settings",
          "h.settings.count != 1 ||", "h.settings.count == 0 ||", "request",
          says="R7540-3.2.1-1"),
    Plant("upgrade_required_but_ignored",
          "return policy->required.n > 0 ? refused : ignored;",
          "return policy->required.n > UPHELD_TEXT_MAX ? refused : ignored;", "request",
          says="R9110-15.5.22-1"),
    Plant("access_asked_of_websocket_alone",
          "                                                 : uph_access_verdict(policy->access);",
          "                                                 : UPH_HOLDS;", "request",
          says="R6455-4.2.2-1"),
    Plant("spare_bits_taken",
          "policy->canonical_key && !uph_key_canonical(p, k.at)",
          "policy->canonical_key && k.count > 1 && !uph_key_canonical(p, k.at)", "request",
          says="R6455-E3150"),
    Plant("lf_alone_without_leave",
          "if (p[e] == 10 && lf) {", "if (p[e] == 10 && (lf || e > i)) {", "request",
          says="FUZZ_CHECK broken"),
    Plant("continue_twice",
          "bool first = d.continue_first && !d.body_first;", "bool first = d.continue_first;",
          "request", says="FUZZ_CHECK broken"),
    Plant("cookie_without_a_name",
          "if (t >= c || t - i != m || !uph_same_octets(p, i, w, m)) {",
          "if (t - i != m || !uph_same_octets(p, i, w, m)) {", "access",
          says="R6265-4.2.1-1"),
    Plant("second_token_not_told",
          "    if (v.found) {\n        v.again = true;", "    if (v.found) {", "access",
          says="it is told if and only if there are more"),
    Plant("cookies_of_the_body",
          " || line.end == at) {\n            return now;\n        }\n        now = add_cookie",
          ") {\n            return now;\n        }\n        now = add_cookie", "access",
          says="R6265-4.2.1-1"),
    Plant("name_read_past_its_end",
          "if (t - i != m || !uph_same_octets(p, i, w, m)) {",
          "if (t - i < m || !uph_same_octets(p, i, w, t - i)) {", "access",
          says="AddressSanitizer: heap-buffer-overflow"),
    Plant("accept_value_by_prefix",
          "a.end - a.at == UPHELD_ACCEPT_SIZE", "a.end - a.at >= UPHELD_ACCEPT_SIZE",
          "response", says="R6455-4.1-16"),
    Plant("ordinary_response_skipped",
          "return 100 <= r.status.code && r.status.code <= 199;",
          "return 100 <= r.status.code && r.status.code <= 200;", "response",
          says="R9112-6.3-1"),
    Plant("upgrade_of_a_101_as_a_list",
          "bool alone = s == UPH_NAMED_NONE;", "bool alone = s <= UPH_NAMED_OTHER;", "response",
          says="R6455-4.1-14"),
    Plant("subprotocol_that_nobody_offered",
          "offered_index(p, s.at, s.end, client) < client->subprotocol_count",
          "offered_index(p, s.at, s.end, client) <= client->subprotocol_count", "response",
          says="R6455-4.1-18"),
    Plant("body_behind_a_101",
          "    if (r.length_given) {", "    if (r.length_given && r.coded) {", "response",
          says="R9110-8.6-1"),
    Plant("interim_heads_without_end",
          "while (left > 0 && interim(r)) {", "while (left < UINT32_MAX && interim(r)) {",
          "response"),
    Plant("unsolicited_101",
          "if (!uph_key_valid(client->key, 0)) {", "if (client->key[0] == '!') {", "response",
          says="R9110-7.8-6"),
    Plant("status_line_without_sp",
          "uph_digit(p[i + 3]) && p[i + 4] == 0x20;", "uph_digit(p[i + 3]);", "response"),
    Plant("version_of_one_digit_more",
          "octet_number(p, b, t) == version", "octet_number(p, b, t) % 100 == version", "response",
          says="R6455-4.4-2"),
    Plant("line_broken_by_the_caller",
          "uph_line_octets_end(s.p, s.n, 0) == s.n &&", "s.p != s.p + 1 &&", "round_trip",
          says="R6455-4.1-1"),
    Plant("field_of_the_handshake_twice",
          "uph_field_of(field.name.p, 0, field.name.n) == UPH_FIELD_OTHER",
          "uph_field_of(field.name.p, 0, field.name.n) < UPH_FIELD_KEY", "round_trip",
          says="R6455-4.1-1"),
    Plant("subprotocols_without_a_comma",
          'UPH_ASK_COMMA[] = ", ";', 'UPH_ASK_COMMA[] = "  ";', "round_trip",
          says="the server takes what the client asks"),
    Plant("request_longer_than_the_buffer",
          "    if (need <= size) {\n        ask_write(",
          "    if (need <= size + 1) {\n        ask_write(",
          "round_trip", says="AddressSanitizer: heap-buffer-overflow"),
    Plant("spare_bits_of_a_key_set",
          "base64_group(p[15], 0, 0, out + 20);", "base64_group(p[15], p[0], 0, out + 20);",
          "round_trip", says="R6455-E3150"),
    Plant("pseudo_field_behind_others",
          "(is_pseudo(part) && s.regular)", "(part == UPH_PART_PATH && s.regular)", "connect",
          says="R9113-8.3-1"),
    Plant("h2c_over_http2",
          "return r.checks != UPHELD_CHECKS_H2C && r.version.n", "return r.version.n", "connect",
          says="R9220-3-1"),
    Plant("host_of_the_same_length",
          "return span_is(fields[s.host.index].value, 0, authority.p, authority.n);",
          "return fields[s.host.index].value.n == authority.n;", "connect",
          says="R9113-8.3.1-1"),
    Plant("octets_of_the_answer_not_written",
          "    size_t j = n;\n", "    size_t j = n > i ? n - 1 : n;\n", "request",
          leg="msan", says="MemorySanitizer: use-of-uninitialized-value"),
    Plant("contract_too_strong",
          "    ensures comma:   \\result < e ==> p[\\result] == ','; */",
          "    ensures comma:   \\result < e; */", "list", leg="eacsl",
          says="E-ACSL: Postcondition of uph_comma_or_end broken"),
    Plant("loop_invariant_broken",
          "while (j > b && uph_ows(p[j - 1])) {",
          "while (j > b && (uph_ows(p[j - 1]) || p[j - 1] == ',')) {", "list", leg="eacsl",
          says="E-ACSL: Invariant of uph_trim_end broken"),
)

FUZZED = (
    ("libfuzzer", "plain", LIST_PREFIX),
    ("afl", "plain", LIST_PREFIX),
    ("libfuzzer", "plain", BARE_CR),
    ("afl", "plain", BARE_CR),
)

# One character of the specification as C: what is asked for is no longer what is proved.
SPECIFICATION = ("return c == 0x20 || c == 0x09;", "return c == 0x20;")
