"""test_install.py: what make install puts somewhere works from there, and goes away again."""

import os
import pathlib
import re
import shutil
import sys
import tempfile
import unittest

from testing import CORE, DIST, SAMPLE_ACCEPT, build_folder, make, run

sys.path.insert(0, DIST)
import c_text  # noqa: E402
import usage   # noqa: E402

SAMPLE = os.path.join(CORE, "example/sample.c")
LIBRARY = {"lib/libupheld.a", "include/upheld.h", "lib/pkgconfig/upheld.pc",
           "lib/cmake/upheld/upheldConfig.cmake", "lib/cmake/upheld/upheldConfigVersion.cmake",
           "share/man/man3/upheld.3"}
COMMAND = {"bin/upheld", "share/man/man1/upheld.1", "share/bash-completion/completions/upheld",
           "share/zsh/site-functions/_upheld", "share/fish/vendor_completions.d/upheld.fish"}
CMAKE = """cmake_minimum_required(VERSION 3.13)
project(sample C)
find_package(upheld {version} REQUIRED)
find_package(upheld {version} REQUIRED)
add_executable(sample "{sample}")
target_link_libraries(sample PRIVATE upheld::upheld)
"""


def install(verb, folder, prefix="/usr"):
    return make(verb, f"BUILD={build_folder()}", f"DESTDIR={folder}", f"PREFIX={prefix}")


def files(folder):
    return {os.path.relpath(os.path.join(at, name), folder)
            for at, _, names in os.walk(folder) for name in names}


class Folder(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = holder.name

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def done(self, got):
        self.assertEqual(got.returncode, 0, got.stdout + got.stderr)
        return got.stdout

    def prints_the_accept_value(self, program):
        got = run(program)
        self.assertEqual((got.stdout, got.stderr, got.returncode), (SAMPLE_ACCEPT + "\n", "", 0))


class Places(Folder):
    def test_it_lies_where_it_should_and_goes_again(self):
        stage = self.path("a stage")
        os.makedirs(os.path.join(stage, "opt/x y/lib"))
        with open(os.path.join(stage, "opt/x y/lib/other"), "w", encoding="ascii"):
            pass
        said = self.done(install("install", stage, "/opt/x y"))
        wanted = {f"opt/x y/{name}" for name in LIBRARY | COMMAND}
        self.assertEqual(files(stage), wanted | {"opt/x y/lib/other"})
        self.assertEqual(set(said.split("\n")) & {f"{stage}/{name}" for name in wanted},
                         {f"{stage}/{name}" for name in wanted})
        for name in wanted:
            mode = os.stat(os.path.join(stage, name)).st_mode & 0o777
            self.assertEqual(mode, 0o755 if name.endswith("bin/upheld") else 0o644, name)
        self.done(install("uninstall", stage, "/opt/x y"))
        self.assertEqual(files(stage), {"opt/x y/lib/other"})
        self.assertFalse(os.path.exists(os.path.join(stage, "opt/x y/lib/cmake/upheld")))
        self.done(install("uninstall", stage, "/opt/x y"))

    def test_the_library_alone_brings_no_command(self):
        self.done(install("install-library", self.path("stage")))
        self.assertEqual(files(self.path("stage")), {f"usr/{name}" for name in LIBRARY})

    def test_every_place_can_be_another(self):
        got = make("install", f"BUILD={build_folder()}", f"DESTDIR={self.path('s')}",
                   "PREFIX=/p", "LIBDIR=/p/lib/x86", "INCLUDEDIR=/inc", "BINDIR=/b")
        self.done(got)
        self.assertLessEqual({"p/lib/x86/libupheld.a", "p/lib/x86/pkgconfig/upheld.pc",
                              "p/lib/x86/cmake/upheld/upheldConfig.cmake", "inc/upheld.h",
                              "b/upheld"}, files(self.path("s")))
        with open(self.path("s/p/lib/x86/pkgconfig/upheld.pc"), encoding="ascii") as made:
            self.assertIn("\nincludedir=/inc\nlibdir=${prefix}/lib/x86\n", made.read())
        config = self.path("s/p/lib/x86/cmake/upheld/upheldConfig.cmake")
        with open(config, encoding="ascii") as made:
            text = made.read()
        for name in ("../../libupheld.a", "../../../../../inc"):
            self.assertIn(f"/{name}\"", text)

    def test_what_cannot_be_written_or_is_relative_fails(self):
        with open(self.path("file"), "w", encoding="ascii"):
            pass
        self.assertNotEqual(install("install", self.path("file")).returncode, 0)
        got = install("install", self.path("s"), "usr/local")
        self.assertNotEqual(got.returncode, 0)
        self.assertIn("expected an absolute path, got 'usr/local'", got.stderr)

    def test_the_installed_header_stands_alone(self):
        self.done(install("install-library", self.path("s")))
        got = run("gcc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-c", SAMPLE, "-o",
                  self.path("o"), f"-I{self.path('s/usr/include')}")
        self.assertEqual((got.returncode, got.stdout + got.stderr), (0, ""))


class Consumers(Folder):
    def setUp(self):
        super().setUp()
        self.stage = self.path("stage")
        self.done(install("install", self.stage))

    def test_a_program_is_built_by_pkg_config(self):
        own = {**os.environ, "PKG_CONFIG_LIBDIR": f"{self.stage}/usr/lib/pkgconfig",
               "PKG_CONFIG_SYSROOT_DIR": self.stage, "PKG_CONFIG_ALLOW_SYSTEM_CFLAGS": "1",
               "PKG_CONFIG_ALLOW_SYSTEM_LIBS": "1"}
        self.done(run("pkg-config", "--validate", "upheld", env=own))
        flags = self.done(run("pkg-config", "--cflags", "--libs", "upheld", env=own)).split()
        self.assertEqual(flags, [f"-I{self.stage}/usr/include", f"-L{self.stage}/usr/lib",
                                 "-lupheld"])
        self.done(run("gcc", "-std=c11", SAMPLE, *flags, "-o", self.path("sample")))
        self.prints_the_accept_value(self.path("sample"))
        version = self.done(run("pkg-config", "--modversion", "upheld", env=own)).strip()
        told = self.done(run(f"{self.stage}/usr/bin/upheld", "--version"))
        self.assertEqual(told, f"upheld {version}\n")

    def cmake(self, version):
        os.makedirs(self.path("project"), exist_ok=True)
        with open(self.path("project/CMakeLists.txt"), "w", encoding="ascii") as out:
            out.write(CMAKE.format(version=version, sample=SAMPLE))
        return run("cmake", "-S", self.path("project"), "-B", self.path("cmake"),
                   f"-DCMAKE_PREFIX_PATH={self.stage}/usr", "-DCMAKE_C_COMPILER=gcc")

    def test_a_program_is_built_by_cmake(self):
        self.done(self.cmake(""))
        self.done(run("cmake", "--build", self.path("cmake")))
        self.prints_the_accept_value(self.path("cmake/sample"))

    def test_cmake_gives_a_version_to_those_whom_it_serves(self):
        version = run(f"{self.stage}/usr/bin/upheld", "--version").stdout.split()[1]
        major, minor, patch = map(int, version.split("."))
        for asked, served in ((version, True), (f"{major}.{minor}", True),
                              (f"{major}.{minor}.{patch + 1}", False),
                              (f"{major}.{minor + 1}", False), (f"{major + 1}", False),
                              (f"{major}.{minor - 1}", major > 0), (f"{version} EXACT", True)):
            if "-" in asked:
                continue  # there is no older minor number
            with self.subTest(asked):
                got = self.cmake(asked)
                self.assertEqual(got.returncode == 0, served, got.stderr)


class Manual(Folder):
    def setUp(self):
        super().setUp()
        self.done(install("install", self.path("s")))
        self.pages = [self.path("s/usr/share/man/man3/upheld.3"),
                      self.path("s/usr/share/man/man1/upheld.1")]

    def shown(self, page):
        text = self.done(run("mandoc", "-T", "utf8", "-O", "width=200", page))
        return re.sub(r"\s+", " ", re.sub(".\b", "", text))

    def test_mandoc_finds_nothing(self):
        for page in self.pages:
            shutil.copy(page, self.folder)  # where mandoc finds what the one says of the other
        got = run("mandoc", "-T", "lint", "upheld.3", "upheld.1", cwd=self.folder)
        self.assertEqual((got.stdout + got.stderr, got.returncode), ("", 0))

    def test_upheld_3_says_all_that_the_header_says(self):
        page = re.sub(r"[^\w]", "", self.shown(self.pages[0]))
        with open(os.path.join(CORE, "upheld.h"), encoding="ascii") as header:
            text = header.read()
        comments = re.findall(r"/\*.*?\*/", text, re.S)
        self.assertGreater(len(comments), 20)
        for comment in comments:
            inside = re.sub(r"^/\*( upheld\.h:)?|\*/$|\n\s*\*", "", comment)
            for sentence in re.split(r"[.:] ", inside):
                # The word that a sentence starts with may be set apart by its first letter.
                self.assertIn(re.sub(r"[^\w]", "", sentence)[1:], page)
        declared = [name for found in c_text.chunks(text)
                    for name in (found.name.split()[-1], *found.constants)]
        declared += [name for name, _ in c_text.macros(text) if name != "UPHELD_H"]
        self.assertIn("UPHELD_NONE", declared)
        self.assertIn("upheld_request_decide", declared)
        for name in declared:
            self.assertIn(name, page)

    def test_upheld_3_lists_every_clause(self):
        page = self.shown(self.pages[0])
        with open(os.path.join(CORE, "clauses.def"), encoding="ascii") as table:
            rows = re.findall(r'^UPHELD_CLAUSE\((\w+), "([^"]+)".*?"([^"]+)"\)$', table.read(),
                              re.M | re.S)
        self.assertGreater(len(rows), 40)
        for name, clause, text in rows:
            self.assertIn(f"UPHELD_{name} ({clause}) {text}.", page)

    def test_upheld_1_says_all_that_help_says(self):
        page = re.sub(r"[^\w]", "", self.shown(self.pages[1]))
        lines = run(self.path("s/usr/bin/upheld"), "--help").stdout.split("\n")
        self.assertGreater(len(lines), 10)
        for line in lines:
            # Without the label; where a sentence starts, its first letter may be a capital.
            said = re.sub(r"^(upheld [\d.]+:|usage:|Exit:)|[^\w]", "", line)
            self.assertIn(said[1:], page)


class Completion(Folder):
    def setUp(self):
        super().setUp()
        self.done(install("install", self.path("s")))
        self.command = self.path("s/usr/bin/upheld")
        self.told = usage.parse(run(self.command, "--help").stdout)
        self.clauses = c_text.clause_ids(pathlib.Path(CORE))
        with open(self.path("request.http"), "w", encoding="ascii"):
            pass

    def wanted(self):
        """(what is typed behind `upheld`, all that can follow)"""
        self.assertLessEqual({"--json", "--policy", "--role"}, self.options("check"))
        self.assertLessEqual({"check", "vectors", "explain", "help", "--help", "--version"},
                             {name for verb in self.told.verbs for name in verb.names})
        yield [""], {name for verb in self.told.verbs for name in verb.names}
        yield ["ch"], {"check"}
        yield ["check", "--"], {"--help"} | self.options("check")
        yield ["vectors", "--"], {"--help"} | self.options("vectors")
        yield ["check", "req"], {"request.http"}
        yield ["vectors", "req"], {"request.http"}
        yield ["check", "--policy", "req"], {"request.http"}
        yield ["check", "--role", "s"], {"server"}
        yield ["explain", "R9112-3"], {name for name in self.clauses if name.startswith("R9112-3")}

    def options(self, verb):
        found = next(v for v in self.told.verbs if v.names == [verb])
        return {name for name, _ in found.options}

    def test_the_help_names_no_option_that_the_command_does_not_take(self):
        for verb in (v for v in self.told.verbs if len(v.names) == 1):
            for name, value in verb.options:
                with self.subTest(verb.names[0], option=name):
                    got = run(self.command, verb.names[0], name, *(["x"] if value else []))
                    self.assertNotIn("unknown option", got.stderr)
            got = run(self.command, verb.names[0], "--no-such")
            self.assertIn("unknown option", got.stderr)

    def test_bash(self):
        script = self.path("s/usr/share/bash-completion/completions/upheld")
        for typed, wanted in self.wanted():
            with self.subTest(typed):
                ask = ('compopt() { :; }; . "$0"; COMP_WORDS=(upheld "$@"); COMP_CWORD=$#; '
                       '_upheld; printf "%s\\n" "${COMPREPLY[@]}"')
                got = run("bash", "-c", ask, script, *typed, cwd=self.folder)
                self.assertEqual((set(got.stdout.split()), got.stderr), (wanted, ""))
        got = run("bash", "-c", f'. "{script}"; complete -p upheld')
        self.assertEqual(got.stdout, "complete -F _upheld upheld\n")

    def test_fish(self):
        script = self.path("s/usr/share/fish/vendor_completions.d/upheld.fish")
        for typed, wanted in self.wanted():
            with self.subTest(typed):
                own = {**os.environ, "HOME": self.folder, "XDG_CONFIG_HOME": self.folder}
                got = run("fish", "--no-config", "-c", 'source $argv[1]; complete -C "$argv[2]"',
                          script, "upheld " + " ".join(typed), cwd=self.folder, env=own)
                self.assertEqual(({line.split("\t")[0] for line in got.stdout.splitlines()},
                                  got.stderr), (wanted, ""))

    def test_zsh(self):
        """zsh completes only at a terminal; it makes one itself, and writes what it would list."""
        cases = list(self.wanted())
        got = run("zsh", "-f", "-c", ZSH, "zsh", self.path("s/usr/share/zsh/site-functions"),
                  *("upheld " + " ".join(typed) for typed, _ in cases), cwd=self.folder,
                  env={**os.environ, "HOME": self.folder, "TERM": "dumb"})
        lists = re.findall(r"<<(.*)>>", got.stdout)
        self.assertEqual(len(lists), len(cases), got.stdout + got.stderr)
        for (typed, wanted), listed in zip(cases, lists):
            with self.subTest(typed):
                self.assertEqual(set(listed.split()), wanted)


# $1: folder of the function under test; then lines. What compadd takes is what zsh would list.
ZSH = r"""
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "PS1= PS2=; stty -echo; unset zle_bracketed_paste"
zpty -w z "fpath=(${(q)1} \$fpath); autoload -Uz compinit; compinit -D -u"
zpty -w z 'compadd() { builtin compadd -O found "$@"; all+=("${found[@]}"); builtin compadd "$@" }'
zpty -w z 'list() { local -a all found; _main_complete; compstate[insert]= compstate[list]=
  print -r -- "<<${(j: :)all}>>" > answer }'
zpty -w z 'zle -C list complete-word list; bindkey "^X" list; print REA""DY'
zpty -r z said '*READY*'
shift
for line; do
    rm -f answer
    zpty -w -n z $'\x15'"$line"$'\x18'
    for i in {1..200}; do [[ -s answer ]] && break; sleep 0.05; done
    cat answer
done
zpty -d z
"""
