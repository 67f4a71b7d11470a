"""Bringing files in (decisions 10): upload, check, apply, take back. The same machine for people here and for evaluations above.

Reading and checking hold no transaction. Applying writes batches of at most a second, so that learners' answers are saved meanwhile; a run
that was killed goes on where it stopped. Two runs at once do each batch under one lock and look at the database anew.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import IO, Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from core.domain import audit, outbox
from core.domain.dates import local_date
from core.domain.errors import RuleViolation
from core.domain.turns import in_turns
from core.models import Job
from people.domain import import_rows
from people.domain.import_plan import Context, Importer, Plan
from people.domain.import_reading import heads_of, lines_of, usable
from people.domain.organisation import lock_organisation
from people.enums import ImportState, Role
from people.models import Account, ImportRun, scope_of

CHECK, APPLY, UNDO = "people.import_check", "people.import_apply", "people.import_undo"
KEEP_FILES = timedelta(days=30)
UNDO_WITHIN = timedelta(hours=24)
# Below this many bytes of files the person waits for the page; above, a worker does it.
SMALL_BYTES = 250_000

_importers: dict[str, Importer] = {}


def register(importer: Importer) -> None:
    """Called in ``AppConfig.ready``: screens, jobs and commands then know this kind."""
    _importers[importer.kind] = importer


def importer_of(kind: str) -> Importer:
    if kind not in _importers:
        raise RuleViolation(_("This kind of import does not exist."))
    return _importers[kind]


def importers_for(user: Account) -> list[Importer]:
    """The kinds that ``user`` may import."""
    return [importer for importer in _importers.values() if not importer.may_import(user)]


def upload(
    kind: str,
    files: Sequence[tuple[str, IO[bytes]]],
    *,
    by: Account | None,
    options: dict | None = None,
    at: datetime | None = None,
) -> ImportRun:
    """Keep the files and begin a run. ``RuleViolation``: not allowed, or a file that is no readable table. Nothing else changes."""
    importer = importer_of(kind)
    if by is not None and (reasons := importer.may_import(by)):
        raise RuleViolation(reasons)
    answers = importer.clean_options(dict(options or {}))
    kept: list[dict] = []
    try:
        for name, stream in files:
            kept.append(_named_apart(_keep(name, stream), kept))
        run = ImportRun(
            kind=kind,
            by=by,
            file_name=kept[0]["name"],
            file_sha256=kept[0]["sha256"],
            stored_name=kept[0]["stored"],
            options={**answers, "files": kept, "bytes": sum(file["bytes"] for file in kept)},
        )
        heads_of(run, importer)  # damaged and foreign files are refused before a run exists
        with transaction.atomic():
            run.save()
            audit.record("import.uploaded", run, by=by, detail={"kind": kind, "sha256": [file["sha256"] for file in kept]}, at=at)
    except BaseException:
        _delete_files(kept)
        raise
    return run


def is_small(run: ImportRun) -> bool:
    return run.options.get("bytes", 0) <= SMALL_BYTES


def needs_mapping(run: ImportRun) -> bool:
    """Whether a person has to say which column is which before anything can be read."""
    try:
        usable(heads_of(run, importer_of(run.kind)))
    except RuleViolation:
        return True
    return False


def ask_check(run: ImportRun, *, by: Account | None, at: datetime | None = None) -> Job:
    """Put the check into the outbox. The screen runs small ones at once (``outbox.run_job``)."""
    with transaction.atomic():
        _require(run, ImportState.UPLOADED, ImportState.PREVIEWED, ImportState.FAILED)
        run.options = {**run.options, "turn": run.options.get("turn", 0) + 1, "error": []}
        run.state, run.counts = ImportState.UPLOADED, {}
        run.save(update_fields=["options", "state", "counts"])
        return outbox.enqueue(CHECK, f"{CHECK}:{run.pk}:{run.options['turn']}", {"run": run.pk}, run_after=at, max_attempts=3)


def check(run: ImportRun, *, at: datetime | None = None) -> ImportRun:
    """Read and compare every row, and keep what would become of each as the preview. Writes nothing but the preview."""
    try:
        plans, _context = make_plans(run, at=at)
    except RuleViolation as violation:
        return _fail(run, violation.reasons)
    import_rows.replace(run, plans)
    run.state, run.counts = ImportState.PREVIEWED, import_rows.count(plans)
    run.save(update_fields=["state", "counts"])
    return run


def make_plans(run: ImportRun, *, at: datetime | None = None) -> tuple[list[Plan], Context]:
    """What would become of each row now, without writing anything."""
    importer = importer_of(run.kind)
    moment = at or timezone.now()
    as_of = parse_date(run.options.get("as_of") or "") or local_date(moment)
    context = Context(run=run, by=run.by, at=moment, as_of=as_of, options=run.options)
    plans = [Plan(line) for line in lines_of(run, importer)]
    if not plans:
        raise RuleViolation(_("The file holds no rows below the header."))
    importer.prepare(plans, context)
    for plan in plans:
        plan.prepared = list(plan.problems)
    importer.plan([plan for plan in plans if not plan.is_refused], context, is_final=False)
    return plans, context


def ask_apply(run: ImportRun, *, by: Account | None, all_or_nothing: bool = False, at: datetime | None = None) -> Job:
    """Decide to apply a checked run. Who applies is who uploaded it: the scope of the rows is hers."""
    with transaction.atomic():
        if by is not None and run.by_id != by.pk:
            raise RuleViolation(_("Only the person who uploaded the file applies it."))
        if by is not None and (reasons := importer_of(run.kind).may_import(by)):
            raise RuleViolation(reasons)
        _require(run, ImportState.UPLOADED, ImportState.PREVIEWED)
        run.state = ImportState.APPLYING
        run.options = {**run.options, "all_or_nothing": all_or_nothing, "turn": run.options.get("turn", 0) + 1, "error": []}
        run.save(update_fields=["state", "options"])
        return outbox.enqueue(APPLY, f"{APPLY}:{run.pk}:{run.options['turn']}", {"run": run.pk}, run_after=at)


def apply(run: ImportRun, *, at: datetime | None = None) -> ImportRun:
    """Write the good rows in small transactions; rows already written are skipped, so a second call goes on where the first stopped.

    All or nothing: every row is checked before the first is written; one refused row leaves the database as it was.
    """
    if run.state != ImportState.APPLYING:
        return run
    try:
        plans, context = make_plans(run, at=at)
    except RuleViolation as violation:
        return _fail(run, violation.reasons)
    written = import_rows.written(run)
    if run.options.get("all_or_nothing") and not written and any(plan.is_refused for plan in plans):
        import_rows.replace(run, plans)
        run.state, run.counts = ImportState.PREVIEWED, import_rows.count(plans)
        run.options = {**run.options, "error": [_("Nothing was applied, because some rows need repair.")]}
        run.save(update_fields=["state", "counts", "options"])
        return run
    if not written:
        import_rows.replace(run, (plan for plan in plans if plan.is_refused))
    run.counts = {**import_rows.count(plans), "done": len(written)}
    _write(run, [plan for plan in plans if not plan.is_refused and _place(plan) not in written], context)
    return run


def _write(run: ImportRun, plans: Sequence[Plan], context: Context) -> None:
    """Batch by batch. A worker that lost its lease goes on beside its successor: under the lock each looks whether the run still goes on, and
    leaves rows alone that the other one has written (they hold what an undo needs)."""
    importer = importer_of(run.kind)
    for batch in in_turns(importer.batches(plans)):
        with transaction.atomic():
            lock_organisation()
            if not _is_applying(run):
                return
            done = import_rows.written(run, among=batch)
            todo = [plan for plan in batch if _place(plan) not in done]
            if not todo:
                continue
            for plan in todo:
                plan.restart()
            importer.plan(todo, context, is_final=True)
            importer.write([plan for plan in todo if not plan.is_refused], context)
            import_rows.mark_written(run, todo)
            run.counts = {**run.counts, "done": run.counts["done"] + len(todo)}
            run.save(update_fields=["counts"])
    with transaction.atomic():
        if not _is_applying(run):
            return
        importer.finish(context)
        run.state, run.applied_at, run.counts = ImportState.APPLIED, context.at, import_rows.counts_of(run)
        run.save(update_fields=["state", "applied_at", "counts"])
        audit.record("import.applied", run, by=run.by, detail={"kind": run.kind, **run.counts}, at=context.at)


def may_undo(run: ImportRun, *, by: Account | None, at: datetime | None = None) -> list[str]:
    """The latest applied run of its kind, within 24 hours, while nothing hangs on its rows; by the importer or central HR."""
    return undo_limits(run, by=by, at=at) or importer_of(run.kind).undo_blockers(run, import_rows.applied(run))


def undo_limits(run: ImportRun, *, by: Account | None, at: datetime | None = None) -> list[str]:
    """What stands against taking a run back whatever its rows are: a few queries, for each view of its page. What hangs on single rows
    costs seconds in a large run and is looked for when somebody asks for it (``may_undo``)."""
    moment = at or timezone.now()
    reasons = []
    if by is not None and by.pk != run.by_id and not _is_central(by):
        reasons.append(_("Only the person who imported, or central HR, takes an import back."))
    if run.state != ImportState.APPLIED or run.applied_at is None:
        return [*reasons, _("Only an applied import can be taken back.")]
    if moment - run.applied_at > UNDO_WITHIN:
        reasons.append(_("An import can be taken back for 24 hours."))
    return reasons + _stands_above(run)


def ask_undo(run: ImportRun, *, by: Account | None, at: datetime | None = None) -> Job:
    """Decide to take a run back; a worker (or the screen, for a small one) does it."""
    with transaction.atomic():
        _require(run, ImportState.APPLIED)
        if reasons := may_undo(run, by=by, at=at):
            raise RuleViolation(reasons)
        run.options = {**run.options, "turn": run.options.get("turn", 0) + 1, "undo_by": by.pk if by else None, "error": []}
        run.save(update_fields=["options"])
        return outbox.enqueue(UNDO, f"{UNDO}:{run.pk}:{run.options['turn']}", {"run": run.pk}, run_after=at)


def finish_undo(run: ImportRun, *, at: datetime | None = None) -> ImportRun:
    """The job's part of ``ask_undo``: what stands against it now is shown on the run's page."""
    by = Account.objects.filter(pk=run.options.get("undo_by")).first()
    try:
        return undo(run, by=by, at=at) if run.state == ImportState.APPLIED else run
    except RuleViolation as violation:
        run.options = {**run.options, "error": violation.reasons}
        run.save(update_fields=["options"])
        return run


def undo(run: ImportRun, *, by: Account | None, at: datetime | None = None) -> ImportRun:
    """Take an applied run back, newest batch first. ``RuleViolation`` with the blockers, and then nothing was changed; only where another
    import begins in the middle, the batches that were taken back stay so, and asking again goes on with the rest.
    """
    moment = at or timezone.now()
    if reasons := may_undo(run, by=by, at=moment):
        raise RuleViolation(reasons)
    importer = importer_of(run.kind)
    rows = import_rows.applied(run)[::-1]
    for start in in_turns(range(0, len(rows), importer.batch_size)):
        batch = rows[start : start + importer.batch_size]
        with transaction.atomic():
            lock_organisation()
            if reasons := _stands_above(run):
                raise RuleViolation(reasons)
            importer.undo(batch, run=run, by=by, at=moment)
            import_rows.mark_undone(batch)
    with transaction.atomic():
        importer.undo_finish(run, by=by, at=moment)
        run.state, run.undone_at = ImportState.UNDONE, moment
        run.save(update_fields=["state", "undone_at"])
        audit.record("import.undone", run, by=by, detail={"kind": run.kind, "rows": len(rows)}, at=moment)
    return run


def repair(run: ImportRun, repairs: Iterable[tuple[str, int, str, str]], *, by: Account) -> None:
    """Lay typed texts over cells (sheet, row, column key, text) of the uploaded file; the file itself stays as it was."""
    with transaction.atomic():
        if run.by_id != by.pk:
            raise RuleViolation(_("Only the person who uploaded the file applies it."))
        _require(run, ImportState.PREVIEWED, ImportState.FAILED)
        kept: dict[str, Any] = run.options.get("repairs", {})
        for sheet, row, column, text in repairs:
            kept.setdefault(sheet, {}).setdefault(str(row), {})[column] = text[:500]
        run.options = {**run.options, "repairs": kept}
        run.save(update_fields=["options"])


def discard(run: ImportRun, *, by: Account | None) -> None:
    """Give a run up before it was applied: its rows and its file go."""
    with transaction.atomic():
        _require(run, ImportState.UPLOADED, ImportState.PREVIEWED, ImportState.FAILED)
        if import_rows.written(run):
            raise RuleViolation(_("Some rows of this import were already applied."))
        audit.record("import.discarded", run, by=by, detail={"kind": run.kind})
        _delete_files(run.options.get("files", []))
        run.delete()


def delete_old_files(*, at: datetime | None = None) -> int:
    """Nightly: files of imports that are older than 30 days, with the cells that were kept for repair. What became of the rows stays."""
    old = ImportRun.objects.filter(created_at__lt=(at or timezone.now()) - KEEP_FILES).exclude(stored_name="")
    for run in old:
        _delete_files(run.options.get("files", []))
        files = [{**file, "stored": ""} for file in run.options.get("files", [])]
        run.stored_name, run.options = "", {**run.options, "files": files, "repairs": {}}
        with transaction.atomic():
            import_rows.forget_cells(run)
            run.save(update_fields=["stored_name", "options"])
    return len(old)


def _keep(name: str, stream: IO[bytes]) -> dict:
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(1024 * 1024):
        digest.update(chunk)
        size += len(chunk)
    stream.seek(0)
    short = "".join(char for char in name.replace("\\", "/").rsplit("/", 1)[-1] if char.isprintable())[:150] or "file"
    # The name in the storage is ours: nothing of what a person typed becomes a path.
    return {
        "name": short,
        "stored": default_storage.save(f"imports/{uuid.uuid4().hex}", File(stream)),
        "sha256": digest.hexdigest(),
        "bytes": size,
    }


def _named_apart(file: dict, others: Sequence[dict]) -> dict:
    """Two files of one name (from two folders) stay two: rows are known by the name of their file."""
    names, number = {other["name"] for other in others}, 1
    while (name := f"({number}) {file['name']}" if number > 1 else file["name"]) in names:
        number += 1
    return {**file, "name": name}


def _delete_files(files: Iterable[dict]) -> None:
    for file in files:
        if file.get("stored"):
            default_storage.delete(file["stored"])


def _require(run: ImportRun, *states: str) -> None:
    """Read the run under a lock and see that it is in one of ``states``: two tabs cannot both apply it."""
    locked = ImportRun.objects.select_for_update().get(pk=run.pk)
    run.state, run.options, run.mapping = locked.state, locked.options, locked.mapping
    if run.state not in states:
        raise RuleViolation(_("This import is already: %(state)s.") % {"state": run.get_state_display()})


def _is_applying(run: ImportRun) -> bool:
    """Read the run under a lock: nobody has finished it meanwhile, or even taken it back."""
    locked = ImportRun.objects.select_for_update().get(pk=run.pk)
    run.state, run.options = locked.state, locked.options
    return run.state == ImportState.APPLYING


def _stands_above(run: ImportRun) -> list[str]:
    """Imports of the same kind that came later, or are being written just now."""
    others: QuerySet[ImportRun] = ImportRun.objects.filter(kind=run.kind).exclude(pk=run.pk)
    states = set(
        others.filter(Q(state=ImportState.APPLYING) | Q(state=ImportState.APPLIED, applied_at__gt=run.applied_at)).values_list(
            "state", flat=True
        )
    )
    if ImportState.APPLYING in states:
        return [_("Another import of the same kind is being applied; wait until it is finished.")]
    return [_("A later import of the same kind was applied; take that one back first.")] if states else []


def _fail(run: ImportRun, reasons: list[str]) -> ImportRun:
    run.state, run.options = ImportState.FAILED, {**run.options, "error": reasons}
    run.save(update_fields=["state", "options"])
    return run


def _place(plan: Plan) -> tuple[str, int]:
    return plan.line.sheet, plan.line.row


def _is_central(user: Account) -> bool:
    return scope_of(user).has(Role.HR_CENTRAL)
