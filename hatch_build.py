"""Build hook: compile rules/ into the pack that the wheel ships, so that no run has to read YAML."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class RulePackHook(BuildHookInterface):  # type: ignore[type-arg]
    """Write the pack beside the package's modules before the wheel is put together."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the pack; an editable install reads the rule files themselves."""
        del build_data
        if self.target_name != "wheel" or version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root))
        from kaplint import rulepack

        pack = rulepack.build((root / "rules",))
        package = root / "kaplint"
        (package / "rulepack.json").write_text(rulepack.dumps(pack.core), encoding="utf-8")
        (package / "rulepack-docs.json").write_text(rulepack.dumps(pack.docs), encoding="utf-8")
