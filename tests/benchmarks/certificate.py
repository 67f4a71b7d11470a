"""By hand: ``python -m tests.benchmarks.certificate [COUNT]``: processor time and size of one certificate (aim: <= 60 ms, <= 200 KB).

Measures the pages as HTML (with the QR code) and the PDF in one process, after the first document, which loads the fonts. Processor time of a
shared core swings by a third; the median of several rounds and the best one are printed as JSON, beside a loop that tells how quick the
machine is at the moment.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import sys
import tempfile
import time

ROUNDS = 5
FACTS = {
    "layout": 1, "type_name": "Sertifikat", "issuer_heading": "Pemerintah Provinsi DKI Jakarta",
    "issuer_name": "Badan Pengembangan Sumber Daya Manusia", "name": "Sari Wulandari, A.Md.", "id_label": "NIP",
    "nip_grouped": "19930417 201903 2 914", "rank_label": "Pangkat, golongan/ruang", "rank": "Penata Muda, III/a",
    "post": "Petugas Loket Adminduk", "unit": "Kelurahan Melati", "statement": "telah menyelesaikan pelatihan",
    "title": "Layanan Cepat di Loket Adminduk", "period_text": "20 Juli sampai 12 September 2026", "mode": "Pembelajaran daring", "jp": 5,
    "jp_words": "lima", "result": "88, Memuaskan", "valid_until_text": "12 September 2029", "lookup_text": "bina.contoh.example/v",
    "check_code": "7K4Q-M2XD", "place": "Jakarta", "issued_text": "14 September 2026", "issued_at": "2026-09-14T09:00:00+07:00",
    "signer_post": "Kepala Badan (contoh)", "signature_note": "Tidak ditandatangani secara elektronik", "signer_name": "Nama Pejabat (contoh)",
    "signer_line": "Pembina Utama Madya · NIP 19690812 199403 1 902", "indicators": "Waktu layanan loket, level 2",
    "values": "Berorientasi Pelayanan", "assessor": "Tono Prasetyo, M.Pd., Widyaiswara",
    "subjects": [{"title": title, "jp": "1"} for title in (
        "Standar waktu dan hak warga", "Memetakan alur: dari ambil nomor sampai dokumen terbit", "Periksa berkas sekali jalan",
        "Mengurai antrean: loket cepat, janji temu, layanan daring", "Mengukur: median, persentil 90, dan sebab keterlambatan",
    )],
}  # fmt: skip


def facts(number: int) -> dict:
    token = f"Xb3kQz8vT1mWc0y7R{number:05d}"
    return {**FACTS, "number": f"{number:04d}/SERT/BPSDM/IX/2026", "verify_url": f"https://bina.contoh.example/v/{token}/"}


def main(count: int) -> dict:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
    os.environ["BINA_DATA_DIR"] = tempfile.mkdtemp(prefix="bina-bench-")
    import django

    django.setup()
    from certificates.domain.layout import paper_html
    from certificates.domain.rendering import render_pdf

    first = _milliseconds(lambda: render_pdf(paper_html(facts(0))))
    rounds, html, sizes = [], [], []
    for turn in range(ROUNDS):
        begun = time.process_time()
        for number in range(count):
            sizes.append(len(render_pdf(paper_html(facts(turn * count + number + 1)))))
        rounds.append((time.process_time() - begun) * 1000 / count)
        html.append(_milliseconds(lambda: [paper_html(facts(n)) for n in range(count)]) / count)
    return {
        "certificates": count * ROUNDS, "first_ms": round(first, 1), "median_ms": round(statistics.median(rounds), 1),
        "best_ms": round(min(rounds), 1), "html_ms": round(statistics.median(html), 1), "largest_bytes": max(sizes),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, "loop_of_ten_million_ms": round(_milliseconds(_loop)),
    }  # fmt: skip


def _loop() -> int:
    total = 0
    for number in range(10_000_000):
        total += number
    return total


def _milliseconds(work) -> float:
    begun = time.process_time()
    work()
    return (time.process_time() - begun) * 1000


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)))
