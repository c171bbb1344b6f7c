"""The native libraries that PDFs need, tried by loading them."""

import ctypes

#: library: the Debian package that has it
PANGO = {"libpango-1.0.so.0": "libpango-1.0-0", "libpangoft2-1.0.so.0": "libpangoft2-1.0-0"}
#: Without it fonts are cut down in Python: 983 ms a certificate in place of 90 (docs/decisions.md).
SUBSET = {"libharfbuzz-subset.so.0": "libharfbuzz-subset0"}


def missing(libraries: dict[str, str]) -> list[str]:
    """The Debian packages of those libraries that cannot be loaded."""
    return [package for library, package in libraries.items() if not _loads(library)]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
