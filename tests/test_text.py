from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geo import text as splitting
from geo.dates import infer_document_date
from geo.text import TOKEN, analyse, fold, tokenise
from tests.strategies import any_text, texts


@given(texts)
def test_tokens_are_the_text_at_their_offsets_in_order(text: str) -> None:
    tokens = tokenise(text)
    assert all(text[t.start : t.end] == t.text and t.start < t.end for t in tokens)
    assert all(a.end <= b.start for a, b in pairwise(tokens))


LETTER = r"[^\W\d_][\u0300-\u036f]*"  # with its marks: easier to read, but each letter of a word would cost memory
PLAIN = re.compile(
    rf"(?:[^\W\d_]{{1,3}}\.){{2,}}|(?:{LETTER})+(?:['’ʼ‘](?!s\b)(?:{LETTER})+)*|['’]s\b|\d+(?:[.,:]\d+)*|[^\w\s]"
)


@given(st.text("aBñs\u0301\u0327.'’1_, ·٣²") | texts)
def test_words_are_letters_with_their_marks(text: str) -> None:
    assert TOKEN.findall(text) == PLAIN.findall(text)


# What parts words, and what some take for it: a text is split at the plain space and the line break only.
SPACED = st.text("aBñs.'’\u0301_7 \n\r\t\v\f\x1c\x1d\x1e\x1f\x85\xa0\u200b\u2028\u3000\ufeff")


@given(texts | SPACED)
@example("in  the    west        of            Mali")
@example("Naxçıvan " * 4 + "x" * 99)
def test_tokens_are_what_the_pattern_finds(text: str) -> None:
    found = [(m.start(), m.end(), m[0], fold(m[0])) for m in TOKEN.finditer(text)]
    assert list(map(tuple, tokenise(text))) == found


def test_what_was_kept_of_words_may_be_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Mr. Aliyev left Baku, the capital. He’ll be back in Baku, he said; “Soon.” The U.S. knew."
    expected = analyse(text)
    monkeypatch.setattr(splitting, "_PIECES", (pieces := splitting._Pieces()))
    monkeypatch.setattr(splitting, "_KNOWN", (known := splitting._Known()))
    monkeypatch.setattr(splitting, "PIECES_KEPT", 2)
    assert analyse(text) == expected
    assert len(pieces) <= 3
    assert len(known) <= 3
    first, again = analyse(text), analyse(text)
    meant = [*zip(first.numbers, first.words, strict=True), *zip(again.numbers, again.words, strict=True)]
    assert len(dict(meant)) == len(set(meant))  # no number is given to two words


@given(texts)
def test_equal_numbers_are_those_of_equal_words(text: str) -> None:
    analysis = analyse(text)
    pairs = set(zip(analysis.numbers, analysis.words, strict=True))
    assert len(pairs) == len(dict(pairs))
    short = [word for _, word in pairs if len(word) <= splitting.LONGEST_KEPT]
    assert len(short) == len(set(short))
    assert 0 not in analysis.numbers


@pytest.mark.parametrize("mark", ['"', ")", "\n", "a", "’", ". "])
@pytest.mark.parametrize("read", [analyse, lambda text: infer_document_date("a.txt", analyse(text))])
def test_time_grows_with_the_length(read: Callable[[str], object], mark: str) -> None:
    start = time.perf_counter()
    read(mark * 60_000)
    assert time.perf_counter() - start < 5  # half a minute and more if it grew with the square


@given(texts)
def test_no_letter_or_digit_is_outside_the_tokens(text: str) -> None:
    covered = {i for t in tokenise(text) for i in range(t.start, t.end)}
    assert [c for i, c in enumerate(text) if c.isalnum() and i not in covered] == []


@given(texts)
def test_sentences_are_in_order_and_cover_the_tokens(text: str) -> None:
    analysis = analyse(text)
    assert all(a[1] <= b[0] for a, b in pairwise(analysis.sentences))
    assert all(0 <= start < end <= len(text) for start, end in analysis.sentences)
    for token in analysis.tokens:
        start, end = analysis.sentence_at(token.start)
        assert start <= token.start < token.end <= end


@given(texts)
def test_token_range_finds_each_sentence_again(text: str) -> None:
    analysis = analyse(text)
    reached = 0
    for start, end in analysis.sentences:
        i, j = analysis.token_range(start, end)
        assert (i, analysis.tokens[i].start, analysis.tokens[j - 1].end) == (reached, start, end)
        reached = j
    assert reached == len(analysis.tokens)


@given(any_text)
@example("𝐁𝐚𝐤𝐮")
@example("℡")
@example("İstanbul")
@example("Hawaiʻi")
@example("ẞ")
@example("ŉ")
def test_folding_twice_is_folding_once_and_leaves_no_marks(word: str) -> None:
    folded = fold(word)
    assert fold(folded) == folded
    assert not any(unicodedata.combining(c) for c in folded)


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Naxçıvan", "naxcivan"),
        ("İstanbul", "istanbul"),
        ("Gəncə", "ganca"),
        ("Gießen", "giessen"),
        ("STRASSE", fold("Straße")),
        ("Łódź", "lodz"),
        ("Tórshavn", "torshavn"),
        ("Århus", "arhus"),
        ("U.S.", "us"),
        ("W.Va.", "wva"),
        ("d’Ivoire", "divoire"),
        ("Sana'a", "sanaa"),
        ("Hawaiʻi", "hawaii"),
        ("ﬁnland", "finland"),
        ("Me\u0301xico", fold("México")),
    ],
)
def test_fold(word: str, folded: str) -> None:
    assert fold(word) == folded


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Baku's envoy", ["Baku", "'s", "envoy"]),
        ("Côte d’Ivoire’s", ["Côte", "d’Ivoire", "’s"]),
        ("the U.S. army", ["the", "U.S.", "army"]),
        ("W.Va. voted", ["W.Va.", "voted"]),
        ("1,200.5 people at 10:30", ["1,200.5", "people", "at", "10:30"]),
        ("Nagorno-Karabakh", ["Nagorno", "-", "Karabakh"]),
        ("in Lima.", ["in", "Lima", "."]),
        ("Me\u0301rida fell", ["Me\u0301rida", "fell"]),
        ("", []),
        (" \n\t", []),
    ],
)
def test_tokens(text: str, tokens: list[str]) -> None:
    assert [t.text for t in tokenise(text)] == tokens


# Where a sentence ends stands a bar.
SENTENCES = [
    "The talks failed.| Both sides left.",
    "Mr. Aliyev met Gen. Vardanyan on Monday.| Nobody spoke.",
    "The plane left from St. Petersburg at noon.| It landed late.",
    "The U.S. Embassy closed.| Staff left.",
    "He flew home to the U.S.| The trip was his last.",
    "It was made in the U.K. by a firm of two.",
    "George H. W. Bush spoke there.| J. K. Rowling did not.",
    "Police in Charleston, W.Va., arrested two men.| A third fled.",
    "The fire near Chico, Calif., grew overnight.",
    "Prices rose 3.5 percent to $1.20 a litre.| Wages did not.",
    "The meeting is on Oct. 12 in Moscow.| The next is in Nov. 2021.",
    "“We will stay,” he said.| “They will not.”",
    "She said: “It is over.”| Then she left.",
    '"Why now?" she asked.',
    '"Leave!" he cried.| The crowd did.',
    "Who fired first?| No one knows!| An inquiry began.",
    "The firm (based in Oslo.) closed.",
    "He waited … and went.",
    "The company, Caspian Oil Co., denied it.",
    "It was signed by Acme Inc. and by no one else.",
    "Title without a stop|\n\nThe first paragraph begins here.| It goes on.",
    "Two envoys meet in Doha|\nTalks last a day|\nNo deal is made",
    "KABUL, Afghanistan|\n\nA bomb killed four.",
    "He lives in Washington, D.C.| He left in June.",
    "At 5 p.m. on Friday the truce began.",
    "Maj. Gen. Budanov and Sen. Lee spoke near Ft. Worth.| Nobody asked.",
    "TOKYO (AP) — A quake struck.| No one died.",
    "He left (at last.)| She stayed.",
    "The ceasefire held...| Then it broke.",
    "It was over!|\nThe end.",
    "It was over.|\r\nThe end.",
    "It was over.|\tThe end.",
    "It was over.|  \u3000The end.",
    "It was over.|            The end.",
    "Mr.\xa0Aliyev met Gen.\tVardanyan.|\u2028Nobody spoke.",
    "The talks\xa0failed (No.\xa05 in a row.)|\xa0Both left the U.S.|\xa0They met no more.",
    """A wrapped report tells of a battle near the
city of Goma, where troops from three
countries had been waiting for the
rains to end before they moved on.""",
    """A wrapped report tells of a battle near the
city of Goma, where troops had waited.| They
moved on to the hills at dusk and
nobody saw them again until the morning.""",
]


KNOWN_FAILURES = [
    "1. The talks failed.| 2. The truce ended.",
    "The treaty (Art. 5) holds.",
]


@pytest.mark.parametrize(
    "marked", [*SENTENCES, *(pytest.param(s, marks=pytest.mark.xfail) for s in KNOWN_FAILURES)]
)
def test_sentences(marked: str) -> None:
    text = marked.replace("|", "")
    assert [text[a:b] for a, b in analyse(text).sentences] == [part.strip() for part in marked.split("|")]


def test_an_offset_between_two_sentences_belongs_to_the_one_before() -> None:
    text = "It rained. \n It snowed."
    analysis = analyse(text)
    assert analysis.sentence_at(text.index("\n")) == analysis.sentences[0]
    assert analysis.sentence_at(len(text)) == analysis.sentences[1]
    assert analyse("").sentence_at(0) == (0, 0)
