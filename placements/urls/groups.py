from django.urls import path

from placements.groups import views

app_name = "groups"

_SESSION = "grupper/<uuid:public_id>/tillfallen/<uuid:session_id>/"
_SEAT = "grupper/<uuid:public_id>/platser/<uuid:place_id>/"

urlpatterns = [
    path("grupper/", views.group_list, name="list"),
    path("grupper/ny/", views.group_create, name="create"),
    path("grupper/<uuid:public_id>/", views.group_detail, name="group"),
    path("grupper/<uuid:public_id>/andra/", views.group_change, name="change"),
    path("grupper/<uuid:public_id>/avsluta/", views.group_end, name="end"),
    path("grupper/<uuid:public_id>/tillfallen/", views.sessions_plan, name="sessions"),
    path(_SESSION, views.attendance, name="attendance"),
    path(_SESSION + "stall-in/", views.session_cancel, name="session_cancel"),
    path(_SESSION + "aterstall/", views.session_restore, name="session_restore"),
    path("grupper/<uuid:public_id>/platser/ny/", views.seat_from_group, name="seat"),
    path(_SEAT, views.seat_leave, name="seat_leave"),
    path(_SEAT + "ta-bort/", views.seat_give_back, name="seat_give_back"),
    # In the participant's file.
    path("deltagare/<uuid:public_id>/grupper/ny/", views.seat_from_file, name="seat_from_file"),
]
