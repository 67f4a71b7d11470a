"""The file of a certificate: written whole or not at all, found by id, rebuilt from the stored facts whenever it is lost."""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from datetime import datetime
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from certificates.domain.facts import facts_hash
from certificates.domain.layout import paper_html
from certificates.domain.press import PRESS
from certificates.models import Certificate
from certificates.signing import unsigned
from people.domain.notices import notify
from people.enums import NoticeKind

FOLDER = "certificates"
LEFTOVER = ".part"
LEFTOVER_SECONDS = 3600


class FactsChanged(Exception):
    """The stored facts are not those that were issued; no paper is made of them."""


def make_file(certificate: Certificate, *, at: datetime | None = None) -> None:
    """Render, write, note the hash, tell the person. Doing it again makes the same bytes under the same name and tells nobody twice."""
    moment = at or timezone.now()
    if facts_hash(certificate.facts) != certificate.facts_sha256:
        raise FactsChanged(f"certificate {certificate.pk}")
    pdf = unsigned.sign(PRESS.print_pdf(paper_html(certificate.facts)))
    name = file_name(certificate)
    write_file(name, pdf)
    digest = hashlib.sha256(pdf).hexdigest()
    with transaction.atomic():
        kept = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
        if kept.file_sha256 not in ("", digest):
            kept.former_sha256 = [*kept.former_sha256, kept.file_sha256]
        kept.file_name, kept.file_sha256, kept.file_size, kept.rendered_at = name, digest, len(pdf), moment
        kept.save(update_fields=["file_name", "file_sha256", "file_size", "former_sha256", "rendered_at"])
        _tell(kept, moment)


def file_name(certificate: Certificate) -> str:
    """Neither number nor token nor NIP: a path tells nothing about the person."""
    return f"{FOLDER}/{certificate.year}/{certificate.pk:08d}-{certificate.facts_sha256[:16]}.pdf"


def has_file(certificate: Certificate) -> bool:
    return bool(certificate.file_name) and default_storage.exists(certificate.file_name)


def write_file(name: str, data: bytes) -> None:
    """On disk: a new file beside, fsync, rename, fsync of the folder. In object storage a file appears whole by itself."""
    if not _is_disk():
        if default_storage.exists(name):
            default_storage.delete(name)
        default_storage.save(name, ContentFile(data))
        return
    path = Path(default_storage.path(name))
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}{LEFTOVER}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def sweep_leftovers(*, now: float | None = None) -> int:
    """Half-written files of workers that were killed; how many were removed."""
    if not _is_disk():
        return 0
    removed, before = 0, (now or time.time()) - LEFTOVER_SECONDS
    for part in Path(default_storage.path(FOLDER)).glob(f"*/*{LEFTOVER}"):
        if part.stat().st_mtime < before:
            part.unlink(missing_ok=True)
            removed += 1
    return removed


def _is_disk() -> bool:
    try:
        default_storage.path("")
    except NotImplementedError:
        return False
    return True


def _tell(certificate: Certificate, at: datetime) -> None:
    notify(
        certificate.person,
        kind=NoticeKind.CERTIFICATE,
        key=f"certificate:{certificate.pk}",
        url=reverse("certificates:list"),
        title=format_lazy("{words}: {title}", words=gettext_lazy("Your certificate is ready"), title=certificate.facts["title"]),
        at=at,
    )
