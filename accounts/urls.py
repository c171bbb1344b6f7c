from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("", views.administration, name="administration"),
    path("anvandare/", views.user_list, name="user_list"),
    path("anvandare/ny/", views.user_create, name="user_create"),
    path("anvandare/<uuid:public_id>/", views.user_edit, name="user_edit"),
    path("anvandare/<uuid:public_id>/lank/", views.user_invite, name="user_invite"),
    path("anvandare/<uuid:public_id>/stang/", views.user_deactivate, name="user_deactivate"),
    path("anvandare/<uuid:public_id>/oppna/", views.user_reactivate, name="user_reactivate"),
    path("anvandare/<uuid:public_id>/tvasteg/", views.second_factor_reset, name="second_factor_reset"),
    path("anvandare/<uuid:public_id>/roller/", views.membership_add, name="membership_add"),
    path("anvandare/<uuid:public_id>/roller/<int:pk>/", views.membership_remove, name="membership_remove"),
    path("anvandare/<uuid:public_id>/roller/<int:pk>/uttag/", views.membership_export, name="membership_export"),
    path("enheter/", views.unit_list, name="unit_list"),
    path("enheter/ny/", views.unit_create, name="unit_create"),
    path("enheter/<int:pk>/", views.unit_edit, name="unit_edit"),
    path("installningar/", views.setting_list, name="setting_list"),
    path("installningar/<slug:key>/", views.setting_edit, name="setting_edit"),
]
