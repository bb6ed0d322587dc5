"""What a compiler makes of a file: its tokens and its functions, to hold the proof against."""

import pathlib
import re
import tempfile

from . import framac, toolchain

TOKEN = re.compile(r"""//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])+'|\w+|\S""", re.S)


def words(text):
    """Identifiers and keywords of C text, without those in comments and strings."""
    return {token for token in TOKEN.findall(text) if re.match(r"[A-Za-z_]\w*$", token)}


def preprocessed(unit, flags):
    """Tokens of a file after the preprocessor; pragmas change speed only and are left out."""
    done = toolchain.run(["gcc", "-std=c11", "-E", "-P", "-Icore",
                          f"-I{unit.path.resolve().parent}", *flags, unit.name],
                         cwd=toolchain.ROOT)
    if done.returncode != 0:
        raise toolchain.ProofError(f"{unit.name}: gcc -E: {done.stderr.strip()[:200]}")
    lines = [line for line in done.stdout.splitlines() if not line.lstrip().startswith("#pragma")]
    return TOKEN.findall("\n".join(lines))


def differences(unit):
    """Where the code that Frama-C reads is not the code that a compiler reads."""
    plain, proved = preprocessed(unit, []), preprocessed(unit, ["-D__FRAMAC__"])
    if plain == proved:
        return []
    place = next((index for index, pair in enumerate(zip(plain, proved)) if pair[0] != pair[1]),
                 min(len(plain), len(proved)))
    return [f"{unit.name}: __FRAMAC__ changes the code: compiled `{' '.join(plain[place:][:6])}`, "
            f"proved `{' '.join(proved[place:][:6])}`"]


def symbols(unit):
    """Functions that gcc puts into the object code, static and inline ones included."""
    with tempfile.TemporaryDirectory(prefix="upheld-nm-") as directory:
        target = str(pathlib.Path(directory) / "unit.o")
        done = toolchain.run(["gcc", "-std=c11", "-O0", "-fkeep-static-functions",
                              "-fkeep-inline-functions", "-Icore",
                              f"-I{unit.path.resolve().parent}", "-w", "-c", "-o", target,
                              unit.name], cwd=toolchain.ROOT)
        if done.returncode != 0:
            raise toolchain.ProofError(f"{unit.name}: gcc: {done.stderr.strip()[:200]}")
        listing = toolchain.run(["nm", "--defined-only", target]).stdout
    return {line.split()[2] for line in listing.splitlines() if line.split()[1] in "Tt"}


def sources(units):
    """Texts that the core is made of: its C files, their headers and the specification."""
    files = set()
    for unit in units:
        files.add(unit.path.resolve())
        files.update(path.resolve() for path in unit.path.resolve().parent.glob("*.h"))
    if any(unit.name.startswith("core/") for unit in units):
        files.update((toolchain.PROOFS / "spec").glob("*.acsl"))
    return {framac.relative(path): path.read_text(encoding="utf-8") for path in sorted(files)}
