"""Reports over a period: a page with tables and charts, and each table as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from casework.reports import REPORTS, Cell, Period, Report
from casework.reports.period import week_of
from casework.shop import day_of
from gateway.desk import pages
from gateway.desk.sign_in import require_seat
from gateway.web.case_view import SITUATIONS, in_words
from gateway.web.running import Gateway, gateway_of, now

WEEKS = 12
LONGEST = 731
# A spreadsheet takes a cell that begins like this for a formula and works it out.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Chart:
    """What of a table is drawn: the columns ``values`` by the columns ``by``, the last stacked.

    ``kind`` is bar, line or stacked. With ``split``, a column, each of its words is a series.
    """

    title: str
    kind: str
    values: tuple[int, ...]
    split: int | None = None


# Where looking beats reading. A list of five numbers is read.
CHARTS = {
    "pace": (
        Chart("Hours to the first answer", "line", (3, 4)),
        Chart("Days to the end", "line", (6, 7)),
    ),
    "outcomes": (Chart("How cases ended", "stacked", (2,), split=1),),
    "by_itself": (Chart("Conversations by who settled them", "stacked", (2, 3, 4)),),
}


class PeriodError(ValueError):
    """The days asked for are no period; the message says why."""


async def show(request: Request) -> Response:
    """GET /desk/reports?from=&to=: every report; the last twelve weeks unless told otherwise."""
    seat = await require_seat(request)
    gateway, moment = gateway_of(request), now()
    found: list[Report] = []
    refused, asked = "", request.query_params
    first, last = asked.get("from", ""), asked.get("to", "")
    try:
        period = period_asked(asked, day_of(moment))
    except PeriodError as wrong:
        refused = str(wrong)
    else:
        first, last = period.first.isoformat(), period.last.isoformat()
        found = await gateway.in_thread(lambda: _read(gateway, REPORTS, period, moment))
    return await pages.page(
        request, "desk/reports.html", seat, status=422 if refused else 200,
        reports=found, charts=CHARTS, first=first, last=last, refused=refused, shown=shown,
    )  # fmt: skip


async def download(request: Request) -> Response:
    """GET /desk/reports/{name}.csv?from=&to=: one report's table; 404 for an unknown name."""
    await require_seat(request)
    gateway, moment = gateway_of(request), now()
    name = request.path_params["name"]
    if name not in REPORTS:
        raise HTTPException(404, "There is no such report.")
    try:
        period = period_asked(request.query_params, day_of(moment))
    except PeriodError as wrong:
        raise HTTPException(422, str(wrong)) from wrong
    [report] = await gateway.in_thread(lambda: _read(gateway, [name], period, moment))
    file = f"{name.replace('_', '-')}-{period.first}-{period.last}.csv"
    headers = {"content-disposition": f'attachment; filename="{file}"'}
    return Response(as_csv(report), media_type="text/csv; charset=utf-8", headers=headers)


def period_asked(asked: QueryParams, today: date) -> Period:
    """Return the period of `from` and `to`; what is left out is the last twelve weeks'.

    Raises:
        PeriodError: a day cannot be read, or they are the wrong way round or too far apart.
    """
    last = _day(asked.get("to"), "last") or today
    first = _day(asked.get("from"), "first") or week_of(last) - timedelta(weeks=WEEKS - 1)
    if last < first:
        raise PeriodError(
            f"The last day, {in_words(last)}, is before the first, {in_words(first)}."
        )
    if (last - first).days >= LONGEST:
        raise PeriodError("Please choose a period of two years at most.")
    return Period.of(first, last)


def as_csv(report: Report) -> str:
    """Return the report's table as CSV with a header row; no cell is a formula to a spreadsheet."""
    file = io.StringIO()
    writer = csv.writer(file)
    for row in (report.columns, *report.rows):
        writer.writerow([_plain(cell) for cell in row])
    return file.getvalue()


def shown(cell: Cell) -> str:
    """Return a cell as people read it."""
    if cell is None:
        return "–"
    return in_words(cell) if isinstance(cell, date) else str(cell)


def _plain(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _read(gateway: Gateway, names: Iterable[str], period: Period, moment: datetime) -> list[Report]:
    with gateway.database.read() as session:
        return [_in_words(REPORTS[name](session, period, moment)) for name in names]


def _in_words(report: Report) -> Report:
    """The report with its situations as the desk names them."""
    if report.columns[0] != "Situation":
        return report
    rows = ((SITUATIONS.get(str(row[0]), row[0]), *row[1:]) for row in report.rows)
    return replace(report, rows=tuple(rows))


def _day(asked: str | None, which: str) -> date | None:
    if not asked:
        return None
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        raise PeriodError(f"The {which} day must be a date such as 2026-03-13.") from None
    if not 2000 <= day.year < 2100:
        raise PeriodError(f"The {which} day must be in this century.")
    return day
