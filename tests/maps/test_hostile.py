"""Texts that mean harm stand on the page as they were written, and nothing in them runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2
import pytest
from playwright.sync_api import Page

from geo.maps import write_maps
from geo.maps.page import page
from geo.maps.payload import rows
from tests.maps import maps_sample
from tests.maps.conftest import Visit, ready
from tests.maps.maps_sample import HOSTILE

UNHURT = "() => window.owned === undefined && window.__pwned === undefined && !document.querySelector('.geo-map img, .geo-map script, .geo-map iframe, article img, article script')"


def cards(opened: Page) -> list[Any]:
    """Opens every event through the list and reads its card: texts, marked texts, links."""
    read = """() => {
      const card = document.querySelector('[role=dialog]');
      return {
        text: card.textContent, heading: card.querySelector('h2').textContent,
        quotes: [...card.querySelectorAll('blockquote')].map((node) => node.textContent),
        marked: [...card.querySelectorAll('mark')].map((node) => node.textContent),
        links: [...card.querySelectorAll('a')].map((node) => node.getAttribute('href')),
      };
    }"""
    found = []
    for entry in opened.locator(".geo-event").all():
        entry.click()
        found.append(opened.evaluate(read))
    return found


def test_hostile_texts_stand_verbatim_and_never_run(hostile_site: Path, visit: Visit) -> None:
    page = visit(hostile_site / "2023.html")
    assert page.locator(".geo-event").count() == 2 * len(HOSTILE)
    read = cards(page)
    assert page.evaluate(UNHURT)
    for text in HOSTILE:
        named = next(card for card in read if card["quotes"] == [f"It was said {text} by them."])
        assert named["heading"] == f"Place {text} / Other {text}"
        assert text in named["marked"]
        for where in ("Title", "Source", "Actor", "Reason"):
            assert f"{where} {text}" in named["text"], where
        bare = next(card for card in read if card["quotes"] == [f"And again {text} it was."])
        assert f"id-{text}.txt" in bare["text"]
        listed = page.locator(".geo-event").all_text_contents()
        assert sum(f"Place {text}" in entry for entry in listed) == 2
    everything = "".join(card["text"] for card in read)
    assert "{{7*7}}" in everything
    assert "49" not in everything, "a template was computed"
    links = [link for card in read for link in card["links"]]
    assert links == ["https://news.example/%22'%3E%3Cscript%3Ewindow.owned=1%3C/script%3E"]
    assert page.evaluate("[...document.links].every((a) => /^(https?:|file:)/.test(a.href))")


def test_the_index_shows_hostile_names_verbatim(hostile_site: Path, visit: Visit) -> None:
    page = visit(hostile_site / "index.html")
    shown = page.locator("article .where bdi").all_text_contents()
    assert shown
    assert set(shown) <= {f"Place {text}" for text in HOSTILE}
    assert page.evaluate(UNHURT)


def test_hostile_layers_statuses_ids_and_dates(tmp_path: Path, visit: Visit) -> None:
    """Columns that only a table from elsewhere fills so."""
    table = []
    for number, text in enumerate(HOSTILE):
        row = maps_sample.event(number, text, maps_sample.YEREVAN, "It rained.", "It")
        columns = (
            "id",
            "status",
            "precision",
            "plover",
            "doc_date",
            "place_status",
            "valid_from",
            "date_text",
        )
        table.append(row | dict.fromkeys(columns, text))
    write_maps(maps_sample.table(table), tmp_path)
    page = visit(tmp_path / "2023.html")
    assert sorted(page.locator(".geo-layer-name").all_text_contents()) == sorted(HOSTILE)
    read = cards(page)
    for text in HOSTILE:
        assert any(text in card["text"] for card in read)
    page.locator(".geo-layers").get_by_role("button", name="None").click()
    assert page.locator(".geo-event").count() == 0
    assert page.evaluate(UNHURT)
    page.reload()
    ready(page)
    assert page.locator(".geo-event").count() == 0, "the address names hostile layers and is read back"
    assert visit(tmp_path / "index.html").evaluate(UNHURT)


def test_hostile_title(tmp_path: Path, visit: Visit) -> None:
    text = " ".join(HOSTILE)
    file = tmp_path / "page.html"
    file.write_text(page(rows(maps_sample.events()), text, {"index": (text, "index.html")}), "utf-8")
    opened = visit(file)
    assert opened.locator("h1").text_content() == text
    assert opened.evaluate("document.querySelector('title').textContent").startswith(f"{text} –")
    assert opened.locator(".geo-nav a").text_content() == text
    assert opened.evaluate(UNHURT)


def test_no_text_of_an_article_is_compiled_as_a_template(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = []
    real = jinja2.Environment.compile

    def recording(self: jinja2.Environment, source: Any, *arguments: Any, **keywords: Any) -> Any:
        compiled.append(str(source))
        return real(self, source, *arguments, **keywords)

    monkeypatch.setattr(jinja2.Environment, "compile", recording)
    assert "owned" in page(rows(maps_sample.hostile()), HOSTILE[0], {})
    assert any("GeoEvents.show" in source for source in compiled)
    assert not any("owned" in source or "49" in source or "7*7" in source for source in compiled)


def test_half_a_surrogate_pair_is_written_not_raised(tmp_path: Path, visit: Visit) -> None:
    place = {**maps_sample.YEREVAN, "place": "Half \ud83d pair"}
    write_maps(maps_sample.table([maps_sample.event(1, "aid", place, "A \udc00 there.", "A")]), tmp_path)
    page = visit(tmp_path / "2023.html")
    assert page.locator(".geo-event").count() == 1
    assert "Half" in (tmp_path / "index.html").read_text("utf-8")
