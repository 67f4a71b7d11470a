"""The fourteen identities of the matrix and how a response is read."""

from __future__ import annotations

IDENTITIES = (
    "anonymous",
    "asn",  # Sari: the things in the world belong to her
    "other_asn",  # Wati, another unit
    "superior",  # Budi, Sari's superior
    "other_superior",
    "trainer",  # Tono, teaches the course in the world
    "hr_unit",  # Ratna, HR of Sari's unit
    "hr_other",  # HR of another unit
    "hr_central",  # Dewi
    "evaluator",  # grant on Sari's unit
    "auditor",  # Agus
    "admin",  # technical administrator
    "counsellor",
    "recipient",
    "counselled",
)

EVERYBODY = frozenset(IDENTITIES)
SIGNED_IN = EVERYBODY - {"anonymous"}
NOBODY: frozenset[str] = frozenset()


def allow(words: str) -> frozenset[str]:
    """``"asn superior"`` as a set; ``"*"`` everybody, ``"+"`` everybody who is signed in, ``"-"`` nobody."""
    if words == "*":
        return EVERYBODY
    if words == "+":
        return SIGNED_IN
    if words == "-":
        return NOBODY
    chosen = frozenset(words.split())
    unknown = chosen - EVERYBODY
    assert not unknown, f"unknown identities: {unknown}"
    return chosen


REFUSALS = (400, 409, 410, 422, 429)


def reading(response) -> str:
    """``open``: the person got in, and what she sent was done (2xx, or led on); ``refused``: she was told why not, nothing was done;
    ``sign_in``: sent to the door; ``closed``: 403, 404, 405 (method not offered); ``error``: 5xx, never right."""
    status = response.status_code
    if status >= 500:
        return "error"
    if status in (301, 302) and ("/akun/masuk" in response["Location"] or "/akun/login" in response["Location"]):
        return "sign_in"
    if status in (403, 404, 405):
        return "closed"
    return "refused" if status in REFUSALS else "open"
