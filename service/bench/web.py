"""Over HTTP: approvals by sixteen connections beside pings, and the pages of fifty rows beside a minimal one."""

from collections.abc import Iterator
from statistics import median
from uuid import uuid4

from service.bench.contestants import WAITS_AT
from service.bench.figures import Figure, Goal, percentile, ratio
from service.bench.serving import CONNECTIONS, Webs
from service.bench.stock import Stock

APPROVALS = Goal("HTTP 审批，16 个连接", 0.3, 0.2, "× ping 页")
HISTORY = Goal("表的页面（含历史）", 2.0, 3.0, "× 同样大小的最小页", at_most=True)
LIST = Goal("清单首页 50 行", 2.0, 3.0, "× 同样大小的最小页", at_most=True)
LAST = Goal("清单末页 / 首页", 1.2, 3.0, "×", at_most=True)
GROWN = Goal("清单首页，最多事件 / 1,000 个事件", 1.1, 3.0, "×", at_most=True)
SECONDS = 0.5
LOOKS = 40
LIST_ROWS, HISTORY_ROWS = 50, 12


def approvals_over_http(stock: Stock, webs: Webs, rounds: int) -> Iterator[Figure]:
    """Measure; pings and approvals take turns."""
    pings, mine, bad = [], [], 0
    form = {"version": WAITS_AT, "opinion": "同意", "content_hash": ""}
    for number in range(rounds + 1):
        tables = stock.tables_waiting(CONNECTIONS * 14, range(CONNECTIONS))
        errands: list[list[tuple[str, dict[str, object]]]] = [
            [(f"/tables/{table}/approve", {**form, "command_id": uuid4()}) for table, house in tables if house == who]
            for who in range(CONNECTIONS)
        ]
        ping, _ = webs.pinging.hurry([[("/ping", {})] * 5_000] * CONNECTIONS, SECONDS)
        approval, refused = webs.crowd.hurry(errands, SECONDS)
        bad += refused
        if number:
            pings.append(ping)
            mine.append(approval)
    remark = f"ping {median(pings):.0f}/秒，审批 {median(mine):.0f}/秒" + (f"，{bad} 次未成功" if bad else "")
    yield Figure(APPROVALS, None if bad else ratio(mine, pings), remark)


def pages(stock: Stock, webs: Webs, first_page_when_small: float | None) -> Iterator[Figure]:
    """Measure the table's page, the list's first and last page, each in turn with a minimal page of its size."""
    table = next(iter(stock.tables_waiting(1)))[0]
    last = f"/tables?page={1_000_000}"
    asked = {"history": (f"/tables/{table}", HISTORY_ROWS), "first": ("/tables", LIST_ROWS), "last": (last, LIST_ROWS)}
    seconds = {name: looked_at(webs, path, rows) for name, (path, rows) in asked.items()}
    for name, goal in (("history", HISTORY), ("first", LIST)):
        mine, least, size = seconds[name]
        remark = f"p50 {median(mine) * 1000:.1f} 毫秒，p99 {percentile(mine, 0.99) * 1000:.1f} 毫秒，{size:,} 字节"
        yield Figure(goal, median(mine) / median(least), remark)
    first, final = median(seconds["first"][0]), median(seconds["last"][0])
    yield Figure(LAST, final / first, f"{stock.events:,} 个事件，末页 {final * 1000:.1f} 毫秒")
    if first_page_when_small is not None:
        yield Figure(GROWN, first / median(seconds["first"][1]) / first_page_when_small, "两次均除以同时的最小页")


def looked_at(webs: Webs, path: str, rows: int) -> tuple[list[float], list[float], int]:
    """Return the seconds of the product's page and of the minimal one, look by look, and the page's bytes."""
    size = len(webs.reader.get(path).body)
    mine, least = [], []
    for number in range(LOOKS + 3):
        answer, other = webs.reader.get(path), webs.plain.get(f"/rows/{rows}/{size}")
        if answer.status != 200 or other.status != 200:
            raise ConnectionRefusedError(path, answer.status, other.status)
        if number >= 3:
            mine.append(answer.seconds)
            least.append(other.seconds)
    return mine, least, size
