from tests.participants.beside import beside

__all__ = ["beside"]
