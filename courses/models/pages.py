"""What authors write: Wagtail pages. Learners read releases, never these pages (decisions 21)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page

from courses.blocks import LessonBlocks
from courses.enums import CompletionRule
from people.models import scope_of


class HomePage(Page):
    """Root of the authored tree; serves nothing to learners."""

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["courses.CataloguePage"]
    max_count = 1

    class Meta:
        verbose_name = _("home")


class CataloguePage(Page):
    """A shelf of courses; page permissions on it decide who writes there."""

    parent_page_types = ["courses.HomePage"]
    subpage_types = ["courses.CoursePage"]

    class Meta:
        verbose_name = _("course shelf")
        verbose_name_plural = _("course shelves")


class CoursePage(Page):
    summary = models.TextField(_("Summary"), max_length=400)
    why = RichTextField(_("Why this course"), blank=True, features=["bold", "italic", "link", "ul"])
    level = models.PositiveSmallIntegerField(_("Level"), default=2, choices=[(n, str(n)) for n in range(1, 6)], help_text=_("PermenPANRB 38/2017, 1 to 5"))
    learning_minutes = models.PositiveIntegerField(_("Learning hours in minutes"), default=45, help_text=_("1 JP = 45 minutes"))
    completion_rule = models.CharField(_("Completion rule"), max_length=12, choices=CompletionRule.choices, default=CompletionRule.LESSONS_AND_QUIZ)
    pass_mark = models.PositiveSmallIntegerField(_("Pass mark (%)"), default=70)
    certificate_months = models.PositiveSmallIntegerField(_("Certificate valid for months"), null=True, blank=True, help_text=_("Empty: no end."))
    pre_quiz = models.ForeignKey("assessments.Quiz", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Pre-test"))
    post_quiz = models.ForeignKey("assessments.Quiz", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Final quiz"))
    trainer = models.ForeignKey("people.Account", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Trainer"))
    is_minor_update = models.BooleanField(_("Small correction (running learners are moved)"), default=False)
    current_release = models.ForeignKey("courses.CourseRelease", models.PROTECT, null=True, blank=True, related_name="+", editable=False)

    parent_page_types = ["courses.CataloguePage"]
    subpage_types = ["courses.ModulePage"]

    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("why"),
        InlinePanel("course_objectives", heading=_("Objectives"), label=_("Objective")),
        InlinePanel("course_indicators", heading=_("Indicators it improves"), label=_("Indicator")),
        MultiFieldPanel(
            [FieldPanel("level"), FieldPanel("learning_minutes"), FieldPanel("completion_rule"), FieldPanel("pass_mark"),
             FieldPanel("pre_quiz"), FieldPanel("post_quiz"), FieldPanel("certificate_months"), FieldPanel("trainer")],
            heading=_("Rules"),
        ),
    ]
    promote_panels = []
    settings_panels = [FieldPanel("is_minor_update")]

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")


class CourseObjective(Orderable):
    course = ParentalKey(CoursePage, on_delete=models.CASCADE, related_name="course_objectives")
    text = models.CharField(_("After this course you can ..."), max_length=255)
    objective = models.ForeignKey("assessments.Objective", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Objective of the question bank"))


class CourseIndicator(Orderable):
    """The map from training to gap: versioned content (architecture §1)."""

    course = ParentalKey(CoursePage, on_delete=models.CASCADE, related_name="course_indicators")
    indicator = models.ForeignKey("performance.Indicator", models.CASCADE, related_name="course_indicators", verbose_name=_("Indicator"))
    level = models.PositiveSmallIntegerField(_("Level"), default=2)


class ModulePage(Page):
    parent_page_types = ["courses.CoursePage"]
    subpage_types = ["courses.LessonPage"]
    content_panels = Page.content_panels
    promote_panels = []

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")


class LessonPage(Page):
    minutes = models.PositiveSmallIntegerField(_("Reading time in minutes"), default=5)
    body = StreamField(LessonBlocks(), verbose_name=_("Content"), blank=True)

    parent_page_types = ["courses.ModulePage"]
    subpage_types = []
    content_panels = [*Page.content_panels, FieldPanel("minutes"), FieldPanel("body")]
    promote_panels = []

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")


def courses_taught_by(user):
    """Courses whose page ``user`` may edit, when she holds the trainer role."""
    if not scope_of(user).has("trainer"):
        return CoursePage.objects.none()
    from wagtail.permission_policies.pages import PagePermissionPolicy

    editable = PagePermissionPolicy().instances_user_has_permission_for(user, "change")
    return CoursePage.objects.filter(pk__in=editable.values("pk"))
