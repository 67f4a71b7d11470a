from django.conf import settings
from django.urls import path

from core.views import health, pages, preferences, styleguide

app_name = "core"

urlpatterns = [
    path("", pages.root, name="root"),
    path("bantuan/", pages.help_page, name="help"),
    path("aksesibilitas/", pages.accessibility, name="accessibility"),
    path("privasi/", pages.privacy, name="privacy"),
    path("ketentuan/", pages.terms, name="terms"),
    path("saya/", pages.me, name="me"),
    path("luring/", pages.offline, name="offline"),
    path("sw.js", pages.service_worker, name="service_worker"),
    path("tampilan/", preferences.look, name="look"),
    path("peran/", preferences.area, name="area"),
    path("sehat/", health.alive, name="alive"),
    path("operator/kesehatan/", health.show, name="health"),
    path("operator/pekerjaan/<int:pk>/", health.decide, name="job_decide"),
]

if settings.DEBUG or getattr(settings, "SHOWS_STYLEGUIDE", False):
    urlpatterns += [path("gaya/", styleguide.show, name="styleguide"), path("gaya/<slug:name>/", styleguide.show, name="styleguide_page")]
