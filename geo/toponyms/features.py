"""What speaks for and against a proposal, as strings ("p1=in", "kind=country", …), and what the weights make of them.

The strings come in groups; what a group says depends on a few values only (its key), which recur from text to text. So a
group's worth is summed up once for a key and kept; learning reads the same groups as strings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from operator import getitem
from typing import Any

from geo.toponyms.spans import Article, NameFacts, Span
from geo.toponyms.words import Word

EDGE = "<>"  # stands before the first word and after the last
UNKNOWN = "\0"  # stands for the words that no weight tells of
KEYS_KEPT = 1 << 14

Key = tuple[Any, ...]
Keys = tuple[Key, ...]


def _first(word: str) -> Iterator[str]:
    yield "f=" + word


def _last(word: str) -> Iterator[str]:
    yield from ("l=" + word, "su3=" + word[-3:], "su4=" + word[-4:])


def _whole(name: str, length: int) -> Iterator[str]:
    yield from ("w=" + name, f"ln={min(length, 4)}")


def _before(p1: str, p2: str, kind: str) -> Iterator[str]:
    """`kind` is that of a name before a comma before the span."""
    yield from ("p1=" + p1, "p2=" + p2, f"p21={p2}|{p1}", "gp=" + (kind + p1 if p1 == "," else "-"))


def _after(n1: str, n2: str) -> Iterator[str]:
    yield from ("n1=" + n1, "n2=" + n2, f"n12={n1}|{n2}")


def _around(p1: str, n1: str, kind: str) -> Iterator[str]:
    yield f"p1n1={p1}|{n1}"
    if kind != "N":
        yield from (f"kp1={kind}|{p1}", f"kn1={kind}|{n1}")


def _outline(shapes: str) -> Iterator[str]:
    yield "sh=" + shapes


def _shapes(before: str, after: str) -> Iterator[str]:
    yield from (f"spn={before}|{after}", "sp=" + before, "sn=" + after)


def _lists(first: str, last: str, opens: bool) -> Iterator[str]:
    """Letters of the word lists of the span's first and last word."""
    yield from (f"cl={first}|{last}", f"bos={opens}|{first}")


def _lists_beside(before: str, after: str) -> Iterator[str]:
    """The same of the words beside."""
    yield from ("cp=" + before, "cn=" + after, f"cpn={before}|{after}")


def _facts(facts: NameFacts | None, within: int, length: int, first: str, opens: bool) -> Iterator[str]:
    """What the gazetteer says; `within`: a longer name covers the span."""
    if facts is None:
        yield f"gaz=0{within}"
        return
    kind, primary = facts.kind, facts.primary
    yield from (
        f"gaz=1{within}", "kind=" + kind, f"kp={kind}{primary}", f"pp={primary}", f"pa={facts.largest}",
        f"nc={facts.bearers}", f"nt={facts.best}", f"kl={kind}{min(length, 3)}", f"kcl={primary}|{first}|{int(opens)}",
    )  # fmt: skip


def _capitals(known: int, within: int, before: str, after: str, primary: int) -> Iterator[str]:
    yield f"gsh={known}{within}{before}{after}{primary}"


def _use(person: int, place: int, low: bool, primary: int) -> Iterator[str]:
    """How the article uses the words elsewhere."""
    yield from (f"per={person}", f"loc={place}", f"pl={person}{place}|{primary}", f"low={low}|{primary}")


def _beside(kind: str, after: str) -> Iterator[str]:
    """Kind of the name itself and of the one after it."""
    yield from ("gn=" + after, f"kgn={kind}|{after}")


def _run(starts: bool, ends: bool, known: int, length: int, run: int) -> Iterator[str]:
    """Where the span stands in its run of capitalised words."""
    yield from (
        f"rs={starts}{ends}", f"rsg={starts}{ends}{known}{min(3, length)}", f"rl={min(5, run)}{min(4, length)}",
    )  # fmt: skip


def _run_first(word: str, classes: str) -> Iterator[str]:
    if word:
        yield from ("runfirst=" + word, "rfc=" + classes)


def _run_last(word: str, classes: str) -> Iterator[str]:
    if word:
        yield from ("runlast=" + word, "rlc=" + classes)


GROUPS: tuple[Callable[..., Iterator[str]], ...] = (
    _first, _last, _whole, _before, _after, _around, _outline, _shapes, _lists, _lists_beside, _facts, _capitals, _use, _beside, _run,
    _run_first, _run_last,
)  # fmt: skip


def _same(word: str, _: str) -> str:
    return word


def observer(
    article: Article, named: Callable[[str, str], str] = _same, ending: Callable[[str], str] = str
) -> Callable[[Span], Keys]:
    """A function that gives a span's keys, one for each of GROUPS.

    `named` gives the word for a word, or UNKNOWN (its second argument) where the word makes no difference; `ending`
    keeps of a last word what makes a difference.
    """
    edge = Word(EDGE, article.gazetteer)
    edge.form = edge.shape = EDGE
    edge.classes = ""
    words = [edge, edge, *article.words, edge, edge]  # so that the neighbours of token i are 2 further on
    use, run_of, opens, kinds = article.use, article.run_of, article.opens, article.kinds
    covering = article.covering
    person, place, lower = use.person, use.place, use.lower

    def see(span: Span) -> Keys:
        i, j, _, facts = span
        before, after = words[i + 1], words[j + 2]
        first, last = words[i + 2], words[j + 1]
        length = j - i
        inside = words[i + 2 : j + 2]
        if length == 1:
            whole = named(first.form, UNKNOWN)
            outline = first.shape
            folded = first.folded
            as_person, as_place = min(2, person.get(folded, 0)), min(2, place.get(folded, 0))
            low = len(folded) > 3 and folded in lower
        else:
            whole = " ".join([named(word.form, UNKNOWN) for word in inside])
            outline = " ".join([word.shape for word in inside])
            as_person = min(2, max([person.get(word.folded, 0) for word in inside]))
            as_place = min(2, max([place.get(word.folded, 0) for word in inside]))
            low = any(word.folded in lower for word in inside if len(word.folded) > 3)
        within = int(i in covering and article.in_longer_match(i, j))
        p1, n1 = named(before.form, UNKNOWN), named(after.form, UNKNOWN)
        opening = i in opens
        if facts is None:
            kind, primary, known = "N", -2, 0
        else:
            kind, primary, known = facts.kind, facts.primary, 1
        beside = kinds.get(j + 1, "O") + "," if after.form == "," else kinds.get(j, "O")
        a, b = run_of.get(i, (i, j))
        starts, ends = i == a, j >= b
        return (
            (named(first.form, UNKNOWN),),
            (ending(last.form),),
            (whole, length),
            (p1, named(words[i].form, UNKNOWN), kinds.get(i - 2, "O") if p1 == "," else ""),
            (n1, named(words[j + 3].form, UNKNOWN)),
            (p1, n1, kind),
            (outline,),
            (before.shape, after.shape),
            (first.classes, last.classes, opening),
            (before.classes, after.classes),
            (facts, within, length, first.classes, opening),
            (known, within, before.shape[0], after.shape[0], primary),
            (as_person, as_place, low, primary),
            (kind, beside),
            (starts, ends, known, length, b - a),
            ("", "") if starts else (named(words[a + 2].form, UNKNOWN), words[a + 2].classes),
            ("", "") if ends else (named(words[b + 1].form, UNKNOWN), words[b + 1].classes),
        )

    return see


def features(article: Article, spans: list[Span]) -> list[list[str]]:
    """What is seen of proposals, as strings."""
    see = observer(article)
    return [[f for group, key in zip(GROUPS, see(span), strict=True) for f in group(*key)] for span in spans]


class _Worth(dict[Key, float]):
    """Key of a group → the sum of the weights of what the group says."""

    def __init__(self, group: Callable[..., Iterator[str]], weights: Mapping[str, float]) -> None:
        super().__init__()
        self.group, self.weights = group, weights

    def __missing__(self, key: Key) -> float:
        if len(self) >= KEYS_KEPT:
            self.clear()
        get = self.weights.get
        worth = self[key] = sum([get(f, 0.0) for f in self.group(*key)])
        return worth


class Scorer:
    """Weights, and what they have been found to make of keys."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self.bias = weights["bias"]
        self.worths = tuple(_Worth(group, weights) for group in GROUPS)
        told = {word for f in weights for part in f.partition("=")[2].split("|") for word in part.split(" ")}
        self.told = {word: word for word in told | {EDGE, ",", "|"}}
        self.named = self.told.get

    def ending(self, word: str) -> str:
        """The word if weights tell of it, else what they tell of its end, as long as a word at least."""
        if word in self.told:
            return word
        if word[-4:] in self.told:
            return UNKNOWN + word[-4:]
        if word[-3:] in self.told:
            return UNKNOWN * 2 + word[-3:]
        return UNKNOWN

    def score(self, keys: Keys) -> float:
        """The log-odds that a proposal with these keys names a place."""
        return self.bias + sum(map(getitem, self.worths, keys))
