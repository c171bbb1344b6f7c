"""Everything that plans add to the lists of other concepts."""

from participants.plan import day, endings, file, listing


def join() -> None:
    for each in (file, endings, day, listing):
        each.join()
