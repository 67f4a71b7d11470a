"""One letter by e-mail, in the reader's words and with the headers of a machine's letter. Called by jobs, never inside a transaction."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from people.models import Account


def send_letter(person: Account, subject: str, template: str, context: dict, *, message_id: str, to: str = "") -> None:
    """``template`` names a ``.txt`` and a ``.html`` file. ``to``: another address than the person's own (a new one to confirm).

    The same ``message_id`` twice is shown once by mail programs: a job that was killed after sending may send again.
    """
    host = settings.BASE_URL.split("://", 1)[-1].split("/")[0].split(":")[0]
    context = {**context, "person": person, "base_url": settings.BASE_URL}
    message = EmailMultiAlternatives(
        # A line break in a header is refused by Django; a title must not be able to stop the mail.
        subject=_("Bina: %(subject)s") % {"subject": " ".join(subject.split())},
        body=render_to_string(f"{template}.txt", context),
        to=[to or person.email],
        headers={"Message-ID": f"<{message_id}@{host}>", "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
    )
    message.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    message.send()
