"""What an evaluation says, apart from its row: compared before anything is written, hashed to tell an unchanged one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from performance.domain.scores import distance, is_met
from performance.models import Evaluation, Score


@dataclass(frozen=True, slots=True)
class ScoreFacts:
    """One indicator: what was expected and what was reached. ``sample_size``: on how many cases the value stands, where known."""

    indicator_id: int
    target: Decimal
    realisation: Decimal
    direction: str
    sample_size: int | None = None

    def as_row(self, evaluation: Evaluation) -> Score:
        met = is_met(target=self.target, realisation=self.realisation, direction=self.direction)
        missed_by = distance(target=self.target, realisation=self.realisation, direction=self.direction)
        return Score(
            evaluation=evaluation,
            indicator_id=self.indicator_id,
            target=self.target,
            realisation=self.realisation,
            direction=self.direction,
            sample_size=self.sample_size,
            is_met=met,
            distance=missed_by,
        )


@dataclass(slots=True)
class EvaluationFacts:
    """One person and period. Empty ratings are not stated; ``scores`` by indicator."""

    person_id: int
    period_id: int
    result_rating: str = ""
    behaviour_rating: str = ""
    predicate: str = ""
    appraiser_id: int | None = None
    appraiser_name: str = ""
    remarks: str = ""
    scores: dict[int, ScoreFacts] = field(default_factory=dict)

    @property
    def says_nothing(self) -> bool:
        return not (self.result_rating or self.behaviour_rating or self.scores)


def facts_of(evaluation: Evaluation, scores: Iterable[Score]) -> EvaluationFacts:
    """The facts of a stored evaluation; ``scores`` are handed in, so that many evaluations cost one query."""
    return EvaluationFacts(
        person_id=evaluation.person_id,
        period_id=evaluation.period_id,
        result_rating=evaluation.result_rating,
        behaviour_rating=evaluation.behaviour_rating,
        predicate=evaluation.predicate,
        appraiser_id=evaluation.appraiser_id,
        appraiser_name=evaluation.appraiser_name,
        remarks=evaluation.remarks,
        scores={
            score.indicator_id: ScoreFacts(
                score.indicator_id, score.target, score.realisation, score.direction, score.sample_size
            )
            for score in scores
        },
    )


def hash_of(facts: EvaluationFacts) -> str:
    """SHA-256 over ratings, predicate, appraiser, remarks and scores in a canonical form."""
    body = [
        facts.result_rating,
        facts.behaviour_rating,
        facts.predicate,
        facts.appraiser_id,
        facts.appraiser_name,
        facts.remarks,
        [
            [score.indicator_id, f"{score.target:.4f}", f"{score.realisation:.4f}", score.direction, score.sample_size]
            for _pk, score in sorted(facts.scores.items())
        ],
    ]
    return hashlib.sha256(json.dumps(body, separators=(",", ":"), ensure_ascii=True).encode()).hexdigest()
