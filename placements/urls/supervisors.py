from django.urls import path

from placements.supervisors import views

app_name = "supervisors"

_SUPERVISOR = "handledare/<uuid:public_id>/"
_TRAINING = _SUPERVISOR + "utbildningar/<uuid:training_id>/"

urlpatterns = [
    path("handledare/", views.supervisor_list, name="list"),
    path("arbetsplatser/<uuid:public_id>/handledare/ny/", views.supervisor_create, name="create"),
    path(_SUPERVISOR, views.supervisor_detail, name="supervisor"),
    path(_SUPERVISOR + "andra/", views.supervisor_change, name="change"),
    path(_SUPERVISOR + "slutar/", views.supervisor_leave, name="leave"),
    path(_SUPERVISOR + "tillbaka/", views.supervisor_return, name="return"),
    path(_SUPERVISOR + "utbildningar/ny/", views.training_create, name="training_create"),
    path(_TRAINING, views.training_change, name="training_change"),
    path(_TRAINING + "ta-bort/", views.training_remove, name="training_remove"),
    path(_SUPERVISOR + "stodbesok/", views.visit_record, name="visit_record"),
    path(_SUPERVISOR + "stodbesok/<uuid:visit_id>/ta-bort/", views.visit_remove, name="visit_remove"),
]
