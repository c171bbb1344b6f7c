from tests.participants.merging.pair import pair

__all__ = ["pair"]
