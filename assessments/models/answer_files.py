"""Files that learners hand in as answers."""

from django.db import models

from assessments.models.bank import AppendOnly


class AnswerFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Her own, and those of finished attempts of quizzes that ``user`` manages: who grades reads them."""
        from assessments.models.bank import Quiz

        if not getattr(user, "is_authenticated", False):
            return self.none()
        graded = models.Q(attempt__quiz__in=Quiz.objects.managed_by(user), attempt__state="finished")
        return self.filter(models.Q(attempt__person=user) | graded)


class AnswerFile(AppendOnly):
    """One upload. A later one takes its place in the answer; this one stays, because a step of the attempt names it. ``file`` is a name in
    the storage that says nothing about person or content."""

    attempt = models.ForeignKey("assessments.Attempt", models.PROTECT, related_name="files")
    version = models.ForeignKey("assessments.QuestionVersion", models.PROTECT, related_name="+")
    file = models.FileField(max_length=120)
    name = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()

    objects = AnswerFileQuerySet.as_manager()

    class Meta:
        ordering = ["attempt", "pk"]

    def __str__(self) -> str:
        return self.name
