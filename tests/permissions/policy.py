"""The policy table: route -> who gets in with GET and with POST. Everybody not named meets 404 (405 where the method does not exist);
strangers without a session are sent to the sign-in page. Sources: decisions 9, 12, 19, 23, 24; reliability §5 (least privilege).

Three readings: open, refused (told why not, 4xx with the reason), closed. ``refused=`` names who may look and not do; ``incomplete=True`` says
that the row sends an empty form, so that whoever may do it is told what is missing.

Words: ``*`` everybody, ``+`` everybody who is signed in, ``-`` nobody. Things belong to *asn* unless their name says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.permissions.identities import allow

HR = "hr_unit hr_other hr_central"
HR_HERE = "hr_unit hr_central"  # HR of Sari's unit, and central HR
DECIDERS = f"superior {HR_HERE}"
NOT_SARI = (
    "other_asn superior other_superior trainer hr_unit hr_other hr_central evaluator auditor admin counsellor recipient counselled"
)
HAS_STAFF = "superior other_superior"


@dataclass(frozen=True)
class Row:
    get: frozenset[str]
    post: frozenset[str]  # who does it
    refused: frozenset[str]  # who gets in, and is told why she may not send it (4xx with the reason)
    incomplete: bool  # the form that the row sends lacks something: whoever may send is told what
    used_up: bool  # an address that leads to nothing any more: everybody who gets in is told so
    make: Callable | None = None
    fixed: dict = field(default_factory=dict)
    data: dict | None = None

    def expected(self, identity: str, method: str) -> str:
        """``open``, ``refused`` or ``closed`` (for strangers: ``closed`` or the sign-in page)."""
        if identity in (self.get if method == "get" else self.post):
            return "refused" if self.used_up or (self.incomplete and method == "post") else "open"
        return "refused" if method == "post" and identity in self.refused else "closed"

    def kwargs(self, world) -> dict:
        return {**self.fixed, **(self.make(world) if self.make else {})}


def row(
    get: str,
    post: str = "-",
    *,
    refused: str = "-",
    incomplete: bool = False,
    used_up: bool = False,
    of: str = "",
    data: dict | None = None,
    **fixed,
) -> Row:
    """``of="gap.pk"`` fills the route's argument ``pk`` from the world; several as ``of="pk=gap.pk slug=course.slug"``."""

    def make(world) -> dict:
        found = {}
        for part in of.split():
            name, _eq, path = part.rpartition("=")
            value = world
            for step in path.split("."):
                value = getattr(value, step)
            found[name or "pk"] = value
        return found

    return Row(allow(get), allow(post), allow(refused), incomplete, used_up, make if of else None, fixed, data)


ROWS: dict[str, Row] = {
    # --- open to everybody
    "core:root": row("*"),
    "core:help": row("*"),
    "core:accessibility": row("*"),
    "core:privacy": row("*"),
    "core:terms": row("*"),
    "core:offline": row("*"),
    "core:service_worker": row("*"),
    "core:alive": row("*"),
    "core:look": row("-", "*"),
    "core:styleguide": row("*", "*"),  # where SHOWS_STYLEGUIDE is on: in tests
    "core:styleguide_page": row("*", "*", name="orang"),
    "certificates:lookup": row("*", "*"),
    "certificates:verify": row("*", of="token=certificate.token"),
    "certificates:compare": row("-", "*", of="token=certificate.token", incomplete=True),
    "people:link_request": row("*", "*", incomplete=True),
    "people:link_sent": row("*"),
    "people:one_time": row("*", "*", token="x" * 32, used_up=True),
    "people:one_time_code": row("*", "*", incomplete=True),
    "people:email_confirm": row("*", "*", token="x" * 32, used_up=True),
    # --- every person for herself
    "core:me": row("+"),
    "core:area": row("-", "+"),
    "people:security": row("+"),
    "people:end_device": row("-", "+"),
    "people:profile": row("+", "+"),
    "people:change_address": row("-", "+", incomplete=True),
    "people:my_data": row("+"),
    "people:my_data_file": row("-", "+"),
    "people:new_password": row("+", "+"),
    "people:notices": row("+"),
    "people:notices_read": row("-", "+"),
    "people:notice": row("asn", of="notice.pk"),
    "improvement:home": row("+"),
    "improvement:my_performance": row("+"),
    "improvement:records": row("+"),
    "improvement:talks": row("+"),
    "improvement:export_learning": row("+"),
    "certificates:list": row("+"),
    "courses:catalogue": row("+"),
    "courses:mine": row("+"),
    "courses:course": row("+", of="slug=course.slug"),
    "courses:enrol": row("-", "+", of="slug=course.slug"),
    # --- what belongs to Sari alone
    "improvement:gap_context": row("asn", "asn", of="gap.pk", incomplete=True),
    "improvement:record": row("asn", "asn", of="record.pk"),
    "improvement:plan": row("asn", "asn", of="enrolment.pk", incomplete=True),
    "improvement:transfer": row("asn", "asn", of="question_30.pk", incomplete=True),
    "improvement:assignment": row("asn", "asn", of="assignment.pk", incomplete=True),
    "improvement:request": row("asn", of="asked.pk"),
    # the address names a course, the act touches one's own enrolment only; without one the reader is led to the course page
    "courses:lesson": row("+", NOT_SARI, refused="asn", of="slug=course.slug", position=1),
    "courses:quiz_start": row("+", NOT_SARI, refused="asn", of="slug=course.slug", kind="post"),
    "courses:place": row("-", "+", of="slug=course.slug", position=1),
    "courses:leave": row("-", NOT_SARI, refused="asn", of="slug=course.slug"),
    "assessments:attempt": row("asn", "asn", of="attempt.pk", n=1),
    "assessments:answer_upload": row("-", "asn", of="filing.pk", n=1, incomplete=True),
    "assessments:answer_file_download": row("asn trainer", of="answer_file.pk"),
    "assessments:sheet": row("asn", of="attempt.pk"),
    "assessments:review": row("asn", of="attempt.pk"),
    "assessments:finish": row("-", "asn", of="attempt.pk"),
    "assessments:attempt_log": row("asn", of="finished.pk"),
    "assessments:attempt_log_download": row("asn", of="finished.pk"),
    "assessments:result": row("asn", of="finished.pk"),
    "assessments:practice": row("+"),
    "assessments:practice_begin": row("-", "asn", of="round.pk"),
    "assessments:practice_end": row("-", "asn", of="round.pk"),
    # --- the person, her superior, HR of her unit, those who measure and audit
    "improvement:trail": row(f"asn {DECIDERS} evaluator auditor", of="gap.pk"),
    "improvement:proof_text": row(f"asn {DECIDERS} evaluator auditor", of="record.pk"),
    "certificates:download": row(f"asn {DECIDERS} auditor", of="certificate.pk"),
    # --- who decides for Sari
    "improvement:person": row(DECIDERS, of="sari.pk"),
    "improvement:assign": row(DECIDERS, DECIDERS, of="sari.pk", incomplete=True),
    "improvement:gap": row(DECIDERS, of="gap.pk"),
    "improvement:set_severity": row("-", DECIDERS, of="gap.pk", incomplete=True),
    "improvement:set_cause": row("-", DECIDERS, of="gap.pk", incomplete=True),
    "improvement:review": row(DECIDERS, DECIDERS, of="gap.pk", incomplete=True),
    "improvement:waive": row(DECIDERS, DECIDERS, of="gap.pk", incomplete=True),
    "improvement:answer_context": row(DECIDERS, DECIDERS, of="context.pk", incomplete=True),
    "improvement:confirm": row(DECIDERS, DECIDERS, of="offer.pk", incomplete=True),
    "improvement:decline": row(DECIDERS, DECIDERS, of="offer.pk", incomplete=True),
    "improvement:remind": row(DECIDERS, DECIDERS, of="assignment.pk", incomplete=True),
    "improvement:take_back": row("-", DECIDERS, of="assignment.pk"),
    "improvement:approval": row(DECIDERS, DECIDERS, of="asked.pk", incomplete=True),
    "improvement:transfer_confirm_one": row(DECIDERS, DECIDERS, of="question_60.pk", incomplete=True),
    "improvement:plan_guidance": row(DECIDERS, DECIDERS, of="sari.pk", incomplete=True),
    "improvement:plan_counselling": row(DECIDERS, DECIDERS, of="sari.pk", incomplete=True),
    # --- lists of those who lead or look after a unit
    "improvement:team": row(HAS_STAFF),
    "improvement:transfer_confirm": row(f"{HAS_STAFF} {HR}"),
    "improvement:approvals": row(f"{HAS_STAFF} {HR}"),
    "improvement:plans": row(f"{HR} auditor"),
    "improvement:plan_of_cell": row("hr_central", "hr_central", of="cell_plan.pk"),
    "improvement:plan_later": row("hr_central", "hr_central", of="cell_plan.pk", incomplete=True),
    "improvement:overview": row(f"{HR} auditor"),
    "improvement:gap_list": row(f"{HR} auditor"),
    "improvement:gaps": row(HR, HR, incomplete=True),
    "improvement:bulk": row(HR, HR, incomplete=True),
    "improvement:bulk_undo": row("-", "hr_unit", of="bulk.pk"),
    "improvement:coaching_monitor": row(HR),
    "improvement:export_unit_learning": row(HR_HERE, of="melati.pk"),
    # --- talks: the two who meet; HR of the unit the formal record
    "improvement:guidance": row(f"asn {DECIDERS}", of="talk.pk"),
    "improvement:write_talk": row("-", "superior", of="talk.pk", incomplete=True),
    "improvement:add_agenda": row("-", "asn superior", of="talk.pk", incomplete=True),
    "improvement:move_guidance": row("superior", "superior", of="talk.pk", incomplete=True),
    "improvement:talk_deed": row("-", "asn superior", of="talk.pk", deed="setuju", incomplete=True),
    # --- counselling: counsellor, counselled, recipient
    "improvement:counselling": row("counsellor counselled recipient", "counsellor", of="session.pk", incomplete=True),
    "improvement:session_deed": row("-", "counsellor", of="session.pk", deed="tutup"),
    # --- certificates in HR
    "certificates:manage": row(f"{HR} auditor"),
    "certificates:detail": row(f"{HR_HERE} auditor", of="certificate.pk"),
    "certificates:revoke": row("hr_central", "hr_central", of="certificate.pk", incomplete=True),
    "certificates:reissue": row("hr_central", "hr_central", of="certificate.pk", incomplete=True),
    "certificates:waiting": row(HR, HR, incomplete=True),
    "certificates:decline": row(HR_HERE, HR_HERE, of="pending.pk", incomplete=True),
    "certificates:batch": row(HR_HERE, HR_HERE, of="batch.pk"),
    "certificates:batch_preview": row(HR_HERE, of="batch.pk"),
    "certificates:batch_undo": row("-", HR_HERE, of="batch.pk"),
    "certificates:design": row("hr_central"),
    "certificates:design_new": row("hr_central", "hr_central", incomplete=True),
    "certificates:design_edit": row("hr_central", "hr_central", of="certificate.design.pk", incomplete=True),
    "certificates:design_end": row("-", "hr_central", of="certificate.design.pk"),
    "certificates:type_new": row("hr_central", "hr_central", incomplete=True),
    "certificates:type_edit": row("hr_central", "hr_central", of="certificate.type.pk", incomplete=True),
    "certificates:issuer_new": row("hr_central", "hr_central", incomplete=True),
    "certificates:issuer_edit": row("hr_central", "hr_central", of="certificate.issuer.pk", incomplete=True),
    # --- trainers
    "courses:studio": row("trainer"),
    "courses:studio_course": row("trainer", of="slug=course.slug"),
    "courses:studio_publish": row("-", "trainer", of="slug=course.slug"),
    "courses:grant_attempt": row("-", refused="trainer", of="slug=course.slug pk=enrolment.pk"),  # she has attempts left
    "courses:edit": row("trainer", of="slug=course.slug"),
    "assessments:picture": row("-", name="0" * 32 + ".webp"),  # a picture that no question has
    "assessments:questions": row("trainer"),
    "assessments:paste": row("trainer", "trainer", incomplete=True),
    "assessments:import_file": row("trainer", "trainer", incomplete=True),
    "assessments:question_new": row("trainer", "trainer", type="single", incomplete=True),
    "assessments:question": row("trainer", of="bank_question.pk"),
    "assessments:question_edit": row("trainer", "trainer", of="bank_question.pk", incomplete=True),
    "assessments:question_copy": row("-", "trainer", of="bank_question.pk"),
    "assessments:question_use": row("-", "trainer", of="bank_question.pk"),
    "assessments:export_file": row("trainer", "trainer", incomplete=True),
    "assessments:questions_alike": row("trainer"),
    "assessments:question_review": row("trainer", "trainer", of="bank_question.pk", incomplete=True),
    "assessments:correct_key": row("trainer", "trainer", of="bank_question.pk", number=1, incomplete=True),
    "assessments:quizzes": row("trainer"),
    "assessments:quiz_new": row("trainer", "trainer", incomplete=True),
    "assessments:quiz": row("trainer", of="quiz.pk"),
    "assessments:quiz_edit": row("trainer", "trainer", of="quiz.pk", incomplete=True),
    "assessments:quiz_pool": row("trainer", "trainer", of="quiz.pk"),
    "assessments:quiz_remove": row("-", "trainer", of="quiz.pk question=bank_question.pk"),
    "assessments:section_new": row("trainer", "trainer", of="quiz.pk", incomplete=True),
    "assessments:section_edit": row("trainer", "trainer", of="pk=quiz.pk section=section.pk", incomplete=True),
    "assessments:section_move": row("-", "trainer", of="pk=quiz.pk section=section.pk"),
    "assessments:section_remove": row("-", "trainer", of="pk=quiz.pk section=section.pk"),
    "assessments:quiz_publish": row("-", "trainer", of="quiz.pk"),
    "assessments:quiz_try": row("trainer", "trainer", of="quiz.pk"),
    "assessments:quiz_statistics": row("trainer", of="quiz.pk"),
    "assessments:quiz_integrity": row("trainer", of="quiz.pk"),
    "assessments:statistics_export": row("trainer", of="quiz.pk"),
    "assessments:question_statistics": row("trainer", of="pk=quiz.pk question=bank_question.current_id"),
    "assessments:grading": row("trainer"),
    "assessments:grade": row("trainer", "trainer", of="essay.pk"),
    "courses:review": row("-", token="x"),  # a link without a valid signature
    "courses:review_lesson": row("-", token="x", pk=1),
    "courses:file": row("-", name="0" * 32 + ".png"),  # a file nobody published
    "courses:editor_image": row("-", name="original_images/none.png"),
    # --- imports
    "people:import_list": row(f"{HR} auditor admin"),
    "people:import_new": row(f"{HR} admin", f"{HR} admin", incomplete=True),
    "people:import_new_kind": row(f"{HR} admin", f"{HR} admin", kind="people", incomplete=True),
    "people:import_example": row(f"{HR} admin", kind="people"),
    "people:import_preview": row("hr_unit hr_central auditor", of="run.pk"),
    "people:import_rows": row("hr_unit hr_central auditor", of="run.pk", view="semua"),
    "people:import_state": row("hr_unit hr_central auditor", of="run.pk"),
    "people:import_mapping": row("hr_unit", "hr_unit", of="run.pk"),
    "people:import_repair": row("-", "hr_unit", of="run.pk", incomplete=True),
    "people:import_apply": row("-", "hr_unit", of="run.pk"),
    "people:import_undo": row("-", HR_HERE, refused="auditor", of="applied.pk"),
    "people:import_discard": row("-", "hr_unit", of="run.pk"),
    "people:import_faulty": row("hr_unit hr_central auditor", of="run.pk"),
    # --- standards, indicators, periods, rules (H9): HR and auditors read, central HR keeps
    "performance:standards": row(f"{HR} auditor"),
    "performance:indicators": row(f"{HR} auditor"),
    "performance:periods": row(f"{HR} auditor"),
    "performance:predicates": row(f"{HR} auditor"),
    "performance:rules": row(f"{HR} auditor"),
    "performance:rule_simulation": row(f"{HR} auditor", of="rule.pk"),
    "performance:standard_new": row("hr_central", "hr_central", incomplete=True),
    "performance:indicator_new": row("hr_central", "hr_central", incomplete=True),
    "performance:period_new": row("hr_central", "hr_central", incomplete=True),
    "performance:rule_new": row("hr_central", "hr_central", incomplete=True),
    "performance:standard": row("hr_central", "hr_central", of="standard.pk", incomplete=True),
    "performance:indicator": row("hr_central", "hr_central", of="gap.indicator.pk", incomplete=True),
    "performance:period": row("hr_central", "hr_central", of="gap.last_missed_period.pk", incomplete=True),
    "performance:cell": row("hr_central", "hr_central", of="cell.pk", incomplete=True),
    "performance:cell_later": row("hr_central", "hr_central", of="cell.pk", incomplete=True),
    "performance:profile_new": row("hr_central", "hr_central", incomplete=True),
    "performance:profile": row("hr_central", "hr_central", of="profile.pk", incomplete=True),
    "performance:rule": row("hr_central", "hr_central", of="rule.pk", incomplete=True),
    "performance:rule_on": row("-", "hr_central", of="rule.pk", incomplete=True),
    "performance:rule_off": row("-", "hr_central", of="rule.pk"),
    # --- measuring (E1): the evaluator of the unit, and who appraises
    "performance:measuring": row("superior other_superior evaluator"),
    "performance:measure": row("superior evaluator", "superior evaluator", of="sari.pk", incomplete=True),
    "performance:evaluation": row(f"asn {DECIDERS} evaluator auditor", of="evaluation.pk"),
    "performance:evaluation_finalise": row("-", "evaluator", of="draft.pk"),
    "performance:evaluation_discard": row("-", "evaluator", of="draft.pk"),
    # --- operators
    "core:health": row("admin"),
    "core:job_decide": row("-", "admin", of="job.pk"),
    # auditors look; what they send is refused with its reason
    "people:roles": row(f"{HR} auditor admin", f"{HR} auditor admin"),  # searching is a POST: no name in an address
    "people:access": row(f"{HR_HERE} auditor admin", f"{HR_HERE} admin", refused="auditor", of="sari.pk", incomplete=True),
    "people:access_code": row("-", f"{HR_HERE} admin", refused="auditor", of="sari.pk"),
    "people:access_state": row("-", f"{HR_HERE} admin", refused="auditor", of="sari.pk", data={"act": "close"}),
    "people:access_revoke": row("-", "hr_central admin", refused="auditor", of="grant.pk"),
    # a need is private: no auditor, administrator, trainer or superior
    "assessments:accommodations": row(HR, HR),
    "assessments:accommodation": row(HR_HERE, HR_HERE, of="sari.pk", incomplete=True),
    "assessments:accommodation_end": row("-", HR_HERE, of="sari.pk"),
    "people:line_change": row("-", "hr_central", refused="hr_unit auditor", of="line.pk"),  # hr_unit asked for it: a second person decides
}

# --- designs, types and issuers in Wagtail's editor: for those who were given the permission there; none of the identities was
_LISTS, _ONE = ("list", "list_results", "add"), ("edit", "delete", "usage", "history", "history_results", "copy")
for _model in ("certificatedesign", "certificatetype", "issuer"):
    _space, _chooser = f"wagtailsnippets_certificates_{_model}", f"wagtailsnippetchoosers_certificates_{_model}"
    ROWS |= {f"{_space}:{screen}": row("-") for screen in _LISTS}
    ROWS |= {f"{_space}:{screen}": row("-", of=f"{_model}.pk") for screen in _ONE}
    ROWS |= {f"{_chooser}:{screen}": row("-") for screen in ("choose", "choose_results", "chosen_multiple", "create")}
    ROWS[f"{_chooser}:chosen"] = row("-", of=f"{_model}.pk")
_space = "wagtailsnippets_certificates_certificatedesign"
ROWS |= {
    f"{_space}:unpublish": row("-", of="certificatedesign.pk"),
    f"{_space}:revisions_revert": row("-", of="pk=certificatedesign.pk revision_id=certificatedesign.latest_revision.pk"),
    f"{_space}:revisions_unschedule": row("-", of="pk=certificatedesign.pk revision_id=certificatedesign.latest_revision.pk"),
    f"{_space}:revisions_compare": row("-", of="pk=certificatedesign.pk", revision_id_a="earliest", revision_id_b="latest"),
    "wagtailsnippets:index": row("-"),
}
