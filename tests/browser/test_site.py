"""The website in a real browser: every page opens, and needs nothing but its own server."""

import json
import os
import shutil
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).parents[2]
PHONE = {"width": 390, "height": 844}
KINDS = (
    "index.html",
    "lessons/06_descriptors.html",
    "lessons/13_checklist.html",
    "exercises/06_descriptors.html",
    "reference/glossary.html",
    "reference/chapter.html",
    "reference/benchmarks.html",
    "api/descriptors.html",
    "guide/contributing.html",
)
# One site for all of them: one worker of pytest-xdist.
pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.xdist_group("site")]


class Quiet(SimpleHTTPRequestHandler):
    """A plain static server that prints nothing."""

    def log_message(self, *args):
        pass


def without_network() -> list[str]:
    """Return the words before a command that cut its network; none where the system refuses."""
    words = ["unshare", "--map-root-user", "--net"]
    if shutil.which("unshare") and subprocess.run([*words, "true"], check=False).returncode == 0:
        return words
    return []


def build(folder: Path) -> list[str]:
    """Build the site into ``folder / "site"`` and return the command."""
    command = [sys.executable, "-m", "mlp_course.cli", "site", "build", "--out", folder / "site"]
    command = list(map(str, [*without_network(), *command, "--work", folder / "work"]))
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return command


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> SimpleNamespace:
    """The site, built without a network where the system can cut it, and its address.

    The variable MLP_COURSE_SITE names one that is built already, which saves a minute.
    """
    folder, command = tmp_path_factory.mktemp("site"), []
    if built := os.environ.get("MLP_COURSE_SITE"):
        (folder / "site").symlink_to(Path(built).resolve())
    else:
        command = build(folder)
    root = (folder / "site").resolve()
    found = [path.relative_to(root) for path in root.rglob("*.html")]
    pages = sorted(path.as_posix() for path in found if path.parts[0] != "_static")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(root))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/"
        yield SimpleNamespace(folder=root, url=address, pages=pages, command=command)
        server.shutdown()


@pytest.fixture(scope="module")
def visit(browser, site):
    """Open pages in one tab; everything that leaves the machine is stopped and noted."""
    seen = SimpleNamespace(problems=[], page=browser.new_page())
    seen.page.set_default_timeout(60_000)

    def look(route):
        address = route.request.url
        if not address.startswith((site.url, "data:", "blob:")):
            seen.problems.append(f"asks for {address}")
            return route.abort()
        return route.continue_()

    def note(message):
        if message.type == "error":
            seen.problems.append(f"console: {message.text}")

    seen.page.route("**/*", look)
    seen.page.on("console", note)
    seen.page.on("pageerror", lambda error: seen.problems.append(f"page error: {error}"))
    yield seen
    seen.page.close()


PROBE = """() => ({
  broken: [...document.images].filter(i => !i.complete || !i.naturalWidth).map(i => i.src),
  silent: [...document.querySelectorAll("article img")].filter(i => !i.alt.trim()).map(i => i.src),
  unset: [...document.querySelectorAll(".math")].filter(m => !m.querySelector("mjx-container"))
    .map(m => m.textContent.slice(0, 60)),
  errors: [...document.querySelectorAll("mjx-merror")].map(e => e.textContent),
  raw: [...document.querySelectorAll("article :is(p, li, td, th, dd, h1, h2, h3, figcaption)")]
    .map(e => e.cloneNode(true))
    .map(e => (e.querySelectorAll("code, pre, .math").forEach(c => c.remove()), e.textContent))
    .filter(text => /\\\\(mathbf|mathrm|t?frac|sum|text|hat)|\\{(doc|ref)\\}|:::/.test(text))
    .map(text => text.slice(0, 80)),
  title: document.querySelectorAll("article h1").length,
})"""


def test_every_page_opens_complete_and_asks_nobody_else(site, visit):
    """57 pages or more: no console error, no foreign request, all pictures, alt texts, formulas."""
    found = {}
    for name in site.pages:
        visit.problems.clear()
        visit.page.goto(site.url + name)
        visit.page.evaluate("for (const i of document.images) i.loading = 'eager'")
        visit.page.wait_for_load_state("networkidle")
        visit.page.evaluate("window.MathJax?.startup?.promise")
        seen = visit.page.evaluate(PROBE)
        heads = seen.pop("title")
        wrong = visit.problems + [f"{key}: {value}" for key, value in seen.items() if value]
        if heads != 1 and name not in ("search.html",):
            wrong.append(f"{heads} titles")
        if wrong:
            found[name] = wrong[:5]
    assert len(site.pages) >= 55
    assert not found, json.dumps(found, indent=1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_and_keyboard_hold_on_each_kind_of_page(site, browser, scheme):
    """axe-core finds nothing serious or critical."""
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(color_scheme=scheme)
    page, found = context.new_page(), []
    for name in KINDS:
        page.goto(site.url + name)
        page.wait_for_load_state("networkidle")
        for violation in Axe().run(page).response["violations"]:
            if violation["impact"] in ("serious", "critical"):
                first = violation["nodes"][0]["html"][:200]
                found.append(f"{name}: {violation['id']}, {len(violation['nodes'])} times: {first}")
    context.close()
    assert not found, "\n".join(found)


def test_no_page_is_wider_than_a_phone(site, browser):
    """At 390 pixels the page does not scroll sideways; wide tables and code do, in their boxes."""
    page, wide = browser.new_page(viewport=PHONE), {}
    for name in site.pages:
        page.goto(site.url + name, wait_until="load")
        page.wait_for_timeout(150)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > PHONE["width"]:
            wide[name] = width
    page.close()
    assert not wide


def test_search_finds_soap(site, visit):
    """Searching for SOAP leads to the lesson, the glossary and the class."""
    visit.page.goto(f"{site.url}search.html?q=SOAP")
    visit.page.wait_for_selector("#search-results li")
    visit.page.wait_for_timeout(2000)
    places = visit.page.locator("#search-results a").evaluate_all("links => links.map(a => a.href)")
    for wanted in (
        "lessons/06_descriptors.html",
        "reference/glossary.html",
        "api/descriptors.html",
    ):
        assert any(wanted in place for place in places), wanted


def test_a_molecule_turns_by_keyboard_and_its_frames_change(site, visit, see):
    """Enter on the button draws the molecule; an arrow key and the slider change the drawing."""
    page = visit.page
    visit.problems.clear()
    page.goto(f"{site.url}lessons/06_descriptors.html")
    button = page.locator("figure[data-structure] button.turn").nth(1)
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".structure-view[data-drawn]")
    canvas = page.locator(".turning .structure-view canvas").first
    assert see.wait_for_drawing(canvas) > 30
    before = see.pixels(canvas)
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(1500)
    turned = see.pixels(canvas)
    assert (turned != before).any()
    page.locator(".turning input[type=range]").fill("2")
    page.wait_for_timeout(1500)
    assert (see.pixels(canvas) != turned).any()
    assert page.locator(".turning output").inner_text() == "ether"
    page.locator(".turning button.turn").click()
    assert page.locator("figure[data-structure] img").nth(1).is_visible()
    assert not visit.problems


def test_a_solution_is_folded_until_it_is_asked_for(site, visit):
    """The answer to 6.1 is hidden; Enter on its line shows it."""
    visit.page.goto(f"{site.url}exercises/06_descriptors.html")
    fold = visit.page.locator("details.solution").first
    answer = fold.locator("pre").first
    assert not answer.is_visible()
    fold.locator("summary").focus()
    visit.page.keyboard.press("Enter")
    assert answer.is_visible()
    assert "torch.cos" in answer.inner_text()


def test_hover_text_leads_to_its_entry_with_its_meaning(site, visit):
    """The further word SOAP in lesson 06 says what it is, and leads to its own glossary entry."""
    visit.page.goto(f"{site.url}lessons/06_descriptors.html")
    link = visit.page.locator("article a", has_text="SOAP").first
    assert "Smooth overlap" in link.get_attribute("title")
    assert link.get_attribute("href") == (
        "../reference/glossary.html#glossary-smooth-overlap-of-atomic-positions"
    )
    link.click()
    entry = "#glossary-smooth-overlap-of-atomic-positions"
    visit.page.wait_for_selector(entry, state="attached")


def test_the_words_before_the_build_cut_its_network(site):
    """Our own server, which a browser reaches, is out of reach for what runs like the build."""
    words = site.command[: len(without_network())]
    if not words:
        pytest.skip("no build, or a system that does not let us cut the network (unshare --net)")
    ask = [sys.executable, "-c", f"import urllib.request as u; u.urlopen({site.url!r})"]
    subprocess.run(ask, capture_output=True, check=True)
    done = subprocess.run([*words, *ask], capture_output=True, text=True, check=False)
    assert "Network is unreachable" in done.stderr
