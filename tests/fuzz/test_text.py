"""Any text through the whole chain: offsets are exact, whatever stands between them."""

from __future__ import annotations

import datetime as dt
import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from geo.events import Unplaced
from geo.model import Document, When
from geo.pipeline import Reading, bundled_triggers, events_of, read
from geo.table import to_frame
from tests.gazetteers import bundled
from tests.strategies import texts

DAY = When(dt.date(2023, 10, 4), dt.date(2023, 10, 5), "day")
SENTENCES = (
    "Leaders of Armenia and Azerbaijan met in Granada, Spain, on Thursday.",
    "Rebels attacked Goma on 3 March 2021, killing 12.",
    "Thousands fled from Khankendi to Goris last week.",
    "The Lachin corridor was blocked in December.",
)
ODD = (
    "e\u0301" * 40, "\u202eukaB\u202c", "\u200fבאקו", "\ud800", "Bak\udfffu", "👩\u200d🚀" * 9, "\0", "İstanbul", "ıstanbul", "GIESSEN Gießen",
    "ﬁnland ﬃ", "𝐁𝐚𝐤𝐮", "Ｂａｋｕ", "Ba\u00adku", "Ba\u200bku", "Ǆ", "ŉ", "ΐ", "\u0345", "\ufeff", "\U0010ffff", "N\u0303o\u0303", "Å Å A\u030a",
)  # fmt: skip
HALVES = re.compile("[\ud800-\udfff]")
news = st.lists(st.sampled_from(SENTENCES + ODD) | texts, max_size=8).flatmap(
    lambda pieces: st.sampled_from((" ", "", "\n", "\n\n", "\u2028")).map(lambda gap: gap.join(pieces))
)


@settings(max_examples=150)
@given(news, st.sampled_from((None, DAY)))
@example(SENTENCES[0].replace("Granada", "\ud800Granada"), DAY)
@example("e\u0301" * 3000 + SENTENCES[1], DAY)
@example("\u202e" + SENTENCES[3], None)
def test_offsets_are_exact_and_every_event_has_its_evidence(text: str, date: When | None) -> None:
    (reading,) = read([Document("d", text, date=date)], bundled())
    assert isinstance(reading, Reading)
    end = 0
    for toponym in reading.toponyms:
        assert end <= toponym.start < toponym.end
        assert text[toponym.start : toponym.end] == toponym.text
        end = toponym.end
    for timex in reading.timexes:
        assert text[timex.start : timex.end] == timex.text
    events = [e for e in events_of(reading, bundled_triggers(bundled())) if not isinstance(e, Unplaced)]
    for piece in (piece for event in events for piece in event.evidence):
        assert text[piece.mention_start : piece.mention_end] == piece.mention
        assert len(piece.sentence) <= 4100
    if not HALVES.search(text):  # which no file can hold, and no table either
        frame = to_frame(events)
        assert len(frame) == len(events)
        assert frame.geometry.is_valid.all()
