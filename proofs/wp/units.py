"""Which C files are proved, and which functions with which file."""

import functools
import pathlib
import re

from . import framac, toolchain


def select(names, machdep=framac.MACHDEPS[0]):
    """The named files, or every C file directly in core/, for one machine."""
    if names:
        paths = [pathlib.Path(name) for name in names]
    else:
        paths = sorted((toolchain.ROOT / "core").glob("*.c"))
    if not paths:
        raise toolchain.ProofError("core/*.c: no file; expected the core's sources")
    for path in paths:
        if not path.is_file() or path.suffix != ".c":
            raise toolchain.ProofError(f"{path}: expected a C file that exists")
    return [framac.Unit(path, machdep=machdep) for path in paths]


@functools.cache
def inline_functions(directory):
    """Name of inline function -> header, for all headers of a directory."""
    form = re.compile(r"\bstatic\s+inline\b[^;{}()]*?(\w+)\s*\(")
    return {name: path for path in sorted(directory.glob("*.h"))
            for name in form.findall(path.read_text(encoding="utf-8"))}


def proved_elsewhere(unit, program):
    """Inline functions of a header x.h are proved with x.c, once, not with every user of x.h."""
    headers = inline_functions(unit.path.resolve().parent)
    elsewhere = []
    for function in program.defined():
        header = headers.get(function.name)
        if header and header.with_suffix(".c").is_file() and header.stem != unit.path.stem:
            elsewhere.append(function.name)
    return elsewhere
