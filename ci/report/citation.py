"""How the project, this report and one claim of it are cited."""
import re

from report import ids

AUTHORS = "the upheld authors"
TITLE = "upheld: the HTTP/1.1 Upgrade handshake, proved"


def version(root):
    """UPHELD_VERSION of the public header, the one place where it stands."""
    path = root / "core/upheld.h"
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    found = re.search(r'^#define UPHELD_VERSION "(\d+\.\d+\.\d+)"$', text, re.M)
    return found[1] if found else "0.0.0"


def cite(report):
    """Texts to cite by; `cff` is a CITATION.cff."""
    commit, date = report["commit"] or "none", report["ended"][:10]
    if report["dirty"]:
        commit += " (with changes that are not committed)"
    project = f"{AUTHORS[0].upper()}{AUTHORS[1:]}. {TITLE}. Version {report['version']}, " \
              f"commit {commit}."
    audit = f"{project} Audit of {date}, files SHA-256 {report['tree_sha256']}."
    claim = next((row for row in report["claims"]), None)
    example = f"{claim['id']}: \"{claim['words']}\" In: {audit}" if claim else \
        f"{ids.CLAIM}NAME: \"its words\" In: {audit}"
    cff = (f"cff-version: 1.2.0\n"
           f"message: Cite a claim by its id, the version and the commit.\n"
           f"title: \"{TITLE}\"\ntype: software\nlicense: MIT\nversion: {report['version']}\n"
           f"commit: {report['commit'] or 'none'}\ndate-released: {date}\n"
           f"authors:\n  - name: {AUTHORS}\n"
           f"identifiers:\n  - type: other\n    value: sha256:{report['tree_sha256']}\n"
           f"    description: SHA-256 over all files, as INPUTS.SHA256 lists them\n")
    return {"project": project, "report": audit, "claim": example, "cff": cff}
