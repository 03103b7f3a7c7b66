"""Every kind of event: its subject, its newest shape, its fields with their forms, and what older shapes held."""

from __future__ import annotations

from typing import Dict, Tuple

# kind: (subject, newest shape, fields). `words` can be erased: the body holds "" or {"committed": hash}; in a shape
# older than the newest they stood open. `bytes` is the commitment of a file.
KINDS: Dict[str, Tuple[str, int, str]] = {
    "table.imported": ("table", 1, "document:uuid ordinal:int bureau:text department:text unit:text owner:text year:int "
                       "title:text family:text scope:text definition:text definition_hash:hash pack:text pack_hash:hash content_hash:hash"),
    "table.created": ("table", 1, "origin:text source:text number:int document:text ordinal:int bureau:text department:text unit:text owner:text "
                      "year:int title:text family:text scope:text definition:text definition_hash:hash pack:text pack_hash:hash content_hash:hash"),
    "revision.asked": ("table", 1, "request:uuid number:int trigger:text base:hash"),
    "revision.opened": ("table", 1, "revision:uuid number:int trigger:text base:hash reason:words"),
    "revision.approved": ("table", 2, "revision:uuid table:uuid number:int doc_no:text base:hash content_hash:hash effective_from:text "
                          "title:text windows:objects pass_on_due:text"),
    "revision.refused": ("table", 1, "revision:uuid number:int reason:words"),
    "revision.abandoned": ("table", 1, "revision:uuid number:int reason:words"),
    "table.submitted": ("table", 2, "node:text task:uuid round:int content_hash:hash changes:hash changed:int title:text "
                        "editors:texts disclosure:text note:words"),
    "table.withdrawn": ("table", 2, "round:int reason:words"),
    "table.returned": ("table", 3, "node:text round:int to:text mode:text reason:words to_node:maybe fields:texts overtaken:texts"),
    "table.replied": ("table", 2, "doc_no:text reply:uuid content_hash:hash windows:objects self_evaluation_opens:text self_evaluation_due:text "
                      "pass_on_due:text disclose_due:text"),
    "table.passed_on": ("table", 1, "doc_no:text document:uuid content_hash:hash amount:maybe"),
    "reply.passed_on": ("reply", 1, "doc_no:text bureau:text department:text tables:objects opinion:words"),
    "budget.approved": ("campaign", 1, "bureau:text year:int approved_on:text doc_no:text days:int due:text source:text"),
    "budget.correction_asked": ("campaign", 1, "bureau:text year:int approved_on:text doc_no:text instead_of:text instead_of_no:text reason:words"),
    "budget.corrected": ("campaign", 1, "bureau:text year:int approved_on:text doc_no:text days:int due:text source:text asked:uuid instead_of:text"),
    "referral.made": ("referral", 1, "table:uuid bureau:text to:text receiver:text receiver_name:text doc_no:words words:words"),
    "referral.answered": ("referral", 1, "outcome:text doc_no:words words:words"),
    "campaign.opened": ("campaign", 1, "bureau:text year:int purpose:text window:text number:int title:text opens:text closes:text enforcing:bool "
                        "departments:texts content_hash:hash size:int least:int basis:text"),
    "campaign.extended": ("campaign", 1, "units:texts closes:text reason:text"),
    "campaign.closed": ("campaign", 1, "reason:text"),
    "campaign.urged": ("campaign", 1, "units:texts"),
    "campaign.declared": ("campaign", 1, "unit:text tables:int note:text"),
    "table.refused": ("table", 2, "request:uuid reason:words"),
    "table.voided": ("table", 2, "request:uuid reason:words"),
    "table.terminated": ("table", 2, "request:uuid reason:words"),
    "table.closed": ("table", 2, "node:text task:uuid opinion:words"),
    "node.entered": ("table", 1, "node:text stage:text round:int task:uuid role:text organ:text person:maybe level:text "
                     "due_at:maybe provisional:bool calendar:maybe"),
    "node.completed": ("table", 1, "node:text round:int"),
    "node.superseded": ("table", 1, "node:text round:int task:uuid reason:text"),
    "task.decided": ("table", 2, "node:text task:uuid round:int level:text outcome:text opinion:words content_hash:hash"),
    "task.overdue": ("table", 1, "node:text task:uuid round:int due_at:text rule:text"),
    "node.shared": ("table", 1, "node:text stage:text round:int level:text tasks:objects due_at:maybe provisional:bool calendar:maybe"),
    "task.superseded": ("table", 1, "node:text task:uuid round:int reason:text"),
    "task.opened": ("table", 1, "node:text task:uuid round:int ends_withdrawing:bool"),
    "task.recalled": ("table", 1, "node:text task:uuid recalled:uuid round:int stage:text level:text reopened:objects unrouted:texts reason:words"),
    "task.claimed": ("table", 1, "node:text task:uuid round:int until:text"),
    "task.released": ("table", 1, "node:text task:uuid round:int by_time:bool reason:words"),
    "task.transferred": ("table", 1, "node:text task:uuid round:int giver:text receiver:text receiver_name:text by_lead:bool reason:words"),
    "task.delegated": ("table", 1, "node:text task:uuid round:int delegate:text delegate_name:text reason:words"),
    "task.delegation_returned": ("table", 1, "node:text task:uuid round:int taken_back:bool opinion:words"),
    "task.signer_added": ("table", 1, "node:text task:uuid round:int anchor:uuid how:text depth:int role:text organ:text person:text "
                          "name:text due_at:maybe provisional:bool calendar:maybe reason:words"),
    "task.due_set": ("table", 1, "node:text task:uuid round:int due_at:text provisional:bool calendar:text rule:text"),
    "task.unassignable": ("table", 1, "node:text task:uuid round:int role:text organ:text person:maybe rule:text"),
    "task.urged": ("table", 1, "node:text task:uuid round:int note:words"),
    "opinion.asked": ("table", 1, "request:uuid node:text task:uuid person:text name:text question:words answer_by:maybe"),
    "opinion.given": ("table", 1, "request:uuid opinion:words"),
    "copy.sent": ("table", 1, "copy:uuid people:objects note:words"),
    "copy.read": ("table", 1, "copy:uuid"),
    "copy.term_set": ("table", 1, "copy:uuid read_at:text provisional:bool calendar:text rule:text"),
    "copy.deemed_read": ("table", 1, "copy:uuid person:text name:text rule:text"),
    "task.escalated": ("table", 1, "node:text task:uuid round:int rung:text do:text role:text organ:text people:objects due_at:text rule:text"),
    "extension.asked": ("table", 1, "request:uuid node:text task:uuid until:text reason:words"),
    "extension.granted": ("table", 1, "request:uuid task:uuid opinion:words"),
    "extension.refused": ("table", 1, "request:uuid task:uuid reason:words"),
    "project.paused": ("table", 1, "reason:words"),
    "project.resumed": ("table", 1, "reason:words"),
    "table.suspended": ("table", 1, "until:text reason:words"),
    "table.resumed": ("table", 1, "days:int reason:words"),
    "table.handed_over": ("table", 1, "owner:text owner_name:text successor:text successor_name:text reason:words"),
    "thread.opened": ("table", 1, "thread:uuid node:text round:int level:text pointer:text row:text criterion:text content_hash:hash words:words"),
    "thread.answered": ("table", 1, "thread:uuid words:words"),
    "thread.resolved": ("table", 1, "thread:uuid opinion:words"),
    "review.scored": ("table", 2, "node:text task:uuid round:int mode:text items:object total:text grade:text opinion:words "
                      "pack:text pack_hash:hash content_hash:hash"),
    "amendment.proposed": ("table", 1, "amendment:uuid node:text task:uuid round:int base:hash content_hash:hash changes:hash changed:int "
                           "due_at:text provisional:bool calendar:text opinion:words"),
    "amendment.confirmed": ("table", 1, "amendment:uuid node:text round:int base:hash content_hash:hash changes:hash changed:int opinion:words"),
    "amendment.rejected": ("table", 1, "amendment:uuid taken_back:bool reason:words"),
    "correction.opened": ("table", 1, "request:uuid base:hash content_hash:hash changes:hash changed:int fields:texts"),
    "correction.applied": ("table", 1, "request:uuid base:hash content_hash:hash changes:hash changed:int title:text"),
    "admin.proposed": ("table", 1, "request:uuid measure:text node:text to_node:maybe"),
    "admin.intervened": ("table", 1, "request:uuid measure:text node:text to_node:maybe reason:words asked_by:text overtaken:texts"),
    "paper.entered": ("table", 1, "request:uuid node:text task:uuid round:int attachment:uuid leader:text leader_name:text outcome:text "
                      "to:maybe signed_on:text opinion:words"),
    "definition.proposed": ("definition", 1, "name:text content_hash:hash by:text"),
    "rule_pack.proposed": ("rule_pack", 1, "name:text content_hash:hash by:text"),
    "calendar.proposed": ("calendar", 1, "name:text content_hash:hash by:text"),
    "calendar.published": ("calendar", 1, "name:text content_hash:hash"),
    "template.proposed": ("template", 1, "name:text content_hash:hash by:text"),
    "template.published": ("template", 1, "name:text content_hash:hash"),
    "notice.resent": ("notice", 1, "notice:uuid again:uuid channel:text receiver:text template:text reason:words"),
    "cover.given": ("person", 1, "cover:uuid principal:text name:text deputy:text deputy_name:text posts:objects nodes:texts units:texts "
                    "most:maybe from_at:text to_at:text reason:words"),
    "cover.ended": ("person", 1, "cover:uuid reason:words"),
    "waiver.signed": ("waiver", 1, "waiver:uuid rule:text unit:text person:text person_name:text reason:words until:text"),
    "route.chosen": ("table", 1, "round:int stage:text inputs:objects passed_over:texts"),
    "route.shortened": ("table", 1, "round:int to:text passed_over:texts"),
    "confirmation.requested": ("table", 2, "request:uuid action:text reason:words"),
    "confirmation.given": ("table", 2, "request:uuid opinion:words"),
    "confirmation.refused": ("table", 2, "request:uuid reason:words"),
    "monitoring.opened": ("table", 1, "window:text name:text date:text planned_percent:maybe source:text rule:text"),
    "monitoring.filed": ("table", 3, "node:text task:uuid window:text figures:object execution_rate:maybe planned:maybe deviation:maybe "
                         "realisation:maybe colour:text reasons:texts cause:words measure:words person:words deadline:text "
                         "pack:text pack_hash:hash content_hash:hash"),
    "monitoring.accepted": ("table", 2, "node:text task:uuid window:text opinion:words"),
    "monitoring.returned": ("table", 2, "node:text task:uuid window:text reason:words"),
    "selfeval.opened": ("table", 1, "rule:text"),
    "selfeval.filed": ("table", 1, "node:text task:uuid figures:object scores:objects execution_points:text total:text grade:text "
                       "pack:text pack_hash:hash content_hash:hash"),
    "selfeval.accepted": ("table", 2, "node:text task:uuid level:text opinion:words"),
    "selfeval.returned": ("table", 2, "node:text task:uuid level:text reason:words"),
    "selfeval.rescored": ("table", 2, "node:text task:uuid level:text rows:objects total:text grade:text pack:text pack_hash:hash"),
    "selfeval.drawn": ("table", 1, "sampling:uuid why:text"),
    "sampling.drawn": ("campaign", 1, "year:int department:text seed:text percent:text rules:object candidates:objects drawn:objects"),
    "execution.recorded": ("table", 1, "batch:uuid row:int executed:text budget:maybe date:text"),
    "disclosure.reviewed": ("table", 1, "outcome:text content_hash:hash reason:words"),
    "expert.assigned": ("table", 1, "assignment:uuid node:text task:uuid round:int person:text name:text until:text"),
    "expert.declared": ("table", 1, "assignment:uuid related:bool reason:words"),
    "expert.scored": ("table", 1, "assignment:uuid items:object total:text grade:text opinion:words pack:text pack_hash:hash content_hash:hash"),
    "appraisal.filed": ("table", 1, "appraisal:uuid items:object total:text result:text amount:text attachment:uuid opinion:words "
                        "pack:text pack_hash:hash"),
    "appraisal.checked": ("table", 1, "appraisal:uuid outcome:text opinion:words"),
    "appraisal.waived": ("table", 1, "appraisal:uuid doc_no:text reason:words"),
    "library.entry_added": ("campaign", 1, "entry:uuid bureau:text level1:text level2:text level3:text description:text target:text basis:text industry:text"),
    "library.entry_retired": ("campaign", 1, "entry:uuid bureau:text level1:text level2:text level3:text reason:text"),
    "disclosure.released": ("campaign", 2, "bureau:text department:text year:int tables:objects undisclosed:int internal:int stubs:int due:text "
                            "what:text unfinished:int"),
    "accounts.approved": ("campaign", 1, "bureau:text department:text year:int approved_on:text doc_no:text congress_on:text finance_due:text "
                          "pass_on_due:text disclose_due:text source:text"),
    "accounts.correction_asked": ("campaign", 1, "bureau:text department:text year:int approved_on:text doc_no:text congress_on:text "
                                  "instead_of:text instead_of_no:text instead_of_congress:text reason:words"),
    "accounts.corrected": ("campaign", 1, "bureau:text department:text year:int approved_on:text doc_no:text congress_on:text finance_due:text "
                           "pass_on_due:text disclose_due:text source:text asked:uuid instead_of:text"),
    "execution.imported": ("campaign", 1, "name:text bytes_sha256:hash size:int year:int date:text amount_unit:text tables:texts "
                           "total:text matched:text rest:text content_hash:hash"),
    "evaluation.opened": ("table", 1, "evaluation:text sort:text deadline:text reason:words"),
    "evaluation.reported": ("table", 1, "evaluation:text attachment:uuid score:text grade:text opinion:words"),
    "recommendation.made": ("table", 1, "recommendation:text evaluation:text to:text words:words deadline:text"),
    "recommendation.accepted": ("table", 1, "recommendation:text opinion:words"),
    "recommendation.rejected": ("table", 1, "recommendation:text reason:words"),
    "recommendation.implemented": ("table", 1, "recommendation:text attachment:text report:words"),
    "component.recorded": ("table", 1, "indicator:text numerator:text denominator:text counted_in:text attachment:uuid note:words"),
    "rectification.ordered": ("table", 1, "rectification:text cause:text window:text measures:texts cut:maybe problem:words deadline:text"),
    "rectification.done": ("table", 1, "rectification:text node:text task:uuid report:words"),
    "rectification.verified": ("table", 1, "rectification:text node:text task:uuid outcome:text deadline:maybe opinion:words"),
    "attachment.added": ("table", 1, "attachment:uuid name:words media_type:text size:int commitment:bytes for_step:text"),
    "attachment.withdrawn": ("table", 1, "attachment:uuid"),
    "attachment.redacted": ("table", 1, "attachment:uuid request:uuid"),
    "payload.erased": ("table", 1, "request:uuid targets:texts ground:text asked_by:text confirmed_by:text"),
    "erasure.requested": ("log", 1, "table:uuid targets:objects ground:text"),
    "erasure.confirmed": ("log", 1, "table:uuid"),
    "erasure.declined": ("log", 1, "table:uuid reason:words"),
    "hold.placed": ("table", 1, "reason:words"),
    "hold.lifted": ("table", 1, "reason:words"),
    "reply.issued": ("reply", 2, "doc_no:text tables:texts content_hashes:texts opinion:words"),
    "document.filed": ("document", 1, "name:text bytes_sha256:hash size:int family:text bureau:text department:text unit:text year:int "
                       "department_part:maybe tables:texts undisclosed_tables:int findings:hash"),
    "document.amended": ("document", 1, "number:int base:maybe content_hash:hash reason:words"),
    "document.reviewed": ("document", 1, "content_hash:hash opinion:words"),
    "document.returned": ("document", 1, "content_hash:hash reason:words"),
    "document.due_set": ("document", 1, "number:int role:text organ:text since:text due_at:text provisional:bool calendar:text rule:text"),
    "document.overdue": ("document", 1, "number:int role:text organ:text due_at:text rule:text"),
    "organ.founded": ("organ", 1, "organ:text name:text sort:text parent:text code:text doc_no:text day:text"),
    "organ.renamed": ("organ", 1, "organ:text was:text name:text code_was:text code:text doc_no:text day:text"),
    "organ.moved": ("organ", 1, "organ:text name:text was:text was_name:text parent:text parent_name:text doc_no:text day:text"),
    "organ.merged": ("organ", 1, "organs:texts names:texts successor:text successor_name:text doc_no:text day:text"),
    "organ.closed": ("organ", 1, "organ:text name:text doc_no:text day:text"),
    "grant.given": ("person", 1, "person:text name:text role:text organ:text"),
    "grant.revoked": ("person", 2, "person:text role:text organ:text reason:words"),
    "definition.published": ("definition", 1, "name:text content_hash:hash"),
    "rule_pack.published": ("rule_pack", 1, "name:text content_hash:hash"),
    "account.signed_in": ("log", 1, "person:text session_sha256:text address:words"),
    "account.sign_in_failed": ("log", 1, "person:text failures:int address:words"),
    "account.password_reset": ("log", 1, "person:text by_self:bool"),
    "account.disabled": ("log", 1, "person:text reason:words"),
    "account.enabled": ("log", 1, "person:text reason:words"),
    "account.token_issued": ("log", 1, "person:text token:uuid purpose:words scopes:texts ends_at:text"),
    "account.token_revoked": ("log", 1, "person:text token:uuid"),
    "account.mobile_changed": ("log", 1, "person:text change:text"),
    "owner.used": ("log", 1, "purpose:text revision:text fingerprint:text"),
    "catalog.changed": ("log", 1, "expected:text found:text"),
    "clock.jumped": ("log", 1, "seconds:text process:text"),
    "clock.moved": ("log", 1, "to:text"),
    "audit.read": ("log", 1, "what:text table:maybe day:text"),
    "audit.exported": ("log", 1, "scope:text size:int root:text events:int"),
    "backup.taken": ("log", 1, "size:int root:text"),
    "backup.restored": ("log", 1, "size:int root:text anchored:number"),
}
# (kind, older shape): the fields that it had, where they were others than the newest shape's.
OLDER: Dict[Tuple[str, int], str] = dict.fromkeys(
    (("table.returned", 1), ("table.returned", 2)), "node:text round:int to:text mode:text reason:words",
)  # fmt: skip
OLDER["revision.approved", 1] = KINDS["revision.approved"][2].replace(" pass_on_due:text", "")
OLDER["table.replied", 1] = KINDS["table.replied"][2].replace(" pass_on_due:text disclose_due:text", "")
OLDER["disclosure.released", 1] = KINDS["disclosure.released"][2].replace(" what:text unfinished:int", "")
# kind: the shape since which a score names the rule pack by which it was found.
SINCE_NAMING = {"review.scored": 2, "selfeval.rescored": 2, "monitoring.filed": 3}
OLDER.update(
    ((kind, shape), KINDS[kind][2].replace("pack:text pack_hash:hash", "").strip())
    for kind, newest in SINCE_NAMING.items() for shape in range(1, newest)
)
BOUND_AT_ONCE = frozenset({"review.scored"})
"""Kinds whose words never stood open, though they have several shapes."""
