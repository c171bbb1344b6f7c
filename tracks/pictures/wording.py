"""Words in pictures: broken into lines that fit, since SVG breaks none."""

#: What a letter of 15 units is wide on average, with a little to spare.
LETTER = 7.4


def wrapped(text: str, width: float, most: int = 3) -> list[str]:
    """The text in lines of at most `width`; what does not fit into `most` lines is left out with an ellipsis."""
    room = max(int(width / LETTER), 4)
    lines = [""]
    for word in text.split():
        while len(word) > room:  # a compound longer than a line
            head, word = word[: room - 1] + "-", word[room - 1 :]
            lines[-1:] = [lines[-1], head] if lines[-1] else [head]
            lines.append("")
        if not lines[-1]:
            lines[-1] = word
        elif len(lines[-1]) + 1 + len(word) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1][: room - 1].rstrip() + "…"]
    return lines
