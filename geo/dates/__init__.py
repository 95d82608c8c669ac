"""Date expressions → `Timex`es, and an article's own date from its text."""

from geo.dates.datelines import infer_document_date
from geo.dates.grammar import Expression
from geo.dates.resolve import find_dates
from geo.dates.search import find_expressions

__all__ = ["Expression", "find_dates", "find_expressions", "infer_document_date"]
