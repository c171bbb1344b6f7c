"""What all tests share: the fixed cast."""

from tests.cast import cast

__all__ = ["cast"]
