#!/usr/bin/python3
"""Writes the manual pages: upheld(3) from upheld.h, upheld(1) from what the command says.

    core/dist/man.py 3 < core/upheld.h
    core/dist/man.py 1 < what `upheld --help` prints

Prints mdoc(7). Exit 2 for text of another form than usage.py and this file expect.
"""
import re
import sys
from dataclasses import dataclass

import c_text
import mdoc
import origin
import usage

@dataclass
class Item:
    """Declarations that stand together, with the comment before them."""
    comment: str
    declarations: list  # (kind, text)


def comment_text(comment):
    """What a comment says, without its frame."""
    inside = re.sub(r"^/\*|\*/$", "", comment.strip())
    lines = [re.sub(r"^\s*\* ?", "", line) for line in inside.split("\n")]
    return "\n".join([lines[0].strip(), *lines[1:]]).rstrip()


def pieces(text):
    """(offset, end, kind) of comments, macros and declarations at file scope, in order."""
    inner = []
    for found in c_text.chunks(text):
        inner.append((found.start, found.end, found.kind))
    for found in c_text.DIRECTIVE.finditer(c_text.blanked(text)):
        if re.match(r"#define UPHELD_\w+ \S", text[found.start():]):
            inner.append((found.start(), found.end(), "macro"))
    spans = [span[:2] for span in inner]
    for found in c_text.TOKEN.finditer(text):
        inside = any(start <= found.start() < end for start, end in spans)
        if found.group().startswith("/*") and not inside:
            inner.append((found.start(), found.end(), "comment"))
    return sorted(inner)


def items(text):
    """The header's comments with what they stand before; a blank line ends what they are about."""
    found, last, begun = [], None, 0
    for start, end, kind in pieces(text):
        trailing = "\n" not in text[last or 0:start] and last is not None
        apart = last is None or "\n\n" in text[last:start]
        if kind == "comment" and trailing and found[-1].declarations:
            found[-1].declarations[-1] = (found[-1].declarations[-1][0], text[begun:end])
        elif kind == "comment":
            found.append(Item(comment_text(text[start:end]), []))
        else:
            if apart or not found:
                found.append(Item("", []))
            found[-1].declarations.append(declared(kind, text[start:end]))
            begun = start
        last = end
    return found


def declared(kind, text):
    """A declaration; of an inline function, what a prototype would say."""
    if kind != "function":
        return kind, text
    head = text[:c_text.blanked(text).index("{")]
    return "prototype", f"{head.replace('static inline ', '', 1).rstrip()};"


def prototype(text):
    """mdoc of one declaration of a function."""
    text = re.sub(r"\s+", " ", c_text.TOKEN.sub("", text)).strip().rstrip(";")
    found = re.fullmatch(r"(.*?)(\w+)\((.*)\)", text)
    if not found:
        raise usage.Unknown(f"upheld.h: expected a function's declaration, found '{text}'")
    return [f".Ft {mdoc.argument(found[1].strip())}", f".Fo {found[2]}",
            *(f".Fa {mdoc.argument(word.strip())}" for word in found[3].split(",")), ".Fc"]


def function_name(text):
    return re.search(r"(\w+)\s*\(", c_text.blanked(text))[1]


def display(text):
    """A type as it stands in the header, but for the table in it."""
    made = []
    for line in text.split("\n"):
        if "#include" in line:
            made.append("    /* one for each clause, as listed below */")
        elif not line.lstrip().startswith("#"):
            made.append(line)
    return mdoc.literal(made)


def told(found, kinds, shown):
    """What a section says: each comment, behind it what `shown` makes of its declarations."""
    for item in found:
        texts = [text for kind, text in item.declarations if kind in kinds]
        if texts:
            yield from [".Pp", *mdoc.prose(item.comment)]
            yield from shown(texts)


def functions_told(found):
    for item in found:
        texts = [text for kind, text in item.declarations if kind == "prototype"]
        if texts:
            yield from [".Pp", *(f".Fn {function_name(text)}" for text in texts)]
            yield from mdoc.prose(item.comment)


def clauses_told(rows):
    for row in rows:
        status = f" Status {row.status}." if row.status else ""
        yield f"Dv UPHELD_{row.name} Pq {row.id}", f"{row.text}.{status}"


def library_page(header, table, seconds):
    rows = c_text.clauses(table)
    found = items(header)
    if not found or found[0].declarations or not found[0].comment:
        raise usage.Unknown("upheld.h: expected a comment about the file first")
    functions = [text for item in found for kind, text in item.declarations if kind == "prototype"]
    if not functions:
        raise usage.Unknown("upheld.h: expected declarations of functions")
    names = [function_name(text) for text in functions]
    about = re.sub(r"^\w+\.h: ", "", found[0].comment)
    alone = [item.comment for item in found[1:] if not item.declarations]
    types = ("tag", "typedef", "object", "other")
    return mdoc.page("upheld", 3, seconds, [
        ".Sh NAME", *(f".Nm {name} ," for name in names[:-1]), f".Nm {names[-1]}",
        ".Nd the HTTP/1.1 Upgrade handshake, decided",
        ".Sh LIBRARY", "libupheld (upheld.pc, \\-lupheld)",
        ".Sh SYNOPSIS", ".In upheld.h", *(line for text in functions for line in prototype(text)),
        ".Sh DESCRIPTION", *mdoc.prose(about[0].upper() + about[1:]),
        *(line for comment in alone for line in mdoc.prose(comment)),
        ".Ss Functions", *functions_told(found),
        ".Ss Types", *told(found, types, lambda texts: (
            line for text in texts for line in display(text))),
        ".Ss Constants", *told(found, ("macro",), mdoc.literal),
        ".Ss Clauses", "Each decision names the clause that decided it.",
        "The status is the one that it is answered with, where there is one.",
        *mdoc.listed(clauses_told(rows)),
        ".Sh SEE ALSO", ".Xr upheld 1", ".Sh STANDARDS",
        "RFC 9110, RFC 9112 and RFC 6455; each clause names the section that it is from."])


def synopsis(verb):
    """mdoc of one line of the usage."""
    if len(verb.names) > 1:
        return [".Nm", ".Cm " + " | ".join(verb.names).replace("--", "\\-\\-")]
    made = [".Nm", f".Cm {verb.names[0]}"]
    for word in re.findall(r"\[[^]]*\]|\S+", verb.words.partition(" ")[2]):
        inside = word.strip("[]").split()
        marked = [f"Fl {part[1:]}" if part.startswith("--") else
                  f"Ar {part.replace('|', ' | ').replace('...', ' ...')}" for part in inside]
        made.append((".Op " if word.startswith("[") else ".") + " ".join(marked))
    return made


def command_page(text, seconds):
    help_ = usage.parse(text)
    body = [".Sh NAME", ".Nm upheld", f".Nd {help_.title}", ".Sh SYNOPSIS"]
    for verb in help_.verbs:
        body += synopsis(verb)
    body += [".Sh DESCRIPTION", ".Bl -tag -width Ds"]
    for verb in help_.verbs:
        if verb.text:
            body += [f".It Cm {verb.names[0]}", *mdoc.filled(sentence(" ".join(verb.text)))]
    body += [".El", *(line for block in help_.paragraphs
                      for line in [".Pp", *mdoc.prose("\n".join(block))])]
    body += [".Sh EXIT STATUS", *mdoc.filled(sentence(help_.exit)), ".Sh EXAMPLES",
             "What the octets of a file are decided to be, and which clause says so:",
             ".Pp", ".Dl upheld check request.http", ".Pp",
             "What that clause demands:", ".Pp", ".Dl upheld explain R6455-4.2.1-5",
             ".Sh SEE ALSO", ".Xr upheld 3"]
    return mdoc.page("upheld", 1, seconds, body)


def sentence(text):
    text = text[0].upper() + text[1:]
    return text if text.endswith(".") else text + "."


def main(arguments):
    if arguments not in (["1"], ["3"]):
        print("man.py: expected 1 or 3, and the text on standard input", file=sys.stderr)
        return 2
    made = origin.origin()
    try:
        if arguments == ["3"]:
            table = (origin.ROOT / "core/clauses.def").read_text()
            page = library_page(sys.stdin.read(), table, made.time)
        else:
            page = command_page(sys.stdin.read(), made.time)
    except (usage.Unknown, c_text.Unreadable, OSError) as why:
        print(f"man.py: {why}", file=sys.stderr)
        return 2
    sys.stdout.write(page)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
