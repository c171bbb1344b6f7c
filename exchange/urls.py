from django.urls import path

from exchange import views

app_name = "exchange"
urlpatterns = [
    path("", views.register, name="register"),
    path("<uuid:public_id>/spara/", views.register_store, name="register_store"),
]
