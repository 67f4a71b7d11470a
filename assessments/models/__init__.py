from assessments.models.attempt import Attempt, Mark, Step
from assessments.models.bank import AnswerKey, Objective, Question, QuestionVersion, Quiz, QuizItem, QuizVersion

__all__ = ["AnswerKey", "Attempt", "Mark", "Objective", "Question", "QuestionVersion", "Quiz", "QuizItem", "QuizVersion", "Step"]
