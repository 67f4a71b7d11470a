from certificates.models.certificate import Certificate, CertificateBatch, PendingCertificate, Revocation, SerialCounter
from certificates.models.design import CertificateDesign, CertificateType, Issuer

__all__ = [
    "Certificate",
    "CertificateBatch",
    "CertificateDesign",
    "CertificateType",
    "Issuer",
    "PendingCertificate",
    "Revocation",
    "SerialCounter",
]
