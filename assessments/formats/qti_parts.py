"""QTI interactions with things to choose, to match and to order. ``ValueError`` says in words why one cannot be taken over."""

from __future__ import annotations

from django.utils.translation import gettext as _

from assessments.formats.qti_feedback import in_option
from assessments.formats.qti_scoring import Declaration
from assessments.formats.qti_source import Found, Source, text_of, weighted
from assessments.formats.qti_text import lines_of


# --- options ---------------------------------------------------------------------------------------------------------------------------------
def choice(source: Source) -> Found:
    declaration, choices = source.declaration(source.one), source.one.findall("simpleChoice")
    texts = {one.get("identifier", ""): text_of(one) for one in choices}
    if not declaration.has_key and not source.scoring.is_scored and not source.scoring.has_processing:
        stem = source.stem()
        return Found("scale", stem, {"content": {"statements": [lines_of(source.one.find("prompt")) or stem], "labels": list(texts.values())}}, [
            _("It has no right answer and no points; it became a scale.")])
    remarks = {one.get("identifier", ""): in_option(one) or source.feedback.for_option(one.get("identifier", "")) for one in choices}
    is_single = declaration.cardinality == "single"
    if is_single:
        remarks = _with_verdicts(source, declaration, remarks)
    if source.scoring.is_mapped(declaration):
        type, keywords, notes = weighted(declaration, texts, remarks, is_single=is_single)
    else:
        rows = [{"text": text, "is_correct": name in declaration.correct, "feedback": remarks[name]} for name, text in texts.items()]
        type, keywords, notes = ("single", {"options": rows}, []) if is_single else ("multiple", {"options": rows, "scoring": "exact"}, [])
    is_truth = source.details.get("type") == "true_false" or set(texts) == {"true", "false"}
    return Found("true_false" if type == "single" and len(texts) == 2 and is_truth else type, source.stem(), keywords, notes)


def _with_verdicts(source: Source, declaration: Declaration, remarks: dict[str, str]) -> dict[str, str]:
    """With one right answer, what is said to all right or all wrong answers is a remark of these options, if they have none of their own."""
    for is_right in (True, False):
        names = [name for name in remarks if (name in declaration.correct) == is_right]
        if names and declaration.correct and not any(remarks[name] for name in names):
            remarks = {**remarks, **dict.fromkeys(names, source.feedback.for_verdict(is_right=is_right))}
    return remarks


# --- things that belong together, or in order ------------------------------------------------------------------------------------------------
def match(source: Source) -> Found:
    declaration, sets = source.declaration(source.one), source.one.findall("simpleMatchSet")
    if len(sets) != 2:
        raise ValueError(_("A question of matching needs two columns."))
    lefts, rights = ({one.get("identifier", ""): text_of(one) for one in column} for column in sets)
    if not declaration.has_key:
        return Found("scale", source.stem(), {"content": {"statements": list(lefts.values()), "labels": list(rights.values())}})
    pairs, notes, is_partial = _pairs(source, declaration)
    pairs = [(one, other) if one in lefts and other in rights else (other, one) for one, other in pairs]
    # Some systems put what is to be matched into the second column: there each entry is used once, and all of them are.
    if len({left for left, _right in pairs}) < len(pairs) == len(rights) == len({right for _left, right in pairs}):
        lefts, rights, pairs = rights, lefts, [(right, left) for left, right in pairs]
    return _matching(source, lefts, rights, pairs, notes, is_partial=is_partial)


def associate(source: Source) -> Found:
    """Pairs out of one list: the first of each pair goes to the left; what belongs to nothing is an extra answer."""
    declaration = source.declaration(source.one)
    texts = {one.get("identifier", ""): text_of(one) for one in source.one.findall("simpleAssociableChoice")}
    pairs, notes, is_partial = _pairs(source, declaration)
    lefts = {left: texts.get(left, "") for left, _right in pairs}
    rights = {name: text for name, text in texts.items() if name not in lefts}
    notes.append(_("Pairs out of one list became two columns."))
    return _matching(source, lefts, rights, pairs, notes, is_partial=is_partial)


def _pairs(source: Source, declaration: Declaration) -> tuple[list[tuple[str, str]], list[str], bool]:
    is_mapped, notes = source.scoring.is_mapped(declaration), []
    given = [key for key, weight, _heeds in declaration.mapping if weight > 0] if is_mapped else declaration.correct
    if is_mapped and len({weight for _key, weight, _heeds in declaration.mapping if weight > 0}) > 1:
        notes.append(_("The pairs had different weights; they weigh the same now."))
    split = [key.split() for key in given]
    if any(len(names) != 2 for names in split):
        raise ValueError(_("Its right answer is no list of pairs."))
    return [(names[0], names[1]) for names in split], notes, is_mapped


def _matching(
    source: Source, lefts: dict[str, str], rights: dict[str, str], pairs: list[tuple[str, str]], notes: list[str], *, is_partial: bool,
) -> Found:
    belongs = dict(pairs)
    if len(belongs) < len(pairs) or not set(belongs) <= set(lefts) or not set(belongs.values()) <= set(rights):
        raise ValueError(_("Each entry on the left needs exactly one on the right; here it is different."))
    if set(lefts) - set(belongs):
        notes = [*notes, _("Entries on the left that belong to nothing are left out.")]
    rows = [{"left": text, "right": rights[belongs[name]]} for name, text in lefts.items() if name in belongs]
    extra = [text for name, text in rights.items() if name not in belongs.values()]
    return Found("matching", source.stem(), {"content": {"pairs": rows, "extra": extra}, "scoring": "partial" if is_partial else "exact"}, notes)


def order(source: Source) -> Found:
    declaration = source.declaration(source.one)
    texts = {one.get("identifier", ""): text_of(one) for one in source.one.findall("simpleChoice")}
    if not declaration.correct or not set(declaration.correct) <= set(texts):
        raise ValueError(_("It does not say which order is right."))
    notes = [_("Entries that have no place in the right order are left out.")] if len(set(declaration.correct)) < len(texts) else []
    scoring = source.detail("scoring")
    return Found("ordering", source.stem(), {"content": {"items": [texts[name] for name in declaration.correct]},
                                             "scoring": scoring if scoring in ("partial", "exact") else "exact"}, notes)
