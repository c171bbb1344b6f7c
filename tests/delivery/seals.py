"""A key for tests that seal: their own, in a folder that goes with them."""

import pytest

from delivery.documents import sealing


@pytest.fixture
def seal_key(settings, tmp_path) -> sealing.Key:
    """Documents are sealed by this key, as in a try-out."""
    settings.SEAL_DEMO_FOLDER = tmp_path / "seal"
    sealing.demo_key_make("Björkåkra kommun")
    return sealing.sealing_key()
