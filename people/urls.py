from allauth.account import views as allauth
from django.urls import include, path
from django.views.generic import RedirectView

from core.views.access import public
from people.views import access, import_run, imports, notices, profile, security, sign_in

app_name = "people"

urlpatterns = [
    path("akun/tautan/", sign_in.link_request, name="link_request"),
    path("akun/tautan/dikirim/", sign_in.link_sent, name="link_sent"),
    path("akun/tautan/<str:token>/", sign_in.one_time_link, name="one_time"),
    path("akun/kode-sekali/", sign_in.one_time_code, name="one_time_code"),
    path("akun/kata-sandi/baru/", sign_in.new_password, name="new_password"),
    path("akun/surel/<str:token>/", sign_in.email_confirm, name="email_confirm"),
    path("akun/keamanan/", security.security, name="security"),
    path("akun/keamanan/perangkat/", security.end_device, name="end_device"),
    path("saya/profil/", profile.profile, name="profile"),
    path("saya/profil/surel/", profile.change_address, name="change_address"),
    path("saya/data/", profile.my_data_page, name="my_data"),
    path("saya/data/unduh/", profile.my_data_file, name="my_data_file"),
    path("akses/", access.roles, name="roles"),
    path("akses/<int:pk>/", access.access, name="access"),
    path("akses/<int:pk>/kode/", access.code, name="access_code"),
    path("akses/<int:pk>/keadaan/", access.change_state, name="access_state"),
    path("akses/peran/<int:pk>/cabut/", access.revoke, name="access_revoke"),
    path("pemberitahuan/", notices.notice_list, name="notices"),
    path("pemberitahuan/dibaca/", notices.read_all, name="notices_read"),
    path("pemberitahuan/<int:pk>/", notices.open_notice, name="notice"),
    path("impor/", imports.import_list, name="import_list"),
    path("impor/baru/", imports.import_new, name="import_new"),
    path("impor/baru/<slug:kind>/", imports.import_new, name="import_new_kind"),
    path("impor/contoh/<slug:kind>.xlsx", imports.import_example, name="import_example"),
    path("impor/atasan/<int:pk>/", imports.decide_line_change, name="line_change"),
    path("impor/<int:pk>/", import_run.import_preview, name="import_preview"),
    path("impor/<int:pk>/kolom/", imports.import_mapping, name="import_mapping"),
    path("impor/<int:pk>/baris/<slug:view>/", import_run.import_rows_list, name="import_rows"),
    path("impor/<int:pk>/keadaan/", import_run.import_state, name="import_state"),
    path("impor/<int:pk>/perbaiki/", import_run.import_repair, name="import_repair"),
    path("impor/<int:pk>/simpan/", import_run.import_apply, name="import_apply"),
    path("impor/<int:pk>/kembalikan/", import_run.import_undo, name="import_undo"),
    path("impor/<int:pk>/buang/", import_run.import_discard, name="import_discard"),
    path("impor/<int:pk>/perlu-diperbaiki.xlsx", import_run.import_faulty, name="import_faulty"),
]


def _leads_to(name: str):
    return public(RedirectView.as_view(pattern_name=name, query_string=True))


# Under ``/akun/``, without a namespace: the parts of allauth that this house uses. The names of the others lead to what stands in their place.
account_urlpatterns = [
    path("masuk/", allauth.login, name="account_login"),
    path("keluar/", allauth.logout, name="account_logout"),
    path("ditutup/", allauth.account_inactive, name="account_inactive"),
    path("pastikan/", allauth.reauthenticate, name="account_reauthenticate"),
    path("kata-sandi/", allauth.password_change, name="account_change_password"),
    path("langkah-kedua/", include("allauth.mfa.urls")),
    # Accounts come by import, addresses change with their owner's confirmation, a lost password is replaced by a one-time link.
    path("baru/", _leads_to("account_login"), name="account_signup"),
    path("kata-sandi/lupa/", _leads_to("people:link_request"), name="account_reset_password"),
    path("kata-sandi/lupa/selesai/", _leads_to("people:link_request"), name="account_reset_password_done"),
    path("kata-sandi/pertama/", _leads_to("people:new_password"), name="account_set_password"),
    path("surel/", _leads_to("people:profile"), name="account_email"),
    path("surel/dikirim/", _leads_to("account_login"), name="account_email_verification_sent"),
    path("kode/pastikan/", _leads_to("account_login"), name="account_confirm_login_code"),
]
