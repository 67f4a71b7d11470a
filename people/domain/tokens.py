"""Secrets that open a door once: made at random, kept as a keyed hash only."""

from __future__ import annotations

import secrets

from core.domain.audit import keyed_hash

# Crockford's letters: none of them is taken for another when read from paper.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 16


def token_hash(token: str) -> str:
    return keyed_hash(["token", token])


def new_token() -> str:
    """For a link: 192 random bits."""
    return secrets.token_urlsafe(24)


def new_code() -> str:
    """For paper: 80 random bits as ``XXXX-XXXX-XXXX-XXXX``; it opens only together with the person's NIP, and tries are slowed down."""
    letters = "".join(secrets.choice(ALPHABET) for _letter in range(CODE_LENGTH))
    return "-".join(letters[start : start + 4] for start in range(0, CODE_LENGTH, 4))


def normal_code(text: str) -> str:
    """A code as typed: small letters, spaces and dashes do not matter, and I, L, O are what they look like."""
    letters = "".join(text.upper().split()).replace("-", "")
    return letters.translate(str.maketrans("ILO", "110"))
