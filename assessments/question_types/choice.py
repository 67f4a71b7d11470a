"""What the types with options to choose from share."""

from __future__ import annotations

import secrets
import unicodedata
from abc import abstractmethod
from dataclasses import replace
from random import Random
from typing import Any

from django.utils.translation import gettext as _

from assessments.question_types.base import AnswerField, Choice, Draft, OptionDraft, QuestionType
from core.domain.errors import RuleViolation

FEWEST, MOST = 2, 10
LONGEST_OPTION = 1_000


def looks(text: str) -> str:
    """Two texts that look the same to a reader give the same result (case, spaces, invisible characters, forms of one letter)."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(char for char in plain if unicodedata.category(char) != "Cf").split())


def random_names(count: int, size: int) -> list[str]:
    """``count`` different random names: they say nothing about order or truth."""
    found: dict[str, None] = {}
    while len(found) < count:
        found[secrets.token_hex(size)] = None
    return list(found)


class ChoiceType(QuestionType):
    has_options = True
    field_kind = "radio"
    most_values = MOST
    template = "assessments/answer/choice.html"

    @abstractmethod
    def instruction(self, body: dict) -> str:
        ...

    def problems(self, draft: Draft) -> list[str]:
        texts = [option.text for option in draft.options]
        reasons = []
        if not FEWEST <= len(texts) <= MOST:
            reasons.append(_("Give %(fewest)d to %(most)d options.") % {"fewest": FEWEST, "most": MOST})
        if any(not looks(text) for text in texts):
            reasons.append(_("An option is empty."))
        if any(len(text) > LONGEST_OPTION for text in texts):
            reasons.append(_("An option is longer than %(limit)d characters.") % {"limit": LONGEST_OPTION})
        seen = [looks(text) for text in texts if looks(text)]
        if len(set(seen)) < len(seen):
            reasons.append(_("Two options say the same."))
        return reasons

    def build(self, draft: Draft) -> tuple[dict, dict, dict]:
        ids = random_names(len(draft.options), 2)
        body = {"options": [{"id": name, "text": option.text} for name, option in zip(ids, draft.options, strict=True)]}
        key = self.key_for(draft, body)
        feedback = {name: option.feedback for name, option in zip(ids, draft.options, strict=True) if option.feedback}
        return body, key, feedback

    def key_for(self, draft: Draft, body: dict) -> dict:
        if [option.text for option in draft.options] != [option["text"] for option in body["options"]]:
            raise ValueError("the options are not those that were shown")
        return {"correct": [shown["id"] for shown, option in zip(body["options"], draft.options, strict=True) if option.is_correct]}

    def draft_options(self, body: dict, key: dict, feedback: dict) -> list[OptionDraft]:
        return [OptionDraft(option["text"], option["id"] in key["correct"], feedback.get(option["id"], "")) for option in body["options"]]

    def is_usable(self, body: dict, key: dict) -> bool:
        ids = [option["id"] for option in body.get("options", [])]
        right = key.get("correct", [])
        return len(ids) >= FEWEST and len(set(ids)) == len(ids) and bool(right) and set(right) <= set(ids)

    def lay_out(self, body: dict, *, random: Random, is_shuffled: bool) -> dict:
        ids = [option["id"] for option in body["options"]]
        if is_shuffled:
            random.shuffle(ids)
        return {"o": ids, "t": random_names(len(ids), 3)}

    def form_field(self, body: dict, laid: dict, response: Any) -> AnswerField:
        texts = {option["id"]: option["text"] for option in body["options"]}
        chosen = set(response or ())
        choices = [Choice(name, texts[ident], ident in chosen) for ident, name in zip(laid["o"], laid["t"], strict=True)]
        return AnswerField(self.template, self.instruction(body), self.field_kind, choices)

    def retyped(self, field: AnswerField, values: list[str]) -> AnswerField:
        if not any(choice.name in values for choice in field.choices):
            return field
        return replace(field, choices=[replace(choice, is_chosen=choice.name in values) for choice in field.choices])

    def read(self, values: list[str], laid: dict) -> Any:
        known = dict(zip(laid["t"], laid["o"], strict=True))
        if any(value not in known for value in values):
            raise RuleViolation(_("This answer does not belong to the question. Open the question again and choose once more."))
        return self.check([known[value] for value in values], laid)

    def check(self, response: Any, laid: dict) -> list[str]:
        is_list = isinstance(response, (list, tuple)) and all(isinstance(ident, str) for ident in response)
        if not is_list or not set(response) <= set(laid["o"]):
            raise RuleViolation(_("This answer does not belong to the question. Open the question again and choose once more."))
        return sorted(set(response))

    def is_complete(self, response: Any) -> bool:
        return bool(response)

    def is_same(self, one: Any, other: Any) -> bool:
        return set(one or ()) == set(other or ())

    def correct_answer(self, body: dict, key: dict) -> list[str]:
        return [option["text"] for option in body["options"] if option["id"] in key["correct"]]

    def summary(self, body: dict, response: Any) -> list[str]:
        return [option["text"] for option in body["options"] if option["id"] in set(response or ())]

    def remarks(self, response: Any, body: dict, key: dict, feedback: dict) -> list[str]:
        return [feedback[ident] for ident in response or () if ident in feedback]

    def all_remarks(self, body: dict, key: dict, feedback: dict) -> list[tuple[str, str]]:
        return [(option["text"], feedback[option["id"]]) for option in body["options"] if option["id"] in feedback]

    def choices_of(self, response: Any, body: dict) -> list[tuple[str, str]]:
        return [(option["id"], option["text"]) for option in body["options"] if option["id"] in set(response or ())]
