"""What groups of features are worth: `python benchmarks/ablations.py GOLD…`.

Learns anew in five folds without each group and prints overlap F1, accuracy on gold mentions and end-to-end F1,
macro means over the corpora. Needs `pip install -e '.[train]'`; takes about half a minute a row.
"""

from __future__ import annotations

import sys
from pathlib import Path

from geo.evaluation.corpora import read_corpus
from geo.evaluation.metrics import MACRO, evaluate
from geo.evaluation.predictors import resolver_alone, tool
from geo.evaluation.train import THRESHOLD, Example, fit_resolver, fit_spans, fold_of, prepare
from geo.gazetteer import Gazetteer
from geo.toponyms.weights import Weights

FOLDS = 5
GROUPS: dict[str, tuple[str, ...]] = {
    "nothing left out": (),
    "spans: the words themselves": ("w=", "f=", "l=", "su3=", "su4="),
    "spans: the words around": ("p1=", "n1=", "p2=", "n2=", "p21=", "n12=", "p1n1="),
    "spans: word lists": ("cl=", "cp=", "cn=", "cpn=", "kcl=", "bos=", "rlc=", "rfc="),
    "spans: the gazetteer's facts": ("gaz=", "kind=", "kp=", "pp=", "pa=", "nc=", "nt=", "kl=", "kp1=", "kn1=", "kcl=", "gsh="),
    "spans: the rest of the article": ("per=", "loc=", "pl=", "low="),
    "ranks: country and division support": ("country s", "country l", "country n", "division s", "division l", "division n"),
    "ranks: nearness": ("near", "mid", "far", "city nearest"),
    "ranks: the names beside": ("held", "not held", "holding", "not holding"),
    "ranks: size": ("size", "gap", "share", "country size", "capital size", "admin1 size", "admin2 size", "city size", "curated size"),
}


def row(name: str, without: frozenset[str], examples: list[Example], gazetteer: Gazetteer) -> str:
    """One line of the table."""
    learned = {}
    for fold in range(FOLDS):
        others = [e for e in examples if fold_of(e.gold.id, FOLDS) != fold]
        spans = fit_spans(others, without if name.startswith("spans") else frozenset())
        ranks = fit_resolver(others, gazetteer, without if name.startswith("ranks") else frozenset())
        learned[fold] = Weights(spans, THRESHOLD, ranks, (0.0, 1.0, 1.0), {})
    articles = [e.gold for e in examples]
    predictors = {
        "geo": tool(gazetteer, lambda a: learned[fold_of(a.id, FOLDS)]),
        "gold": resolver_alone(gazetteer, lambda a: learned[fold_of(a.id, FOLDS)]),
    }
    whole, gold = (run.scores[MACRO] for run in evaluate(articles, predictors).runs)
    return f"| {name} | {whole.overlap_f1:.3f} | {gold.acc161_all:.3f} | {whole.e2e_f1:.3f} |"


def main(paths: list[str]) -> int:
    """Print the table; 2 without corpora."""
    if not paths:
        sys.stderr.write(__doc__ or "")
        return 2
    gazetteer = Gazetteer()
    examples = prepare((a for path in paths for a in read_corpus(Path(path))), gazetteer)
    print("| left out | overlap F1 | gold mentions, accuracy@161km | end-to-end F1 |\n|---|---|---|---|")
    for name, prefixes in GROUPS.items():
        print(row(name, frozenset(prefixes), examples, gazetteer), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
