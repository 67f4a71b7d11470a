"""Which questions an attempt gets, in which order, under which names: drawn on the server for each attempt (reliability T6)."""

from __future__ import annotations

from random import Random, SystemRandom

from assessments.models import QuestionVersion
from assessments.question_types import type_of


def draw(spec: dict, *, random: Random | None = None) -> list[dict]:
    """The entries of ``spec["questions"]`` that this attempt shows, in its order. Without shuffling: the author's order."""
    random = random or SystemRandom()
    pool = list(spec.get("questions", []))
    wanted = min(spec.get("draw") or len(pool), len(pool))
    chosen = random.sample(range(len(pool)), wanted) if wanted < len(pool) else list(range(len(pool)))
    if spec.get("is_shuffled"):
        random.shuffle(chosen)
    else:
        chosen.sort()
    return [pool[index] for index in chosen]


def lay_out(spec: dict, *, random: Random | None = None) -> list[dict]:
    """The layout of a new attempt (``Attempt.layout``): one query for the texts that are to be ordered."""
    random = random or SystemRandom()
    entries = draw(spec, random=random)
    versions = QuestionVersion.objects.in_bulk([entry["v"] for entry in entries])
    return [
        {"v": entry["v"], **type_of(entry["type"]).lay_out(versions[entry["v"]].body, random=random, is_shuffled=bool(spec.get("is_shuffled")))}
        for entry in entries if entry["v"] in versions
    ]


def types_of(spec: dict) -> dict[int, str]:
    """Question type by version id."""
    return {entry["v"]: entry["type"] for entry in spec.get("questions", [])}
