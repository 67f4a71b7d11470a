from assessments.models.accommodation import Accommodation
from assessments.models.attempt import Attempt, ExtraAttempt, Mark, Step
from assessments.models.bank import AnswerKey, Objective, Question, QuestionVersion, Quiz, QuizItem, QuizVersion

__all__ = [
    "Accommodation", "AnswerKey", "Attempt", "ExtraAttempt", "Mark", "Objective", "Question", "QuestionVersion", "Quiz",
    "QuizItem", "QuizVersion", "Step",
]
