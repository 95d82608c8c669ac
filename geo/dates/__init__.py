"""Date expressions → `Timex`es, and an article's own date from its text."""

from geo.dates.datelines import infer_document_date
from geo.dates.resolve import find_dates

__all__ = ["find_dates", "infer_document_date"]
