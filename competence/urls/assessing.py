from django.urls import path

from competence.assessing import grading, participant, reading, supervisor, writing

_BY_LINK = "kompetensunderlag/<str:token>/"
_FILE = "deltagare/<uuid:public_id>/"
_OF = _FILE + "kompetensunderlag/<uuid:assessment_id>/"
_PLACEMENT = _FILE + "placering/<int:placement_id>/kompetensunderlag/"

app_name = "assessing"
urlpatterns = [
    # From a mail, or from the page of a follow-up, without an account.
    path(_BY_LINK, supervisor.first, name="by_link"),
    path(_BY_LINK + "ny/", supervisor.renew, name="by_link_renew"),
    path(_BY_LINK + "ett/<str:code>/", supervisor.statement, name="by_link_statement"),
    path(_BY_LINK + "del/<str:code>/", supervisor.module, name="by_link_module"),
    path(_BY_LINK + "yrkesomrade/", supervisor.area, name="by_link_area"),
    path(_BY_LINK + "klart/", supervisor.finish, name="by_link_finish"),
    path(_BY_LINK + "andra/", supervisor.change, name="by_link_change"),
    path("uppfoljning/<str:token>/kompetensunderlag/", supervisor.beside_followup, name="beside_followup"),
    # In the participant's file.
    path(_PLACEMENT + "utveckling/", reading.progress, name="progress"),
    path(_PLACEMENT + "<str:stage>/", writing.begin, name="begin"),
    path(_OF, reading.assessment, name="assessment"),
    path(_OF + "skriv/", writing.write, name="write"),
    path(_OF + "yrkesomrade/", writing.area, name="area"),
    path(_OF + "kasta/", writing.discard, name="discard"),
    path(_OF + "klar/", reading.complete, name="complete"),
    path(_OF + "utkast/", reading.reopen, name="reopen"),
    path(_OF + "signera/", reading.sign, name="sign"),
    path(_OF + "granska/", reading.review, name="review"),
    path(_OF + "ratta/", reading.correct, name="correct"),
    path(_OF + "deltagaren/", participant.own_view, name="own_view"),
    path(_OF + "lank/", reading.link_send, name="link_send"),
    path(_OF + "lank/aterkalla/", reading.link_withdraw, name="link_withdraw"),
    path(_OF + "sprak/", grading.grade_in_assessment, name="grade_in_assessment"),
    path(_FILE + "sprak/bedom/", grading.grade, name="grade"),
    path(_FILE + "sprak/<uuid:grade_id>/aterkalla/", grading.withdraw, name="grade_withdraw"),
]
