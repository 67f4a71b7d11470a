"""QTI has two dialects: ``simpleChoice maxChoices`` in 2.x, ``qti-simple-choice max-choices`` in 3.0. Inside this package a question is always
a tree with the names of 2.x and no namespaces; these two functions translate at the door.

Sources: IMS QTI 2.2 and 1EdTech QTI 3.0, "XML Binding"; their public example items are in both dialects.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement

from django.utils.translation import gettext as _

NAMESPACE_2, NAMESPACE_3 = "http://www.imsglobal.org/xsd/imsqti_v2p2", "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
_SCHEMA_2 = "http://www.imsglobal.org/xsd/qti/qtiv2p2/imsqti_v2p2.xsd"
_SCHEMA_3 = "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0_v1p0.xsd"
TEMPLATES_2, TEMPLATES_3 = "http://www.imsglobal.org/question/qti_v2p2/rptemplates/", "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/"
DEEPEST, MOST_ELEMENTS = 100, 5_000  # elements inside one another, and of one question
# What we write of HTML keeps its name in both dialects.
_HTML = {"p", "br", "div", "span", "ul", "li", "img"}
# In 3.0 what is shown later stands in an element of its own.
_WRAPPED = {"modalFeedback", "rubricBlock"}


def local(name: str) -> str:
    return name.rsplit("}", 1)[-1]


def normalise(root: Element) -> Element:
    """The same tree with local names of 2.x, in place. ``ValueError``: larger, or nested more deeply, than any question is."""
    level, depth, count = [root], 0, 0
    while level:
        depth, count = depth + 1, count + len(level)
        if depth > DEEPEST or count > MOST_ELEMENTS:
            raise ValueError(_("The question is far too large, or nested too deeply."))
        for element in level:
            name = local(element.tag)
            element.tag = _camel(name[4:]) if name.startswith("qti-") else name
            attributes = {_attribute(key): value for key, value in element.attrib.items()}
            element.attrib.clear()
            element.attrib.update(attributes)
        level = [child for element in level for child in element]
    return root


def _attribute(name: str) -> str:
    name = local(name)
    return name if name.startswith(("data-", "aria-")) else _camel(name)


def _camel(name: str) -> str:
    first, *rest = name.split("-")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


def _kebab(name: str) -> str:
    return re.sub(r"(?<=[a-z])([A-Z])", lambda found: "-" + found[1].lower(), name)


def dressed(root: Element, *, is_3: bool) -> Element:
    """A tree with the names of 2.x as a document of 2.2 or 3.0, in place."""
    namespace, schema = (NAMESPACE_3, _SCHEMA_3) if is_3 else (NAMESPACE_2, _SCHEMA_2)
    if is_3:
        for element in list(root.iter()):
            if element.tag in _WRAPPED:
                _wrap(element)
        for element in root.iter():
            if element.tag in _HTML:
                continue
            element.tag = "qti-" + _kebab(element.tag)
            attributes = {_kebab(key): value for key, value in element.attrib.items()}
            if "template" in attributes:
                attributes["template"] = attributes["template"].replace(TEMPLATES_2, TEMPLATES_3) + ".xml"
            element.attrib.clear()
            element.attrib.update(attributes)
    given = dict(root.attrib)
    root.attrib.clear()
    root.attrib.update({"xmlns": namespace, "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
                        "xsi:schemaLocation": f"{namespace} {schema}", **given})
    return root


def _wrap(element: Element) -> None:
    children, text = list(element), element.text
    for child in children:
        element.remove(child)
    element.text = None
    inner = SubElement(element, "contentBody")
    inner.text = text
    inner.extend(children)
