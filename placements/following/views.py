"""What staff do with a follow-up beside sending and reading: move its day, reply, write down the participant's
opinion."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from placements.following import moving, opinions, replies
from placements.following.forms import MoveForm, OpinionForm, ReplyForm
from placements.services.answers import AnswerChanged
from placements.views.opening import OpenedFollowUp, opened_followup


def followup_move(request: HttpRequest, public_id: uuid.UUID, followup_id: uuid.UUID) -> HttpResponse:
    """Let the follow-up be due on another day."""
    opened = opened_followup(request, public_id, followup_id, writing=True)
    followup, posted = opened.followup, request.method == "POST"
    back = redirect("placements:followup", public_id, followup_id)
    if not followup.may_be_moved:
        words = _("The follow-up is filed or withdrawn, so its day is not moved.")
        if followup.is_open:
            words = _("The follow-up is late, and its day is not moved. File it when it has been held.")
        messages.warning(request, words)
        return back
    initial = {"due": followup.due, "seen": followup.due}
    form = MoveForm(request.POST if posted else None, followup=followup, initial=initial)
    status = 422 if posted else 200
    if posted and form.is_valid():
        try:
            moving.followup_move(followup=followup, **form.cleaned_data)
        except moving.FollowUpMoved as moved:
            words = _("The follow-up has been moved to %(day)s meanwhile. Choose again if it is to be another day.")
            form = MoveForm(_with(request.POST, seen=moved.due.isoformat()), followup=followup)
            form.add_error("due", words % {"day": date_format(moved.due)})
            status = 409
        except moving.NothingToMove:
            return back  # filed, withdrawn or late this very moment: the page says so
        else:
            messages.success(
                request, _("The follow-up is due on %(day)s.") % {"day": date_format(form.cleaned_data["due"])}
            )
            return back
    return render(request, "placements/following/move.html", _context(opened, form), status=status)


def answer_reply(request: HttpRequest, public_id: uuid.UUID, followup_id: uuid.UUID) -> HttpResponse:
    """Reply to what the supervisor has answered."""
    opened = opened_followup(request, public_id, followup_id, writing=True)
    answer, posted = opened.answer, request.method == "POST"
    back = redirect("placements:followup", public_id, followup_id)
    if not opened.may_be_replied:
        messages.warning(request, _("Nobody would read a reply: the one who answered is not the supervisor now."))
        return back
    form = ReplyForm(request.POST if posted else None, initial={"version": answer.version})
    status = 422 if posted else 200
    if posted and form.is_valid():
        try:
            replies.reply_write(answer=answer, actor=request.user, **form.cleaned_data)
        except AnswerChanged as changed:
            opened.followup.answer = changed.answer
            form = ReplyForm(_with(request.POST, version=changed.answer.version))
            form.add_error(None, _("The supervisor has changed the answer meanwhile. Read it as it stands now."))
            status = 409
        except replies.NobodyToReply:
            form.add_error(None, _("The placement has another supervisor by now, so nobody would read the reply."))
            status = 409
        else:
            messages.success(request, _("The reply is on its way to %(name)s as a link.") % {"name": answer.by_name})
            return back
    context = _context(opened, form) | {"replies": list(opened.answer.replies.select_related("mail"))}
    return render(request, "placements/following/reply.html", context, status=status)


def opinion_write(request: HttpRequest, public_id: uuid.UUID, followup_id: uuid.UUID) -> HttpResponse:
    """Write down what the participant says of the answer, or mend it on the same day."""
    opened = opened_followup(request, public_id, followup_id, writing=True)
    answer, opinion, posted = opened.answer, opened.opinion, request.method == "POST"
    back = redirect("placements:followup", public_id, followup_id)
    if answer is None or not answer.is_read:
        messages.warning(request, _("Mark the answer as read first. The opinion is about words that stand."))
        return back
    if not posted and opinion and not opened.may_mend_opinion(timezone.localdate()):
        return back
    options = {"earliest": timezone.localdate(answer.filed_at)}
    form = OpinionForm(request.POST, **options) if posted else OpinionForm.of(opinion, **options)
    status = 422 if posted else 200
    if posted and form.is_valid():
        try:
            opinions.opinion_write(followup=opened.followup, actor=request.user, **form.cleaned_data)
        except opinions.OpinionStands as stands:
            opened.followup.opinion = stands.opinion
            words = _("%(name)s has written down an opinion already, and it stands. What you wrote is not saved.")
            form.add_error(None, words % {"name": stands.opinion.by_name})
            status = 409
        else:
            messages.success(request, _("The participant's opinion is saved."))
            return back
    return render(request, "placements/following/opinion.html", _context(opened, form), status=status)


def _context(opened: OpenedFollowUp, form) -> dict:
    return {
        "file": opened.file,
        "followup": opened.followup,
        "placement": opened.placement,
        "answer": opened.answer,
        "form": form,
    }


def _with(posted, **changes):
    data = posted.copy()
    for name, value in changes.items():
        data[name] = value
    return data
