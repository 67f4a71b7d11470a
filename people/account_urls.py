"""Sign-in under ``/akun/``: the parts of allauth that this house uses. The names of the others lead to what stands in their place."""

from allauth.account import views as account
from django.urls import include, path
from django.views.generic import RedirectView

from core.views.access import public


def _leads_to(name: str):
    return public(RedirectView.as_view(pattern_name=name, query_string=True))


urlpatterns = [
    path("masuk/", account.login, name="account_login"),
    path("keluar/", account.logout, name="account_logout"),
    path("ditutup/", account.account_inactive, name="account_inactive"),
    path("pastikan/", account.reauthenticate, name="account_reauthenticate"),
    path("kata-sandi/", account.password_change, name="account_change_password"),
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
