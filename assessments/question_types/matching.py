"""Two columns that belong together.

Content: ``{"pairs": [{"left": "SKM", "right": "Survei Kepuasan Masyarakat"}], "extra": ["..."]}``; ``extra`` are right sides that belong to
nothing. Several lefts may share one right side. Partial scoring: the share of lefts that are matched rightly; exact: all or nothing.
Response: ``{left id: right id}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from random import Random
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.enums import QuestionType as Code
from assessments.enums import Scoring
from assessments.question_types.base import AnswerField, Choice, ContentField, Draft, Part
from assessments.question_types.choice import looks, random_names
from assessments.question_types.parts import PartsType, foreign
from assessments.question_types.texts import clean_line

FEWEST, MOST, MOST_RIGHTS, LONGEST = 2, 12, 20, 300
SCORINGS = ((Scoring.PARTIAL.value, gettext_lazy("Each right part counts")), (Scoring.EXACT.value, gettext_lazy("Counts only when all are right")))


class Matching(PartsType):
    code = Code.MATCHING
    label = Code.MATCHING.label
    template = "assessments/answer/matching.html"

    def scorings(self) -> list[tuple[str, Any]]:
        return list(SCORINGS)

    def instruction(self, body: dict) -> str:
        if body.get("scoring") == Scoring.EXACT:
            return _("Choose what belongs to each line. The question counts only when all are right.")
        return _("Choose what belongs to each line. Each right pair counts.")

    def content_fields(self) -> list[ContentField]:
        return [
            ContentField("pairs", gettext_lazy("Pairs"), "text", is_required=True, rows=6, longest=12_000,
                         help_text=gettext_lazy("One pair a line, with an equals sign between: “SKM = Survei Kepuasan Masyarakat”.")),
            ContentField("extra", gettext_lazy("Answers that belong to nothing"), "text", rows=2, longest=6_000,
                         help_text=gettext_lazy("One a line; they make guessing harder.")),
        ]

    def content_of(self, values: Mapping[str, Any]) -> dict[str, Any]:
        pairs = []
        for line in str(values.get("pairs") or "").splitlines():
            if line.strip():
                left, _sign, right = line.replace("\\=", "\ue001").partition("=")
                pairs.append({"left": left.replace("\ue001", "=").strip(), "right": right.replace("\ue001", "=").strip()})
        return {"pairs": pairs, "extra": [line.strip() for line in str(values.get("extra") or "").splitlines() if line.strip()]}

    def values_of(self, content: Mapping[str, Any]) -> dict[str, Any]:
        lines = [f"{pair['left'].replace('=', chr(92) + '=')} = {pair['right'].replace('=', chr(92) + '=')}" for pair in content.get("pairs", [])]
        return {"pairs": "\n".join(lines), "extra": "\n".join(content.get("extra", []))}

    def cleaned(self, content: Mapping[str, Any]) -> dict[str, Any]:
        pairs, extra = content.get("pairs"), content.get("extra")
        return {
            "pairs": [{"left": clean_line(pair.get("left")), "right": clean_line(pair.get("right"))}
                      for pair in (pairs if isinstance(pairs, (list, tuple)) else []) if isinstance(pair, Mapping)],
            "extra": [line for one in (extra if isinstance(extra, (list, tuple)) else []) if (line := clean_line(one))],
        }

    def problems(self, draft: Draft) -> list[str]:
        pairs, extra = draft.content.get("pairs", []), draft.content.get("extra", [])
        reasons = []
        if not FEWEST <= len(pairs) <= MOST:
            reasons.append(_("Give %(fewest)d to %(most)d pairs.") % {"fewest": FEWEST, "most": MOST})
        if any(not looks(pair["left"]) or not looks(pair["right"]) for pair in pairs):
            reasons.append(_("A pair lacks one of its sides."))
        lefts = [looks(pair["left"]) for pair in pairs]
        if len(set(lefts)) < len(lefts):
            reasons.append(_("Two lines on the left say the same."))
        rights = {looks(pair["right"]) for pair in pairs}
        extras = [looks(text) for text in extra]
        if rights & set(extras) or len(set(extras)) < len(extras):
            reasons.append(_("An answer that belongs to nothing says the same as another answer."))
        if len(rights) + len(extras) < 2:
            reasons.append(_("All lines have the same answer: there is nothing to choose."))
        if len(rights) + len(extras) > MOST_RIGHTS:
            reasons.append(_("Give at most %(most)d different answers.") % {"most": MOST_RIGHTS})
        if any(len(text) > LONGEST for pair in pairs for text in pair.values()) or any(len(text) > LONGEST for text in extra):
            reasons.append(_("A line is longer than %(limit)d characters.") % {"limit": LONGEST})
        return reasons

    def build(self, draft: Draft) -> tuple[dict, dict, dict]:
        pairs = draft.content["pairs"]
        rights = list(dict.fromkeys([pair["right"] for pair in pairs] + list(draft.content["extra"])))
        # Ids are random and the right sides stand in the order of their ids: neither tells what belongs together.
        body = {
            "lefts": [{"id": name, "text": pair["left"]} for name, pair in zip(random_names(len(pairs), 2), pairs, strict=True)],
            "choices": sorted(({"id": name, "text": text} for name, text in zip(random_names(len(rights), 3), rights, strict=True)),
                             key=lambda right: right["id"]),
            "scoring": draft.scoring or Scoring.PARTIAL.value,
        }
        return body, self.key_for(draft, body), {}

    def key_for(self, draft: Draft, body: dict) -> dict:
        pairs, extra = draft.content["pairs"], draft.content["extra"]
        ids = {right["text"]: right["id"] for right in body["choices"]}
        wanted = {pair["right"] for pair in pairs} | set(extra)
        if [pair["left"] for pair in pairs] != [left["text"] for left in body["lefts"]] or wanted != set(ids):
            raise ValueError("the lines are not those that were shown")
        matches = {left["id"]: ids[pair["right"]] for left, pair in zip(body["lefts"], pairs, strict=True)}
        # The order in which the author wrote what belongs to nothing, so that the editor shows it as it was.
        return {"matches": matches, "extra": [ids[text] for text in extra]}

    def draft_content(self, body: dict, key: dict, feedback: dict) -> dict[str, Any]:
        texts = {right["id"]: right["text"] for right in body["choices"]}
        return {"pairs": [{"left": left["text"], "right": texts[key["matches"][left["id"]]]} for left in body["lefts"]],
                "extra": [texts[ident] for ident in key["extra"]]}

    def is_usable(self, body: dict, key: dict) -> bool:
        lefts, rights = {left["id"] for left in body.get("lefts", [])}, {right["id"] for right in body.get("choices", [])}
        matches = key.get("matches", {})
        return len(lefts) >= FEWEST and set(matches) == lefts and set(matches.values()) <= rights

    def lay_out(self, body: dict, *, random: Random, is_shuffled: bool) -> dict:
        lefts, rights = [left["id"] for left in body["lefts"]], [right["id"] for right in body["choices"]]
        if is_shuffled:
            random.shuffle(lefts)
            random.shuffle(rights)
        return {"p": lefts, "o": rights, "t": random_names(len(rights), 3)}

    def form_field(self, body: dict, laid: dict, response: Any) -> AnswerField:
        texts = {one["id"]: one["text"] for one in (*body["lefts"], *body["choices"])}
        given = response or {}
        parts = [Part(texts[left], choices=[Choice(name, texts[right], given.get(left) == right)
                                            for right, name in zip(laid["o"], laid["t"], strict=True)]) for left in laid["p"]]
        return AnswerField(self.template, self.instruction(body), parts=parts)

    def value_of(self, part: str, posted: str, laid: dict) -> Any:
        names = dict(zip(laid["t"], laid["o"], strict=True))
        if posted and posted not in names:
            raise foreign()
        return names[posted] if posted else ""

    def checked_value(self, part: str, value: Any, laid: dict) -> Any:
        if not isinstance(value, str) or value not in ("", *laid["o"]):
            raise foreign()
        return value

    def grade(self, response: Any, body: dict, key: dict) -> Fraction:
        right = sum((response or {}).get(left) == match for left, match in key["matches"].items())
        share = Fraction(right, len(key["matches"]))
        return Fraction(int(share == 1)) if body.get("scoring") == Scoring.EXACT else share

    def correct_answer(self, body: dict, key: dict) -> list[str]:
        return self.summary(body, key["matches"])

    def summary(self, body: dict, response: Any) -> list[str]:
        texts = {right["id"]: right["text"] for right in body["choices"]}
        return [f"{left['text']} → {texts.get(response[left['id']], '')}" for left in body["lefts"] if left["id"] in (response or {})]
