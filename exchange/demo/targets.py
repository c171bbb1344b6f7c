"""What the departments of the invented municipality were to receive."""

from django.db import transaction
from django.utils import timezone

from accounts import demo
from accounts.history import act_as
from accounts.models import Role, User
from placements.models import Employer
from reporting.engine import answer_all
from reporting.figures.placements import DELIVERED_FIGURE
from reporting.models import Target
from reporting.periods import Period, latest_ended_quarter
from reporting.question import Question
from reporting.targets.services import Entered, targets_save
from vocabulary.codes import EmployerKind

#: The department that has no target, so that this is seen too.
WITHOUT = "AMF"


@transaction.atomic
def demo_targets_create() -> None:
    """Last year's, this year's and the latest quarter's targets, set by the head: a little more than what was
    delivered the year before. Twice is once."""
    if Target.objects.exists():
        return
    today = timezone.localdate()
    year = Period.parse(str(today.year))
    periods = [year.previous, year, latest_ended_quarter(today)]
    departments = Employer.objects.filter(kind=EmployerKind.DEPARTMENT).exclude(code=WITHOUT)
    head = next(each for each in demo.LOGINS if each.role == Role.MANAGER and each.unit is None)
    answers = answer_all([Question(each.year_before, today) for each in periods], (DELIVERED_FIGURE,))
    with act_as(actor=User.objects.get(email=head.email), source="demo"):
        for period, before in zip(periods, answers, strict=True):
            targets_save(
                period=period,
                entered={
                    each.pk: Entered(before.value("delivered", each.code) * 11 // 10 + 1, "") for each in departments
                },
            )
