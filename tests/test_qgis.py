"""The style for QGIS: rules for what the table has, symbols of the pages, and that a real QGIS takes it, if there is one."""

from __future__ import annotations

import base64
import datetime as dt
import os
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from geo.formats import export
from geo.formats.qgis import KINDS, style
from geo.maps.payload import legend
from geo.model import When
from geo.table import to_frame
from tests.test_table import CLOCKWISE, EVENTS, LINE, event, place

STATUSES = [entry["id"] for entry in legend()["statuses"]]
LAYERS = [entry["id"] for entry in legend()["layers"]]
ALL = to_frame(
    [
        event(where, layer=layer, status=status)
        for where in (place(), place(LINE), place(CLOCKWISE))
        for layer in LAYERS
        for status in STATUSES
    ]
)


def parsed(qml: str) -> ET.Element:
    return ET.fromstring(qml)  # noqa: S314  our own


def rules(root: ET.Element) -> dict[str, str]:
    """The drawing rules by what they ask for, with the number of their symbol."""
    found = {}
    for outer in root.iterfind("renderer-v2/rules/rule"):
        for rule in outer.iterfind("rule"):
            found[f"{outer.get('filter')} AND {rule.get('filter') or 'all'}"] = rule.get("symbol", "")
    return found


@pytest.mark.parametrize("kind", [*KINDS, None])
def test_every_layer_and_status_of_the_table_has_a_rule_and_a_symbol(kind: str | None) -> None:
    root = parsed(style(ALL, kind))
    found = rules(root)
    symbols = {
        symbol.get("name"): symbol.get("type") for symbol in root.iterfind("renderer-v2/symbols/symbol")
    }
    assert sorted(found.values(), key=int) == sorted(symbols, key=lambda name: int(name or ""))
    for layer in LAYERS:
        for status in STATUSES:
            assert [
                key for key in found if key.startswith(f"\"layer\" = '{layer}' AND \"status\" = '{status}'")
            ] != []
    assert {"points": {"marker"}, "lines": {"line"}, "areas": {"fill"}, None: {"marker", "line", "fill"}}[
        kind
    ] == set(symbols.values())
    assert [key for key in found if key.startswith("ELSE")] != []


def test_only_what_the_table_has_stands_in_the_legend() -> None:
    labels = [rule.get("label") for rule in parsed(style(to_frame(EVENTS))).iter("rule")]
    assert {"Meetings", "Corridors", "cancelled", "Other"} <= set(labels)
    assert not {"Clashes", "planned"} & set(labels)


def test_symbols_have_the_shapes_and_colours_of_the_pages() -> None:
    symbols = parsed(style(ALL, "points")).findall("renderer-v2/symbols/symbol")
    for number, entry in enumerate(legend()["layers"]):
        for status, symbol in zip(STATUSES, symbols[number * len(STATUSES) :], strict=False):
            options = {o.get("name"): o.get("value", "") for o in symbol.iter("Option")}
            drawing = parsed(base64.b64decode((options["name"] or "").removeprefix("base64:")).decode())
            paths = [path.get("d") for path in drawing]
            assert paths[0] == legend()["shapes"][entry["shape"]]
            assert paths[1:] == ([legend()["strokes"][status]] if status in legend()["strokes"] else [])
            ink = ",".join(str(int(entry["light"][at : at + 2], 16)) for at in (1, 3, 5)) + ",255"
            assert options["color" if status == "occurred" else "outline_color"] == ink


def test_the_temporal_controller_is_on_with_the_fields_of_the_table() -> None:
    temporal = parsed(style(to_frame(EVENTS))).find("temporal")
    assert temporal is not None
    assert {key: temporal.get(key) for key in ("enabled", "mode", "limitMode", "startField", "endField")} == {
        "enabled": "1", "mode": "2", "limitMode": "0", "startField": "start", "endField": "end",
    }  # fmt: skip


@pytest.mark.parametrize("suffix", [".geojson", ".geojsonl", ".fgb", ".parquet"])
def test_a_style_stands_beside_the_file_when_asked(tmp_path: Path, suffix: str) -> None:
    export(to_frame(EVENTS), tmp_path / f"e{suffix}")
    assert [p.name for p in tmp_path.iterdir()] == [f"e{suffix}"]
    export(to_frame(EVENTS), tmp_path / f"e{suffix}", style=True)
    assert {p.name for p in tmp_path.iterdir()} == {f"e{suffix}", "e.qml"}


@pytest.mark.parametrize("suffix", [".gpkg", ".kml", ".csv", ".jsonld"])
def test_formats_that_have_their_own_style_or_none_get_no_file_beside_them(
    tmp_path: Path, suffix: str
) -> None:
    export(to_frame(EVENTS), tmp_path / f"e{suffix}", style=True)
    assert [p.name for p in tmp_path.iterdir()] == [f"e{suffix}"]


def with_qgis() -> str | None:
    """A Python that has PyQGIS; Debian's is the system's own."""
    for python in ("/usr/bin/python3", shutil.which("python3")):
        if python and Path(python).exists():
            tried = subprocess.run(
                [python, "-c", "import qgis.core"], capture_output=True, check=False, env=_environment()
            )
            if tried.returncode == 0:
                return python
    return None


def _environment() -> dict[str, str]:
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "GDAL", "PROJ"))
    }
    return inherited | {"QT_QPA_PLATFORM": "offscreen"}


def test_qgis_opens_the_files_with_their_styles_and_times(tmp_path: Path) -> None:
    python = with_qgis()
    if python is None:
        pytest.skip("needs PyQGIS (Debian: apt-get install python3-qgis)")
    eve = When(dt.date(2023, 10, 4), dt.date(2023, 10, 5), "day")  # ends when the others begin
    undated = to_frame(
        [*EVENTS, event(when=None), event(when=eve), event(place(LINE), layer="clashes", status="planned")]
    )
    files = [
        export(undated, tmp_path / f"{name}.{suffix}", style=True)
        for name, suffix in (("a", "gpkg"), ("b", "geojson"), ("c", "fgb"))
    ]
    files += [export(ALL, tmp_path / "all.gpkg")]
    tool = Path(__file__).parents[1] / "tools" / "qgis_check.py"
    run = subprocess.run(
        [python, tool, *files], capture_output=True, text=True, check=False, env=_environment()
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert len(re.findall(", well$", run.stdout, re.MULTILINE)) == 12
