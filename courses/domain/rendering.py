"""A lesson as learners get it: HTML made once at publish, check questions apart from their answers, words for search, weight in bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from wagtail.documents import get_document_model

from courses.domain import files, rich_text

#: Stands in the HTML where a check question belongs; authors cannot write it, comments do not survive the cleaning.
CHECK_MARK = "<!--check:{}-->"


@dataclass
class Rendering:
    """What one lesson has come to. ``weight`` counts text and pictures, not videos and downloads."""

    resolve: rich_text.Resolver
    parts: list[str] = field(default_factory=list)
    checks: list[dict] = field(default_factory=list)
    check_keys: dict[str, dict] = field(default_factory=dict)
    weight: int = 0

    @property
    def html(self) -> str:
        return "\n".join(self.parts)

    @property
    def search_text(self) -> str:
        questions = " ".join(check["question"] for check in self.checks)
        return f"{rich_text.to_words(self.html)} {questions}".strip()


def render_lesson(body: Any, *, resolve_page: Callable[[int], str | None] = lambda _pk: None) -> Rendering:
    """Render a lesson's stream; ``resolve_page`` gives the learner's address of a page id, or None.

    In the language of the content, whoever publishes.
    """
    rendering = Rendering(resolve=_resolver(resolve_page))
    with translation.override(settings.LANGUAGE_CODE):
        for number, child in enumerate(body, 1):
            anchor = f"b{(child.id or '').replace('-', '')[:8] or number}"
            part = render_block(child.block_type, child.value, anchor=anchor, rendering=rendering)
            rendering.parts.append(part.strip())
    rendering.weight += len(rendering.html.encode())
    return rendering


def render_block(kind: str, value: Any, *, anchor: str, rendering: Rendering | None = None) -> str:
    """One block; a check question gives its mark and is put into ``rendering``."""
    rendering = rendering or Rendering(resolve=_resolver(lambda _pk: None))
    if kind == "check":
        return _check(value, anchor, rendering)
    return render_to_string(f"blocks/{kind}.html", {"anchor": anchor, **_PREPARED[kind](value, anchor, rendering)})


def rich(source: Any, rendering: Rendering, anchor: str = "") -> str:
    return rich_text.to_html(getattr(source, "source", source) or "", resolve=rendering.resolve, anchor=anchor)


def line(source: Any, rendering: Rendering) -> str:
    return rich_text.to_line(getattr(source, "source", source) or "", resolve=rendering.resolve)


def _check(value: Mapping, anchor: str, rendering: Rendering) -> str:
    check_id = anchor
    options = [{"id": f"o{number}", "text": option["text"]} for number, option in enumerate(value["options"], 1)]
    right = [f"o{number}" for number, option in enumerate(value["options"], 1) if option["is_correct"]]
    hints = {f"o{number}": option["feedback"] for number, option in enumerate(value["options"], 1) if option.get("feedback")}
    rendering.checks.append({"id": check_id, "question": value["question"], "is_multiple": len(right) > 1, "options": options})
    rendering.check_keys[check_id] = {"correct": right, "explanation": line(value["explanation"], rendering), "feedback": hints}
    return CHECK_MARK.format(check_id)


def _text(value: Any, anchor: str, rendering: Rendering) -> dict:
    return {"html": rich(value, rendering, anchor)}


def _image(value: Mapping, anchor: str, rendering: Rendering) -> dict:
    if not value.get("image"):
        return {}
    kept = files.keep_image(value["image"])
    rendering.weight += kept.size
    return {
        "file": kept,
        "address": files.address(kept),
        "alt": "" if value["is_decorative"] else value["alt"],
        "caption": value["caption"],
    }


def _video(value: Mapping, anchor: str, rendering: Rendering) -> dict:
    kept = files.keep_document(value["file"]) if value.get("file") else None
    captions = files.keep_document(value["captions"]) if value.get("captions") else None
    return {
        "title": value["title"],
        "minutes": value["minutes"],
        "file": kept,
        "address": files.address(kept) if kept else "",
        "captions": files.address(captions) if captions else "",
        "transcript": rich(value["transcript"], rendering),
    }


def _titled(value: Mapping, anchor: str, rendering: Rendering) -> dict:
    return {"title": value["title"], "tone": value.get("tone", ""), "html": rich(value["text"], rendering)}


def _steps(value: Mapping, anchor: str, rendering: Rendering) -> dict:
    return {"title": value["title"], "items": [line(item, rendering) for item in value["items"]]}


def _table(value: Any, anchor: str, rendering: Rendering) -> dict:
    if not value:
        return {}
    heads = [column["heading"] for column in value.columns]
    return {
        "caption": value.caption,
        "heads": heads,
        "rows": [list(zip(heads, row["values"], strict=False)) for row in value.row_data],
    }


def _download(value: Mapping, anchor: str, rendering: Rendering) -> dict:
    if not value.get("file"):
        return {}
    kept = files.keep_document(value["file"])
    name = value["file"].filename
    return {
        "title": value["title"],
        "description": value["description"],
        "file": kept,
        "address": files.address(kept),
        "name": name,
        "ending": name.rpartition(".")[2].upper(),
    }


_PREPARED: dict[str, Callable[[Any, str, Rendering], dict]] = {
    "text": _text,
    "image": _image,
    "video": _video,
    "case": _titled,
    "note": _titled,
    "steps": _steps,
    "table": _table,
    "download": _download,
}


def _resolver(resolve_page: Callable[[int], str | None]) -> rich_text.Resolver:
    def resolve(attributes: Mapping[str, str]) -> tuple[str, str] | None:
        pk = int(attributes["id"]) if attributes.get("id", "").isdecimal() and len(attributes["id"]) < 10 else None
        if pk is None:
            return None
        if attributes.get("linktype") == "document":
            document = get_document_model().objects.filter(pk=pk).first()
            return (files.address(files.keep_document(document)), document.filename) if document else None
        found = resolve_page(pk)
        return (found, "") if found else None

    return resolve
