from courses.models.enrolment import Completion, Enrolment, HoursTarget, LearnerQuerySet, LearningHours, LessonEvent, learners_of
from courses.models.pages import (
    CataloguePage,
    CourseIndicator,
    CourseObjective,
    CoursePage,
    HomePage,
    LessonPage,
    ModulePage,
)
from courses.models.release import CourseRelease, LessonFile, ReleasedLesson

__all__ = [
    "CataloguePage",
    "Completion",
    "CourseIndicator",
    "CourseObjective",
    "CoursePage",
    "CourseRelease",
    "Enrolment",
    "HomePage",
    "HoursTarget",
    "LessonFile",
    "LearnerQuerySet",
    "LearningHours",
    "LessonEvent",
    "LessonPage",
    "ModulePage",
    "ReleasedLesson",
    "learners_of",
]
