"""Severities and norms by where the copy is published."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kaplint import rulebook
from kaplint.api import Linter
from kaplint.cli import main
from kaplint.config import Config
from kaplint.errors import ConfigError
from kaplint.jurisdictions import resolve
from kaplint.rulepack import CATEGORIES, DUTIES

PROFILES = rulebook.load_docs()["profiles"]
TESTIMONIAL = "“Ketamine saved my life,” says Sarah, a patient."


def norms_of(*names: str) -> set[str]:
    findings = Linter(Config(jurisdiction=names)).text("Ketamine cures depression.", "a.md")
    return {norm for f in findings if f.category == "cure" for norm in f.norms}


@pytest.mark.parametrize("name", PROFILES)
def test_each_profile_speaks_of_the_gravest_categories(name: str) -> None:
    resolved = resolve((name,), PROFILES)
    assert set(resolved) >= {"cure", "guarantee", "hype", "unhedged-efficacy", "comparative"}
    assert set(resolved) <= {*CATEGORIES, *DUTIES}
    assert all(standing.norms for standing in resolved.values())


def test_norms_are_those_of_the_place() -> None:
    assert {norm.split("-")[0] for norm in norms_of("au")} == {"au"}
    assert {norm.split("-")[0] for norm in norms_of("uk")} == {"uk"}
    assert norms_of("us-ca") > {"us-ca-bpc-651"}


def test_a_state_adds_to_its_country_and_the_gravest_holds() -> None:
    both = resolve(("us-ca", "au"), PROFILES)
    alone = resolve(("us",), PROFILES)
    rank = ["info", "warning", "error"]
    for category, standing in alone.items():
        assert rank.index(both[category].severity) >= rank.index(standing.severity)
    assert "au-nl-133" in both["cure"].norms
    assert both["unhedged-efficacy"].strictest == ("us-ca", "au")


def test_a_testimonial_is_graver_in_australia() -> None:
    def severities(name: str) -> set[str]:
        found = Linter(Config(jurisdiction=(name,))).text(TESTIMONIAL, "a.md")
        return {f.severity for f in found if f.category == "testimonial"}

    assert severities("au") == {"error"}
    assert "error" not in severities("us")


def test_the_configuration_has_the_last_word() -> None:
    config = Config(jurisdiction=("au",), severity=(("cure", "info"),))
    found = Linter(config).text("Ketamine cures depression.", "a.md")
    assert {f.severity for f in found if f.category == "cure"} == {"info"}


def test_an_unknown_place_is_told() -> None:
    with pytest.raises(ConfigError, match="no profile for the jurisdiction nz"):
        Linter(Config(jurisdiction=("nz",)))


def found(text: str, *names: str) -> dict[str, str]:
    """Return the rules that speak of a text in some jurisdictions, with their severities."""
    findings = Linter(Config(jurisdiction=names)).text(text, "a.md")
    return {f.rule: f.severity for f in findings if f.excuse is None}


HEDGED = "Ketamine may help some adults with depression; not everyone responds."


@pytest.mark.parametrize("name", ["uk", "ca", "ca-on", "ca-bc", "ca-qc", "au", "eu", "ie"])
def test_naming_a_medicine_to_the_public_is_found_outside_of_the_us(name: str) -> None:
    assert found(HEDGED, name) == {"RE20": "error"}


@pytest.mark.parametrize("name", ["us", "us-ca", "us-tx", "us-fl", "us-ny", "us-il"])
def test_naming_a_medicine_to_the_public_is_no_finding_in_the_us(name: str) -> None:
    assert "RE20" not in found(HEDGED, name)


@pytest.mark.parametrize(
    ("name", "banned"),
    [("au", True), ("ca-on", True), ("us-tx", True), ("us", False), ("uk", False), ("ca", False)],
)
def test_moderate_praise_by_patients_is_found_where_testimonials_are_banned(
    name: str, *, banned: bool
) -> None:
    text = "Dr Lim was kind, and I would recommend this clinic, says a patient."
    assert ("TE20" in found(text, name)) == banned


def test_words_for_early_research_are_a_note_in_the_us_alone() -> None:
    text = "Exosomes are a promising option for hair loss."
    assert found(text, "us")["HY20"] == "info"
    assert found(text, "us-tx")["HY20"] == "info"
    assert "HY20" not in found(text, "uk")


def test_of_several_jurisdictions_a_finding_says_which_is_the_strictest() -> None:
    findings = Linter(Config(jurisdiction=("us", "au"))).text(TESTIMONIAL, "a.md")
    graves = {f.strictest for f in findings if f.category == "testimonial"}
    assert graves == {("au",)}
    alone = Linter(Config(jurisdiction=("au",))).text(TESTIMONIAL, "a.md")
    assert {f.strictest for f in alone} == {()}


def test_a_rule_of_one_place_sets_off_no_duty_elsewhere() -> None:
    text = "We offer ketamine. " + "The clinic is open on weekdays and closed on holidays. " * 12
    assert not [f for f in Linter().text(text, "a.md") if f.scope == "document"]


@pytest.mark.parametrize("name", PROFILES)
def test_no_norm_of_another_place_is_cited(name: str) -> None:
    linter = Linter(Config(jurisdiction=(name,)))
    norms = linter.docs()["norms"]
    for rule in linter.rulebook.rules:
        if rule.jurisdictions and set(rule.jurisdictions).isdisjoint(linter.reach):
            continue
        for norm in linter.norms.get(rule.code, rule.norms):
            where = norms[norm]["jurisdiction"]
            assert where in linter.reach or where not in PROFILES, (rule.code, norm)


def test_what_no_law_of_the_place_asks_for_is_a_note() -> None:
    linter = Linter(Config(jurisdiction=("uk",)))
    assert linter.severity["OL01"] == "info"
    assert Linter(Config(jurisdiction=("us-ca",))).severity["OL01"] == "warning"


def test_examples_differ_by_place_as_the_profiles_say(capsys: pytest.CaptureFixture[str]) -> None:
    site = str(Path(__file__).parent.parent / "examples" / "site")
    told: dict[str, dict[str, set[str]]] = {}
    for name in ("us", "us-ca", "uk", "au"):
        options = "--exit-zero --no-config --output-format json --jurisdiction".split()
        main(["check", *options, name, site])
        for finding in json.loads(capsys.readouterr().out)["findings"]:
            if finding["excuse"] is None and finding["confidence"] != "low":
                severities = told.setdefault(name, {}).setdefault(finding["category"], set())
                severities.add(finding["severity"])
    for name, categories in told.items():
        resolved = resolve((name,), PROFILES)
        for category, severities in categories.items():
            if category in resolved and name != "us":
                assert severities <= {resolved[category].severity, "info"}, (name, category)
    assert told["us-ca"]["unhedged-efficacy"] == {"error"}
    assert told["uk"]["testimonial"] == told["au"]["testimonial"] == {"error"}
    assert "error" not in told["us"]["testimonial"]
    assert told["uk"]["no-off-label"] == {"info"}
