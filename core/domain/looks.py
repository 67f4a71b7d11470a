"""One look for the states of the whole product: kind (a colour) and icon. The word beside them comes from the caller, always."""

from __future__ import annotations

KIND_ICONS = {"": "circle", "ok": "check", "care": "circle-alert", "go": "circle-dot", "bad": "circle-x"}

# ``bad`` (red) is for papers and broken data, never for a person.
STATES = {
    # gaps
    "open": ("care", "circle-dot"),
    "addressed": ("go", "circle-dot"),
    "awaiting_review": ("", "hourglass"),
    "improved": ("ok", "trending-up"),
    "persisting": ("care", "rotate-ccw"),
    "waived": ("", "minus"),
    # tasks, courses, attempts
    "not_started": ("", "circle"),
    "in_progress": ("go", "circle-dot"),
    "completed": ("ok", "check"),
    "overdue": ("care", "clock-alert"),
    "passed": ("ok", "check"),
    "not_yet": ("care", "rotate-ccw"),
    "awaiting_grade": ("", "hourglass"),
    "locked": ("", "lock"),
    "voluntary": ("", "heart-handshake"),
    "cancelled": ("", "ban"),
    "expired": ("care", "clock-alert"),
    "withdrawn": ("", "undo-2"),
    # proposals, requests, agreements
    "proposed": ("", "lightbulb"),
    "waiting": ("", "hourglass"),
    "confirmed": ("ok", "check"),
    "accepted": ("ok", "check"),
    "agreed": ("ok", "handshake"),
    "declined": ("", "minus"),
    "done": ("ok", "check"),
    "seen": ("ok", "eye"),
    "partly": ("", "circle-dashed"),
    "not_seen": ("care", "circle-dashed"),
    "scheduled": ("go", "calendar"),
    "draft": ("", "pencil"),
    "final": ("ok", "lock"),
    # imports, jobs, documents
    "created": ("ok", "plus"),
    "updated": ("go", "refresh-cw"),
    "unchanged": ("", "minus"),
    "refused": ("bad", "circle-x"),
    "running": ("go", "refresh-cw"),
    "failed": ("bad", "circle-x"),
    "undone": ("", "undo-2"),
    "live": ("ok", "check"),
    "valid": ("ok", "badge-check"),
    "revoked": ("bad", "file-x"),
    "replaced": ("care", "refresh-cw"),
    "healthy": ("ok", "check"),
    "attention": ("care", "triangle-alert"),
}


def look_of(state) -> tuple[str, str]:
    """Kind and icon of a state's stored value; an unknown one is neutral."""
    return STATES.get(str(state), ("", "circle"))
