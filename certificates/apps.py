from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "certificates"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from certificates import tasks  # noqa: F401 (registers the jobs)
        from certificates.domain.reference import seed_certificates
        from core.domain import seeding

        seeding.register(60, seed_certificates)
