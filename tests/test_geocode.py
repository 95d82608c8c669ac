"""Asking services: what is sent, which answers are taken, and that nothing that fails stops a run. The service is a stub here."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from geo.errors import OptionError
from geo.geocode import SERVICES, Geocoder, open_geocoder
from geo.geocode.geocoder import ALONE, CONFIDENCE
from geo.model import Place, Toponym
from tests.test_cli import Run, assert_one_line
from tests.test_cli import geo as geo  # noqa: PLC0414  the fixture

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


class Service:
    """A service on this machine: `answers` by name, else nothing found; what it was sent stands in `queries`."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.status = 200
        self.queries: list[dict[str, str]] = []
        self.agents: set[str] = set()
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
                service.queries.append(query)
                service.agents.add(str(self.headers["User-Agent"]))
                answer = service.answers.get(query.get("q", ""), service.answers.get("", []))
                body = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
                self.send_response(service.status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    @property
    def asked(self) -> list[str]:
        return [query["q"] for query in self.queries]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def service(socket_enabled: None) -> Iterator[Service]:
    stub = Service()
    yield stub
    stub.close()


def nominatim(name: str, country: str, **facts: Any) -> dict[str, Any]:
    return {
        "osm_type": "node", "osm_id": 7, "class": "place", "type": "village", "lat": "40.25", "lon": "47.5", "name": name,
        "display_name": f"{name}, Somewhere", "address": {"country_code": country.lower()},
    } | facts  # fmt: skip


def photon(name: str, country: str) -> dict[str, Any]:
    facts = {"osm_type": "N", "osm_id": 7, "osm_key": "place", "osm_value": "village", "name": name, "countrycode": country}
    return {"features": [{"properties": facts, "geometry": {"type": "Point", "coordinates": [47.5, 40.25]}}]}


def geonames(name: str, country: str) -> dict[str, Any]:
    return {"geonames": [{"geonameId": 7, "name": name, "toponymName": name, "fcl": "P", "countryCode": country, "lat": "40.25", "lng": "47.5"}]}


def lacking(name: str) -> Toponym:
    return Toponym(0, len(name), name, "name", None, 0.0, f"no place named {name!r} in the gazetteer")


AZERBAIJAN = Toponym(50, 60, "Azerbaijan", "name", Place("geonames:587116", "Azerbaijan", "country", "AZ", 40.5, 47.5), 0.9, "known")


def opened(service: Service, folder: Path, name: str = "nominatim", **options: Any) -> Geocoder:
    return open_geocoder(name, url=service.url, cache=folder / "cache" / "answers.sqlite", delay=0, **options)


# --- what is sent ----------------------------------------------------------------------------------------------------

SENT = {
    "nominatim": {"q": "Qarabulla", "format": "json", "limit": "10", "accept-language": "en", "addressdetails": "1", "namedetails": "1"},
    "photon": {"q": "Qarabulla", "limit": "10", "lang": "en"},
    "geonames": {"q": "Qarabulla", "username": "tester"},
}


@pytest.mark.parametrize(
    ("name", "answer", "place_id"),
    [
        ("nominatim", [nominatim("Qarabulla", "AZ")], "osm:N7"),
        ("photon", photon("Qarabulla", "AZ"), "osm:N7"),
        ("geonames", geonames("Qarabulla", "AZ"), "geonames:7"),
    ],
)
def test_each_service_is_sent_the_name_and_nothing_else(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, answer: Any, place_id: str
) -> None:
    monkeypatch.setenv("GEO_GEONAMES_USER", "tester")
    service.answers["Qarabulla"] = answer
    [found, known] = opened(service, tmp_path, name)([lacking("Qarabulla"), AZERBAIJAN])
    assert known is AZERBAIJAN
    why = {"found_by": f"{name}: Qarabulla, AZ, which the article names"}
    assert found.place == Place(place_id, "Qarabulla", "city", "AZ", 40.25, 47.5, details=why)
    assert found.confidence == CONFIDENCE
    assert found.reason == f"{name}: Qarabulla, AZ, which the article names; no place named 'Qarabulla' in the gazetteer"
    assert service.queries == [SENT[name]]
    assert service.agents == {f"geo-news/{geo_version()}"}


def geo_version() -> str:
    from importlib.metadata import version  # noqa: PLC0415

    return version("geo-news")


def test_only_unresolved_names_are_asked_and_each_once(service: Service, tmp_path: Path) -> None:
    demonym = Toponym(0, 4, "Xish", "demonym", None, 0.0, "no place")
    wanted = [lacking("Qarabulla"), lacking("Qara\nbulla"), lacking("Qarabulla"), demonym, lacking("x" * 81), lacking("—"), AZERBAIJAN]
    first = opened(service, tmp_path)
    first(wanted)
    assert service.asked == ["Qarabulla", "Qara bulla"]
    again = opened(service, tmp_path)
    again(wanted)
    assert len(service.asked) == 2  # the rest came from the file
    path = tmp_path / "cache" / "answers.sqlite"
    assert first.notes() == [f"nominatim: 2 names asked (0 in {path}), 0 mentions placed"]
    assert again.notes() == [f"nominatim: 0 names asked (2 in {path}), 0 mentions placed"]


def test_a_dry_run_sends_nothing_and_says_what_would_be_sent(service: Service, tmp_path: Path) -> None:
    opened(service, tmp_path)([lacking("Kept")])
    geocoder = opened(service, tmp_path, dry_run=True)
    wanted = [lacking("Qarabulla"), lacking("Kept"), lacking("Mbolu")]
    assert [t.place for t in geocoder(wanted)] == [None] * 3
    assert service.asked == ["Kept"]
    path = tmp_path / "cache" / "answers.sqlite"
    assert geocoder.notes() == [f"nominatim would be asked for 2 names (1 in {path}): Mbolu; Qarabulla"]


# --- which answers are taken -----------------------------------------------------------------------------------------

CHOICES: list[tuple[str, list[dict[str, Any]], bool, str | None, str]] = [
    ("in a country of the article", [nominatim("Qarabulla", "TR", osm_id=1), nominatim("Qarabulla", "AZ")], True, "osm:N7", "which the article names"),
    ("in other countries only", [nominatim("Qarabulla", "TR"), nominatim("Qarabulla", "IR")], True, None, "knows it only in IR, TR, which the article does not name"),
    ("the only one, and no country named", [nominatim("Qarabulla", "AZ")], False, "osm:N7", "the only one that it knows"),
    ("several, and no country named", [nominatim("Qarabulla", "AZ"), nominatim("Qarabulla", "TR")], False, None, "knows it in several countries"),
    ("of another name", [nominatim("Qarabulaq", "AZ")], True, None, "knows no place of this very name"),
    ("of this as another name", [nominatim("Khankendi", "AZ", namedetails={"alt_name": "QARABULLA"})], True, "osm:N7", "Khankendi, AZ"),
    ("a shop", [nominatim("Qarabulla", "AZ", **{"class": "shop"})], True, None, "knows no place of this very name"),
    ("nothing", [], True, None, "knows no place of this very name"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "named", "place_id", "why"), [case[1:] for case in CHOICES], ids=[case[0] for case in CHOICES])
def test_an_answer_is_taken_with_caution(
    service: Service, tmp_path: Path, answer: list[dict[str, Any]], named: bool, place_id: str | None, why: str
) -> None:
    service.answers["Qarabulla"] = answer
    found = opened(service, tmp_path)([lacking("Qarabulla"), *([AZERBAIJAN] if named else [])])[0]
    assert (found.place and found.place.id) == place_id
    assert found.confidence == (0.0 if place_id is None else CONFIDENCE if named else ALONE)
    assert f"nominatim: {why}" in found.reason or why in found.reason.partition("; no place")[0]


# --- what fails ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, "[]"), (429, "[]"), (403, "[]"), (200, "<html>"), (200, '{"error": "no"}'), (200, '[{"class": "place"}]'), (200, "[3]"), (200, json.dumps([nominatim("Aaa", "AZ", lat="191")]))],
)
def test_failures_are_noted_and_the_service_left_alone(service: Service, tmp_path: Path, status: int, body: str) -> None:
    service.status, service.answers[""] = status, body
    geocoder = opened(service, tmp_path)
    wanted = [lacking(name) for name in ("Aaa", "Bbb", "Ccc", "Ddd", "Eee")]
    assert geocoder(wanted) == wanted
    assert set(service.asked) == {"Aaa", "Bbb", "Ccc"}
    [_, note] = geocoder.notes()
    assert note.startswith("nominatim failed for 5 names (")
    assert note.endswith("; it was not asked any more; run again to ask anew")
    service.status, service.answers[""] = 200, []
    opened(service, tmp_path)(wanted)
    assert service.asked[-5:] == ["Aaa", "Bbb", "Ccc", "Ddd", "Eee"]  # failures are not kept


def test_a_service_that_is_not_there_is_a_note(service: Service, tmp_path: Path) -> None:
    service.close()
    geocoder = opened(service, tmp_path, timeout=1)
    assert geocoder([lacking("Aaa")]) == [lacking("Aaa")]
    assert "nominatim failed for 1 names (GeocoderUnavailable: " in geocoder.notes()[1]


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("google", {}, "no service 'google'; choose one of nominatim, photon, geonames"),
        ("geonames", {}, "put its name into the environment variable GEO_GEONAMES_USER"),
        ("nominatim", {"url": "ftp://x"}, "write it as https://HOST/PATH"),
        ("nominatim", {"url": "localhost"}, "write it as https://HOST/PATH"),
    ],
)
def test_wrong_options_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, options: Any, words: str) -> None:
    monkeypatch.delenv("GEO_GEONAMES_USER", raising=False)
    with pytest.raises(OptionError) as raised:
        open_geocoder(name, cache=tmp_path / "a.sqlite", **options)
    assert words in str(raised.value)


def test_a_file_that_is_no_cache_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("mine" * 999, "utf-8")
    with pytest.raises(OptionError, match="cannot be used as a cache of answers"):
        open_geocoder("photon", cache=path)
    assert path.read_text("utf-8") == "mine" * 999


def test_damaged_answers_are_told(service: Service, tmp_path: Path) -> None:
    opened(service, tmp_path)([lacking("Aaa")])
    with closing(sqlite3.connect(tmp_path / "cache" / "answers.sqlite")) as connection, connection:
        connection.execute("UPDATE answers SET found = '[{}]'")
    with pytest.raises(OptionError, match="cannot be used as a cache"):
        opened(service, tmp_path)([lacking("Aaa")])


# --- the whole way ---------------------------------------------------------------------------------------------------

TEXT = b"Talks were held in Qarabulla, Azerbaijan, on 3 March 2021, said a man in Mbolu village, Cameroon."


def test_the_commands_ask_only_when_told_to(geo: Run, service: Service) -> None:
    service.answers["Qarabulla"] = [nominatim("Qarabulla", "AZ")]
    options = ("--geocode", "nominatim", "--geocode-url", service.url, "--geocode-cache", "c.sqlite")
    geo("places", "-", "--json", stdin=TEXT)
    assert service.asked == []
    dry = geo("map", "-", "--out", "o", *options, "--geocode-dry-run", stdin=TEXT)
    assert service.asked == []
    assert "note: nominatim would be asked for 2 names (0 in c.sqlite): Mbolu; Qarabulla" in dry.out
    result = geo("places", "-", "--json", *options, stdin=TEXT)
    found = {t["text"]: t for t in result.rows[0]["toponyms"]}
    assert (found["Qarabulla"]["place_id"], found["Mbolu"]["place_id"]) == ("osm:N7", None)
    assert found["Qarabulla"]["confidence"] == CONFIDENCE
    assert "note: nominatim: 2 names asked (0 in c.sqlite), 1 mentions placed" in result.err
    result = geo("parse", "-", "-o", "e.geojson", *options, stdin=TEXT)
    features = json.loads(Path("e.geojson").read_text("utf-8"))["features"]
    talks = next(f["properties"] for f in features if f["properties"]["layer"] == "meetings")
    assert (talks["place"], talks["place_id"]) == ("Qarabulla", "osm:N7")
    assert "nominatim: Qarabulla, AZ" in talks["reason"]
    assert len(service.asked) == 2
    assert_one_line(geo("map", "-", "--geocode-dry-run", stdin=TEXT), "need the service: --geocode nominatim, photon or geonames")
    assert_one_line(geo("map", "-", "--geocode", "google", stdin=TEXT), "no service 'google'")


def test_from_python_too(service: Service, tmp_path: Path) -> None:
    from geo.pipeline import parse  # noqa: PLC0415  the fixture has the package's name

    service.answers["Qarabulla"] = [nominatim("Qarabulla", "AZ")]
    (tmp_path / "a.txt").write_bytes(TEXT)
    events = parse(tmp_path / "a.txt", geocode=opened(service, tmp_path))
    assert "osm:N7" in set(events["place_id"])
    assert "osm:N7" not in set(parse(tmp_path / "a.txt")["place_id"])


def test_there_is_a_stub_for_every_service() -> None:
    assert set(SENT) == set(SERVICES)
