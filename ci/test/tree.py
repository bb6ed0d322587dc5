"""A small tree with a Makefile of its own, for the runner and the report to be tried on.

Its figures are made up and live only in the temporary folder of a test.
"""
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

CI = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CI))

CLIENTS = ("curl", "chromium", "node-ws", "python-websockets", "go-gorilla",
           "rust-tungstenite")
TARGETS = ("accept", "list", "request")
REQUEST = (b"GET /chat HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
           b"Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
           b"Sec-WebSocket-Version: 13\r\n\r\n")
ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="  # RFC 6455 section 1.3

# Every target of the real tree that the audit calls; a file ci/NAME.fails makes NAME fail, and a
# result in ci/sample/ is what the step writes.
MAKEFILE = """
BUILD = build
give = @test ! -e ci/$(1).fails || { echo '3 passed, 1 failed'; exit 1; }
$(BUILD)/libupheld.a $(BUILD)/upheld:
\t$(call give,build)
\t@mkdir -p $(BUILD) && cp ci/upheld.sh $@.new && mv $@.new $@
unit spec replay gates:
\t$(call give,$@)
\t@test ! -e ci/$@.prints || cat ci/$@.prints
\t@echo '4 passed, 0 failed'
eva trace: ; $(call give,$@)
\t@test ! -e ci/sample/$@.json || cp ci/sample/$@.json build/$@.json
prove: ; $(call give,$@)
\t@test ! -e ci/sample/proofs.json || cp ci/sample/proofs.json build/proofs.json
fuzz-all: ; $(call give,$@)
\t@test ! -e ci/fuzz-all.sleeps || sleep 60
\t@test ! -e ci/sample/fuzz.json || cp ci/sample/fuzz.json build/fuzz.json
coverage: ; $(call give,$@)
\t@test ! -e ci/sample/coverage.json || cp ci/sample/coverage.json build/coverage.json
.PHONY: $(BUILD)/upheld
"""

WORKFLOW = f"""on: push
permissions:
  contents: read
jobs:
  check:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - uses: actions/checkout@{'a' * 40} # v1
        with:
          persist-credentials: false
      - run: make coverage TIME=1
"""

GATES = """G0   PASS  no goal is open; planted: a gutted body: caught
G5   PASS  no axiom, no admit; planted: an axiom: caught; an admit: caught
"""

UPHELD = f"""#!/bin/sh
if [ "$1" = vectors ]; then echo '217 passed, 0 failed'; exit 0; fi
accept={ACCEPT}
answer=$(printf 'HTTP/1.1 101 x\\r\\nSec-WebSocket-Accept: %s\\r\\n\\r\\n' "$accept" |
  od -An -v -tx1 | tr -d ' \\n')
printf '{{"verdict": "SWITCH", "status": 101, "accept": "%s", "consumed": {len(REQUEST)},' "$accept"
printf '"clauses": ["R6455-4.2.2"], "subprotocol": null, "response_hex": "%s"}}\\n' "$answer"
"""


# What proofs/claims.json of the small tree holds.
CLAIMS = {
    "theorems": [{"id": "safe", "title": "Safe", "says": "No run-time error in C."},
                 {"id": "clean", "title": "Clean", "says": "It parses back.",
                  "missing": "that it parses back", "open": "Nobody has proved it."}],
    "claims": [{"id": "safe", "theorem": ["safe", "clean"], "text": "No run-time error.",
                "needs": ["*"], "limits": "For one machine."},
               {"id": "right-accept", "theorem": ["safe"], "text": "The accept value is right.",
                "needs": ["*", "upheld_accept:exact"], "limits": "The key is given."}]}


def proofs():
    functions = [
        {"name": name, "file": file, "goals": goals, "proved": goals}
        for file, name, goals in (
            ("core/bytes.c", "uph_token_char", 6), ("core/list.c", "uph_list_has", 118),
            ("core/list.c", "uph_list_only", 102), ("core/head.c", "head_step", 214),
            ("core/sha1.c", "uph_sha1_block", 171), ("core/accept.c", "upheld_accept", 61))]
    goals = sum(row["goals"] for row in functions)
    return {"tools": {"frama-c": "25.0"}, "goals": goals, "proved": goals, "qed": 401,
            "two_families": goals - 401 - 11, "one_family": 11, "lemmas_unproved": 0,
            "axioms": [], "solver_theories": [
                {"name": "bits", "reason": "32-bit logic on integers", "checked_by": "bits.mlw"}],
            "admits": 0, "smoke_tests": 88, "smoke_failed": 0, "slowest_goal_s": 4.2,
            "seconds": 312.0, "functions": functions,
            "without_flags": [{"file": "core/sha1.c", "flags": ["-warn-unsigned-overflow"],
                               "reason": "its sums wrap by intent"}],
            "gates": [{"id": "G0", "title": "no goal is open", "holds": True, "problems": []}],
            "claims": [{"id": row["id"], "claim": row["text"], "holds": True, "missing": []}
                       for row in CLAIMS["claims"]]}


def eva():
    return {"holds": True, "statements": 700, "reached": 690, "problems": [],
            "unreached_listed": [], "alarms": {"open": [], "closed": [
                {"alarm": "core/list.c:1: list: mem_access: p", "goals": ["g"]}], "listed": [
                {"alarm": "core/bytes.c:1: bytes: initialization: s", "reason": "read not"}]}}


def trace():
    cells = {"predicates": ["Key"], "contracts": ["upheld_accept:exact"], "goals": ["g"],
             "functions": [{"name": "upheld_accept", "goals": 61, "proved": 61}],
             "assertions": ["accept: Key"], "vectors": ["server: key"], "tests": [], "empty": []}
    return {"clauses": 2, "decidable": 1, "full": 1, "rows": [
        {"clause": "R6455-4.2.1-5", "met": "decides", **cells},
        {"clause": "R9112-2.1-9", "met": "caller", **{key: [] for key in cells}}]}


def fuzz():
    rows = [("accept", "libfuzzer", "openssl", 1203344), ("accept", "afl", "openssl", 803221),
            ("list", "libfuzzer", "plain", 4800129), ("list", "afl", "plain", 901220),
            ("list", "libfuzzer", "eacsl", 30211), ("list", "libfuzzer", "msan", 90211),
            ("request", "libfuzzer", "plain", 2100388), ("request", "afl", "spec", 640112),
            ("list", "honggfuzz", "plain", 880412), ("request", "honggfuzz", "plain", 371020)]
    return [{"target": target, "engine": engine, "leg": leg, "seconds": 60, "execs": execs,
             "execs_per_s": execs / 60, "edges": 40 + execs % 300, "features": 700,
             "corpus_files": 80 + execs % 50, "corpus_sha256": "00", "crashes": []}
            for target, engine, leg, execs in rows]


def coverage():
    def part(covered, total):
        return {"covered": covered, "total": total}
    files = [{"file": name, "lines": part(lines - 3, lines), "branches": part(lines, lines + 9),
              "mcdc": part(lines // 2, lines // 2 + 8)}
             for name, lines in (("core/bytes.c", 40), ("core/head.c", 320), ("core/list.c", 111))]
    return {**{kind: part(sum(row[kind]["covered"] for row in files),
                          sum(row[kind]["total"] for row in files))
               for kind in ("lines", "branches", "mcdc")},
            "dead_by_proof": 0, "files": files, "missed": [
                {"file": "core/head.c", "line": 12 + 7 * at,
                 "why": f"MC/DC: `p[i + {at}] == '\\n'` never decides alone"} for at in range(9)]}


class Tree:
    """The folder; use it in a `with`."""

    def __init__(self):
        self.root = Path(tempfile.mkdtemp(prefix="upheld-ci-"))
        for folder in ("core", "fuzz", "corpus/request", "corpus/vectors", "ci/sample"):
            (self.root / folder).mkdir(parents=True, exist_ok=True)
        self.write("Makefile", MAKEFILE)
        self.write("ci/upheld.sh", UPHELD).chmod(0o755)
        self.write("ci/setup", "#!/bin/sh\nexit 0\n").chmod(0o755)
        self.write("corpus/vectors/server.jsonl", "{}\n")
        self.write("ci/sound.py", "SOUND = True\n")
        for name in ("bytes", "head", "list"):
            self.write(f"core/{name}.c", f"int {name};\n")
        for name in TARGETS:
            (self.root / "corpus" / name).mkdir(exist_ok=True)
            self.write(f"fuzz/{name}.c", "int target;\n")
            self.write(f"corpus/{name}/seed", "x")
        self.record_clients()
        self.write("ci/gates.prints", GATES)
        self.write("core/upheld.h", '#define UPHELD_VERSION "1.2.3"\n')
        self.write("README.md", "# small\n\n## Limits\n\n- It does [little](x.md) and\n"
                                "  `nothing` else.\n- It is slow.\n\n## More\n\n- not this\n")
        self.write("proofs/claims.json", json.dumps(CLAIMS))
        for name, value in (("proofs", proofs()), ("fuzz", fuzz()), ("coverage", coverage()),
                            ("eva", eva()), ("trace", trace())):
            self.sample(name, value)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.root, ignore_errors=True)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def outside(self):
        """What ci/outside.py looks at: our own files, and a workflow of one job."""
        for name in ("ci/Dockerfile", "ci/oss-fuzz/Dockerfile", "ci/oss-fuzz/build.sh",
                     "ci/oss-fuzz/project.yaml", "ci/oss-fuzz/run_tests.sh",
                     ".clusterfuzzlite/Dockerfile", ".clusterfuzzlite/build.sh"):
            self.write(name, (CI.parent / name).read_text()).chmod(0o755)
        self.write(".github/workflows/check.yml", WORKFLOW)

    def sample(self, name, value):
        """What the step of this result will write; None: nothing."""
        path = self.root / f"ci/sample/{name}.json"
        path.unlink(missing_ok=True)
        if value is not None:
            path.write_text(json.dumps(value), encoding="utf-8")

    def record_clients(self):
        sections = ["# Recordings"]
        for name in CLIENTS:
            path = self.root / f"corpus/request/client-{name}.http"
            path.write_bytes(REQUEST)
            sections.append(f"## {path.name}\n\n- client: {name}\n- version: 1.0\n"
                            f"- SHA-256: {hashlib.sha256(REQUEST).hexdigest()}\n\n    x y")
        self.write("corpus/request/CLIENTS.md", "\n\n".join(sections) + "\n")

    def command(self, *arguments):
        return [sys.executable, str(CI / arguments[0]), *arguments[1:], "--root", str(self.root)]

    def env(self):
        kept = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
        return {**kept, "PYTHONDONTWRITEBYTECODE": "1", "CI": "true", "PDF": "no"}

    def run(self, *arguments, **env):
        """Runs a script of ci/ on this tree."""
        return subprocess.run(self.command(*arguments), capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, env={**self.env(), **env}, check=False,
                              timeout=120)

    def start(self, *arguments):
        return subprocess.Popen(self.command(*arguments), stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True,
                                env=self.env())

    def report(self):
        return json.loads((self.root / "build/audit/audit.json").read_text(encoding="utf-8"))

    def page(self):
        return (self.root / "build/audit/index.html").read_text(encoding="utf-8")
