"""Every route for every role with somebody else's IDs, unknown and malformed ones: not found or refused, never content."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from openpyxl import Workbook
from sqlalchemy import text
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from service.app import Web
from service.demo.city import shipped_city
from service.uploads import Result, spelled, written
from tests.api.asking import Case, fresh_cases, token_for
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.compiled_pages import opened
from tests.support.web_city import counts_no_requests, planted, visitor
from tests.support.web_city import field as hidden
from tests.support.web_story import with_purpose
from workflows.campaigns import Purpose
from workflows.commands import attaching, commenting, covering, erasing, replying
from workflows.commands.campaigns import Terms, open_campaign
from workflows.commands.recipe import Seen
from workflows.commands.referring import make_referral
from workflows.folds.replay import Table
from workflows.store.answers import keep_answer, take_key
from workflows.store.transaction import begin
from workflows.vocabulary import Action, Actor, Role

MARK = "此处所写只有本单位能看的用途"
OWNER, HEAD, KEEPER = "jingban", "fuzeren", "baomi"
"""Whose tables they are: unit qj-jw-bj in department qj-jw."""
HOME = {"qj-jw", "qj-jw-bj"}
BUREAU = "qj-czj"
REFUSED = {400, 401, 403, 404, 405, 409, 412, 415, 422, 428}
EVENTS = "SELECT count(*) FROM log.event WHERE subject IN ('table', 'document', 'reply', 'referral')"
MESSAGE = """
INSERT INTO desk.inbox (id, recipient, stream_id, version, kind, subject, sentence, created_at)
VALUES (:id, :recipient, :id, 1, 'node.entered', :said, :said, log.now()) RETURNING 1"""
PUBLIC = {"definitions.show", "packs.show", "api.showDefinition"}
"""What everybody inside may read, whoever made it."""
SAME_FOR_ALL = {"inbox.mark"}
"""To mark a message as read sends everybody back to his own messages, whatever it names; it touches only his own."""
GUARDS = {Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.SECRECY_REVIEWER, Role.FINANCE_LEADER}
"""Who may look at words to be erased and holds of the whole bureau: their task, whoever's table it is.

The security administrator also ends covers for people who are away.
"""
ARGUMENT = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")


@dataclass
class World:
    """The city with tables of one unit and everything that hangs on them; clients that are signed in."""

    app: Web
    submitted: dict[str, str]
    drafted: dict[str, str]
    replied: dict[str, str]
    table: UUID
    clients: dict[str, FlaskClient] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    csrf: dict[str, str] = field(default_factory=dict)

    def ask(self, who: str, rule: Rule, ids: dict[str, str], method: str) -> TestResponse:
        """Ask a route as somebody, with a body that has everything a form or a program could send."""
        address = ARGUMENT.sub(lambda found: ids[found[1]], rule.rule)
        if rule.rule.startswith("/api/v1"):
            return self._program(who, address, method)
        client = self._signed_in(who)
        if method == "GET":
            return client.get(address)
        form = {"csrf_token": self.csrf[who], "command_id": str(uuid4()), **FORM, **self.seen()}
        return client.post(address, data=form)

    def seen(self) -> dict[str, str]:
        table = self.now()
        return {"version": str(table.version), "content_hash": table.content_hash, "draft_version": "1"}

    def now(self) -> Table:
        return Case(self.app, "", self.table).table

    def _signed_in(self, who: str) -> FlaskClient:
        if who not in self.clients:
            somebody = visitor(self.app, who)
            self.clients[who] = somebody.client
            self.csrf[who] = hidden(somebody.sees("/account"), "csrf_token")
        return self.clients[who]

    def _program(self, who: str, address: str, method: str) -> TestResponse:
        if who not in self.tokens:
            self.tokens[who] = token_for(self.app, who)
        heads = {"Authorization": f"Bearer {self.tokens[who]}", "Idempotency-Key": str(uuid4())}
        client = self.app.test_client(use_cookies=False)
        if method == "GET":
            return client.get(address, headers=heads)
        table = self.now()
        heads["If-Match"] = f'"{table.version}-{table.content_hash[:16]}"'
        shape = self.app.extensions.setdefault("bodies", bodies())
        return client.post(address, json=shape.get(address.rsplit("/", 1)[-1], {}), headers=heads)


FORM = {
    "reason": "指标值与目标不匹配", "opinion": "同意按此办理", "to": "draft", "node": "", "to_node": "", "mode": "逐级",
    "task": "none", "person": "yewu", "how": "before", "question": "请核对该项目标", "until": "2027-03-01", "pointer": "/purpose",
    "words": "请补充说明", "criterion": "money", "ground": "依法删除个人信息", "day": "2026-05-01", "note": "请知悉",
    "do": "save", "title": "改写的名称", "purpose": "改写的用途", "request": "none", "people": "yewu", "action": "approve",
}  # fmt: skip


def bodies() -> dict[str, dict[str, Any]]:
    """Return bodies that the shapes of the interface take, by action."""
    reason = {"reason": "指标值与目标不匹配"}
    known = dict.fromkeys(("withdraw", "refuse", "void", "terminate", "decline", "recall", "ask_withdrawal"), reason)
    return {**known, "return": {**reason, "to": "draft"}, "approve": {"opinion": "同意"}}


@pytest.fixture(scope="module")
def world(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    database = cluster.new_database(TEMPLATE)
    first = planted(database, tmp_path_factory.mktemp("routes"))
    app = opened(replace(first.settings, tokens_may_decide=True))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    first.extensions["engine"].dispose()
    counts_no_requests(app)
    yield made(app)
    app.extensions["engine"].dispose()
    cluster.drop(database)


def made(app: Web) -> World:
    """Lead one table into review with everything on it, another into force, and leave a third as a draft."""
    (one,), (two,), (three,) = fresh_cases(app), fresh_cases(app), fresh_cases(app)
    people = shipped_city().person
    for case in (one, two, three):
        case.drafted(with_purpose(MARK))
        attached(case)
    for case in (one, three):
        case.submitted()
    with_everybodys_word(three)
    commented(one, people(HEAD))
    ids = {
        "table_id": str(one.id), "attachment": one.table.attachments[0].attachment, "thread": one.table.threads[0].thread,
        "document_id": one.table.document, "erasure": erasure_of(one), "cover": cover_of(one), "version": "1", "window": "w1",
        "command": ordered(app, one), "reply_id": str(REPLY), "size": "3", "content_hash": one.table.definition_hash,
        "definition_hash": one.table.definition_hash, "action": "approve", "message_id": message_of(app),
        "token_id": token_of(app), "which": "form", "ending": "xlsx",
        "upload": uploaded(app), "number": "0", "amendment": str(uuid4()), "key": "r1", "pack_id": str(uuid4()),
        "entry": str(uuid4()), "letter_id": letter_of(app, one), "referral_id": referral_of(one), "campaign_id": campaign_of(one),
    }  # fmt: skip
    draft = {**ids, "table_id": str(two.id), "attachment": two.table.attachments[0].attachment, "document_id": two.table.document}
    return World(app, ids, draft, {**ids, "table_id": str(three.id)}, one.id)


REPLY = uuid4()
UPLOAD = uuid4()


def uploaded(app: Web) -> str:
    """Keep an upload of the owner's whose only file waits for its columns to be named."""
    book = Workbook()
    for row in (("名称", "内容", "目标值"), ("甲", "巡查", "3次"), ("乙", "维护", "5次")):
        book.worksheets[0].append(row)
    data = BytesIO()
    book.save(data)
    body = written([Result("表.xlsx", sentence="不认识的表格格式。", data=spelled(data.getvalue()))], unit="qj-jw-bj", year="")
    with begin(app.extensions["engine"]) as tx:
        take_key(tx, OWNER, f"upload:{UPLOAD}", b"\1" * 32)
        keep_answer(tx, OWNER, f"upload:{UPLOAD}", status=303, headers={}, body=body)
    return str(UPLOAD)



def seen(table: Table) -> Seen:
    return Seen(table.version, table.content_hash)


def attached(case: Case) -> None:
    case.with_journal(lambda j: attaching.attach_file(
        j, case.id, seen=Seen(case.table.version), by=shipped_city().person(OWNER), command_id=uuid4(), name="佐证.txt",
        data=f"{MARK}{case.id}".encode(),
    ))  # fmt: skip


def commented(case: Case, by: Actor) -> None:
    case.with_journal(lambda j: commenting.open_thread(
        j, case.id, seen=seen(case.table), by=by, command_id=uuid4(), pointer="/purpose", criterion="money", words=MARK,
    ))  # fmt: skip


def with_everybodys_word(case: Case) -> None:
    for role in (Role.UNIT_HEAD, Role.DEPARTMENT_FINANCE, Role.FINANCE_BUSINESS, Role.FINANCE_PERFORMANCE):
        case.approved(role)
    case.with_journal(lambda j: replying.issue_reply(
        j, REPLY, tables={case.id: seen(case.table)}, doc_no="清财预〔2026〕77号", by=case.who(Role.FINANCE_BUDGET),
        command_id=uuid4(),
    ))  # fmt: skip


def erasure_of(case: Case) -> str:
    asked = uuid4()

    def ask(journal: Any) -> None:
        (piece,) = [each for each in journal.erasable(case.id) if each.words == MARK][:1]
        erasing.request_erasure(
            journal, asked, table_id=case.id, commitments=[piece.commitment], ground="依法删除个人信息",
            by=shipped_city().person(KEEPER), command_id=uuid4(),
        )  # fmt: skip

    case.with_journal(ask)
    return str(asked)


def referral_of(case: Case) -> str:
    """Let the performance section refer the table, with the unit's own mark in its words."""
    by = shipped_city().person("jixiaoke")
    made = case.with_journal(lambda j: make_referral(
        j, uuid4(), table_id=case.id, to="discipline", words=f"涉嫌虚列支出：{MARK}", by=by, command_id=uuid4(),
    ))  # fmt: skip
    return str(made.id)


def campaign_of(case: Case) -> str:
    """Let the performance section ask the unit alone for its goals, in a year that no table is of."""
    by, unit = shipped_city().person("jixiaoke"), {case.table.unit: case.table.department}

    def ask(journal: Any) -> str:
        now = journal.now()
        terms = Terms(2061, Purpose.GOAL_FILING, f"目标申报{MARK}", now, now + timedelta(days=9), unit)
        return str(open_campaign(journal, bureau=case.table.bureau, terms=terms, by=by, command_id=uuid4()).id)

    return case.with_journal(ask)


def cover_of(case: Case) -> str:
    head, deputy = shipped_city().person(HEAD), shipped_city().person("yewu")

    def give(journal: Any) -> str:
        now = journal.now()
        terms = covering.Terms(now, now + timedelta(days=5), f"外出学习{MARK}")
        given = covering.give_cover(journal, principal=head, deputy=deputy, terms=terms, by=head, command_id=uuid4())
        return str(given.fact.cover)

    return str(case.with_journal(give))


def ordered(app: Web, case: Case) -> str:
    """Let the unit's head pass the table by a bulk order; return the order."""
    head = visitor(app, HEAD)
    page = head.sees(f"/work/bulk?choose=ticked&t={case.id}")
    items = re.findall(r'name="item" value="([^"]+)" checked', page)
    fixed = {name: hidden(page, name) for name in ("csrf_token", "command_id")}
    sent = head.client.post("/work/bulk", data={**fixed, "item": items, "shown": items, "action": "approve", "mode": "each", "opinion": MARK})
    assert sent.status_code == 303, sent.text
    return sent.location.rsplit("/", 1)[1]


def message_of(app: Web) -> str:
    """Leave a message with the unit's head, as the notifier does."""
    key = uuid4()
    with begin(app.extensions["engine"]) as tx:
        tx.scalar(MESSAGE, id=key, recipient=HEAD, said=MARK)
    return str(key)


def letter_of(app: Web, case: Case) -> str:
    """The letter that told the unit's head of the table."""
    with begin(app.extensions["engine"]) as tx:
        sql = "SELECT id FROM desk.outbox WHERE log_stream = :table AND recipient = :person LIMIT 1"
        return str(tx.scalar(sql, table=case.id, person=HEAD))


def token_of(app: Web) -> str:
    token_for(app, OWNER)
    with begin(app.extensions["engine"]) as tx:
        return str(tx.scalar("SELECT token_id FROM desk.token WHERE person = :person LIMIT 1", person=OWNER))


def rules(app: Web) -> list[Rule]:
    """Every route that names something, as the application itself lists them."""
    return [rule for rule in app.url_map.iter_rules() if rule.arguments]


def asked_of(rule: Rule, ids: dict[str, str]) -> list[tuple[str, dict[str, str]]]:
    """Every method of a route, and every action where it names one."""
    actions = [each.value for each in Action] if "action" in rule.arguments else [ids["action"]]
    return [(method, {**ids, "action": action}) for method in sorted(rule.methods - {"HEAD", "OPTIONS"}) for action in actions]


def stranger(role: Role) -> str:
    """Somebody who holds the role, and nothing in the unit or department that the tables belong to."""
    return next(
        each.id for each in shipped_city().people
        if each.holds(role) and not any(post.organ in HOME for post in each.posts)
    )  # fmt: skip


ROLES = sorted({post.role for person in shipped_city().people for post in person.posts}, key=str)
BUREAUS = {
    Role.FINANCE_BUSINESS, Role.FINANCE_PERFORMANCE, Role.FINANCE_BUDGET, Role.FINANCE_LEADER, Role.OBSERVER,
    Role.PROCESS_ADMIN,
}  # fmt: skip
"""Roles that read every submitted table of the bureau: foreign to them is what was never submitted."""


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_no_route_shows_or_changes_what_is_somebody_elses(world: World, role: Role) -> None:
    who, ids = stranger(role), world.drafted if role in BUREAUS else world.submitted
    before, wrong = events(world.app), []
    for rule in rules(world.app):
        if (role, rule.endpoint) in {(Role.SECURITY_ADMIN, "covering.end"), (Role.SYSTEM_ADMIN, "letters.again")}:
            continue
        if rule.endpoint in PUBLIC | SAME_FOR_ALL or (role in GUARDS and rule.endpoint.startswith("erasing.")):
            continue
        if role in BUREAUS and not rule.arguments & {"table_id", "document_id", "attachment", "message_id", "token_id"}:
            continue
        for method, named in asked_of(rule, ids):
            answer = world.ask(who, rule, named, method)
            if answer.status_code not in REFUSED or MARK in answer.text:
                wrong.append((method, rule.rule, named["action"], answer.status_code))
    assert wrong == [], wrong
    assert events(world.app) == before


def events(app: Web) -> int:
    """How many events lie on tables, documents, replies and people's covers; to look is noted elsewhere."""
    with app.extensions["engine"].connect() as connection:
        said = connection.execute(text(EVENTS))
        return int(said.scalar_one())


NEEDS_A_TREE = {"audit.note"}
"""Answers only once a note of that size was anchored."""


def test_those_whose_it_is_get_it(world: World) -> None:
    """The control: the same addresses answer the unit's own people, so that the refusals above mean something."""
    found, marked = {}, set()
    others = dict.fromkeys(("monitoring.form", "printing.monitoring"), world.replied) | dict.fromkeys(("drafting.form", "library.choose"), world.drafted)
    for rule in rules(world.app):
        if "GET" in rule.methods and rule.endpoint not in PUBLIC | NEEDS_A_TREE:
            ids = others.get(rule.endpoint, world.submitted)
            answers = [world.ask(who, rule, ids, "GET") for who in (OWNER, HEAD, KEEPER)]
            statuses = [answer.status_code for answer in answers]
            found[rule.endpoint] = 200 if 200 in statuses else statuses[0]
            marked |= {rule.endpoint for answer in answers if MARK.encode() in answer.data}
    later = {name: status for name, status in found.items() if status != 200}
    closed = ("monitoring.form", "evaluating.form", "rescoring.form", "receipts.show")
    nothing_public = dict.fromkeys(("public.pack", "public.table", "public.download", "reply_terms.document", "experts.show", "executing.preview", "referring.show", "referring.of_table", "api.showReferral", "links.follow"), 404) | {"notice_words.show": 403}
    assert later == dict.fromkeys(closed, 409) | nothing_public, "not begun, not anchored, not released yet, not for the unit"
    assert {"tables.show", "attaching.download", "api.showTable", "erasing.table", "drafting.form"} <= marked


def test_the_same_commands_are_the_owners_to_give(world: World) -> None:
    """The control of the posts: the owner is told about his own table by every route, never that there is none."""
    for rule in rules(world.app):
        if rule.rule.startswith("/expert/") or "referring." in rule.endpoint or rule.endpoint == "api.makeReferral":
            continue  # an expert's own pages and referrals, which even the owner does not find
        if "POST" in rule.methods and rule.arguments <= {"table_id"} and rule.arguments and rule.endpoint != "evaluating.file":
            whose = KEEPER if rule.endpoint.startswith("erasing.") else OWNER
            answer = world.ask(whose, rule, world.submitted, "POST")
            assert answer.status_code < 500, (rule.rule, answer.text)
            assert answer.status_code != 404, rule.rule


def test_a_message_of_somebody_else_stays_unread(world: World) -> None:
    (rule,) = [rule for rule in rules(world.app) if rule.endpoint in SAME_FOR_ALL]
    unread = "SELECT count(*) FROM desk.inbox WHERE id = :id AND read_at IS NULL"
    left = []
    for who in ("kf.fuzeren", OWNER, HEAD):
        answer = world.ask(who, rule, world.submitted, "POST")
        assert (answer.status_code, answer.location) == (303, "/inbox")
        with begin(world.app.extensions["engine"]) as tx:
            left.append(tx.scalar(unread, id=UUID(world.submitted["message_id"])))
    assert left == [1, 1, 0]


JUNK = ("not-an-id", "0", "-1", "99999999999999999999", "%00", "..%2f..", "' or 1=1--", "A" * 3000, "７", "")


@pytest.mark.parametrize("who", [OWNER, "jixiaoke", "shenjiguanli", "xitong"])
def test_unknown_ids_are_not_found(world: World, who: str) -> None:
    unknown = {name: str(uuid4()) for name in world.submitted} | {
        "version": "999999", "size": "999999", "window": "w99", "content_hash": "ab" * 32, "definition_hash": "ab" * 32,
        "action": "approve", "which": "sheet", "ending": "docx",
    }  # fmt: skip
    wrong = [
        (method, rule.rule, answer.status_code)
        for rule in rules(world.app) if rule.endpoint not in SAME_FOR_ALL
        for method, named in asked_of(rule, unknown) if named["action"] in ("approve", "claim", "correct")
        if (answer := world.ask(who, rule, named, method)).status_code not in REFUSED
    ]  # fmt: skip
    assert wrong == [], wrong


@pytest.mark.parametrize("who", [OWNER, "jixiaoke"])
def test_malformed_ids_are_not_found_and_break_nothing(world: World, who: str) -> None:
    wrong = []
    for rule in rules(world.app):
        for name in sorted(rule.arguments):
            for junk in JUNK[:: 1 if rule.endpoint in ("tables.show", "receipts.show", "covering.end") else 3]:
                method = "GET" if "GET" in rule.methods else "POST"
                answer = world.ask(who, rule, {**world.submitted, name: junk}, method)
                if answer.status_code not in REFUSED | {308}:
                    wrong.append((method, rule.rule, name, junk[:20], answer.status_code))
    assert wrong == [], wrong
