"""test_size.py: what breaks a limit of size or stack, or has none, is found. That the core keeps
them is for `make size` to say."""

import json
import os
import shutil
import tempfile
import unittest

from testing import CORE, DIST, run, words

# Planted in policy.c, and called by upheld_policy_check().
LOCAL = """static uint32_t planted(const struct upheld_policy *policy)
{
    static const uint8_t table[50000] = { 1, 2, 3 };
    volatile uint8_t room[4096];
    room[policy->origin_count % 4096u] = table[policy->origin_count % 50000u];
    return room[policy->subprotocol_count % 4096u];
}
"""
# Cores of one room. Of the first, 100 octets stand in the red zone; the rest have no bound.
HEADER = """#ifndef UPHELD_H
#define UPHELD_H
#include <stdint.h>
#define UPHELD_VERSION "0.0.1"
uint32_t upheld_one(const uint32_t *p);
#endif
"""
LEAF = """uint32_t upheld_one(const uint32_t *p)
{
    volatile uint8_t room[100];
    room[p[0] % 100u] = 1;
    return room[p[1] % 100u];
}
"""
RECURSION = """static uint32_t one(const uint32_t *p);
static __attribute__((noinline)) uint32_t two(const uint32_t *p)
{
    return p[0] > 7u ? 1u : one(p + 1) + 1u;
}
static __attribute__((noinline)) uint32_t one(const uint32_t *p)
{
    return p[0] == 3u ? 1u : two(p + 1) * 3u;
}
uint32_t upheld_one(const uint32_t *p)
{
    return one(p);
}
"""
POINTER = """uint32_t upheld_one(const uint32_t *p)
{
    uint32_t (*volatile f)(uint32_t) = 0;
    return f(p[0]) + 1u;
}
"""
VARIABLE = """uint32_t upheld_one(const uint32_t *p)
{
    volatile uint8_t room[p[0] + 1u];
    room[0] = 1;
    return room[p[1]];
}
"""


class Size(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = holder.name
        self.result = os.path.join(holder.name, "size.json")

    def write(self, name, text):
        with open(os.path.join(self.folder, "core", name), "w", encoding="ascii") as out:
            out.write(text)

    def one_room(self, text):
        core = os.path.join(self.folder, "core")
        os.makedirs(core, exist_ok=True)
        self.write("upheld.h", HEADER)
        self.write("one.c", f'#include "upheld.h"\n{text}')
        return core

    def core(self, planted):
        """A core whose upheld_policy_check() calls what is planted."""
        core = os.path.join(self.folder, "core")
        shutil.copytree(CORE, core, ignore=shutil.ignore_patterns("test", "dist", "command"))
        with open(os.path.join(core, "policy.c"), encoding="ascii") as room:
            text = room.read()
        start = ("\nenum upheld_policy_error upheld_policy_check("
                 "const struct upheld_policy *policy)\n{")
        self.assertEqual(text.count(start), 1, "policy.c: upheld_policy_check() not found")
        call = "\n    if (planted(policy) == 77u) {\n        return UPHELD_POLICY_LIMIT;\n    }"
        self.write("policy.c", text.replace(start, "\n" + planted + start + call))
        return core

    def measure(self, core, *compilers, form="two-files"):
        return run("/usr/bin/python3", os.path.join(DIST, "size.py"), self.result,
                   *(compilers or words("UNIT_COMPILERS")), "--core", core, "--form", form)

    def report(self):
        with open(self.result, encoding="utf-8") as result:
            return json.load(result)

    def test_what_is_too_big_is_found_with_its_function(self):
        got = self.measure(self.core(LOCAL), form="rooms")
        self.assertEqual((got.stderr, got.returncode), ("", 1), got.stdout)
        self.assertRegex(got.stdout, r"(?m)^size: 0 passed, 2 failed$")
        report = self.report()
        self.assertEqual(report["limits"], {"text": 49152, "stack": 2048})
        self.assertEqual([found["compiler"] for found in report["subjects"]],
                         words("UNIT_COMPILERS"))
        for found in report["subjects"]:
            rows = {row["function"]: row for row in found["stack"]}
            with self.subTest(found["compiler"]):
                self.assertGreater(rows["upheld_policy_check"]["octets"], 4096)
                self.assertLess(rows["upheld_policy_check"]["octets"], 4096 + 1024)
                # SHA-1 wants every register: six are saved, above where it returns to and the red
                # zone. And who calls it is above it.
                self.assertGreaterEqual(rows["upheld_accept"]["octets"], 7 * 8 + 128)
                self.assertGreater(rows["upheld_response_write"]["octets"],
                                   rows["upheld_accept"]["octets"])
                self.assertEqual(rows["upheld_request_resume"]["chain"][:2],
                                 ["upheld_request_resume", "upheld_request_decide"])
                self.assertGreaterEqual(rows["upheld_request_resume"]["octets"],
                                        rows["upheld_request_decide"]["octets"] + 8)
                self.assertGreater(found["text"], 50000)
                self.assertLess(found["code"], found["text"] - 50000)
                self.assertGreater(found["code"], 4096)
                self.assertRegex(found["broken"][0], r"text: \d+ octets; expected less than 49152")
                self.assertIn("stack: upheld_policy_check: ", found["broken"][1])

    def test_the_rooms_are_measured_like_the_two_files(self):
        got = self.measure(self.core(LOCAL), words("UNIT_COMPILERS")[0], form="rooms")
        self.assertEqual((got.stderr, got.returncode), ("", 1), got.stdout)
        self.assertIn("rooms: stack: upheld_policy_check: ", got.stdout)

    def test_octets_below_the_last_frame_are_counted(self):
        got = self.measure(self.one_room(LEAF))
        self.assertEqual((got.stderr, got.returncode), ("", 0))
        for found in self.report()["subjects"]:
            self.assertEqual([row["function"] for row in found["stack"]], ["upheld_one"])
            self.assertGreaterEqual(found["stack"][0]["octets"], 100 + 8)
            self.assertLess(found["stack"][0]["octets"], 512)

    def test_what_has_no_bound_is_refused(self):
        for text, said in ((RECURSION, "recursion"), (POINTER, "through a pointer"),
                           (VARIABLE, "variable size")):
            for compiler in words("UNIT_COMPILERS"):
                with self.subTest(said, compiler=compiler):
                    got = self.measure(self.one_room(text), compiler)
                    self.assertEqual((got.returncode, os.path.exists(self.result)), (2, False),
                                     got.stdout + got.stderr)
                    self.assertIn(said, got.stderr)
                    self.assertNotIn("Traceback", got.stderr)

    def test_what_cannot_be_measured_is_one_line(self):
        for core, compiler, said in ((CORE, "no-such-compiler", "no-such-compiler"),
                                     ("no/such", "gcc", "no/such")):
            got = self.measure(core, compiler)
            self.assertEqual((got.returncode, os.path.exists(self.result)), (2, False))
            self.assertRegex(got.stderr, r"\Asize\.py: [^\n]+\n\Z")
            self.assertIn(said, got.stderr)
