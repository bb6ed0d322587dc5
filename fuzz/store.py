"""store.py: what keeps a corpus whole: files placed whole or not at all, one run in a folder at a
time, and a look at seeds, dictionary and disk before an engine starts.
"""
import contextlib
import errno
import fcntl
import hashlib
import os
import re
import shutil
from pathlib import Path

SEED_MAX = 1 << 20   # neither engine takes a longer input
ROOM_MB = 64         # an engine writes on without a word when the disk is full, so stop before
MEGA = 1 << 20
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

SHA1 = re.compile(r"[0-9a-f]{40}")
# As libFuzzer and AFL++ read it: [NAME[@LEVEL]=]"OCTETS", with \\, \" and \xHH, or a comment.
ENTRY = re.compile(rb'\s*(?:[\w-]*(?:@\d+)?\s*=?\s*)"'
                   rb'(?:[ !#-\[\]-~]|\\[\\"]|\\x[0-9a-fA-F]{2})+"\s*')


class Unusable(Exception):
    """Bad arguments or input, in one line."""


class Full(Exception):
    """No room on the disk, in one line."""


def sha1_of(path):
    return hashlib.sha1(path.read_bytes()).hexdigest()


def place(source, target):
    """Copies a file so that `target` is there whole or not at all, and nothing else is left."""
    new = target.with_name(f".{target.name}.new")
    try:
        shutil.copyfile(source, new)
        os.replace(new, target)
    except OSError as wrong:
        if not is_full(wrong):
            raise
        raise OSError(wrong.errno, wrong.strerror, str(target)) from wrong  # and not `source`
    finally:
        new.unlink(missing_ok=True)


def write(path, text):
    """Writes a text as place() copies."""
    new = path.with_name(f".{path.name}.new")
    try:
        new.write_text(text, errors="backslashreplace")
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)


def heal(folder):
    """Removes files that were cut off while an engine wrote them: it names them by their SHA-1.
    Gives how many."""
    files = [path for path in folder.glob("*") if SHA1.fullmatch(path.name) and path.is_file()]
    broken = [path for path in files if sha1_of(path) != path.name]
    for path in broken:
        path.unlink()
    return len(broken)


def check_seeds(folder):
    """Every file of a checked-in corpus can be read and is an input that the engines take."""
    for path in sorted(folder.glob("*")) if folder.is_dir() else ():
        if path.name.startswith(".") or path.is_dir():
            continue
        try:
            size = len(path.read_bytes()) if path.is_file() else None
        except OSError as wrong:
            raise Unusable(f"{path}: {wrong.strerror}; expected a file that can be read") from wrong
        if size is None:
            raise Unusable(f"{path}: expected a file that can be read; remove it")
        if size > SEED_MAX:
            raise Unusable(f"{path}: {size} octets; expected at most {SEED_MAX}: cut it down")


def check_dictionary(path):
    """The engines give up on a broken line only after they have read the corpus, or pass it over;
    so it is said at once, with its number."""
    if not path.exists():
        return
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        bare = line.strip()
        if bare and not bare.startswith(b"#") and not ENTRY.fullmatch(bare):
            text = bare.decode(errors="backslashreplace")
            raise Unusable(f'{path}:{number}: expected NAME="OCTETS" with \\\\, \\" and \\xHH, '
                           f"got {text}")


def check_room(folder, megabytes):
    """Raises Full if fewer are left on the disk of a folder."""
    left = shutil.disk_usage(folder).free // MEGA
    if left < megabytes:
        raise Full(f"{folder}: {left} MB left on the disk, expected {megabytes}")


def is_full(error):
    """Whether an OSError says that nothing more can be written."""
    return isinstance(error, OSError) and error.errno in FULL


@contextlib.contextmanager
def held(folder, what):
    """One run at a time in a folder; a process that is killed leaves nothing to clean up."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise Unusable(f"{what}: process {lock.read().strip() or '?'} is at work in {folder}; "
                           "wait for it or end it") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
