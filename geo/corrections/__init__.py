"""What a person corrects: events → a sheet to edit, and the edited sheet → corrected events."""

from geo.corrections.apply import correct
from geo.corrections.sheet import Correction, read_corrections, write_review

__all__ = ["Correction", "correct", "read_corrections", "write_review"]
