"""What every request meets: sign-in, headers, policies, guards, error pages."""

import json
import logging
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.http import HttpResponse
from django.test import override_settings
from django.urls import include, path

from core.domain.errors import RuleViolation
from core.logs import JsonFormatter, scrubbed
from core.views.access import public

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.test_requests")]


@public
def open_view(request):
    return HttpResponse("<h1>terbuka</h1>" + "x" * 1000)


def closed_view(request):
    return HttpResponse("tertutup")


@public
def echo(request):
    return HttpResponse(json.dumps(getattr(request, "json", dict(request.POST))))


@public
def refuses(request):
    raise RuleViolation(["Alasan satu.", "Alasan <dua>."])


@public
def loses_database(request):
    raise OperationalError("connection refused")


@public
def breaks(request):
    raise KeyError("198609262015051001")


urlpatterns = [
    path("terbuka/", open_view), path("tertutup/", closed_view), path("gema/", echo), path("tolak/", refuses), path("putus/", loses_database),
    path("rusak/", breaks), path("kelola/terbuka/", open_view), path("", include("lms.urls")),
]
handler400 = "core.views.errors.bad_request"
handler403 = "core.views.errors.forbidden"
handler404 = "core.views.errors.not_found"
handler500 = "core.views.errors.server_error"


def test_strangers_are_asked_to_sign_in_unless_a_view_is_public(client):
    assert client.get("/terbuka/").status_code == 200
    answer = client.get("/tertutup/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/akun/")
    assert "next=/tertutup/" in answer["Location"]


def test_every_answer_carries_the_headers(client):
    for address in ("/terbuka/", "/tidak-ada/", "/tolak/"):
        answer = client.get(address)
        assert "default-src 'self'" in answer["Content-Security-Policy"]
        assert "unsafe" not in answer["Content-Security-Policy"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in answer["Permissions-Policy"]


def test_only_the_editors_path_has_the_looser_policy(client):
    policy = client.get("/kelola/terbuka/")["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-inline'" in policy
    assert "nonce" not in policy
    assert "object-src 'none'" in policy


def test_pages_of_a_signed_in_person_are_stored_nowhere(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("198609262015051001", name="Sari"))
    assert client.get("/tertutup/")["Cache-Control"] == "private, no-store"


def test_pages_are_compressed(client):
    for encoding in ("br", "gzip"):
        answer = client.get("/terbuka/", headers={"Accept-Encoding": encoding})
        assert answer["Content-Encoding"] == encoding
        assert len(answer.content) < 200
        assert "Accept-Encoding" in answer["Vary"]
    assert not client.get("/terbuka/").has_header("Content-Encoding")


@pytest.mark.parametrize("query", ["q=%00", "q=a%00b", "%00=1", "q=%ff", "q=%ed%a0%80", "q=%c3%28"])
def test_a_query_that_no_database_holds_is_refused(client, query):
    answer = client.get(f"/terbuka/?{query}")
    assert answer.status_code == 400
    assert ">400<" in answer.content.decode()


@pytest.mark.parametrize("address", ["/terbuka/%00", "/%00", "/terbuka/a%00b/"])
def test_a_path_that_no_database_holds_is_refused(client, address):
    assert client.get(address).status_code == 400


@pytest.mark.parametrize("body", ["nama=%00", "nama=a%00b", "%00=b", "nama=%ff", "nama=%ed%a0%80"])
def test_a_form_that_no_database_holds_is_refused(client, body):
    assert client.post("/gema/", body, content_type="application/x-www-form-urlencoded").status_code == 400


def test_an_upload_with_a_hostile_name_or_value_is_refused_and_a_good_one_passes(client):
    assert client.post("/gema/", {"nama": "a\0b", "berkas": SimpleUploadedFile("x.csv", b"1")}).status_code == 400
    good = client.post("/gema/", {"nama": "Sari 👩🏽‍💼", "berkas": SimpleUploadedFile("x.csv", b"\0\xff")})
    assert json.loads(good.content) == {"nama": ["Sari 👩🏽‍💼"]}
    assert json.loads(client.post("/gema/", urlencode({"a": "é +%"}), content_type="application/x-www-form-urlencoded").content) == {"a": ["é +%"]}


@pytest.mark.parametrize(
    "body",
    [
        '{"a": "\\u0000"}', '{"a": ["\\ud800"]}', '{"a\\u0000": 1}', '{"a": NaN}', '{"a": Infinity}', '{"a": 1e400}', '{"a": 1, "a": 2}',
        "{", "[" * 100_000,
        "1" * 5_000, "\ufeff{}", b'{"a": "\xff"}',
    ],
)
def test_json_that_is_none_or_that_no_database_holds_is_refused(client, body):
    assert client.post("/gema/", body, content_type="application/json").status_code == 400


def test_good_json_waits_parsed(client):
    assert json.loads(client.post("/gema/", '{"a": [1, 2.5, "é", null]}', content_type="application/json").content) == {"a": [1, 2.5, "é", None]}


def test_a_body_that_is_announced_too_large_is_not_read(client):
    answer = client.post("/gema/", "x", content_type="text/plain", CONTENT_LENGTH="2000000000")
    assert answer.status_code == 413
    assert "60 MB" in answer.content.decode()
    assert client.post("/gema/", "x", content_type="text/plain", CONTENT_LENGTH="abc").status_code == 400


def test_a_rule_that_no_view_caught_becomes_a_page_with_the_sentences(client):
    answer = client.post("/tolak/", headers={"Referer": "http://testserver/tertutup/"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Alasan satu." in text and "Alasan &lt;dua&gt;." in text
    assert 'href="/tertutup/"' in text
    assert 'href="//evil' not in client.post("/tolak/", headers={"Referer": "http://evil.example/"}).content.decode()


def test_a_database_that_is_away_gives_503_with_the_time_to_try_again(client):
    client.raise_request_exception = False
    answer = client.get("/putus/")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "10"
    assert ">503<" in answer.content.decode()


def test_our_own_faults_show_a_page_without_details_and_the_log_holds_no_nip(client, caplog):
    client.raise_request_exception = False
    with caplog.at_level(logging.ERROR, "django.request"):
        answer = client.get("/rusak/?nip=198609262015051001")
    assert answer.status_code == 500
    assert "198609262015051001" not in answer.content.decode()
    lines = [JsonFormatter().format(record) for record in caplog.records]
    assert lines and all("198609262015051001" not in line and "\n" not in line for line in lines)


def test_a_log_line_cannot_be_broken_or_made_to_tell_persons():
    who = "19860926 201505 1 001 sari@jakarta.go.id /a?nip=1"
    record = logging.LogRecord("x", logging.INFO, "", 0, "masuk %s\n{\"level\": \"error\"}\r\u2028", (who,), None)
    line = JsonFormatter().format(record)
    assert "\n" not in line and "\u2028" not in line
    message = json.loads(line)["message"]
    assert "sari@" not in message and "201505" not in message and "nip=1" not in message
    assert "nip:" in message


@override_settings(ALLOWED_HOSTS=["bina.example"])
def test_a_foreign_host_name_is_refused(client):
    assert client.get("/terbuka/", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.urls("lms.urls")
def test_no_live_token_stands_in_the_log(client, caplog):
    """Django logs the path of what it refuses: a one-time link and the confirmation of an address open a door while they stand there."""
    for address in ("/akun/tautan/7ikF-abc_DEF/", "/akun/surel/7ikF-abc_DEF/"):
        client.put(address)
    told = [json.loads(JsonFormatter().format(record))["message"] for record in caplog.records]
    assert any("/akun/tautan/…/" in line for line in told) and not any("7ikF" in line for line in told)
    assert scrubbed("Forbidden (Origin): /akun/surel/7ikF") == "Forbidden (Origin): /akun/surel/…"
    assert scrubbed("/akun/tautan/dikirim/") == "/akun/tautan/dikirim/"
