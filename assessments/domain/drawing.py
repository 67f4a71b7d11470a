"""Which questions an attempt gets, in which order, under which names: drawn on the server for each attempt (reliability T6)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from random import Random, SystemRandom

from assessments.models import Attempt, QuestionVersion
from assessments.question_types import type_of


def draw(spec: dict, *, random: Random | None = None, seen: Collection[int] = ()) -> list[dict]:
    """The entries of ``spec["questions"]`` that this attempt shows, in its order. Without shuffling: the author's order. Questions of
    ``seen`` are drawn only when the others do not suffice."""
    random = random or SystemRandom()
    pool = list(spec.get("questions", []))
    wanted = min(spec.get("draw") or len(pool), len(pool))
    new = [index for index, entry in enumerate(pool) if entry["q"] not in seen] if seen else list(range(len(pool)))
    known = [index for index, entry in enumerate(pool) if entry["q"] in seen] if seen else []
    chosen = random.sample(new, min(wanted, len(new)))
    chosen += random.sample(known, wanted - len(chosen))
    if spec.get("is_shuffled"):
        random.shuffle(chosen)
    else:
        chosen.sort()
    return [pool[index] for index in chosen]


def seen_questions(spec: dict, attempts: Sequence[Attempt]) -> set[int]:
    """Questions of earlier ``attempts``, in whatever version, when the quiz avoids them (one query); otherwise none."""
    if not spec.get("avoids_seen") or not attempts:
        return set()
    versions = {laid["v"] for attempt in attempts for laid in attempt.layout}
    return set(QuestionVersion.objects.filter(pk__in=versions).values_list("question_id", flat=True))


def lay_out(spec: dict, *, random: Random | None = None, seen: Collection[int] = ()) -> list[dict]:
    """The layout of a new attempt (``Attempt.layout``): one query for the texts that are to be ordered."""
    random = random or SystemRandom()
    entries = draw(spec, random=random, seen=seen)
    versions = QuestionVersion.objects.in_bulk([entry["v"] for entry in entries])
    return [
        {"v": entry["v"], **type_of(entry["type"]).lay_out(versions[entry["v"]].body, random=random, is_shuffled=bool(spec.get("is_shuffled")))}
        for entry in entries if entry["v"] in versions
    ]


def types_of(spec: dict) -> dict[int, str]:
    """Question type by version id."""
    return {entry["v"]: entry["type"] for entry in spec.get("questions", [])}
