"""The other units: enough of every course that a gap can take, so that each screen has something true to show."""

from __future__ import annotations

from datetime import timedelta
from itertools import cycle

from improvement.demo.cast import COMPLAINTS, COUNTER, DATA, OFFICE, Person
from improvement.demo.measures import COMPLAINT, DIALOGUE, FAMILY_CARD, FILES, RECORDED
from performance.enums import Cause, Rating

UNITS = ("31.10.02", "31.20", "31.10.03", "31.10.04", "31.10")
COURSE_OF = {FAMILY_CARD: "C2", FILES: "C1", COMPLAINT: "C3", RECORDED: "C4", DIALOGUE: "C6"}
KINDS = ((COUNTER, FAMILY_CARD, 82.0), (COMPLAINTS, COMPLAINT, 78.5), (DATA, FILES, 86.0), (COUNTER, FILES, 84.5), (OFFICE, RECORDED, 81.0),
         (COUNTER, FAMILY_CARD, 76.0))


class Picker:
    """People without a part, one after the other, spread over units and posts."""

    def __init__(self, cast):
        self._free = {(unit, post): iter(cast.staff(unit, post)) for unit in UNITS for post in (COUNTER, COMPLAINTS, DATA, OFFICE)}
        self._turn = cycle([(unit, kind) for kind in KINDS for unit in UNITS])

    def take(self) -> tuple[Person, str, float]:
        for unit, (post, indicator, value) in self._turn:
            one = next(self._free[unit, post], None)
            if one is not None:
                return one, indicator, value
        raise AssertionError("the demo has too few people")


def plan(story) -> None:
    """Figures and deeds of everybody else. ``pick`` gives a person, an indicator of her post and a value below its target."""
    pick = Picker(story.cast).take
    for _turn in range(5):
        _chance(story, *pick())
    for turn in range(7):
        _learned(story, *pick(), place=turn)
    for turn in range(5):
        _persisting(story, *pick(), place=turn)
    for turn in range(4):
        _talk_only(story, *pick(), place=turn)
    for turn in range(5):
        _learning_now(story, *pick(), place=turn)
    for turn in range(4):
        _awaiting(story, *pick(), place=turn)
    for turn in range(13):
        _new(story, *pick(), place=turn)
    for turn in range(4):
        _only_an_indicator(story, *pick(), place=turn)
    _ended_by_people(story, pick)
    _behaviour(story, pick)
    _own_choice(story)


def _chance(story, one: Person, indicator: str, value: float) -> None:
    """Below once, at the target the next time; nobody had done anything."""
    story.measures.below(one, 1, indicator, value)


def _learned(story, one: Person, indicator: str, value: float, *, place: int) -> None:
    when, deeds, code = story.calendar, story.deeds, COURSE_OF[indicator]
    story.measures.below(one, 1, indicator, value)
    story.measures.reached(one, 2, indicator, min(99.0, value + 14.5))
    _skill(story, one, indicator, code, quarter=1, day=14 + place)
    if place % 2 == 0:
        story.scene(when.after(1, 22 + place), lambda at: deeds.talk(
            one, at=at, action="Mencoba satu langkah baru setiap hari dan mencatatnya", due_on=when.end(1) + timedelta(days=50),
            done_at=at + timedelta(days=15), formal_summary="Satu langkah baru dicoba setiap hari."))
    story.scene(when.after(1, 40 + 2 * place), lambda at: deeds.complete(one, code, at=at, wrong=place % 2))


def _persisting(story, one: Person, indicator: str, value: float, *, place: int) -> None:
    """Learned, and still below: some reached the target in the end, others have not."""
    when, deeds, code = story.calendar, story.deeds, COURSE_OF[indicator]
    is_solved = place < 2
    quarter = 1 if is_solved else 3
    story.measures.below(one, quarter, indicator, value)
    story.measures.below(one, quarter + 1, indicator, value + 4)
    _skill(story, one, indicator, code, quarter=quarter, day=15 + place)
    story.scene(when.after(quarter, 34 + place), lambda at: deeds.complete(one, code, at=at, wrong=1))
    if is_solved:
        story.scene(when.after(2, 21 + place), lambda at: deeds.talk(
            one, at=at, action="Dua hari berdampingan dengan rekan yang sudah lancar", due_on=when.end(2) + timedelta(days=40),
            done_at=at + timedelta(days=12), formal_summary="Belajar berdampingan dua hari."))


def _talk_only(story, one: Person, indicator: str, value: float, *, place: int) -> None:
    """The cause was no lack of skill, so no course was given."""
    when, deeds = story.calendar, story.deeds
    cause, note = ((Cause.WORKLOAD, "Dua rekan cuti bersamaan."), (Cause.PROCEDURE, "Berkas menunggu tanda tangan dua hari."),
                   (Cause.TOOL, "Pemindai sering rusak."), (Cause.WORKLOAD, "Tugas tambahan pendataan."))[place]
    story.measures.below(one, 2, indicator, value)
    story.scene(when.after(2, 16 + place), lambda at: deeds.cause(one, indicator, cause, note, at=at))
    story.scene(when.after(2, 26 + place), lambda at: deeds.talk(
        one, at=at, action="Mengatur ulang giliran loket bersama atasan", due_on=when.end(2) + timedelta(days=45), done_at=at + timedelta(days=10),
        formal_summary="Giliran loket diatur ulang."))


def _learning_now(story, one: Person, indicator: str, value: float, *, place: int) -> None:
    """Assigned and on the way; two are past the agreed date. The file of the last quarter has not come yet."""
    when, deeds, code = story.calendar, story.deeds, COURSE_OF[indicator]
    story.measures.below(one, 3, indicator, value)
    story.measures.absent(one, 4)
    due_on = when.today + timedelta(days=-9 if place < 2 else 14 + place)
    _skill(story, one, indicator, code, quarter=3, day=16 + place, due_on=due_on)
    if place:
        story.scene(when.ago(3 + place), lambda at: deeds.read(one, code, 1 + place % 3, at=at))
    if place > 2:
        story.scene(when.after(3, 24 + place), lambda at: deeds.talk(
            one, at=at, action="Menyusun daftar periksa bersama rekan satu loket", due_on=when.end(3) + timedelta(days=60),
            formal_summary="Daftar periksa disusun bersama."))


def _awaiting(story, one: Person, indicator: str, value: float, *, place: int) -> None:
    when, deeds, code = story.calendar, story.deeds, COURSE_OF[indicator]
    story.measures.below(one, 3, indicator, value)
    story.measures.absent(one, 4)
    _skill(story, one, indicator, code, quarter=3, day=13 + place)
    story.scene(when.after(3, 38 + 3 * place), lambda at: deeds.complete(one, code, at=at, wrong=place % 2))


def _new(story, one: Person, indicator: str, value: float, *, place: int) -> None:
    """Found in the last file: some are not talked about yet, some have offers to decide on, one cause was a tool."""
    story.measures.below(one, 4, indicator, value)
    if place % 3 == 0:
        return
    cause = Cause.TOOL if place == 1 else Cause.SKILL
    note = "Pencetak dokumen rusak." if place == 1 else "Langkah kerja belum dikuasai."
    story.scene(story.calendar.recent(0.5 + place / 100), lambda at: story.deeds.cause(one, indicator, cause, note, at=at))


def _only_an_indicator(story, one: Person, indicator: str, value: float, *, place: int) -> None:
    """The result as a whole is at expectation, one indicator is not."""
    story.measures.below(one, 4, indicator, value, result=Rating.MEETS)
    if place > 1:
        story.scene(story.calendar.recent(0.55), lambda at: story.deeds.cause(one, indicator, Cause.SKILL, "Urutan kerja belum tetap.", at=at))


def _ended_by_people(story, pick) -> None:
    """Waived with a reason; reviewed by the superior; corrected."""
    when, deeds = story.calendar, story.deeds
    for reason in ("Pindah tugas ke bagian arsip; indikator ini tidak berlaku lagi.", "Target disusun untuk loket yang sudah ditutup."):
        one, indicator, value = pick()
        story.measures.below(one, 2, indicator, value)
        story.measures.absent(one, 3)
        story.scene(when.after(2, 33), lambda at, one=one, reason=reason: deeds.waive(one, reason=reason, at=at))
    for days in (130, 140):
        one, indicator, value = pick()
        story.measures.below(one, 2, indicator, value)
        story.measures.absent(one, 3, 4)
        _skill(story, one, indicator, COURSE_OF[indicator], quarter=2, day=18)
        story.scene(when.after(2, 45), lambda at, one=one, code=COURSE_OF[indicator]: deeds.complete(one, code, at=at))
        story.scene(when.after(2, days), lambda at, one=one: deeds.review(
            one, verdict="improved", finding="Tiga puluh berkas saya lihat sendiri: diperiksa satu kali dan selesai tepat waktu.", value=96, at=at))
    one, indicator, value = pick()
    story.measures.below(one, 3, indicator, value)
    story.corrected = one
    story.scene(when.after(3, 26), lambda at: story.correct(one, 3, indicator, at=at))


def _behaviour(story, pick) -> None:
    """Behaviour begins with counselling; two reached the expectation, two are new, one has both."""
    when, deeds = story.calendar, story.deeds
    for place in range(2):
        one, _indicator, _value = pick()
        story.measures.behaviour_below(one, 1)
        story.measures.behaviour_met(one, 2)
        story.scene(when.after(1, 19 + place), lambda at, one=one: deeds.counsel(
            one, counsellor=deeds.account(story.cast["nadia"]), recipient=None, at=at, summary="Cara menjawab warga yang marah dibicarakan.",
            result="Tidak ada tindak lanjut lain.", notes="Perlu jeda setelah antrean panjang."))
    for _place in range(2):
        one, _indicator, _value = pick()
        story.measures.behaviour_below(one, 4)
    one, indicator, value = pick()
    story.measures.below(one, 4, indicator, value)
    story.measures.behaviour_below(one, 4, complaints=4)


def _own_choice(story) -> None:
    """People who learned without any gap, and heads whose certificates wait for HR."""
    when, deeds, cast = story.calendar, story.deeds, story.cast
    learners = [one for unit in UNITS for one in cast.staff(unit, OFFICE)[-3:]] + [one for unit in UNITS for one in cast.staff(unit, DATA)[-2:]]
    for place, one in enumerate(learners):
        code = ("C4", "C5", "C4", "C3")[place % 4]
        quarter = 1 + place % 3
        story.scene(when.after(quarter, 50 + place), lambda at, one=one, code=code: deeds.complete(one, code, at=at, wrong=place_of(one) % 2))
    heads = [one for one in cast.people if one.kind == "pengawas" and not one.key and one.unit in UNITS]
    for place, one in enumerate(heads[:4]):
        story.scene(when.ago(9 - place), lambda at, one=one: deeds.complete(one, "C6", at=at, wrong=0))
    for one in learners[:2]:
        story.scene(when.ago(6), lambda at, one=one: deeds.read(one, "C1", 4, at=at))


def place_of(one: Person) -> int:
    return int(one.nip[-1])


def _skill(story, one: Person, indicator: str, code: str, *, quarter: int, day: int, due_on=None) -> None:
    """The cause was a lack of skill; the superior gives the course the next day."""
    when, deeds = story.calendar, story.deeds
    until = due_on or when.end(quarter) + timedelta(days=day + 50)
    story.scene(when.after(quarter, day), lambda at: deeds.cause(one, indicator, Cause.SKILL, "Langkah kerja belum dikuasai.", at=at))
    story.scene(when.after(quarter, day + 1), lambda at: deeds.assign(one, indicator, code, due_on=until, at=at))
