"""`geo gazetteer`: look into the gazetteer, or compile another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geo.cli.options import GazetteerFile, given
from geo.cli.terminal import count, json_line, printable, say, table

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

app = typer.Typer(no_args_is_help=True, help="Look into the gazetteer, or compile another.")


def _open(path: Path | None) -> Gazetteer:
    from geo.pipeline import open_gazetteer

    return open_gazetteer(path)


@app.command()
def info(
    gazetteer: GazetteerFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as a JSON object.")] = False,
) -> None:
    """Say what the gazetteer holds and what it was made from."""
    opened = _open(gazetteer)
    opened.check()
    header = opened.header
    facts = {key: header[key] for key in ("format", "stamp", "places", "names", "attribution", "sources")}
    if as_json:
        typer.echo(json_line({"path": str(opened.path), **facts}))
        return
    typer.echo(f"{opened.path}\nformat {header['format']}, stamp {header['stamp']}")
    typer.echo(f"{header['places']:,} places, {header['names']:,} names")
    for line in header["attribution"]:
        typer.echo(line)
    for name, stamp in header["sources"].items():
        typer.echo(f"  {name}  {stamp[:16]}")


@app.command()
def search(
    name: Annotated[str, typer.Argument(help="A name, as it would stand in a text; case and accents do not count.")],
    gazetteer: GazetteerFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON lines, one a place.")] = False,
) -> None:
    """List the places that bear a name, the most populous first. Exit code 1 if there is none."""
    from geo.gazetteer import NAME_KINDS

    opened = _open(gazetteer)
    with opened.checked_on_failure():
        found = [(opened.place(bearer.place), NAME_KINDS[bearer.kind]) for bearer in opened.look_up(name)]
    if as_json:
        for place, kind in found:
            row: dict[str, Any] = {"id": place.id, "name": place.name, "kind": place.kind, "country": place.country, "admin1": place.admin1}
            row |= {"lat": place.lat, "lon": place.lon, "population": place.population, "name_kind": kind}
            typer.echo(json_line(row))
    elif found:
        columns = ("id", "name", "kind", "admin1", "country", "lon", "lat", "people", "as")
        cells = [
            (p.id, p.name, p.kind, p.admin1, p.country, f"{p.lon:.3f}", f"{p.lat:.3f}", f"{p.population:,}", kind)
            for p, kind in found
        ]
        table(f"{name}: {count(len(found), 'place')}", columns, cells)
    if not found:
        say(f"no place is named {printable(name)!r} in the gazetteer")
        raise typer.Exit(1)


@app.command()
def build(
    sources: Annotated[Path, typer.Argument(help="The folder of curated sources.")] = Path("gazetteer"),
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", help="File to write; default: the one in use.", parser=given, metavar="FILE", show_default=False
        ),
    ] = None,
    geonames: Annotated[
        Path | None,
        typer.Option(help="A GeoNames dump to add: allCountries.zip, US.txt and the like.", show_default=False),
    ] = None,
) -> None:
    """Compile a gazetteer from curated sources and GeoNames (needs `pip install 'geo-news[compile]'`)."""
    from geo.compile.compiler import compile_gazetteer
    from geo.gazetteer import default_path

    target = out or default_path()
    header = compile_gazetteer(sources, target, geonames)
    typer.echo(f"{target}: {header['places']:,} places, {header['names']:,} names, stamp {header['stamp']}")
