"""The editor speaks Indonesian: every string of the Wagtail parts that trainers meet is in Wagtail's own catalogue or in ours."""

import re
from pathlib import Path

import pytest
import wagtail
from django.conf import settings

PARTS = ("", "admin", "images", "documents", "embeds", "snippets", "users", "search", "contrib/settings", "contrib/typed_table_block")
OURS = Path(settings.BASE_DIR) / "locale" / "wagtail" / "id" / "LC_MESSAGES"
THEIRS = Path(wagtail.__file__).parent


def messages(path: Path) -> dict[str, str]:
    """msgid -> first msgstr of a .po file (a reader of twenty lines: polib is not among our requirements)."""
    found, key, text, field = {}, "", {}, ""
    for line in [*path.read_text().splitlines(), 'msgid ""']:
        if line.startswith("#"):
            continue
        if match := re.match(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?) "(.*)"$', line):
            field, key = match[1].replace("[0]", ""), match[2]
            if field == "msgid" and "msgid" in text:
                found[text["msgid"]] = text.get("msgstr", "")
                text = {}
            text[field] = key
        elif match := re.match(r'"(.*)"$', line):
            text[field] = text.get(field, "") + match[1]
    found.pop("", None)
    return found


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_nothing_is_left_in_english(domain):
    ours = messages(OURS / f"{domain}.po")
    missing = []
    for part in PARTS:
        wanted = THEIRS / part / "locale" / "en" / "LC_MESSAGES" / f"{domain}.po"
        if not wanted.exists():
            continue
        known = THEIRS / part / "locale" / "id_ID" / "LC_MESSAGES" / f"{domain}.po"
        theirs = messages(known) if known.exists() else {}
        missing += [text for text in messages(wanted) if not ours.get(text) and not theirs.get(text)]
    assert not missing, missing[:10]


def test_persons_are_addressed_with_a_capital():
    assert not [text for text in messages(OURS / "django.po").values() if re.search(r"(?<![\w>])anda\b", text)]
