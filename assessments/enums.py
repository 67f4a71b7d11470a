from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class QuestionType(TextChoices):
    SINGLE = "single", _("One right answer")
    MULTIPLE = "multiple", _("Several right answers")
    TRUE_FALSE = "true_false", _("True or false")


class QuizKind(TextChoices):
    PRE = "pre", _("Pre-test")
    POST = "post", _("Final quiz")
    PRACTICE = "practice", _("Practice")


class AttemptState(TextChoices):
    OPEN = "open", _("In progress")
    FINISHED = "finished", _("Handed in")


class StepKind(TextChoices):
    START = "start", _("Started")
    ANSWER = "answer", _("Answered")
    FLAG = "flag", _("Flagged")
    FINISH = "finish", _("Handed in")
    GRADE = "grade", _("Graded")
