"""build/history/: one JSON a night, and the state of the one that runs. Whole or not at all."""
import json
import os
from pathlib import Path

import jsonschema

SCHEMA_FILE = Path(__file__).resolve().parent / "night.schema.json"
SCHEMA = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
VERSION = SCHEMA["properties"]["schema"]["const"]
STATE = "running.json"

# A night that runs: what is known of it from the start, and how far it is.
KNOWN = ("schema", "night", "hours", "only", "commit", "dirty", "tree_sha256", "core_sha256",
         "machine", "tools", "jobs")
STATE_SCHEMA = {"type": "object", "properties": {
    **{key: SCHEMA["properties"][key] for key in KNOWN},
    "began": {"type": "number"}, "spent": {"type": "number", "minimum": 0},
    "day": {"type": "integer"}, "token": {"type": "string", "minLength": 8},
    "running": {"type": ["object", "null"], "required": ["name", "began"], "properties": {
        "name": {"type": "string"}, "began": {"type": "number"}}}}}
STATE_SCHEMA["required"] = list(STATE_SCHEMA["properties"])


class Unusable(Exception):
    """A file that is no night; the message says which, and what was expected."""


class OtherSchema(Unusable):
    """A night of another version of this program."""


def write(path, value):
    """Whole or not at all; OSError if it cannot be."""
    new = path.with_name(path.name + ".new")
    try:
        with open(new, "w", encoding="utf-8") as file:
            file.write(json.dumps(value, indent=1, sort_keys=True) + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, path)
    except OSError:
        new.unlink(missing_ok=True)
        raise


def load(path):
    """An object that says its schema to be ours."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Unusable(f"{path}: {error.strerror}") from None
    except ValueError as error:
        raise Unusable(f"{path}: no JSON: {error}") from None
    if not isinstance(value, dict) or "schema" not in value:
        raise Unusable(f"{path}: expected an object with \"schema\"")
    if value["schema"] != VERSION:
        raise OtherSchema(f"{path}: schema {value['schema']!r}, and this is of {VERSION}")
    return value


def valid(path, schema):
    value = load(path)
    try:
        jsonschema.validate(value, schema)
    except jsonschema.ValidationError as error:
        where = "/".join(map(str, error.absolute_path)) or "the object"
        raise Unusable(f"{path}: {where}: {error.message[:200]}") from None
    return value


def state(path):
    """A night that did not end."""
    return valid(path, STATE_SCHEMA)


def night(path):
    """A night as the schema has it."""
    value = valid(path, SCHEMA)
    if value["night"] != path.stem:
        raise Unusable(f"{path}: is of the night {value['night']}: was it copied?")
    return value


def nights(folder):
    """(nights, the last first; notes on those of another schema; problems of broken ones)"""
    found, notes, problems = [], [], []
    for path in sorted(folder.glob("*.json"), reverse=True):
        if path.name == STATE:
            continue
        try:
            found.append(night(path))
        except OtherSchema as other:
            notes.append(f"{other}: not compared with")
        except Unusable as unusable:
            problems.append(f"{unusable}; mend it or move it away")
    return found, notes, problems
