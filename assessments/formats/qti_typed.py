"""QTI interactions that are typed, alone or in running text, and lists in running text. ``ValueError`` says in words what is the matter."""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from assessments.formats import qti_answers
from assessments.formats.qti_source import ANSWER, CRITERIA, STEM, TEXT, Found, Source, text_of, weighted
from assessments.formats.qti_text import has_class, lines_of, mark

_MARK = re.compile("\ue000(\\d+)\ue001")
_KINDS = {"pdf": "pdf", "image/": "picture", "officedocument": "document"}  # what stands in a media type, and our word for it
_LITERAL = re.compile(r"\[\[(\d{1,3})\]\]")


def extended_text(source: Source) -> Found:
    """With points a person grades it; without it is a thought written down for oneself."""
    words = {name: source.detail(name) for name in ("min_words", "max_words")}
    if not source.scoring.is_scored:
        return Found("reflection", source.stem(), {"content": {"min_words": words["min_words"]}})
    declaration = source.declaration(source.one)
    guide, rubric = _for_graders(source)
    guide = "\n".join(filter(None, [guide, *declaration.correct]))
    notes = [_("Answers that were accepted without a person are left out: a person grades this question.")] if declaration.has_mapping else []
    return Found("essay", source.stem(), {"content": {**words, "guide": guide, "rubric": rubric}}, notes)


def upload(source: Source) -> Found:
    """A file as answer: our own kinds, else the one kind that is asked for, else all."""
    guide, rubric = _for_graders(source)
    asked = source.one.get("type") or ""
    known = next((kind for sign, kind in _KINDS.items() if sign in asked), "")
    own = source.detail("kinds")
    kinds = own if isinstance(own, list) else [known] if known else list(_KINDS.values())
    notes = [_("The kind of file “%(type)s” is not known here; PDF, pictures and documents are taken.") % {"type": asked[:60]}] if (
        asked and not known) else []
    return Found("file", source.stem(), {"content": {"kinds": kinds, "guide": guide, "rubric": rubric}}, notes)


def _for_graders(source: Source) -> tuple[str, list[dict[str, Any]]]:
    """The guide, and criteria in the form in which we write them."""
    guide = "\n".join(filter(None, (lines_of(block) for block in source.guides if not has_class(block, CRITERIA))))
    rows = [[lines_of(cell) for cell in line.findall("span")] for block in source.guides if has_class(block, CRITERIA) for line in block.iter("li")]
    return guide, [{"name": row[0], "points": row[1]} for row in rows if len(row) == 2]


def text_entry(source: Source) -> Found:
    declaration, stem = source.declaration(source.one), _stem_with_blank(source)
    if qti_answers.is_number(declaration):
        answers, notes = qti_answers.numbers(declaration, source.scoring, source.feedback, source.detail("order", declaration.identifier))
        return Found("number", stem, {"content": {"answers": answers, "unit": source.detail("unit"), "unit_rule": source.detail("unit_rule")}}, notes)
    answers, heeds, notes = qti_answers.texts(declaration, source.scoring, source.feedback, source.detail("patterns", declaration.identifier))
    return Found("short_text", stem, {"content": {
        "answers": answers, "heeds_case": heeds, "heeds_accents": source.detail("heeds_accents") is not False}}, notes)


def _stem_with_blank(source: Source) -> str:
    """A line shows where a word is missing; an entry on a line of its own needs none."""
    own = next((element for element in source.body.iter() if has_class(element, ANSWER)), None)
    marks = {own: "\n"} if own is not None else {source.one: mark(1)}
    lines = [line for line in source.lines(marks).split("\n") if line.strip() != mark(1)]
    return "\n".join(lines).replace(mark(1), "_____").strip()


def gaps(source: Source) -> Found:
    """Entries and lists in running text. Gaps are numbered as their answers are declared."""
    names = [name for name in source.scoring.declarations if any(one.get("responseIdentifier") == name for one in source.interactions)]
    places = {one: source.declaration(one).identifier for one in source.interactions}
    if len(set(places.values())) < len(places):
        raise ValueError(_("Two places of the text take the same answer."))
    marks = {one: mark(names.index(name) + 1) for one, name in places.items()}
    found = [_gap(source, one) for one in sorted(source.interactions, key=lambda one: names.index(places[one]))]
    stem, text = _stem_and_text(source, marks)
    heeds = [heed for _gap, heed, _notes in found if heed is not None]
    notes = [note for _gap, _heed, notes in found for note in notes]
    if len(set(heeds)) > 1:
        notes.append(_("Capital letters counted for some of the answers; they count for all now."))
    heeds_case = any(heeds) or source.detail("heeds_case") is True
    return Found("gaps", stem, {"content": {"text": text, "gaps": [gap for gap, _heed, _notes in found], "heeds_case": heeds_case}}, notes)


def _stem_and_text(source: Source, marks: dict[Element, str]) -> tuple[str, str]:
    """What is asked, and the text with its gaps: the lines before the first that has a gap ask."""
    own = {name: next((element for element in source.body.iter() if has_class(element, name)), None) for name in (STEM, TEXT)}
    if own[TEXT] is not None:
        stem, text = lines_of(own[STEM]), lines_of(own[TEXT], marks)
    else:
        lines = source.lines(marks).split("\n")
        first = next((place for place, line in enumerate(lines) if _MARK.search(line)), 0)
        stem, text = "\n".join(lines[:first]).strip(), "\n".join(lines[first:])
    return stem or _("Fill the gaps."), _MARK.sub(r"[[\1]]", _LITERAL.sub(r"[\1]", text))


def _gap(source: Source, interaction: Element) -> tuple[dict[str, Any], bool | None, list[str]]:
    """The gap, whether capital letters count in it (None: nothing is typed), notes."""
    declaration = source.declaration(interaction)
    if interaction.tag == "inlineChoiceInteraction":
        texts = {one.get("identifier", ""): text_of(one) for one in interaction.findall("inlineChoice")}
        if source.scoring.is_mapped(declaration):
            _type, keywords, notes = weighted(declaration, texts, dict.fromkeys(texts, ""), is_single=True)
            options = [{"text": row["text"], "is_correct": row["is_correct"]} for row in keywords["options"]]
        else:
            options, notes = [{"text": text, "is_correct": name in declaration.correct} for name, text in texts.items()], []
        return {"kind": "choice", "options": options}, None, notes
    if qti_answers.is_number(declaration):
        answers, notes = qti_answers.numbers(declaration, source.scoring, source.feedback, source.detail("order", declaration.identifier))
        return {"kind": "number", "answers": answers}, None, notes
    answers, heeds, notes = qti_answers.texts(declaration, source.scoring, source.feedback, source.detail("patterns", declaration.identifier))
    return {"kind": "text", "answers": answers}, heeds, notes
