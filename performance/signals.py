"""Facts announced by ``performance``, in the past tense, inside the transaction."""

from django.dispatch import Signal

#: kwargs: evaluation (final, with scores), at
evaluation_finalised = Signal()
