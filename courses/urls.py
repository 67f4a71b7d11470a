from django.urls import path, re_path

from courses.views import catalogue, course, editing, files, lesson, quiz, review, studio

app_name = "courses"

urlpatterns = [
    path("pelatihan/", catalogue.mine, name="mine"),
    path("pelatihan/katalog/", catalogue.catalogue, name="catalogue"),
    path("pelatihan/<slug:slug>/", course.course, name="course"),
    path("pelatihan/<slug:slug>/mulai/", course.enrol, name="enrol"),
    path("pelatihan/<slug:slug>/berhenti/", course.leave, name="leave"),
    path("pelatihan/<slug:slug>/materi/<int:position>/", lesson.lesson, name="lesson"),
    path("pelatihan/<slug:slug>/materi/<int:position>/tempat/", lesson.place, name="place"),
    path("pelatihan/<slug:slug>/kuis/<slug:kind>/", quiz.quiz_start, name="quiz_start"),
    re_path(r"^berkas-materi/(?P<name>[0-9a-f]{32}\.[a-z0-9]{1,8})$", files.lesson_file, name="file"),
    path("media/<path:name>", files.editor_image, name="editor_image"),
    path("pengajar/", studio.studio, name="studio"),
    path("pengajar/pelatihan/<slug:slug>/", studio.course, name="studio_course"),
    path("pengajar/pelatihan/<slug:slug>/terbitkan/", studio.publish, name="studio_publish"),
    path("pengajar/pelatihan/<slug:slug>/peserta/<int:pk>/percobaan/", studio.grant_attempt, name="grant_attempt"),
    path("pengajar/pelatihan/<slug:slug>/ubah/", editing.edit, name="edit"),
    path("tinjauan/<str:token>/", review.review, name="review"),
    path("tinjauan/<str:token>/materi/<int:pk>/", review.lesson, name="review_lesson"),
]
