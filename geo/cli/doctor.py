"""`geo doctor`: what is installed, and whether it works."""

from __future__ import annotations

import re
from importlib import import_module
from typing import Annotated, Any

import typer

from geo.cli.options import GazetteerFile
from geo.cli.terminal import json_line, printable
from geo.errors import GazetteerError

PACKAGE = "geo-news"
IMPORTED = ("folium", "geopandas", "pandas", "pyogrio", "shapely", "typer", "rich")
"""What is tried, beyond looking whether it is installed: compiled parts may be broken."""


def doctor(
    gazetteer: GazetteerFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as a JSON object.")] = False,
) -> None:
    """Say what is installed, which gazetteer is used and which extras are there. Exit code 1 if something is broken."""
    import platform

    found: dict[str, Any] = {
        "geo": _version(PACKAGE),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": {name: _tried(name) for name in IMPORTED},
        "gdal": _gdal(),
        "gazetteer": _gazetteer(gazetteer),
        "extras": _extras(),
    }
    broken = [name for name, entry in found["packages"].items() if "error" in entry]
    broken += ["gazetteer"] if "error" in found["gazetteer"] else []
    if as_json:
        typer.echo(json_line(found | {"broken": broken}))
    else:
        for line in _lines(found):
            typer.echo(printable(line))
    if broken:
        raise typer.Exit(1)


def _version(name: str) -> str | None:
    from importlib import metadata  # costs more than opening the gazetteer

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _tried(name: str) -> dict[str, Any]:
    """The version of a package, and what happens when it is imported."""
    try:
        import_module(name)
    except Exception as error:  # noqa: BLE001  whatever a broken package raises
        remedy = f"run: pip install --force-reinstall {name}"
        return {
            "version": _version(name),
            "error": f"{type(error).__name__}: {' '.join(str(error).split())}; {remedy}",
        }
    return {"version": _version(name)}


def _gdal() -> str | None:
    try:
        return str(import_module("pyogrio").__gdal_version_string__)
    except Exception:  # noqa: BLE001  told with the packages
        return None


def _gazetteer(path: Any) -> dict[str, Any]:
    from geo.gazetteer import default_path
    from geo.pipeline import open_gazetteer

    try:
        opened = open_gazetteer(path)
    except (GazetteerError, OSError) as error:
        return {"path": str(path or default_path()), "error": str(error)}
    header = opened.header
    return {"path": str(opened.path)} | {key: header[key] for key in ("format", "stamp", "places", "names")}


def _extras() -> dict[str, dict[str, str | None]]:
    """Each extra with its packages and their versions, None for those that are not installed."""
    from importlib import metadata

    found: dict[str, dict[str, str | None]] = {}
    for requirement in metadata.requires(PACKAGE) or ():
        name = re.match(r"[\w.-]+", requirement)
        extra = re.search(r"extra == ['\"]([\w-]+)['\"]", requirement)
        if name and extra:
            found.setdefault(extra[1], {})[name[0]] = _version(name[0])
    return found


def _lines(found: dict[str, Any]) -> list[str]:
    lines = [f"geo {found['geo']}, Python {found['python']}, {found['platform']}"]
    lines += [f"{name} {entry['version']}{_told(entry)}" for name, entry in found["packages"].items()]
    lines.append(f"GDAL {found['gdal']}")
    place = found["gazetteer"]
    facts = (
        ""
        if "error" in place
        else f": format {place['format']}, stamp {place['stamp']}, {place['places']:,} places"
    )
    lines.append(f"gazetteer {place['path']}{facts}{_told(place)}")
    for extra, packages in found["extras"].items():
        missing = [name for name, version in packages.items() if version is None]
        state = f"lacks {', '.join(missing)}; run: pip install '{PACKAGE}[{extra}]'" if missing else "there"
        lines.append(f"extra {extra}: {state}")
    return lines


def _told(entry: dict[str, Any]) -> str:
    return f": BROKEN: {entry['error']}" if "error" in entry else ""
