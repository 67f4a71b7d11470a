"""What a lesson is made of: ten kinds of blocks, at most two levels deep (a long list of deep blocks makes the editor slow and unreadable).

Rules that hold only for publishing look at ``is_deferred_validation``, so that a draft is saved at any time.
Templates: templates/blocks/. Rendering for learners: ``courses.domain.rendering``.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

TEXT_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link"]
SHORT_FEATURES = ["bold", "italic", "ul", "link"]
LINE_FEATURES = ["bold", "italic", "link"]
MAX_BLOCKS = 40

COMMON = _("Often used")
MORE = _("More")


class ImageLessonBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("Image"))
    alt = blocks.CharBlock(
        label=_("What does the image show?"),
        required=False,
        max_length=250,
        help_text=_("Read aloud to people who cannot see it. One sentence."),
    )
    is_decorative = blocks.BooleanBlock(
        label=_("Only decoration"), required=False, help_text=_("The lesson is understood just as well without it.")
    )
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=250)

    def clean(self, value):
        cleaned = super().clean(value)
        if not self.is_deferred_validation and not cleaned["alt"].strip() and not cleaned["is_decorative"]:
            sentence = _("Describe the image, or tick “Only decoration”.")
            raise StructBlockValidationError({"alt": ValidationError(sentence)})
        return cleaned

    class Meta:
        icon = "image"
        label = _("Image")
        group = COMMON
        description = _("A picture or a diagram. It is made small for slow networks.")


class VideoLessonBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title of the video"), max_length=150)
    file = DocumentChooserBlock(label=_("Video file (MP4 or WebM)"))
    minutes = blocks.IntegerBlock(label=_("Length in minutes"), min_value=1, max_value=240)
    captions = DocumentChooserBlock(label=_("Captions (VTT file)"), required=False)
    transcript = blocks.RichTextBlock(
        label=_("Transcript"),
        required=False,
        features=SHORT_FEATURES,
        help_text=_("What is said and shown, in words. Also read by people who save data."),
    )

    def clean(self, value):
        cleaned = super().clean(value)
        errors = {}
        for name, endings in (("file", (".mp4", ".webm")), ("captions", (".vtt",))):
            chosen = cleaned.get(name)
            if chosen and not chosen.filename.lower().endswith(endings):
                errors[name] = ValidationError(_("Choose a file of this kind: %(kinds)s.") % {"kinds": ", ".join(endings)})
        if not self.is_deferred_validation and not cleaned.get("captions") and not has_text(cleaned.get("transcript")):
            errors["transcript"] = ValidationError(_("Add captions or write the transcript."))
        if errors:
            raise StructBlockValidationError(errors)
        return cleaned

    class Meta:
        icon = "media"
        label = _("Video")
        group = MORE
        description = _("Never starts by itself; length and size stand on the button.")


class CaseBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title of the case"), max_length=150)
    text = blocks.RichTextBlock(label=_("What happened"), features=SHORT_FEATURES)

    class Meta:
        icon = "user"
        label = _("Example from work")
        group = COMMON
        preview_value = {
            "title": "Percobaan sepuluh menit",
            "text": "<p>Seorang petugas duduk di kursi tunggu dan mencatat apa yang terlihat. Dua hal diperbaiki hari itu juga.</p>",
        }
        description = _("A short true or possible story.")


class StepsBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), required=False, max_length=150)
    items = blocks.ListBlock(
        blocks.RichTextBlock(features=LINE_FEATURES, label=_("Step")), label=_("Steps"), min_num=1, max_num=15
    )

    class Meta:
        icon = "list-ol"
        label = _("Steps")
        group = COMMON
        preview_value = {
            "title": "Empat langkah",
            "items": [
                "<p><b>Sapa dan tanya keperluan.</b> Ulangi intinya.</p>",
                "<p><b>Susun berkas.</b> Yang kurang akan langsung terlihat.</p>",
            ],
        }
        description = _("Numbered, one act a step.")


class NoteBlock(blocks.StructBlock):
    tone = blocks.ChoiceBlock(
        label=_("Kind"), choices=[("info", _("Note")), ("ok", _("Good example")), ("care", _("Warning"))], default="info"
    )
    title = blocks.CharBlock(label=_("Title"), max_length=120)
    text = blocks.RichTextBlock(label=_("Text"), features=SHORT_FEATURES)

    class Meta:
        icon = "warning"
        label = _("Note or warning")
        group = COMMON
        preview_value = {"tone": "care", "title": "Perhatian", "text": "<p>Jangan meminta KTP asli untuk disimpan.</p>"}
        description = _("One thing that must not be overlooked.")


class DownloadBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Name of the file for readers"), max_length=150)
    file = DocumentChooserBlock(label=_("File"))
    description = blocks.CharBlock(label=_("What is it for?"), required=False, max_length=250)

    class Meta:
        icon = "download"
        label = _("Download")
        group = MORE
        description = _("A form or checklist to keep. Kind and size stand beside it.")


class OptionBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("Answer"), max_length=300)
    is_correct = blocks.BooleanBlock(label=_("This is right"), required=False)
    feedback = blocks.CharBlock(label=_("Hint for those who choose it"), required=False, max_length=300)

    class Meta:
        icon = "radio-empty"
        label = _("Answer")


class CheckBlock(blocks.StructBlock):
    """A question inside the lesson; several right answers make it a question with several choices. Not graded, tries are free."""

    question = blocks.CharBlock(label=_("Question"), max_length=400)
    options = blocks.ListBlock(OptionBlock(), label=_("Answers"), min_num=2, max_num=8)
    explanation = blocks.RichTextBlock(
        label=_("Explanation"), features=LINE_FEATURES, help_text=_("Why is it right? Shown after each answer; required.")
    )

    def clean(self, value):
        cleaned = super().clean(value)
        if self.is_deferred_validation:
            return cleaned
        errors = {}
        texts = [option["text"].strip().casefold() for option in cleaned["options"]]
        rights = [option["is_correct"] for option in cleaned["options"]]
        if len(set(texts)) != len(texts):
            errors["options"] = ListBlockValidationError(non_block_errors=[_("Two answers have the same words.")])
        elif not any(rights):
            errors["options"] = ListBlockValidationError(non_block_errors=[_("Mark at least one right answer.")])
        elif all(rights):
            errors["options"] = ListBlockValidationError(non_block_errors=[_("At least one answer must be wrong.")])
        if not has_text(cleaned["explanation"]):
            errors["explanation"] = ValidationError(_("Write the explanation: people learn from it."))
        if errors:
            raise StructBlockValidationError(errors)
        return cleaned

    class Meta:
        icon = "help"
        label = _("Check question")
        group = COMMON
        preview_value = {
            "question": "Kalimat mana yang paling mudah dipahami warga?",
            "options": [
                {"text": "Silakan lihat ketentuan yang berlaku.", "is_correct": False, "feedback": ""},
                {"text": "Berkas belum lengkap: mohon bawa fotokopi KK.", "is_correct": True, "feedback": ""},
            ],
            "explanation": "<p>Kalimat ini menyebut apa yang kurang.</p>",
        }
        description = _("Readers answer and read the explanation before they go on.")


class LessonBlocks(blocks.StreamBlock):
    text = blocks.RichTextBlock(
        label=_("Text"),
        features=TEXT_FEATURES,
        icon="pilcrow",
        group=COMMON,
        description=_("Short paragraphs, at most 14 words a sentence on average."),
        preview_value="<h2>Satu gagasan</h2><p>Pemeriksaan dua kali membuat antrean panjang. Periksa semua berkas sekaligus.</p>",
    )
    image = ImageLessonBlock()
    case = CaseBlock()
    steps = StepsBlock()
    note = NoteBlock()
    check = CheckBlock()
    table = TypedTableBlock(
        [("text", blocks.CharBlock(label=_("Text"), required=False, max_length=400))],
        label=_("Table"),
        icon="table",
        group=MORE,
        description=_("Becomes cards on a phone, so keep it to four columns."),
    )
    video = VideoLessonBlock()
    download = DownloadBlock()

    class Meta:
        max_num = MAX_BLOCKS * 2


def has_text(rich) -> bool:
    """Whether a rich text holds a word (an empty editor saves ``<p></p>``)."""
    return bool(strip_tags(getattr(rich, "source", rich) or "").replace("\xa0", " ").strip())
