"""The labelled cases, all of each case at once: every place found, nothing else taken for one, each the right one."""

from __future__ import annotations

import pytest

from tests.gazetteers import toponyms
from tests.place_cases import Case, cases


@pytest.mark.parametrize("case", list(cases()))
def test_places(case: Case) -> None:
    found = toponyms(case.text)
    assert [(t.start, t.text) for t in found] == [(e.start, e.text) for e in case.expected]
    wrong = [
        (t.text, t.place, e.target) for t, e in zip(found, case.expected, strict=True) if not e.met_by(t)
    ]
    assert wrong == []
