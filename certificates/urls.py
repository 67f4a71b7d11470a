from django.urls import path

from certificates.views import batches, designs, manage, mine, verify

app_name = "certificates"

urlpatterns = [
    path("v/", verify.lookup, name="lookup"),
    path("v/<str:token>/", verify.by_token, name="verify"),
    path("v/<str:token>/cocok/", verify.compare, name="compare"),
    path("sertifikat/", mine.certificate_list, name="list"),
    path("sertifikat/<int:pk>/unduh/", mine.download, name="download"),
    path("sertifikat/kelola/", manage.register, name="manage"),
    path("sertifikat/kelola/<int:pk>/", manage.detail, name="detail"),
    path("sertifikat/kelola/<int:pk>/cabut/", manage.revoke, name="revoke"),
    path("sertifikat/kelola/<int:pk>/ganti/", manage.reissue, name="reissue"),
    path("sertifikat/menunggu/", batches.waiting, name="waiting"),
    path("sertifikat/menunggu/<int:pk>/tolak/", batches.decline, name="decline"),
    path("sertifikat/batch/<int:pk>/", batches.batch, name="batch"),
    path("sertifikat/batch/<int:pk>/pratinjau/", batches.preview, name="batch_preview"),
    path("sertifikat/batch/<int:pk>/batalkan/", batches.undo, name="batch_undo"),
    path("sertifikat/rancangan/", designs.overview, name="design"),
    path("sertifikat/rancangan/baru/", designs.create, name="design_new"),
    path("sertifikat/rancangan/<int:pk>/", designs.change, name="design_edit"),
    path("sertifikat/rancangan/<int:pk>/akhiri/", designs.end, name="design_end"),
    path("sertifikat/jenis/baru/", designs.edit_type, name="type_new"),
    path("sertifikat/jenis/<int:pk>/", designs.edit_type, name="type_edit"),
    path("sertifikat/penerbit/baru/", designs.edit_issuer, name="issuer_new"),
    path("sertifikat/penerbit/<int:pk>/", designs.edit_issuer, name="issuer_edit"),
]
