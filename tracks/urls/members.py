from django.urls import path

from tracks.members.views import applying, member, moving

app_name = "track_members"

_FILE = "deltagare/<uuid:public_id>/jobbspar/"
_MEMBER = _FILE + "<uuid:member_id>/"
_ROUND = "jobbspar/omgangar/<uuid:round_id>/"

urlpatterns = [
    # From the round.
    path(_ROUND + "koplats/<uuid:member_id>/erbjud/", applying.offer, name="offer"),
    path(_ROUND + "koplats/<uuid:member_id>/ta-tillbaka/", applying.offer_back, name="offer_back"),
    # In the participant's file.
    path(_FILE + "foresla/<uuid:round_id>/", applying.propose, name="propose"),
    path(_MEMBER, member.member, name="member"),
    path(_MEMBER + "dra-tillbaka/", applying.withdraw, name="withdraw"),
    path(_MEMBER + "svar/", applying.answer, name="answer"),
    path(_MEMBER + "borja/", moving.start, name="start"),
    path(_MEMBER + "vidare/", moving.move, name="move"),
    path(_MEMBER + "klar/", member.complete, name="complete"),
    path(_MEMBER + "lamna/", member.leave, name="leave"),
    path(_MEMBER + "angra/", member.undo, name="undo"),
    path(_MEMBER + "handling/", member.document, name="document"),
    path(_MEMBER + "handling/<int:document_id>/ta-tillbaka/", member.document_withdraw, name="document_withdraw"),
]
