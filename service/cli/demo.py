"""`plant-demo`: gives an empty demonstration its city, its accounts and the sample documents; safe to repeat."""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from service.config import SettingMissing
from service.demo.campaigns import plant_campaigns, plant_running
from service.demo.city import City, shipped_city
from service.demo.planting import plant_documents, plant_people
from workflows.store.transaction import make_engine
from workflows.vocabulary import Actor

ACCOUNTS_FILE = "demo-accounts.json"


def main(arguments: list[str]) -> int:
    """Plant into the database of GOALTRAIL_DATABASE_URL and leave the list of accounts in GOALTRAIL_DATA_DIR."""
    if arguments:
        print("用法：python3 -m service plant-demo（由 up 调用）", file=sys.stderr)
        return 2
    url = os.environ.get("GOALTRAIL_DATABASE_URL")
    if not url:
        raise SettingMissing("缺少环境变量 GOALTRAIL_DATABASE_URL。")
    city = shipped_city()
    engine = make_engine(url, connections=1, name="goaltrail-demo")
    plant_people(engine, city, may_sign_in=True)
    plant_documents(engine, city, print)
    print(f"布置任务：{plant_campaigns(engine, city) + plant_running(engine, city)} 项")
    leave_accounts(city, os.environ)
    return 0


def leave_accounts(city: City, environment: Mapping[str, str]) -> None:
    """Write who may sign in, for the starter to print and the sign-in page of the demo to show."""
    folder = environment.get("GOALTRAIL_DATA_DIR")
    if folder:
        text = json.dumps(accounts_shown(city), ensure_ascii=False, indent=1)
        (Path(folder) / ACCOUNTS_FILE).write_text(text + "\n", encoding="utf-8")


def accounts_shown(city: City) -> list[dict[str, str]]:
    """Return one account per role and organ kind that the chain needs, in the order of the chain, with the password."""
    firsts: dict[str, Actor] = {}
    for person in city.people:
        firsts.setdefault(person.posts[0].role, person)
    return [
        {
            "login": person.id, "password": city.password, "name": person.name,
            "role": person.posts[0].role.chinese, "organ": city.organ(person.posts[0].organ).name,
        }
        for person in firsts.values()
    ]  # fmt: skip
