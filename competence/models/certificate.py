"""The certificate of competence: while it is written, and once it is issued."""

import re
from collections.abc import Iterable

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.history import tracked
from accounts.models import User
from competence.models.assessment import Assessment
from competence.models.catalogue import CatalogueArea, CatalogueVersion
from competence.models.credential import Credential
from competence.querysets import CertificateQuerySet, CertificateVersionQuerySet
from delivery.models import Document
from placements.models import Placement

#: How many statements a certificate has: at least, and at most of the occupation and of general ones each.
FEWEST, MOST = 1, 12
#: Of the tasks: two to four sentences.
SENTENCES = range(2, 5)
LONGEST_TASKS = 600
_SENTENCE_ENDS = re.compile(r"[.!?…]+(?=\s+[^\s.a-zåäö]|\s*$)")


class CertificateState(models.TextChoices):
    """Where a certificate, or one of its versions, stands. Only the draft can be changed."""

    DRAFT = "draft", pgettext_lazy("certificate", "Draft")
    ISSUED = "issued", pgettext_lazy("certificate", "Issued")
    REPLACED = "replaced", pgettext_lazy("certificate", "Replaced")
    REVOKED = "revoked", pgettext_lazy("certificate", "Revoked")


#: From where to where. A version is replaced by the issue of the next one. When the certificate is revoked, its
#: replaced versions are, too: nobody shall think that an older paper holds.
TRANSITIONS = {
    CertificateState.DRAFT: {CertificateState.ISSUED},
    CertificateState.ISSUED: {CertificateState.REPLACED, CertificateState.REVOKED},
    CertificateState.REPLACED: {CertificateState.REVOKED},
    CertificateState.REVOKED: set(),
}


@tracked()
class Certificate(models.Model):
    """A certificate of competence (kompetensintyg) for a placement: one, in one or more versions."""

    placement = models.OneToOneField(
        Placement, models.PROTECT, related_name="certificate", verbose_name=_("placement")
    )

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")

    def __str__(self) -> str:
        return str(self.pk)


@tracked()
class CertificateVersion(models.Model):
    """One issue of a certificate: what stands on the paper, word for word, and the document that carries it.

    A loaded one was issued elsewhere: it counts, but there is no document here.
    """

    certificate = models.ForeignKey(
        Certificate, models.PROTECT, related_name="versions", db_index=False, verbose_name=_("certificate")
    )
    version = models.PositiveSmallIntegerField(_("version"))
    issued = models.DateField(_("issued"), db_index=True)
    issued_elsewhere = models.BooleanField(_("issued elsewhere"), default=False)
    document = models.OneToOneField(
        Document, models.PROTECT, null=True, blank=True, related_name="certificate_version"
    )
    # competence.documents.certificate.certificate_content says what is in it. A changed catalogue, workplace or name
    # does not change it.
    content = models.JSONField(_("content"), null=True, blank=True)
    # What it is composed from. Empty for one that was issued elsewhere.
    assessment = models.ForeignKey(
        Assessment, models.PROTECT, null=True, blank=True, related_name="certificate_versions"
    )
    # Why it replaces the version before.
    replaces_why = models.CharField(_("why it replaces the one before"), max_length=500, blank=True, db_default="")
    # All versions of a certificate are revoked together; a new one may follow.
    revoked_on = models.DateField(_("revoked"), null=True, blank=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    revoked_by_name = models.CharField(max_length=210, blank=True, db_default="")
    revoked_why = models.CharField(_("why it was revoked"), max_length=500, blank=True, db_default="")

    objects = CertificateVersionQuerySet.as_manager()

    class Meta:
        ordering = ["certificate", "version"]
        verbose_name = _("version of a certificate")
        verbose_name_plural = _("versions of certificates")
        constraints = [
            models.UniqueConstraint(fields=["certificate", "version"], name="certificate_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="certificate_version_from_one"),
            models.CheckConstraint(
                condition=Q(issued_elsewhere=True, document__isnull=True, content__isnull=True)
                | Q(issued_elsewhere=False, document__isnull=False, content__isnull=False),
                name="certificate_version_issued_here_has_document",
            ),
            models.CheckConstraint(
                condition=Q(revoked_on=None, revoked_by=None, revoked_by_name="", revoked_why="")
                | Q(revoked_on__gte=F("issued"), revoked_by__isnull=False)
                & ~Q(revoked_by_name="")
                & ~Q(revoked_why=""),
                name="certificate_version_revoked_with_reason",
                violation_error_message=_("Say why the certificate is revoked."),
            ),
        ]
        triggers = [
            # What was handed over stays as it was, and what is revoked stays so. What a register brought may be
            # corrected by that register.
            pgtrigger.Trigger(
                name="issued_never_changes",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(old__document__isnull=False),
                func="""
                    IF ROW(NEW.certificate_id, NEW.version, NEW.issued, NEW.document_id, NEW.content,
                           NEW.assessment_id, NEW.replaces_why)
                       IS DISTINCT FROM
                       ROW(OLD.certificate_id, OLD.version, OLD.issued, OLD.document_id, OLD.content,
                           OLD.assessment_id, OLD.replaces_why)
                       OR OLD.revoked_on IS NOT NULL
                    THEN
                        RAISE EXCEPTION 'an issued certificate never changes: issue a new version';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.version}"

    def state_among(self, versions: Iterable["CertificateVersion"]) -> CertificateState:
        """Where it stands, given all versions of its certificate."""
        if self.revoked_on:
            return CertificateState.REVOKED
        later = any(each.version > self.version for each in versions)
        return CertificateState.REPLACED if later else CertificateState.ISSUED


class CertificateDraft(models.Model):
    """A certificate that is being written: what has been chosen and typed so far. No record yet, so no history. While
    there is an issued one, it is the draft of the version that replaces it.

    Colleagues may write on the same one. `revision` counts the savings and `window` is the page that saved last, so
    that nobody's text is overwritten by somebody who has not seen it.
    """

    placement = models.OneToOneField(Placement, models.CASCADE, related_name="certificate_draft")
    catalogue = models.ForeignKey(CatalogueVersion, models.PROTECT, related_name="+", db_index=False)
    area = models.ForeignKey(CatalogueArea, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    occupation = models.CharField(_("occupation (SSYK)"), max_length=4, blank=True)
    # The signed assessment that it is composed from: what may stand on it, and at which level.
    assessment = models.ForeignKey(
        Assessment, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    # The participant chooses; without a choice the year of birth says enough.
    with_identity_number = models.BooleanField(default=False)
    # A protected participant decides whether the paper may say where they were.
    with_workplace = models.BooleanField(default=False)
    with_language = models.BooleanField(default=False)
    # Swedish with English beside it.
    with_english = models.BooleanField(default=False)
    tasks = models.TextField(_("tasks"), blank=True)
    tasks_en = models.TextField(_("tasks in English"), blank=True)
    credentials = models.ManyToManyField(Credential, related_name="+", blank=True)
    # The participant has read what will stand on it; and what stood there, as a mark (`certifying.reading`).
    read_on = models.DateField(_("read by the participant"), null=True, blank=True)
    read_mark = models.CharField(max_length=16, blank=True)
    # Why it replaces the issued one; empty for a first version.
    replaces_why = models.CharField(_("why it replaces the one before"), max_length=500, blank=True)
    # The codes of all statements that were ticked; those of another area wait until that is chosen again.
    statements = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    revision = models.PositiveIntegerField(default=1)
    window = models.UUIDField(null=True, blank=True)
    saved_at = models.DateTimeField(_("saved"), auto_now=True)
    saved_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        ordering = ["-saved_at", "-pk"]
        verbose_name = _("draft of a certificate")
        verbose_name_plural = _("drafts of certificates")

    def __str__(self) -> str:
        return f"{self.saved_at:%Y-%m-%d %H:%M}"

    @property
    def chosen_occupation(self) -> dict | None:
        """The occupation of the chosen area; None while there is none."""
        offered = self.area.occupations if self.area else ()
        return next((each for each in offered if each["code"] == self.occupation), None)


def sentence_count(text: str) -> int:
    """How many sentences a text has; "t.ex. kök" does not end one, and the last may lack its full stop."""
    text = text.strip()
    ends = [match.end() for match in _SENTENCE_ENDS.finditer(text)]
    return len(ends) + (1 if text and (not ends or ends[-1] < len(text)) else 0)


def first_sentences(text: str) -> str:
    """The beginning of a text, in as many whole sentences as there is room for on a certificate; empty if not even
    one fits."""
    text = " ".join(text.split())
    ends = [match.end() for match in _SENTENCE_ENDS.finditer(text)] or [len(text)]
    fitting = [end for end in ends[: SENTENCES[-1]] if end <= LONGEST_TASKS]
    return text[: fitting[-1]] if fitting else ""
