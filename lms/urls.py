from django.urls import include, path
from wagtail.admin import urls as wagtailadmin_urls

urlpatterns = [
    path("akun/", include("allauth.urls")),
    path("kelola/", include(wagtailadmin_urls)),
    path("", include("people.urls")),
    path("", include("core.urls")),
]
