"""What is written under a section of a report: plain text, in which a blank line ends a paragraph and lines that
begin with a dash are a list."""

import re
from dataclasses import dataclass

#: How a line of a list begins: a dash of any length, a star or a bullet, and a space.
_ITEM = re.compile(r"\s*[-–—*•]\s+(?=\S)")


@dataclass(frozen=True)
class Part:
    """A paragraph (its lines in `text`) or a list (its `items`)."""

    text: str = ""
    items: tuple[str, ...] = ()


def paragraphs(text: str) -> list[Part]:
    """The text as paragraphs and lists, in their order; empty for an empty text. A line under one of a list that is
    indented and no item itself belongs to the item above. Nothing is marked up: templates escape what they show
    (`reporting/_comment.html`)."""
    parts: list[Part] = []
    lines: list[str] = []
    items: list[str] = []

    def end() -> None:
        if lines:
            parts.append(Part(text="\n".join(lines)))
        if items:
            parts.append(Part(items=tuple(items)))
        lines.clear()
        items.clear()

    for line in text.splitlines():
        if not line.strip():
            end()
        elif item := _ITEM.match(line):
            if lines:
                end()
            items.append(line[item.end() :].strip())
        elif items and line[0].isspace():
            items[-1] += " " + line.strip()
        else:
            if items:
                end()
            lines.append(line.strip())
    end()
    return parts
