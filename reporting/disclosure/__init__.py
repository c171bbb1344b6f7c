"""Disclosure control: what may stand in a public report (docs/disclosure.md). Plain data in, plain data out."""

from reporting.disclosure.control import control
from reporting.disclosure.model import Publication, PublicationError, Reason, Result
from reporting.disclosure.tables import Draft

__all__ = ["Draft", "Publication", "PublicationError", "Reason", "Result", "control"]
