"""The figures of a report agree with each other, whatever is registered while they are counted."""

import datetime as dt
import threading

import pytest
from django.db import connection
from django.urls import reverse

from accounts.models import Role
from participants.models import Enrolment
from reporting.moment import at_one_moment
from reporting.periods import Period
from reporting.question import Question
from reporting.statement import state_with_earlier
from tests.factories import EnrolmentFactory, UserFactory

QUESTION = Question(Period.parse("2026Q1"), dt.date(2026, 3, 31))


@pytest.fixture
def busy_register(transactional_db):
    """While `with busy_register():` lasts, somebody enrols another participant after every query."""

    def enrol():
        EnrolmentFactory(start=dt.date(2026, 2, 1))
        connection.close()

    def meanwhile(execute, sql, params, many, context):
        done = execute(sql, params, many, context)
        if sql.lstrip("( ").startswith("SELECT"):
            other = threading.Thread(target=enrol)
            other.start()
            other.join()
        return done

    return lambda: connection.execute_wrapper(meanwhile)


@pytest.mark.beside
@pytest.mark.deep
class TestOneMoment:
    def test_what_is_registered_meanwhile_is_in_no_figure(self, busy_register):
        EnrolmentFactory.create_batch(3, start=dt.date(2026, 1, 7))
        with busy_register():
            told = at_one_moment(lambda: state_with_earlier(QUESTION))[0]
        assert Enrolment.objects.count() > 10
        totals = {key: told.tables[key].value() for key in ("active", "new", "active_by_age", "active_by_education")}
        assert set(totals.values()) == {3}

    @pytest.mark.beside
    def test_what_would_be_published_is_worked_out_of_one_moment_too(self, busy_register, client):
        EnrolmentFactory.create_batch(3, start=dt.date(2026, 1, 7))
        client.force_login(UserFactory(role=Role.MANAGER))
        with busy_register():
            response = client.get(reverse("reporting:as_published"), {"period": "2026Q1", "as_of": "2026-03-31"})
        blocks = {block.key: block for part in response.context["beside"].sections for block in part.blocks}
        active, new = blocks["active"].lines  # each read by a query of its own
        assert active.pairs[-1].internal == new.pairs[-1].internal

    @pytest.mark.beside
    def test_a_row_that_somebody_else_has_just_changed_is_changed_after_it(self, transactional_db):
        user, tries = UserFactory(role=Role.MANAGER), []

        def rename(name):
            type(user).objects.filter(pk=user.pk).update(given_name=name)
            connection.close()

        def work():
            before = type(user).objects.get(pk=user.pk).given_name
            if not tries:
                other = threading.Thread(target=rename, args=("Först",))
                other.start()
                other.join()
            tries.append(before)
            type(user).objects.filter(pk=user.pk).update(given_name=f"{before} och sedan")

        at_one_moment(work)
        user.refresh_from_db()
        assert (user.given_name, len(tries)) == ("Först och sedan", 2)
