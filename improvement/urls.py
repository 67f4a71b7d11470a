from django.urls import path

from improvement.views import coaching, exports, gap, hr, learner, plans, team

app_name = "improvement"

urlpatterns = [
    # the person herself
    path("beranda/", learner.home, name="home"),
    path("kinerja-saya/", learner.my_performance, name="my_performance"),
    path("kinerja-saya/kesenjangan/<int:pk>/konteks/", learner.gap_context, name="gap_context"),
    path("catatan/", learner.records, name="records"),
    path("catatan/<int:pk>/", learner.record_entry, name="record"),
    path("catatan/<int:pk>/bukti-dukung/", exports.proof_text, name="proof_text"),
    path("rencana/<int:pk>/", learner.plan, name="plan"),
    path("penerapan/<int:pk>/", learner.transfer_answer, name="transfer"),
    path("penugasan/<int:pk>/", learner.assignment, name="assignment"),
    path("permintaan/<int:pk>/", learner.request_detail, name="request"),
    path("ekspor/pembelajaran/", exports.own_learning, name="export_learning"),
    path("ekspor/pembelajaran/unit/<int:pk>/", exports.unit_learning, name="export_unit_learning"),
    # talks
    path("pembinaan/", coaching.talks, name="talks"),
    path("pembinaan/orang/<int:pk>/", coaching.plan, name="plan_guidance"),
    path("pembinaan/<int:pk>/", coaching.talk, name="guidance"),
    path("pembinaan/<int:pk>/tulis/", coaching.write_talk, name="write_talk"),
    path("pembinaan/<int:pk>/agenda/", coaching.add_agenda, name="add_agenda"),
    path("pembinaan/<int:pk>/pindah/", coaching.move_guidance, name="move_guidance"),
    path("pembinaan/<int:pk>/<slug:deed>/", coaching.talk_deed, name="talk_deed"),
    path("pendampingan/orang/<int:pk>/", coaching.plan_counselling, name="plan_counselling"),
    path("pendampingan/<int:pk>/", coaching.session, name="counselling"),
    path("pendampingan/<int:pk>/<slug:deed>/", coaching.session_deed, name="session_deed"),
    # superior and whoever decides
    path("tim/", team.team, name="team"),
    path("tim/orang/<int:pk>/", team.person, name="person"),
    path("tim/orang/<int:pk>/tugaskan/", team.assign, name="assign"),
    path("tim/penugasan/<int:pk>/ingatkan/", team.remind, name="remind"),
    path("tim/penugasan/<int:pk>/tarik/", team.take_back, name="take_back"),
    path("tim/penerapan/", team.transfer_confirm, name="transfer_confirm"),
    path("tim/penerapan/<int:pk>/", team.transfer_confirm_one, name="transfer_confirm_one"),
    path("persetujuan/", team.approvals, name="approvals"),
    path("persetujuan/<int:pk>/", team.approval, name="approval"),
    path("kesenjangan/<int:pk>/", gap.gap, name="gap"),
    path("kesenjangan/<int:pk>/sebab/", gap.set_cause, name="set_cause"),
    path("kesenjangan/<int:pk>/jarak/", gap.set_severity, name="set_severity"),
    path("kesenjangan/<int:pk>/tinjau/", gap.review, name="review"),
    path("kesenjangan/<int:pk>/tutup/", gap.waive, name="waive"),
    path("kesenjangan/konteks/<int:pk>/", gap.answer_context, name="answer_context"),
    path("usulan/<int:pk>/setuju/", gap.confirm, name="confirm"),
    path("usulan/<int:pk>/tolak/", gap.decline, name="decline"),
    path("jejak/<int:pk>/", gap.trail, name="trail"),
    # HR
    path("standar/rencana/", plans.plans, name="plans"),
    path("standar/rencana/<int:pk>/", plans.edit_plan, name="plan_of_cell"),
    path("standar/rencana/<int:pk>/kemudian/", plans.later_plan, name="plan_later"),
    path("ikhtisar/", hr.overview, name="overview"),
    path("ikhtisar/kesenjangan/", hr.gap_list, name="gap_list"),
    path("kesenjangan/", hr.gaps, name="gaps"),
    path("penugasan-massal/", hr.bulk_assign, name="bulk"),
    path("penugasan-massal/<int:pk>/batalkan/", hr.bulk_undo, name="bulk_undo"),
    path("pemantauan-pembinaan/", hr.coaching_monitor, name="coaching_monitor"),
]
