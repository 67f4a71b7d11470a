"""How the web process runs (``gunicorn --config lms/gunicorn.py lms.wsgi``): threads in a few workers, none of which outlives its master."""

import os
from pathlib import Path

from core.processes import die_with_parent
from lms import environment as env

bind = env.text("BINA_BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = env.number("BINA_WEB_WORKERS", min(os.cpu_count() or 1, 4), least=1)
threads = env.number("BINA_WEB_THREADS", 4, least=1)
preload_app = True  # one import for all workers; nothing is opened before they are forked
timeout = 60
graceful_timeout = 20
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 (heartbeat files, no data)
accesslog = None  # core.middleware.RequestLogMiddleware writes one line a request, without query strings
errorlog = "-"
loglevel = "warning"
forwarded_allow_ips = "*" if env.number("BINA_TRUSTED_PROXIES", 0) else "127.0.0.1"
control_socket_disable = True


def post_fork(server, worker):
    die_with_parent()
