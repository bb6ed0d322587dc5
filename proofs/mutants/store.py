"""Rows that measuring leaves behind, one JSON object a line, each under the key of all that it
depends on: those of this checkout in build/, and those that were checked in, the record."""

import contextlib
import json
import threading

from wp import toolchain


def read(path):
    """The rows of a file, by key; a line that was cut off is none."""
    rows = {}
    if path and path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            with contextlib.suppress(ValueError, KeyError, TypeError):
                row = json.loads(line)
                rows[row["key"]] = row
    return rows


class Store:
    """Rows by key; each new row is written at once. Nothing but `keep` writes the record."""

    def __init__(self, path, record=None):
        self.path = path
        self.record = record
        own = read(path)
        self.rows = read(record) | own
        self.recorded = self.rows.keys() - own.keys()  # keys of rows that the record alone holds
        self.lock = threading.Lock()

    def add(self, row):
        """Keeps a row."""
        with self.lock:
            self.rows[row["key"]] = row
            self.recorded = self.recorded - {row["key"]}
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with open(self.path, "a", encoding="utf-8") as file:
                file.write("\n" * self.cut() + json.dumps(row) + "\n")

    def cut(self):
        """Whether the file ends inside a line, as after a run that was killed."""
        text = self.path.read_bytes() if self.path.exists() else b""
        return bool(text) and not text.endswith(b"\n")

    def keep(self, keys):
        """Makes the rows with these keys the record, in this order; how many there are."""
        rows = [self.rows[key] for key in keys if key in self.rows]
        toolchain.write(self.record, "".join(json.dumps(row) + "\n" for row in rows))
        return len(rows)
