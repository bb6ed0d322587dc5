"""What the core, the command and the harness depend on, as CycloneDX 1.5.

The core depends on nothing, and is listed so. The rest is read from ci/setup's own list of Debian
packages, with the versions that dpkg knows, and from the lock files of the recorded clients."""
import re
import subprocess
import uuid

from report import locked

GROUP = re.compile(r"^(\w+)(\+?)=(?:'([^']*)'|\"([^\"]*)\")", re.M)
CASE = re.compile(r"^    ([\w| -]+)\) echo \"([^\"]*)\" ;;", re.M)
NAME = re.compile(r"[a-z0-9][a-z0-9+.-]+$")
COMMAND_LINKS = ("libjansson-dev",)  # the one library that build/upheld is linked with


def groups(text):
    """The lists of ci/setup by name, with those that they name themselves put in."""
    found = {}
    for name, more, single, double in GROUP.findall(text):
        words = re.sub(r"\$\{?(\w+)\}?", lambda at: found.get(at[1], ""), single or double)
        found[name] = f"{found.get(name, '')} {words}" if more else words
    return found


def packages(text):
    """package -> verbs that need it, in the words of ci/setup."""
    known, verbs = groups(text), {}
    body = text.partition("packages_of() {")[2].partition("\n}")[0]
    for names, words in CASE.findall(body):
        words = re.sub(r"\$\([^)]*\)", "", words)
        words = re.sub(r"\$\{?(\w+)\}?", lambda at: known.get(at[1], ""), words)
        for package in words.split():
            if NAME.match(package):
                verbs.setdefault(package, set()).update(re.split(r"\s*\|\s*", names.strip()))
    # Programs of real peers, and what is unpacked below build/ instead of installed.
    peers = re.findall(r"\]=([a-z0-9-]+)", text.partition("programs=(")[2].partition(")")[0])
    unpacked = text.partition("unpacked_of() {")[2].partition("\n}")[0]
    others = [(name, "interop") for name in peers] + [
        (name, verb) for verb, name in re.findall(r"^    (\w+)\) .*echo ([\w.-]+)", unpacked, re.M)]
    for package, verb in others:
        verbs.setdefault(package, set()).add(verb)
    return {name: sorted(verbs[name]) for name in sorted(verbs)}


def installed(names):
    """package -> (version, architecture) as dpkg has them."""
    if not names:
        return {}
    try:
        ran = subprocess.run(
            ["dpkg-query", "-W", "-f",
             "${db:Status-Status} ${Package} ${Version} ${Architecture}\n", *names],
            capture_output=True, text=True, check=False)
    except OSError:
        return {}
    rows = (line.split() for line in ran.stdout.splitlines())
    return {row[1]: (row[2], row[3]) for row in rows if len(row) == 4 and row[0] == "installed"}


def component(name, verbs, known):
    version, architecture = known.get(name, (None, None))
    made = {"type": "library" if name.startswith("lib") else "application",
            "bom-ref": f"deb:{name}", "name": name,
            "scope": "required" if name in COMMAND_LINKS else "optional",
            "properties": [{"name": "upheld:verbs", "value": " ".join(verbs)}]}
    if version:
        quoted = version.replace("+", "%2B").replace(":", "%3A").replace("~", "~")
        made["version"] = version
        made["purl"] = (f"pkg:deb/debian/{name.replace('+', '%2B')}@{quoted}"
                        f"?arch={architecture}&distro=debian-12")
    else:
        made["properties"].append({"name": "upheld:installed", "value": "no"})
    return made


def own(name, words, version):
    return {"type": "library" if name == "core" else "application", "bom-ref": f"upheld:{name}",
            "name": f"upheld {name}", "version": version, "description": words,
            "licenses": [{"license": {"id": "MIT"}}]}


def document(root, report):
    """The whole document, the same for the same report and machine."""
    setup = root / "ci/setup"
    verbs = packages(setup.read_text(encoding="utf-8") if setup.is_file() else "")
    known = installed(list(verbs))
    ours = [own("core", "core/*.c and core/*.h: freestanding C11, depends on nothing",
                report["version"]),
            own("command", "build/upheld", report["version"]),
            own("harness", "proof, fuzzing, tests, audit", report["version"])]
    pinned = locked.components(root)
    links = [f"deb:{name}" for name in COMMAND_LINKS if name in verbs]
    serial = uuid.uuid5(uuid.NAMESPACE_URL, f"upheld/{report['tree_sha256']}/{report['ended']}")
    return {
        "bomFormat": "CycloneDX", "specVersion": "1.5", "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {"timestamp": report["ended"], "component": {
            "type": "library", "bom-ref": "upheld", "name": "upheld",
            "version": report["version"], "licenses": [{"license": {"id": "MIT"}}],
            "hashes": [{"alg": "SHA-256", "content": report["tree_sha256"]}],
            "properties": [{"name": "upheld:commit", "value": report["commit"] or "none"}]}},
        "components": ours + [component(name, verbs[name], known) for name in verbs] + pinned,
        "dependencies": [
            {"ref": "upheld", "dependsOn": ["upheld:core", "upheld:command", "upheld:harness"]},
            {"ref": "upheld:core", "dependsOn": []},
            {"ref": "upheld:command", "dependsOn": ["upheld:core", *links]},
            {"ref": "upheld:harness", "dependsOn": ["upheld:core", *(f"deb:{name}"
                                                                   for name in verbs),
                                                   *(one["bom-ref"] for one in pinned)]}]}
