"""QTI in and out: what we write, we read back equal; items in the style of the specification are understood in both dialects; packages that
mean harm are refused in words."""

from decimal import Decimal

import pytest

from assessments.domain import bank
from assessments.formats import FORMATS
from assessments.formats.base import Item
from assessments.question_types import Draft
from tests.factories.questions import SAMPLES, draft_of

CODES = ("qti", "qti3")


def item_of(type: str, draft: Draft, **more) -> Item:
    keywords = {"stem": draft.stem, "explanation": draft.explanation, "points": draft.points, "scoring": draft.scoring}
    keywords |= {"options": list(draft.options)} if draft.options else {"content": dict(draft.content)}
    return Item("soal 1", type, keywords, more.pop("name", "Nama soal"), **more)


def there_and_back(code: str, items: list[Item]) -> list[Item]:
    written = FORMATS[code].write(items)
    assert not written.problems and written.count == len(items)
    reading = FORMATS["qti"].read(written.data)
    assert not reading.problems, reading.problems
    return reading.items


def draft_in(item: Item) -> Draft:
    return bank.make_draft(type=item.type, **item.keywords)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("type", SAMPLES)
def test_every_type_comes_back_equal(type, code):
    draft = draft_of(type, points=Decimal("2.50"))
    [found] = there_and_back(code, [item_of(type, draft)])
    assert (found.type, found.name, found.notes) == (type, "Nama soal", [])
    assert draft_in(found) == bank.make_draft(type=type, **item_of(type, draft).keywords)
