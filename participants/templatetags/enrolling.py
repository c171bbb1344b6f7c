"""Words for what an enrolment keeps as a list of codes."""

from django import template

from participants.models import Enrolment
from vocabulary.codes import TargetGroup

register = template.Library()


@register.filter
def other_groups(enrolment: Enrolment) -> str:
    """The target groups that the person belongs to beside the counted one."""
    return ", ".join(str(TargetGroup(each).label) for each in enrolment.groups[1:])
