from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ParticipantsConfig(AppConfig):
    name = "participants"
    verbose_name = _("participants")

    def ready(self):
        import participants.listing.municipal  # noqa: F401 - joins a setting of the municipality
        from accounts.providers import AdministrationEntry, administration_entries
        from delivery import kinds
        from participants import journal, parts, providers, timeline
        from participants.agreements import timeline as agreements
        from participants.asking import mail as asking_mail
        from participants.attachments import listing as documents
        from participants.caseload import figures
        from participants.coaching import hindrances
        from participants.coaching import timeline as handovers
        from participants.day import answered, case_lists
        from participants.digest import mail as digest
        from participants.enrolling import flags as enrolling
        from participants.enrolling.services import enrolment_questions_waiting
        from participants.first_day import standing
        from participants.joint_reviews import timeline as joint_reviews
        from participants.listing import columns, flags
        from participants.listing.exporting import LIST_EXPORT_KIND
        from participants.mapping import endings as mapping_endings
        from participants.mapping import file as mapping
        from participants.merging import reading as merging
        from participants.merging.services import merges_waiting_for_administrators
        from participants.pausing import endings as pause_endings
        from participants.pausing import timeline as pauses
        from participants.person.numbers import number_questions_waiting
        from participants.plan import joining as plan
        from participants.referrals import day as referral_day
        from participants.referrals import timeline as referral_timeline

        providers.join_timeline(
            journal.timeline_entries, kinds={journal.KIND: _("Journal")}, rows=[journal.ENTRIES, journal.MOVES]
        )
        timeline.join()
        for concept in (referral_timeline, referral_day, agreements, pauses, pause_endings, joint_reviews):
            concept.join()
        enrolling.join_flags()
        enrolling.join_day_lists()
        providers.join_timeline(merging.timeline_entries, kinds={merging.KIND: _("Merges")}, rows=[merging.MERGES])
        providers.join_parts(journal.PART)
        providers.join_parts(documents.PART)
        parts.join()
        figures.join()
        hindrances.join()
        handovers.join()
        case_lists.join()
        answered.join()
        standing.join()
        digest.join()
        columns.join()
        flags.join()
        plan.join()
        asking_mail.join()
        mapping.join()
        mapping_endings.join()
        administration_entries.append(
            AdministrationEntry(
                label=_("Questions of the mapping"),
                description=_("What the municipality asks about beside the product's own questions."),
                url_name="mapping_questions:list",
            )
        )
        kinds.register(LIST_EXPORT_KIND)
        administration_entries.append(
            AdministrationEntry(
                label=_("Numbers on two people"),
                description=_("Find out whose a personal identity number is, when two files claim it."),
                url_name="number_questions:list",
                waiting=number_questions_waiting,
            )
        )
        administration_entries.append(
            AdministrationEntry(
                label=_("Files of the same person"),
                description=_("Make two files one, or two again, when the managers may not decide."),
                url_name="merges:list",
                waiting=merges_waiting_for_administrators,
            )
        )
        administration_entries.append(
            AdministrationEntry(
                label=_("Enrolments in two units"),
                description=_("Find out who is to answer for a person, when two units want to enrol them."),
                url_name="enrolment_questions:list",
                waiting=enrolment_questions_waiting,
            )
        )
