from django.utils import translation


def test_tests_speak_indonesian():
    assert translation.get_language() == "id"
