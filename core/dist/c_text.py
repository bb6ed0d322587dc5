"""c_text.py: reads C text: what is comment, what is meant for Frama-C alone, which names a file
defines. Knows the shape that clang-format gives the core, and says so where it finds another.
"""
import re
from dataclasses import dataclass

TOKEN = re.compile(r"""/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.S)
DIRECTIVE = re.compile(r"^[ \t]*#[^\n]*(?:(?<=\\)\n[^\n]*)*", re.M)
IDENTIFIER = re.compile(r"\b[A-Za-z_]\w*\b")
FRAMA_C = re.compile(r"#\s*(?:ifdef\s+__FRAMAC__|ifndef\s+__FRAMAC__)\s*$")


class Unreadable(Exception):
    """A file that this reader does not understand, with the line."""


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def blanked(text):
    """The text with comments, and what stands in quotes, as spaces; every offset stays."""
    def blank(match):
        word = match.group()
        inside = re.sub(r"[^\n]", " ", word[1:-1])
        return word[0] + inside + word[-1] if word[0] in "\"'" else f" {inside} "
    return TOKEN.sub(blank, text)


def without_contracts(text):
    """The text without ACSL: comments that start with @, and the lines that hold nothing else."""
    def drop(match):
        return "\0" if match.group()[2:3] == "@" else match.group()
    text = TOKEN.sub(drop, text)
    text = re.sub(r"^[ \t]*\0(?:[ \t]*\0)*[ \t]*\n", "", text, flags=re.M)
    return re.sub(r"[ \t]*\0", "", text)


def without_frama_c(text, name):
    """The text as a compiler sees it: no branch that __FRAMAC__ opens."""
    kept, open_ifs = [], []  # one entry for each open #if: None, or whether its branch is kept
    for number, line in enumerate(text.split("\n"), 1):
        word = re.match(r"\s*#\s*(if|ifdef|ifndef|else|elif|endif)\b", line)
        ours = False
        if word and word[1].startswith("if"):
            ours = bool(FRAMA_C.match(line.strip()))
            if "__FRAMAC__" in line and not ours:
                raise Unreadable(f"{name}:{number}: expected #ifdef __FRAMAC__ or #ifndef "
                                 f"__FRAMAC__ alone on the line, found '{line.strip()}'")
            open_ifs.append(("ifndef" in word[1]) if ours else None)
        elif word and open_ifs and open_ifs[-1] is not None:
            ours = True
            if word[1] == "elif":
                raise Unreadable(f"{name}:{number}: #elif of __FRAMAC__ is not understood")
            if word[1] == "else":
                open_ifs[-1] = not open_ifs[-1]
        if all(state is not False for state in open_ifs) and not ours:
            kept.append(line)
        if word and word[1] == "endif":
            if not open_ifs:
                raise Unreadable(f"{name}:{number}: #endif without #if")
            open_ifs.pop()
    if open_ifs:
        raise Unreadable(f"{name}: {len(open_ifs)} #if without #endif")
    return "\n".join(kept)


def without_guard(text):
    """The text of a header without its include guard; others as they are."""
    guard = re.search(r"^#ifndef (\w+_H)\n#define \1\n", text, re.M)
    if not guard:
        return text
    text = text[:guard.start()] + text[guard.end():]
    return text.rstrip().removesuffix("#endif")


@dataclass(frozen=True)
class Chunk:
    """One declaration or definition at file scope."""
    start: int
    end: int
    kind: str  # function, prototype, tag, typedef, object or other
    name: str
    static: bool
    constants: tuple  # of an enum


def chunks(text):
    """The file-scope declarations of a text, in order."""
    code = DIRECTIVE.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), blanked(text))
    code = re.sub(r'extern\s+"[^"]*"\s*\{', lambda m: " " * len(m.group()), code)
    # A macro alone on a line declares nothing: it is a pragma.
    code = re.sub(r"^[A-Z][A-Z0-9_]*$", lambda m: " " * len(m.group()), code, flags=re.M)
    start, depth, body = None, 0, None
    for at, c in enumerate(code):
        if start is None:
            if c.isspace() or c == "}":  # the end of extern "C"
                continue
            start, body = at, None
        if c in "({[":
            if c == "{" and depth == 0 and body is None:
                body = at
            depth += 1
        elif c in ")}]":
            depth -= 1
        if depth == 0 and (c == ";" or (c == "}" and is_function(code[start:body]))):
            yield chunk(code, start, at + 1, body)
            start = None


def is_function(head):
    return head is not None and head.rstrip().endswith(")") and "=" not in head


def chunk(code, start, end, body):
    """The chunk code[start:end], whose first brace is at `body`."""
    head = code[start:body if body is not None else end - 1]
    static = bool(re.search(r"\bstatic\b", head))
    call = re.match(r"[^(=]*?(\w+)\s*\(", head)
    if call and call[1] not in ("_Static_assert", "static_assert", "_Alignas"):
        kind = "function" if body is not None and is_function(head) else "prototype"
        if kind == "function" or "=" not in head:
            return Chunk(start, end, kind, call[1], static, ())
    if call and call[1] in ("_Static_assert", "static_assert"):
        return Chunk(start, end, "other", "", static, ())
    if re.match(r"\s*typedef\b", head):
        last = IDENTIFIER.findall(re.sub(r"\[[^]]*\]", "", code[start:end]))[-1]
        return Chunk(start, end, "typedef", last, False, ())
    tag = re.fullmatch(r"\s*(struct|union|enum)\s*(\w*)\s*", head)
    if tag and body is not None:
        inside = code[body + 1:code.rindex("}", body, end)]
        constants = ()
        if tag[1] == "enum":
            plain = DIRECTIVE.sub("", inside)
            constants = tuple(found[1] for found in map(
                re.compile(r"\s*(\w+)").match, plain.split(",")) if found)
        return Chunk(start, end, "tag", f"{tag[1]} {tag[2]}" if tag[2] else "", static, constants)
    rest = re.sub(r"\{.*\}", "", code[start:end], flags=re.S).split("=")[0]
    names = IDENTIFIER.findall(re.sub(r"\[[^]]*\]", "", rest))
    return Chunk(start, end, "object", names[-1] if names else "", static, ())


def macros(text):
    """(name, offset) of each macro that is still defined where the text ends."""
    found = {}
    for directive in DIRECTIVE.finditer(blanked(text)):
        word = re.match(r"\s*#\s*(define|undef)\s+(\w+)", directive.group())
        if word and word[1] == "define":
            found.setdefault(word[2], directive.start())
        elif word:
            found.pop(word[2], None)
    return sorted(found.items())


@dataclass(frozen=True)
class Clause:
    """A row of clauses.def."""
    name: str
    id: str
    status: int
    text: str


def clauses(table):
    """The rows of a table of clauses: a C name, strings of which the first is the id and the last
    the text, and perhaps a number, the status."""
    found = []
    for row in re.finditer(r"^(UPHELD_\w+)\(", blanked(table), re.M):
        end = closing(blanked(table), row.end())
        words = arguments(table[row.end():end])
        strings = [re.sub(r'"\s*"', "", word)[1:-1] for word in words if word.startswith('"')]
        numbers = [int(word) for word in words if word.isdigit()]
        if len(strings) < 2 or not re.fullmatch(r"\w+", words[0]):
            raise Unreadable(f"clauses.def:{line_of(table, row.start())}: expected "
                             f'{row[1]}(NAME, "ID", ..., "text")')
        found.append(Clause(words[0], strings[0], (numbers or [0])[0], strings[-1]))
    if not found:
        raise Unreadable("clauses.def: no row UPHELD_CLAUSE(...) in it")
    return found


def clause_ids(folder):
    """The ids of all rows of all tables in a folder and below, sorted."""
    found = set()
    for path in sorted(folder.rglob("*.def")):
        table = path.read_text(encoding="ascii")
        for row in re.finditer(r'^UPHELD_\w+\([^"]*"([\w.-]+)"', table, re.M):
            found.add(row[1])
    return sorted(found)


def closing(code, at):
    """Where the parenthesis ends whose inside starts at `at`."""
    depth = 1
    while depth > 0 and at < len(code):
        depth += {"(": 1, ")": -1}.get(code[at], 0)
        at += 1
    return at - 1


def arguments(text):
    """The arguments of a macro, split at commas outside of quotes and parentheses."""
    code, depth, parts, start = blanked(text), 0, [], 0
    for at, c in enumerate(code):
        depth += {"(": 1, ")": -1}.get(c, 0)
        if c == "," and depth == 0:
            parts.append(text[start:at].strip())
            start = at + 1
    return [*parts, text[start:].strip()]
