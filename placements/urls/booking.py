from django.urls import path

from placements.booking.views import book, consultations, placement

app_name = "booking"

_PLACEMENT = "deltagare/<uuid:public_id>/placeringar/<uuid:placement_id>/"

urlpatterns = [
    path("deltagare/<uuid:public_id>/placeringar/ny/", book.book, name="book"),
    path(_PLACEMENT, placement.placement, name="placement"),
    # Before it begins.
    path(_PLACEMENT + "facket/", placement.union, name="union"),
    path(_PLACEMENT + "handledare/", placement.supervisor, name="supervisor"),
    path(_PLACEMENT + "checklista/", placement.checklist, name="checklist"),
    path(_PLACEMENT + "overenskommelse/", placement.agree, name="agree"),
    path(_PLACEMENT + "stall-in/", placement.cancel, name="cancel"),
    path(_PLACEMENT + "stall-in/angra/", placement.restore, name="restore"),
    # What changes.
    path(_PLACEMENT + "dagar/", placement.days, name="days"),
    path(_PLACEMENT + "uppgifter/", placement.facts, name="facts"),
    path(_PLACEMENT + "schema/", placement.schedule, name="schedule"),
    path(_PLACEMENT + "sysselsattningsgrad/", placement.grade, name="grade"),
    path(_PLACEMENT + "forlang/", placement.extend, name="extend"),
    # How it ends.
    path(_PLACEMENT + "avsluta/", placement.end, name="end"),
    path(_PLACEMENT + "avbryt/", placement.interrupt, name="interrupt"),
    path(_PLACEMENT + "mervarde/", placement.values, name="values"),
    path(_PLACEMENT + "angra-avslut/", placement.annul, name="annul"),
    # For union representatives.
    path("samrad/", consultations.consultations, name="consultations"),
]
