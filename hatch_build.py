"""Build hook: put the rules and the pack compiled from them into the wheel, so that no run reads YAML."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class RulePackHook(BuildHookInterface):  # type: ignore[type-arg]
    """Compile the pack outside the source tree, and tell the builder where it goes."""

    folder: TemporaryDirectory[str] | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the pack; an editable install reads the rule files themselves."""
        if self.target_name != "wheel" or version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root))
        from kaplint import rulepack

        self.folder = TemporaryDirectory(prefix="kaplint-pack-")
        forced = build_data["force_include"]
        forced[str(root / "rules")] = "kaplint/rules"
        for name, text in rulepack.files(rulepack.build((root / "rules",))).items():
            path = Path(self.folder.name, name)
            path.write_text(text, encoding="utf-8")
            forced[str(path)] = f"kaplint/{name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the scratch folder once the wheel is written."""
        del version, build_data, artifact_path
        if self.folder is not None:
            self.folder.cleanup()
