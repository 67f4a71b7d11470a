from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from core.views.access import public
from lms.editor import guarded
from people.urls import account_urlpatterns

# Wagtail's own sign-in, password and account pages never answer: no way around ours (second step, delays, sessions).
_NOT_WAGTAILS = [
    re_path(r"^kelola/login/", public(RedirectView.as_view(pattern_name="account_login", query_string=True)), name="editor_login"),
    re_path(r"^kelola/password_reset/", public(RedirectView.as_view(pattern_name="people:link_request")), name="editor_password_reset"),
    re_path(r"^kelola/logout/", public(RedirectView.as_view(pattern_name="account_logout")), name="editor_logout"),
    re_path(r"^kelola/account/", RedirectView.as_view(pattern_name="people:profile"), name="editor_account"),
]
decorate_urlpatterns(wagtaildocs_urls.urlpatterns, guarded)
decorate_urlpatterns(wagtailadmin_urls.urlpatterns, guarded)

urlpatterns = [
    path("akun/", include(account_urlpatterns)),
    *_NOT_WAGTAILS,
    path("kelola/dokumen/", include(wagtaildocs_urls)),
    path("kelola/", include(wagtailadmin_urls)),
    path("kuis/", include("assessments.urls")),
    path("", include("improvement.urls")),
    path("", include("courses.urls")),
    path("", include("certificates.urls")),
    path("", include("performance.urls")),
    path("", include("people.urls")),
    path("", include("core.urls")),
]

handler400 = "core.views.errors.bad_request"
handler403 = "core.views.errors.forbidden"
handler404 = "core.views.errors.not_found"
handler500 = "core.views.errors.server_error"
