from assessments.models.accommodation import Accommodation
from assessments.models.answer_files import AnswerFile
from assessments.models.attempt import Attempt, ExtraAttempt, Mark, Step
from assessments.models.bank import AnswerKey, Objective, Question, QuestionVersion, Quiz, QuizItem, QuizVersion
from assessments.models.corrections import KeyCorrection, Regrade
from assessments.models.grading import HandGrade
from assessments.models.practice import PracticeRound
from assessments.models.reviews import QuestionReview
from assessments.models.sections import QuizSection

__all__ = [
    "Accommodation", "AnswerFile", "AnswerKey", "Attempt", "ExtraAttempt", "HandGrade", "KeyCorrection", "Mark", "Objective", "PracticeRound",
    "Question",
    "QuestionReview", "QuestionVersion", "Quiz", "QuizItem", "QuizSection", "QuizVersion", "Regrade", "Step",
]
