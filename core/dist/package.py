#!/usr/bin/python3
"""Writes what pkg-config and CMake read of an installed library.

    core/dist/package.py FOLDER --prefix DIR --libdir DIR --includedir DIR --cmakedir DIR

CMake's file finds the library from where it lies itself, so an installed tree may be moved.
"""
import argparse
import os
import re
import sys
from pathlib import Path

import origin

HERE = Path(__file__).resolve().parent


def below(folder, prefix):
    """A folder as pkg-config wants it: by way of the prefix, if it lies there."""
    inside = os.path.relpath(folder, prefix)
    return folder if inside.startswith("..") else f"${{prefix}}/{inside}"


def values(options):
    version = origin.version()
    major, minor, _ = version.split(".")
    return {
        "VERSION": version, "MAJOR": major, "MINOR": minor, "PREFIX": options.prefix,
        "LIBDIR": below(options.libdir, options.prefix),
        "INCLUDEDIR": below(options.includedir, options.prefix),
        "LIBRARY_FROM_HERE": os.path.relpath(f"{options.libdir}/libupheld.a", options.cmakedir),
        "INCLUDE_FROM_HERE": os.path.relpath(options.includedir, options.cmakedir)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path)
    for name in ("prefix", "libdir", "includedir", "cmakedir"):
        parser.add_argument(f"--{name}", required=True)
    options = parser.parse_args()
    for name in ("prefix", "libdir", "includedir", "cmakedir"):
        if not os.path.isabs(getattr(options, name)):
            parser.error(f"--{name}: expected an absolute path, got '{getattr(options, name)}'")
    known = values(options)
    options.folder.mkdir(parents=True, exist_ok=True)
    for template in sorted(HERE.glob("upheld*.in")):
        text = re.sub(r"@([A-Z_]+)@", lambda found: known[found[1]], template.read_text())
        (options.folder / template.name.removesuffix(".in")).write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
