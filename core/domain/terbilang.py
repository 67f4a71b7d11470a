"""Numbers in Indonesian words, as certificates print them: ``24`` is *dua puluh empat* (spelling: KBBI)."""

from __future__ import annotations

from decimal import Decimal

_ONES = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas")
_SCALES = ((10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"), (10**3, "ribu"))
LIMIT = 10**15


def number_words(number: int) -> str:
    """A whole number from 0 to 999 trillion in words. ``ValueError`` outside of it."""
    if not 0 <= number < LIMIT:
        raise ValueError(f"{number} is outside 0..{LIMIT - 1}")
    return _words(int(number))


def decimal_words(number: Decimal | float | str) -> str:
    """A number with decimals, digit by digit after *koma*: ``71.5`` is *tujuh puluh satu koma lima*."""
    text = f"{Decimal(str(number)).normalize():f}"
    whole, _dot, fraction = text.partition(".")
    words = number_words(int(whole))
    return f"{words} koma {' '.join(_ONES[int(digit)] for digit in fraction)}" if fraction else words


def _words(number: int) -> str:
    if number < 12:
        return _ONES[number]
    if number < 20:
        return f"{_ONES[number - 10]} belas"
    if number < 100:
        return _join(f"{_ONES[number // 10]} puluh", number % 10)
    if number < 200:
        return _join("seratus", number - 100)
    if number < 1000:
        return _join(f"{_ONES[number // 100]} ratus", number % 100)
    if number < 2000:
        return _join("seribu", number - 1000)
    value, name = next((value, name) for value, name in _SCALES if number >= value)
    return _join(f"{_words(number // value)} {name}", number % value)


def _join(head: str, rest: int) -> str:
    return f"{head} {_words(rest)}" if rest else head
