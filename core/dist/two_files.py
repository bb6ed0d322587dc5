#!/usr/bin/python3
"""Folds the core into two files, upheld.c and upheld.h.

    core/dist/two_files.py FOLDER [--core DIR]

Each file of core/ comes behind those that it includes. ACSL is left out, include guards and our
own includes fall away, tables (.def) stand where they were included, and what only the core
shares becomes static. Two files that define the same name are told apart by no compiler here, so
that is an error: FILE:LINE of both, exit 1. Exit 2 for what cannot be read or written.
"""
import argparse
import hashlib
import re
import sys
from pathlib import Path

import c_text
import origin

PUBLIC = "upheld.h"
# What a freestanding C11 compiler has (C11 section 4); nothing else may be included.
FREESTANDING = {"float.h", "iso646.h", "limits.h", "stdalign.h", "stdarg.h", "stdbool.h",
                "stddef.h", "stdint.h", "stdnoreturn.h"}
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"][^\n]*\n', re.M)


class Clash(Exception):
    """Names that would meet in one translation unit; a line for each."""


class Core:
    """The files of a core/ as a compiler sees them, and who includes whom."""

    def __init__(self, folder):
        self.folder = Path(folder)
        found = sorted(p.name for kind in ("*.c", "*.h", "*.def") for p in self.folder.glob(kind))
        if PUBLIC not in found:
            raise c_text.Unreadable(f"{self.folder}: no {PUBLIC} in it; expected the folder core/")
        self.raw = {name: (self.folder / name).read_text(encoding="ascii") for name in found}
        self.text = {name: c_text.without_frama_c(c_text.without_contracts(raw), name)
                     for name, raw in self.raw.items()}
        self.uses = {name: self.includes(name) for name in found}
        self.order = []
        for name in self.bottom_up():
            self.visit(name, ())

    def includes(self, name):
        """Our own files that a file includes; the system's must be freestanding."""
        own = []
        for found in INCLUDE.finditer(self.text[name]):
            where = f"{self.folder / name}: {found.group().strip()}"
            if found[1] == "<" and found[2] not in FREESTANDING:
                raise c_text.Unreadable(f"{where}: not a header of freestanding C11")
            if found[1] == '"' and found[2] not in self.raw:
                raise c_text.Unreadable(f"{where}: no such file in {self.folder}")
            if found[1] == '"':
                own.append(found[2])
        return own

    def reach(self, name):
        """Every file that a file includes, itself and indirectly included ones too."""
        found, todo = set(), [name]
        while todo:
            next_name = todo.pop()
            if next_name not in found:
                found.add(next_name)
                todo += self.uses[next_name]
        return found

    def bottom_up(self):
        """The .c files, those that rest on the fewest others first."""
        return sorted((name for name in self.raw if name.endswith(".c")),
                      key=lambda name: (len(self.reach(name)), name))

    def visit(self, name, path):
        """Puts a file behind everything that it includes."""
        if name in path:
            circle = " -> ".join([*path[path.index(name):], name])
            raise c_text.Unreadable(f"{self.folder}: files that include each other: {circle}")
        if name in self.order:
            return
        for used in self.uses[name]:
            self.visit(used, (*path, name))
        self.order.append(name)

    def where(self, name, pattern):
        """FILE:LINE of the first line of a file that matches."""
        found = re.search(pattern, c_text.blanked(self.raw[name]), re.M)
        return f"{self.folder / name}:{c_text.line_of(self.raw[name], found.start())}"


def definitions(core, name):
    """(namespace, name, what it is) of everything that a file defines for the whole unit."""
    for found in c_text.chunks(core.text[name]):
        if found.kind in ("function", "object"):
            yield "name", found.name, "static name" if found.static else "name"
        elif found.kind == "typedef":
            yield "name", found.name, "type"
        elif found.kind == "tag" and found.name:
            yield "tag", found.name.split()[1], "tag"
        for constant in found.constants:
            yield "name", constant, "constant"
    for macro, _ in c_text.macros(core.text[name]):
        yield "name", macro, "macro"


def clashes(core):
    """Breaches: a name that two files define, and a macro that would rewrite another file."""
    owner, found, defined = {}, [], {}
    for name in core.order:
        for space, word, kind in definitions(core, name):
            first = owner.setdefault((space, word), name)
            if first != name:
                here, there = (core.where(f, rf"\b{word}\b") for f in (name, first))
                found.append(f"{here}: {kind} '{word}' is also defined in {there}; in one "
                             "translation unit they meet: give one another name")
            if kind == "macro":
                defined[word] = name
    for name in core.order:
        reach = core.reach(name)
        for word in sorted(set(c_text.IDENTIFIER.findall(c_text.blanked(core.text[name])))):
            maker = defined.get(word)
            taken = maker is None or maker in reach or owner.get(("name", word)) != maker
            if not taken and not defines(core, name, word):
                here = core.where(name, rf"\b{word}\b")
                found.append(f"{here}: '{word}' would be rewritten by the macro of "
                             f"{core.folder / maker}: give one another name")
    return found


def defines(core, name, word):
    """Whether a file defines this name for itself, which the first check reports."""
    return any(word == other for _, other, _ in definitions(core, name))


def digest(core):
    """SHA-256 over names and contents, as sha256sum prints and sums them (see banner)."""
    total = hashlib.sha256()
    for suffix in (".c", ".def", ".h"):
        for name in sorted(n for n in core.raw if n.endswith(suffix)):
            one = hashlib.sha256(core.raw[name].encode("ascii")).hexdigest()
            total.update(f"{one}  {name}\n".encode())
    return total.hexdigest()


def banner(core, root, name):
    made = origin.origin(root)
    return (f"/* {name} of upheld {origin.version(root)}: made by core/dist/two_files.py from the "
            f"folder core/ of commit\n * {made.commit}; change that and not this "
            "file.\n *\n"
            " * Left out are the ACSL contracts: they stand before each function in core/, the\n"
            " * specification that they refer to in proofs/spec/, and `make prove` proves the\n"
            " * one against the other. In the folder core/ of that commit\n"
            " *     LC_ALL=C sha256sum *.c *.def *.h | sha256sum\n"
            f" * prints {digest(core)}.\n */\n")


def with_tables(core, text):
    """The text with each table where it is included, without the table's own comments."""
    def table(found):
        if found[1] == '"' and found[2].endswith(".def"):
            rows = re.sub(r"/\*.*?\*/\s*\n?", "", core.text[found[2]], flags=re.S)
            return rows.strip("\n") + "\n"
        return found.group()
    return INCLUDE.sub(table, text)


def without_own_includes(text):
    """(text, system headers): no include is left."""
    system = {found[2] for found in INCLUDE.finditer(text) if found[1] == "<"}
    return INCLUDE.sub("", text), system


def private(text):
    """What only the core shares, static; declarations of public functions, which upheld.h has,
    taken out."""
    for found in reversed(list(c_text.chunks(text))):
        public = found.name.startswith("upheld_")
        if found.kind == "prototype" and public:
            text = text[:found.start] + text[found.end:]
        elif found.kind in ("function", "prototype", "object") and not (public or found.static):
            text = text[:found.start] + static_word(text[found.start:]) + text[found.start:]
    return text


def static_word(declaration):
    """`static` before a declaration; on a line of its own where it would move or widen others."""
    first = declaration.split("\n", 1)[0]
    alone = not first.endswith((";", "{", ")")) or len(f"static {first}") > 100
    return "static\n" if alone else "static "


def tidy(text):
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"


def header(core, root):
    own = [used for used in core.uses[PUBLIC] if not used.endswith(".def")]
    if own:
        raise c_text.Unreadable(f"{core.folder / PUBLIC}: includes {own[0]}; the public header "
                                "may include tables and the system's headers only")
    return banner(core, root, PUBLIC) + tidy(with_tables(core, core.text[PUBLIC]))


def source(core, root):
    parts, system = [], set()
    for name in core.order:
        if name.endswith(".def"):
            continue
        body, found = without_own_includes(with_tables(core, core.text[name]))
        system |= found
        if name == PUBLIC:
            continue
        body = tidy(private(c_text.without_guard(body)))
        if c_text.blanked(body).strip():
            parts.append(f"/* ---- core/{name} ---- */\n\n{body}")
    includes = "".join(f"#include <{name}>\n" for name in sorted(system))
    return (banner(core, root, "upheld.c") + f'#include "{PUBLIC}"\n\n{includes}\n' +
            "\n".join(parts))


def fold(folder, root=origin.ROOT):
    """{name: text} of the two files."""
    core = Core(folder)
    found = clashes(core)
    if found:
        raise Clash("\n".join(found))
    return {PUBLIC: header(core, root), "upheld.c": source(core, root)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path, help="where the two files go")
    parser.add_argument("--core", type=Path, default=origin.ROOT / "core")
    options = parser.parse_args()
    try:
        made = fold(options.core)
        options.folder.mkdir(parents=True, exist_ok=True)
        for name, text in made.items():
            (options.folder / name).write_text(text, encoding="ascii")
    except Clash as clash:
        print(clash, file=sys.stderr)
        return 1
    except (c_text.Unreadable, OSError, UnicodeError) as why:
        print(f"two_files.py: {why}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
