from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class QuestionType(TextChoices):
    SINGLE = "single", _("One right answer")
    MULTIPLE = "multiple", _("Several right answers")
    TRUE_FALSE = "true_false", _("True or false")
    SHORT_TEXT = "short_text", _("Short text")
    NUMBER = "number", _("Number")
    MATCHING = "matching", _("Matching")
    ORDERING = "ordering", _("Ordering")
    GAPS = "gaps", _("Text with gaps")
    ESSAY = "essay", _("Essay")
    FILE = "file", _("File")
    HOTSPOT = "hotspot", _("Place in a picture")
    SCALE = "scale", _("Scale (not graded)")
    REFLECTION = "reflection", _("Reflection (not graded)")


class Scoring(TextChoices):
    """How a question with several right answers is scored."""

    PARTIAL = "partial", _("A right choice adds, a wrong choice takes away")
    EXACT = "exact", _("Counts only when all are right")


class Ruling(TextChoices):
    """How a question counts after its key was looked at again."""

    KEY = "key", _("By the key")
    FULL = "full", _("Everybody gets full points")
    OUT = "out", _("It does not count")


class ReviewVerdict(TextChoices):
    """Steps of the review of a question by a colleague."""

    ASKED = "asked", _("Review asked for")
    AGREED = "agreed", _("Agreed by a colleague")
    REMARKS = "remarks", _("To be mended")


class QuizKind(TextChoices):
    PRE = "pre", _("Pre-test")
    POST = "post", _("Final quiz")
    PRACTICE = "practice", _("Practice")


class Mode(TextChoices):
    """What a quiz is taken for; it decides when feedback comes (domain/modes.py)."""

    LEARNING = "learning", _("Learning mode")
    TRAINING = "training", _("Training mode")
    EXAM = "exam", _("Exam mode")


class Counted(TextChoices):
    """Which of several attempts counts."""

    BEST = "best", _("The best attempt")
    LAST = "last", _("The last attempt")
    AVERAGE = "average", _("The average of all attempts")


class Opens(TextChoices):
    """When a part of the result is shown to the person who handed in."""

    NOW = "now", _("At once after the hand-in")
    SETTLED = "settled", _("When it is passed or the course completed")
    CLOSED = "closed", _("When the quiz has closed")
    NEVER = "never", _("Not at all")


class ResultPart(TextChoices):
    """The rows of the review matrix."""

    SCORE = "score", _("Score")
    ANSWERS = "answers", _("Own answers")
    VERDICTS = "verdicts", _("Right or not, question by question")
    RIGHT = "right", _("Right answers")
    EXPLANATIONS = "explanations", _("Explanations and remarks")


class ReviewPreset(TextChoices):
    """Review matrices that have a name."""

    USUAL = "usual", _("Learning: all of it at once after practice; after a final quiz the score at once, the rest when it is passed")
    EXAM = "exam", _("Exam: the score only, until the quiz has closed for everybody")
    SCORE = "score", _("Score only, for ever")
    CUSTOM = "custom", _("As chosen in the details")


class Difficulty(IntegerChoices):
    EASY = 1, _("Easy")
    MEDIUM = 2, _("Medium")
    HARD = 3, _("Hard")


class AttemptState(TextChoices):
    OPEN = "open", _("In progress")
    FINISHED = "finished", _("Handed in")


class Ending(TextChoices):
    """How an attempt ended. Every kind goes through the same ``finish``."""

    TAP = "tap", _("Handed in")
    TIME = "time", _("Time was up")
    WINDOW = "window", _("The quiz closed")
    STOPPED = "stopped", _("Ended by the course")


class StepKind(TextChoices):
    START = "start", _("Started")
    ANSWER = "answer", _("Answered")
    FLAG = "flag", _("Flagged")
    REVEAL = "reveal", _("Looked at the answer")
    FINISH = "finish", _("Handed in")
    GRADE = "grade", _("Graded")
