"""Blocks of a lesson. (Deepened by the learning screens.)"""

from wagtail import blocks


class LessonBlocks(blocks.StreamBlock):
    text = blocks.RichTextBlock()
