"""A lock file that several threads hold together for a while, so that others get their turn."""

import fcntl
import threading
import time

from wp import toolchain

# Seconds after which the lock is let go, once all threads are out.
HOLD = 240


def alone(path):
    """The lock of a folder, held as long as it is open: two runs would change one copy."""
    file = open(path, "a", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise toolchain.ProofError("build/mutants: another run is under way; wait for its end, or "
                                   "end it") from error
    return file


class Turn:
    """`with turn:` runs while the file is locked; with no file it only runs."""

    def __init__(self, path):
        self.path = path
        self.file = None
        self.since = 0.0
        self.inside = 0
        self.change = threading.Condition()

    def over(self):
        """Whether it was held long enough."""
        return self.file is not None and time.monotonic() - self.since >= HOLD

    def release(self):
        """Lets it go, if nobody is inside any more."""
        if self.over() and self.inside == 0:
            self.file.close()
            self.file = None

    def __enter__(self):
        with self.change:
            while self.over() and self.inside:
                self.change.wait()
            self.release()
            if self.path and self.file is None:
                self.file = open(self.path, "a", encoding="utf-8")
                fcntl.flock(self.file, fcntl.LOCK_EX)
                self.since = time.monotonic()
            self.inside += 1
        return self

    def __exit__(self, *_):
        with self.change:
            self.inside -= 1
            self.release()
            self.change.notify_all()
