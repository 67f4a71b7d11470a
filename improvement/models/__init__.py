from improvement.models.coaching import AgendaItem, Counselling, Guidance
from improvement.models.demo import DemoMark
from improvement.models.evidence import Evidence, Review, UnitSummary
from improvement.models.remedy import BulkAssignment, LearnerRequest, Proposal, RemedyRule, TrainingAssignment
from improvement.models.transfer import TransferPlan, TransferQuestion

__all__ = [
    "AgendaItem", "BulkAssignment", "Counselling", "DemoMark", "Evidence", "Guidance", "LearnerRequest", "Proposal", "RemedyRule", "Review",
    "TrainingAssignment", "TransferPlan", "TransferQuestion", "UnitSummary",
]
