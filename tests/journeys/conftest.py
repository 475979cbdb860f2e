"""Browser journeys: a real centre, a real browser, and people who use them."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright, expect, sync_playwright

from tests.journeys.centre import Centre, running_centre
from tests.journeys.watch import Watch

PASSWORD = "Rongdun-demo-2026"
"""Of every demonstration account."""

DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
FAILURES = Path(__file__).parent / "failures"
PAGES = Path(__file__).parents[2] / "src/rongdun/web_dist/index.html"
REPORT = pytest.StashKey[pytest.TestReport]()

expect.set_options(timeout=15_000)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Let fixtures know whether the journey failed, to keep a picture of it."""
    report = yield
    if report.when == "call":
        item.stash[REPORT] = report
    return report


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path; without one, journeys are skipped, but not where ``CI`` says that they count."""
    # The shell is Chromium without the windows that nobody looks at: a quarter less work for the machine.
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("RONGDUN_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    _must(found, "no Chromium: apt-get install chromium, or set RONGDUN_CHROMIUM")
    _must(PAGES.is_file(), "the web pages are not built: make setup")
    return str(found)


def _must(there: object, otherwise: str) -> None:
    if not there:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(otherwise)


@pytest.fixture(scope="session")
def centre(chromium: str) -> Iterator[Centre]:
    """The demonstration centre that all journeys of a run share."""
    with running_centre() as running:
        yield running


@pytest.fixture(scope="module")
def playwright_driver() -> Iterator[Playwright]:
    """Playwright for one module: its event loop must not stay behind for tests that bring their own."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="module")
def browser(playwright_driver: Playwright, chromium: str) -> Iterator[Browser]:
    """A browser without a window."""
    options = ["--disable-gpu", "--disable-dev-shm-usage", "--font-render-hinting=none"]
    if os.geteuid() == 0:
        options.append("--no-sandbox")
    launched = playwright_driver.chromium.launch(executable_path=chromium, args=options)
    yield launched
    launched.close()


@dataclass
class People:
    """Hands out browsers to people; each has a browser of their own."""

    centre: Centre
    browser: Browser
    watches: list[Watch] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def visitor(self, *, size: dict[str, int] = DESK, language: str = "zh-CN", theme: str = "light") -> Page:
        """Return the page of somebody who is not signed in, nowhere yet."""
        context = self.browser.new_context(
            base_url=self.centre.url,
            viewport=size,  # type: ignore[arg-type]
            locale=language,
            timezone_id="Asia/Shanghai",
            has_touch=size is PHONE,
            accept_downloads=True,
            # A menu that still unfolds can slide away between a pointer's press and its release on a busy machine.
            reduced_motion="reduce",
        )
        context.add_init_script(
            f"""if (location.protocol === 'http:') {{
              localStorage.getItem('rongdun.language') ?? localStorage.setItem('rongdun.language', '{language}')
              localStorage.getItem('rongdun.theme') ?? localStorage.setItem('rongdun.theme', '{theme}')
            }}"""
        )
        self.contexts.append(context)
        self.watches.append(Watch(self.centre.url).over(context))
        return context.new_page()

    def __call__(self, login: str, path: str = "/", *, password: str = PASSWORD, **options: Any) -> Page:
        """Return the page of ``login``, signed in and at ``path``."""
        page = self.visitor(**options)
        answer = page.request.post(
            "/api/auth/login",
            data={"login": login, "password": password},
            headers={"Origin": self.centre.url},
        )
        assert answer.ok, answer.text()
        page.goto(path)
        return page

    def watch(self, page: Page) -> Watch:
        """Return what watches the browser of ``page``."""
        return self.watches[self.contexts.index(page.context)]


@pytest.fixture
def people(centre: Centre, browser: Browser, request: pytest.FixtureRequest) -> Iterator[People]:
    """People with browsers; afterwards nothing may have gone wrong behind their backs."""
    here = People(centre, browser)
    yield here
    report = request.node.stash.get(REPORT, None)
    if report is None or report.failed:
        _keep_pictures(request.node.name, here)
    for context in here.contexts:
        context.close()
    if report is not None and report.passed:
        faults = [fault for watch in here.watches for fault in watch.faults]
        assert not faults, "behind the page:\n" + "\n".join(faults)


def _keep_pictures(name: str, people: People) -> None:
    FAILURES.mkdir(exist_ok=True)
    plain = re.sub(r"\W+", "-", name)
    pages = [page for context in people.contexts for page in context.pages]
    for number, page in enumerate(pages, 1):
        page.screenshot(path=FAILURES / f"{plain}-{number}.png", timeout=5_000)


@pytest.fixture
def sign_in() -> Callable[..., None]:
    """Sign in by hand: login, password, Enter."""

    def by_hand(page: Page, login: str, password: str = PASSWORD) -> None:
        page.get_by_label("账号", exact=True).fill(login)
        page.get_by_label("密码", exact=True).fill(password)
        page.keyboard.press("Enter")

    return by_hand


def choose(page: Page, field: Locator, option: str) -> None:
    """Open a list of choices by keyboard and take one."""
    field.focus()
    page.keyboard.press("Enter")
    page.get_by_role("option", name=option, exact=True).locator("visible=true").click()


def choose_unit(page: Page, field: Locator, name: str) -> None:
    """Type the name of a unit and take it from the tree."""
    field.focus()
    page.keyboard.press("Enter")
    page.keyboard.type(name)
    page.get_by_role("treeitem", name=name).locator("visible=true").last.click()
