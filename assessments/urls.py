from django.urls import path

from assessments.views import taking

app_name = "assessments"

urlpatterns = [
    path("percobaan/<int:pk>/soal/<int:n>/", taking.question, name="attempt"),
    path("percobaan/<int:pk>/soal/", taking.sheet, name="sheet"),
    path("percobaan/<int:pk>/tinjau/", taking.review, name="review"),
    path("percobaan/<int:pk>/kirim/", taking.finish, name="finish"),
    path("percobaan/<int:pk>/hasil/", taking.result, name="result"),
]
