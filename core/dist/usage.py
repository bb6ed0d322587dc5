"""usage.py: the verbs, options and operands of the command, as its own --help tells them.

The one source of the manual page's synopsis and of the completions. The help starts with
`upheld VERSION: what it is`, a blank line and the usage: a line `upheld VERB ...` for each verb,
its meaning indented below it. Paragraphs follow; the one that starts with `Exit:` comes last.
"""
import re
from dataclasses import dataclass, field


class Unknown(Exception):
    """Help that does not have this form."""


@dataclass
class Verb:
    words: str                                # what stands behind `upheld`
    text: list = field(default_factory=list)  # lines

    @property
    def names(self):
        """`check`; or all of `help | --help | --version`."""
        if " | " in self.words:
            return self.words.split(" | ")
        return [self.words.split()[0]]

    @property
    def options(self):
        """(name, what its value is called, or empty) of each `[--name VALUE]` and `[--name]`."""
        return re.findall(r"\[(--[\w-]+)(?: ([^]]+))?\]", self.words)

    @property
    def operand(self):
        """What the last operand is called, such as FILE or CLAUSE; empty for none."""
        last = re.search(r"(?:^|[\s[])([A-Z]+)[\w.|-]*\]?$", self.words)
        return last[1] if last else ""


@dataclass
class Help:
    version: str
    title: str
    verbs: list
    paragraphs: list  # each a list of lines
    exit: str


def start(text):
    first, _, rest = text.partition("\n\n")
    title = re.fullmatch(r"upheld (\d+\.\d+\.\d+): (.+)", first.replace("\n", " "))
    if not title:
        raise Unknown(f"help: expected `upheld N.N.N: what it is` first, found '{first}'")
    return title[1], title[2], rest


def verbs(block):
    found = []
    for line in block.split("\n"):
        usage = re.match(r"(?:usage:| {6}) upheld (.+)", line)
        if usage:
            found.append(Verb(usage[1]))
        elif found and not found[-1].text and re.match(r" {8,}\[", line):
            found[-1].words += " " + line.strip()
        elif found and line.startswith(" " * 8):
            found[-1].text.append(line.strip())
        else:
            raise Unknown(f"help: expected `usage: upheld VERB` or its meaning, found '{line}'")
    return found


def parse(text):
    version, title, rest = start(text)
    blocks = [block for block in rest.strip("\n").split("\n\n") if block]
    last = blocks.pop() if blocks else ""
    if not blocks or not last.startswith("Exit: "):
        raise Unknown("help: expected usage first and a paragraph `Exit: ...` last")
    return Help(version, title, verbs(blocks[0]), [b.split("\n") for b in blocks[1:]],
                last.removeprefix("Exit: ").replace("\n", " "))
