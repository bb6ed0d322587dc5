#!/usr/bin/python3
"""Makes what is handed out: upheld.c, upheld.h, the archive of the project and SHA256SUMS.

    core/dist/release.py FOLDER [--root DIR]

The same commit gives the same octets, whoever makes them, wherever: names are sorted, times are
the commit's, and nobody owns anything. An unpacked archive makes itself again. Exit 1 if the
core does not fold into two files, 2 for what cannot be read or written.
"""
import argparse
import gzip
import hashlib
import io
import sys
import tarfile
from pathlib import Path

import c_text
import origin
import two_files

# Without git, everything but what is made here.
MADE = {"build", "__pycache__", "node_modules"}


def names(root):
    """What goes into the archive: what git has, or everything where git does not know."""
    if origin.is_checkout(root):
        listed = origin.git(root, "ls-files", "-z").split("\0")
        found = [name for name in listed if name and (root / name).is_file()]
    else:
        found = [str(path.relative_to(root)) for path in root.rglob("*")
                 if path.is_file() and not MADE & set(path.relative_to(root).parts)]
    return sorted(found, key=str.encode)


def member(root, name, folder, made):
    """(header, octets) of one file of the archive."""
    path = root / name
    data = path.read_bytes()
    if name == origin.RECORD and made.commit != "unknown":
        data = f"{made.commit} {made.time}\n".encode()
    head = tarfile.TarInfo(f"{folder}/{name}")
    head.size, head.mtime = len(data), made.time
    head.mode = 0o755 if path.stat().st_mode & 0o100 else 0o644
    return head, data  # owner and group are 0 and unnamed


def archive(root, folder):
    """The octets of the archive: folder/ with all files of the project."""
    made = origin.origin(root)
    packed = io.BytesIO()
    with gzip.GzipFile("", "wb", 9, packed, 0) as zipped, \
            tarfile.open("", "w", zipped, format=tarfile.USTAR_FORMAT) as tar:
        for name in names(root):
            head, data = member(root, name, folder, made)
            tar.addfile(head, io.BytesIO(data))
    return packed.getvalue()


def release(root):
    """{name: octets} of everything that is handed out."""
    folder = f"upheld-{origin.version(root)}"
    made = {name: text.encode("ascii")
            for name, text in two_files.fold(root / "core", root).items()}
    made[f"{folder}.tar.gz"] = archive(root, folder)
    made["SHA256SUMS"] = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n"
                                 for name, data in sorted(made.items())).encode()
    return made


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path, help="where the files go")
    parser.add_argument("--root", type=Path, default=origin.ROOT, help="the project")
    options = parser.parse_args()
    try:
        made = release(options.root.resolve())
        options.folder.mkdir(parents=True, exist_ok=True)
        for name, data in made.items():
            (options.folder / name).write_bytes(data)
            print(f"{options.folder / name}: {len(data)} octets")
    except two_files.Clash as clash:
        print(clash, file=sys.stderr)
        return 1
    except (c_text.Unreadable, OSError, ValueError) as why:
        print(f"release.py: {why}", file=sys.stderr)
        return 2
    print(f"made of {origin.origin(options.root.resolve()).commit}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
