"""What the tags and filters draw: words beside colours, labels beside fields, sentences at the place where they help."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django import forms
from django.template import Context, Template
from django.utils import translation

from core.domain.looks import KIND_ICONS, STATES
from core.templatetags import bina

NBSP = "\u00a0"


def draw(source: str, **context) -> str:
    return Template("{% load bina forms charts %}" + source).render(Context(context))


class Agreement(forms.Form):
    goal = forms.CharField(label="Tujuan", help_text="Satu kalimat.", widget=forms.TextInput(attrs={"placeholder": "ketik di sini"}))
    answer = forms.ChoiceField(label="Sudah dicoba?", choices=[("often", "Sering"), ("no", "Belum")], widget=forms.RadioSelect)
    note = forms.CharField(label="Catatan", required=False, widget=forms.Textarea)
    password = forms.CharField(label="Kata sandi", widget=forms.PasswordInput)
    secret = forms.CharField(widget=forms.HiddenInput, initial="x")

    def clean(self):
        if self.data.get("answer") == "never":
            raise forms.ValidationError("Pilih salah satu.")


class TestWrittenWords:
    def test_days_and_times_are_those_of_jakarta(self):
        instant = datetime(2026, 11, 24, 17, 30, tzinfo=UTC)
        assert draw("{{ at|day }}", at=instant) == f"25{NBSP}November 2026"
        assert draw("{{ at|daytime }}", at=instant) == f"25{NBSP}November 2026, 00.30{NBSP}WIB"
        assert draw("{{ on|weekday }}", on=date(2026, 8, 20)) == f"Kamis, 20{NBSP}Agustus 2026"

    @time_machine.travel(datetime(2026, 8, 1, 5, tzinfo=UTC), tick=False)
    def test_the_year_is_left_out_only_where_it_is_the_present_one(self):
        assert draw("{{ on|short_day }}", on=date(2026, 9, 12)) == f"12{NBSP}September"
        assert draw("{{ on|short_day }}", on=date(2025, 9, 12)) == f"12{NBSP}September 2025"

    @pytest.mark.parametrize(
        "value, shown",
        [(68485, "68.485"), (71.5, "71,5"), ("71.50", "71,5"), (0, "0"), (-0.001, "0"), (-3, "−3"), (None, ""), ("x", ""), (1e6, "1.000.000")],
    )
    def test_numbers(self, value, shown):
        assert bina.number(value) == shown

    def test_fixed_decimals_round_halves_up(self):
        assert bina.number(2.675, 2) == "2,68"
        assert bina.percent(71.5) == f"71,5{NBSP}%"

    def test_numbers_follow_the_language(self):
        with translation.override("en"):
            assert bina.number(68485.5) == "68,485.5"

    def test_durations_and_learning_hours(self):
        assert bina.duration(6) == f"6{NBSP}menit"
        assert bina.duration(80) == f"1{NBSP}jam 20 menit"
        assert bina.jp(225) == f"5{NBSP}JP"
        assert bina.jp(89) == f"1{NBSP}JP"  # rounded down (domain.md §3.2)

    def test_nip(self):
        assert bina.nip("198609262015051001") == f"19860926{NBSP}201505{NBSP}1{NBSP}001"
        assert bina.masked_nip("198609262015051001").endswith("001")
        assert "1986" not in bina.masked_nip("198609262015051001")
        assert bina.nip("admin") == "admin"

    def test_a_label_inside_a_sentence(self):
        assert bina.midword("Atasan") == "atasan"
        assert bina.midword("SDM") == "SDM"


class TestStates:
    def test_every_state_has_a_known_kind_and_an_icon_that_exists(self):
        for state, (kind, symbol) in STATES.items():
            assert kind in KIND_ICONS, state
            assert (bina.ICONS / f"{symbol}.svg").exists(), state

    def test_a_chip_carries_a_word_and_a_shape(self):
        html = draw('{% state_chip "improved" "Membaik" %}')
        assert "Membaik" in html and "<svg" in html and "chip ok" in html

    def test_an_unknown_state_is_neutral(self):
        assert 'class="chip"' in draw('{% state_chip "novel" "Baru" %}')

    def test_words_are_escaped(self):
        assert "<b>" not in draw("{% chip word %}", word="<b>x</b>")

    def test_progress_speaks(self):
        html = draw('{% meter 2 5 text="2 dari 5 selesai" label="Kemajuan" %}')
        assert 'value="2"' in html and 'max="5"' in html and 'aria-label="Kemajuan"' in html and "2 dari 5 selesai" in html

    def test_progress_never_leaves_its_range(self):
        assert 'value="5"' in draw("{% meter 9 5 %}")
        assert 'value="0"' in draw("{% meter value 5 %}", value=None)


class TestFields:
    def test_label_hint_and_error_are_tied_to_the_control(self):
        html = draw("{% field form.goal audience='Dibaca Anda dan Sari' %}", form=Agreement({"goal": ""}))
        assert '<label for="id_goal">Tujuan' in html
        assert 'aria-describedby="id_goal_audience id_goal_hint id_goal_error"' in html
        assert 'aria-invalid="true"' in html
        assert html.index("id_goal_audience") < html.index("<input")

    def test_choices_are_rows_in_a_named_group(self):
        html = draw("{% field form.answer %}", form=Agreement())
        assert "<fieldset" in html and "<legend" in html
        assert html.count('class="opt"') == 2
        assert '<label class="opt" for="id_answer_0">' in html

    def test_optional_fields_say_so_and_placeholders_are_not_drawn(self):
        html = draw("{% form form %}", form=Agreement())
        assert html.count("boleh kosong") == 1
        assert "ketik di sini" not in html

    def test_a_password_can_be_shown_once_script_is_there(self):
        assert 'data-reveal="id_password"' in draw("{% field form.password %}", form=Agreement())

    def test_hidden_fields_have_no_label(self):
        html = draw("{% form form %}", form=Agreement())
        assert 'name="secret"' in html and 'for="id_secret"' not in html


class TestErrors:
    def test_the_summary_links_to_the_fields_and_takes_the_focus(self):
        html = draw("{% form form %}", form=Agreement({"goal": "x", "answer": "", "password": ""}))
        assert 'role="alert"' in html and "autofocus" in html
        assert 'href="#id_answer_0"' in html and 'href="#id_password"' in html

    def test_errors_of_the_whole_form_are_told_without_a_link(self):
        html = draw("{% error_summary form %}", form=Agreement({"goal": "x", "answer": "never", "password": "x"}))
        assert "Pilih salah satu." in html

    def test_no_errors_no_summary(self):
        assert draw("{% error_summary form %}", form=Agreement()).strip() == ""

    def test_the_title_says_it_first(self):
        assert draw("{% error_title form %}", form=Agreement({})).strip() == "Galat:"
        assert draw("{% error_title form %}", form=Agreement()) == ""

    def test_reasons_of_a_rule(self):
        html = draw("{% reasons sentences %}", sentences=["Sebabnya belum disepakati."])
        assert "Sebabnya belum disepakati." in html and "Belum dapat dilakukan" in html


class TestBlocks:
    def test_note_and_sheet_hold_what_is_inside(self):
        assert "<p>isi</p>" in draw('{% note "Contoh" kind="ok" %}<p>isi</p>{% endnote %}')
        html = draw('{% sheet id="isi" title="Isi" %}<p>isi</p>{% endsheet %}')
        assert 'popover id="isi"' in html and 'aria-labelledby="isi-t"' in html and "<p>isi</p>" in html

    def test_absent_pages_are_left_out(self):
        assert draw('{% url_if "no:such_page" as there %}[{{ there }}]') == "[]"
