"""The forms of English words: what "meet" and "clash" look like in a text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal

Form = Literal["base", "s", "past", "participle", "ing", "noun"]
DOUBLING = re.compile(r"(?:out|over|re|un|with)?[^aeiou]*[aeiou][bdgklmnprtvz]")  # stop, stopped; regroup
VOWELS = frozenset("aeiou")
PREFIXES = ("re", "over", "with", "under", "out")  # retake goes as take does


def verb_forms(verb: str, irregular: Mapping[str, Sequence[str]]) -> list[tuple[str, Form]]:
    """The folded forms of an English verb; `irregular` gives past and participle of those that need it.

    A form that is both is tagged participle.

    >>> [form for form, _ in verb_forms("deny", {})]
    ['deny', 'denies', 'denying', 'denied']
    >>> [form for form, _ in verb_forms("retake", {"take": ["took", "taken"]})]
    ['retake', 'retakes', 'retaking', 'retook', 'retaken']
    """
    forms = irregular.get(verb) or _prefixed(verb, irregular)
    if verb.endswith("y") and verb[-2:-1] not in VOWELS:
        third, past, ing = f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing"
    elif verb.endswith("e"):
        ing = f"{verb}ing" if verb.endswith(("ee", "oe", "ye")) else f"{verb[:-1]}ing"
        third, past = f"{verb}s", f"{verb}d"
    else:
        third = f"{verb}es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else f"{verb}s"
        stem = verb + verb[-1] if DOUBLING.fullmatch(verb) else verb
        past, ing = f"{stem}ed", f"{stem}ing"
    if len(forms) > 2:
        ing = forms[2]
    first, second = (forms[0], forms[1]) if forms else (past, past)
    found: list[tuple[str, Form]] = [(verb, "base"), (third, "s"), (ing, "ing")]
    found += [(second, "participle")] if first == second else [(first, "past"), (second, "participle")]
    if verb.endswith(("el", "al")) and not forms:  # cancelled, cancelling beside canceled
        found += [(f"{verb}led", "participle"), (f"{verb}ling", "ing")]
    return found


def _prefixed(verb: str, irregular: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """The irregular forms that a verb shares with the one that it is made of."""
    for prefix in PREFIXES:
        if verb.startswith(prefix) and (forms := irregular.get(verb.removeprefix(prefix))):
            return [prefix + form for form in forms]
    return ()


def noun_forms(noun: str) -> list[tuple[str, Form]]:
    """A noun and its plural.

    >>> [form for form, _ in noun_forms("clash")]
    ['clash', 'clashes']
    """
    if noun.endswith("y") and noun[-2:-1] not in VOWELS:
        plural = f"{noun[:-1]}ies"
    else:
        plural = f"{noun}es" if noun.endswith(("s", "x", "z", "ch", "sh")) else f"{noun}s"
    return [(noun, "noun"), (plural, "noun")]
