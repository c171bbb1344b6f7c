"""Two files that are one: proposals, decisions, and undoing them."""

from django.urls import path

from participants.merging import decisions

app_name = "merges"

urlpatterns = [
    path("", decisions.merge_list, name="list"),
    path("fraga/<uuid:public_id>/", decisions.of_question, name="of_question"),
    path("<uuid:public_id>/", decisions.merge, name="merge"),
    path("<uuid:public_id>/avboj/", decisions.merge_decline, name="decline"),
    path("<uuid:public_id>/sla-ihop/", decisions.merge_carry_out, name="carry_out"),
    path("<uuid:public_id>/angra/", decisions.merge_undone, name="undo"),
]
