from assessments.models.attempt import Attempt, Step
from assessments.models.bank import AnswerKey, Objective, Question, QuestionVersion, Quiz, QuizItem, QuizVersion

__all__ = ["AnswerKey", "Attempt", "Objective", "Question", "QuestionVersion", "Quiz", "QuizItem", "QuizVersion", "Step"]
