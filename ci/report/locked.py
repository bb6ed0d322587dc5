"""Packages of other registries, as lock files pin them: name, version, and a package URL."""
import json
import re
from urllib.parse import quote


def npm(text):
    for path, one in json.loads(text).get("packages", {}).items():
        name = path.rpartition("node_modules/")[2]
        if name and "version" in one:
            yield "npm", name, one["version"]


def pip(text):
    for name, version in re.findall(r"^([\w.-]+)==([\w.]+)", text, re.M):
        yield "pypi", name, version


def go(text):
    for name, version in re.findall(r"^(?:require )?\s*([\w.-]+\.\w+/\S+) (v[\w.+-]+)", text, re.M):
        yield "golang", name, version


def cargo(text):
    for name, version, checksum in re.findall(
            r'^name = "([^"]+)"\nversion = "([^"]+)"(\nchecksum)?', text, re.M):
        if checksum:  # one without is our own
            yield "cargo", name, version


READERS = {"package-lock.json": npm, "requirements.txt": pip, "go.mod": go, "Cargo.lock": cargo}


def components(root):
    """What the lock files below fuzz/ pin, as components of an SBOM."""
    found = {}
    for name, read in READERS.items():
        for path in sorted((root / "fuzz").rglob(name)):
            for kind, package, version in read(path.read_text(encoding="utf-8")):
                found[f"{kind}:{package}@{version}"] = {
                    "type": "library", "bom-ref": f"{kind}:{package}@{version}", "name": package,
                    "version": version, "scope": "optional",
                    "purl": f"pkg:{kind}/{quote(package)}@{quote(version)}",
                    "properties": [{"name": "upheld:pinned",
                                    "value": str(path.relative_to(root))}]}
    return [found[key] for key in sorted(found)]
