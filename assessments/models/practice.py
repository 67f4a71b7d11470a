"""Practice of missed questions: a round is what waits for a person on a day after a final quiz."""

from django.db import models
from django.db.models import Q


class PracticeRoundQuerySet(models.QuerySet):
    def own(self, user):
        """Only her own: practice is seen by nobody else."""
        return self.filter(person_id=user.pk) if getattr(user, "is_authenticated", False) else self.none()

    def waiting(self):
        """Not ended, not done: to begin, or begun and not handed in."""
        return self.filter(Q(attempt=None) | Q(attempt__state="open"), ended_at=None)


class PracticeRound(models.Model):
    """``source`` is the attempt of the final quiz (the last one of its series) whose missed questions come back; ``day`` says which round it
    is. ``attempt`` is the practice once it is begun. ``ended_at``: the person wants no further rounds of this quiz."""

    person = models.ForeignKey("people.Account", models.PROTECT, related_name="practice_rounds")
    quiz = models.ForeignKey("assessments.Quiz", models.PROTECT, related_name="practice_rounds")
    source = models.ForeignKey("assessments.Attempt", models.PROTECT, related_name="practice_rounds")
    day = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField()
    attempt = models.OneToOneField("assessments.Attempt", models.PROTECT, null=True, blank=True, related_name="practice_round")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = PracticeRoundQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["source", "day"], name="practice_round_once")]

    def __str__(self) -> str:
        return f"{self.quiz} +{self.day}"
