from django.urls import path

from participants.asking import views

app_name = "asking"

urlpatterns = [
    path("<str:token>/", views.answer, name="answer"),
    path("<str:token>/ny/", views.renew, name="renew"),
]
