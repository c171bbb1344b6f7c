from django.urls import path

from competence.catalogue import editing, settling, showing

_OF = "<int:version_id>/"

app_name = "catalogue"
urlpatterns = [
    path("", showing.version_list, name="list"),
    path("nytt-utkast/", settling.begin, name="begin"),
    path("las-in/", settling.import_file, name="import"),
    path("jamfor/", showing.compare, name="compare"),
    path(_OF, showing.version, name="version"),
    path(_OF + "katalog.yaml", showing.export, name="export"),
    path(_OF + "forhandsgranska/", showing.preview, name="preview"),
    path(_OF + "forhandsgranska/<str:code>/", showing.preview_supervisor, name="preview_supervisor"),
    path(_OF + "om/", editing.head, name="head"),
    path(_OF + "nivaer/", editing.levels, name="levels"),
    path(_OF + "underlag/", editing.evidence, name="evidence"),
    path(_OF + "modul/<str:code>/", editing.module, name="module"),
    path(_OF + "ordning/", editing.order, name="order"),
    path(_OF + "nytt-omrade/", editing.area_new, name="area_new"),
    path(_OF + "omrade/<str:code>/", editing.area, name="area"),
    path(_OF + "omrade/<str:code>/ta-bort/", editing.area_remove, name="area_remove"),
    path(_OF + "publicera/", settling.publish, name="publish"),
    path(_OF + "kasta/", settling.discard, name="discard"),
]
