"""A colleague reads a question before learners do: asking, agreeing, remarks. It keeps nobody from publishing; it shows what was read.

Who wrote the version does not judge it. The state of a question is the last step about its current version; a new version begins anew.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.enums import ReviewVerdict
from assessments.models import Question, QuestionReview
from core.domain.errors import RuleViolation
from people.domain.notices import notify
from people.enums import NoticeKind
from people.models import Account

SHORTEST_REMARK, LONGEST_WORDS = 10, 2_000


def steps_of(question: Question) -> QuerySet[QuestionReview]:
    """About the current version, the latest first."""
    return QuestionReview.objects.filter(version=question.current_id).select_related("by").order_by("-pk")


def with_state(questions: QuerySet[Question]) -> QuerySet[Question]:
    """Each with ``review_state``: the verdict of its last step, None where there is none."""
    last = QuestionReview.objects.filter(version=OuterRef("current")).order_by("-pk")
    return questions.annotate(review_state=Subquery(last.values("verdict")[:1]))


def problems(question: Question, verdict: str, words: str, *, by: Account) -> dict[str, list[str]]:
    """Why ``by`` cannot do this now, by field (verdict, words)."""
    last = steps_of(question).first()
    state = last.verdict if last else ""
    found: dict[str, list[str]] = {}
    if verdict not in ReviewVerdict.values:
        found["verdict"] = [_("Choose what you want to say.")]
    elif verdict == ReviewVerdict.ASKED:
        if state == ReviewVerdict.ASKED:
            found["verdict"] = [_("A review has been asked for already.")]
    elif question.current is not None and question.current.created_by_id == by.pk:
        found["verdict"] = [_("You wrote this version: ask a colleague to read it.")]
    elif verdict == ReviewVerdict.REMARKS and len(words.strip()) < SHORTEST_REMARK:
        found["words"] = [_("Say in a sentence what is to be mended, so that your colleague can.")]
    if len(words) > LONGEST_WORDS:
        found["words"] = [_("At most %(limit)d characters.") % {"limit": LONGEST_WORDS}]
    return found


@transaction.atomic
def review(question: Question, verdict: str, *, words: str = "", by: Account, at: datetime | None = None) -> QuestionReview:
    """One more step about the current version. ``RuleViolation``: see ``problems``. Who asked, or else who wrote it, is told of a verdict."""
    question = Question.objects.select_for_update(of=("self",)).select_related("current__created_by").get(pk=question.pk)
    if reasons := [sentence for found in problems(question, verdict, words, by=by).values() for sentence in found]:
        raise RuleViolation(reasons)
    asked = steps_of(question).filter(verdict=ReviewVerdict.ASKED).first()
    step = QuestionReview.objects.create(version=question.current, verdict=verdict, words=words.strip(), by=by, at=at or timezone.now())
    teller = asked.by if asked else question.current.created_by if question.current else None
    if verdict != ReviewVerdict.ASKED and teller is not None and teller.pk != by.pk:
        title = gettext_lazy("A colleague agrees with a question of yours") if verdict == ReviewVerdict.AGREED else gettext_lazy(
            "A colleague has remarks on a question of yours")
        notify(teller, kind=NoticeKind.REQUEST, key=f"assessments.question_review:{step.pk}", title=title,
               url=reverse("assessments:question_review", args=[question.pk]), at=step.at)
    return step
