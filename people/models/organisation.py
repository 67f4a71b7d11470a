"""The tree of organisation units and the posts in it."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from people.enums import PostKind


class OrgUnit(MP_Node):
    """A perangkat daerah, suku dinas, kecamatan, kelurahan or work unit (UKPD)."""

    code = models.CharField(_("Code"), max_length=40, unique=True)
    name = models.CharField(_("Name"), max_length=200)
    kind = models.CharField(_("Kind"), max_length=60, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    node_order_by = None

    class Meta:
        verbose_name = _("organisation unit")
        verbose_name_plural = _("organisation units")

    def __str__(self) -> str:
        return self.name


class Position(models.Model):
    """A post (jabatan) as HR names it."""

    name = models.CharField(_("Post"), max_length=200)
    kind = models.CharField(_("Kind of post"), max_length=16, choices=PostKind.choices, blank=True)
    post_class = models.PositiveSmallIntegerField(_("Class of post"), null=True, blank=True)

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["name", "kind"], name="position_name_kind_unique")]

    def __str__(self) -> str:
        return self.name
