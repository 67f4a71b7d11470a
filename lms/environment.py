"""Reading the environment. Every variable of an installation is read through these functions, which remember it:
a test compares them with the table in docs/operations.md. No Django here: ``manage.py serve`` imports this file too.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
READ: dict[str, str] = {}  # name -> default as text


def text(name: str, default: str = "") -> str:
    READ[name] = default
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool = False) -> bool:
    """``1``, ``true``, ``yes`` and ``on`` count as set."""
    READ[name] = "1" if default else ""
    value = os.environ.get(name, "").strip().lower()
    return value in {"1", "true", "yes", "on"} if value else default


def number(name: str, default: int, *, least: int = 0) -> int:
    READ[name] = str(default)
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not (value.isascii() and value.isdigit()) or int(value) < least:
        raise SystemExit(f"{name}={value}: a whole number of at least {least} is expected.")
    return int(value)


def listing(name: str, default: str = "") -> list[str]:
    """Values between commas."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def data_dir() -> Path:
    """Everything that an installation without servers keeps: database, uploads, queue folders, keys. Relative to where the command runs."""
    named = text("BINA_DATA_DIR")
    return Path(named).absolute() if named else BASE_DIR / "data"


def kept_secret(folder: Path, name: str, make) -> str:
    """A secret that this installation made for itself: a file of mode 0600, written once, whole, however many processes ask first."""
    path = folder / name
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = folder / f".{name}.{secrets.token_hex(8)}"
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
