"""Rows of a case that more than one place of the file tells from; what only one asks for stands there."""

from participants.file import CaseRows
from participants.models import JointReview, Pause, Referral, ServiceAgreement

PAUSES = CaseRows(lambda enrolments, _user: Pause.objects.filter(enrolment__in=enrolments))
AGREEMENTS = CaseRows(lambda enrolments, _user: ServiceAgreement.objects.filter(enrolment__in=enrolments))
JOINT_REVIEWS = CaseRows(lambda enrolments, _user: JointReview.objects.filter(enrolment__in=enrolments))

#: Those to a unit within the reader's scope. The file is open, so a protected person is one the reader may see.
REFERRALS = CaseRows(
    lambda enrolments, user: (
        Referral.objects.in_reach_of(user).filter(participant=enrolments[0].participant_id).prefetch_related("steps")
    )
)
