"""The words an import is told in: columns, lines of a file, and what becomes of each line. Shared by all kinds of imports."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from core.domain.tabular import header_key
from people.enums import Role, RowOutcome
from people.models import Account, scope_of

if TYPE_CHECKING:
    from people.models import ImportRow, ImportRun

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True)
class Column:
    """A column that an importer knows. ``aliases`` are compared by ``header_key``; the first one that a file has wins."""

    key: str
    label: Any
    aliases: tuple[str, ...] = ()
    is_required: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(header_key(name) for name in (self.key, *self.aliases))


@dataclass(frozen=True)
class TableSpec:
    """A kind of table (people; ratings; indicators): a sheet belongs to the one of whose columns it has most."""

    key: str
    label: Any
    columns: tuple[Column, ...]

    @property
    def required(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.is_required)

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)


@dataclass(frozen=True)
class Option:
    """A question on the upload form. ``kind``: ``date``, ``text`` or ``choice``."""

    key: str
    label: Any
    kind: str = "text"
    help: Any = ""
    choices: tuple[tuple[str, Any], ...] = ()


@dataclass(slots=True)
class Line:
    """One row of a file: ``row`` as the spreadsheet counts it, ``values`` by column key (only columns that the file has)."""

    sheet: str
    table: str
    row: int
    values: dict[str, str]
    headers: dict[str, str]

    def get(self, key: str) -> str:
        return self.values.get(key, "")

    def has(self, key: str) -> bool:
        return key in self.headers


@dataclass(slots=True)
class Plan:
    """What becomes of a line. ``changes``: label -> [before, after] as people read it; ``before``: what an undo needs."""

    line: Line
    data: Any = None
    outcome: str = RowOutcome.UNCHANGED
    problems: list[dict] = field(default_factory=list)
    changes: dict[str, list] = field(default_factory=dict)
    before: dict = field(default_factory=dict)
    title: str = ""
    object_id: int | None = None
    object_kind: str = ""
    own: Any = None  # the importer's own notes on this line
    prepared: list[dict] = field(default_factory=list)  # problems that the row has by itself

    @property
    def is_refused(self) -> bool:
        return self.outcome == RowOutcome.REFUSED

    def restart(self) -> None:
        """Forget what an earlier comparison with the database found."""
        self.outcome, self.problems, self.changes, self.before = RowOutcome.UNCHANGED, list(self.prepared), {}, {}

    def refuse(self, column: str, message: str) -> None:
        self._add(column, ERROR, message)
        self.outcome = RowOutcome.REFUSED

    def warn(self, column: str, message: str) -> None:
        self._add(column, WARNING, message)

    def _add(self, column: str, severity: str, message: str) -> None:
        problem = {"column": self.line.headers.get(column, column), "key": column, "severity": severity, "message": str(message)}
        if problem not in self.problems:
            self.problems.append(problem)


@dataclass
class Context:
    """One run while it is checked or applied. ``own`` is the importer's memory for the whole file."""

    run: ImportRun
    by: Account | None
    at: datetime
    as_of: date
    options: dict = field(default_factory=dict)
    own: Any = None


class Importer(ABC):
    """One kind of import. A subclass states its tables and fills in the methods; ``imports.register`` makes screens and jobs know it.

    The machine reads files, maps headers, stores rows, batches, resumes and undoes; the importer knows what a row means.
    """

    kind: str
    title: Any
    intro: Any = ""
    tables: tuple[TableSpec, ...]
    options: tuple[Option, ...] = ()
    batch_size = 120

    def may_import(self, user: Account) -> list[str]:
        """Unmet requirements as sentences; empty = yes."""
        return [] if scope_of(user).has(Role.HR_UNIT, Role.HR_CENTRAL) else [_("Only HR imports data.")]

    def clean_options(self, options: dict) -> dict:
        """Check the answers of the upload form or the command line; ``RuleViolation`` for a bad one. Values must fit into JSON."""
        return options

    @abstractmethod
    def prepare(self, plans: Sequence[Plan], context: Context) -> None:
        """File-wide knowledge, once per run and outside any transaction: parse each line into ``plan.data``, refuse what is wrong by itself,
        find duplicates. May set ``context.own``."""

    @abstractmethod
    def plan(self, plans: Sequence[Plan], context: Context, *, is_final: bool) -> None:
        """Compare prepared, unrefused plans with the database as it is now and set ``outcome``, ``changes``, ``title``, ``object_id``.

        Called for the preview (``is_final`` False) and again for each batch under the lock (True); it writes nothing.
        """

    def batches(self, plans: Sequence[Plan]) -> Iterator[list[Plan]]:
        """Unrefused plans in the order they can be written; each batch is one transaction of at most a second."""
        for start in range(0, len(plans), self.batch_size):
            yield list(plans[start : start + self.batch_size])

    @abstractmethod
    def write(self, plans: Sequence[Plan], context: Context) -> None:
        """Write a batch inside the machine's transaction, right after ``plan(..., is_final=True)``; set ``object_id`` and ``before``."""

    def finish(self, context: Context) -> None:
        """After the last batch, in the transaction that marks the run as applied."""
        return None  # an importer without a last step

    def tallies(self, outcomes: Iterable[tuple[str, str]]) -> dict[str, Any]:
        """What the report of a command tells besides the totals, from ``(object_kind, outcome)`` of each row."""
        return {}

    @abstractmethod
    def undo_blockers(self, run: ImportRun, rows: Sequence[ImportRow]) -> list[str]:
        """Why these applied rows cannot be taken back, as sentences; empty = they can."""

    @abstractmethod
    def undo(self, rows: Sequence[ImportRow], *, run: ImportRun, by: Account | None, at: datetime) -> None:
        """Take a batch of applied rows back, inside the machine's transaction."""

    def undo_finish(self, run: ImportRun, *, by: Account | None, at: datetime) -> None:
        """After the last batch of an undo."""
        return None  # an importer without a last step
