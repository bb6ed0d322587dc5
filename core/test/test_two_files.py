"""test_two_files.py: upheld.c and upheld.h are the core, whole, and need nothing else."""

import glob
import os
import re
import shutil
import sys
import tempfile
import unittest

from test_library import COMPILER_OWN, symbols
from testing import CORE, DIST, SAMPLE_ACCEPT, TOP, build_folder, run, words

sys.path.insert(0, DIST)
import c_text  # noqa: E402

VECTORS = sorted(glob.glob(os.path.join(TOP, "corpus/vectors/*.jsonl")))
STRICT = os.environ.get("UNIT_STRICT", "").split()
CXX = [flag for flag in STRICT if not flag.startswith("-std=")] + ["-std=c++17"]


def cxx_of(compiler):
    """The C++ compiler beside a C compiler: g++ of gcc, clang++-19 of clang-19."""
    return compiler.replace("clang", "clang++") if "clang" in compiler else \
        compiler.replace("gcc", "g++")


def fold(folder, core=CORE):
    return run("/usr/bin/python3", os.path.join(DIST, "two_files.py"), folder, "--core", core)


class Folder(unittest.TestCase):
    """A folder of its own for each class."""

    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(holder.cleanup)
        cls.folder = holder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w", encoding="ascii") as out:
            out.write(text)
        return self.path(name)

    def text(self, name):
        with open(self.path(name), encoding="ascii") as source:
            return source.read()

    def silent(self, *command):
        """It succeeds and says nothing."""
        got = run(*command, cwd=self.folder)
        self.assertEqual((got.stdout + got.stderr, got.returncode), ("", 0), command)


class TwoFiles(Folder):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        got = fold(cls.folder)
        if got.returncode != 0:
            raise AssertionError(f"the core does not fold:\n{got.stdout}{got.stderr}")

    def object(self, compiler):
        """upheld.c as each compiler builds it for release, made once."""
        made = self.path(f"{compiler}.o")
        if not os.path.exists(made):
            self.silent(compiler, *STRICT, "-O2", "-ffreestanding", "-c", "upheld.c", "-o", made)
        return made

    def test_the_source_is_c11_without_a_warning(self):
        self.assertLessEqual({"-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion",
                              "-Wshadow", "-Werror"}, set(STRICT))
        for compiler in words("UNIT_COMPILERS"):
            with self.subTest(compiler):
                self.object(compiler)
                self.silent(compiler, *STRICT, "-c", "upheld.c", "-o", "hosted.o")

    def test_the_header_is_c11_and_cxx17_without_a_warning(self):
        both = '#include "upheld.h"\n#include "upheld.h"\n'
        self.write("u.c", both + "extern int unit;\n")
        self.write("u.cpp", both + "auto decide(const uint8_t *p, size_t n, const upheld_policy &x)"
                   "\n{\n    return upheld_request_decide(p, n, &x).clause;\n}\n")
        for compiler in words("UNIT_COMPILERS"):
            with self.subTest(compiler):
                self.silent(compiler, *STRICT, "-c", "u.c", "-o", "u.o")
                self.silent(cxx_of(compiler), *CXX, "-c", "u.cpp", "-o", "cpp.o")
                linked = run(cxx_of(compiler), "-r", "-nostdlib", "cpp.o", self.object(compiler),
                             "-o", "both.o", cwd=self.folder)
                self.assertEqual(linked.returncode, 0, linked.stderr)
                self.assertNotIn(("upheld_request_decide", "U"), symbols(self.path("both.o")))

    def test_it_needs_nothing_and_gives_the_public_functions_alone(self):
        declared = {found.name for found in c_text.chunks(self.text("upheld.h"))
                    if found.kind == "prototype"}
        self.assertIn("upheld_request_decide", declared)
        for compiler in words("UNIT_COMPILERS"):
            found = symbols(self.object(compiler))
            with self.subTest(compiler):
                self.assertEqual({name for name, kind in found if kind == "T"}, declared)
                self.assertLessEqual({name for name, kind in found if kind in "Uvw"}, COMPILER_OWN)
                self.assertEqual([s for s in found if s[1] in "BbDdCcGgSs"], [])

    def test_nothing_is_left_to_look_for(self):
        both = self.text("upheld.h") + self.text("upheld.c")
        included = set(re.findall(r"#\s*include\s*(\S+)", both))
        self.assertEqual({name for name in included if name.startswith('"')}, {'"upheld.h"'})
        for mark in ("/*@", "__FRAMAC__", "UPH_EXACT", ".acsl\""):
            self.assertNotIn(mark, both)
        own = "".join(run("cat", path).stdout for path in glob.glob(os.path.join(CORE, "*.*")))
        self.assertEqual([line for line in both.split("\n")
                          if len(line) > 100 and line not in own], [])

    def test_the_files_tell_what_they_are_made_of(self):
        counted = run("sh", "-c", "LC_ALL=C sha256sum *.c *.def *.h | sha256sum", cwd=CORE)
        for name in ("upheld.h", "upheld.c"):
            with self.subTest(name):
                self.assertIn(f"prints {counted.stdout.split()[0]}.", self.text(name))
                self.assertRegex(self.text(name),
                                 r"of commit\n \* ([0-9a-f]{40}(-dirty)?|unknown);")

    def test_a_program_of_twenty_lines_stands_on_the_two_files(self):
        sample = os.path.join(CORE, "example/sample.c")
        with open(sample, encoding="ascii") as source:
            main = source.read().partition("int main(void)")[2]
        self.assertLessEqual(main.count("\n"), 20)
        for compiler in words("UNIT_COMPILERS"):
            with self.subTest(compiler):
                self.silent(compiler, *STRICT, "-I.", sample, "upheld.c", "-o", "sample")
                got = run(self.path("sample"))
                self.assertEqual((got.stdout, got.stderr, got.returncode),
                                 (SAMPLE_ACCEPT + "\n", "", 0))

    def test_every_vector_passes_on_the_two_files(self):
        plain = run(words("UNIT_COMMANDS")[0], "vectors", *VECTORS)
        self.assertRegex(plain.stdout, r"(?m)^[1-9]\d* passed, 0 failed$")
        objects = sorted(glob.glob(os.path.join(build_folder(), "command/*.o")))
        for compiler in words("UNIT_COMPILERS"):
            with self.subTest(compiler):
                self.silent("gcc", *objects, self.object(compiler), "-o", "upheld", "-ljansson")
                got = run(self.path("upheld"), "vectors", *VECTORS)
                self.assertEqual((got.stdout, got.stderr), (plain.stdout, plain.stderr))


HEADER = """/* upheld.h: what a user includes. */
#ifndef UPHELD_H
#define UPHELD_H
#include <stdint.h>
#define UPHELD_VERSION "0.0.1"
int upheld_one(void);
int upheld_two(void);
#endif
"""
ONE = '#include "upheld.h"\n\n{}\nint upheld_one(void)\n{{\n    return 1;\n}}\n'
TWO = '#include "upheld.h"\n\n{}\nint upheld_two(void)\n{{\n    return 2;\n}}\n'


class Clashes(Folder):
    """What two files may not both define, in cores of two rooms."""

    def core(self, one="", two="", **more):
        shutil.rmtree(self.path("core"), ignore_errors=True)
        for name, text in {"upheld.h": HEADER, "one.c": ONE.format(one), "two.c": TWO.format(two),
                           **{k.replace("_", "."): v for k, v in more.items()}}.items():
            self.write(f"core/{name}", text)
        return fold(self.path("out"), self.path("core"))

    def said(self, got, status, *parts):
        self.assertEqual((got.returncode, got.stdout), (status, ""), got.stderr)
        self.assertNotIn("Traceback", got.stderr)
        for part in parts:
            self.assertIn(part, got.stderr)

    def test_two_rooms_fold(self):
        got = self.core("static int put(int x)\n{\n    return x;\n}\n", "enum { SECOND = 2 };\n")
        self.assertEqual((got.stdout + got.stderr, got.returncode), ("", 0))
        self.assertIn("static int put(int x)", self.text("out/upheld.c"))

    def test_a_name_of_two_rooms_is_told_with_both_places(self):
        cases = {
            "put": ("static int put(int x)\n{\n    return x;\n}",
                    "static long put(void)\n{\n    return 2;\n}"),
            "TABLE": ("static const int TABLE[2] = { 1, 2 };", "static const int TABLE[1] = {0};"),
            "MOST": ("#define MOST 3", "#define MOST 3"),
            "LEAST": ("#define LEAST(x) (x)", "enum { LEAST, NEXT };"),
            "FIRST": ("enum order { FIRST, LAST };", "enum other { FIRST = 1 };"),
            "pair": ("struct pair {\n    int a;\n};", "struct pair {\n    int b;\n};"),
            "count": ("typedef unsigned count;", "typedef unsigned long count;"),
        }
        for name, (one, two) in cases.items():
            with self.subTest(name):
                self.said(self.core(one, two), 1, "core/one.c:3", "core/two.c:3", f"'{name}'")

    def test_a_macro_that_would_rewrite_another_room_is_told(self):
        got = self.core("#define TEXT 3", "struct x {\n    int TEXT;\n};")
        self.said(got, 1, "core/two.c:4: 'TEXT'", "core/one.c")

    def test_a_macro_that_ends_with_its_room_is_no_clash(self):
        got = self.core("#define ROW(x) x\n#undef ROW", "#define ROW(x) 2\n#undef ROW")
        self.assertEqual((got.stderr, got.returncode), ("", 0))

    def test_what_cannot_be_folded_is_told(self):
        circle = dict(a_h='#include "b.h"\n', b_h='#include "a.h"\n')
        cases = [(dict(one="#include <stdio.h>"), "one.c: #include <stdio.h>"),
                 (dict(one='#include "absent.h"'), 'one.c: #include "absent.h'),
                 (dict(one='#include "a.h"', **circle), "a.h -> b.h -> a.h"),
                 (dict(one="#if defined(__FRAMAC__)\n#endif"), "one.c:3:"),
                 (dict(one="#ifdef OTHER"), "one.c: 1 #if without #endif"),
                 (dict(upheld_h='#include "own.h"\n', own_h=""), "own.h")]
        for rooms, part in cases:
            with self.subTest(part):
                self.said(self.core(**rooms), 2, part)
        self.said(fold(self.path("out"), self.path("no/such")), 2, "no/such")

    def test_the_rooms_of_the_core_are_watched(self):
        """A second `static put` among the real rooms: the names are unique only if this fails."""
        core = self.path("real")
        shutil.copytree(CORE, core, ignore=shutil.ignore_patterns("test", "dist", "command"))
        with open(os.path.join(core, "respond.c"), encoding="ascii") as room:
            name = next(c.name for c in c_text.chunks(room.read()) if c.kind == "function")
        with open(os.path.join(core, "sha1.c"), "a", encoding="ascii") as room:
            room.write(f"\nstatic int {name}(void)\n{{\n    return 0;\n}}\n")
        self.said(fold(self.path("out"), core), 1, "sha1.c", "respond.c", f"'{name}'")


class Contracts(unittest.TestCase):
    """What is left out, and what only looks like it."""

    def test_acsl_goes_and_nothing_else(self):
        text = ('/*@ requires x; */\nint a; /*@ assert y; */\n    /*@ loop\n  end; */\n'
                'char *s = "/*@ no */"; // it stays\n//@ ghost int g;\n/* so @ */\n')
        self.assertEqual(c_text.without_contracts(text),
                         'int a;\nchar *s = "/*@ no */"; // it stays\n/* so @ */\n')

    def test_branches_of_frama_c_go(self):
        text = ("a\n#ifdef __FRAMAC__\nb\n#ifndef X\nc\n#endif\n#else\nd\n#endif\n"
                "#ifndef __FRAMAC__\ne\n#else\nf\n#endif\n#ifdef Y\ng\n#endif\n")
        self.assertEqual(c_text.without_frama_c(text, "x"), "a\nd\ne\n#ifdef Y\ng\n#endif\n")
