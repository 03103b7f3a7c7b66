"""The last step of a release over the desk: standings of other code are folded anew, and the log says how many."""

from workflows.store.refreshing import refresh_standings
from workflows.store.transaction import engine_for_once


def fold_standings_anew(owner_url: str) -> None:
    """Make the standings that other code folded anew from the log, and tell it where there were any."""
    engine = engine_for_once(owner_url)
    refreshed = refresh_standings(engine, tell=lambda made: print(f"已按现行程序重新推演 {made:,} 张表……", flush=True))
    engine.dispose()
    if refreshed.left:
        names = "、".join(str(table) for table in refreshed.left[:5])
        print(f"有 {len(refreshed.left)} 张表无法由记录推演，原样保留，请审计管理员在“审计”页核验：{names}", flush=True)
