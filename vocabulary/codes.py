"""The field's official lists. Codes are those of docs/register-format.md; labels are translated.

A code is a public contract: it is never renamed. Lists whose entries come and go (occupational areas) are tables.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Gender(TextChoices):
    """As official statistics count it; from the identity number, unknown where there is none."""

    WOMAN = "woman", _("Woman")
    MAN = "man", _("Man")
    UNKNOWN = "unknown", pgettext_lazy("gender", "Unknown")


class Protection(TextChoices):
    """Protected personal data (folkbokföringslagen 16-17 b §§). A fictitious identity is never marked."""

    NONE = "none", pgettext_lazy("protection", "None")
    SECRECY_MARK = "secrecy_mark", _("Secrecy mark")
    PROTECTED_REGISTRATION = "protected_registration", _("Protected population registration")


class Education(TextChoices):
    """Kolada U40813-U40816, U40827."""

    PRIMARY_INCOMPLETE = "primary_incomplete", _("Compulsory school not completed")
    PRIMARY = "primary", _("Compulsory school at most")
    UPPER_SECONDARY = "upper_secondary", _("Upper secondary school")
    POST_SECONDARY = "post_secondary", _("Post-secondary education")
    NOT_VALIDATED = "not_validated", _("Education not validated")


class ContactWay(TextChoices):
    """How the person wants to be reached."""

    PHONE = "phone", _("By phone call")
    SMS = "sms", _("By text message")
    EMAIL = "email", _("By e-mail")
    LETTER = "letter", _("By letter")


class ReferralSource(TextChoices):
    """Kolada U40806-U40810. Other includes schools and the municipal activity responsibility."""

    EMPLOYMENT_SERVICE = "employment_service", _("Public employment service")
    SOCIAL_SERVICES = "social_services", _("Social services")
    INSURANCE_AGENCY = "insurance_agency", _("Social insurance agency")
    SELF = "self", _("The person")
    OTHER = "other", pgettext_lazy("referral source", "Other")


class ReferralDecision(TextChoices):
    PENDING = "pending", _("Being assessed")
    ACCEPTED = "accepted", _("Accepted")
    RETURNED = "returned", _("Returned")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class TargetGroup(TextChoices):
    """Whom the enrolment is for; income support and the activity responsibility come first in the queue."""

    INCOME_SUPPORT = "income_support", _("Income support")
    ACTIVITY_RESPONSIBILITY = "activity_responsibility", _("Municipal activity responsibility")
    PREVENTIVE = "preventive", _("Preventive")
    OTHER = "other", pgettext_lazy("target group", "Other")


class SupportObstacle(TextChoices):
    """Why somebody does not support themselves (försörjningshinder), as Socialstyrelsen asks for it."""

    UNEMPLOYED = "unemployed", _("Unemployed")
    UNEMPLOYED_ESTABLISHMENT = "unemployed_establishment", _("Unemployed with establishment benefit")
    SICK_WITH_CERTIFICATE = "sick_with_certificate", _("On sick leave with a medical certificate")
    SICKNESS_ACTIVITY_COMPENSATION = "sickness_activity_compensation", _("Sickness or activity compensation")
    PENSION = "pension", _("Pension or maintenance support for the elderly")
    SOCIAL_REASONS = "social_reasons", _("Unable to work for social reasons")
    PARENTAL_LEAVE = "parental_leave", _("On parental leave")
    FULL_TIME_WORK = "full_time_work", _("Works full time")
    PART_TIME_WORK = "part_time_work", _("Works part time")
    NONE = "none", _("No obstacle to self-support")
    MISSING = "missing", _("No information")


class TimeWithoutWork(TextChoices):
    """How long somebody had been without work when the enrolment began. Kolada U40817, N40826, N40827, U40819,
    U40835."""

    LT6 = "lt6", _("Less than 6 months")
    M6_12 = "m6_12", _("6–12 months")
    M12_24 = "m12_24", _("More than 12, at most 24 months")
    GT24 = "gt24", _("More than 24 months")
    MISSING = "missing", _("No information")


class LanguageSkill(TextChoices):
    """The five skills of the Common European Framework in which a level of language is told."""

    LISTENING = "LISTENING", _("Listening")
    READING = "READING", _("Reading")
    INTERACTION = "INTERACTION", _("Taking part in conversation")
    PRODUCTION = "PRODUCTION", _("Speaking on one's own")
    WRITING = "WRITING", _("Writing")


class LanguageLevel(TextChoices):
    """A level of the Common European Framework (CEFR); none: not yet at A1."""

    NONE = "none", _("Not yet A1")
    A1 = "A1", "A1"
    A2 = "A2", "A2"
    B1 = "B1", "B1"
    B2 = "B2", "B2"
    C1 = "C1", "C1"
    C2 = "C2", "C2"


class Registration(TextChoices):
    """Whether somebody is registered at the public employment service; not asked for is no answer."""

    REGISTERED = "registered", pgettext_lazy("employment service", "Registered there")
    NOT_REGISTERED = "not_registered", pgettext_lazy("employment service", "Not registered there")


class ReferralState(TextChoices):
    """Where a referral stands. The register knows received and assessing as one, `ReferralDecision.PENDING`."""

    RECEIVED = "received", pgettext_lazy("referral", "Registered")
    ASSESSING = "assessing", pgettext_lazy("referral", "Being assessed")
    ACCEPTED = "accepted", pgettext_lazy("referral", "Accepted")
    RETURNED = "returned", pgettext_lazy("referral", "Returned")
    DECLINED = "declined", pgettext_lazy("referral", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("referral", "Withdrawn")


class ClosureReason(TextChoices):
    """Why an enrolment ended. Which Kolada result (A-E) it gives is computed, never stored."""

    WORK = "work", _("Work")
    OWN_BUSINESS = "own_business", _("Own business")
    STUDIES = "studies", _("Studies")
    TRANSFERRED = "transferred", _("Transferred to another authority")
    ASSIGNMENT_COMPLETED = "assignment_completed", _("Assignment completed")
    INTERRUPTED = "interrupted", _("Interrupted early")
    MOVED = "moved", _("Moved")
    DECEASED = "deceased", _("Deceased")
    PARENTAL_LEAVE = "parental_leave", _("Parental leave")
    OTHER = "other", pgettext_lazy("closure reason", "Other")


class JobForm(TextChoices):
    """How the job a participant left for is supported. A municipal employment never counts as work in Kolada."""

    UNSUBSIDISED = "unsubsidised", _("Without support")
    NYSTARTSJOBB = "nystartsjobb", _("New start job")
    INTRODUKTIONSJOBB = "introduktionsjobb", _("Introduction job")
    ETABLERINGSJOBB = "etableringsjobb", _("Establishment job")
    LONEBIDRAG = "lonebidrag", _("Wage subsidy")
    OSA = "osa", _("Sheltered public employment")
    MUNICIPAL_EMPLOYMENT = "municipal_employment", _("Municipal employment")


class EmployerKind(TextChoices):
    DEPARTMENT = "department", _("Department")
    MUNICIPAL_COMPANY = "municipal_company", _("Municipal company")
    PRIVATE = "private", _("Private")
    CIVIL_SOCIETY = "civil_society", _("Civil society")
    OTHER_PUBLIC = "other_public", _("Other public employer")


class PlacementForm(TextChoices):
    MUNICIPAL_EMPLOYMENT = "municipal_employment", _("Municipal employment")
    INTERNSHIP = "internship", _("Internship")
    LANGUAGE_INTERNSHIP = "language_internship", _("Language internship")
    WORK_TRAINING = "work_training", _("Work training")
    WORK_ASSESSMENT = "work_assessment", _("Work assessment")
    HOLIDAY_JOB = "holiday_job", _("Holiday job")
    SUPPORTED_EMPLOYMENT = "supported_employment", _("Supported employment")


class PlacementResult(TextChoices):
    """Whether the purpose of an ended placement was met."""

    MET = "met", _("Met")
    PARTLY = "partly", _("Partly met")
    NOT_MET = "not_met", _("Not met")


class ActivityOutcome(TextChoices):
    """Whether an ended activity gave what was expected of it; the three add up to the number ended."""

    MET = "met", pgettext_lazy("outcome", "Met")
    PARTLY = "partly", pgettext_lazy("outcome", "Partly met")
    NOT_MET = "not_met", pgettext_lazy("outcome", "Not met")


class ActivityKind(TextChoices):
    """What sort of thing a form of activity is."""

    ACTIVITY = "activity", _("Activity without a workplace")
    WORKPLACE = "workplace", _("At a workplace")
    SUBSIDISED = "subsidised", _("Job with support")
    EXTERNAL = "external", _("Arranged by the public employment service")


class RequirementType(TextChoices):
    """The four types of assigned activity under the activity requirement (SoL 12 kap. 6 a §, secondary source)."""

    ABILITY = "ability", _("Motivation and ability to work")
    LANGUAGE = "language", _("Language")
    JOB_SEARCH = "job_search", _("Looking for work")
    WORKPLACE = "workplace", pgettext_lazy("type of activity", "Workplace")


class AttendanceStatus(TextChoices):
    """How a planned session went for one participant. Unmarked is no status but no row, and never absence."""

    PRESENT = "present", pgettext_lazy("attendance", "Present")
    EXTERNAL = "external", _("Other planned activity")
    ABSENT_VALID = "absent_valid", _("Valid absence")
    SICK_CERTIFIED = "sick_certified", _("Sick, with a certificate")
    SICK_REPORTED = "sick_reported", _("Reported sick")
    ABSENT_INVALID = "absent_invalid", _("Invalid absence")
    CANCELLED_BY_UNIT = "cancelled_by_unit", _("Cancelled by the unit")


class Need(TextChoices):
    """Whose need an activity or a placement serves (Södertälje: the purpose is clear before matching)."""

    PARTICIPANT = "participant", _("The participant's")
    EMPLOYER = "employer", _("The employer's")
    BOTH = "both", _("Both")


class FollowUpKind(TextChoices):
    THREE_PARTY_MEETING = "three_party_meeting", _("Three-party meeting")
    EMPLOYMENT_1_MONTH = "employment_1_month", _("Employment, after one month")
    EMPLOYMENT_MID = "employment_mid", _("Employment, halfway")
    EMPLOYMENT_FINAL = "employment_final", _("Employment, final")
    PLAN_REVIEW = "plan_review", _("Plan review")
    PLACEMENT_MID = "placement_mid", _("Placement, halfway")
    PLACEMENT_FINAL = "placement_final", _("Placement, final")


class AftercareStatus(TextChoices):
    WORK = "work", pgettext_lazy("aftercare", "At work")
    STUDIES = "studies", pgettext_lazy("aftercare", "Studying")
    NEITHER = "neither", _("Neither")
    NOT_REACHED = "not_reached", _("Not reached")
