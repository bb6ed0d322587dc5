#!/usr/bin/python3
"""Checks the files that machines of others read: workflows, Dockerfiles, what OSS-Fuzz is told.

    ci/outside.py [FOLDER]

Needs no network and no docker. It knows what those machines document and what we ask of
ourselves, not all that they do: actionlint (`make workflows`) knows more of workflows. Prints each
breach as FILE: with what is expected, and last `N passed, N failed`, a file each.
"""
import json
import re
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "ci" / "oss-fuzz"))

import base  # noqa: E402

DOCKERFILES = {"ci/Dockerfile": "ci", "ci/oss-fuzz/Dockerfile": "ci/oss-fuzz",
               ".clusterfuzzlite/Dockerfile": "."}
SCRIPTS = ("ci/setup", "ci/oss-fuzz/build.sh", "ci/oss-fuzz/run_tests.sh",
           ".clusterfuzzlite/build.sh")
PROJECT = "ci/oss-fuzz/project.yaml"
# google/oss-fuzz, infra/presubmit.py and constants.py.
KEYS = {"architectures", "auto_ccs", "base_os_version", "blackbox", "builds_per_day",
        "coverage_extra_args", "disabled", "file_github_issue", "fuzzing_engines", "help_url",
        "homepage", "labels", "language", "main_repo", "primary_contact", "run_tests",
        "sanitizers", "selective_unpack", "vendor_ccs", "view_restrictions"}
VALUES = {"sanitizers": {"address", "memory", "undefined", "none", "thread", "hwaddress"},
          "architectures": {"x86_64", "i386", "aarch64"},
          "fuzzing_engines": {"libfuzzer", "afl", "honggfuzz", "centipede", "none"}}
# Of what OSS-Fuzz builds: AFL++ has ASan alone, and 32 bits have libFuzzer with ASan alone.
AFL = {"address"}
I386 = {("libfuzzer", "address")}
INSTRUCTIONS = {"FROM", "RUN", "COPY", "WORKDIR", "ENV", "ARG", "CMD", "ENTRYPOINT", "LABEL",
                "USER"}
# Images that OSS-Fuzz has by tag alone: they change as its tools do.
OF_OSS_FUZZ = "gcr.io/oss-fuzz-base/"
DIGEST = re.compile(r"@sha256:[0-9a-f]{64}")
USES = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")
CLUSTERFUZZLITE = "google/clusterfuzzlite/actions/"
MODES = {"code-change", "batch", "prune", "coverage"}


def load(path):
    """(value, what is wrong)"""
    try:
        return yaml.safe_load(path.read_text()), ""
    except (OSError, yaml.YAMLError) as wrong:
        return None, " ".join(str(wrong).split())


def builds_of(project):
    """What OSS-Fuzz makes of a project.yaml, coverage included."""
    yield base.Build("libfuzzer", "coverage")
    for engine in project.get("fuzzing_engines", ()):
        for sanitizer in project.get("sanitizers", ()):
            for architecture in project.get("architectures", ("x86_64",)):
                if engine == "afl" and (sanitizer not in AFL or architecture == "i386"):
                    continue
                if architecture == "i386" and (engine, sanitizer) not in I386:
                    continue
                yield base.Build(engine, sanitizer, architecture)


def check_project(root, name):
    project, wrong = load(root / name)
    if not isinstance(project, dict):
        yield wrong or "expected keys and values"
        return
    yield from (f"{key}: not a key of OSS-Fuzz" for key in sorted(set(project) - KEYS))
    yield from (f"{key}: missing" for key in ("homepage", "language", "main_repo",
                                              "primary_contact") if key not in project)
    if project.get("language") not in ("c", "c++"):
        yield f"language: {project.get('language')}: expected c"
    for key, known in VALUES.items():
        yield from (f"{key}: {value}: OSS-Fuzz has {', '.join(sorted(known))}"
                    for value in project.get(key, ()) if value not in known)
    here, there = set(base.BUILDS), set(builds_of(project))
    yield from (f"{build}: OSS-Fuzz would build it, and base.py does not"
                for build in sorted(map(str, there - here)))
    yield from (f"{build}: base.py builds it, and OSS-Fuzz would not"
                for build in sorted(map(str, here - there)))
    docker = (root / Path(name).parent / "Dockerfile").read_text()
    if f"git clone --depth 1 {project.get('main_repo')} " not in docker:
        yield "main_repo: is not what the Dockerfile beside it clones"
    if f":{project.get('base_os_version')}\n" not in docker:
        yield "base_os_version: is not the tag of the image in the Dockerfile beside it"


def instructions(text):
    """(instruction, rest) in their order, lines joined, comments left out."""
    kept = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n", " ", "\n".join(kept))
    for line in joined.splitlines():
        if line.strip():
            word, _, rest = line.strip().partition(" ")
            yield word, " ".join(rest.split())


def check_copy(root, context, rest):
    *sources, _ = [word for word in rest.split() if not word.startswith("--")]
    for source in sources:
        if source != "." and not list((root / context).glob(source)):
            yield f"COPY {source}: not in {context}/, which is what docker is given"


def check_run(rest):
    done = subprocess.run(["bash", "-n", "-c", rest], capture_output=True, text=True, check=False)
    if done.returncode:
        yield f"RUN: {done.stderr.strip()}"
    if re.search(r"apt-get install(?! -y)", rest):
        yield "RUN: apt-get install asks, and nobody answers: expected -y"
    if "apt-get install" in rest and "apt-get update" not in rest:
        yield "RUN: apt-get install without apt-get update before it, in the same RUN"


def check_dockerfile(root, name, context):
    path = root / name
    if not path.is_file():
        yield "is not there"
        return
    found = list(instructions(path.read_text()))
    if not found or found[0][0] != "FROM":
        yield "expected FROM first"
    for word, rest in found:
        if word not in INSTRUCTIONS:
            yield f"{word}: expected one of {', '.join(sorted(INSTRUCTIONS))}"
        elif not rest:
            yield f"{word}: says nothing"
        elif word == "FROM" and not rest.startswith(OF_OSS_FUZZ) and not DIGEST.search(rest):
            yield f"FROM {rest}: expected an image by its digest"
        elif word == "COPY":
            yield from check_copy(root, context, rest)
        elif word == "RUN":
            yield from check_run(rest)
        elif word in ("CMD", "ENTRYPOINT"):
            try:
                json.loads(rest)
            except ValueError:
                yield f"{word} {rest}: expected a JSON array"


def verbs(root):
    """Targets of make that a workflow may call."""
    text = "\n".join(path.read_text() for path in [root / "Makefile", *root.glob("*/*.mk")])
    return set(re.findall(r"^([a-z][a-z0-9-]*):(?!=)", text, re.M))


def check_uses(step, text):
    used = step["uses"]
    if not USES.fullmatch(used):
        yield f"uses {used}: expected an action by the 40 digits of its commit"
    elif not re.search(re.escape(used) + r" # v\d", text):
        yield f"uses {used}: expected its version behind it, as `# v1`"
    given = step.get("with", {})
    if used.startswith(CLUSTERFUZZLITE):
        if given.get("language") != "c":
            yield f"uses {used}: expected language: c"
        if "/run_fuzzers@" in used and given.get("mode") not in MODES:
            yield f"uses {used}: mode {given.get('mode')}: expected {', '.join(sorted(MODES))}"
    if used.startswith("actions/checkout@") and given.get("persist-credentials") is not False:
        yield "actions/checkout: expected persist-credentials: false"


def check_run_step(step, known):
    for line in str(step["run"]).splitlines():
        if "${{" in line:
            yield f"run: {line}: hand it over through env, so that no title can be a command"
        made = re.fullmatch(r"make (?:-C \S+ )?(\S+)(?: .*)?", line.strip())
        if made and made.group(1) not in known:
            yield f"run: {line.strip()}: there is no such verb"


def check_job(name, job, text, known):
    if not isinstance(job.get("timeout-minutes"), int):
        yield f"{name}: expected timeout-minutes"
    if "latest" in str(job.get("runs-on", "latest")):
        yield f"{name}: expected runs-on with a version"
    container = job.get("container")
    if container and not DIGEST.search(str(container)):
        yield f"{name}: container {container}: expected an image by its digest"
    for step in job.get("steps", ()):
        if "uses" in step:
            yield from (f"{name}: {wrong}" for wrong in check_uses(step, text))
        if "run" in step:
            yield from (f"{name}: {wrong}" for wrong in check_run_step(step, known))


def check_workflow(root, name):
    workflow, wrong = load(root / name)
    if not isinstance(workflow, dict):
        yield wrong or "expected keys and values"
        return
    text = (root / name).read_text()
    if True not in workflow:  # YAML 1.1 reads `on` as a truth value
        yield "expected on:"
    granted = workflow.get("permissions")
    if not isinstance(granted, dict) or "write" in granted.values():
        yield "permissions: expected at the top, and none to write; a job may ask for more"
    if not workflow.get("jobs"):
        yield "expected jobs"
    known = verbs(root)
    for job, body in (workflow.get("jobs") or {}).items():
        yield from check_job(job, body, text, known)


def check_script(root, name):
    path = root / name
    if not path.is_file() or not path.stat().st_mode & 0o100:
        yield "expected a script that can be executed"
        return
    done = subprocess.run(["bash", "-n", path], capture_output=True, text=True, check=False)
    if done.returncode:
        yield done.stderr.strip()
    if "-fsanitize" in path.read_text():
        yield "names a sanitizer: OSS-Fuzz gives the flags"


def checks(root):
    """(file, what is wrong with it)"""
    yield PROJECT, check_project(root, PROJECT)
    for name, context in DOCKERFILES.items():
        yield name, check_dockerfile(root, name, context)
    for name in SCRIPTS:
        yield name, check_script(root, name)
    found = sorted((root / ".github/workflows").glob("*.y*ml"))
    if not found:
        yield ".github/workflows", ["expected a workflow"]
    for path in found:
        name = str(path.relative_to(root))
        yield name, check_workflow(root, name)


def main(arguments):
    root = Path(arguments[0]) if arguments else ROOT
    if len(arguments) > 1 or not root.is_dir():
        print("outside.py: expected one folder at most, which is there", file=sys.stderr)
        return 2
    passed = failed = 0
    for name, wrong in checks(root):
        breaches = list(wrong)
        for breach in breaches:
            print(f"{name}: {breach}")
        passed, failed = passed + (not breaches), failed + bool(breaches)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
