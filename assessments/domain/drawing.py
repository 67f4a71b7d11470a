"""Which questions an attempt gets, in which order, under which names: drawn on the server for each attempt (reliability T6)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from random import Random, SystemRandom

from assessments.models import Attempt, QuestionVersion
from assessments.question_types import type_of


def draw(spec: dict, *, random: Random | None = None, seen: Collection[int] = ()) -> list[dict]:
    """The entries of ``spec["questions"]`` that this attempt shows: section after section, shuffled inside; without shuffling
    in the author's order. Questions of ``seen`` are drawn only when the others do not suffice."""
    random = random or SystemRandom()
    return [entry for pool, wanted in strata(spec) for entry in _drawn(pool, wanted, bool(spec.get("is_shuffled")), random, seen)]


def strata(spec: dict) -> list[tuple[list[dict], int | None]]:
    """The pool by sections, each with how many are drawn of it (None: all); first what stands in no section. An entry's ``s`` is the number
    of its section; versions from before sections have none."""
    wanted = [spec.get("draw"), *(section.get("draw") for section in spec.get("sections", []))]
    pools: list[list[dict]] = [[] for _number in wanted]
    for entry in spec.get("questions", []):
        pools[entry.get("s", 0)].append(entry)
    return list(zip(pools, wanted, strict=True))


def _drawn(pool: list[dict], draw: int | None, is_shuffled: bool, random: Random, seen: Collection[int]) -> list[dict]:
    wanted = min(draw or len(pool), len(pool))
    new = [index for index, entry in enumerate(pool) if entry["q"] not in seen] if seen else list(range(len(pool)))
    known = [index for index, entry in enumerate(pool) if entry["q"] in seen] if seen else []
    chosen = random.sample(new, min(wanted, len(new)))
    chosen += random.sample(known, wanted - len(chosen))
    if is_shuffled:
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
