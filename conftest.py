"""How the tests run: on which database, in which folder, and what is left out when something is missing.

    pytest                          SQLite (a file), everything but the long tests
    pytest --database=postgresql    PostgreSQL: the one that DATABASE_URL names, else the local server
    pytest -m browser               only what drives a real browser
    pytest --long                   the long tests too

This file stands at the top of the project because the tests of the programmes stand in their own folders. Where
Chromium or a PostgreSQL server is absent, the tests that need it are skipped with the command that installs it;
``TONGBAN_NO_SKIPS=1`` turns those skips into failures.
"""

from __future__ import annotations

import atexit
import functools
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent

MARKS = {
    "browser": "drives a real browser (every test that uses Playwright's page, context or browser has it)",
    "postgresql": "says something about PostgreSQL only: left out of a run on SQLite",
    "sqlite": "says something about SQLite only: left out of a run on PostgreSQL",
    "long": "takes too long for every run: only with --long",
}
BROWSER_FIXTURES = {"page", "context", "browser", "new_context", "launch_browser"}

NO_CHROMIUM = "Chromium is missing; on Debian: apt-get install -y chromium fonts-noto-cjk"
NO_SERVER = (
    "No PostgreSQL server answers, neither at DATABASE_URL nor locally; on Debian, as root: "
    "apt-get install -y postgresql && service postgresql start && su postgres -c 'createuser --createdb root'"
)
#: Tried in this order when DATABASE_URL names none: TCP as CI has it, then the socket as the account that runs pytest.
LOCAL_SERVERS = ("postgresql://postgres@127.0.0.1:5432/postgres", "postgresql:///postgres")


# --- the run: settled before Django reads its settings and before any other conftest is imported ----------------------


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgresql"),
        help="database to test on (PostgreSQL if DATABASE_URL names one, else SQLite)",
    )
    parser.addoption("--long", action="store_true", help="run the tests marked `long` too")
    config = pluginmanager.get_plugin("pytestconfig")
    chosen = parser.parse_known_args([str(word) for word in config.invocation_params.args]).database
    # The processes of xdist know only the environment when they come here.
    settle(chosen or os.environ.get("TONGBAN_TEST_DATABASE") or ("postgresql" if named_server() else "sqlite"))


def settle(database: str) -> None:
    """Give this process a data folder of its own and its database, then set Django up."""
    os.environ["TONGBAN_TEST_DATABASE"] = database
    if database == "postgresql":
        os.environ["DATABASE_URL"] = server() or named_server() or LOCAL_SERVERS[0]
    else:
        os.environ.pop("DATABASE_URL", None)
    folder = tempfile.mkdtemp(prefix="tongban-test-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["TONGBAN_DATA"] = folder
    (Path(folder) / "static").mkdir()  # no files are gathered for tests, and the server warns of a missing folder
    os.environ["TONGBAN_MODE"] = "test"
    os.environ["DJANGO_SETTINGS_MODULE"] = "tongban.config.settings"
    # Playwright's synchronous calls run inside an event loop, where Django refuses the database without this.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

    import django

    django.setup()
    from django.conf import settings

    from tongban.core import vault

    # A process of xdist inherits the settings' name, so they were read before this with the first process's folder: two
    # at once would then write the same files.
    settings.TONGBAN_DATA = Path(folder)

    vault.ensure_keys()


def named_server() -> str:
    """The PostgreSQL that DATABASE_URL names, or nothing."""
    url = os.environ.get("DATABASE_URL", "")
    return url if url.startswith("postgres") else ""


@functools.cache
def server() -> str:
    """The address of a PostgreSQL server that answers, or nothing."""
    import psycopg

    for url in [named_server()] if named_server() else LOCAL_SERVERS:
        try:
            psycopg.connect(url, connect_timeout=3).close()
        except psycopg.Error:
            continue
        return url
    return ""


@functools.cache
def chromium() -> str:
    """The path of Debian's Chromium, or of the one that TONGBAN_CHROMIUM names, or nothing."""
    named = os.environ.get("TONGBAN_CHROMIUM")
    return named or shutil.which("chromium") or shutil.which("chromium-browser") or ""


def pytest_configure(config: pytest.Config) -> None:
    for name, meaning in MARKS.items():
        config.addinivalue_line("markers", f"{name}: {meaning}")

    from hypothesis import HealthCheck, settings

    # No deadline: the machine is shared, and a slow example is not a wrong one. CI must say the same thing twice.
    settings.register_profile(
        "tongban",
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        derandomize=os.environ.get("CI") == "true",
    )
    settings.register_profile("long", settings.get_profile("tongban"), max_examples=2000)
    settings.load_profile("long" if config.getoption("--long") else "tongban")


def pytest_report_header() -> str:
    database = os.environ["TONGBAN_TEST_DATABASE"]
    return f"database: {database}, chromium: {'yes' if chromium() else 'no'}"


# --- what is left out ------------------------------------------------------------------------------------------------


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Iterator[None]:
    leave_others_out(config, items)
    yield
    # Those that wait minutes for programs of ours come first: at the end one process would wait alone.
    items.sort(key=lambda item: ROOT / "tests" / "cli" not in item.path.parents)


def leave_others_out(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect what this run is not for, and mark what drives a browser."""
    other = "postgresql" if os.environ["TONGBAN_TEST_DATABASE"] == "sqlite" else "sqlite"
    left_out = {other} if config.getoption("--long") else {other, "long"}
    kept, gone = [], []
    for item in items:
        if BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")
        # The mark of a test, not the name of its folder: item.keywords holds both.
        (gone if any(item.get_closest_marker(name) for name in left_out) else kept).append(item)
    if gone:
        config.hook.pytest_deselected(items=gone)
        items[:] = kept


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") and not chromium():
        leave_out(NO_CHROMIUM)
    if os.environ["TONGBAN_TEST_DATABASE"] == "postgresql" and not server():
        leave_out(NO_SERVER)


def leave_out(reason: str) -> None:
    """Skip the test, or fail it where nothing may be skipped."""
    if os.environ.get("TONGBAN_NO_SKIPS") == "1":
        pytest.fail(f"TONGBAN_NO_SKIPS is set, and {reason}", pytrace=False)
    pytest.skip(reason)


# --- databases -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """A database for this process alone, so that several runs on one machine, and xdist's processes, never meet."""
    from django.conf import settings

    default = settings.DATABASES["default"]
    if os.environ["TONGBAN_TEST_DATABASE"] == "sqlite":
        # A file, because threads and other processes must be able to open it as they would the county's.
        default["TEST"] = {**default.get("TEST", {}), "NAME": str(Path(os.environ["TONGBAN_DATA"]) / "test.sqlite3")}
        return
    drop_orphans()
    default["TEST"] = {
        **default.get("TEST", {}),
        "NAME": f"tongban_test_{os.getpid()}",
        # Whatever the cluster was made with: template1 may be SQL_ASCII.
        "CHARSET": "UTF8",
        "TEMPLATE": "template0",
    }


def drop_orphans() -> None:
    """Drop the test databases of runs that were ended before they could."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        if connection.info.host not in ("127.0.0.1", "localhost", "::1") and not connection.info.host.startswith("/"):
            return  # its process numbers are another machine's
        rows = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'tongban\\_test\\_%'").fetchall()
        for (name,) in rows:
            number = re.fullmatch(r"tongban_test_(\d+)", name)
            if number and not Path(f"/proc/{number[1]}").exists() and Path("/proc/self").exists():
                try:
                    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
                except psycopg.Error:
                    continue  # another run was faster, or somebody looks into it


# --- the browser -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium, without a sandbox (it may run as root) and without its own calls to the outside."""
    return {
        **browser_type_launch_args,
        "executable_path": chromium(),
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A reader in China: Chinese first, and the clock of the county."""
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


@pytest.fixture(scope="session")
def axe_script() -> Path:
    """axe-core, which looks for what a screen reader or a keyboard cannot use (copied there by hatch_build.py)."""
    path = ROOT / "tests/vendor/axe/axe.min.js"
    assert path.is_file(), "axe-core is missing: `make setup` or `python hatch_build.py` brings it"
    return path


# --- real data -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data that is not part of the project."""
    folder = Path(os.environ.get("TONGBAN_SHARED_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip("The shared data are absent: TONGBAN_SHARED_DATA names their folder, else ../shared/data")
    return folder
