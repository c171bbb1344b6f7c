from django.urls import path

from tracks.steering import views

_OF = "<uuid:public_id>/"
_MEETING = "moten/<uuid:public_id>/"

app_name = "steering"
urlpatterns = [
    path("", views.group_list, name="list"),
    path("nytt/", views.group_new, name="new"),
    path(_OF, views.group, name="group"),
    path(_OF + "andra/", views.group_change, name="change"),
    path(_OF + "avsluta/", views.group_close, name="close"),
    path(_OF + "oppna/", views.group_reopen, name="reopen"),
    path(_OF + "moten/nytt/", views.meeting_new, name="meeting_new"),
    path(_MEETING, views.meeting, name="meeting"),
    path(_MEETING + "andra/", views.meeting_change, name="meeting_change"),
    path(_MEETING + "beslut/nytt/", views.decision_new, name="decision_new"),
    path("beslut/<uuid:public_id>/", views.decision_change, name="decision_change"),
    path("beslut/<uuid:public_id>/ta-bort/", views.decision_remove, name="decision_remove"),
    path("beslut/<uuid:public_id>/atgarder/ny/", views.action_new, name="action_new"),
    path("atgarder/<uuid:public_id>/", views.action, name="action"),
    path("atgarder/<uuid:public_id>/andra/", views.action_change, name="action_change"),
]
