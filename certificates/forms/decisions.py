"""What HR writes when a certificate is taken back, replaced or not given."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from certificates.domain.revocation import LONGEST_REASON, SHORTEST_REASON
from core.domain.numbers import format_learning_hours


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        min_length=SHORTEST_REASON,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Shown to everybody who holds this certificate. Write what is wrong with the paper, nothing about the person."
        ),
    )


class RevokeForm(ReasonForm):
    """``minutes``: what the completion earned and what can still be taken back; nothing: the question is not asked."""

    takes_hours = forms.BooleanField(required=False)

    def __init__(self, *args, minutes: int = 0, **kwargs):
        super().__init__(*args, **kwargs)
        if not minutes:
            del self.fields["takes_hours"]
            return
        earned = format_learning_hours(minutes)
        self.fields["takes_hours"].label = _("Take the learning hours back as well (%(earned)s)") % {"earned": earned}
        self.fields["takes_hours"].help_text = _("Only where the completion itself was wrong. The entry stays and is set off by a second one.")


class DeclineForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), min_length=5, max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
