from performance.models.evaluation import Evaluation, Score, person_scope
from performance.models.gap import Gap, GapChange, GapContext, GapEvidence, GapRule
from performance.models.profile import SourceProfile
from performance.models.record import PerformanceRecord
from performance.models.standards import EvaluationPeriod, Indicator, PerformanceStandard, PredicateCell

__all__ = [
    "Evaluation",
    "EvaluationPeriod",
    "Gap",
    "GapChange",
    "GapContext",
    "GapEvidence",
    "GapRule",
    "Indicator",
    "PerformanceRecord",
    "PerformanceStandard",
    "PredicateCell",
    "Score",
    "SourceProfile",
    "person_scope",
]
