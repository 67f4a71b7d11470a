from django.urls import include, path
from wagtail.admin import urls as wagtailadmin_urls

urlpatterns = [
    path("akun/", include("allauth.urls")),
    path("kelola/", include(wagtailadmin_urls)),
    path("kuis/", include("assessments.urls")),
    path("", include("improvement.urls")),
    path("", include("courses.urls")),
    path("", include("certificates.urls")),
    path("", include("people.urls")),
    path("", include("core.urls")),
]

handler400 = "core.views.errors.bad_request"
handler403 = "core.views.errors.forbidden"
handler404 = "core.views.errors.not_found"
handler500 = "core.views.errors.server_error"
