#!/usr/bin/python3
"""Size of the core and greatest stack of its functions, and whether both keep their limits.

    core/dist/size.py RESULT.json COMPILER... [--core DIR] [--form rooms|two-files]

Each compiler builds the core at -O2, generic, as a library of rooms and as the two files. Text is
what size(1) calls so: code and constants of all members; its limit is the library's, since in one
unit a compiler takes room for speed. Stack is the deepest chain of calls below each public
function, return addresses included: frames as the debugger's tables of the linked code tell them,
calls as the compiler wrote them down after inlining, and the red zone that the last function may
use below its frame. A call through a pointer, recursion or a frame of variable size has no bound
here, and fails. What the C library's memcpy and memset take is not counted; RESULT.json names them
where they are called.
Exit 1 if a limit is broken, 2 if something cannot be measured.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import origin
import two_files

TEXT_MAX = 48 * 1024
STACK_MAX = 2 * 1024
LIBRARY = "rooms"  # the form that is a static library
RED_ZONE = 128  # System V ABI for x86-64, section 3.2.2; no table tells who uses it
# As core.mk builds the library; -g changes no instruction, and has tables of frames written that no
# program carries.
FLAGS = ("-std=c11", "-ffreestanding", "-fno-asynchronous-unwind-tables", "-O2", "-g")


class Unmeasurable(Exception):
    """Why there is no figure."""


@dataclass
class Graph:
    """Which function calls which."""
    calls: dict = field(default_factory=dict)  # function: set of functions
    told: dict = field(default_factory=dict)   # function: octets of its frame, if it is said

    def add(self, caller, callee=None):
        known = self.calls.setdefault(base(caller), set())
        if callee is not None:
            known.add(base(callee))


def base(name):
    """A function's name without file and without the suffix of a part or copy of it."""
    return name.rsplit(":", 1)[-1].split(".", 1)[0]


def run(*command):
    try:
        ran = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                             check=False)
    except OSError as why:
        raise Unmeasurable(f"{command[0]}: {why.strerror}") from why
    if ran.returncode != 0:
        raise Unmeasurable(f"{' '.join(map(str, command))}: exit {ran.returncode}\n{ran.stderr}")
    return ran.stdout


def gcc_graph(compiler, source, made, graph):
    """Compiles a file; its calls stand in a .ci file (GCC manual, -fcallgraph-info)."""
    run(compiler, *FLAGS, "-fcallgraph-info=su", "-c", source, "-o", made)
    text = made.with_suffix(".ci").read_text()
    for title, label in re.findall(r'^node: \{ title: "([^"]+)" label: "([^"]+)"', text, re.M):
        octets = re.search(r"\\n(\d+) bytes \(([\w,]+)\)", label)
        if octets:
            graph.add(title)
            graph.told[base(title)] = max(int(octets[1]), graph.told.get(base(title), 0))
            if octets[2] == "dynamic":
                raise Unmeasurable(f"{source}: {base(title)}: a frame of variable size")
    for caller, callee in re.findall(r'^edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"', text,
                                     re.M):
        if callee == "__indirect_call":
            raise Unmeasurable(f"{source}: {base(caller)}: calls through a pointer")
        graph.add(caller, callee)


def clang_graph(compiler, source, made, graph):
    """Compiles a file; its calls are those of the optimized LLVM IR."""
    run(compiler, *FLAGS, "-c", source, "-o", made)
    caller = None
    for line in run(compiler, *FLAGS, "-S", "-emit-llvm", source, "-o", "-").split("\n"):
        define = re.match(r"define .*?@([\w.$]+)\(", line)
        if define:
            caller = define[1]
            graph.add(caller)
        elif re.match(r"\s+(%\S+ = )?((tail|musttail|notail) )?(call|invoke|callbr) ", line):
            callee = re.search(r"\s([@%])([\w.$]+)\(", line)
            if not callee or callee[1] == "%":
                raise Unmeasurable(f"{source}: {caller}: calls through a pointer: {line.strip()}")
            if not callee[2].startswith("llvm."):
                graph.add(caller, callee[2])


def symbols(path):
    """(address, kind, name)"""
    return re.findall(r"^([0-9a-f]*) *(\w) (\S+)$", run("nm", path), re.M)


def frames(image):
    """Greatest frame of each function, with its return address, from its unwinding table."""
    names = {int(at, 16): name for at, kind, name in symbols(image) if kind in "tT"}
    found = {}
    for entry in re.split(r"\n(?=[0-9a-f]{8,16} )", run("readelf", "--debug-dump=frames", image)):
        start = re.search(r" FDE .*pc=([0-9a-f]+)\.\.", entry)
        if not start:
            continue
        name = names.get(int(start[1], 16))
        if name is None:
            raise Unmeasurable(f"{image}: no function starts at {start[1]}")
        if re.search(r"DW_CFA_def_cfa_(register|expression)|DW_CFA_def_cfa:", entry):
            raise Unmeasurable(f"{image}: {name}: a frame of variable size")
        octets = max(map(int, re.findall(r"def_cfa_offset: (\d+)", entry)), default=8)
        found[base(name)] = max(octets, found.get(base(name), 0))
    return found


def deepest(function, graph, frame, above=()):
    """(octets, chain of functions) of the deepest chain of calls that starts with a function."""
    if function in above:
        raise Unmeasurable(f"{' -> '.join([*above[above.index(function):], function])}: recursion")
    if function not in graph.calls:
        return 0, []  # not ours: measure() names it
    if function not in frame:
        raise Unmeasurable(f"{function}: no unwinding table tells its frame")
    below = [deepest(callee, graph, frame, (*above, function))
             for callee in sorted(graph.calls[function])]
    octets, chain = max(below, default=(0, []), key=lambda found: found[0])
    return max(frame[function], graph.told.get(function, 0)) + octets, [function, *chain]


def section_sizes(library):
    """(text as size(1) sums it, .text alone) over all members."""
    rows = re.findall(r"^ *(\d+)\s+\d+\s+\d+\s+\d+\s+[0-9a-f]+\s", run("size", library), re.M)
    code = re.findall(r"^\.text\S*\s+(\d+)", run("size", "-A", library), re.M)
    return sum(map(int, rows)), sum(map(int, code))


def measure(compiler, sources, work):
    """The figures of one build of the core."""
    work.mkdir(parents=True)
    graph, made = Graph(), []
    trace = clang_graph if "clang" in Path(compiler).name else gcc_graph
    for source in sources:
        made.append(work / f"{source.stem}.o")
        trace(compiler, source, made[-1], graph)
    library, image = work / "libupheld.a", work / "image"
    run("ar", "rcs", library, *made)
    run("ld", "-e", "0", "--unresolved-symbols=ignore-all", *made, "-o", image)
    frame = frames(image)
    public = sorted(name for _, kind, name in symbols(image)
                    if kind == "T" and name.startswith("upheld_"))
    if not public:
        raise Unmeasurable(f"{library}: no public function in it")
    text, code = section_sizes(library)
    stack = []
    for function in public:
        octets, chain = deepest(function, graph, frame)
        stack.append({"function": function, "octets": octets + RED_ZONE, "chain": chain})
    foreign = sorted({name for names in graph.calls.values() for name in names} |
                     {name for _, kind, name in symbols(image) if kind == "U"})
    return {"compiler": compiler, "version": run(compiler, "--version").split("\n")[0],
            "text": text, "code": code, "stack": stack,
            "not_counted": [name for name in foreign if name not in graph.calls]}


def judged(form, found):
    """The figures with what is wrong with them; prints both."""
    top = max(found["stack"], key=lambda row: row["octets"])
    broken = []
    if form == LIBRARY and found["text"] >= TEXT_MAX:
        broken.append(f"text: {found['text']} octets; expected less than {TEXT_MAX}")
    broken += [f"stack: {row['function']}: {row['octets']} octets; expected less than {STACK_MAX}"
               f" ({' -> '.join(row['chain'])})"
               for row in found["stack"] if row["octets"] >= STACK_MAX]
    print(f"{found['compiler']:9} {form:9} text {found['text']:6} (code {found['code']:6})  "
          f"stack {top['octets']:5}  {' -> '.join(top['chain'])}")
    for line in broken:
        print(f"{found['compiler']} {form}: {line}")
    return {"form": form, **found, "broken": broken}


def measure_all(core, compilers, form, work):
    (work / "two").mkdir(parents=True)
    for name, text in two_files.fold(core).items():
        (work / "two" / name).write_text(text, encoding="ascii")
    forms = {LIBRARY: sorted(core.glob("*.c")), "two-files": [work / "two/upheld.c"]}
    return [judged(name, measure(compiler, sources, work / Path(compiler).name / name))
            for compiler in compilers for name, sources in forms.items() if form in (None, name)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("result", type=Path)
    parser.add_argument("compilers", nargs="+", metavar="COMPILER")
    parser.add_argument("--core", type=Path, default=origin.ROOT / "core")
    parser.add_argument("--form", choices=(LIBRARY, "two-files"), help="only this one")
    options = parser.parse_args()
    print(f"octets; limits: text {TEXT_MAX}, stack {STACK_MAX}; -O2")
    try:
        with tempfile.TemporaryDirectory() as work:
            subjects = measure_all(options.core, options.compilers, options.form, Path(work))
    except two_files.Clash as clash:
        print(clash, file=sys.stderr)
        return 1
    except (Unmeasurable, two_files.c_text.Unreadable, OSError, UnicodeError) as why:
        print(f"size.py: {why}", file=sys.stderr)
        return 2
    failed = sum(bool(subject["broken"]) for subject in subjects)
    result = {"limits": {"text": TEXT_MAX, "stack": STACK_MAX}, "flags": list(FLAGS),
              "subjects": subjects, "passed": len(subjects) - failed, "failed": failed}
    options.result.parent.mkdir(parents=True, exist_ok=True)
    new = options.result.with_name(options.result.name + ".new")
    new.write_text(json.dumps(result, indent=1) + "\n")
    os.replace(new, options.result)
    print(f"size: {len(subjects) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
