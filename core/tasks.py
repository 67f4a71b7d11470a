"""Celery's part: waking workers. (Filled by the ground.)"""


def wake(job_id: int, run_after=None) -> None:
    return None
