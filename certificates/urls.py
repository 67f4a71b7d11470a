from django.urls import path

from certificates.views import verify

app_name = "certificates"

urlpatterns = [
    path("v/", verify.lookup, name="lookup"),
    path("v/<str:token>/", verify.by_token, name="verify"),
    path("v/<str:token>/cocok/", verify.compare, name="compare"),
]
