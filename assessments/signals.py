"""Facts announced by ``assessments``, in the past tense, inside the transaction."""

from django.dispatch import Signal

#: kwargs: attempt (finished, graded), at
attempt_finished = Signal()

#: kwargs: attempt (finished, graded anew after its key was corrected), regrade, at
attempt_regraded = Signal()

#: kwargs: person (given something in all quizzes, or it ended), at
accommodation_changed = Signal()
