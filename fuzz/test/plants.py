"""plants.py: bugs of one line, planted in a copy of the core, and how the harness must see them.

Each is a bug that real servers had, or a slip that a sanitizer is there for. `old` must stand in
the file exactly once: a plant that no longer fits is a failed test, not a skipped one.
"""
from dataclasses import dataclass


@dataclass(frozen=True)
class Plant:
    name: str
    path: str
    old: str
    new: str
    target: str
    leg: str = "asan"
    says: str = "FUZZ_CHECK broken"
    seed: bytes = b""


# "up" taken for "upgrade": libwebsockets and civetweb compared as many octets as they were given.
LIST_PREFIX = Plant(
    "prefix_of_a_word", "core/list.c",
    "return t - s == m && uph_same_word(p, s, w, m) && uph_ows_end(p, c, t) == c;",
    "return t > s && t - s <= m && uph_same_word(p, s, w, t - s) && uph_ows_end(p, c, t) == c;",
    "list", says="R9110-7.6.1-1", seed=b"keep-alive, Upgrade")

REPLAYED = (
    LIST_PREFIX,
    Plant("htab_is_no_space", "core/bytes.h",
          "return c == 0x20 || c == 0x09;", "return c == 0x20;", "list", says="FUZZ_CHECK broken: R9110-5.6"),
    Plant("one_octet_too_far", "core/list.c",
          "while (j < e && uph_tchar(p[j])) {", "while (uph_tchar(p[j]) && j < e) {", "list",
          says="AddressSanitizer: heap-buffer-overflow"),
    Plant("wrong_guid_or_schedule", "core/sha1.c", "0x8f1bbcdc", "0x8f1bbcdd", "accept",
          says="R6455-4.2.2-13"),
    Plant("key_alphabet_of_base64url", "core/base64.c",
          "return p[b + 22] == '=' && p[b + 23] == '=';", "return p[b + 22] == '=';", "request",
          says="R6455-4.2.1-5"),
    Plant("octet_of_the_answer_not_written", "core/base64.c",
          "    out[27] = '=';\n", "", "request", leg="msan", says="MemorySanitizer"),
    Plant("contract_too_strong", "core/list.h",
          "    ensures comma:   \\result < e ==> p[\\result] == ','; */",
          "    ensures comma:   \\result < e; */", "list", leg="eacsl",
          says="E-ACSL: Postcondition of uph_comma_or_end broken"),
    Plant("loop_invariant_broken", "core/list.c",
          "while (j > b && uph_ows(p[j - 1])) {",
          "while (j > b && (uph_ows(p[j - 1]) || p[j - 1] == ',')) {", "list", leg="eacsl",
          says="E-ACSL: Invariant of uph_trim_end broken"),
)

FUZZED = (
    ("libfuzzer", "plain", LIST_PREFIX),
    ("afl", "plain", LIST_PREFIX),
)

# One character of the specification as C: what is asked for is no longer what is proved.
SPECIFICATION = ("return c == 0x20 || c == 0x09;", "return c == 0x20;")
