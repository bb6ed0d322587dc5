"""The SHA-256 of all that went into a report and came out of it, as `sha256sum -c` reads it.

INPUTS.SHA256 lists the files of the tree, below the checkout; its own SHA-256 is the `tree_sha256`
of the report. SHA256SUMS lists the files of the report, INPUTS.SHA256 among them."""
import hashlib
import re

INPUTS, OUTPUTS = "INPUTS.SHA256", "SHA256SUMS"
LINE = re.compile(r"([0-9a-f]{64})  ([^\0\n]+)")


class Malformed(Exception):
    """No list of sums: which line."""


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def text(root, names):
    return "".join(f"{sha256(root / name)}  {name}\n" for name in names)


def files(folder):
    """What is in a report, but for the list itself."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*")
                  if path.is_file() and path.name != OUTPUTS)


def write(root, folder, tracked):
    """Writes both lists, the second last, when all else is there."""
    (folder / INPUTS).write_text(text(root, tracked), encoding="utf-8")
    (folder / OUTPUTS).write_text(text(folder, files(folder)), encoding="utf-8")


def parse(path):
    """name -> SHA-256, in the order of the list."""
    found = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = LINE.fullmatch(line)
        if not match or match[2] in found or match[2].startswith("/") \
                or ".." in match[2].split("/"):
            raise Malformed(f"{path.name}:{number}: expected `SHA-256  name`, a relative name that "
                            "stands once")
        found[match[2]] = match[1]
    return found
