"""The pages of a participant's plan, below /deltagare/<id>/plan/; the plan itself is a part of the file.

`?inskrivning=2025-08-25` names the enrolment that began on that day, else it is the open or the latest one.
"""

from django.urls import path

from participants.plan.views import progress, versions, writing

urlpatterns = [
    path("utkast/", writing.plan_write, name="plan_write"),
    path("utkast/kasta/", writing.plan_discard, name="plan_discard"),
    path("besluta/", writing.plan_decide, name="plan_decide"),
    path("avsluta/", progress.plan_close, name="plan_close"),
    path("uppfoljning/", progress.plan_review, name="plan_review"),
    path("version/<int:number>/", versions.plan_version, name="plan_version"),
    path("version/<int:number>/pdf/", versions.plan_print, name="plan_print"),
    path("delmal/<uuid:key>/klart/", progress.milestone_done, name="milestone_done"),
    path("delmal/<uuid:key>/angra/", progress.milestone_undo, name="milestone_undo"),
    path("insats/<uuid:key>/avsluta/", progress.activity_end, name="activity_end"),
    path("insats/<uuid:key>/stryk/", progress.activity_drop, name="activity_drop"),
    path("insats/<uuid:key>/angra/", progress.activity_reopen, name="activity_reopen"),
]
