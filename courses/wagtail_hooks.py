"""The editor as trainers meet it: only what is theirs, plain words, and a word on whether learners got what was published."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.documents import get_document_model
from wagtail.models import Page
from wagtail.permissions import policy_registry

from courses.domain import checklist, releases
from courses.forms.editor import CourseForm
from courses.models import CataloguePage, CoursePage, Enrolment, HomePage, LessonPage, ModulePage

# Forms lie above models, so the form is given to its page here.
CoursePage.base_form_class = CourseForm

OWN_PAGES = (CoursePage, ModulePage, LessonPage)
#: Entries of the side menu that trainers have no use for.
HIDDEN = {"reports", "help", "settings"}


@hooks.register("construct_page_chooser_queryset")
def only_own_and_open_pages(pages, request):
    """A link may lead to one's own pages and to courses that everybody can open, not to a colleague's drafts."""
    if request.user.is_superuser:
        return pages
    own = policy_registry.get_by_type(Page).instances_user_has_any_permission_for(request.user, ["add", "change", "publish"])
    return (
        pages.filter(pk__in=own.values("pk"))
        | pages.filter(pk__in=CoursePage.objects.released().values("pk"))
        | pages.type(HomePage, CataloguePage)
    )


@hooks.register("before_move_page")
def only_where_one_writes(request, page, destination):
    """Wagtail asks at the moment of moving only; its question before shows the title of any page."""
    if not page.permissions_for_user(request.user).can_move_to(destination):
        raise PermissionDenied


@hooks.register("before_serve_document", order=-10)
def only_the_documents_of_ones_shelf(document, request):
    """Learners get files of released lessons; the document itself is for those who may choose it in the editor."""
    policy = policy_registry.get_by_type(get_document_model())
    if not policy.user_has_any_permission_for_instance(request.user, ["choose", "change"], document):
        raise Http404


@hooks.register("after_publish_page")
def say_what_learners_have(request, page):
    """Publishing a page makes a version for learners, once the course has all it needs."""
    if not isinstance(page, OWN_PAGES):
        return
    course = releases.course_of(page)
    lacks = checklist.publish_requirements(course) if course else []
    if lacks:
        messages.warning(request, _("Learners do not see this yet. Missing: %(list)s") % {"list": " ".join(lacks)})
    elif course is not None and course.current_release is not None:
        messages.info(request, _("Learners who begin now get version %(number)d.") % {"number": course.current_release.number})


@hooks.register("before_delete_page")
def keep_courses_that_were_used(request, page):
    """A course with participants is taken out of the catalogue, not deleted: certificates and records lead to it."""
    if not isinstance(page.specific, CoursePage):
        return None
    if page.specific.releases.exists() or Enrolment.objects.filter(course=page.pk).exists():
        messages.error(request, _("This course was published. Take it out of the catalogue (unpublish) instead of deleting it."))
        return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None


@hooks.register("construct_main_menu")
def shorter_menu(request, items):
    if not request.user.is_superuser:
        items[:] = [item for item in items if item.name not in HIDDEN]


@hooks.register("register_admin_menu_item")
def back_to_the_classes():
    return MenuItem(gettext_lazy("My classes"), reverse("courses:studio"), icon_name="group", order=1, name="bina-classes")


@hooks.register("construct_wagtail_userbar")
def no_userbar(request, items, page):
    """The one link on our pages is "Ubah halaman ini"."""
    items[:] = []
