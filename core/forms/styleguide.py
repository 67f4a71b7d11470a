"""A form with every kind of field, for the style guide and its tests."""

from django import forms
from django.utils.translation import gettext_lazy as _

CHOICES = [("a", "Rata-rata saja"), ("b", "Median dan persentil 90"), ("c", "Jumlah loket yang buka")]


class SampleForm(forms.Form):
    goal = forms.CharField(label="Tujuan", max_length=60, help_text="Satu kalimat, dengan kata Anda sendiri.")
    nip = forms.CharField(label=_("NIP"), min_length=18, max_length=18)
    due_on = forms.DateField(label="Batas waktu", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    unit = forms.ChoiceField(label="Unit kerja", choices=[("", "Pilih unit"), ("m", "Kelurahan Melati"), ("c", "Kelurahan Cempaka")])
    story = forms.CharField(label="Keadaan sekarang", widget=forms.Textarea, required=False)
    answer = forms.ChoiceField(label="Ukuran mana yang harus ikut dilaporkan?", choices=CHOICES, widget=forms.RadioSelect)
    topics = forms.MultipleChoiceField(label="Yang sudah dicoba", choices=CHOICES, widget=forms.CheckboxSelectMultiple, required=False)
    sheet = forms.FileField(label="Berkas", required=False, help_text="XLSX atau CSV, paling besar 20 MB.")
    password = forms.CharField(label="Kata sandi", widget=forms.PasswordInput)
    is_flagged = forms.BooleanField(label="Tandai untuk ditinjau", required=False)
