"""The question bank. The answer key lives in a table of its own that learner code never loads (reliability T2)."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from wagtail.models import Collection, CollectionMember
from wagtail.permission_policies.collections import CollectionPermissionPolicy

from assessments.enums import Counted, Mode, QuestionType, QuizKind, Ruling
from people.models import scope_of


class AppendOnly(models.Model):
    """A row that is written once: what a learner saw or did is never changed afterwards."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TypeError(f"{self._meta.label} is append-only")
        super().save(*args, **kwargs)


class CollectionQuerySet(models.QuerySet):
    """Things in a Wagtail collection; the collection's permissions say who manages them."""

    def managed_by(self, user):
        """What ``user`` may change: trainer role and change permission on the collection."""
        if not getattr(user, "is_authenticated", False) or not scope_of(user).has("trainer"):
            return self.none()
        allowed = CollectionPermissionPolicy(self.model).instances_user_has_permission_for(user, "change")
        return self.filter(pk__in=allowed.values("pk"))

    def visible_to(self, user):
        return self.managed_by(user)

    def shelves(self, user):
        """Collections in which ``user`` may make new things of this kind."""
        if not getattr(user, "is_authenticated", False) or not scope_of(user).has("trainer"):
            return Collection.objects.none()
        return CollectionPermissionPolicy(self.model).collections_user_has_permission_for(user, "add")


class QuizQuerySet(CollectionQuerySet):
    def managed_by(self, user):
        """Without the quizzes that only carry practice of missed questions: nobody edits those."""
        return super().managed_by(user).filter(practice_of=None)


class Objective(models.Model):
    """A learning objective that items carry; ``courses`` maps it to indicators (decisions 4)."""

    code = models.CharField(_("Code"), max_length=40, unique=True)
    name = models.CharField(_("Objective"), max_length=200)

    class Meta:
        verbose_name = _("learning objective")
        verbose_name_plural = _("learning objectives")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Question(CollectionMember, models.Model):
    """A bank item; its text and key live in versions. The Wagtail collection is its category and its permission."""

    name = models.CharField(_("Short name"), max_length=200)
    type = models.CharField(_("Type"), max_length=12, choices=QuestionType.choices)
    objective = models.ForeignKey(Objective, models.SET_NULL, null=True, blank=True, related_name="questions", verbose_name=_("Objective"))
    topic = models.CharField(_("Topic to reopen"), max_length=120, blank=True, help_text=_("Where to read again, e.g. the lesson's title."))
    difficulty = models.PositiveSmallIntegerField(_("Difficulty"), default=2, choices=[(1, _("Easy")), (2, _("Medium")), (3, _("Hard"))])
    tags = TaggableManager(blank=True, verbose_name=_("Tags"))
    is_active = models.BooleanField(_("In use"), default=True)
    current = models.ForeignKey("assessments.QuestionVersion", models.PROTECT, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey("people.Account", models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CollectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class QuestionVersion(AppendOnly):
    """What a learner sees: ``body = {"options": [{"id": "a1f3", "text": "..."}]}`` with random option ids. Immutable."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    stem = models.TextField(_("Question"))
    body = models.JSONField(default=dict)
    points = models.DecimalField(_("Points"), max_digits=6, decimal_places=2, default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey("people.Account", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["question", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="question_version_once"),
            models.CheckConstraint(condition=models.Q(points__gt=0), name="question_points_positive",
                                   violation_error_message=_("Points must be above zero.")),
        ]

    def __str__(self) -> str:
        return f"{self.question} v{self.number}"


class AnswerKey(models.Model):
    """The secret half of a version: ``data = {"correct": ["a1f3"]}``, the explanation, feedback per option."""

    version = models.OneToOneField(QuestionVersion, models.CASCADE, related_name="answer_key", primary_key=True)
    data = models.JSONField(default=dict)
    explanation = models.TextField(_("Explanation"))
    option_feedback = models.JSONField(default=dict, blank=True)
    ruling = models.CharField(max_length=4, choices=Ruling.choices, default=Ruling.KEY, help_text="Set by a correction only.")

    def __str__(self) -> str:
        return f"key of {self.version_id}"


class Quiz(CollectionMember, models.Model):
    """A quiz drawn from a pool. Saving its definition makes an immutable ``QuizVersion`` when it is published."""

    title = models.CharField(_("Title"), max_length=200)
    kind = models.CharField(_("Kind"), max_length=8, choices=QuizKind.choices, default=QuizKind.POST)
    mode = models.CharField(_("Mode"), max_length=8, choices=Mode.choices, default=Mode.TRAINING)
    introduction = models.TextField(_("Introduction"), blank=True)
    draw = models.PositiveSmallIntegerField(_("Questions drawn"), null=True, blank=True, help_text=_("Empty: all of the pool."))
    is_shuffled = models.BooleanField(_("Shuffle questions and options"), default=True)
    pass_mark = models.PositiveSmallIntegerField(_("Pass mark (%)"), default=70)
    attempt_limit = models.PositiveSmallIntegerField(_("Attempts"), null=True, blank=True, default=3, help_text=_("Empty: no limit."))
    cool_down_hours = models.PositiveSmallIntegerField(_("Hours between attempts"), default=0)
    time_limit_minutes = models.PositiveSmallIntegerField(_("Time limit in minutes"), null=True, blank=True)
    opens_at = models.DateTimeField(_("Opens"), null=True, blank=True, help_text=_("Jakarta time; empty: open at once."))
    closes_at = models.DateTimeField(_("Closes"), null=True, blank=True, help_text=_("Who is in then is handed in. Empty: never."))
    asks_honesty = models.BooleanField(_("Ask for a declaration of honesty before the start"), default=False)
    avoids_seen = models.BooleanField(_("Prefer questions that the person has not seen in earlier attempts"), default=False)
    counted = models.CharField(_("What counts"), max_length=8, choices=Counted.choices, default=Counted.BEST)
    is_blind = models.BooleanField(_("Graders do not see names"), default=True)
    is_graded_twice = models.BooleanField(_("Two people grade each answer"), default=False)
    bands = models.JSONField(_("Feedback by score"), default=list, blank=True)
    review = models.JSONField(_("What the learner reads after sending"), default=dict, blank=True,
                              help_text="When each ResultPart opens; empty: as is usual for the kind (domain/review.py).")
    current = models.ForeignKey("assessments.QuizVersion", models.PROTECT, null=True, blank=True, related_name="+")
    practice_of = models.OneToOneField("self", models.CASCADE, null=True, blank=True, related_name="practice", editable=False,
                                       help_text="Carries the practice of missed questions of that quiz; see domain/practice.py.")

    objects = QuizQuerySet.as_manager()

    class Meta:
        verbose_name = _("quiz")
        verbose_name_plural = _("quizzes")
        ordering = ["title"]
        constraints = [models.CheckConstraint(condition=models.Q(pass_mark__lte=100), name="quiz_pass_mark_percent",
                                              violation_error_message=_("A pass mark is at most 100."))]

    def __str__(self) -> str:
        return self.title


class QuizItem(models.Model):
    """A question in the pool of a quiz."""

    quiz = models.ForeignKey(Quiz, models.CASCADE, related_name="items")
    question = models.ForeignKey(Question, models.PROTECT, related_name="quiz_items")
    section = models.ForeignKey("assessments.QuizSection", models.SET_NULL, null=True, blank=True, related_name="items")
    sort_order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["sort_order", "pk"]
        constraints = [models.UniqueConstraint(fields=["quiz", "question"], name="quiz_item_once")]

    def __str__(self) -> str:
        return f"{self.quiz}: {self.question}"


class QuizVersion(AppendOnly):
    """Immutable definition an attempt refers to. ``spec`` = settings and the list of question version ids."""

    quiz = models.ForeignKey(Quiz, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    spec = models.JSONField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("people.Account", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["quiz", "-number"]
        constraints = [models.UniqueConstraint(fields=["quiz", "number"], name="quiz_version_once")]

    def __str__(self) -> str:
        return f"{self.quiz} v{self.number}"
