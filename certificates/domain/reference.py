"""What an empty installation begins with: one issuer, one type, one design. All of it is data to be changed; the signer is an example."""

from __future__ import annotations

from certificates.models import CertificateDesign, CertificateType, Issuer

ISSUER = {
    "code": "BPSDM",
    "name": "Badan Pengembangan Sumber Daya Manusia",
    "heading": "Pemerintah Provinsi DKI Jakarta",
    "place": "Jakarta",
}
TYPE = {"code": "SERT", "name": "Sertifikat"}
DESIGN = {
    "name": "Sertifikat pelatihan",
    "signer_name": "Nama Pejabat (contoh)",
    "signer_post": "Kepala Badan Pengembangan Sumber Daya Manusia",
}


def seed_certificates() -> None:
    """Only where nothing stands: an issuer that HR has renamed or a design with its own signer stays as it is."""
    issuer = Issuer.objects.order_by("pk").first() or Issuer.objects.create(**ISSUER)
    kind = CertificateType.objects.order_by("pk").first() or CertificateType.objects.create(**TYPE)
    if not CertificateDesign.objects.filter(course__isnull=True).exists():
        design = CertificateDesign.objects.create(issuer=issuer, type=kind, **DESIGN)
        design.save_revision().publish()
