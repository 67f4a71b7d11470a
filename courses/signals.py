"""Facts announced by ``courses``, in the past tense, inside the transaction."""

from django.dispatch import Signal

#: kwargs: enrolment (completed), completion, at
course_completed = Signal()
#: kwargs: enrolment, at
enrolment_withdrawn = Signal()
