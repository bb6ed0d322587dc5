"""One run at a time in one build folder: two would mix their objects and their figures."""
import contextlib
import fcntl


class Busy(Exception):
    """Another run holds the folder."""


@contextlib.contextmanager
def held(build, verb):
    build.mkdir(parents=True, exist_ok=True)
    with open(build / ".lock", "a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            other = file.read().strip() or "another verb"
            raise Busy(f"`make {other}` is running in {build}/; wait for it to end") from None
        file.truncate(0)
        file.write(verb)
        file.flush()
        yield
