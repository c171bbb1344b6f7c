from django.urls import path

from placements.following import views as following
from placements.views import followup, sending, supervisor

app_name = "placements"

_FOLLOWUP = "deltagare/<uuid:public_id>/uppfoljningar/<uuid:followup_id>/"

urlpatterns = [
    # From a mail, without an account.
    path("uppfoljning/<str:token>/", supervisor.supervisor, name="supervisor"),
    path("uppfoljning/<str:token>/ny/", supervisor.supervisor_renew, name="supervisor_renew"),
    path("uppfoljning/<str:token>/paminnelser/", supervisor.supervisor_reminders, name="supervisor_reminders"),
    # In the participant's file.
    path("deltagare/<uuid:public_id>/uppfoljningar/ny/", followup.followup_plan, name="followup_plan"),
    path(_FOLLOWUP, followup.followup_detail, name="followup"),
    path(_FOLLOWUP + "svar/", followup.answer_file, name="answer_file"),
    path(_FOLLOWUP + "svar/last/", followup.answer_read, name="answer_read"),
    path(_FOLLOWUP + "svar/svara/", following.answer_reply, name="answer_reply"),
    path(_FOLLOWUP + "dag/", following.followup_move, name="followup_move"),
    path(_FOLLOWUP + "deltagaren/", following.opinion_write, name="opinion_write"),
    path(_FOLLOWUP + "aterkalla/", followup.followup_withdraw, name="followup_withdraw"),
    path(_FOLLOWUP + "handledare/", sending.supervisor_choose, name="supervisor_choose"),
    path(_FOLLOWUP + "handledare/ratta/", sending.supervisor_correct, name="supervisor_correct"),
    path(_FOLLOWUP + "lank/", sending.link_send, name="link_send"),
    path(_FOLLOWUP + "lank/aterkalla/", sending.link_withdraw, name="link_withdraw"),
]
