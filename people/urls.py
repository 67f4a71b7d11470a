from django.urls import path

from people.views import notices

app_name = "people"

urlpatterns = [
    path("pemberitahuan/", notices.notice_list, name="notices"),
    path("pemberitahuan/dibaca/", notices.read_all, name="notices_read"),
    path("pemberitahuan/<int:pk>/", notices.open_notice, name="notice"),
]
