"""Neither an account nor a role is taken away from who is somebody's job coach."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts import services
from accounts.models import Membership, Role
from participants.coaching.services import coach_assign
from tests.factories import EnrolmentFactory, UserFactory, days_ago


def removed(membership) -> list[str]:
    try:
        services.membership_remove(membership=membership)
    except ValidationError as error:
        return error.messages
    return []


def test_an_account_is_not_closed_and_the_sentence_says_who_can_help(client, cast):
    [words] = services.user_deactivation_hindrances(user=cast.colleague)
    assert "Användaren är jobbcoach för 1 deltagare på Jobbcenter Centrum." in words
    assert "Be en chef att först lämna över dem: Eva Ek, Greta Gran." in words
    client.force_login(cast.administrator)
    page = client.get(reverse("accounts:user_deactivate", args=[cast.colleague.public_id])).content.decode()
    assert "”Lämna över” på raden för Bo Berg" in page
    assert reverse("unit:hand_over") not in page  # where an administrator would be refused
    with pytest.raises(ValidationError):
        services.user_deactivate(user=cast.colleague, actor=cast.administrator)
    coach_assign(enrolment=cast.bertil, from_coach=cast.colleague, to=cast.coach, note="", actor=cast.manager)
    services.user_deactivate(user=cast.colleague, actor=cast.administrator)
    assert not cast.colleague.is_active


def test_a_protected_person_counts_too(cast):
    [words] = services.user_deactivation_hindrances(user=cast.coach)
    assert "2 deltagare" in words


def test_a_unit_without_a_manager_is_told(cast):
    Membership.objects.filter(role=Role.MANAGER).delete()
    [words] = services.user_deactivation_hindrances(user=cast.colleague)
    assert "Enheten har ingen chef." in words


def test_the_role_by_which_a_coach_works_there_stays_until_another_has_taken_over(client, cast):
    membership = cast.colleague.memberships.get()
    assert "1 deltagare på Jobbcenter Centrum" in removed(membership)[0]
    client.force_login(cast.administrator)
    where = reverse("accounts:membership_remove", args=[cast.colleague.public_id, membership.pk])
    page = client.post(where, follow=True).content.decode()
    assert "”Lämna över” på raden för Bo Berg" in page
    coach_assign(enrolment=cast.bertil, from_coach=cast.colleague, to=cast.coach, note="", actor=cast.manager)
    assert removed(membership) == []


@pytest.mark.parametrize(
    ("kept", "goes"),
    [
        ((Role.PLACEMENT_COORDINATOR, "centrum"), True),
        ((Role.JOB_COACH, None), True),
        ((Role.JOB_COACH, "norr"), False),
        ((Role.MANAGER, "centrum"), False),
    ],
)
def test_another_role_that_writes_there_is_enough(cast, kept, goes):
    role, unit = kept
    membership = cast.colleague.memberships.get()
    Membership.objects.create(user=cast.colleague, role=role, unit=unit and getattr(cast, unit))
    assert (removed(membership) == []) == goes


def test_a_role_everywhere_is_needed_where_somebody_is_left(cast):
    everywhere = UserFactory(role=Role.JOB_COACH)
    EnrolmentFactory(unit=cast.norr, coach=everywhere)
    EnrolmentFactory(unit=cast.centrum, coach=everywhere)
    Membership.objects.create(user=everywhere, role=Role.JOB_COACH, unit=cast.norr)
    words = removed(everywhere.memberships.get(unit=None))
    assert len(words) == 1
    assert "1 deltagare på Jobbcenter Centrum" in words[0]


def test_other_roles_and_closed_cases_hold_nobody(cast):
    manager = Membership.objects.create(user=cast.colleague, role=Role.MANAGER, unit=cast.centrum)
    assert removed(manager) == []
    type(cast.bertil).objects.filter(pk=cast.bertil.pk).update(end=days_ago(1), closure_reason="moved")
    assert removed(cast.colleague.memberships.get()) == []
