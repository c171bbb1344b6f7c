from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from reporting.figures import FIGURES, TRACK_FIGURES
from reporting.figures.definition import Breakdown, Dimension, Figure

DOCUMENT = Path(settings.BASE_DIR) / "docs" / "statistics.md"
BEGIN, END = "<!-- figures: written by manage.py document_statistics -->", "<!-- end of figures -->"
#: Those of the contract, and the product's own about job tracks, each between marks of their own.
PARTS = (
    (BEGIN, END, FIGURES),
    (
        BEGIN.replace("figures:", "figures of job tracks:"),
        END.replace("figures", "figures of job tracks"),
        TRACK_FIGURES,
    ),
)


class Command(BaseCommand):
    help = "Write every figure's definition into docs/statistics.md. With --check only say whether it is true."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="exit with status 1 when the document is not true")

    def handle(self, *args, **options):
        before = DOCUMENT.read_text(encoding="utf-8")
        after = documented(before)
        if options["check"]:
            if before != after:
                raise CommandError("docs/statistics.md is not true: run manage.py document_statistics.")
        else:
            DOCUMENT.write_text(after, encoding="utf-8")


def documented(text: str) -> str:
    """The document `text` with the definitions of today between its marks."""
    for begin, end, figures in PARTS:
        head, mark, rest = text.partition(begin)
        _old, last, tail = rest.partition(end)
        if not mark or not last:
            raise CommandError(f"docs/statistics.md lacks its marks {begin} and {end}.")
        text = "\n".join([head + begin, "", *_figures(figures), "", end + tail])
    return text


def _figures(figures: Sequence[Figure]) -> list[str]:
    with translation.override("sv"):
        swedish = {figure.key: str(figure.label) for figure in figures}
    with translation.override(None):
        return "\n\n".join(_figure(figure, swedish[figure.key]) for figure in figures).splitlines()


def _figure(figure: Figure, swedish: str) -> str:
    facts = [
        f"In Swedish: {swedish}.",
        f"Kolada: {figure.kolada}." if figure.kolada else "The product's own figure.",
        f"Counted in {figure.measured_in.label}.",
        f"It tells about {figure.subject.label}." if figure.published else "Internal only.",
        *([f"Linked with {', '.join(f'`{key}`' for key in figure.linked)}."] if figure.linked else []),
    ]
    tables = "\n".join(_table(breakdown) for breakdown in figure.breakdowns)
    return f"### `{figure.key}`: {figure.label}\n\n{figure.definition}\n\n{' '.join(facts)}\n\n{tables}"


def _table(breakdown: Breakdown) -> str:
    rows, columns = breakdown.sides
    sides = [f"{name} {_codes(side)}" for name, side in (("rows", rows), ("columns", columns)) if side]
    if breakdown.measured:
        sides.append("columns " + ", ".join(f"`{each.code}`" for each in breakdown.measured))
    margin = f" Its row `total` is that of `{breakdown.margin}`." if breakdown.margin else ""
    apart = " A person may stand in several rows; the total counts each once." if breakdown.in_rows else ""
    lines = [f"- Table `{breakdown.table}`: {'; '.join(sides) or '`total` alone'}.{margin}{apart}"]
    lines += [f"  - `{each.code}` {each.label}: {each.definition}" for each in breakdown.meanings]
    return "\n".join(lines)


def _codes(dimension: Dimension) -> str:
    if dimension.codes:
        return f"{dimension.codes}, `total`"
    codes = [f"`{each.code}`{' (where someone is)' if each.only_if_any else ''}" for each in dimension.categories]
    return ", ".join([*codes, "`total`"])
