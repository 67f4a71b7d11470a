"""From uploaded files to lines: which sheet is which table, which header is which column, with repairs laid over the cells."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import IO

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from core.domain.errors import RuleViolation
from core.domain.tabular import Sheet, header_key, open_table
from people.domain.import_plan import Column, Importer, Line, TableSpec
from people.models import ImportMapping, ImportRun

# A title or a logo above the header is common; nobody puts more than a few rows there.
HEADER_WITHIN = 10
SAMPLES = 3


@dataclass
class SheetHead:
    """The top of a sheet: which row is the header, what its columns are called, and which column of ours each is (``columns``)."""

    label: str
    header_row: int
    headers: tuple[str, ...]
    table: TableSpec | None
    columns: dict[str, str] = field(default_factory=dict)  # header_key -> column key
    samples: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def signature(self) -> str:
        return hashlib.sha256("\n".join(sorted(header_key(name) for name in self.headers)).encode()).hexdigest()

    @property
    def missing(self) -> list[Column]:
        """Required columns that no header was given to."""
        return [column for column in self.table.required if column.key not in self.columns.values()] if self.table else []


def stored_files(run: ImportRun) -> list[dict]:
    """``[{"name", "stored", "sha256"}]``; a run has one file, or several (periods) from one command."""
    return run.options.get("files") or [{"name": run.file_name, "stored": run.stored_name, "sha256": run.file_sha256}]


def heads_of(run: ImportRun, importer: Importer) -> list[SheetHead]:
    """All sheets of the run with the mapping that holds: the one chosen for this run, else the remembered one, else our guess."""
    with _opened(run) as sheets:
        return _heads(run, importer, sheets)


def _heads(run: ImportRun, importer: Importer, sheets: Sequence[tuple[str, Sheet]]) -> list[SheetHead]:
    heads = []
    for label, sheet in sheets:
        if (head := _head(label, sheet, importer)) is not None:
            chosen = run.mapping.get(label)
            if chosen is not None:
                head.table = next((table for table in importer.tables if table.key == chosen["table"]), None)
                head.columns = dict(chosen["columns"])
            heads.append(head)
    if not heads:
        raise RuleViolation(_("The file holds no rows."))
    return heads


def usable(heads: Sequence[SheetHead]) -> list[SheetHead]:
    """The sheets that will be read. ``RuleViolation`` when none has the columns that are needed."""
    found = [head for head in heads if head.table is not None and not head.missing]
    if found:
        return found
    best = max(heads, key=lambda head: len(head.columns))
    missing = best.missing or [column for column in (best.table.required if best.table else ())]
    if missing:
        raise RuleViolation(
            _("The column %(missing)s was not found. The file has these columns: %(found)s.")
            % {
                "missing": ", ".join(f"“{column.key}”" for column in missing),
                "found": ", ".join(filter(None, best.headers))[:300],
            }
        )
    raise RuleViolation(
        _("No known column was found in the file. Its first row holds: %(found)s.")
        % {"found": ", ".join(filter(None, best.headers))[:300]}
    )


def lines_of(run: ImportRun, importer: Importer) -> Iterator[Line]:
    """All rows below the headers, in file order. Damage in the middle of a file is a ``RuleViolation`` as in ``tabular``."""
    repairs = run.options.get("repairs", {})
    with _opened(run) as sheets:
        heads = {head.label: head for head in usable(_heads(run, importer, sheets))}
        for label, sheet in sheets:
            if head := heads.get(label):
                yield from _lines(sheet, head, repairs.get(label, {}))


def choose_mapping(run: ImportRun, importer: Importer, chosen: dict[str, dict]) -> None:
    """Keep the mapping of a run and remember it for files with the same headers. ``RuleViolation``: a needed column is missing."""
    heads = heads_of(run, importer)
    for head in heads:
        wanted = chosen.get(head.label)
        if wanted is None:
            continue
        head.table = next((table for table in importer.tables if table.key == wanted["table"]), None)
        keys = [key for key in wanted["columns"].values() if key]
        if doubled := {key for key in keys if keys.count(key) > 1}:
            names = ", ".join(str(head.table.column(key).label) for key in sorted(doubled)) if head.table else ""
            raise RuleViolation(_("More than one column of the file was chosen for: %(names)s.") % {"names": names})
        known = {column.key for column in head.table.columns} if head.table else set()
        head.columns = {name: key for name, key in wanted["columns"].items() if key in known}
    usable(heads)
    run.mapping = {head.label: {"table": head.table.key, "columns": head.columns} for head in heads if head.table}
    run.save(update_fields=["mapping"])
    for head in heads:
        if head.table and not head.missing:
            ImportMapping.objects.update_or_create(
                kind=run.kind, signature=head.signature, defaults={"mapping": {"table": head.table.key, "columns": head.columns}}
            )


def guess(headers: Sequence[str], importer: Importer) -> tuple[TableSpec | None, dict[str, str]]:
    """The table of whose columns these headers name most, and which header is which column (``header_key`` -> column key)."""
    keys = [header_key(name) for name in headers]
    best: tuple[int, int, TableSpec, dict[str, str]] | None = None
    for place, table in enumerate(importer.tables):
        columns: dict[str, str] = {}
        for column in table.columns:
            name = next((name for name in column.names if name in keys and name not in columns), None)
            if name is not None:
                columns[name] = column.key
        has_all = all(column.key in columns.values() for column in table.required)
        rank = (1000 if has_all else 0) + len(columns)
        if columns and (best is None or rank > best[0]):
            best = (rank, place, table, columns)
    return (best[2], best[3]) if best else (None, {})


@contextmanager
def _opened(run: ImportRun) -> Iterator[list[tuple[str, Sheet]]]:
    """Pairs of label and sheet over all files of a run. The only sheet of the only file has an empty label."""
    files = stored_files(run)
    with ExitStack() as stack:
        pairs: list[tuple[str, Sheet]] = []
        for file in files:
            table = stack.enter_context(open_table(stack.enter_context(_stored(file)), name=file["name"]))
            several = len(table.sheets) > 1
            pairs += [(_label(file["name"] if len(files) > 1 else "", sheet.name if several else ""), sheet) for sheet in table.sheets]
        yield pairs


def _stored(file: dict) -> IO[bytes]:
    if not file["stored"] or not default_storage.exists(file["stored"]):
        raise RuleViolation(_("The file %(name)s is no longer kept. Upload it again.") % {"name": file["name"]})
    return default_storage.open(file["stored"], "rb")


def _label(file_name: str, sheet_name: str) -> str:
    return " · ".join(filter(None, (file_name, sheet_name)))[:80]


def _head(label: str, sheet: Sheet, importer: Importer) -> SheetHead | None:
    """The header is the row among the first ones that names most of our columns; where none does, the first row."""
    top = list(islice(sheet.rows(), HEADER_WITHIN))
    if not top:
        return None
    found = [(len(guess(row.cells, importer)[1]), -place) for place, row in enumerate(top)]
    place = -max(found)[1]
    header = top[place]
    table, columns = guess(header.cells, importer)
    head = SheetHead(
        label, header.number, header.cells, table, columns, [row.cells for row in top[place + 1 : place + 1 + SAMPLES]]
    )
    remembered = ImportMapping.objects.filter(kind=importer.kind, signature=head.signature).first()
    if remembered is not None:
        head.table = next((table for table in importer.tables if table.key == remembered.mapping.get("table")), table)
        head.columns = dict(remembered.mapping.get("columns", {})) or columns
    return head


def _lines(sheet: Sheet, head: SheetHead, repairs: dict[str, dict[str, str]]) -> Iterator[Line]:
    assert head.table is not None
    places: dict[str, int] = {}
    for place, name in enumerate(head.headers):
        if key := head.columns.get(header_key(name)):
            if key in places:
                raise RuleViolation(_("The column %(names)s stands in the file more than once.") % {"names": f"“{name}”"})
            places[key] = place
    headers = {key: head.headers[place] for key, place in places.items()}
    for row in sheet.rows():
        if row.number <= head.header_row:
            continue
        values = {key: row.cells[place] if place < len(row.cells) else "" for key, place in places.items()}
        if repaired := repairs.get(str(row.number)):
            values |= {key: text for key, text in repaired.items() if key in places}
        if any(values.values()):
            yield Line(head.label, head.table.key, row.number, values, headers)
