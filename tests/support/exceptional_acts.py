"""Acts beside the usual way, for walks that try anything: comments, corrections, interventions, papers."""

from datetime import date, timedelta

from tests.support import roster
from workflows.commands import assessing, commenting, correcting, disclosing, intervening, rectifying
from workflows.commands.assessing import Proof
from workflows.commands.paper import Sheet, enter_paper
from workflows.commands.rescoring import rescore
from workflows.vocabulary import Action, Outcome, Role, Stage

ADMINS = tuple(roster.person(name, (Role.PROCESS_ADMIN, roster.BUREAU)) for name in ("process", "process_2"))
REASON = "原签署人调离，待办无人办理"


def comment(journal, table_id, **words):
    return commenting.open_thread(journal, table_id, pointer="/indicators/r1/target", criterion="money", words="依据不足", **words)


def _thread(journal, table_id):
    threads = journal.lock_table(table_id).open_threads
    return threads[0].thread if threads else ""


def answer_comment(journal, table_id, **words):
    return commenting.answer_thread(journal, table_id, thread=_thread(journal, table_id), words="已补充", **words)


def resolve_comment(journal, table_id, *, command_id, **words):
    done = [each.fact.thread for each in journal.history(table_id) if each.command_id == command_id]
    thread = done[0] if done else _thread(journal, table_id)
    return commenting.resolve_thread(journal, table_id, thread=thread, command_id=command_id, **words)


def correct(journal, table_id, **words):
    title = journal.lock_table(table_id).title
    return correcting.ask_to_correct(journal, table_id, values={"/title": f"{title[:20]}更"}, reason=REASON, **words)


def reenter(journal, table_id, **words):
    desks = journal.lock_table(table_id).desks
    return intervening.ask_to_reenter(journal, table_id, node=desks[-1].node if desks else "", reason=REASON, **words)


def move_back(journal, table_id, **words):
    desks = journal.lock_table(table_id).desks
    return intervening.ask_to_move_back(
        journal, table_id, node=desks[0].node if desks else "", to_node="unit_head", reason=REASON, **words
    )


def on_paper(outcome, to=None):
    def act(journal, table_id, *, command_id, **words):
        desks = journal.lock_table(table_id).desks
        holders = journal.holders(Role(desks[0].role), desks[0].organ) if desks else ()
        sheet = Sheet(
            holders[0].id if holders else "", date(2026, 1, 2), outcome, "批示.pdf", b"%PDF-1.7 " + command_id.bytes,
            "请补充测算依据", to,
        )  # fmt: skip
        task = desks[0].task if desks else ""
        return enter_paper(journal, table_id, task=task, sheet=sheet, command_id=command_id, **words)

    return act


def order(journal, table_id, **words):
    deadline = journal.at.date() + timedelta(days=40)
    return rectifying.order_rectification(journal, table_id, problem=REASON, deadline=deadline, **words)


def _mending(journal, table_id, command_id, state):
    done = [each.fact.rectification for each in journal.history(table_id) if each.command_id == command_id and hasattr(each.fact, "rectification")]
    waiting = [each.rectification for each in journal.lock_table(table_id).rectifications if each.state == state]
    return (*done, *waiting, "")[0]


def report(journal, table_id, *, command_id, **words):
    key = _mending(journal, table_id, command_id, "ordered")
    return rectifying.report_rectification(journal, table_id, rectification=key, report=REASON, command_id=command_id, **words)


def verify(passed):
    def act(journal, table_id, *, command_id, **words):
        key, until = _mending(journal, table_id, command_id, "done"), None if passed else journal.at.date() + timedelta(days=40)
        return rectifying.verify_rectification(
            journal, table_id, rectification=key, passed=passed, opinion=REASON, deadline=until, command_id=command_id, **words
        )

    return act


def give_points(journal, table_id, **words):
    filed = journal.lock_table(table_id).evaluation
    rows = {row["row"]: {"points": row["points"], "reason": REASON} for row in filed.scores} if filed else {}
    return rescore(journal, table_id, rows=rows, **words)


def review_disclosure(outcome):
    def act(journal, table_id, **words):
        return disclosing.review_disclosure(journal, table_id, outcome=outcome, reason=REASON, **words)

    return act


def _later(journal):
    return journal.at.date() + timedelta(days=40)


def evaluate(journal, table_id, **words):
    return assessing.open_evaluation(journal, table_id, reason=REASON, deadline=_later(journal), **words)


def report_evaluation(journal, table_id, *, command_id, **words):
    done = [each.fact.evaluation for each in journal.history(table_id) if each.command_id == command_id and hasattr(each.fact, "evaluation")]
    waiting = [each.evaluation for each in journal.lock_table(table_id).assessments if not each.reported]
    return assessing.report_evaluation(
        journal, table_id, evaluation=(*done, *waiting, "")[0], score="88.5", opinion=REASON,
        report=Proof("报告.pdf", b"%PDF-1.7 " + command_id.bytes), command_id=command_id, **words,
    )  # fmt: skip


def recommend(journal, table_id, **words):
    return assessing.recommend(journal, table_id, words=REASON, deadline=_later(journal), **words)


def on_recommendation(verb, state, **said):
    def act(journal, table_id, *, command_id, **words):
        done = [each.fact.recommendation for each in journal.history(table_id) if each.command_id == command_id and hasattr(each.fact, "recommendation")]
        waiting = [each.recommendation for each in journal.lock_table(table_id).recommendations if each.state == state]
        return verb(journal, table_id, recommendation=(*done, *waiting, "")[0], command_id=command_id, **said, **words)

    return act


def component(journal, table_id, *, command_id, **words):
    return assessing.record_component(
        journal, table_id, indicator="预算执行率", numerator="95", denominator="100", counted_in="万元",
        evidence=Proof("决算.pdf", b"%PDF-1.7 " + command_id.bytes), command_id=command_id, **words,
    )  # fmt: skip


EXCEPTION_VERBS = {
    "evaluate": evaluate, "report_evaluation": report_evaluation, "recommend": recommend, "component": component,
    "adopt": on_recommendation(assessing.accept_recommendation, "made"),
    "not_adopt": on_recommendation(assessing.reject_recommendation, "made", reason=REASON),
    "carry_out": on_recommendation(assessing.implement_recommendation, "accepted", report=REASON),
    "comment": comment, "answer_comment": answer_comment, "resolve_comment": resolve_comment, "correct": correct,
    "reenter": reenter, "move_back": move_back, "paper_pass": on_paper(Outcome.PASS),
    "paper_return": on_paper(Outcome.RETURN, Stage.DRAFT), "order": order, "report": report, "verify": verify(True),
    "send_back": verify(False), "rescore": give_points, "fit": review_disclosure("public"),
    "unfit": review_disclosure("internal"),
}  # fmt: skip
EXCEPTION_VERBS_OF = {
    Action.OPEN_EVALUATION: ("evaluate",), Action.REPORT_EVALUATION: ("report_evaluation",), Action.RECOMMEND: ("recommend",),
    Action.ACCEPT_RECOMMENDATION: ("adopt",), Action.REJECT_RECOMMENDATION: ("not_adopt",),
    Action.IMPLEMENT_RECOMMENDATION: ("carry_out",), Action.RECORD_COMPONENT: ("component",),
    Action.COMMENT: ("comment",), Action.ANSWER_COMMENT: ("answer_comment",), Action.RESOLVE_COMMENT: ("resolve_comment",),
    Action.CORRECT: ("correct",), Action.INTERVENE: ("reenter", "move_back"),
    Action.ENTER_PAPER: ("paper_pass", "paper_return"), Action.ORDER_RECTIFICATION: ("order",),
    Action.REPORT_RECTIFICATION: ("report",), Action.VERIFY_RECTIFICATION: ("verify", "send_back"), Action.RESCORE: ("rescore",),
    Action.REVIEW_DISCLOSURE: ("fit", "unfit"),
}  # fmt: skip
