"""view.py: an input as one reads it: a head line by line, other octets in rows; its verdict, and
the clause that it violates.
"""
import subprocess

# Targets whose inputs are heads, and what their first line is; without a target it may be any.
HEADS = {"request": "request line", "head": "request line", "access": "request line",
         "pieces": "start line", "response": "status line", "": "start line"}
# How the command is to read an input, where it is not a request. As client_default of response.c.
CHECKED = {"response": ("--role", "client", "--key", "dGhlIHNhbXBsZSBub25jZQ==", "--offered",
                        "chat,superchat")}
VERDICTS = ("request", "head", "access", "pieces", "response", "")
ROW = 64
ROWS_MAX = 200


def escaped(octets):
    """Printable ASCII as it is, the rest as in C."""
    named = {0x0d: "\\r", 0x0a: "\\n", 0x09: "\\t", 0x5c: "\\\\"}
    return "".join(named.get(o) or (chr(o) if 0x20 <= o < 0x7f else f"\\x{o:02x}")
                   for o in octets)


def kind_of(line, first, start):
    """What a line of a head is; `line` has its end."""
    bare = line.rstrip(b"\r\n")
    if not line.endswith(b"\n"):
        return "cut off"
    if not bare:
        return "empty line" if first else "end of head"
    if first:
        return start
    if line[:1] in b" \t":
        return "folded"
    name, colon, _ = bare.partition(b":")
    return "field" if colon and name and name == name.strip(b" \t") else "no field"


def head_rows(octets, start):
    """(offset, kind, octets) of each line of a head, and of what stands behind it."""
    at, first = 0, True
    for line in split_lines(octets):
        kind = kind_of(line, first, start)
        yield at, kind, line
        at += len(line)
        first = first and kind == "empty line"
        if kind == "end of head":
            break
    for more in range(at, len(octets), ROW):
        yield more, "behind it", octets[more:more + ROW]


def split_lines(octets):
    """Lines with their LF; bytes.splitlines() would end one at CR too."""
    parts = octets.split(b"\n")
    return [part + b"\n" for part in parts[:-1]] + [part for part in parts[-1:] if part]


def rows(target, octets):
    if target in HEADS:
        yield from head_rows(octets, HEADS[target])
    else:
        for at in range(0, len(octets), ROW):
            yield at, "", octets[at:at + ROW]


def lines(target, octets):
    """The view, line by line."""
    yield f"{len(octets)} octet{'' if len(octets) == 1 else 's'}"
    for count, (at, kind, part) in enumerate(rows(target, octets)):
        if count == ROWS_MAX:
            yield f"  ... and {len(octets) - at} octets more"
            return
        yield f"  {at:5}  {kind:12} {escaped(part)}"


def verdict(build, target, file):
    """What the core says of the input, line by line, if the command is built; not judged here."""
    command = build / "upheld"
    if not command.exists():
        yield f"{command} is not built; `make {command}` gives the verdict as well"
        return
    words = [str(command), "check", *CHECKED.get(target, ()), str(file)]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    yield " ".join(words)
    yield from ("  " + line for line in done.stdout.decode(errors="replace").splitlines())


def clause(build, name):
    """What a clause demands, line by line; nothing if the property is no clause of an RFC."""
    command = build / "upheld"
    if name and command.exists():
        done = subprocess.run([str(command), "explain", name], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        yield from done.stdout.decode(errors="replace").splitlines()


def explained(build, target, file, clauses):
    """An input with its verdict and the clauses that it shows to be violated."""
    yield from lines(target, file.read_bytes())
    if target in VERDICTS:
        yield from verdict(build, target, file)
    for name in clauses:
        yield from clause(build, name)
