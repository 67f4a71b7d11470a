"""Encryption of single fields (counselling notes, decisions 24; secrets of second steps): Fernet, keys from the environment, the first key
encrypts, all decrypt."""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class CannotDecrypt(Exception):
    """The text was encrypted with a key that this installation does not have, or was changed."""


def encrypt(text: str) -> str:
    """ASCII token; the same text gives another token each time. An empty text stays empty."""
    return _fernet().encrypt(text.encode()).decode() if text else ""


def decrypt(token: str) -> str:
    if not token:
        return ""
    try:
        return _fernet().decrypt(token.encode()).decode()
    except InvalidToken:
        raise CannotDecrypt


def renewed(token: str) -> str:
    """The same text under the newest key; a token that is under it already stays as it is. ``CannotDecrypt``: no key fits."""
    if not token:
        return ""
    try:
        Fernet(settings.BINA_NOTES_KEYS[0]).decrypt(token.encode())
    except InvalidToken:
        return encrypt(decrypt(token))
    return token


def new_key() -> str:
    return Fernet.generate_key().decode()


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.BINA_NOTES_KEYS])
