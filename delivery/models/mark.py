"""The municipality's own mark, as it stands on documents."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class DocumentMark(models.Model):
    """A mark (coat of arms, logotype) that the municipality has put on its documents, or taken away: the last row
    holds.

    Rows are never changed: a document that is drawn again is drawn with the mark that it was issued with.
    """

    # A PNG that was drawn anew from what was uploaded, on white; empty: from then on there is none.
    content = models.BinaryField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    width = models.PositiveSmallIntegerField(default=0)
    height = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    by_name = models.CharField(max_length=210, blank=True)

    class Meta:
        verbose_name = _("mark on documents")
        verbose_name_plural = _("marks on documents")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256="", width=0, height=0) | ~Q(sha256="") & Q(width__gt=0, height__gt=0),
                name="document_mark_whole_or_none",
            )
        ]
        indexes = [
            # The mark that a document was issued with, when it is drawn.
            models.Index(fields=["sha256"], name="document_mark_by_hash"),
        ]
        triggers = [
            pgtrigger.Protect(name="document_mark_never_changes", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return self.sha256[:8]
