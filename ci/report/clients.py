"""The core's verdict on each recorded client, and the accept value computed a second time."""
import base64
import hashlib
import json
import re
import subprocess
from pathlib import Path

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 section 1.3
KEY = re.compile(rb"^sec-websocket-key:[ \t]*([^\r\n]*?)[ \t]*\r?$", re.I | re.M)
# Each must be among the recordings, by a part of its file's name.
EXPECTED = ("curl", "chromium", "node-ws", "python-websockets", "go-gorilla",
            "rust-tungstenite")


def expected_accept(octets):
    """RFC 6455 section 4.2.2 item 5.4 by Python's own SHA-1 and base64; None without one key."""
    keys = KEY.findall(octets)
    if len(keys) != 1:
        return None
    return base64.b64encode(hashlib.sha1(keys[0] + GUID).digest()).decode()


def origins(root):
    """Sections of the list of recordings: file -> its `- key: value` lines."""
    found, facts = {}, {}
    table = root / "corpus/request/CLIENTS.md"
    text = table.read_text(encoding="utf-8") if table.is_file() else ""
    for line in text.splitlines():
        if line.startswith("## "):
            facts = found.setdefault(line[3:].strip(), {})
        elif match := re.match(r"- ([\w-]+): (.+)$", line):
            facts[match[1]] = match[2].strip()
    return found


def answer(root, command, path):
    """What `upheld check --json` prints of one file, or a sentence on why it does not."""
    try:
        ran = subprocess.run((*command, "check", "--json", str(path)), cwd=root, timeout=20,
                             capture_output=True, stdin=subprocess.DEVNULL, check=False)
        if ran.returncode != 0:
            said = ran.stderr.decode("utf-8", "replace").strip()
            return None, f"exit status {ran.returncode}: {said}"
        decided = json.loads(ran.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        return None, str(error)
    return (decided, "") if isinstance(decided, dict) else (None, "printed no JSON object")


def problems_of(decided, octets, expected):
    """What a right answer to a recorded client would not have."""
    if decided.get("verdict") != "SWITCH" or decided.get("status") != 101:
        yield f"got {decided.get('verdict')} {decided.get('status')}, expected SWITCH 101"
    if expected is None:
        yield "the recording has no key, or several"
    elif decided.get("accept") != expected:
        yield f"accept is {decided.get('accept')}, expected {expected}"
    if decided.get("consumed") != len(octets):
        yield f"consumed {decided.get('consumed')}, expected the {len(octets)} octets recorded"
    field = f"\r\nSec-WebSocket-Accept: {expected}\r\n"
    if field.encode().hex() not in (decided.get("response_hex") or ""):
        yield "the answer's octets do not hold the expected Sec-WebSocket-Accept"


def judge(root, command, path, recorded):
    octets = path.read_bytes()
    expected = expected_accept(octets)
    decided, why = answer(root, command, path)
    problems = [why] if why else list(problems_of(decided, octets, expected))
    origin = recorded.get(path.name)
    if origin is None:
        problems.append("is not in corpus/request/CLIENTS.md")
    elif origin.get("SHA-256") != hashlib.sha256(octets).hexdigest():
        problems.append("differs from the SHA-256 in corpus/request/CLIENTS.md")
    origin, decided = origin or {}, decided or {}
    return {"file": path.name, "client": origin.get("client", ""),
            "version": origin.get("version", ""), "octets": len(octets),
            "verdict": decided.get("verdict"), "status": decided.get("status"),
            "clauses": decided.get("clauses"), "subprotocol": decided.get("subprotocol"),
            "accept": decided.get("accept"), "accept_expected": expected, "problems": problems}


def judge_all(root, command=("build/upheld",)):
    """(rows, what is missing among them)"""
    recorded = origins(root)
    paths = sorted(Path(root).glob("corpus/request/client-*.http"))
    rows = [judge(root, command, path, recorded) for path in paths]
    missing = [f"no recording of {name} in corpus/request/" for name in EXPECTED
               if not any(f"client-{name}" in row["file"] for row in rows)]
    return rows, missing
