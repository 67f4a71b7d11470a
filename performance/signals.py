"""Facts announced by ``performance``, in the past tense, inside the transaction."""

from django.dispatch import Signal

#: kwargs: evaluations (list of Evaluation that became final or, by a correction or an undone import, ceased to be), at.
#: Only ``improvement.receivers`` listens (docs/decisions: performance alone opens no gap).
evaluations_finalised = Signal()
