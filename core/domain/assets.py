"""One style sheet and one script from small readable parts: a learner page may make six requests, so parts are joined beforehand.

The results (``static/css/bina.css``, ``static/js/bina.js``) are committed; a test fails when they are older than their parts.
"""

from __future__ import annotations

import re
from pathlib import Path

STATIC = Path(__file__).resolve().parents[2] / "static"
_DARK = re.compile(r"@dark\s*\{([^}]*)\}")
_BANNER = "/* Built from the parts by manage.py build_assets. Font: Plus Jakarta Sans (OFL). Icons: Lucide (ISC). */\n"


def build_css(parts: Path = STATIC / "css" / "parts") -> str:
    """The sheet: parts in the order of their names, ``@dark`` expanded, comments and spaces taken out."""
    text = "".join(path.read_text() for path in sorted(parts.glob("*.css")))
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = _DARK.sub(
        lambda found: (  # on paper everything is light
            f"@media screen{{:root[data-theme=dark]{{{found[1]}}}}}"
            f"@media screen and (prefers-color-scheme: dark){{:root:not([data-theme]){{{found[1]}}}}}"
        ),
        text,
    )
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r" ?([{};,]) ?", r"\1", text)
    text = re.sub(r"(?<=[;{])([a-z-]+|--[\w-]+): ", r"\1:", text)
    return _BANNER + text.replace(";}", "}").strip() + "\n"


def build_js(parts: Path = STATIC / "js" / "parts") -> str:
    """The script: each part in a block of its own, so that names do not meet; comment lines and indentation taken out."""
    blocks = []
    for path in sorted(parts.glob("*.js")):
        lines = [line.strip() for line in path.read_text().splitlines()]
        blocks.append("{\n" + "\n".join(line for line in lines if line and not line.startswith("//")) + "\n}\n")
    return _BANNER + "".join(blocks)


def write_assets(static: Path = STATIC) -> list[Path]:
    """Writes both results and returns the files that changed."""
    changed = []
    for path, text in (
        (static / "css" / "bina.css", build_css(static / "css" / "parts")),
        (static / "js" / "bina.js", build_js(static / "js" / "parts")),
    ):
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
            changed.append(path)
    return changed
