"""Forms of the import screens: choosing files, saying which column is which, repairing cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from core.domain.tabular import header_key
from people.domain.import_plan import Importer, Option
from people.domain.import_reading import SheetHead
from people.models import ImportRow

MAX_FILES = 6


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or several files; the cleaned value is a list."""

    widget = SeveralFiles

    def clean(self, data, initial=None):
        given = (data if isinstance(data, (list, tuple)) else [data]) or [None]  # none chosen: told as a field that is required
        if len(given) > MAX_FILES:
            raise forms.ValidationError(_("Choose at most %(limit)d files at once.") % {"limit": MAX_FILES})
        # An empty file is told by the reader, with its name, like every other unreadable one.
        return [super(FilesField, self).clean(file, initial) for file in given]


class UploadForm(forms.Form):
    files = FilesField(
        label=_("File"),
        allow_empty_file=True,
        max_length=200,
        error_messages={"required": _("Choose the file first.")},
        help_text=_(
            "Excel (.xlsx) or CSV. Columns may stand in any order; several files that belong together are chosen at once."
        ),
    )

    def __init__(self, *args, importer: Importer, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["files"].widget.attrs["accept"] = ".xlsx,.csv,.tsv,.txt"
        for option in importer.options:
            self.fields[f"o_{option.key}"] = _field_of(option)

    @property
    def options(self) -> dict:
        return {name[2:]: value for name, value in self.cleaned_data.items() if name.startswith("o_") and value not in (None, "")}


def _field_of(option: Option) -> forms.Field:
    common = {"label": option.label, "help_text": option.help, "required": False}
    if option.kind == "choice":
        return forms.ChoiceField(choices=[("", _("As the file says")), *option.choices], **common)
    if option.kind == "date":
        return forms.DateField(
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"],
            **common,
        )
    return forms.CharField(max_length=300, **common)


class MappingForm(forms.Form):
    """For each column of ours the header of the file that holds it; one group of fields per sheet."""

    def __init__(self, *args, importer: Importer, heads: Sequence[SheetHead], **kwargs):
        super().__init__(*args, **kwargs)
        self.importer, self.heads, self.groups = importer, heads, []
        for number, head in enumerate(heads):
            self.groups.append((head, self._add_sheet(number, head)))

    def _add_sheet(self, number: int, head: SheetHead) -> list[str]:
        names = []
        table = head.table or self.importer.tables[0]
        choices = [("", _("Not in this file"))] + [(name, name) for name in dict.fromkeys(head.headers) if name]
        holder = {key: name for name, key in head.columns.items()}
        for column in table.columns:
            field = f"s{number}_{column.key}"
            self.fields[field] = forms.ChoiceField(
                label=column.label, choices=choices, required=column.is_required and len(self.heads) == 1
            )
            self.fields[field].initial = next((name for name in head.headers if header_key(name) == holder.get(column.key)), "")
            names.append(field)
        return names

    def chosen(self) -> dict[str, dict]:
        """As ``import_reading.choose_mapping`` takes it."""
        found = {}
        for number, head in enumerate(self.heads):
            table = head.table or self.importer.tables[0]
            columns: dict[str, str] = {}
            for column in table.columns:
                if name := self.cleaned_data.get(f"s{number}_{column.key}"):
                    columns[header_key(name)] = column.key
            found[head.label] = {"table": table.key, "columns": columns}
        return found

    def clean(self):
        cleaned = super().clean()
        for number, head in enumerate(self.heads):
            seen: dict[str, str] = {}
            for column in (head.table or self.importer.tables[0]).columns:
                field = f"s{number}_{column.key}"
                name = cleaned.get(field)
                if name and name in seen:
                    self.add_error(field, _("This column of the file is already used for another one."))
                elif name:
                    seen[name] = field
        return cleaned


class RepairForm(forms.Form):
    """One text field for each faulty cell of the rows shown."""

    def __init__(self, *args, rows: Iterable[ImportRow], **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = list(rows)
        for row in self.rows:
            for key in faulty_keys(row):
                text = row.changes.get("cells", {}).get(key, "")
                self.fields[field_name(row, key)] = forms.CharField(required=False, max_length=500, strip=False, initial=text)

    def repairs(self) -> list[tuple[str, int, str, str]]:
        """Sheet, row, column key and new text of every cell that was changed."""
        return [
            (row.sheet, row.row, key, self.cleaned_data[field_name(row, key)].strip())
            for row in self.rows
            for key in faulty_keys(row)
            if field_name(row, key) in self.changed_data
        ]


def faulty_keys(row: ImportRow) -> list[str]:
    """The columns of a row that were refused and that the file has (a missing column cannot be typed in)."""
    cells = row.changes.get("cells", {})
    return list(
        dict.fromkeys(problem["key"] for problem in row.problems if problem["severity"] == "error" and problem["key"] in cells)
    )


def field_name(row: ImportRow, key: str) -> str:
    return f"c{row.pk}_{key}"
