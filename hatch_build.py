"""Build hook: compiles the gazetteer into the package, for wheels, sdists' installs and editable installs alike."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class GazetteerHook(BuildHookInterface):  # type: ignore[type-arg]
    """Makes geo/data/gazetteer.bin when it is missing or older than its sources."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Compile before the files are collected; an sdist carries the sources instead."""
        if self.target_name != "wheel":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root))
        try:
            from geo.compile import compile_gazetteer, is_current

            out = root / "geo" / "data" / "gazetteer.bin"
            if not is_current(root / "gazetteer", out):
                compile_gazetteer(root / "gazetteer", out)
        finally:
            sys.path.remove(str(root))
