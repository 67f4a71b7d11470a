"""The house: who may look at whom, which files an app may have, who listens to which signal. What import-linter cannot see is here."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import signals as model_signals
from django.dispatch import Signal

ROOT = Path(__file__).resolve().parents[2]
STOREYS = [{"core"}, {"people"}, {"feedback"}, {"assessments", "performance"}, {"courses"}, {"certificates"}, {"improvement"}]
APPS = [name for storey in STOREYS for name in sorted(storey)]
LEVEL = {name: level for level, storey in enumerate(STOREYS) for name in storey}

FILES = {
    "__init__.py", "apps.py", "enums.py", "signals.py", "receivers.py", "tasks.py", "rules.py", "blocks.py", "urls.py", "wagtail_hooks.py", "api.py",
    "tables.py", "adapters.py", "backends.py", "middleware.py", "context_processors.py", "checks.py", "account_urls.py",
    # the ground's own
    "caches.py", "hashers.py", "logs.py", "processes.py",
}
GROUND_ONLY = {"caches.py", "hashers.py", "logs.py", "processes.py"}
FOLDERS = {
    "models", "domain", "forms", "views", "migrations", "management", "templatetags", "question_types", "access_rules", "formats",
    "signing", "importers", "exporters", "icons", "assets", "demo",
}
FORBIDDEN = {"utils.py", "helpers.py", "services.py", "managers.py", "common.py", "misc.py"}
LONGEST_FILE = 400


def sources(*folders):
    for app in folders or APPS:
        yield from (path for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)


@pytest.mark.parametrize("app", APPS)
def test_no_relation_points_upwards_not_even_as_a_string(app):
    for model in apps.get_app_config(app).get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            other = getattr(field, "related_model", None)
            if other is None or field.auto_created and not field.concrete or other._meta.app_label not in LEVEL:
                continue
            label = other._meta.app_label
            is_sibling = LEVEL[label] == LEVEL[app] and label != app
            assert LEVEL[label] <= LEVEL[app] and not is_sibling, f"{model._meta.label}.{field.name} points at {other._meta.label}"


@pytest.mark.parametrize("app", APPS)
def test_an_app_has_only_the_files_that_everybody_expects(app):
    for path in (ROOT / app).iterdir():
        if path.name.startswith((".", "__pycache__")):
            continue
        assert path.name in (FOLDERS if path.is_dir() else FILES), f"{path.relative_to(ROOT)}: no place for it in the house"
        assert path.name not in GROUND_ONLY or app == "core"


def test_no_file_is_named_after_nothing():
    assert not [path for path in sources() if path.name in FORBIDDEN]


def test_the_wiring_has_no_models():
    assert not list(apps.get_app_config("lms").get_models())


def test_files_stay_readable():
    """An alarm, not a gate: the list may name a file with a reason, it may not grow in silence."""
    reasons = {}
    long = {str(path.relative_to(ROOT)): lines for path in sources("lms", *APPS) if (lines := len(path.read_text().splitlines())) > LONGEST_FILE}
    assert set(long) <= set(reasons), long


# signal -> the receivers in our apps, as "module.function"; a new listener is written here, where it is seen in review.
LISTENERS = {
    "django.db.models.signals.post_migrate": {"core.receivers.guard_audit"},
    "django.db.models.signals.post_save": {"courses.receivers.trainer_grant_changed"},
    "django.db.models.signals.post_delete": {"courses.receivers.trainer_grant_changed"},
    "allauth.account.signals.password_changed": {"people.receivers.password_was_changed"},
    "allauth.account.signals.password_set": {"people.receivers.password_was_changed"},
    "allauth.mfa.signals.authenticator_added": {"people.receivers.second_step_was_added"},
    "allauth.mfa.signals.authenticator_removed": {"people.receivers.second_step_was_removed"},
    "allauth.mfa.signals.authenticator_reset": {"people.receivers.recovery_codes_were_made"},
    "wagtail.signals.page_published": {"courses.receivers.page_was_published"},
    "assessments.signals.accommodation_changed": {"courses.receivers.accommodation_was_changed"},
    "assessments.signals.attempt_finished": {"assessments.receivers.attempt_was_finished", "courses.receivers.attempt_was_finished"},
    "assessments.signals.attempt_regraded": {"courses.receivers.attempt_was_regraded"},
    "performance.signals.evaluations_finalised": {"improvement.receivers.on_evaluations_finalised"},
    "courses.signals.course_completed": {"improvement.receivers.on_course_completed"},
    "courses.signals.enrolment_withdrawn": {"improvement.receivers.on_enrolment_withdrawn"},
    "certificates.signals.certificate_issued": {"improvement.receivers.on_certificate_issued"},
}


def _signals():
    for name in ("pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed", "pre_init", "post_init", "pre_migrate", "post_migrate"):
        yield f"django.db.models.signals.{name}", getattr(model_signals, name)
    import importlib

    modules = ["django.contrib.auth.signals", "django.core.signals", "allauth.account.signals", "allauth.mfa.signals", "wagtail.signals"]
    for app in APPS:
        if (ROOT / app / "signals.py").exists():
            modules.append(f"{app}.signals")
    for module in modules:
        try:
            loaded = importlib.import_module(module)
        except ImportError:
            continue
        for name, value in vars(loaded).items():
            if isinstance(value, Signal):
                yield f"{module}.{name}", value


def _listeners(signal):
    found = set()
    for entry in signal.receivers:
        receiver = entry[1]
        receiver = receiver() if type(receiver).__name__ in {"ReferenceType", "WeakMethod"} else receiver
        module = getattr(receiver, "__module__", "")
        if module.split(".")[0] in LEVEL or module.startswith("lms"):
            found.add(f"{module}.{getattr(receiver, '__qualname__', receiver)}")
    return found


def test_every_signal_receiver_stands_in_the_table():
    actual = {name: listeners for name, signal in _signals() if (listeners := _listeners(signal))}
    assert actual == LISTENERS


def test_receivers_live_in_receivers():
    for path in sources():
        if path.name == "receivers.py" or path.name == "apps.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                names = {getattr(decorator.func if isinstance(decorator, ast.Call) else decorator, "id", "") for decorator in node.decorator_list}
                assert "receiver" not in names, f"{path.relative_to(ROOT)}:{node.lineno}"


def test_environment_variables_are_read_in_one_place():
    """Settings of an installation go through ``lms.environment``, so that the table in docs/operations.md is complete."""
    own = re.compile(r"""(environ|getenv)\W.{0,20}["'](BINA_|EMAIL_|S3_|REDIS_URL|DATABASE_URL)""")
    for path in sources("lms", *APPS):
        if path.relative_to(ROOT).as_posix() not in {"lms/environment.py", "lms/gunicorn.py", "lms/serve.py"}:
            assert not own.search(path.read_text()), path.relative_to(ROOT)


def test_nothing_marks_text_as_safe_outside_the_template_tags():
    for path in sources():
        if "templatetags" in path.parts or path.name == "blocks.py":
            continue
        assert "mark_safe(" not in path.read_text(), path.relative_to(ROOT)
