"""What learners read: an immutable release of a course, rendered once at publish (decisions 21, performance §6)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.domain.errors import RuleViolation
from core.domain.numbers import LEARNING_HOUR_MINUTES
from courses.enums import CompletionRule


class Frozen(models.Model):
    """Written once. What people learned from must stay as it was (decisions 21)."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise RuleViolation(_("A published version is never changed; publish a new one."))
        super().save(*args, **kwargs)


class CourseRelease(Frozen):
    """One published state of a course.

    ``outline`` = ``[{"title": module, "lessons": [{"key", "position", "title", "minutes", "checks"}]}]`` (``checks`` = how many check questions).
    ``indicators`` = ``[{"id", "name", "aspect", "level"}]``.
    ``quizzes`` = ``{"pre" | "post": {"title", "questions", "needed", "pass_mark", "minutes", "attempts"}}``.
    """

    course = models.ForeignKey("courses.CoursePage", models.PROTECT, related_name="releases")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=255)
    summary = models.TextField(blank=True)
    why = models.TextField(blank=True)
    objectives = models.JSONField(default=list)
    indicators = models.JSONField(default=list)
    quizzes = models.JSONField(default=dict)
    trainer_name = models.CharField(max_length=255, blank=True)
    search_text = models.TextField(blank=True)
    weight_bytes = models.PositiveIntegerField(default=0)
    outline = models.JSONField(default=list)
    lesson_count = models.PositiveSmallIntegerField()
    reading_minutes = models.PositiveIntegerField(default=0)
    learning_minutes = models.PositiveIntegerField(help_text=_("Learning hours in minutes; 1 JP = 45 minutes."))
    level = models.PositiveSmallIntegerField(default=1)
    completion_rule = models.CharField(max_length=12, choices=CompletionRule.choices)
    pass_mark = models.PositiveSmallIntegerField()
    certificate_months = models.PositiveSmallIntegerField(null=True, blank=True)
    pre_quiz_version = models.ForeignKey("assessments.QuizVersion", models.PROTECT, null=True, blank=True, related_name="+")
    post_quiz_version = models.ForeignKey("assessments.QuizVersion", models.PROTECT, null=True, blank=True, related_name="+")
    is_minor = models.BooleanField(default=False, help_text=_("A small correction: running learners are moved to it."))
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("people.Account", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["course", "-number"]
        constraints = [models.UniqueConstraint(fields=["course", "number"], name="release_number_once")]

    def __str__(self) -> str:
        return f"{self.title} r{self.number}"

    @property
    def jp(self) -> int:
        return self.learning_minutes // LEARNING_HOUR_MINUTES


class ReleasedLesson(Frozen):
    """One lesson as learners get it. ``key`` is the lesson page's translation key, the same in every release.

    ``checks`` holds check questions without their answers; ``check_keys`` the answers and explanations (never sent before a try).
    """

    release = models.ForeignKey(CourseRelease, models.CASCADE, related_name="lessons")
    key = models.UUIDField()
    position = models.PositiveSmallIntegerField()
    module_title = models.CharField(max_length=255)
    title = models.CharField(max_length=255)
    minutes = models.PositiveSmallIntegerField(default=5)
    html = models.TextField()
    checks = models.JSONField(default=list)
    check_keys = models.JSONField(default=dict)
    search_text = models.TextField(blank=True)
    weight_bytes = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["release", "position"]
        constraints = [
            models.UniqueConstraint(fields=["release", "position"], name="lesson_position_once"),
            models.UniqueConstraint(fields=["release", "key"], name="lesson_key_once"),
        ]

    def __str__(self) -> str:
        return self.title


class LessonFile(models.Model):
    """A file that lessons show: copied at publish under the hash of its content, so that a release keeps what its readers saw.

    ``source`` names where it came from (image or document, its stored name, the size asked for) and saves the work next time.
    """

    source = models.CharField(max_length=300, unique=True)
    name = models.CharField(
        max_length=80, db_index=True, help_text="<32 hex digits>.<ending>, below lesson-files/ in the storage."
    )
    content_type = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name
