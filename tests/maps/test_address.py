"""The address of a page: any state comes back from it, and no address breaks the page."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from tests.maps.test_parts import call, parts  # noqa: F401  a fixture

texts = st.text(st.characters(codec="utf-8"), max_size=12)
names = st.lists(texts.filter(lambda text: text and "," not in text), max_size=4, unique=True)
months = st.integers(0, 9999 * 12 + 11)
states = st.fixed_dictionaries(
    {
        "hidden": names,
        "without": names,
        "time": st.none() | st.tuples(months, months).map(sorted),
        "query": texts,
        "event": texts,
        "view": st.none() | st.fixed_dictionaries({"zoom": st.integers(1, 12), "lat": st.integers(-85, 85), "lon": st.integers(-180, 180)}),
    }
)
hashes = st.lists(
    st.tuples(st.sampled_from(("v", "off", "no", "t", "q", "e", "x", "__proto__", "%")), texts).map("=".join), max_size=6
).map(lambda pieces: "#" + "&".join(pieces))

ROUND = """given.map((state) => {
  const set = (list) => new Set(list);
  const read = Address.parse(Address.format({ ...state, hidden: set(state.hidden), without: set(state.without) }));
  return { ...read, hidden: [...read.hidden], without: [...read.without], time: read.time || null, view: read.view || null };
})"""
READ = "given.map((hash) => { const read = Address.parse(hash); return [read.without instanceof Set, typeof read.query, typeof read.event]; })"


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(states, min_size=1, max_size=20))
def test_any_state_comes_back_from_its_address(parts: Page, wanted: list[dict[str, Any]]) -> None:  # noqa: F811
    for read, state in zip(call(parts, ROUND, *wanted), wanted, strict=True):
        assert {**read, "hidden": sorted(read["hidden"]), "without": sorted(read["without"])} == {
            **state, "hidden": sorted(state["hidden"]), "without": sorted(state["without"]), "time": list(state["time"]) if state["time"] else None,
        }  # fmt: skip


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(hashes, min_size=1, max_size=20))
def test_no_address_breaks_the_page(parts: Page, addresses: list[str]) -> None:  # noqa: F811
    assert call(parts, READ, *addresses) == [[True, "string", "string"]] * len(addresses)
