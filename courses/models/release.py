"""What learners read: an immutable release of a course, rendered once at publish (decisions 21, performance §6)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.enums import CompletionRule


class CourseRelease(models.Model):
    """``outline`` = ``[{"title": module, "lessons": [{"key", "position", "title", "minutes"}]}]``."""

    course = models.ForeignKey("courses.CoursePage", models.PROTECT, related_name="releases")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=255)
    summary = models.TextField(blank=True)
    why = models.TextField(blank=True)
    objectives = models.JSONField(default=list)
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
        return self.learning_minutes // 45


class ReleasedLesson(models.Model):
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
