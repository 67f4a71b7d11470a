"""From the editor to the bank, for those who have one."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from people.enums import Role
from people.models import scope_of


class TrainersItem(MenuItem):
    def is_shown(self, request):
        return scope_of(request.user).has(Role.TRAINER)


@hooks.register("register_admin_menu_item")
def bank_item():
    return TrainersItem(_("Questions and quizzes"), reverse("assessments:questions"), name="assessments", icon_name="help", order=250)
