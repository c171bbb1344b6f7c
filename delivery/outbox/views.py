"""The administrator's pages of the outbox, and the page on which the demo shows its mail."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import can_administer
from delivery.mail import demo
from delivery.models import Mail
from delivery.outbox.filters import MailFilter
from delivery.permissions import can_read_kept_mail
from delivery.services.mail import mail_resend, mail_see

PAGE_SIZE = 50
KEPT_PAGE_SIZE = 20


@require_safe
def sent_mail(request):
    """What the demo would have sent, the newest first; elsewhere there is no such page."""
    if not demo.in_use():
        raise Http404
    if not can_read_kept_mail(request.user):
        raise PermissionDenied
    page = Paginator(demo.files(), KEPT_PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "delivery/sent_mail.html", {"page": page, "mails": [demo.read(file) for file in page]})


@require_safe
def mail_list(request):
    """Every mail of the outbox and how it went; what needs to be looked at is said first."""
    mails = _visible_mails(request)
    found = MailFilter(request.GET, queryset=mails)
    page = Paginator(found.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    trouble = mails.in_trouble().count()
    return render(request, "delivery/mail_list.html", {"filter": found, "page_obj": page, "trouble": trouble})


@require_safe
def mail_detail(request, public_id):
    """One mail: each attempt, and what can be done when it is not sent."""
    mail = get_object_or_404(_visible_mails(request), public_id=public_id)
    return render(
        request,
        "delivery/mail_detail.html",
        {"mail": mail, "attempts": mail.attempt_rows.all(), "again": Mail.objects.filter(resend_of=mail).first()},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def mail_again(request, public_id):
    """Asks once, then sends anew a mail that is not, or perhaps not, sent."""
    mail = get_object_or_404(_visible_mails(request), public_id=public_id)
    if request.method != "POST":
        return render(request, "delivery/mail_again.html", {"mail": mail}) if mail.is_trouble else redirect(mail)
    try:
        again = mail_resend(mail=mail, actor=request.user)
    except ValidationError as error:
        messages.error(request, error.message)
        return redirect(mail)
    messages.success(request, _("The mail is on its way again."))
    return redirect(again)


@require_POST
def mail_seen(request, public_id):
    """The administrator has taken note of it and needs no more reminding."""
    mail = get_object_or_404(_visible_mails(request), public_id=public_id)
    mail_see(mail=mail, actor=request.user)
    return redirect(mail)


def _visible_mails(request):
    """403 for who does not administer: what became of their own mails, others see where they asked for them."""
    if not can_administer(request.user):
        raise PermissionDenied
    return Mail.objects.visible_to(request.user)
