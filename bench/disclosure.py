"""What disclosure control costs: `.venv/bin/python bench/disclosure.py [REPORTS]`, 100 random reports unless told.

First the acceptance quarter, then municipalities of several sizes that publish their quarters and the year one after
the other, each as one with all its units and after all that was published before; then random reports.

Prints, for quarters' reports and for years with their four quarters, the cells hidden and the time of the greedy rule
and of the integer programme (`control` runs both and takes the better), and how often the programme found fewer.
"""

import os
import statistics
import sys
import time
from pathlib import Path
from random import Random

import django

ROOT = Path(__file__).resolve().parent.parent
SIZES = (20, 60, 150, 400)
THRESHOLD = 5

#: Participants and units.
MUNICIPALITIES = ((60, 0), (600, 4), (3_000, 30))


def main(reports: int) -> None:
    from tests.reporting import publications

    for snapshot in ("preliminary", "final"):
        *_others, by_both, _seconds, took, _totals, _ = _measure(publications.acceptance(snapshot)[0])
        print(f"the acceptance quarter, {snapshot}: {by_both} cells hidden, {took:.2f} s")
    for persons, units in MUNICIPALITIES:
        _publish(persons, units)
    for name, make, number in (("quarter", publications.report, reports), ("year", publications.year, reports // 10)):
        measured = [_measure(make(Random(seed), SIZES[seed % len(SIZES)])) for seed in range(number)]
        cells, by_rule, by_both, seconds, seconds_of_both, totals, totals_of_both = (
            list(column) for column in zip(*measured, strict=True)
        )
        print(f"{number} reports of a {name}, {statistics.mean(cells):.0f} cells each")
        for what, hidden, hidden_totals, took in (
            ("greedy rule", by_rule, totals, seconds),
            ("with the integer programme", by_both, totals_of_both, seconds_of_both),
        ):
            print(
                f"  {what:<28}{sum(hidden):>7} cells hidden ({sum(hidden_totals)} of them totals)"
                f"   {statistics.mean(took):.2f} s on average, {max(took):.2f} s at most"
            )
        fewer = sum(a > b for a, b in zip(by_rule, by_both, strict=True))
        print(f"  fewer cells in {fewer} reports, {100 * (1 - sum(by_both) / sum(by_rule)):.1f} % fewer in all")


def _publish(persons: int, units: int) -> None:
    """Publish four quarters and their year, and print what each takes."""
    from reporting.disclosure.joint import joint
    from tests.reporting import municipality

    print(f"a municipality of {persons} participants and {units} units")
    made, earlier = municipality.register(Random(persons), persons, units), []
    for period in (*municipality.QUARTERS, municipality.YEAR):
        known = municipality.answers(made, period, period.end, units)
        start = time.perf_counter()
        together = joint(known, earlier, THRESHOLD)
        took = time.perf_counter() - start
        earlier += municipality.as_earlier(known, together)
        cells = sum(len(table.values) for each in together.answers for table in each.tables.values())
        hidden = [len(municipality.hidden(each)) for each in together.answers]
        print(
            f"  {period.name:<8}{sum(hidden):>6} of {cells} values hidden ({hidden[0]} of the whole municipality)"
            f"   {took:.1f} s{'   REFUSED' * bool(together.exposed)}"
        )


def _measure(publication) -> tuple:
    """Cells, hidden by the rule and by both, seconds of each, totals hidden by each."""
    from reporting.disclosure import control, greedy
    from reporting.disclosure.attacker import System
    from reporting.disclosure.primary import must_be_hidden

    start = time.perf_counter()
    must, by_rule = must_be_hidden(publication, THRESHOLD), set()
    for component in publication.components():
        of_component = must.intersection(component.by_id)
        by_rule |= (
            greedy.suppress(component, System(component), of_component, THRESHOLD)[0] if of_component else set()
        )
    middle = time.perf_counter()
    result = control(publication, THRESHOLD)
    end = time.perf_counter()
    by_both = result.hidden.keys() & publication.by_id.keys()
    totals = publication.totals
    return (
        len(publication.cells),
        len(by_rule),
        len(by_both),
        middle - start,
        end - middle,
        len(by_rule & totals),
        len(by_both & totals),
    )


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
