"""Who may do what with participants. Each function asks the user's memberships and nothing of the request.

That a participant is visible at all is decided by `visible_to` (participants.querysets), and whoever may open the
file may ask for the identity number; these functions say what else may be done with what is visible.
"""

import datetime as dt

from django.utils import timezone

from accounts.models import Role, Unit, User
from accounts.scope import Scope
from participants.models import Attachment, Deputy, Enrolment, JournalEntry, Merge, Participant, Referral
from participants.querysets import CASE_ROLES

#: The roles that work with participants day by day, and therefore write.
WRITING_ROLES = (Role.JOB_COACH, Role.PLACEMENT_COORDINATOR)


def can_list_participants(user: User, _obj: object = None) -> bool:
    """Job coaches, placement coordinators and managers. Analysts see published figures only, and administrators
    keep users and settings: neither sees a person."""
    return user.reach.has(*CASE_ROLES)


def export_scope(user: User) -> Scope:
    """The units whose participants the user may take out as files: placement coordinators and managers in their
    units, and job coaches to whom an administrator has given the right (`Membership.may_export`)."""
    return user.reach.export_scope(Role.PLACEMENT_COORDINATOR, Role.MANAGER)


def can_export_list(user: User, _obj: object = None) -> bool:
    """Whoever may take lists out anywhere (`export_scope`): a right of its own, beyond seeing the list."""
    return bool(export_scope(user))


def can_write_journal(user: User, enrolment: Enrolment) -> bool:
    """Job coaches and placement coordinators of the unit that answers for the enrolment. Managers read. Whether a
    protected person's file is open to the user at all is asked before (`visible_to`)."""
    return enrolment.unit_id in user.reach.scope(*WRITING_ROLES)


def can_edit_entry(user: User, entry: JournalEntry, day: dt.date) -> bool:
    """The author, on the calendar day (Europe/Stockholm) on which the entry was written, as long as the author may
    write in the journal. Later nobody: it is an official record."""
    return (
        entry.author_id == user.pk
        and timezone.localdate(entry.created_at) == day
        and can_write_journal(user, entry.enrolment)
    )


def can_add_to_entry(user: User, entry: JournalEntry) -> bool:
    """Whoever may write in the journal that the entry belongs to, at any time, whoever wrote it."""
    return can_write_journal(user, entry.enrolment)


def can_move_entry(user: User, entry: JournalEntry, day: dt.date) -> bool:
    """Of an entry that was written in the wrong person's file: its author, on the day it was written, and managers of
    the unit that answers for the enrolment at any time. Only to an enrolment that is visible to them as well."""
    return can_edit_entry(user, entry, day) or entry.enrolment.unit_id in user.reach.scope(Role.MANAGER)


def can_withdraw_attachment(user: User, attachment: Attachment, day: dt.date) -> bool:
    """Of a file that was attached by mistake: who attached it, the same day, as long as that person may write in the
    journal; and managers of the unit that answers for the enrolment at any time. Nobody deletes it."""
    enrolment = attachment.entry.enrolment
    if attachment.is_withdrawn:
        return False
    if enrolment.unit_id in user.reach.scope(Role.MANAGER):
        return True
    return (
        attachment.uploaded_by_id == user.pk
        and timezone.localdate(attachment.uploaded_at) == day
        and can_write_journal(user, enrolment)
    )


def can_see_withdrawn_attachments(user: User, enrolment: Enrolment) -> bool:
    """Managers of the unit that answers for the enrolment: a withdrawn file is an official record still."""
    return enrolment.unit_id in user.reach.scope(Role.MANAGER)


def can_edit_person(user: User, enrolment: Enrolment) -> bool:
    """How a person is reached, who they are (the identity number too), and the facts of one enrolment: job coaches,
    placement coordinators and managers of the unit that answers for the enrolment. Managers too, because they see in
    the reports what is missing. Whether a protected person's file is open to the user is asked before."""
    return enrolment.unit_id in user.reach.scope(*CASE_ROLES)


def can_register_participants(user: User, _obj: object = None) -> bool:
    """Job coaches, placement coordinators and managers register somebody by hand, for the units where they are that:
    the person comes by a referral or an enrolment there."""
    return user.reach.has(*CASE_ROLES)


def can_handle_referral(user: User, referral: Referral) -> bool:
    """Job coaches, placement coordinators and managers of the unit that the referral came to: they register it,
    assess it, decide it and undo a wrong decision. Whether it is visible at all is asked before."""
    return referral.unit_id in user.reach.scope(*CASE_ROLES)


def can_run_case(user: User, enrolment: Enrolment) -> bool:
    """Job coaches and placement coordinators of the unit that answers for the enrolment pause and resume it, write
    down what is agreed with the employment service, and plan a joint review. Managers read."""
    return enrolment.unit_id in user.reach.scope(*WRITING_ROLES)


def can_handle_enrolment_questions(user: User, _obj: object = None) -> bool:
    """Administrators: they are shown the units that want to answer for the same person, by case number. They see no
    name, no number and nothing of the files."""
    return user.reach.has(Role.ADMINISTRATOR)


def can_handle_number_questions(user: User, _obj: object = None) -> bool:
    """Administrators: they are shown two files by unit and case number, and find out with the units whether it is one
    person. They see no name, no number and nothing of the files."""
    return user.reach.has(Role.ADMINISTRATOR)


def can_merge(user: User, participant: Participant) -> bool:
    """Managers of a unit that knows the participant, by an enrolment or a referral: whoever manages so for both makes
    two files one, which changes what figures count. Who only works with them proposes it."""
    return Participant.objects.known_in(user.reach.scope(Role.MANAGER)).filter(pk=participant.pk).exists()


def can_decide_merge(user: User, merge: Merge) -> bool:
    """Managers of both files decide on a proposal, and undo what was merged. Administrators do so where it has been
    left to them, because a manager might learn from it what another unit knows."""
    if merge.for_administrator and can_handle_number_questions(user):
        return True
    return Merge.objects.decided_in(user).filter(pk=merge.pk).exists()


def can_write_closure(user: User, enrolment: Enrolment) -> bool:
    """Job coaches and placement coordinators of the unit that answers for the enrolment close it, and fill in
    afterwards what was not known of the closure. Managers read. Whether a protected person's file is open to the user
    is asked before (`visible_to`)."""
    return enrolment.unit_id in user.reach.scope(*WRITING_ROLES)


def can_answer_aftercare(user: User, enrolment: Enrolment) -> bool:
    """Whoever may close the enrolment writes down, and corrects, what the person does afterwards."""
    return can_write_closure(user, enrolment)


def can_annul_closure(user: User, enrolment: Enrolment) -> bool:
    """Managers of the unit that answers for the enrolment take back a closure made in error: it changes figures that
    may have been told already, so whoever made it does not do it alone."""
    return enrolment.unit_id in user.reach.scope(Role.MANAGER)


def can_change_coach(user: User, enrolment: Enrolment) -> bool:
    """Job coaches, placement coordinators and managers of the unit that answers for the enrolment give it to another
    job coach of the unit. Whether a protected person's file is open to the user is asked before (`visible_to`)."""
    return enrolment.unit_id in user.reach.scope(*CASE_ROLES)


def can_see_unit(user: User, _obj: object = None) -> bool:
    """Managers see how many participants each job coach of their units has, and hand over many at once."""
    return user.reach.has(Role.MANAGER)


def can_name_deputy(user: User, absent: User, unit: Unit) -> bool:
    """Who is to be away themselves, and managers of the unit for somebody there."""
    return absent == user or unit.pk in user.reach.scope(Role.MANAGER)


def can_end_deputy(user: User, deputy: Deputy) -> bool:
    """Who is away, and managers of the unit. Who stands in speaks with one of them."""
    return deputy.absent_id == user.pk or deputy.unit_id in user.reach.scope(Role.MANAGER)


def can_have_digest(user: User, _obj: object = None) -> bool:
    """Job coaches and placement coordinators: those who have a Min dag of their own."""
    return user.reach.has(*WRITING_ROLES)


def can_see_access_log(user: User, enrolment: Enrolment) -> bool:
    """Managers of the unit that answers for the enrolment: they check who has looked at the files
    (lag 2001:454, 10 §)."""
    return enrolment.unit_id in user.reach.scope(Role.MANAGER)


def can_name_for_protected(user: User, _obj: object = None) -> bool:
    """Managers name the staff who may see a protected participant, one person at a time, for their own units'
    enrolments (`Enrolment.objects.protected_for`), whether or not they are on the list themselves: somebody has to
    name the first, and every naming is written to the history."""
    return user.reach.has(Role.MANAGER)
