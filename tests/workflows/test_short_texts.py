"""H2: what a text message says in seventy characters, and mobile numbers as they are typed and shown."""

import pytest

from workflows.delivery.classes import NoticeClass
from workflows.delivery.mobile import masked, read_mobile
from workflows.delivery.short import LONGEST, short_text
from workflows.errors import FieldsInvalid

OF_TASK, OF_COPY = NoticeClass.TASK, NoticeClass.COPY


@pytest.mark.parametrize(("key", "subject", "term", "of_class", "said"), [
    ("task.waiting", "待办：《农村道路维护经费》", "2026-03-09", OF_TASK, "待办：《农村道路维护经费》，期限2026-03-09，请登录办理。"),
    ("task.waiting", "待办：编号 37b35e15 的绩效目标表", "", OF_TASK, "待办：编号 37b35e15 的绩效目标表，请登录办理。"),
    ("reminder.T", "催办提醒：《甲》的办理期限为2026-03-09", "2026-03-09", NoticeClass.REMINDER, "催办提醒：《甲》的办理期限为2026-03-09，请登录办理。"),
    ("table.replied", "批复：《甲》", "", OF_COPY, "批复：《甲》，请登录查看。"),
    ("cover.given", "代理授权：王副职 代 王局长", "", NoticeClass.SYSTEM, "代理授权，请登录查看。"),
])  # fmt: skip
def test_title_term_and_where_to_go(key, subject, term, of_class, said):
    assert short_text(key, subject, term, of_class) == said


def test_a_long_title_is_cut_and_the_term_is_not():
    said = short_text("task.waiting", f"待办：《{'长' * 90}》", "2026-03-09", OF_TASK)
    assert (len(said), said[-23:]) == (LONGEST, "长…》，期限2026-03-09，请登录办理。")


@pytest.mark.parametrize(("typed", "number"), [("13800001234", "13800001234"), ("+86 199-0000-1234", "19900001234"), ("138 0000 1234", "13800001234")])
def test_a_number_may_be_typed_as_people_write_it(typed, number):
    assert read_mobile(typed) == number


@pytest.mark.parametrize("typed", ["12800001234", "1380000123", "138000012345", "010-8888888", "１３８００００１２３４", "13800001234x", "http://a"])
def test_what_is_no_mainland_mobile_number_is_refused(typed):
    with pytest.raises(FieldsInvalid) as refused:
        read_mobile(typed)
    assert refused.value.facts == {"field": "mobile"}


def test_the_middle_of_a_number_is_hidden_and_nothing_else():
    assert masked("发往13800001234失败，编号202603091234567") == "发往138****1234失败，编号202603091234567"


@pytest.mark.parametrize(("said", "shown"), [
    ("to +8613800001234", "to +86138****1234"), ("8613800001234", "86138****1234"), ("008613800001234", "0086138****1234"),
    ("+86 138-0000-1234", "+86 138****1234"), ("138 0000 1234", "138****1234"), ("8713800001234", "8713800001234"),
])  # fmt: skip
def test_a_number_is_hidden_as_gateways_write_it_back(said, shown):
    assert masked(said) == shown
