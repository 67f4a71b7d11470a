"""Facts announced by ``certificates``, in the past tense, inside the transaction."""

from django.dispatch import Signal

#: kwargs: certificate (new: at once, after HR's batch, or as a replacement), at
certificate_issued = Signal()
