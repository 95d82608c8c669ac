"""Every error that geo raises on purpose.

Each is a `GeoError`, so one `except` catches them all, and also the builtin that a caller
would expect. A message says what is wrong, where, and how to mend it, in one line.
"""


class GeoError(Exception):
    """Base of all errors that geo raises on purpose."""


class DocumentError(GeoError, ValueError):
    """An article cannot be read: not text, empty, too large, a broken line or front matter."""


class NothingToReadError(GeoError, FileNotFoundError):
    """A path does not exist, or none of the given paths holds an article."""


class MetadataError(GeoError, ValueError):
    """A metadata CSV lacks its columns or holds a date that is none."""


class OptionError(GeoError, ValueError):
    """An option asks for what geo cannot do, or is not in its form."""


class CorrectionError(GeoError, ValueError):
    """A file of corrections cannot be read; the message names file and row."""


class GazetteerError(GeoError, ValueError):
    """A gazetteer file is missing, of another version, damaged, or a source of it is wrong."""


class TriggerError(GeoError, ValueError):
    """A file of event triggers is not in its form; the message names file and entry."""


class OutputError(GeoError, OSError):
    """A result cannot be written where it was asked for."""


class FormatError(GeoError, ValueError):
    """A table of events cannot be read or written in the format asked for."""
