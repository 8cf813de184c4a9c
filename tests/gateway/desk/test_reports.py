"""Reports at the desk: tables, files that are safe in a spreadsheet, and charts that are drawn."""

import csv
import html
import io
import re
import secrets
from datetime import date, timedelta
from functools import partial

import httpx
import pytest
import time_machine
from playwright.sync_api import Browser, Locator, expect

from casework.conversations.conversation import add_message
from casework.reports import REPORTS, Report
from gateway.desk.reports import as_csv
from gateway.web.case_view import in_words
from gateway.web.running import now
from tests.gateway.desk.agent import DeskAgent
from tests.gateway.desk.conftest import Asker
from tests.gateway.desk.windows import sign_in
from tests.gateway.site import Site
from tests.gateway.visitor import Visitor
from tests.gateway.watched import eventually, follow, violations, watched

TABLE = re.compile(r'<table id="table-(\w+)">(.*?)</table>', re.DOTALL)
CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>")
# How many colors a canvas shows.
PAINTED = """canvas => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size;
}"""


def tables(page: str) -> dict[str, list[list[str]]]:
    """The cells of every report's table as they are read, its heads first."""
    return {
        name: [
            [html.unescape(cell) for cell in CELL.findall(row)] for row in table.split("<tr>")[1:]
        ]
        for name, table in TABLE.findall(page)
    }


def file(agent: DeskAgent, name: str, **asked: str) -> httpx.Response:
    return agent.client.get(f"/desk/reports/{name}.csv", params=asked)


def as_shown(cell: str) -> str:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", cell):
        return in_words(date.fromisoformat(cell))
    return cell or "–"


def test_every_report_is_there_and_its_file_has_the_same_cells(
    kim: DeskAgent, asked: Asker
) -> None:
    asked("remorse")
    page = kim.page("/desk/reports")
    shown = tables(page)
    assert {"standing", "pace", "outcomes", "by_itself"} <= set(shown)
    assert shown["pace"][0][0] == "Week of"
    assert len(shown["pace"]) == 13
    links = [html.unescape(link) for link in re.findall(r'href="(/desk/reports/[^"]+)"', page)]
    assert [re.split(r"[/.]", link)[3] for link in links] == list(REPORTS)
    for link in links:
        answer = kim.client.get(link)
        name = re.split(r"[/.]", link)[3]
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert answer.headers["content-disposition"].startswith('attachment; filename="')
        rows = list(csv.reader(io.StringIO(answer.text)))
        if name in shown:
            assert [[as_shown(cell) for cell in row] for row in rows] == shown[name]
        else:
            assert len(rows) == 1


def test_situations_are_named_as_everywhere_at_the_desk(kim: DeskAgent, asked: Asker) -> None:
    asked("remorse")
    situations = {row[0] for row in tables(kim.page("/desk/reports"))["outcomes"]}
    assert "returning goods no longer wanted" in situations


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula_to_a_spreadsheet(sign: str) -> None:
    said = f"{sign}cmd|' /C calc'!A0"
    report = Report("left", "", "", ("Said last", "Conversations"), ((said, -3),), "")
    [_, row] = csv.reader(io.StringIO(as_csv(report), newline=""))
    assert row == [f"'{said}", "-3"]


def test_what_an_assistant_said_is_no_formula_and_no_markup_either(
    site: Site, kim: DeskAgent
) -> None:
    with time_machine.travel(now() - timedelta(days=2)), site.database.begin() as session:
        for _ in range(3):
            conversation = secrets.token_hex(8)
            for author, text in (("customer", "Hi"), ("assistant", "=SUM <b>all</b>")):
                add_message(
                    session, conversation, audience="customer", author=author, text=text, now=now()
                )
    assert "'=SUM <b>all</b>" in file(kim, "left").text
    assert "=SUM &lt;b&gt;all&lt;/b&gt;" in kim.page("/desk/reports")


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("yesterday", "", "The first day must be a date such as 2026-03-13."),
        ("", "2026-02-30", "The last day must be a date such as 2026-03-13."),
        ("2026-03-13", "2026-03-12", "is before the first, March 13, 2026."),
        ("2020-01-01", "2026-03-12", "two years at most"),
        ("0001-01-01", "0001-01-02", "this century"),
    ],
)
def test_days_that_are_no_period_are_named(
    kim: DeskAgent, first: str, last: str, said: str
) -> None:
    for path in ("/desk/reports", "/desk/reports/pace.csv"):
        answer = kim.client.get(path, params={"from": first, "to": last})
        assert answer.status_code == 422
        assert said in html.unescape(answer.text)


def test_a_period_long_ago_is_empty(kim: DeskAgent) -> None:
    page = kim.page("/desk/reports?from=2001-05-07&to=2001-05-07")
    assert "No cases to count in this period." in page
    assert tables(page)["pace"][1:] == [["May 7, 2001", "0", "0", "–", "–", "0", "–", "–"]]
    assert 'value="2001-05-07"' in page


def test_it_takes_a_sign_in_and_a_known_name(kim: DeskAgent, visitor: Visitor) -> None:
    for path in ("/desk/reports", "/desk/reports/pace.csv"):
        answer = visitor.client.get(path)
        assert (answer.status_code, answer.headers["location"][:13]) == (303, "/desk/sign-in")
    assert file(kim, "everything").status_code == 404


def test_customers_never_load_the_charts(kim: DeskAgent, visitor: Visitor) -> None:
    assert "/static/chart.js" in kim.page("/desk/reports")
    for path in ("/", "/chat"):
        assert "chart.js" not in visitor.client.get(path).text
    assert "chart.js" not in kim.page("/desk")


def painted(chart: Locator) -> bool:
    colors: int = chart.evaluate(PAINTED)
    return colors > 3


def test_charts_are_drawn_on_a_desk_and_on_a_phone(
    browser: Browser, site: Site, asked: Asker
) -> None:
    for situation in ("remorse", "other"):
        asked(situation)
    for scheme, width in (("light", 1280), ("dark", 390)):
        options = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
        with watched(browser, site.address, **options) as agents:
            desk = sign_in(site, agents, "kim")
            follow(desk, desk.get_by_role("link", name="Reports"))
            expect(desk.get_by_role("heading", name="Outcomes by situation")).to_be_visible()
            charts = desk.locator("canvas")
            expect(charts).to_have_count(4)
            for chart in charts.all():
                box = chart.bounding_box()
                assert box
                assert box["height"] > 200
                assert 250 < box["width"] < width
                eventually(partial(painted, chart), desk)
            assert violations(desk) == []
            assert desk.evaluate("document.documentElement.scrollWidth") <= width
