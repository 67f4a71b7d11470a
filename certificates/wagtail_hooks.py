"""The designs in Wagtail's editor, with their revisions, for those who were given the permission there."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from certificates.models import CertificateDesign, CertificateType, Issuer


class DesignViewSet(SnippetViewSet):
    model = CertificateDesign
    icon = "doc-full"
    list_display = ["name", "issuer", "type", "course", "signer_name"]


class TypeViewSet(SnippetViewSet):
    model = CertificateType
    icon = "tag"
    list_display = ["name", "code"]


class IssuerViewSet(SnippetViewSet):
    model = Issuer
    icon = "home"
    list_display = ["name", "code"]


class CertificateGroup(SnippetViewSetGroup):
    menu_label = _("Certificates")
    menu_icon = "doc-full"
    items = (DesignViewSet, TypeViewSet, IssuerViewSet)


register_snippet(CertificateGroup)
