"""contents.py: what must be true of a folder $OUT, without running anything in it.

Each check takes an Out and yields what is wrong, a line each. The figures are those of
google/oss-fuzz, infra/base-images/base-runner/bad_build_check, unless it is said otherwise.
"""
import concurrent.futures
import configparser
import hashlib
import os
import re
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

NAME = re.compile(r"[A-Za-z0-9_-]+")
ENTRY = b"LLVMFuzzerTestOneInput"
MACHINES = {"x86_64": "Advanced Micro Devices X86-64", "i386": "Intel 80386"}
# glibc's own, and the unwinder that lib32gcc-s1 and every Ubuntu bring: base-runner has these.
LIBRARIES = re.compile(r"(lib(c|m|pthread|dl|rt|resolv)|ld-linux(-x86-64)?)\.so\.\d"
                       r"|libgcc_s\.so\.1")
SECTIONS = ("libfuzzer", "asan", "msan", "ubsan")
# An entry of a dictionary: NAME@LEVEL="TOKEN" with \\, \" and \xHH, as libFuzzer and AFL++ read it.
TOKEN = re.compile(r'([A-Za-z0-9_]+(@\d+)?=)?"((?:[^"\\\x00-\x1f\x7f-\xff]'
                   r'|\\\\|\\"|\\x[0-9A-Fa-f]{2})+)"')
# Calls of a sanitizer's run-time: at least so many of its own, at most so many of the others.
OWN = {"address": ("__asan", 1000), "memory": ("__msan", 1000), "undefined": ("__ubsan", 168)}
OTHERS = {"__asan": 0, "__msan": 3, "__dfsan": 0, "__ubsan": 200}
OTHERS_I386 = {**OTHERS, "__ubsan": 280}


@dataclass(frozen=True)
class Out:
    """A folder, how it was built, the targets that must be there, and what else may be."""
    folder: Path
    build: object
    targets: tuple
    helpers: tuple = ()

    def programs(self):
        """What find_fuzz_targets() of test_all.py looks at: plain files that can be executed."""
        return sorted(p for p in self.folder.iterdir()
                      if p.is_file() and p.stat().st_mode & 0o111 and p.name not in self.helpers)


def tool(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, check=False)
    return done.stdout.decode(errors="replace") if done.returncode == 0 else ""


def names(out):
    """Every target is there, is one, and no other program is."""
    found = {path.name for path in out.programs()}
    for name in sorted(set(out.targets) - found):
        yield f"{name}: expected a program, there is none"
    for name in sorted(found - set(out.targets)):
        yield f"{name}: a program that is no target; leave no helper behind"
    for path in out.programs():
        if not NAME.fullmatch(path.name):
            yield f"{path.name}: a name of A-Z, a-z, 0-9, _ and - alone is wanted"
        elif ENTRY not in path.read_bytes():
            yield f"{path.name}: has no LLVMFuzzerTestOneInput"


def strays(out):
    """Nothing lies beside the targets that does not belong to one of them."""
    wanted = {f"{t}{end}" for t in out.targets
              for end in ("", ".dict", ".options", "_seed_corpus.zip")}
    for path in sorted(out.folder.iterdir()):
        if path.name not in wanted and path.name not in out.helpers:
            yield f"{path.name}: belongs to no target"


def machine(out):
    """Programs are of the architecture that was asked for."""
    for path in out.programs():
        found = re.search(r"Machine: +(.*)", tool("readelf", "-h", path))
        if not found or found.group(1) != MACHINES[out.build.architecture]:
            yield (f"{path.name}: expected {MACHINES[out.build.architecture]}, "
                   f"readelf says {found.group(1) if found else 'nothing'}")


def libraries(out):
    """What the run image does not have is linked in whole."""
    for path in out.programs():
        text = tool("readelf", "-d", path)
        needed = re.findall(r"\(NEEDED\)[^\[]*\[([^\]]+)\]", text)
        if not needed:
            yield f"{path.name}: readelf names no library, expected the C library at least"
        for name in needed:
            if not LIBRARIES.fullmatch(name) and name not in out.build.libraries:
                yield f"{path.name}: needs {name}, which the run image need not have"
        if re.search(r"\((RPATH|RUNPATH)\)", text):
            yield f"{path.name}: looks for libraries in a folder of the build"


def seeds(out, corpus):
    """Zips are flat, hold something, and hold the corpus: `corpus` gives the octets of a target."""
    for target in out.targets:
        path = out.folder / f"{target}_seed_corpus.zip"
        try:
            with zipfile.ZipFile(path) as archive:
                held = {info.filename: archive.read(info) for info in archive.infolist()}
        except (OSError, zipfile.BadZipFile) as wrong:
            yield f"{path.name}: {wrong}"
            continue
        if not held:
            yield f"{path.name}: is empty"
        for name, octets in held.items():
            if name != hashlib.sha1(octets).hexdigest():
                yield f"{path.name}: {name}: expected a flat name, the SHA-1 of the octets"
        if set(held.values()) != corpus(target):
            yield f"{path.name}: does not hold what corpus/{target}/ holds"


def tokens(path):
    """How many entries a dictionary has. ValueError at a line that is none."""
    count = 0
    for number, line in enumerate(path.read_text(encoding="latin-1").splitlines(), 1):
        text = line.strip()
        if text and not text.startswith("#"):
            if not TOKEN.fullmatch(text):
                raise ValueError(f"{path.name}:{number}: expected NAME=\"TOKEN\": {text!r}")
            count += 1
    if not count:
        raise ValueError(f"{path.name}: has no entry")
    return count


def dictionaries(out, known):
    """Each parses; `known` tells whether a target has one."""
    for target in out.targets:
        path = out.folder / f"{target}.dict"
        if path.exists() != known(target):
            yield f"{path.name}: {'not there' if known(target) else 'not of the harness'}"
        elif path.exists():
            try:
                tokens(path)
            except ValueError as wrong:
                yield str(wrong)


def read_options(path):
    """libFuzzer's flags as parse_options.py makes them. ValueError if it cannot."""
    parser = configparser.ConfigParser()
    try:
        if not parser.read(path):
            raise ValueError(f"{path.name}: not there")
    except configparser.Error as wrong:
        raise ValueError(f"{path.name}: {str(wrong).splitlines()[0]}") from wrong
    for section in parser.sections():
        if section not in SECTIONS:
            raise ValueError(f"{path.name}: [{section}]: expected {', '.join(SECTIONS)}")
        for key, value in parser[section].items():
            # run_fuzzer hands them to a shell, unquoted.
            if not re.fullmatch(r"[a-z0-9_]+=[A-Za-z0-9_.,/-]+", f"{key}={value}"):
                raise ValueError(f"{path.name}: {key} = {value}: expected plain words")
    if not parser.has_section("libfuzzer"):
        raise ValueError(f"{path.name}: has no [libfuzzer]")
    return [f"-{key}={value}" for key, value in parser["libfuzzer"].items()]


def options(out):
    for target in out.targets:
        try:
            read_options(out.folder / f"{target}.options")
        except ValueError as wrong:
            yield str(wrong)


def calls(path):
    """Calls of each sanitizer's run-time in the code of a program."""
    found = re.findall(r"\bcallq?\s+[0-9a-f]+\s+<(__(?:asan|msan|ubsan|dfsan))",
                       tool("objdump", "-d", "--no-show-raw-insn", path))
    return {name: found.count(name) for name in OTHERS}


def sanitizers(out):
    """Programs are built with the sanitizer that was asked for, and with no other."""
    if out.build.sanitizer not in OWN:
        return
    own, least = OWN[out.build.sanitizer]
    most = OTHERS_I386 if out.build.architecture == "i386" else OTHERS
    programs = out.programs()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        all_calls = list(pool.map(calls, programs))
    for path, counted in zip(programs, all_calls):
        if counted[own] < least:
            yield f"{path.name}: {counted[own]} calls of {own}*, expected at least {least}"
        for name, limit in most.items():
            if name != own and counted[name] > limit:
                yield f"{path.name}: {counted[name]} calls of {name}*, expected at most {limit}"
