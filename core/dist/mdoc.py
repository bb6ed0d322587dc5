"""mdoc.py: text as mdoc(7): escapes, sentences, lists of parameters."""
import re
import textwrap
import time


def escape(text):
    text = text.replace("\\", "\\e")
    return re.sub(r"^([.'])", r"\\&\1", text)


def argument(text):
    """One argument of a macro."""
    return '"' + text.replace("\\", "\\e").replace('"', '""') + '"'


def filled(text):
    """Lines of running text; each sentence, and each function, on a line of its own."""
    made = []
    text = re.sub(r"\s+", " ", text).strip()
    for part in re.split(r"(?<=[.!?]) (?=[^a-z])|(\bupheld_\w+\(\)[.,;:]?)", text):
        function = re.fullmatch(r"(upheld_\w+)\(\)([.,;:]?)", part or "")
        if function:
            made.append(f".Fn {' '.join(filter(None, function.groups()))}")
        elif part and part.strip():
            # Neither a word nor a path is broken.
            made += map(escape, textwrap.wrap(part.strip(), 78, break_long_words=False,
                                              break_on_hyphens=False))
    return made


def literal(lines):
    return [".Bd -literal -offset indent", *map(escape, lines), ".Ed"]


def listed(items):
    """A tagged list of (tag, text)."""
    made = [".Bl -tag -width Ds"]
    for tag, text in items:
        made += [f".It {tag}", *filled(text)]
    return [*made, ".El"]


def parameters(lines):
    """(names, text) of lines such as `out, size   what they are`, or None if some line is not."""
    items = []
    for line in lines:
        start = re.match(r"(\w+(?:, \w+)*)\s{2,}(\S.*)", line)
        if start:
            items.append([start[1], start[2]])
        elif items and line.startswith("  "):
            items[-1][1] += " " + line.strip()
        else:
            return None
    return items


def prose(text):
    """Running text, blank lines between paragraphs, lists of parameters, indented displays."""
    made = []
    for block in re.split(r"\n[ \t]*\n", text.strip("\n")):
        lines = block.split("\n")
        items = parameters(lines)
        if items:
            made += listed((f"Fa {names.replace(',', ' ,')}", what) for names, what in items)
        elif any(line.startswith("  ") for line in lines):
            made += literal(lines)
        else:
            made += [".Pp", *filled(block)]
    return made


def page(name, section, seconds, body):
    date = time.strftime("%B %d, %Y", time.gmtime(seconds)).replace(" 0", " ")
    head = [f".Dd {date}", f".Dt {name.upper()} {section}", ".Os"]
    return "\n".join([*head, *paragraphs(body)]) + "\n"


def paragraphs(lines):
    """The lines without breaks where there is one already."""
    made = []
    for line in lines:
        if made and made[-1] == ".Pp" and re.match(r"\.(Pp|Bl|Bd|Dl|Sh|Ss)\b", line):
            made.pop()
        if line != ".Pp" or not re.match(r"\.(Sh|Ss)\b", made[-1] if made else ".Sh"):
            made.append(line)
    return made
