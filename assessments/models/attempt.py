"""Attempts: append-only steps on the server from the first tap (architecture §5, reliability §9)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import AttemptState, Ending, StepKind
from assessments.models.bank import AppendOnly


class AttemptQuerySet(models.QuerySet):
    def own(self, user):
        """Only her own: nobody else opens, answers or hands in an attempt, whatever his role. Costs no query for roles."""
        return self.filter(person_id=user.pk) if getattr(user, "is_authenticated", False) else self.none()

    def open(self):
        return self.filter(state=AttemptState.OPEN)


class Attempt(models.Model):
    """One try of one quiz. ``layout`` = ``[{"v": question_version_id, "o": [option ids in shown order], "t": [their names on the page]}]``,
    drawn at start; the names on the page are random in each attempt.

    ``answers``, ``flags``, ``revisions`` and ``revealed`` are the derived state (replayed from steps, kept in the same transaction):
    ``{"<v>": ["a1f3"]}``, ``[v]``, ``{"<v>": 1764000000000}``, ``[v]`` (looked at, so final). ``last_sequence`` guards every write: who read an
    older one tries again.
    """

    person = models.ForeignKey("people.Account", models.PROTECT, related_name="attempts")
    quiz = models.ForeignKey("assessments.Quiz", models.PROTECT, related_name="attempts")
    version = models.ForeignKey("assessments.QuizVersion", models.PROTECT, related_name="attempts")
    context_key = models.CharField(max_length=120, blank=True, help_text="Opaque to this app, e.g. enrolment:12.")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=AttemptState.choices, default=AttemptState.OPEN)
    layout = models.JSONField()
    answers = models.JSONField(default=dict)
    flags = models.JSONField(default=list)
    revisions = models.JSONField(default=dict)
    revealed = models.JSONField(default=list)
    last_sequence = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=8, choices=Ending.choices, blank=True)
    score = models.DecimalField(_("Score (%)"), max_digits=5, decimal_places=2, null=True, blank=True)
    points = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    points_possible = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    is_passed = models.BooleanField(null=True)
    is_waiting = models.BooleanField(default=False, help_text="Handed in; a person's grade is awaited, so there is no score yet.")
    sealed_sequence = models.PositiveIntegerField(default=0, help_text="Up to this step its log is recorded in the audit trail (domain/proof.py).")
    is_regraded = models.BooleanField(default=False, help_text="A corrected key changed its result; see regrades.")

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "quiz", "context_key", "number"], name="attempt_number_once"),
            models.UniqueConstraint(fields=["person", "quiz"], condition=Q(state="open"), name="attempt_one_open",
                                    violation_error_message=_("You have an open attempt of this quiz.")),
        ]

    def __str__(self) -> str:
        return f"{self.quiz} #{self.number}"


class ExtraAttempt(AppendOnly):
    """One attempt more than the quiz allows, granted to one person in one context (and those that count with it)."""

    person = models.ForeignKey("people.Account", models.PROTECT, related_name="extra_attempts")
    quiz = models.ForeignKey("assessments.Quiz", models.PROTECT, related_name="extra_attempts")
    context_key = models.CharField(max_length=120)
    by = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.quiz} +1"


class Step(AppendOnly):
    """Append-only. ``client_revision`` with the question version makes a repeated send harmless."""

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="steps")
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=StepKind.choices)
    version = models.ForeignKey("assessments.QuestionVersion", models.PROTECT, null=True, blank=True, related_name="+")
    client_revision = models.BigIntegerField(null=True, blank=True)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        ordering = ["attempt", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "sequence"], name="step_sequence_once"),
            models.UniqueConstraint(fields=["attempt", "version", "kind", "client_revision"], condition=Q(client_revision__isnull=False),
                                    name="step_revision_once"),
        ]

    def __str__(self) -> str:
        return f"{self.attempt} {self.sequence} {self.kind}"


class Mark(models.Model):
    """What one question of a finished attempt earned, 0 to 1; the base of results and statistics. Derived: the grade step holds the same.

    ``fraction`` is empty for a question that is never graded (a scale, a reflection), and while a person's grade is awaited.
    """

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="marks")
    version = models.ForeignKey("assessments.QuestionVersion", models.PROTECT, related_name="marks")
    position = models.PositiveSmallIntegerField()
    fraction = models.DecimalField(max_digits=7, decimal_places=6, null=True)
    is_answered = models.BooleanField()

    class Meta:
        ordering = ["attempt", "position"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "version"], name="mark_once"),
            models.CheckConstraint(condition=Q(fraction__gte=0, fraction__lte=1), name="mark_fraction"),
        ]

    def __str__(self) -> str:
        return f"{self.attempt} {self.position}: {self.fraction}"
