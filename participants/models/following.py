"""Rows of a participant who turned out to be another one follow that one."""

import pgtrigger


def follows(*fields: str):
    """Class decorator for a model with foreign keys to `Participant`: a row that is stored for somebody who was
    merged into another participant is stored for that one.

    Who stores it may have read the participant just before the merge. The lock waits for a merge that is under way.
    While a register is loaded none is, and its keys stand for the participants of today already.
    """

    def decorate(model):
        columns = {field: model._meta.get_field(field).column for field in fields}
        triggers = [
            pgtrigger.Trigger(
                name=f"{field}_follows",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf(column),
                declare=[("follow", "bigint")],
                func=_FOLLOW.format(column=column),
            )
            for field, column in columns.items()
        ]
        return pgtrigger.register(*triggers)(model)

    return decorate


_FOLLOW = """
    IF current_setting('jobbspar.loading', true) = 'on' THEN RETURN NEW; END IF;
    LOOP
        follow := (SELECT merged_into_id FROM participants_participant WHERE id = NEW.{column} FOR KEY SHARE);
        EXIT WHEN follow IS NULL;
        NEW.{column} := follow;
    END LOOP;
    RETURN NEW;
"""
