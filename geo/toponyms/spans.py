"""Which stretches of an article might name a place, and what speaks for and against each.

Proposals are the gazetteer's names that stand in the text and the runs of capitalised words. What is seen
of a proposal is a list of strings ("p1=in", "kind=country", …); the learned weights give each string its
worth. Everything is computed from the tokens of one article and the gazetteer, so that an article can be
read without its neighbours.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from geo.gazetteer import ABBREVIATION, ALTERNATE, CODE, DEMONYM, SHORT, Gazetteer, is_written_so
from geo.text import Analysis, Token

MAX_RUN = 6  # tokens of a capitalised run that are proposed as one
MAX_PART = 3  # tokens of the parts of a run that are proposed
CALENDAR = frozenset(
    """january february march april may june july august september october november december jan feb mar apr jun jul aug sep
    sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun""".split()
)
LOCATIVES = frozenset("in at from near to around outside across throughout between of into toward towards via".split())
RUN_PARTICLES = frozenset("of the de la le du del das dos al y and".split())
SAYING = frozenset("said says told added".split())
KINDS = ("country", "capital", "admin1", "region", "admin2", "city")
LEXICON = (
    ("given_names", "g"), ("given_names_ambiguous", "G"), ("titles", "t"), ("organisation_words", "o"),
    ("organisation_heads", "h"), ("government_words", "v"), ("speech_verbs", "s"), ("common_words", "c"),
    ("function_words", "f"), ("place_words", "p"), ("organisations", "n"),
)  # fmt: skip


class Span(NamedTuple):
    """Tokens `first:last` of an article; `name` is the gazetteer's name that they are, or None."""

    first: int
    last: int
    name: int | None


class NameFacts(NamedTuple):
    """What the gazetteer says of a name, whoever bears it."""

    kind: str  # the weightiest of its bearers' kinds; "demonym", "code" for names of that sort only
    best: int  # how the weightiest bearer bears it (gazetteer.NAME_KINDS)
    primary: int  # magnitude (log10) of the people of the largest primary bearer, -1 if none
    largest: int  # magnitude of the largest bearer of any sort
    bearers: int  # how many, by powers of two


@lru_cache(maxsize=1 << 15)
def name_facts(gazetteer: Gazetteer, name: int, *, capitals: bool = True, stop: bool = True) -> NameFacts | None:
    """Facts of name number `name`, borne as a code only in capitals and as an abbreviation only with a stop.

    None if nobody bears it so.
    """
    fits = {CODE: capitals, ABBREVIATION: stop}
    bearers = [b for b in gazetteer.bearers(name) if fits.get(b.kind, True)]
    if not bearers:
        return None
    kinds = set()
    primary = largest = -1
    for place, how in bearers:
        size = int(math.log10(gazetteer.population[place] + 1))
        largest = max(largest, size)
        if how == DEMONYM:
            kinds.add("demonym")
        elif how in (ABBREVIATION, CODE):
            kinds.add("code")
        else:
            kind = gazetteer.kind(place)
            kinds.add(kind if kind in KINDS else "city" if gazetteer.geonames[place] else "region")
        if how not in (ALTERNATE, SHORT):
            primary = max(primary, size)
    order = ("country", "capital", "admin1", "code", "demonym", "region", "admin2", "city")
    kind = next(k for k in order if k in kinds)
    return NameFacts(kind, min(how for _, how in bearers), primary, largest, min(6, int(math.log2(len(bearers)) + 1)))


def shape(word: str) -> str:
    """The outline of a word: "Xx", "XX" (up to four capitals), "XXX", "X.", "x", "d" or the mark itself."""
    if not word[0].isalpha():
        return "d" if word[0].isdigit() else word[0]
    if word.islower():
        return "x"
    if word.isupper():
        if "." in word:
            return "X."
        return "X" if len(word) == 1 else "XX" if len(word) <= 4 else "XXX"
    if word.istitle():
        return "Xx." if word[-1] == "." else "Xx"
    return "XxX" if word[0].isupper() else "xX"


@lru_cache(maxsize=1 << 15)
def lexicon_classes(gazetteer: Gazetteer, folded: str) -> str:
    """Letters of the word lists that hold a word (LEXICON), and "m" for months and weekdays."""
    classes = "".join(letter for name, letter in LEXICON if folded in gazetteer.lexicon.get(name, ()))
    return classes + "m" if folded in CALENDAR else classes


@dataclass(frozen=True)
class Article:
    """An article's tokens with all that its proposals are judged by."""

    analysis: Analysis
    gazetteer: Gazetteer

    @cached_property
    def tokens(self) -> Sequence[Token]:
        """The article's tokens."""
        return self.analysis.tokens

    @cached_property
    def folded(self) -> list[str]:
        """Folded tokens."""
        return [t.folded or t.text for t in self.tokens]

    @cached_property
    def shapes(self) -> list[str]:
        """Outlines of the tokens."""
        return [shape(t.text) for t in self.tokens]

    @cached_property
    def classes(self) -> list[str]:
        """Word-list letters of the tokens."""
        return [lexicon_classes(self.gazetteer, f) for f in self.folded]

    @cached_property
    def opens(self) -> list[bool]:
        """Whether a token opens a sentence, a quotation or what follows a colon."""
        starts = {start for start, _ in self.analysis.sentences}
        return [
            t.start in starts or (i > 0 and self.tokens[i - 1].text in ("“", '"', ":", "”", "''", "``", "*", "•"))
            for i, t in enumerate(self.tokens)
        ]

    @cached_property
    def runs(self) -> list[tuple[int, int]]:
        """Maximal runs of capitalised words, over particles between them."""
        runs = []
        i, n = 0, len(self.tokens)
        while i < n:
            if not self.tokens[i].text[0].isupper():
                i += 1
                continue
            j = i + 1
            while j < n and self._close(j - 1, j):
                text = self.tokens[j].text
                if text[0].isupper():
                    j += 1
                elif (text in RUN_PARTICLES or text in ("-", ".", "’", "'")) and j + 1 < n and (
                    self.tokens[j + 1].text[0].isupper() and self._close(j, j + 1) and text != "and"
                ):
                    j += 2
                else:
                    break
            runs.append((i, j))
            i = j
        return runs

    def _close(self, i: int, j: int) -> bool:
        """Whether nothing but a space, a line break or nothing at all parts tokens i and j."""
        a, b = self.tokens[i], self.tokens[j]
        if b.text == "." or (a.text == "." and b.start == a.end):
            return len(self.tokens[i - (a.text == ".")].text) <= 3 and b.start - a.end <= 1
        if a.text == "." and len(self.tokens[i - 1].text) > 3:
            return False
        return b.start - a.end <= 1

    @cached_property
    def facts(self) -> dict[tuple[int, int], NameFacts]:
        """(first, last) → what the gazetteer says, for its names that stand there with a capital."""
        found = {}
        text = self.analysis.text
        for key, name in self.matches.items():
            first, last = self.tokens[key[0]], self.tokens[key[1] - 1]
            surface, following = text[first.start : last.end], text[last.end : last.end + 1]
            capitals, stop = (is_written_so(kind, surface, following) for kind in (CODE, ABBREVIATION))
            facts = name_facts(self.gazetteer, name, capitals=capitals, stop=stop)
            if facts is not None:
                found[key] = facts
        return found

    @cached_property
    def matches(self) -> dict[tuple[int, int], int]:
        """(first, last) → name, for the gazetteer's names that begin with a capital."""
        found = {}
        for i, token in enumerate(self.tokens):
            arabic = token.text in ("al", "el") and i + 1 < len(self.tokens)
            if token.text[0].isupper() or arabic:
                for first, last, name in self.gazetteer.matches(self.tokens, i):
                    head = self.tokens[last - 1].text[0]
                    if head.isupper() or (last - first > 1 and head.isalnum()):
                        found[first, last] = name
        return found

    @cached_property
    def countries(self) -> frozenset[str]:
        """Codes of the countries that the article names, also by demonym."""
        g = self.gazetteer
        bearers = (b for name in set(self.matches.values()) for b in g.bearers(name)[:2])
        return frozenset(g.country(b.place) for b in bearers if g.kind(b.place) == "country")

    @cached_property
    def longest(self) -> dict[int, tuple[int, int]]:
        """Token → the longest match that begins there."""
        return {first: (first, last) for first, last in self.facts}  # shorter ones come first

    @cached_property
    def ends(self) -> frozenset[int]:
        """The tokens after which a match ends."""
        return frozenset(last for _, last in self.longest.values())

    @cached_property
    def spans(self) -> list[Span]:
        """All proposals, by place in the text."""
        found: dict[tuple[int, int], int | None] = {key: self.matches[key] for key in self.facts}
        for a, b in self.runs:
            if b - a <= MAX_RUN:
                found.setdefault((a, b), None)
            for i in range(a, b):
                if self.tokens[i].text[0].isupper():
                    for j in range(i + 1, min(b, i + MAX_PART) + 1):
                        if self.tokens[j - 1].text[0].isupper():
                            found.setdefault((i, j), None)
        return [Span(i, j, found[i, j]) for i, j in sorted(found)]

    @cached_property
    def evidence(self) -> tuple[Counter[str], Counter[str], frozenset[str]]:
        """Of each folded word: how often it stands as a person, how often as a place, and whether in lower case."""
        person: Counter[str] = Counter()
        place: Counter[str] = Counter()
        lower = set()
        n = len(self.tokens)
        for i, token in enumerate(self.tokens):
            word = self.folded[i]
            if token.text.islower():
                lower.add(word)
                continue
            if not token.text[0].isupper():
                continue
            before = self.tokens[i - 1] if i else None
            after = self.tokens[i + 1] if i + 1 < n else None
            if before is not None:
                classes = self.classes[i - 1]
                if "t" in classes or ("g" in classes and before.text[0].isupper()) or self.shapes[i - 1] in ("X", "X."):
                    person[word] += self._close(i - 1, i)
                if before.text in LOCATIVES and not (after is not None and after.text[0].isupper()):
                    place[word] += 1
            if after is not None:
                person[word] += after.text in SAYING and not (before is not None and before.text in LOCATIVES)
                place[word] += after.text in ("County", "Parish", "Township")
        return person, place, frozenset(lower)

    def kind_at(self, i: int) -> str:
        """Kind of the longest match that begins at token i; "O" if none."""
        key = self.longest.get(i)
        return self.facts[key].kind if key else "O"

    @cached_property
    def _inside(self) -> dict[int, list[tuple[int, int]]]:
        covering = defaultdict(list)
        for first, last in self.facts:
            if last - first > 1:
                for i in range(first, last):
                    covering[i].append((first, last))
        return covering

    @cached_property
    def _run_of(self) -> dict[int, tuple[int, int]]:
        return {i: run for run in self.runs for i in range(*run)}

    def in_longer_match(self, span: Span) -> bool:
        """Whether a longer name of the gazetteer covers the span."""
        return any(
            a <= span.first and b >= span.last and (a, b) != (span.first, span.last) for a, b in self._inside.get(span.first, ())
        )

    def features(self, span: Span) -> list[str]:
        """What is seen of a proposal, as strings."""
        return [*self._words(span), *self._names(span), *self._run(span)]

    def _at(self, i: int) -> str:
        return self.folded[i] if 0 <= i < len(self.folded) else "<>"

    def _shape(self, i: int) -> str:
        return self.shapes[i] if 0 <= i < len(self.shapes) else "<>"

    def _class(self, i: int) -> str:
        return self.classes[i] if 0 <= i < len(self.classes) else ""

    def _words(self, span: Span) -> Iterator[str]:
        """The words of the span and around it."""
        i, j = span.first, span.last
        words = self.folded[i:j]
        word, last = " ".join(words), words[-1]
        p1, p2, n1, n2 = self._at(i - 1), self._at(i - 2), self._at(j), self._at(j + 1)
        yield from (
            "w=" + word, "f=" + words[0], "l=" + last, f"ln={min(j - i, 4)}",
            "p1=" + p1, "n1=" + n1, "p2=" + p2, "n2=" + n2, f"p21={p2}|{p1}", f"n12={n1}|{n2}", f"p1n1={p1}|{n1}",
            "su3=" + last[-3:], "su4=" + last[-4:],
            "sh=" + " ".join(self.shapes[i:j]), f"spn={self._shape(i - 1)}|{self._shape(j)}",
            "sp=" + self._shape(i - 1), "sn=" + self._shape(j),
            f"cl={self._class(i)}|{self._class(j - 1)}", "cp=" + self._class(i - 1), "cn=" + self._class(j),
            f"cpn={self._class(i - 1)}|{self._class(j)}", f"bos={self.opens[i]}|{self._class(i)}",
        )  # fmt: skip

    def _names(self, span: Span) -> Iterator[str]:
        """What the gazetteer says of the span and of its neighbours."""
        i, j = span.first, span.last
        person, place, lower = self.evidence
        words = [t.folded for t in self.tokens[i:j]]
        as_person, as_place = min(2, max(person[w] for w in words)), min(2, max(place[w] for w in words))
        low = any(w in lower for w in words if len(w) > 3)
        within = self.in_longer_match(span)
        beside = j + 1 if self._at(j) == "," else j
        after = self.kind_at(beside) + ("," if beside != j else "")
        cap_before, cap_after = self._shape(i - 1)[0], self._shape(j)[0]
        if span.name is None:
            facts = None
            kind, primary = "N", -2
            yield f"gaz=0{int(within)}"
        else:
            facts = self.facts[span.first, span.last]
            kind, primary = facts.kind, facts.primary
            yield from (
                f"gaz=1{int(within)}", "kind=" + kind, f"kp={kind}{primary}", f"pp={primary}", f"pa={facts.largest}",
                f"nc={facts.bearers}", f"nt={facts.best}", f"kl={kind}{min(j - i, 3)}", f"kp1={kind}|{self._at(i - 1)}",
                f"kn1={kind}|{self._at(j)}", f"kcl={primary}|{self._class(i)}|{int(self.opens[i])}",
            )  # fmt: skip
        yield from (
            f"gsh={int(facts is not None)}{int(within)}{cap_before}{cap_after}{primary}",
            f"per={as_person}", f"loc={as_place}", f"pl={as_person}{as_place}|{primary}", f"low={low}|{primary}",
            "gn=" + after, f"kgn={kind}|{after}", "gp=" + (self.kind_at(i - 2) + self._at(i - 1) if self._at(i - 1) == "," else "-"),
        )  # fmt: skip

    def _run(self, span: Span) -> Iterator[str]:
        """Where the span stands in its run of capitalised words."""
        i, j = span.first, span.last
        a, b = self._run_of.get(i, (i, j))
        starts, ends = i == a, j >= b
        known = int(span.name is not None)
        yield from (
            f"rs={starts}{ends}", f"rsg={starts}{ends}{known}{min(3, j - i)}", f"rl={min(5, b - a)}{min(4, j - i)}",
        )  # fmt: skip
        if not ends:
            yield from ("runlast=" + self._at(b - 1), "rlc=" + self._class(b - 1))
        if not starts:
            yield from ("runfirst=" + self._at(a), "rfc=" + self._class(a))
