"""Options and arguments that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from geo.cli.terminal import hush


def given(value: str | Path) -> Path:
    """The path of an option; an empty one would be the folder that the command runs in."""
    if not str(value):
        raise typer.BadParameter("the path is empty")
    return Path(value)


Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH…",
        help="Articles (text, JSON, tables, HTML, feeds, WARC, Word, PDF, mail), folders of them, or - for standard input; "
        "after -- if one begins with a dash.",
    ),
]
PathsOrEvents = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH…",
        help="Articles (text, JSON, tables, HTML, feeds, WARC, Word, PDF, mail), folders of them, or - for standard input; "
        "or events that geo wrote: a file of them, a dataset.",
    ),
]
Metadata = Annotated[
    Path | None, typer.Option(help="CSV with the columns file, title, source, date, url.", parser=given, metavar="FILE", show_default=False)
]
Date = Annotated[
    str | None, typer.Option(help="Date of the articles that state none: 2023-10-04, 2023-10 or 2023.", show_default=False)
]
Fields = Annotated[
    list[str] | None,
    typer.Option(
        "--field", help="Where a table or JSON holds the text, title, date, source, url or id: text=body; may be given again.",
        metavar="TARGET=FIELD", show_default=False,
    ),
]
Language = Annotated[
    str, typer.Option(help="Language of the articles; there are rules for English only.", metavar="CODE", show_default=False)
]
GazetteerFile = Annotated[
    Path | None,
    typer.Option(
        "--gazetteer", help="A compiled gazetteer, instead of the bundled one.", parser=given, metavar="FILE", show_default=False
    ),
]
Corrections = Annotated[
    list[Path] | None,
    typer.Option(
        help="A sheet of `geo review` with your corrections; may be given again.", parser=given, metavar="FILE", show_default=False
    ),
]
EventFiles = Annotated[
    list[Path] | None,
    typer.Option("--events", help="A file of your own trigger words (.toml); may be given again.", show_default=False),
]
Geocode = Annotated[
    str | None,
    typer.Option(
        help="Ask a service on the web for names that the gazetteer lacks: nominatim, photon or geonames. Only these names are sent.",
        metavar="SERVICE", show_default=False,
    ),
]
GeocodeDryRun = Annotated[bool, typer.Option("--geocode-dry-run", help="Say which names --geocode would send, and send none.")]
GeocodeUrl = Annotated[
    str | None, typer.Option(help="Your own server of the service: http://localhost:8080.", metavar="URL", show_default=False)
]
GeocodeCache = Annotated[
    Path | None,
    typer.Option(help="File that keeps the answers; default: in your folder for caches.", parser=given, metavar="FILE", show_default=False),
]
NoMerge = Annotated[bool, typer.Option("--no-merge", help="Keep each report an event of its own.")]
NoDemonyms = Annotated[bool, typer.Option("--no-demonyms", help="Leave out the names of peoples, such as “Georgian”.")]
NoApproximate = Annotated[
    bool, typer.Option("--no-approximate", help="Put nothing at a place that bears only a part of the name.")
]
Outputs = Annotated[
    list[Path],
    typer.Option(
        "--out", "-o", help="File of events to write, in the format that its suffix asks for; may be given again.",
        parser=given, metavar="FILE",
    ),
]  # fmt: skip
Style = Annotated[bool, typer.Option("--style", help="Put a style for QGIS beside each file (.qml).")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the summary as a JSON object.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", callback=hush, help="Print nothing but errors.")]
MaxArticle = Annotated[
    float, typer.Option(help="Refuse articles of more than so many MB.", min=0.001, metavar="MB", show_default=True)
]
MaxField = Annotated[
    int, typer.Option(help="Refuse articles with a title, source, url or id of more than so many characters.", min=1, metavar="N")
]
MaxPage = Annotated[int, typer.Option(help="Show so many events on a page at most, the most reported ones.", min=1, metavar="N")]
Workers = Annotated[int, typer.Option(help="Read with so many processes.", min=1, metavar="N")]
Scheduler = Annotated[
    str | None,
    typer.Option(help="Read with the workers of the Dask cluster at this address (tcp://host:8786).", metavar="ADDRESS", show_default=False),
]
Fresh = Annotated[bool, typer.Option("--fresh", help="Start a dataset over instead of going on where it was.")]
Tiles = Annotated[
    str | None,
    typer.Option(
        help="Online tiles that a reader may choose: OpenStreetMap.Mapnik, or an address with {z}, {x}, {y}.", metavar="NAME", show_default=False
    ),
]
