"""Findings of kaplint's own: about directives and about approved claims, not about a rule's words."""

from __future__ import annotations

from kaplint.records import dataclass

__all__ = ["CODES", "Code", "means"]


@dataclass(frozen=True, slots=True)
class Code:
    """What such a finding is called, how grave it is, what it says and what to do."""

    name: str
    category: str
    severity: str
    summary: str
    advice: str
    why: str


_NOTHING = "A directive that excuses nothing hides what it was meant to show."
CODES = {
    "KL01": Code(
        "unused-directive",
        "directive",
        "warning",
        "A directive that does nothing",
        "Remove it, or correct the code it names.",
        _NOTHING,
    ),
    "KL02": Code(
        "unclear-directive",
        "directive",
        "warning",
        "A directive that does nothing",
        "Write: kaplint: allow CODE reason.",
        _NOTHING,
    ),
    "KL03": Code(
        "claim-drifted",
        "evidence",
        "warning",
        "A sentence that is nearly an approved wording, and is flagged or says more",
        "Write what was approved, or have the new wording approved.",
        "Whoever approved a claim approved its limits and hedges; copy that lost them is not approved.",
    ),
    "KL04": Code(
        "claim-expired",
        "evidence",
        "warning",
        "An approved wording whose approval has expired",
        "Have the claim reviewed and renewed, or take it out.",
        "Evidence and rules change; an approval holds until the date that it names.",
    ),
    "KL05": Code(
        "claim-expires-soon",
        "evidence",
        "info",
        "An approved wording whose approval expires within evidence-notice-days",
        "Have the claim reviewed before it expires.",
        "A review takes time; the page is flagged again on the day after the approval expires.",
    ),
}


def means(selector: str, code: str) -> bool:
    """Tell whether a selector (a code, the start of one, a category, a name) means one of these."""
    about = CODES[code]
    return selector in (about.category, about.name) or (
        selector.startswith("KL") and code.startswith(selector)
    )
