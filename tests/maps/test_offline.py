"""Opened from a file, a page asks for nothing and says nothing; its policy lets no script run but its own."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.maps.conftest import Visit, ready, watch

PAGES = ("index", "1994", "2022", "2023", "undated", "all")


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_silent_and_needs_nothing(site: Path, visit: Visit, name: str) -> None:
    page = visit(site / f"{name}.html")  # `visit` fails the test for any request, message or error
    assert page.locator("h1").inner_text()


def test_the_watch_hears_a_loud_page(browser: Browser, tmp_path: Path) -> None:
    loud = tmp_path / "loud.html"
    loud.write_text('<img src="absent.png"><script>console.log("hello"); throw Error("no")</script>', "utf-8")
    context = browser.new_context()
    said = watch(context)
    context.new_page().goto(loud.as_uri(), wait_until="load")
    context.close()
    assert {line.split(":")[0] for line in said} >= {"console", "error", "failed", "request"}


@pytest.mark.parametrize("name", PAGES)
def test_the_policy_names_every_script_and_style_and_nothing_else(site: Path, name: str) -> None:
    text = (site / f"{name}.html").read_text("utf-8")
    found = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', text)
    assert found
    assert text.index(found[0]) < text.index("<title>"), "a policy rules only what comes after it"
    policy = {rule.split()[0]: rule.split()[1:] for rule in found[1].split(";")}
    assert policy["default-src"] == ["'none'"]
    for tag in ("script", "style"):
        digests = sorted({_digest(inner) for inner in re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)})
        assert policy[f"{tag}-src"] == (digests or ["'none'"])
    attributes = {opening for opening in re.findall(r"<script[^>]*>", text) if opening != "<script>"}
    assert all('type="application/json"' in opening for opening in attributes)
    assert policy["base-uri"] == policy["form-action"] == ["'none'"]
    assert "unsafe" not in found[1]
    assert "http" not in found[1]


def test_a_script_that_was_put_in_does_not_run(site: Path, browser: Browser, tmp_path: Path) -> None:
    tampered = tmp_path / "2023.html"
    text = (site / "2023.html").read_text("utf-8")
    added = (
        "<script>window.owned = 1</script><img src=x onerror='window.owned = 2'>"
        "<script src='data:text/javascript,window.owned=3'></script><a id=bait href='javascript:window.owned=4'>x</a>"
    )
    tampered.write_text(text.replace("<body>", f"<body>{added}", 1), "utf-8")
    context = browser.new_context(reduced_motion="reduce")
    said = watch(context)
    page = context.new_page()
    page.goto(tampered.as_uri())
    ready(page)
    page.evaluate("document.getElementById('bait').click()")
    page.wait_for_function("() => performance.now() > 0")
    owned = page.evaluate("window.owned")
    context.close()
    assert owned is None
    assert sum("Content Security Policy" in line for line in said) >= 3


def test_pages_carry_no_address_but_of_name_spaces(site: Path) -> None:
    known = {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
        "https://news.example/a1",
        "https://leafletjs.com",
        "https://bugzilla.mozilla.org/show_bug.cgi?id=888319",
    }
    for name in PAGES:
        text = (site / f"{name}.html").read_text("utf-8")
        assert set(re.findall(r"https?://[^\s\"'<>\\)]+", text)) <= known, name
        assert "sourceMappingURL" not in text


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
