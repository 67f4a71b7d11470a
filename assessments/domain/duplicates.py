"""Questions that say nearly the same: by the share of words that their texts have in common (Jaccard 1901), word order and accents apart.

Pairs are found by their rare words (prefix filtering, Bayardo, Ma & Srikant 2007), so that a bank of thousands is not compared each with each.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from fractions import Fraction

from django.db.models import QuerySet

from assessments.models import Question

SHARE = Fraction(3, 4)
MOST = 5_000  # questions that are compared; the newest ones of a larger bank


def words_of(text: str) -> frozenset[str]:
    plain = "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))
    return frozenset(re.findall(r"\w+", plain))


def likeness(one: frozenset[str], other: frozenset[str]) -> Fraction:
    """0 to 1; two empty texts are not alike."""
    either = len(one | other)
    return Fraction(len(one & other), either) if either else Fraction(0)


def pairs(texts: Iterable[tuple[int, str]], share: Fraction = SHARE) -> list[tuple[int, int]]:
    """Ids of texts that are alike at least by ``share``, each pair once."""
    bags = {pk: words for pk, text in texts if (words := words_of(text))}
    rarity = Counter(word for words in bags.values() for word in words)
    seen: dict[str, list[int]] = defaultdict(list)
    found = []
    for pk, words in sorted(bags.items(), key=lambda entry: (len(entry[1]), entry[0])):
        # Two sets that share so much have one of these rarest words in common.
        heads = sorted(words, key=lambda word: (rarity[word], word))[: len(words) - math.ceil(share * len(words)) + 1]
        rivals = {other for word in heads for other in seen[word]}
        found += [(other, pk) for other in sorted(rivals) if likeness(bags[other], words) >= share]
        for word in heads:
            seen[word].append(pk)
    return found


def groups(questions: QuerySet[Question]) -> list[list[Question]]:
    """Questions in use that are alike, the largest groups first; two queries."""
    stems = _stems(questions)
    parent = {pk: pk for pk, _stem in stems}

    def root(pk: int) -> int:
        while parent[pk] != pk:
            parent[pk] = parent[parent[pk]]
            pk = parent[pk]
        return pk

    for one, other in pairs(stems):
        parent[root(other)] = root(one)
    together: dict[int, list[int]] = defaultdict(list)
    for pk in parent:
        together[root(pk)].append(pk)
    wanted = [sorted(members) for members in together.values() if len(members) > 1]
    rows = questions.filter(pk__in=[pk for members in wanted for pk in members]).select_related("current", "collection").in_bulk()
    return [[rows[pk] for pk in members] for members in sorted(wanted, key=lambda members: (-len(members), members))]


def like(question: Question, questions: QuerySet[Question], *, most: int = 5) -> list[Question]:
    """Those among ``questions`` that are most like ``question``; two queries."""
    mine = words_of(question.current.stem if question.current else "")
    scored = [(likeness(mine, words_of(stem)), pk) for pk, stem in _stems(questions.exclude(pk=question.pk))]
    best = sorted((entry for entry in scored if entry[0] >= SHARE), key=lambda entry: (-entry[0], entry[1]))[:most]
    rows = questions.select_related("current").in_bulk([pk for _share, pk in best]) if best else {}
    return [rows[pk] for _share, pk in best]


def _stems(questions: QuerySet[Question]) -> list[tuple[int, str]]:
    return list(questions.filter(is_active=True, current__isnull=False).order_by("-pk").values_list("pk", "current__stem")[:MOST])
