"""The candidates of the names of many articles in columns of numpy: what each way to write a name may mean is looked at once.

Candidates stand in one column, those of a name together, the names of an article together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain
from threading import Lock
from typing import Any

import numpy as np

from geo.gazetteer import NONE, PRIMARY, SHORT, Gazetteer
from geo.text import fold
from geo.toponyms.candidates import Bearers, Name
from geo.toponyms.ranking import (
    CAPITAL_PART,
    CURATED_PEOPLE,
    HOW,
    KIND_CLASSES,
    MINOR_KINDS,
    MINOR_PEOPLE,
    PRIOR,
    beside,
)

Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[Any]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]
Weights = tuple[tuple[str, float], ...]

CLASSES = (*KIND_CLASSES, "curated")
COUNTRY, CAPITAL, ADMIN1, ADMIN2, CITY, CURATED = range(6)
CANDIDATES_KEPT = 1 << 16
CAPACITY = 1 << 14  # candidates that there is room for at first


class Columns:
    """The gazetteer's columns as arrays, and what its kinds mean."""

    def __init__(self, g: Gazetteer) -> None:
        self.gazetteer = g
        self.population, self.geonames = np.asarray(g.population), np.asarray(g.geonames)
        self.admin1, self.country, self.kind = np.asarray(g.admin1), np.asarray(g.country_column), np.asarray(g.kind_column)
        self.lat, self.lon = np.asarray(g.lat), np.asarray(g.lon)
        kinds: list[str] = g.header["kinds"]
        self.classes = np.array([CLASSES.index(k) if k in CLASSES else CURATED for k in kinds])
        self.spotless = np.array([k in ("country", "continent", "ocean") for k in kinds])
        self.uninhabited = np.array([MINOR_PEOPLE if k in MINOR_KINDS else CURATED_PEOPLE for k in kinds])
        self.prior_of_kind = np.array([PRIOR.get("kind=" + k, 0.0) for k in kinds])
        codes: list[str] = g.header["countries"]
        self.coded = np.array([bool(code) for code in codes])
        self.of_country = np.array([g.country_places.get(code, -1) for code in codes])

    def sizes(self, place: Ints, kind: Ints, kind_class: Ints, country: Ints) -> Floats:
        """log10 of the people that places count for."""
        people = self.population[place].astype(np.int64)
        home = self.of_country[country]
        nation = np.where(home >= 0, self.population[home].astype(np.int64) // CAPITAL_PART, 0)
        empty = (people == 0) & (self.geonames[place] == 0) & ~np.isin(kind_class, (ADMIN2, ADMIN1, CAPITAL))
        people = np.where(kind_class == CAPITAL, np.maximum(people, nation), people)
        return np.log10(np.where(empty, self.uninhabited[kind], people) + 1)  # type: ignore[no-any-return]


class Forms(dict[tuple[str, Bearers], int]):
    """The ways to write a name by their numbers, with what is known of each and of its candidates whatever the article.

    Of each form: `first` and `size`, where its candidates stand, and `largest`, the magnitude of the largest place whose
    name it is, infinite for a capital. Of each candidate the columns of `KNOWN`, and the numbers in `worths`: its point on
    the unit sphere, its magnitude, its share by itself and what it is worth by itself in each of the passes.
    """

    def __init__(self, gazetteer: Gazetteer, passes: Sequence[Mapping[str, float]]) -> None:
        super().__init__()
        self.lock = Lock()
        self.columns, self.passes = Columns(gazetteer), passes
        self._forget()

    def _forget(self) -> None:
        self.clear()
        self._pending: list[tuple[str, Bearers]] = []
        self._beside: dict[tuple[Bearers, frozenset[int], frozenset[int]], Floats] = {}
        self._filled = 0  # of the candidates' columns
        self.first, self.size, self.largest = np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
        self.candidates = np.zeros((len(KNOWN), CAPACITY), np.int64)
        self.worths = np.zeros((5 + len(self.passes), CAPACITY))

    def __missing__(self, form: tuple[str, Bearers]) -> int:
        number = self[form] = len(self)
        self._pending.append(form)
        return number

    def numbers(self, names: Sequence[Name]) -> Ints:
        """The forms of names, with their columns filled."""
        if self._filled > CANDIDATES_KEPT or len(self._beside) > CANDIDATES_KEPT:
            self._forget()
        found = np.array([self[n.surface, n.bearers] for n in names], np.int64)
        if self._pending:
            self._fill()
        return found

    def _fill(self) -> None:
        described = _Described(self.columns, self._pending)
        begin, end = self._filled, self._filled + len(described.name)
        if end > self.candidates.shape[1]:
            self.candidates = np.pad(self.candidates, ((0, 0), (0, end)))
            self.worths = np.pad(self.worths, ((0, 0), (0, end)))
        self.candidates[:, begin:end] = [getattr(described, column) for column in KNOWN]
        share = shares(described.prior, described.first, described.name)
        worths = (described.worth(ranks) for ranks in self.passes)
        self.worths[:, begin:end] = [*described.vector, described.magnitude, share, *worths]
        self.first = np.append(self.first, begin + described.first)
        self.size = np.append(self.size, described.lengths)
        self.largest = np.append(self.largest, described.largest())
        self._filled = end
        self._pending.clear()

    def beside(self, name: Name) -> Floats:
        """What a name's candidates are worth by the names beside it, in each of the passes."""
        key = name.bearers, name.containers, name.contents
        found = self._beside.get(key)
        if found is None:
            g = self.columns.gazetteer
            context, kinds = beside(g, name), [(c.place, g.kind(c.place)) for c in name.candidates]
            rows = [context(place, kind if kind in KIND_CLASSES else "curated") for place, kind in kinds]
            worth = [[sum(value * ranks.get(f, 0.0) for f, value in row.items()) for row in rows] for ranks in self.passes]
            found = self._beside[key] = np.array(worth)
        return found


KNOWN = ("place", "how", "kind", "country", "division", "coded", "spotless", "both")


class _Described:
    """The candidates of forms that were not met before."""

    def __init__(self, columns: Columns, forms: Sequence[tuple[str, Bearers]]) -> None:
        sizes = [len(bearers.candidates) for _, bearers in forms]
        self.lengths = np.array(sizes, np.int64)
        self.first = np.cumsum(self.lengths) - self.lengths
        self.name = np.repeat(np.arange(len(forms)), self.lengths)
        pairs = chain.from_iterable(chain.from_iterable(bearers.candidates for _, bearers in forms))
        self.place, self.how = np.fromiter(pairs, np.int64, 2 * len(self.name)).reshape(-1, 2).T
        kind = columns.kind[self.place].astype(np.int64)
        self.kind = columns.classes[kind]
        self.spotless = columns.spotless[kind]
        self.country = columns.country[self.place].astype(np.int64)
        self.coded = columns.coded[self.country]
        self.division = columns.admin1[self.place].astype(np.int64)
        self.magnitude = columns.sizes(self.place, kind, self.kind, self.country)
        lat, lon = np.radians(columns.lat[self.place] / 1e5), np.radians(columns.lon[self.place] / 1e5)
        self.vector = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
        how = np.array([PRIOR.get("how=" + HOW.get(k, "demonym"), 0.0) for k in range(7)])
        self.prior = PRIOR["size"] * self.magnitude / 5 + columns.prior_of_kind[kind] + how[self.how]
        self._label(columns.gazetteer, [surface for surface, _ in forms], sizes)
        country_of_name = self.name * len(columns.coded) + self.country
        settled = np.isin(country_of_name, country_of_name[np.isin(self.kind, (CITY, CAPITAL)) & (self.how == PRIMARY)])
        divided = np.isin(country_of_name, country_of_name[(self.kind == ADMIN1) & (self.how != SHORT)])
        self.both = settled & divided & np.isin(self.kind, (CAPITAL, CITY, ADMIN1))

    def _label(self, g: Gazetteer, surfaces: Sequence[str], sizes: Sequence[int]) -> None:
        labels = list(map(g.label, self.place.tolist()))
        surface = [s for s, size in zip(surfaces, sizes, strict=True) for _ in range(size)]
        folded = [s for s, size in zip(map(fold, surfaces), sizes, strict=True) for _ in range(size)]
        self.lettered = np.array([label == s for label, s in zip(labels, surface, strict=True)])
        self.labelled = np.array([fold(label) == s for label, s in zip(labels, folded, strict=True)])

    def largest(self) -> Floats:
        """Of each form: the magnitude of the largest place whose name it is, infinite for a capital, -infinite for none."""
        magnitude = np.where(self.kind == CAPITAL, np.inf, self.magnitude)
        found: Floats = np.maximum.reduceat(np.where(self.how == PRIMARY, magnitude, -np.inf), self.first)
        return found

    def worth(self, ranks: Mapping[str, float]) -> Floats:
        """What the candidates are worth by themselves."""
        def weight(feature: str) -> float:
            return ranks.get(feature, 0.0)

        powers = 10**self.magnitude
        largest = np.maximum.reduceat(self.magnitude, self.first)[self.name]
        worth: Floats = weight("size") * self.magnitude / 5 + weight("gap") * (largest - self.magnitude) / 5
        worth += weight("share") * powers / np.add.reduceat(powers, self.first)[self.name]
        worth += by_class(ranks, "kind={}", self.kind) + by_class(ranks, "{} size", self.kind) * self.magnitude / 5
        worth += np.array([weight("how=" + HOW.get(k, "demonym")) for k in range(7)])[self.how]
        worth[self.first] += weight("first")
        worth += self.both * by_class(ranks, "{} of a city and a division", self.kind)
        worth += weight("label") * self.labelled + weight("label to the letter") * self.lettered
        return worth


def by_class(ranks: Mapping[str, float], feature: str, kind: Ints) -> Floats:
    """The weights of a feature that is named by the class of kinds, for candidates of these classes."""
    found: Floats = np.array([ranks.get(feature.format(k), 0.0) for k in CLASSES])[kind]
    return found


def shares(scores: Floats, first: Ints, name: Ints) -> Floats:
    """Shares of each name's candidates that sum to 1; `first` of each name, `name` of each candidate."""
    powers: Floats = np.exp(scores - np.maximum.reduceat(scores, first)[name])
    powers /= np.add.reduceat(powers, first)[name]
    return powers


class Candidates:
    """The candidates of the names of many articles, with all that does not change from pass to pass."""

    def __init__(self, forms: Forms, articles: Sequence[Sequence[Name]]) -> None:
        self.names = names = list(chain.from_iterable(articles))
        form = forms.numbers(names)
        self.lengths, self.largest = forms.size[form], forms.largest[form]
        self.first = np.cumsum(self.lengths) - self.lengths
        self.name = np.repeat(np.arange(len(names)), self.lengths)
        row = np.arange(len(self.name)) + (forms.first[form] - self.first)[self.name]
        self.place, self.how, self.kind, self.country, self.division, *flags = forms.candidates.take(row, axis=1)
        self.coded, self.spotless, self.both = (flag.astype(np.bool_) for flag in flags)
        (*self.vector, self.magnitude, self.prior), self.worth = np.split(forms.worths.take(row, axis=1), [5])
        self.article_of_name = np.repeat(np.arange(len(articles)), [len(a) for a in articles])
        self.article = self.article_of_name[self.name]
        self.open_names = np.flatnonzero(self.lengths > 1)  # a lone candidate has all the belief
        self.open = np.flatnonzero(self.lengths[self.name] > 1)
        self.open_kind, self.open_both = self.kind[self.open], self.both[self.open]
        self.open_several = np.array([len(a) for a in articles], np.float64)[self.article[self.open]]
        self.by_country = Groups(self, self.country, len(forms.columns.coded))
        self.by_division = Groups(self, self.division, NONE + 1)
        for number in [k for k, name in enumerate(names) if name.containers or name.contents]:
            begin = self.first[number]
            self.worth[:, begin : begin + self.lengths[number]] += forms.beside(names[number])

    def likeliest(self, share: Floats) -> Ints:
        """The row of each name's candidate with the most belief."""
        best = np.flatnonzero(share == np.maximum.reduceat(share, self.first)[self.name])
        name = self.name[best]
        found: Ints = best[np.append(True, name[1:] != name[:-1])]
        return found


class Groups:
    """Groups of places (countries or divisions) in which the names of each article have candidates.

    A name's own groups stand in one column, those of an article in another: `own` and `whole` of each candidate.
    """

    def __init__(self, c: Candidates, group: Ints, groups: int) -> None:
        keys, self.own = np.unique(c.name * groups + group, return_inverse=True)
        self.name_of_own = keys // groups
        wholes = c.article_of_name[self.name_of_own] * groups + keys % groups
        self.keys, self.whole_of_own = np.unique(wholes, return_inverse=True)
        self.groups = groups
        self.whole = self.whole_of_own[self.own]
        self.article_of_whole = self.keys // groups

    def find(self, article: Ints, group: Ints) -> Ints:
        """The groups of articles, as `whole` numbers them; -1 for none of these."""
        wanted = article * self.groups + group
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        found: Ints = np.where(self.keys[at] == wanted, at, -1)
        return found

    def marked(self, wholes: Ints, rows: Ints) -> Bools:
        """Whether the groups of candidates are among `wholes`."""
        marks = np.zeros(len(self.keys), np.bool_)
        marks[wholes] = True
        found: Bools = marks[self.whole[rows]]
        return found


@lru_cache(maxsize=4)
def forms_of(gazetteer: Gazetteer, passes: tuple[Weights, ...]) -> Forms:
    """The forms of names met with a gazetteer and the weights of passes, kept from batch to batch."""
    return Forms(gazetteer, [dict(ranks) for ranks in passes])
