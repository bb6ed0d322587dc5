"""changes.py: which functions have to be proved anew, since a patch changes them.

A file is cut into its items by its tokens: functions, and what else has a name (constants, tables,
macros, prototypes). A function that the patch changes is to be proved; of a name that it changes,
each function whose code names it, or names another one that is made of it: first those that only
the proof has, which say what constant arrays hold. What they say may be a macro of proofs/spec/.
"""
import re
from dataclasses import dataclass

from mutants import anew, text
from wp import toolchain

ANNOTATION = re.compile(r"/\*@.*?\*/|//@[^\n]*", re.S)
DEFINE = re.compile(r"[ \t]*#[ \t]*define[ \t]+(\w+)(.*)", re.S)
SPECIFICATION = re.compile(r'^[ \t]*#[ \t]*include[ \t]+"\.\./(proofs/spec/[^"]+)"', re.M)
GHOST_FUNCTION = re.compile(r"^/\*@ ghost\n(\s*/@.*?@/)(.*?\w\s*\(.*?)\*/", re.S | re.M)
TYPES = ("struct", "union", "typedef")
GHOST, FUNCTION, NAME, TYPE = "ghost", "function", "name", "type"


class Unknown(Exception):
    """A change of which it cannot be told what has to be proved: which file, and why."""


@dataclass(frozen=True)
class Proved:
    """A function, and the C file with which it is proved."""
    function: str
    file: str


def macros(content):
    """(kind, name) -> words, for each #define."""
    found = {}
    for match in text.DIRECTIVE.finditer(text.blank_comments(content)):
        define = DEFINE.match(match[0])
        if define:
            found.setdefault((NAME, define[1]), []).extend(re.findall(r"\w+|\S", define[2]))
    return found


def ghosts(content):
    """(kind, name) -> words, contract included, for each function that is for the proof alone."""
    found = {}
    for contract, code in GHOST_FUNCTION.findall(content):
        words = re.findall(r"\w+|\S", code)
        found[(GHOST, first_name(words, "("))] = re.findall(r"\w+|\S", contract) + words
    return found


def first_name(words, before):
    """The last name in front of one of some signs that stands outside of brackets, or ''."""
    last, depth = "", 0
    for word in words:
        if depth == 0 and word in before:
            return last
        depth += (word in "([{") - (word in ")]}")
        if depth == 0 and re.match(r"[A-Za-z_]", word):
            last = word
    return last


def enumerators(words):
    """name -> words, for each constant of an enum."""
    found, name = {}, ""
    for word in words[words.index("{") + 1:]:
        if word in (",", "}"):
            name = ""
        elif not name:
            name, found[word] = word, []
        else:
            found[name].append(word)
    return found


def declared(words):
    """(kind, name) -> words, for what ends in `;` at the top of a file."""
    if "enum" in words[:2] and "{" in words:
        return {(NAME, name): value for name, value in enumerators(words).items()}
    if words[0] in TYPES and ("{" in words or words[0] == "typedef"):
        return {(TYPE, first_name(words, "{;")): words}
    name = first_name(words, "=[(;")
    return {(NAME, name): words} if name else {}


def items(name, content):
    """(kind, name) -> words, for all that a file defines or declares."""
    found, words, depth, body = {**macros(content), **ghosts(content)}, [], 0, False
    for token in text.Source(name, content).tokens:
        if token.text == "{" and depth == 0:
            body = bool(words) and words[-1] == ")" and "=" not in words
        depth += (token.text in "([{") - (token.text in ")]}")
        words.append(token.text)
        if depth == 0 and (token.text == ";" or token.text == "}" and body):
            made = {(FUNCTION, first_name(words, "(")): words} if body else declared(words)
            for key, value in made.items():
                found.setdefault(key, []).extend(value)
            words, body = [], False
    return found


def differing(name, before, after):
    """Functions and other names that differ between two texts of a file."""
    if ANNOTATION.findall(before) != ANNOTATION.findall(after):
        raise Unknown(f"{name}: a contract or another annotation is changed; a plant is to change "
                      "code alone")
    old, new = items(name, before), items(name, after)
    keys = [key for key in {**new, **old} if old.get(key) != new.get(key)]
    types = [word for kind, word in keys if kind == TYPE]
    if types:
        raise Unknown(f"{name}: the type {types[0]} is changed; which functions that concerns is "
                      "not looked for")
    if not keys:
        raise Unknown(f"{name}: no function and no constant is changed that could be told")
    functions = [word for kind, word in keys if (kind, word) in new and kind == FUNCTION]
    return functions, {word for kind, word in keys if kind == NAME}


def made_of(names, parts):
    """The names, and those of other constants and macros that are made of them."""
    found, grown = set(), set(names)
    while grown != found:
        found = set(grown)
        grown |= {word for each in parts.values() for (kind, word), words in each.items()
                  if kind == NAME and found & set(words)}
    return grown


def places(file, users):
    """The C files with which the functions of a file are proved, as proofs/wp/units.py has it."""
    own = anew.room(file)
    return [f"core/{own.name}"] if own.is_file() else [f"core/{name}" for name in users[file]]


def reached(file, users):
    """The files in which a name of a file can stand: itself and, of a header, who includes it."""
    if file.endswith(".c"):
        return [file]
    rooms = {f"core/{name}" for name in users.get(file, ())}
    return sorted(rooms | {other for other in users if other.startswith("core/") and
                           rooms & {f"core/{name}" for name in users[other]}})


def specified(files):
    """file -> its macros, for each file of the specification that these include by themselves."""
    named = {name for file in files for name in SPECIFICATION.findall(
        (toolchain.ROOT / file).read_text(encoding="utf-8"))}
    return {name: macros((toolchain.ROOT / name).read_text(encoding="utf-8"))
            for name in sorted(named)}


def to_prove(changed, users):
    """What has to be proved anew, the changed functions first. `changed`: file -> its text with
    the plant; `users`: header -> the C files that include it."""
    found, later = [], []
    for file, after in changed.items():
        path = toolchain.ROOT / file
        functions, names = differing(file, path.read_text(encoding="utf-8"), after)
        found += [Proved(one, room) for one in functions for room in places(file, users)]
        if names:
            parts = {name: items(name, changed.get(name) or (toolchain.ROOT / name).read_text(
                encoding="utf-8")) for name in reached(file, users)}
            names = made_of(names, parts | specified(parts))
            later += [Proved(word, room) for wanted in (GHOST, FUNCTION)
                      for name, each in parts.items()
                      for (kind, word), words in each.items() for room in places(name, users)
                      if kind == wanted and names & set(words)]
    chosen = list(dict.fromkeys(found + later))
    if not chosen:
        raise Unknown(f"{', '.join(changed)}: no function names what the patch changes")
    return chosen
