"""Who did what stays known: the history of rows, and the access log that the application can only add to."""

import uuid

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from accounts.history import act_as, set_transaction_context
from accounts.log import access_log_write
from accounts.models import AccessLogEntry, Unit, User
from config import roles

pytestmark = pytest.mark.django_db
UnitEvent = Unit.pgh_event_model
UserEvent = User.pgh_event_model


def test_a_change_on_a_page_carries_who_made_it(client, cast):
    client.force_login(cast.administrator)
    client.post(
        f"/administration/anvandare/{cast.coach.public_id}/",
        {"given_name": "Alma", "family_name": "Ny", "email": cast.coach.email},
    )
    event = UserEvent.objects.filter(pgh_obj_id=cast.coach.pk).latest("pgh_id")
    assert (event.pgh_label, event.family_name) == ("update", "Ny")
    assert event.pgh_context["user"] == cast.administrator.pk
    assert event.pgh_context["name"] == "Ingrid Is"
    assert event.pgh_context["source"] == "web"
    assert len(event.pgh_context["request"]) == 32


def test_a_change_in_a_task_carries_whom_it_was_done_for(cast):
    with act_as(actor=cast.manager, source="job", job="register_load"):
        Unit.objects.create(code="TASK")
    context = UnitEvent.objects.get(code="TASK").pgh_context
    assert context == {"user": cast.manager.pk, "name": "Eva Ek", "source": "job", "job": "register_load"}


def test_a_change_by_the_system_itself_names_nobody(db):
    with act_as(actor=None, source="command"):
        Unit.objects.create(code="SYSTEM")
    assert UnitEvent.objects.get(code="SYSTEM").pgh_context == {"user": None, "name": "", "source": "command"}


def test_rows_that_come_by_copy_carry_who_loaded_them(cast):
    with transaction.atomic():
        set_transaction_context(actor=cast.administrator, source="job")
        with connection.cursor() as cursor, cursor.copy("COPY accounts_unit (code) FROM STDIN") as copy:
            copy.write_row(["COPIED"])
    context = UnitEvent.objects.get(code="COPIED").pgh_context
    assert (context["user"], context["name"]) == (cast.administrator.pk, "Ingrid Is")


def test_the_name_in_the_history_outlives_a_change_of_name(cast):
    with act_as(actor=cast.manager, source="web"):
        Unit.objects.create(code="BEFORE")
    User.objects.filter(pk=cast.manager.pk).update(family_name="Gift")
    assert UnitEvent.objects.get(code="BEFORE").pgh_context["name"] == "Eva Ek"


def test_neither_passwords_nor_sign_ins_are_in_the_history(client, cast):
    fields = {field.name for field in UserEvent._meta.get_fields()}
    assert not fields & {"password", "last_login"}
    before = UserEvent.objects.count()
    cast.coach.set_password("en-annan-hemlighet")
    cast.coach.save(update_fields=["password"])
    assert UserEvent.objects.count() == before


@pytest.mark.parametrize("act", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_application_cannot_rewrite_the_access_log_or_any_history(act):
    tables = roles.append_only_tables()
    assert AccessLogEntry._meta.db_table in tables
    tracked = [model for model in apps.get_models() if hasattr(model, "pgh_event_model")]
    assert {model.pgh_event_model._meta.db_table for model in tracked} < set(tables)
    for table in tables:
        column = "id" if table == AccessLogEntry._meta.db_table else "pgh_id"
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(act.format(table, column, column))


def test_an_entry_of_the_access_log_keeps_the_name_and_no_key_of_the_case(cast):
    subject = uuid.uuid4()
    entry = access_log_write(
        actor=cast.coach, act=AccessLogEntry.Act.OPENED, subject=subject, subject_kind="participant", rows=3
    )
    entry.refresh_from_db()
    assert (entry.actor_name, entry.subject, entry.detail, entry.request_id) == ("Alma Alm", subject, {"rows": 3}, "")


def test_an_entry_written_during_a_request_carries_its_id(client, cast):
    client.force_login(cast.coach)
    response = client.get("/administration/", headers={"X-Request-ID": "abcdef123456"})
    assert response["X-Request-ID"] == "abcdef123456"
    assert AccessLogEntry.objects.get().request_id == "abcdef123456"
