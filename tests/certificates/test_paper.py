"""The paper: two tagged pages with their fonts inside, the same bytes each time, and a QR code that leads to the verdict."""

from __future__ import annotations

import hashlib
import io
import subprocess
import threading
import zlib
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlparse

import pikepdf
import pytest
import zxingcpp
from django.core.files.storage import default_storage
from PIL import Image

from certificates.domain import files
from certificates.domain.layout import paper_html, qr_picture
from certificates.domain.press import Press, PressFailed
from certificates.domain.rendering import Forbidden, render_pdf
from certificates.domain.revocation import revoke
from certificates.models import Certificate
from core.domain import outbox
from people.models import Notice
from tests.factories.certificates import ISSUED_AT, certified_course, issued

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate(sari):
    return issued(sari, certified_course(months=36))


def text_of(pdf: bytes) -> str:
    return " ".join(
        subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode().split()
    )


def fonts_of(pdf: bytes, folder) -> list[list[str]]:
    path = folder / "fonts.pdf"
    path.write_bytes(pdf)
    lines = subprocess.run(["pdffonts", path], capture_output=True, check=True, text=True).stdout.splitlines()[2:]
    return [line.split() for line in lines]


def picture_of(pdf: bytes, folder, *, page: int = 1, dpi: int = 150) -> Image.Image:
    (folder / "page.pdf").write_bytes(pdf)
    command = [
        "pdftoppm",
        "-f",
        str(page),
        "-l",
        str(page),
        "-r",
        str(dpi),
        "-png",
        "-singlefile",
        folder / "page.pdf",
        folder / "page",
    ]
    subprocess.run(command, check=True)
    return Image.open(folder / "page.png")


def inflated(pdf: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return b"".join(thing.read_bytes() for thing in document.objects if isinstance(thing, pikepdf.Stream))


# --- the file ---
def test_the_file_is_sound_and_small(certificate, tmp_path):
    pdf = render_pdf(paper_html(certificate.facts))
    (tmp_path / "paper.pdf").write_bytes(pdf)
    checked = subprocess.run(["qpdf", "--check", tmp_path / "paper.pdf"], capture_output=True, text=True)

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "No syntax or stream encoding errors" in checked.stdout
    assert len(pdf) <= 200_000


def test_all_fonts_are_inside_as_subsets_with_a_unicode_map(certificate, tmp_path):
    fonts = fonts_of(render_pdf(paper_html(certificate.facts)), tmp_path)

    assert sorted(font[0].partition("+")[2] for font in fonts) == ["Bina-Cert", "Bina-Cert-Bold", "Bina-Cert-Semi-Bold"]
    assert all(font[-5:-2] == ["yes", "yes", "yes"] for font in fonts)


def test_the_structure_is_that_of_an_archived_accessible_document(certificate):
    with pikepdf.open(io.BytesIO(render_pdf(paper_html(certificate.facts)))) as document:
        root = document.Root
        assert bool(root.MarkInfo.Marked)
        assert str(root.Lang) == "id"
        assert root.OutputIntents[0].S == "/GTS_PDFA1"
        metadata = root.Metadata.read_bytes().decode()
        assert "pdfaid:part>3<" in metadata.replace(" ", "") or 'pdfaid:part="3"' in metadata
        assert str(document.docinfo.Title).startswith("Sertifikat 0001/SERT/BPSDM/XI/2026, Sari Wulandari")
        kinds, alternatives = _tags(root.StructTreeRoot)
        assert {"/H1", "/H2", "/P", "/Table", "/TH", "/TD", "/Figure"} <= kinds
        assert alternatives == ["Kode QR menuju halaman pemeriksaan sertifikat ini"]
        assert len(document.pages) == 2
        width, height = (float(value) for value in document.pages[0].MediaBox[2:])
        assert (round(width), round(height)) == (842, 595)  # A4, landscape
        for page in document.pages:
            assert b"/Artifact BMC /BinaWave Do EMC" in page.Contents[0].read_bytes()


def _tags(node, kinds=None, alternatives=None):
    kinds, alternatives = (set(), []) if kinds is None else (kinds, alternatives)
    if "/S" in node:
        kinds.add(str(node.S))
    if "/Alt" in node:
        alternatives.append(str(node.Alt))
    children = node.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary):
            _tags(child, kinds, alternatives)
    return kinds, alternatives


def test_every_printed_fact_can_be_read_as_text(certificate):
    text = text_of(render_pdf(paper_html(certificate.facts)))
    facts = certificate.facts

    for key in (
        "number",
        "name",
        "nip_grouped",
        "post",
        "unit",
        "title",
        "period_text",
        "mode",
        "result",
        "check_code",
        "signer_name",
        "issued_text",
        "valid_until_text",
        "statement",
        "issuer_heading",
        "issuer_name",
        "lookup_text",
        "signature_note",
    ):
        assert facts[key] in text, key
    for subject in facts["subjects"]:
        assert subject["title"] in text
    assert "5 (lima) JP" in text
    assert "BSrE" not in text


def test_an_empty_cell_is_left_out(certificate):
    html = paper_html({**certificate.facts, "rank": "", "assessor": "", "indicators": "", "values": ""})

    assert "Pangkat" not in html
    assert "Penilai" not in html


def test_very_long_facts_stay_on_two_pages_and_do_not_run_into_each_other(certificate, tmp_path):
    facts = {
        **certificate.facts,
        "type_name": "Surat Tanda Tamat Pelatihan",
        "post": "Pranata sumber daya manusia aparatur terampil pada subbagian umum",
        "name": "Prof. Dr. dr. H. Muhammad Abdurrahman Al-Ghifari Kusumawardhana, Sp.PD-KHOM., M.Kes.",
        "unit": "Unit Pelaksana Teknis Pelayanan Administrasi Kependudukan Kecamatan Puspa Utara",
        "title": "Pengelolaan Pengaduan Masyarakat Berbasis Data dan Komunikasi Publik bagi Petugas Layanan Terpadu Tingkat Kelurahan dan Kecamatan",
        "subjects": [
            {"title": f"Materi {n} dengan judul yang panjang sekali sampai mendekati ujung kanan halaman", "jp": "0,5"}
            for n in range(20)
        ],
    }
    pdf = render_pdf(paper_html(facts))
    words = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()

    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert len(document.pages) == 2
    assert _overlaps(words) == []


def _overlaps(boxes: str) -> list[tuple[str, str]]:
    import re

    found = []
    for page in boxes.split("<page ")[1:]:
        words = [
            (float(a), float(b), float(c), float(d), word)
            for a, b, c, d, word in re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)<', page)
        ]
        for index, (left, top, right, bottom, word) in enumerate(words):
            middle = (top + bottom) / 2
            for left2, top2, right2, bottom2, other in words[index + 1 :]:
                if left < right2 - 1 and left2 < right - 1 and abs(middle - (top2 + bottom2) / 2) < 4:
                    found.append((word, other))
    return found


@pytest.mark.parametrize("name", ["Ñuño Łukasz Žižek", "Ștefan Þór Ğülbahar", "Ma'ruf D’Arc – Çelik", "Siti Nur ‘Aisyah"])
def test_names_with_signs_of_other_latin_languages_are_in_the_font(certificate, name, tmp_path):
    pdf = render_pdf(paper_html({**certificate.facts, "name": name}))

    assert name in text_of(pdf)
    assert all("Bina-Cert" in font[0] for font in fonts_of(pdf, tmp_path))


def test_more_subjects_than_a_page_holds_end_in_one_line_with_their_hours(certificate):
    facts = {**certificate.facts, "jp": 15, "subjects": [{"title": f"Materi {n}", "jp": "0,5"} for n in range(30)]}
    pdf = render_pdf(paper_html(facts))

    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert len(document.pages) == 2
    assert "20. dan 11 materi lainnya 5,5" in text_of(pdf)


# --- the same bytes ---
def test_the_same_facts_give_the_same_bytes_in_every_process(certificate):
    html = paper_html(certificate.facts)
    first, press = render_pdf(html), Press()
    try:
        assert press.print_pdf(html) == first
    finally:
        press.stop()
    assert render_pdf(html) == first
    assert render_pdf(paper_html({**certificate.facts, "number": "0002/SERT/BPSDM/XI/2026"})) != first


def test_the_five_hundredth_document_has_the_fonts_of_the_first(certificate, tmp_path):
    """Keeping the fonts between documents once broke them (WeasyPrint issue 2144)."""
    html = paper_html(certificate.facts)
    first = render_pdf(html)
    small = '<html lang="id"><title>x</title><body><p>Baris <b>tebal</b> ke-%d</p></body></html>'
    for number in range(498):
        render_pdf(small % number)
    last = render_pdf(html)

    assert fonts_of(last, tmp_path) == fonts_of(first, tmp_path)
    assert last == first


# --- the QR code ---
def test_the_qr_code_on_the_page_leads_to_the_verdict_and_tells_of_revocation(certificate, dewi, client, tmp_path):
    pdf = render_pdf(paper_html(certificate.facts))
    found = zxingcpp.read_barcodes(picture_of(pdf, tmp_path))
    assert [code.text for code in found] == [certificate.facts["verify_url"]]
    path = urlparse(found[0].text).path

    page = client.get(path).content.decode()
    assert "Sertifikat ini berlaku" in page
    assert certificate.number in page

    revoke(certificate, reason="Nama pelatihan salah cetak", by=dewi, at=ISSUED_AT)
    page = client.get(path).content.decode()
    assert "Sertifikat ini dicabut" in page
    assert "23 November 2026" in page
    assert "Nama pelatihan salah cetak" in page


def test_the_address_in_the_qr_code_holds_no_personal_data(certificate):
    address = certificate.facts["verify_url"]

    assert certificate.token in address
    assert sum(len(part) for part in (certificate.facts["nip"],) if part in address) == 0
    assert qr_picture(address) == qr_picture(address)


# --- writing ---
def test_the_job_writes_the_file_and_tells_the_person(certificate, sari):
    outbox.drain(at=ISSUED_AT)
    certificate.refresh_from_db()

    data = default_storage.open(certificate.file_name).read()
    assert hashlib.sha256(data).hexdigest() == certificate.file_sha256
    assert certificate.file_size == len(data)
    assert certificate.rendered_at == ISSUED_AT
    for secret in (certificate.token, sari.nip, "SERT"):
        assert secret not in certificate.file_name
    assert Notice.objects.get(person=sari).title == "Sertifikat Anda sudah terbit: Layanan Cepat di Loket Adminduk"


def test_a_lost_file_is_made_again_byte_for_byte(certificate):
    outbox.drain(at=ISSUED_AT)
    certificate.refresh_from_db()
    before = default_storage.open(certificate.file_name).read()
    default_storage.delete(certificate.file_name)

    files.make_file(certificate)
    certificate.refresh_from_db()

    assert default_storage.open(certificate.file_name).read() == before
    assert certificate.former_sha256 == []
    assert Notice.objects.count() == 1


def test_changed_facts_never_reach_paper(certificate):
    Certificate.objects.update(facts={**certificate.facts, "name": "Orang Lain"})

    with pytest.raises(files.FactsChanged):
        files.make_file(Certificate.objects.get())


def test_a_failed_write_leaves_nothing_and_old_leftovers_are_swept(certificate, settings, monkeypatch, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr("os.fsync", lambda descriptor: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        files.write_file("certificates/2026/x.pdf", b"abc")
    monkeypatch.undo()
    assert list(tmp_path.rglob("*.*")) == []

    part = tmp_path / "certificates" / "2026" / "y.pdf.0000.part"
    part.write_bytes(b"half")
    assert files.sweep_leftovers() == 0
    assert files.sweep_leftovers(now=part.stat().st_mtime + 4000) == 1


# --- the press ---
def test_a_document_that_takes_too_long_stops_the_press_and_the_next_one_works(certificate):
    press = Press()
    try:
        html = paper_html(certificate.facts)
        assert press.print_pdf(html).startswith(b"%PDF")
        press.seconds = 0.5
        with pytest.raises(PressFailed, match="0.5 seconds"):
            press.print_pdf(f"<p>{'<div>' * 40 + 'kata ' * 400_000}")
        press.seconds = 60
        assert press.print_pdf(html).startswith(b"%PDF")
    finally:
        press.stop()


def test_the_press_ends_with_the_one_who_started_it():
    press = Press()
    press.print_pdf("<html lang=id><title>x</title><p>x")
    child = press._child
    child.stdin.close()

    assert child.wait(20) == 0
    child.stdout.close()


def test_a_press_that_was_killed_is_replaced():
    press = Press()
    try:
        press.print_pdf("<html lang=id><title>x</title><p>x")
        press._child.kill()
        press._child.wait()
        assert press.print_pdf("<html lang=id><title>x</title><p>x").startswith(b"%PDF")
    finally:
        press.stop()


# --- nothing is fetched (reliability T12) ---
ADDRESSES = [
    "http://127.0.0.1:{port}/a",
    "http://127.1:{port}/a",
    "http://[::1]:{port}/a",
    "http://2130706433:{port}/a",
    "http://0x7f000001:{port}/a",
    "http://localhost:{port}/a",
    "http://0:{port}/a",
    "http://127.0.0.1.nip.io:{port}/a",
    "https://127.0.0.1:{port}/a",
    "ftp://127.0.0.1:{port}/a",
    "gopher://127.0.0.1:{port}/a",
    "file:///etc/passwd",
    "file:/etc/passwd",
    "file://localhost/etc/passwd",
    "FILE:///etc/passwd",
    "///etc/passwd",
    "/etc/passwd",
    "../../../../etc/passwd",
    "//127.0.0.1:{port}/a",
    "asset:///../domain/press.py",
    "asset:///certificate.css",
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='http://127.0.0.1:{port}/a'/></svg>",
]
PLACES = [
    '<img src="{0}">',
    '<link rel="stylesheet" href="{0}">',
    '<style>@import url("{0}");</style>',
    '<style>p{{background:url("{0}")}}</style>',
    '<link rel="attachment" href="{0}">',
    '<a rel="attachment" href="{0}">x</a>',
    '<object data="{0}">x</object>',
    '<embed src="{0}">',
    '<style>@font-face{{font-family:x;src:url("{0}")}} p{{font-family:x}}</style>',
    '<svg><image href="{0}"/><use href="{0}#a"/></svg>',
    '<style>p::before{{content:url("{0}")}}</style>',
    "<ul style=\"list-style-image:url('{0}')\"><li>x</ul>",
]


class _Trap(BaseHTTPRequestHandler):
    hits: list[str] = []

    def do_GET(self):
        self.hits.append(self.path)
        self.send_response(302)
        self.send_header("Location", "file:///etc/passwd")
        self.end_headers()

    def log_message(self, *_args):
        pass


@pytest.fixture
def trap():
    server = HTTPServer(("127.0.0.1", 0), _Trap)
    _Trap.hits = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_no_address_is_ever_fetched(trap):
    tried = 0
    for address in ADDRESSES:
        for place in PLACES:
            html = f'<html lang="id"><head><title>x</title></head><body><p>x</p>{place.format(address.format(port=trap))}</body></html>'
            try:
                pdf = render_pdf(html)
            except Forbidden:
                pdf = b""
            if pdf:
                assert b"root:" not in inflated(pdf), (address, place)
                assert b"EmbeddedFile" not in pdf, (address, place)
            tried += 1
    assert tried >= 250
    assert _Trap.hits == []


def test_facts_are_text_and_never_markup(certificate, trap):
    evil = f'<img src="http://127.0.0.1:{trap}/a"><style>@import "file:///etc/passwd";</style>'
    facts = {**certificate.facts, "name": evil, "title": evil, "post": evil, "subjects": [{"title": evil, "jp": "5"}]}
    pdf = render_pdf(paper_html(facts))

    assert "@import" in text_of(pdf)
    assert _Trap.hits == []


def test_what_the_canary_looks_for_would_be_found():
    """The control: without our fetcher WeasyPrint does read the file, so an empty result above means something."""
    from weasyprint import HTML

    pdf = HTML(string='<title>x</title><link rel="attachment" href="file:///etc/passwd">').write_pdf()
    assert b"root:" in inflated(pdf)
    assert zlib.crc32(pdf)
