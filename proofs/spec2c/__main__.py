"""spec2c: translates ACSL logic definitions into C, so that the specification runs.

    python3 proofs/spec2c --out DIR [--header FILE]... FILE.acsl...

Writes DIR/spec.h and DIR/spec.c with one function spec_NAME for each logic function and each
predicate. What is not understood is an error with its file and line. Exit 1 if the
specification cannot be translated, 2 for unusable arguments.
"""
import argparse
import os
import sys

try:
    from book import Book
    from source import SpecError
except ModuleNotFoundError as missing:
    sys.exit(f"spec2c: {missing.name} is missing: apt-get install python3-{missing.name}")


class Arguments(argparse.ArgumentParser):
    def error(self, message):
        self.exit(2, f"spec2c: {message}; spec2c --help tells more\n")


def arguments():
    parser = Arguments(prog="spec2c", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--out", required=True, metavar="DIR")
    parser.add_argument("--header", action="append", default=[], metavar="FILE",
                        help="C header whose types, enumerators and tables the logic uses")
    parser.add_argument("files", nargs="+", metavar="FILE.acsl")
    given = parser.parse_args()
    for path in given.header + given.files:
        if not os.path.isfile(path):
            parser.error(f"no such file: {path}")
    if len({os.path.basename(path) for path in given.files}) < len(given.files):
        parser.error("two specification files share a name")
    return given


def write(path, text):
    with open(path + ".new", "w", encoding="utf-8") as stream:
        stream.write(text)
    os.replace(path + ".new", path)


def main():
    given = arguments()
    sys.setrecursionlimit(10000)
    try:
        book = Book(given.header, given.files, os.environ.get("CC", "gcc"))
        head, body = book.head_text(given.out), book.body_text()
    except SpecError as error:
        print(f"spec2c: {error}", file=sys.stderr)
        return 1
    os.makedirs(given.out, exist_ok=True)
    write(os.path.join(given.out, "spec.h"), head)
    write(os.path.join(given.out, "spec.c"), body)
    for name, why in book.skipped.items():
        print(f"spec2c: skipped {name}: {why}")
    if book.deep:
        print(f"spec2c: recursion that is no loop: {', '.join(sorted(book.deep))}")
    kept = ", ".join(sorted(book.kept)) or "none"
    print(f"spec2c: {len(book.functions)} functions from {len(given.files)} files, "
          f"{len(book.skipped)} skipped; values kept: {kept}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
