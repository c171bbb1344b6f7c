from django.urls import path

from tracks.designing import step_views, views, writing

_OF = "<uuid:public_id>/"
_DRAFT = _OF + "utkast/"

app_name = "tracks"
urlpatterns = [
    path("", views.track_list, name="list"),
    path("nytt/", writing.track_new, name="new"),
    path(_OF, views.track_detail, name="track"),
    path(_OF + "version/<int:number>/", views.version, name="version"),
    path(_OF + "jamfor/", views.compare, name="compare"),
    path(_OF + "kopiera/", writing.track_copy, name="copy"),
    path(_OF + "namn/", writing.track_change, name="change"),
    path(_OF + "stang/", writing.track_close, name="close"),
    path(_OF + "oppna/", writing.track_reopen, name="reopen"),
    path(_OF + "ny-version/", writing.draft_begin, name="draft_begin"),
    path(_DRAFT, views.draft, name="draft"),
    path(_DRAFT + "om/", writing.facts, name="facts"),
    path(_DRAFT + "parter/", writing.partners, name="partners"),
    path(_DRAFT + "steg/nytt/", step_views.step_new, name="step_new"),
    path(_DRAFT + "steg/<slug:key>/", step_views.step, name="step"),
    path(_DRAFT + "steg/<slug:key>/flytta/", step_views.step_move, name="step_move"),
    path(_DRAFT + "steg/<slug:key>/ta-bort/", step_views.step_remove, name="step_remove"),
    path(_DRAFT + "publicera/", writing.draft_publish, name="publish"),
    path(_DRAFT + "kasta/", writing.draft_discard, name="discard"),
]
