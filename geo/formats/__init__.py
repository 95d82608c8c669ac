"""The event table in the formats of other tools: a module a format, chosen by the file's suffix.

Each module has `write(events, path)`; those whose files carry the whole table also have `read(path)`. What each
format carries, and what opens it, stands in docs/formats.md.
"""

from geo.formats.files import FORMATS, Format, check_format, export, format_of, read_events

__all__ = ["FORMATS", "Format", "check_format", "export", "format_of", "read_events"]
