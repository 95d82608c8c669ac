"""The command line: parses, calls, prints. Nothing else in geo prints or exits.

Exit codes: 0 done; 1 done, but some documents failed (each is named); 2 bad usage, or nothing readable.
"""

from geo.cli.main import app, main

__all__ = ["app", "main"]
