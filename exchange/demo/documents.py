"""What the demo's documents carry: the municipality's mark, and a key that seals them."""

from pathlib import Path

from accounts import demo
from delivery.documents.sealing import demo_key_make
from delivery.marks.services import mark_choose, mark_in_force

MARK = Path(__file__).parent / "mark.png"


def demo_documents_create() -> None:
    """Choose the mark and make the key; nothing a second time."""
    if not mark_in_force():
        mark_choose(content=MARK.read_bytes(), actor=None)
    demo_key_make(demo.MUNICIPALITY)
