from django.urls import path

from assessments.views import accommodations, corrections, files, grading, paste, questions, quizzes, sections, statistics, taking

app_name = "assessments"

urlpatterns = [
    path("percobaan/<int:pk>/soal/<int:n>/", taking.question, name="attempt"),
    path("percobaan/<int:pk>/soal/", taking.sheet, name="sheet"),
    path("percobaan/<int:pk>/tinjau/", taking.review, name="review"),
    path("percobaan/<int:pk>/kirim/", taking.finish, name="finish"),
    path("percobaan/<int:pk>/hasil/", taking.result, name="result"),
    path("bank/", questions.question_list, name="questions"),
    path("bank/tempel/", paste.paste_questions, name="paste"),
    path("bank/berkas/", files.import_file, name="import_file"),
    path("bank/baru/<slug:type>/", questions.question_new, name="question_new"),
    path("bank/<int:pk>/", questions.question_detail, name="question"),
    path("bank/<int:pk>/ubah/", questions.question_edit, name="question_edit"),
    path("bank/<int:pk>/salin/", questions.question_copy, name="question_copy"),
    path("bank/<int:pk>/pakai/", questions.question_use, name="question_use"),
    path("bank/<int:pk>/versi/<int:number>/kunci/", corrections.correct_key, name="correct_key"),
    path("kelola/", quizzes.quiz_list, name="quizzes"),
    path("kelola/baru/", quizzes.quiz_new, name="quiz_new"),
    path("kelola/<int:pk>/", quizzes.quiz_detail, name="quiz"),
    path("kelola/<int:pk>/ubah/", quizzes.quiz_edit, name="quiz_edit"),
    path("kelola/<int:pk>/soal/", quizzes.quiz_pool, name="quiz_pool"),
    path("kelola/<int:pk>/soal/<int:question>/keluarkan/", quizzes.quiz_remove, name="quiz_remove"),
    path("kelola/<int:pk>/bagian/baru/", sections.section_new, name="section_new"),
    path("kelola/<int:pk>/bagian/<int:section>/", sections.section_edit, name="section_edit"),
    path("kelola/<int:pk>/bagian/<int:section>/pindah/", sections.section_move, name="section_move"),
    path("kelola/<int:pk>/bagian/<int:section>/hapus/", sections.section_remove, name="section_remove"),
    path("kelola/<int:pk>/terbit/", quizzes.quiz_publish, name="quiz_publish"),
    path("kelola/<int:pk>/coba/", quizzes.quiz_try, name="quiz_try"),
    path("kelola/<int:pk>/statistik/", statistics.quiz_statistics, name="quiz_statistics"),
    path("kelola/<int:pk>/statistik/unduh/", statistics.statistics_file, name="statistics_file"),
    path("kelola/<int:pk>/statistik/soal/<int:question>/", statistics.question_statistics, name="question_statistics"),
    path("penilaian/", grading.grading_queue, name="grading"),
    path("penilaian/<int:pk>/", grading.grade, name="grade"),
    path("penyesuaian/", accommodations.accommodation_list, name="accommodations"),
    path("penyesuaian/<int:pk>/", accommodations.accommodation, name="accommodation"),
    path("penyesuaian/<int:pk>/akhiri/", accommodations.accommodation_end, name="accommodation_end"),
]
