"""The logic in the page's script, called where it runs: in the browser, without a map."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from geo.maps import ground
from tests.maps.conftest import ready


@pytest.fixture(scope="module")
def parts(browser: Browser, site: Path) -> Iterator[Page]:
    context = browser.new_context()
    page = context.new_page()
    page.goto((site / "undated.html").as_uri())
    ready(page)
    yield page
    context.close()


def call(parts: Page, code: str, *arguments: Any) -> Any:
    """Runs JavaScript that may use the parts by name and the arguments as `given`."""
    names = "Dom, Data, Filter, Address, Sentences, Symbols, Routes, Arcs, Marks, Labels, List, Save"
    return parts.evaluate(
        f"(given) => {{ const {{ {names} }} = GeoEvents.parts; return {code}; }}", list(arguments)
    )


MONTH = 2023 * 12


@pytest.mark.parametrize(
    ("start", "end", "precision", "months"),
    [
        ("2023-09-19", "2023-09-20", "day", [8, 8]),
        ("2023-09-30", "2023-10-01", "day", [8, 8]),  # the end is exclusive
        ("2023-09-01", "2023-10-01", "month", [8, 8]),
        ("2023-09-28", "2023-10-05", "week", [8, 9]),
        ("2023-12-01", "2024-03-01", "season", [11, 13]),
        ("2023-12-31", "2024-01-01", "day", [11, 11]),
        ("2023-10-04", None, "document", [9, 9]),
        ("2023-10-04", "2023-10-01", "day", [9, 9]),  # an end before the start
        ("2023-01-01", "2024-01-01", "year", None),
        ("1990-01-01", "2000-01-01", "decade", None),
        (None, None, "none", None),
        (None, None, None, None),
    ],
)
def test_months_of_an_event(
    parts: Page, start: str, end: str, precision: str, months: list[int] | None
) -> None:
    found = call(parts, "Filter.months(given[0])", {"start": start, "end": end, "precision": precision})
    assert found == (months and [MONTH + month for month in months])


def test_columns_are_months_of_few_years_and_years_of_many(parts: Page) -> None:
    few = call(
        parts,
        "Filter.columns(given)",
        {"months": [MONTH + 4, MONTH + 4]},
        {"months": [MONTH + 13, MONTH + 13]},
        {"months": None},
    )
    assert len(few) == 24
    assert few[0] == {"from": MONTH, "to": MONTH, "label": "J", "name": "January 2023"}
    many = call(
        parts, "Filter.columns(given)", {"months": [1994 * 12, 1994 * 12]}, {"months": [MONTH, MONTH]}
    )
    assert [many[0]["name"], many[-1]["name"]] == ["1994", "2023"]
    centuries = call(
        parts, "Filter.columns(given)", {"months": [1500 * 12, 1500 * 12]}, {"months": [MONTH, MONTH]}
    )
    assert len(centuries) <= 40
    assert centuries[-1]["to"] == MONTH + 11
    assert all(after["from"] == before["to"] + 1 for before, after in pairwise(centuries))
    assert call(parts, "Filter.columns(given)", {"months": None}) == []


APPLY = """(() => {
  const [rows, { hidden = [], without = [], time = null, query = "" }] = given;
  const events = rows.map(([layer, status, month, name]) => ({ layer, status, months: month && [month, month],
    at: { name }, evidence: [["Said of " + name, "", 0]] }));
  const { shown, layers, statuses, byMonth } = Filter.apply(events, { hidden: new Set(hidden), without: new Set(without), time, query });
  return { shown: shown.map((event) => event.at.name), on: events.map((event) => event.on), layers: [...layers], statuses: [...statuses], byMonth: [...byMonth] };
})()"""
ROWS: list[list[Any]] = [
    ["aid", "occurred", 5, "Áa"],
    ["aid", "planned", 6, "Bb"],
    ["forces", "occurred", 6, "Cc"],
    ["forces", "denied", None, "Dd"],
]


@pytest.mark.parametrize(
    ("choice", "shown", "layers", "statuses", "by_month"),
    [
        (
            {},
            ["Áa", "Bb", "Cc", "Dd"],
            {"aid": 2, "forces": 2},
            {"occurred": 2, "planned": 1, "denied": 1},
            {5: 1, 6: 2},
        ),
        ({"hidden": ["aid"]}, ["Cc", "Dd"], {"aid": 2, "forces": 2}, {"occurred": 1, "denied": 1}, {6: 1}),
        (
            {"without": ["occurred"]},
            ["Bb", "Dd"],
            {"aid": 1, "forces": 1},
            {"occurred": 2, "planned": 1, "denied": 1},
            {6: 1},
        ),
        (
            {"time": [6, 9]},
            ["Bb", "Cc"],
            {"aid": 1, "forces": 1},
            {"occurred": 1, "planned": 1},
            {5: 1, 6: 2},
        ),
        ({"query": "said aa"}, ["Áa"], {"aid": 1}, {"occurred": 1}, {5: 1}),
        (
            {"query": "  "},
            ["Áa", "Bb", "Cc", "Dd"],
            {"aid": 2, "forces": 2},
            {"occurred": 2, "planned": 1, "denied": 1},
            {5: 1, 6: 2},
        ),
        ({"query": "zz"}, [], {}, {}, {}),
    ],
)
def test_what_is_shown_and_counted(
    parts: Page, choice: Any, shown: Any, layers: Any, statuses: Any, by_month: Any
) -> None:
    found = call(parts, APPLY, ROWS, choice)
    assert found["shown"] == shown
    assert found["on"] == [row[3] in shown for row in ROWS]
    assert [dict(found[name]) for name in ("layers", "statuses", "byMonth")] == [layers, statuses, by_month]


STATE = """((state) => JSON.parse(JSON.stringify(state, (_, value) => (value instanceof Set ? [...value] : value))))"""


def test_an_address_reads_back(parts: Page) -> None:
    state = {
        "view": {"zoom": 6.5, "lat": -40.182, "lon": 144.514}, "hidden": ["a b", "aid", "mentions"], "without": ["denied"],
        "time": [MONTH, MONTH + 9], "query": '50% of #1 & "more" / é\u202e', "event": "e-1f00",
    }  # fmt: skip
    code = f"""{STATE}(Address.parse(Address.format({{ ...given[0], hidden: new Set(given[0].hidden), without: new Set(given[0].without) }})))"""
    assert call(parts, code, state) == state
    empty = call(parts, f"{STATE}(Address.parse(''))")
    assert empty == {"without": [], "query": "", "event": ""}
    none_shown = call(
        parts, "Address.parse(Address.format({ hidden: new Set(), without: new Set() })).hidden.size"
    )
    assert none_shown == 0, "that no layer is hidden is told, too"


@pytest.mark.parametrize(
    "text",
    [
        "v=6/91/0",
        "v=6/0/400",
        "v=x/1/2",
        "v=1/2",
        "v=1e9/0/0",
        "v=NaN/0/0",
        "t=2023-09",
        "t=2023-10..2023-09",
        "t=..",
        "%E0%A4%A",
        "=&=&",
        "v=6/40/40/40",
    ],
)
def test_what_an_address_tells_wrongly_is_left_out(parts: Page, text: str) -> None:
    found = call(parts, f"{STATE}(Address.parse('#' + given[0]))", text)
    assert found == {"without": [], "query": "", "event": ""}


@pytest.mark.parametrize("radii", [[6], [6, 6], [13, 6], [6, 6, 6], [13, 6, 8, 6], [6] * 7, [13, *[6] * 9]])
def test_symbols_of_one_place_do_not_hide_each_other(parts: Page, radii: list[float]) -> None:
    spots = call(parts, "Marks.around(given)", *radii)
    assert len(spots) == len(radii)
    if len(radii) == 1:
        assert spots == [[0, 0]]
    for i, one in enumerate(spots):
        for j, other in enumerate(spots[:i]):
            assert math.dist(one, other) >= (radii[i] + radii[j]) * 0.95
    assert all(math.hypot(*spot) < 3 * sum(radii) for spot in spots)


def test_a_mark_grows_with_its_events_to_a_limit(parts: Page) -> None:
    for layer in ("meetings", "mentions"):
        sizes = call(parts, "given[1].map((n) => Marks.radius(given[0], n))", layer, [1, 2, 10, 100, 100_000])
        assert sizes == sorted(sizes)
        assert sizes[0] < sizes[2]
        assert sizes[-1] <= 13


def test_symbols_shrink_where_there_are_very_many(parts: Page) -> None:
    assert call(parts, "given.map(Marks.shrink)", 0, 1, 400) == [1, 1, 1]
    sizes = call(parts, "given.map(Marks.shrink)", 401, 1000, 3000, 6400, 1_000_000)
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] == 0.5


def test_one_mark_for_a_place_and_a_layer(parts: Page) -> None:
    line = {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}
    area = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    sites = call(
        parts,
        "Marks.sites(given[0].map(([place, layer]) => ({ place, layer })), given[1])"
        ".map(({ kind, marks }) => [kind, marks.map((mark) => [mark.layer.id, mark.events.length, mark.isLine])])",
        [[0, "clashes"], [0, "meetings"], [0, "clashes"], [1, "corridors"], [1, "blockades"], [2, "clashes"]],
        [{}, {"geometry": line}, {"geometry": area}],
    )
    assert sites == [
        ["point", [["meetings", 1, False], ["clashes", 2, False]]],
        ["line", [["blockades", 1, False], ["corridors", 1, True]]],
        ["area", [["clashes", 1, False]]],
    ]


def test_a_label_takes_the_first_free_side_or_none(parts: Page) -> None:
    code = "Labels.spot({ x: 50, y: 50 }, 20, 4, 4, ['right', 'left', 'above', 'below'], Labels.room(given[0]), [0, 0, 100, 100])"
    right, left, above, below = [54, 48, 20, 4], [26, 48, 20, 4], [40, 42, 20, 4], [40, 54, 20, 4]
    taken: list[list[int]] = []
    for wanted in (right, left, above, below, None):
        found = call(parts, code, taken)
        assert found == wanted
        if wanted:
            taken.append(wanted)


@pytest.mark.parametrize(
    ("sentence", "mention", "hits"),
    [
        ("In Goris, near Goris.", "Goris", 2),
        ("Omani ships off Oman.", "Oman", 1),
        ("(U.S.) and U.S.-made", "U.S.", 2),
        ("Nothing here", "Goris", 0),
        ("Any", "", 0),
        ("", "Goris", 0),
        ("a.b axb", "a.b", 1),
        ("Ağdam, Ağdamlı", "Ağdam", 1),
    ],
)
def test_the_mention_is_marked_as_a_whole_word(parts: Page, sentence: str, mention: str, hits: int) -> None:
    pieces = call(parts, "Sentences.pieces(...given)", sentence, mention)
    assert "".join(piece["text"] for piece in pieces) == sentence
    assert [piece["text"] for piece in pieces if piece["hit"]] == [mention] * hits


@pytest.mark.parametrize(
    "address",
    [
        "javascript:1",
        " javascript:1",
        "JAVASCRIPT:1",
        "data:text/html,1",
        "vbscript:1",
        "file:///etc/passwd",
        "//a.example",
        "a.html",
        "",
        "blob:x",
        "http://",
        "ftp://a.example",
    ],
)
def test_no_link_but_to_the_web(parts: Page, address: str) -> None:
    assert call(parts, "Dom.link(given[0], 'x')", address) is None


def test_a_link_to_the_web(parts: Page) -> None:
    assert call(parts, "Dom.link(given[0], '<b>x').outerHTML", "https://a.example/?a=1&b=2") == (
        '<a href="https://a.example/?a=1&amp;b=2" rel="noopener noreferrer" target="_blank">&lt;b&gt;x</a>'
    )


def test_the_page_reads_the_lines_that_python_reads(parts: Page) -> None:
    world = ground.world()
    texts = [*world["borders"][:40], *world["contested"], world["land"][0][0]]
    grid = {"scale": world["scale"], "origin": world["origin"]}
    found = call(parts, "given[0].map((text) => Data.line(text, given[1]))", texts, grid)
    wanted = [
        [[lat, lon] for lon, lat in line] for line in ground.lines(texts, world["scale"], world["origin"])
    ]
    assert found == [[pytest.approx(point) for point in line] for line in wanted]


def test_coast_leaves_out_the_edges_of_the_square(parts: Page) -> None:
    ring = [[0, 0], [0, 10], [5, 10], [5, 5], [3, 3], [5, 0], [0, 0]]  # lat, lon
    coast = call(parts, "Data.coast(given[0], [0, 0, 10, 8])", ring)
    assert coast == [[[5, 10], [5, 5], [3, 3], [5, 0]]]
    assert json.dumps(call(parts, "Data.coast(given[0], [-180, -90, 180, 90])", ring)) == json.dumps([ring])
