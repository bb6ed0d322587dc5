"""The rows of `make interop`: who, what, and whether it held. Knows nothing of what is tried."""

import json
import os

from loopback import Failure


def expect(holds, sentence):
    if not holds:
        raise Failure(sentence)


class Results:
    """The rows of the report, printed as they come."""

    def __init__(self):
        self.rows = []

    def add(self, peer, version, scenario, holds, detail, role="client"):
        """role: what the peer is in this scenario, the client, the server or a proxy between."""
        # What a client says may hold a line end; a row is one line.
        detail = " ".join(detail.split())
        row = {"peer": peer, "version": version, "role": role, "scenario": scenario}
        self.rows.append({**row, "ok": holds, "detail": detail})
        mark = "ok" if holds else "SKIPPED:" if detail.startswith("SKIPPED") else "FAILED"
        print(f"{mark:6} {peer} {scenario}: {detail.removeprefix('SKIPPED: ')}", flush=True)

    def attempt(self, peer, version, scenario, action, role="client"):
        try:
            detail = action()
        except (Failure, OSError, ValueError) as failure:
            self.add(peer, version, scenario, False, str(failure), role)
        else:
            self.add(peer, version, scenario, True, detail, role)

    def skip(self, peer, scenarios, reason, role="client"):
        for scenario in scenarios:
            self.add(peer, "", scenario, False, f"SKIPPED: {reason}", role)

    def failed(self):
        return sum(not row["ok"] for row in self.rows)


def write_json(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    new.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    os.replace(new, path)
