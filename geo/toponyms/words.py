"""What is known of a word by itself: its outline, the word lists that hold it. Kept, for news repeats its words."""

from __future__ import annotations

from functools import lru_cache

from geo.gazetteer import JOINERS, Gazetteer
from geo.text import fold

CALENDAR = frozenset(
    """january february march april may june july august september october november december jan feb mar apr jun jul aug sep
    sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun""".split()
)
LEXICON = (
    ("given_names", "g"), ("given_names_ambiguous", "G"), ("titles", "t"), ("organisation_words", "o"),
    ("organisation_heads", "h"), ("government_words", "v"), ("speech_verbs", "s"), ("common_words", "c"),
    ("function_words", "f"), ("place_words", "p"), ("organisations", "n"),
)  # fmt: skip
LOCATIVES = frozenset("in at from near to around outside across throughout between of into toward towards via".split())
RUN_PARTICLES = frozenset("of the de la le du del das dos al y and".split())
INITIALS = ("X", "X.")  # outlines
RUN_MARKS = frozenset("-.’'")
WORDS_KEPT = 1 << 17


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


def lexicon_classes(gazetteer: Gazetteer, folded: str) -> str:
    """Letters of the word lists that hold a word (LEXICON), and "m" for months and weekdays."""
    return _classes(gazetteer).get(folded, "")


@lru_cache(maxsize=4)
def _classes(gazetteer: Gazetteer) -> dict[str, str]:
    classes: dict[str, str] = {}
    for name, letter in LEXICON:
        for word in gazetteer.lexicon.get(name, ()):
            classes[word] = classes.get(word, "") + letter
    for word in CALENDAR:
        classes[word] = classes.get(word, "") + "m"
    return classes


@lru_cache(maxsize=4)
def _opening_organisations(gazetteer: Gazetteer) -> frozenset[str]:
    names = gazetteer.lexicon.get("organisations", ())
    return frozenset(first for first, space, _ in (name.partition(" ") for name in names) if space)


def remarkable_words(gazetteer: Gazetteer) -> frozenset[str]:
    """The folded words of which the gazetteer says more than how they are written, beside single marks."""
    treaties = gazetteer.lexicon.get("treaty_words", ())
    openers, seconds, organisations = gazetteer.line_openers, gazetteer.line_seconds, _opening_organisations(gazetteer)
    return frozenset().union(_classes(gazetteer), treaties, openers, seconds, organisations)


class Word:
    """A word as it is written: its forms, its outline, its word lists, and what it does to its neighbours."""

    __slots__ = (
        "capital", "classes", "folded", "form", "introduces", "locative", "lower", "opens_line", "opens_organisation", "particle", "second_in_line",
        "shape", "text", "treaty",
    )  # fmt: skip

    def __init__(self, text: str, gazetteer: Gazetteer) -> None:
        self.text = text
        self.folded = fold(text)
        self.form = self.folded or text  # never empty
        self.shape = shape(text)
        self.classes = lexicon_classes(gazetteer, self.form)
        self.capital = text[0].isupper()
        self.lower = text.islower()
        self.locative = text in LOCATIVES
        self.particle = text in RUN_PARTICLES or text in RUN_MARKS
        self.second_in_line = self.folded in gazetteer.line_seconds or text in JOINERS
        self.opens_line = self.folded in gazetteer.line_openers and text[0].isalnum()
        self.opens_organisation = self.form in _opening_organisations(gazetteer)
        self.treaty = self.folded in gazetteer.lexicon.get("treaty_words", ())
        # a title, a given name or an initial: a person's name follows
        self.introduces = "t" in self.classes or (self.capital and "g" in self.classes) or self.shape in INITIALS


class Vocabulary(dict[str, Word]):
    """Words by their text, made when they are first asked for; no more than WORDS_KEPT."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        super().__init__()
        self.gazetteer = gazetteer

    def __missing__(self, text: str) -> Word:
        if len(self) >= WORDS_KEPT:
            self.clear()
        word = self[text] = Word(text, self.gazetteer)
        return word


@lru_cache(maxsize=4)
def vocabulary(gazetteer: Gazetteer) -> Vocabulary:
    """The words met so far by whoever reads with this gazetteer."""
    return Vocabulary(gazetteer)
