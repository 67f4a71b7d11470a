from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CertificatesConfig(AppConfig):
    name = "certificates"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from certificates import tasks  # noqa: F401 (registers the jobs)
        from certificates.domain.course_panel import certificate_panel
        from certificates.domain.reference import seed_certificates
        from core.domain import menu, seeding
        from courses.domain import panels

        seeding.register(60, seed_certificates)
        panels.register(certificate_panel)
        menu.register("learner", _("Certificates and JP"), "certificates:list", "award", order=60)
        below = (
            "certificates:detail",
            "certificates:revoke",
            "certificates:reissue",
            "certificates:waiting",
            "certificates:decline",
            "certificates:batch",
            "certificates:batch_preview",
            "certificates:design",
            "certificates:design_new",
            "certificates:design_edit",
            "certificates:type_new",
            "certificates:type_edit",
            "certificates:issuer_new",
            "certificates:issuer_edit",
        )
        menu.register("hr", _("Certificates"), "certificates:manage", "award", order=60, also=below)
        menu.register("auditor", _("Certificates"), "certificates:manage", "award", order=60, also=("certificates:detail",))
