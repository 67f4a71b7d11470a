"""Facts announced by ``assessments``, in the past tense, inside the transaction."""

from django.dispatch import Signal

#: kwargs: attempt (finished, graded), at
attempt_finished = Signal()
