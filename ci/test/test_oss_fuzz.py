"""The check of what OSS-Fuzz would build goes red where it should."""
import base64
import contextlib
import hashlib
import io
import os
import re
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

import tree

OSS_FUZZ = tree.CI / "oss-fuzz"
sys.path.insert(0, str(OSS_FUZZ))

import base  # noqa: E402
import check  # noqa: E402
import contents  # noqa: E402
import pack  # noqa: E402
import runs  # noqa: E402

TARGET = ("int LLVMFuzzerTestOneInput(void); int LLVMFuzzerTestOneInput(void) { return 0; }\n"
          "int main(void) { return LLVMFuzzerTestOneInput(); }\n")
SEED = "5ba93c9db0cff93f52b521d7420e43f6eda2784f", b"\0"


class Folder(unittest.TestCase):
    """A folder $OUT with one target, x, that is as it should be."""

    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.root = Path(holder.name)
        self.folder = self.root / "out"
        self.folder.mkdir()
        self.compile(TARGET, "x")
        self.write("x.dict", '# words\na="b"\n"\\x00\\"\\\\"\n')
        self.write("x.options", "[libfuzzer]\nmax_len = 96\n")
        self.zip(*SEED)

    def compile(self, text, name, *more):
        subprocess.run(["gcc", "-x", "c", "-", "-o", str(self.folder / name), *more],
                       input=text.encode(), check=True)

    def write(self, name, text):
        (self.folder / name).write_text(text)

    def zip(self, name, octets):
        with zipfile.ZipFile(self.folder / "x_seed_corpus.zip", "w") as archive:
            if name:
                archive.writestr(name, octets)

    def out(self, sanitizer="none", architecture="x86_64", targets=("x",)):
        return contents.Out(self.folder, base.Build("libfuzzer", sanitizer, architecture), targets)

    def found(self, out=None):
        out = out or self.out()
        return [*contents.names(out), *contents.strays(out), *contents.machine(out),
                *contents.libraries(out), *contents.seeds(out, lambda target: {SEED[1]}),
                *contents.dictionaries(out, lambda target: True), *contents.options(out),
                *contents.sanitizers(out)]

    def expect(self, words, out=None):
        found = self.found(out)
        self.assertTrue(any(words in line for line in found), found)


class Contents(Folder):
    def test_a_sound_folder(self):
        self.assertEqual(self.found(), [])

    def test_a_target_that_was_not_built(self):
        self.expect("y: expected a program, there is none", self.out(targets=("x", "y")))

    def test_a_helper_left_behind(self):
        self.compile("int main(void) { return 0; }\n", "helper")
        self.expect("helper: a program that is no target")
        self.expect("helper: belongs to no target")

    def test_a_name_that_clusterfuzz_does_not_run(self):
        self.compile(TARGET, "x.1")
        self.expect("x.1: a name of A-Z, a-z, 0-9, _ and - alone")

    def test_a_program_without_the_entry(self):
        self.compile("int main(void) { return 0; }\n", "x")
        self.expect("x: has no LLVMFuzzerTestOneInput")

    def test_another_architecture(self):
        self.expect("x: expected Intel 80386", self.out(architecture="i386"))

    def test_a_library_of_the_build_image(self):
        self.compile("int y(void); int y(void) { return 0; }\n", "liby.so", "-shared", "-fPIC")
        self.compile(f"int y(void); {TARGET.replace('return 0', 'return y()')}", "x",
                     f"-L{self.folder}", "-ly", f"-Wl,-rpath,{self.folder}")
        self.expect("x: needs liby.so")
        self.expect("x: looks for libraries in a folder of the build")

    def test_zips(self):
        for name, octets, words in (("", b"", "is empty"), ("a", b"\0", "the SHA-1"),
                                    (f"d/{SEED[0]}", b"\0", "expected a flat name"),
                                    ("b6589fc6ab0dc82cf12099d1c2d40ab994e8410c", b"0",
                                     "does not hold what corpus/x/ holds")):
            self.zip(name, octets)
            self.expect(words)
        self.write("x_seed_corpus.zip", "PK")
        self.expect("x_seed_corpus.zip: File is not a zip file")

    def test_dictionaries(self):
        for text, words in (("", "has no entry"), ("a=b\n", "x.dict:1: expected"),
                            ('a="b"\n"\\n"\n', "x.dict:2: expected"), ('"\n', "x.dict:1:")):
            self.write("x.dict", text)
            self.expect(words)
        (self.folder / "x.dict").unlink()
        self.expect("x.dict: not there")

    def test_options(self):
        for text, words in (("max_len = 1\n", "no section headers"), ("[asan]\n", "no [libfuzzer]"),
                            ("[libfuzer]\n", "[libfuzer]: expected"),
                            ("[libfuzzer]\ndict = a;b\n", "expected plain words")):
            self.write("x.options", text)
            self.expect(words)
        (self.folder / "x.options").unlink()
        self.expect("x.options: not there")

    def test_a_sanitizer_that_is_not_in(self):
        for sanitizer, name in (("address", "__asan"), ("memory", "__msan"),
                                ("undefined", "__ubsan")):
            self.expect(f"x: 0 calls of {name}*", self.out(sanitizer))

    def test_a_sanitizer_that_should_not_be_in(self):
        calls = " ".join("__asan_x();" for _ in range(1000))
        self.compile(f"void __asan_x(void); void __asan_x(void) {{ }} {TARGET} "
                     f"void y(void); void y(void) {{ {calls} }}", "x", "-O0")
        self.assertEqual(self.found(self.out("address")), [])
        self.expect("x: 1000 calls of __asan*, expected at most 0", self.out("undefined"))


class Runs(Folder):
    def place(self, script=None):
        if script:
            self.write("x", f"#!/bin/sh\n{script}\n")
        self.root.chmod(0o755)
        spot = runs.place(self.out(), self.root)
        self.addCleanup(spot.out.folder.chmod, 0o755)
        return spot

    def test_a_place_is_read_only(self):
        self.assertEqual(list(runs.read_only(self.place())), [])

    def test_a_place_that_is_not(self):
        spot = self.place()
        spot.out.folder.chmod(0o777)
        self.assertEqual(len(list(runs.read_only(spot))), 1)

    def expect_run(self, words, script):
        found = list(runs.starts(self.place(script), "x"))
        self.assertTrue(any(words in line for line in found), found)

    def test_a_target_that_ends_at_once(self):
        self.expect_run("x: exit 0 at the start", "exit 0")

    def test_a_target_without_edges(self):
        self.expect_run("x: no edges instrumented", "echo 'Done 4 runs'")
        self.expect_run("x: 99 edges", "echo 'INFO: Loaded 1 modules   (99 inline 8-bit counters):"
                        " 99'; echo 'Done 4 runs'")

    def test_an_option_that_the_engine_does_not_know(self):
        self.expect_run("names a flag", "echo 'WARNING: unrecognized flag'; echo 'Done 4 runs'")

    def test_a_dictionary_that_the_engine_reads_otherwise(self):
        self.expect_run("has 2 entries, libFuzzer read 1",
                        "echo 'Dictionary: 1 entries'; echo 'Done 4 runs'")

    def test_seeds_that_reach_nothing_of_the_core(self):
        for script, words in (("echo 'Done 1 runs'", "reach no instrumented function of core/"),
                              ("echo 'Done 0 runs'", "exit 0 on its 1 seeds"),
                              ("echo 'Done 1 runs'; exit 77", "exit 77 on its 1 seeds")):
            found = list(runs.seeds_pass(self.place(script), "x"))
            self.assertTrue(found and words in found[0], found)

    def test_a_bug_that_is_not_found(self):
        found = list(runs.finds(self.place("exit 0"), check.planted.Plant("p", "", "", "x")))
        self.assertIn("p: not found in x", found[0])

    def test_a_bug_is_found_by_whichever_property_the_engine_breaks(self):
        text = (tree.CI.parent / "fuzz" / "list.c").read_text()
        body = re.search(r"^static void check_word\(.*?^}", text, re.M | re.S).group(0)
        clauses = re.findall(r'FUZZ_CHECK\(.*, "([^"]+)",$', body, re.M)
        self.assertIn("R9110-5.6.1-2", clauses)
        for clause in clauses:
            self.assertIn(check.FOUND.says, f"FUZZ_CHECK broken: {clause}: ")

    def test_a_bug_that_is_seen_for_another_reason(self):
        plant = check.planted.Plant("p", "", "", "x", says="heap-buffer-overflow")
        for script in ("echo heap-buffer-overflow; exit 0", "echo segmentation fault; exit 1"):
            self.assertEqual(len(list(runs.sees(self.place(script), plant))), 1)
        self.assertEqual(list(runs.sees(self.place("echo heap-buffer-overflow; exit 1"), plant)),
                         [])


class Standin(unittest.TestCase):
    """fuzz/standin/ says what OpenSSL would, which the other builds link."""

    PROGRAM = """#include <stdio.h>
#include <openssl/evp.h>
int main(int argc, char **argv) {
    unsigned char in[99], out[199]; unsigned size = 0;
    int n = (int)fread(in, 1, sizeof in, stdin), got = argc > 1 ? argv[1][0] : 0;
    got = got == 'e' ? EVP_EncodeBlock(out, in, n) : got == 'd' ? EVP_DecodeBlock(out, in, n) :
          EVP_Digest(in, (size_t)n, out, &size, EVP_sha1(), NULL) ? (int)size : -1;
    printf("%d ", got);
    for (int i = 0; i < got; i++) printf("%02x", out[i]);
}
"""

    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(holder.cleanup)
        cls.program = str(Path(holder.name) / "standin")
        fuzz = tree.CI.parent / "fuzz"
        subprocess.run(["gcc", "-x", "c", "-", f"-I{fuzz}/standin", "-o", cls.program,
                        fuzz / "naive/accept.c"], input=cls.PROGRAM.encode(), check=True)

    def asked(self, what, octets):
        ran = subprocess.run([self.program, what], input=octets, capture_output=True, check=True)
        count, octets = ran.stdout.decode().split(" ")
        return int(count), bytes.fromhex(octets)

    def test_it_encodes_and_decodes(self):
        for n in range(1, 32):
            octets = bytes((37 * n + 91 * at) % 256 for at in range(n))
            text = base64.b64encode(octets)
            self.assertEqual(self.asked("e", octets), (len(text), text))
            padded = octets + bytes(-n % 3)
            self.assertEqual(self.asked("d", text), (len(padded), padded))
        self.assertEqual(self.asked("d", b"ab$=")[0], -1)

    def test_it_digests_a_key_and_the_guid_alone(self):
        guid = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        for key in (b"dGhlIHNhbXBsZSBub25jZQ==", bytes(24), bytes(range(232, 256))):
            self.assertEqual(self.asked("s", key + guid),
                             (20, hashlib.sha1(key + guid).digest()))
        self.assertEqual(self.asked("s", bytes(60))[0], -1)


class Whole(unittest.TestCase):
    def test_what_is_packed_is_the_same_each_time(self):
        with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
            for out in (one, two):
                self.assertEqual(subprocess.run(
                    [sys.executable, OSS_FUZZ / "pack.py", out, "list"], stdout=subprocess.DEVNULL,
                    check=False).returncode, 0)
            names = sorted(os.listdir(one))
            self.assertEqual(names, ["list.dict", "list.options", "list_seed_corpus.zip"])
            for name in names:
                self.assertEqual((Path(one) / name).read_bytes(), (Path(two) / name).read_bytes())

    def test_a_target_without_seeds(self):
        with tempfile.TemporaryDirectory() as root, self.assertRaises(pack.NoSeeds):
            pack.pack(Path(root), Path(root), "list")

    def test_bad_arguments(self):
        for words in ((), ("absent", "list")):
            ran = subprocess.run([sys.executable, OSS_FUZZ / "pack.py", *words],
                                 capture_output=True, text=True, check=False)
            self.assertEqual((ran.returncode, len(ran.stderr.splitlines())), (2, 1))

    def test_what_is_skipped_counts_as_failed(self):
        tally = check.Tally()
        with contextlib.redirect_stdout(io.StringIO()) as said:
            tally.skip("afl-address-x86_64", "no afl")
            tally.check("one", ["wrong"])
            tally.check("two", [])
        self.assertEqual((tally.passed, tally.failed), (1, 2))
        self.assertTrue(said.getvalue().startswith("SKIPPED afl-address-x86_64: no afl"))

    def test_a_plant_that_no_longer_fits(self):
        with tempfile.TemporaryDirectory() as root:
            scratch = check.Scratch(Path(root))
            (scratch.tree / "core").mkdir(parents=True)
            with self.assertRaises(check.Failed), scratch.planted(check.FOUND):
                pass

    def test_a_build_that_fails(self):
        with tempfile.TemporaryDirectory() as root:
            scratch = check.Scratch(Path(root))
            scratch.tree.mkdir(parents=True)
            found = list(scratch.shell({}, "/bin/sh", "-c", "echo why; exit 3"))
        self.assertIn("exit 3", found[0])
        self.assertEqual(found[1:], ["why"])


if __name__ == "__main__":
    unittest.main()
