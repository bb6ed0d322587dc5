"""Writes a page that is made of other texts, or says that it is not what they say."""

import difflib
import sys

from .contracts import EvidenceError


def write(path, text):
    """Whole or not at all."""
    new = path.with_name(path.name + ".new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)


def stale(path, text):
    """The first difference between a page and what it should be; '' if there is none."""
    there = path.read_text(encoding="utf-8") if path.is_file() else ""
    lines = difflib.unified_diff(there.split("\n"), text.split("\n"), n=0, lineterm="")
    return next((line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")),
                "")


def main(name, arguments, path, make, verb):
    """Writes the page that make() gives, or with --check compares it. Returns an exit status."""
    if arguments not in ([], ["--check"]):
        print(f"{name}: expected nothing, or --check", file=sys.stderr)
        return 2
    try:
        text = make()
    except EvidenceError as wrong:
        print(wrong, file=sys.stderr)
        return 1
    except (OSError, ValueError) as why:
        print(f"{name}: {why}", file=sys.stderr)
        return 2
    if arguments == []:
        write(path, text)
        return 0
    different = stale(path, text)
    if different or not path.is_file():
        print(f"proofs/{path.name}: is not what it is made of; run `{verb}`. First difference:\n"
              f"  {different}", file=sys.stderr)
        return 1
    return 0
