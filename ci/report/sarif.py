"""The open findings as SARIF 2.1.0, as GitHub's code scanning reads it."""
import hashlib

from report import findings

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
SEVERITY = {"error": "8.0", "warning": "5.0", "note": "2.0"}  # GitHub's security-severity


def rule(name):
    level, words = findings.RULES[name]
    return {"id": name, "name": "".join(part.capitalize() for part in name.split("-")),
            "shortDescription": {"text": words.split(":")[0].rstrip(".") + "."},
            "fullDescription": {"text": words}, "help": {"text": words},
            "defaultConfiguration": {"level": level},
            "properties": {"tags": ["upheld"], "security-severity": SEVERITY[level]}}


def result(one, places):
    """The fingerprint is of rule, file and words, so that a finding stays one when lines move."""
    key = "\0".join((one["rule"], one["file"], one["message"]))
    return {"ruleId": one["rule"], "ruleIndex": places[one["rule"]], "level": one["level"],
            "message": {"text": one["message"]},
            "locations": [{"physicalLocation": {
                "artifactLocation": {"uri": one["file"], "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": one["line"]}}}],
            "partialFingerprints": {"upheld/v1": hashlib.sha256(key.encode()).hexdigest()}}


def log(report):
    """The whole document; no finding, no result."""
    names = list(findings.RULES)
    places = {name: at for at, name in enumerate(names)}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [{
        "tool": {"driver": {"name": "upheld audit", "version": report["version"],
                            "semanticVersion": report["version"],
                            "rules": [rule(name) for name in names]}},
        "automationDetails": {"id": "upheld-audit/"},
        "columnKind": "utf16CodeUnits",
        "originalUriBaseIds": {"%SRCROOT%": {
            "description": {"text": "the checkout of the project"}}},
        "properties": {"commit": report["commit"] or "none", "verdict": report["verdict"],
                       "tree_sha256": report["tree_sha256"]},
        "results": [result(one, places) for one in report["findings"]]}]}
