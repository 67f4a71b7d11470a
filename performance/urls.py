from django.urls import path

from performance.views import measuring, predicates, reference, rules

app_name = "performance"

urlpatterns = [
    # E1 and the page of one evaluation
    path("penilaian/", measuring.people, name="measuring"),
    path("penilaian/orang/<int:pk>/", measuring.measure, name="measure"),
    path("penilaian/<int:pk>/", measuring.evaluation, name="evaluation"),
    path("penilaian/<int:pk>/tetapkan/", measuring.finalise, name="evaluation_finalise"),
    path("penilaian/<int:pk>/buang/", measuring.discard, name="evaluation_discard"),
    # H9
    path("standar/", reference.standards, name="standards"),
    path("standar/baru/", reference.edit_standard, name="standard_new"),
    path("standar/<int:pk>/", reference.edit_standard, name="standard"),
    path("standar/indikator/", reference.indicators, name="indicators"),
    path("standar/indikator/baru/", reference.edit_indicator, name="indicator_new"),
    path("standar/indikator/<int:pk>/", reference.edit_indicator, name="indicator"),
    path("standar/periode/", reference.periods, name="periods"),
    path("standar/periode/baru/", reference.edit_period, name="period_new"),
    path("standar/periode/<int:pk>/", reference.edit_period, name="period"),
    path("standar/predikat/", predicates.predicates, name="predicates"),
    path("standar/predikat/<int:pk>/", predicates.edit_cell, name="cell"),
    path("standar/predikat/<int:pk>/kemudian/", predicates.later_cell, name="cell_later"),
    path("standar/profil/baru/", predicates.edit_profile, name="profile_new"),
    path("standar/profil/<int:pk>/", predicates.edit_profile, name="profile"),
    path("standar/aturan/", rules.rules, name="rules"),
    path("standar/aturan/baru/", rules.edit_rule, name="rule_new"),
    path("standar/aturan/<int:pk>/", rules.edit_rule, name="rule"),
    path("standar/aturan/<int:pk>/simulasi/", rules.simulation, name="rule_simulation"),
    path("standar/aturan/<int:pk>/nyalakan/", rules.switch_on, name="rule_on"),
    path("standar/aturan/<int:pk>/matikan/", rules.switch_off, name="rule_off"),
]
