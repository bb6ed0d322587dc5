"""test_library.py: the library needs nothing and keeps nothing, and its header stands alone."""

import glob
import os
import re
import subprocess
import tempfile
import unittest

from testing import CORE, words

# A compiler may call these of its own accord, in freestanding code too (GCC manual, "Standards").
COMPILER_OWN = {"memcpy", "memmove", "memset", "memcmp"}


def symbols(library):
    """(name, type) of every symbol of every member."""
    text = subprocess.run(["nm", "--format=posix", library], check=True, capture_output=True,
                          text=True).stdout
    return re.findall(r"^(\S+) ([A-Za-z])(?: |$)", text, re.M)


def compile_text(compiler, text, *flags):
    """The compiler's words on a text: empty if it has nothing to say."""
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "unit.c")
        with open(source, "w", encoding="ascii") as out:
            out.write(text)
        run = subprocess.run([compiler, *flags, "-c", source, "-o", os.path.join(folder, "unit.o")],
                             capture_output=True, text=True, cwd=CORE)
    return run.stdout + run.stderr + ("" if run.returncode == 0 else f"exit {run.returncode}")


class Library(unittest.TestCase):
    def test_undefined_symbols_are_at_most_what_the_compiler_itself_calls(self):
        for library in words("UNIT_LIBRARIES"):
            all_symbols = symbols(library)
            defined = {name for name, kind in all_symbols if kind not in "Uvw"}
            undefined = {name for name, kind in all_symbols if kind in "Uvw"} - defined
            with self.subTest(library):
                self.assertIn("upheld_request_decide", defined)
                self.assertLessEqual(undefined, COMPILER_OWN)

    def test_no_octet_of_static_data_can_be_written(self):
        for library in words("UNIT_LIBRARIES"):
            with self.subTest(library):
                self.assertEqual([s for s in symbols(library) if s[1] in "BbDdCcGgSs"], [])

    def test_every_exported_name_is_ours(self):
        for library in words("UNIT_LIBRARIES"):
            exported = {n for n, kind in symbols(library) if kind.isupper() and kind != "U"}
            with self.subTest(library):
                self.assertEqual([n for n in exported if not re.match("(upheld|uph)_", n)], [])

    def test_every_function_of_the_header_is_in_the_library(self):
        with open(os.path.join(CORE, "upheld.h"), encoding="ascii") as header:
            code = re.sub(r"/\*.*?\*/", "", header.read(), flags=re.S)
        inline = set(re.findall(r"static inline[^(]*\b(upheld_\w+)\(", code))
        promised = set(re.findall(r"\b(upheld_\w+)\(", code)) - inline
        self.assertGreater(len(promised), 3)
        for library in words("UNIT_LIBRARIES"):
            with self.subTest(library):
                self.assertLessEqual(promised, {n for n, kind in symbols(library) if kind == "T"})


class Source(unittest.TestCase):
    strict = os.environ.get("UNIT_STRICT", "").split()

    def test_the_core_compiles_as_one_unit(self):
        rooms = sorted(os.path.basename(f) for f in glob.glob(os.path.join(CORE, "*.c")))
        self.assertGreater(len(rooms), 3)
        for order in (rooms, rooms[::-1]):
            text = "".join(f'#include "{room}"\n' for room in order)
            for compiler in words("UNIT_COMPILERS"):
                with self.subTest(compiler, first=order[0]):
                    self.assertEqual("", compile_text(compiler, text, "-ffreestanding",
                                                      "-O2", "-I.", *self.strict))

    def test_each_header_stands_alone(self):
        for path in sorted(glob.glob(os.path.join(CORE, "*.h"))):
            header = os.path.basename(path)
            text = f'#include "{header}"\n#include "{header}"\nextern int unit;\n'
            for compiler in words("UNIT_COMPILERS"):
                with self.subTest(compiler, header=header):
                    self.assertEqual("", compile_text(compiler, text, "-ffreestanding",
                                                      "-I.", *self.strict))

    def test_the_public_header_is_also_cxx(self):
        text = '#include "upheld.h"\nbool f(upheld_policy p) { return p.origin_optional; }\n'
        for compiler in words("UNIT_COMPILERS"):
            if "clang" not in compiler:
                continue  # gcc needs its C++ front end for this, clang has it within
            self.assertEqual("", compile_text(compiler, text, "-x", "c++", "-std=c++17", "-I.",
                                              "-ffreestanding", "-Wall", "-Wextra", "-Werror"))
