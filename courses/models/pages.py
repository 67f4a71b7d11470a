"""What authors write: Wagtail pages. Learners read releases, never these pages (decisions 21)."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import CommentPanel, FieldPanel, HelpPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page, PageManager, PageQuerySet
from wagtail.permission_policies.pages import PagePermissionPolicy

from courses.blocks import SHORT_FEATURES, LessonBlocks
from courses.enums import CompletionRule
from people.models import scope_of

PREVIEW_SIZES = [
    {"name": "mobile", "icon": "mobile-alt", "device_width": 360, "label": _("As on a phone")},
    {"name": "desktop", "icon": "desktop", "device_width": 1280, "label": _("As on a computer")},
]


# Not Wagtail's own title panel: it looks for the slug, which authors do not see.
TITLE = FieldPanel("title")


class AuthoredPage(Page):
    """What all our pages share: the learner's address as their address, and a preview with the learner's templates."""

    promote_panels: list = []
    settings_panels = [CommentPanel()]
    # Who may read a course follows from enrolment and release, not from Wagtail's page privacy.
    private_page_options: list = []

    class Meta:
        abstract = True

    @property
    def preview_sizes(self):
        return PREVIEW_SIZES

    def get_admin_default_ordering(self):
        """In the editor, too, things stand in the order of reading."""
        return "ord"

    def learner_path(self) -> str:
        return reverse("courses:catalogue")

    def get_url_parts(self, request=None):
        """Wagtail serves no page of ours: "view live" leads to where learners read."""
        site = next(iter(self._get_relevant_site_root_paths(request)), None)
        return (site.site_id, site.root_url, self.learner_path()) if site else None

    def serve_preview(self, request, mode_name):
        """Inside the editor's frame; the rest of the product may be framed by nobody."""
        response = super().serve_preview(request, mode_name)
        response._csp_replace = {"frame-ancestors": ["'self'"]}
        response["X-Frame-Options"] = "SAMEORIGIN"
        return response

    def get_preview_context(self, request, mode_name):
        return {**super().get_preview_context(request, mode_name), "page": self}


class HomePage(AuthoredPage):
    """Root of the authored tree; serves nothing to learners."""

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["courses.CataloguePage"]
    max_count = 1
    preview_modes: list = []

    class Meta:
        verbose_name = _("home")


class CataloguePage(AuthoredPage):
    """A shelf of courses. The trainers of ``unit`` (and above) write there; no unit: the trainers of the whole agency.

    ``group`` carries the permissions on this shelf and its collection; members follow the grants (``courses.domain.shelves``).
    """

    unit = models.ForeignKey("people.OrgUnit", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Unit"))
    collection = models.OneToOneField("wagtailcore.Collection", models.SET_NULL, null=True, editable=False, related_name="+")
    group = models.OneToOneField("auth.Group", models.SET_NULL, null=True, editable=False, related_name="+")

    parent_page_types = ["courses.HomePage"]
    subpage_types = ["courses.CoursePage"]
    preview_modes: list = []
    # Shelves are made by HR or an administrator in courses.domain.shelves, so that their group and collection come with them.
    is_creatable = False

    class Meta:
        verbose_name = _("course shelf")
        verbose_name_plural = _("course shelves")


class CourseQuerySet(PageQuerySet):
    def released(self):
        """Open for enrolment: live, and a release exists."""
        return self.live().filter(current_release__isnull=False)

    def taught_by(self, user):
        """Courses whose page ``user`` may edit, when she holds the trainer role."""
        if not scope_of(user).has("trainer"):
            return self.none()
        editable = PagePermissionPolicy().instances_user_has_permission_for(user, "change")
        return self.filter(pk__in=editable.values("pk"))


RESERVED_SLUGS = frozenset({"katalog"})  # addresses beside the courses (courses/urls.py)
MINOR = _("Small correction: people who are in the middle of the course get it too")
MINOR_HELP = _("For typing errors and the like. Otherwise they keep the version with which they began.")


class CoursePage(AuthoredPage):
    summary = models.TextField(_("Summary"), max_length=400, help_text=_("Two sentences for the catalogue."))
    why = RichTextField(_("Why this course"), blank=True, features=SHORT_FEATURES)
    level = models.PositiveSmallIntegerField(
        _("Level"), default=2, choices=[(n, str(n)) for n in range(1, 6)], help_text=_("PermenPANRB 38/2017, 1 to 5")
    )
    learning_minutes = models.PositiveIntegerField(
        _("Learning hours in minutes"), default=45, help_text=_("1 JP = 45 minutes"), validators=[MaxValueValidator(60_000)]
    )
    completion_rule = models.CharField(
        _("Completion rule"), max_length=12, choices=CompletionRule.choices, default=CompletionRule.LESSONS_AND_QUIZ
    )
    pass_mark = models.PositiveSmallIntegerField(
        _("Pass mark (%)"),
        default=70,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("The same as in the final quiz."),
    )
    certificate_months = models.PositiveSmallIntegerField(
        _("Certificate valid for months"),
        null=True,
        blank=True,
        help_text=_("Empty: no end."),
        validators=[MinValueValidator(1), MaxValueValidator(600)],
    )
    pre_quiz = models.ForeignKey(
        "assessments.Quiz", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Pre-test")
    )
    post_quiz = models.ForeignKey(
        "assessments.Quiz", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Final quiz")
    )
    trainer = models.ForeignKey(
        "people.Account", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Trainer")
    )
    is_minor_update = models.BooleanField(MINOR, default=False, help_text=MINOR_HELP)
    current_release = models.ForeignKey(
        "courses.CourseRelease", models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    objects = PageManager.from_queryset(CourseQuerySet)()

    # A copy begins without a release of its own.
    exclude_fields_in_copy = ["current_release", "is_minor_update"]
    parent_page_types = ["courses.CataloguePage"]
    subpage_types = ["courses.ModulePage"]
    template = preview_template = "courses/preview_course.html"

    content_panels = [
        TITLE,
        FieldPanel("summary"),
        FieldPanel("why"),
        InlinePanel("course_objectives", heading=_("After this course you can ..."), label=_("Objective")),
        InlinePanel(
            "course_indicators",
            heading=_("Indicators it improves"),
            label=_("Indicator"),
            help_text=_("Through these the course is proposed to people whose measured value lies below the target."),
        ),
        MultiFieldPanel(
            [FieldPanel("completion_rule"), FieldPanel("pre_quiz"), FieldPanel("post_quiz"), FieldPanel("pass_mark")],
            heading=_("When is it completed?"),
        ),
        MultiFieldPanel(
            [FieldPanel("level"), FieldPanel("learning_minutes"), FieldPanel("certificate_months"), FieldPanel("trainer")],
            heading=_("Facts"),
        ),
        FieldPanel("is_minor_update"),
    ]

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")

    def learner_path(self) -> str:
        return reverse("courses:course", args=[self.slug])

    @staticmethod
    def _slug_is_available(slug, parent_page, page=None):
        """Learners find a course by its slug alone, so it is unique across shelves, not only among siblings."""
        others = CoursePage.objects.filter(slug=slug)
        return (
            slug not in RESERVED_SLUGS and not (others.exclude(pk=page.pk) if page is not None and page.pk else others).exists()
        )

    def clean(self):
        super().clean()
        if self.pre_quiz_id and self.pre_quiz_id == self.post_quiz_id:
            raise ValidationError(
                {"pre_quiz": _("Pre-test and final quiz are two quizzes; they may draw from the same questions.")}
            )


class CourseObjective(Orderable):
    course = ParentalKey(CoursePage, on_delete=models.CASCADE, related_name="course_objectives")
    text = models.CharField(_("After this course you can ..."), max_length=255)
    objective = models.ForeignKey(
        "assessments.Objective",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Objective of the question bank"),
    )

    panels = [FieldPanel("text"), FieldPanel("objective")]


class CourseIndicator(Orderable):
    """The map from training to gap: versioned content (architecture §1)."""

    course = ParentalKey(CoursePage, on_delete=models.CASCADE, related_name="course_indicators")
    indicator = models.ForeignKey(
        "performance.Indicator", models.CASCADE, related_name="course_indicators", verbose_name=_("Indicator")
    )
    level = models.PositiveSmallIntegerField(_("Level"), default=2, validators=[MinValueValidator(1), MaxValueValidator(5)])

    panels = [FieldPanel("indicator"), FieldPanel("level")]


class ModulePage(AuthoredPage):
    is_minor_update = models.BooleanField(MINOR, default=False, help_text=MINOR_HELP)

    parent_page_types = ["courses.CoursePage"]
    subpage_types = ["courses.LessonPage"]
    preview_modes: list = []
    content_panels = [TITLE, FieldPanel("is_minor_update")]

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")

    def learner_path(self) -> str:
        course = self.get_parent()
        return reverse("courses:course", args=[course.slug]) if course else super().learner_path()


class LessonPage(AuthoredPage):
    minutes = models.PositiveSmallIntegerField(
        _("Reading time in minutes"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(240)],
        help_text=_("Best between 5 and 7."),
    )
    body = StreamField(LessonBlocks(), verbose_name=_("Content"), blank=True)
    is_minor_update = models.BooleanField(MINOR, default=False, help_text=MINOR_HELP)

    parent_page_types = ["courses.ModulePage"]
    subpage_types: list = []
    template = preview_template = "courses/preview_lesson.html"
    content_panels = [
        TITLE,
        FieldPanel("minutes"),
        FieldPanel("body"),
        FieldPanel("is_minor_update"),
        HelpPanel(template="courses/editor_help.html", heading=_("Before you publish")),
    ]

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")

    def learner_path(self) -> str:
        """The lesson in the present release; before its first release the course."""
        course = CoursePage.objects.ancestor_of(self).first()
        if course is None:
            return super().learner_path()
        released = self._meta.apps.get_model("courses.ReleasedLesson").objects.filter(
            release=course.current_release_id, key=self.translation_key
        )
        position = released.values_list("position", flat=True).first() if course.current_release_id else None
        return reverse("courses:lesson", args=[course.slug, position]) if position else course.learner_path()
