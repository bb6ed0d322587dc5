#!/usr/bin/python3
"""Of which commit a result is: runs what writes it, and notes the files that it was made of.

    ci/provenance.py [--fresh|--print] FILE... -- COMMAND...
                                runs the command and gives its exit status

Notes in build/provenance.json, for each FILE that the command wrote anew: its SHA-256, the commit,
the SHA-256 over all files of the tree, and the command. Nothing is noted where the tree changed
while the command ran. `make report` takes only results whose note is of the tree as it is. With
--fresh, for a command that adds to what it finds, a FILE of another tree first becomes FILE.old.
With --print the first FILE is what the command prints.
"""
import contextlib
import fcntl
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import facts
import steps

NOTES = Path("build/provenance.json")
UNUSABLE = 2


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read(root):
    """The notes, by file; none where there is no such file or it is unusable."""
    try:
        found = json.loads((root / NOTES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def of_now(root):
    """What a result that is made now is made of."""
    return {**facts.commit(root), "tree_sha256": facts.fingerprint(root)}


@contextlib.contextmanager
def alone(root):
    """No two commands write the notes at once."""
    path = root / NOTES.with_name("provenance.lock")
    path.parent.mkdir(exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def note(root, names, made_of, command):
    """Adds what is known of these files; whole or not at all."""
    with alone(root):
        notes = read(root)
        for name in names:
            notes[name] = {"sha256": sha256(root / name), **made_of, "command": command,
                           "ended": facts.utc(time.time())}
        new = root / NOTES.with_name("provenance.json.new")
        new.write_text(json.dumps(notes, indent=1) + "\n", encoding="utf-8")
        os.replace(new, root / NOTES)


def short(commit, dirty):
    if not commit:
        return "no commit"
    return commit[:12] + (" with changes" if dirty else "")


def refusal(root, name, now):
    """Why the file cannot be shown as a result of the tree as it is; "" if it can."""
    path = root / name
    if not path.is_file():
        return "missing"
    found = read(root).get(name)
    if not isinstance(found, dict):
        return f"refused: nothing says of which commit {name} is"
    if found.get("sha256") != sha256(path):
        return f"refused: {name} is not what its command wrote: its SHA-256 is another"
    if found.get("commit") == now["commit"] and found.get("tree_sha256") != now["tree_sha256"]:
        return (f"refused: {name} is of other files than these, though of the same commit, "
                f"{short(now['commit'], False)}")
    if found.get("commit") != now["commit"]:
        was = short(found.get("commit"), found.get("dirty"))
        return f"refused: {name} is of {was}, this is {short(now['commit'], now['dirty'])}"
    return ""


def run(command, printed=None):
    """Exit status of the command; Ctrl-C is the command's to answer."""
    child, early = None, []

    def hand_on(number, _frame):
        if child is None:  # it may run already, and is not known yet
            early.append(number)
        elif number != signal.SIGINT:
            child.send_signal(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, hand_on)
    try:
        child = subprocess.Popen(command, stdout=subprocess.PIPE if printed else None)
    except OSError as error:
        print(f"provenance: {command[0]}: {error.strerror}", file=sys.stderr)
        return UNUSABLE
    for number in early:
        hand_on(number, None)
    if printed:
        printed.parent.mkdir(exist_ok=True)
        with printed.open("wb") as out:
            for line in child.stdout:
                out.write(line)
                sys.stdout.buffer.write(line)
                sys.stdout.buffer.flush()
    status = child.wait()
    return 128 - status if status < 0 else status


def set_aside(root, names, now):
    """Files of another tree get another name."""
    for name in names:
        if (root / name).is_file() and refusal(root, name, now):
            os.replace(root / name, root / f"{name}.old")


def main(words):
    flag = words[0] if words[:1] in (["--fresh"], ["--print"]) else ""
    words = words[1:] if flag else words
    at = words.index("--") if "--" in words else 0
    if not at or not words[at + 1:]:
        print("provenance: expected [--fresh|--print] FILE... -- COMMAND...", file=sys.stderr)
        return UNUSABLE
    root, names, command = Path("."), words[:at], words[at + 1:]
    before = of_now(root)
    if flag == "--fresh":
        set_aside(root, names, before)
    old = {name: steps.identity(root / name) for name in names}
    status = run(command, root / names[0] if flag == "--print" else None)
    wrote = [name for name in names if (root / name).is_file()
             and steps.identity(root / name) != old[name]]
    if wrote and facts.fingerprint(root) != before["tree_sha256"]:
        print(f"provenance: files of the tree changed while `{command[0]}` ran: `make report` "
              f"will not take {', '.join(wrote)}; run it again", file=sys.stderr)
    elif wrote:
        note(root, wrote, before, " ".join(command))
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
