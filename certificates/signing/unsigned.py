"""The only signer so far: none. A document that is not signed electronically says so; no footer of a certification body is printed."""

from __future__ import annotations

KIND = "unsigned"
NOTE = "Tidak ditandatangani secara elektronik"


def sign(pdf: bytes) -> bytes:
    """The document is final as it is."""
    return pdf
