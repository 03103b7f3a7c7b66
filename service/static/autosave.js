// Keeps the draft in the background: a few seconds after the last change, with its state in words, findings told anew, and both
// sides of every cell that was changed in two places. What is kept here is a draft; the log hears of it with the submission.
const PROOF = ["draft_version", "version", "content_hash", "attachments_hash", "command_id"];
const OUTSIDE = new Set([...PROOF, "csrf_token", "reason", "row", "finding", "do"]);
const PAUSE = 2500, AGAIN = 10000, LOOK = 30000, AT_WORK = 300000;
const draft = { form: null, base: null, order: [], sending: null, timer: null, leaving: false, choosing: false, touched: 0 };

function said(form) {
  const now = {};
  for (const [name, value] of new FormData(form)) if (!OUTSIDE.has(name)) now[name] = value.replace(/\r\n?/g, "\n");
  return now;
}
const orderOf = (form) => new FormData(form).getAll("row");
const same = (one, other) => one.trim() === (other ?? "").trim();
function unkept() {
  const now = said(draft.form);
  return orderOf(draft.form).join() !== draft.order.join() || Object.keys(now).some((name) => !same(now[name], draft.base[name]));
}

function state(kind, words) {
  const place = document.getElementById("kept");
  place.hidden = false;
  place.dataset.state = kind;
  if (place.textContent !== words) place.textContent = words;
}
function rest() {
  if (draft.at) state("kept", `${sentence("kept")} ${draft.at}`); else { state("", ""); document.getElementById("kept").hidden = true; }
}
function touched() {
  draft.touched = Date.now();
  if (draft.choosing) return;
  if (!unkept()) { clearTimeout(draft.timer); if (!draft.sending) rest(); return; }
  if (!draft.sending) state("unkept", sentence("unkept"));
  later(PAUSE);
}
function later(pause) { clearTimeout(draft.timer); draft.timer = setTimeout(keep, pause); }

function proof(told) {
  if (told.proof.draft_version) document.getElementById("kept-count").textContent = "";
  for (const name of PROOF) draft.form.elements[name].value = told.proof[name];
  const mine = Number(draft.form.dataset.next.slice(1)), theirs = Number(told.next.slice(1));
  draft.form.dataset.next = `r${Math.max(mine, theirs)}`;
}
async function asked(wish, quick = false) {
  const body = new URLSearchParams(new FormData(draft.form));
  body.set("do", wish);
  const answer = await fetch(draft.form.action, { method: "POST", body, redirect: "manual", keepalive: quick && String(body).length < 60000 });
  const told = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : null;
  return { status: answer.type === "opaqueredirect" ? 401 : answer.status, told };
}
async function newToken() {
  // After signing in again in another window the page's own token is void; the fresh page has the right one.
  const page = new DOMParser().parseFromString(await (await fetch(draft.form.action)).text(), "text/html");
  const token = page.querySelector("#draft [name=csrf_token]")?.value;
  if (!token || token === draft.form.elements.csrf_token.value) return false;
  draft.form.elements.csrf_token.value = token;
  return true;
}

function keep(quick = false) {
  clearTimeout(draft.timer);
  if (draft.leaving || draft.choosing) return Promise.resolve();
  if (draft.sending) return draft.sending.then(() => (unkept() ? keep() : undefined));
  draft.sending = send(quick).finally(() => { draft.sending = null; if (draft.again) { draft.again = false; keep(); } });
  return draft.sending;
}
async function send(quick) {
  state("keeping", sentence("keeping"));
  const sent = said(draft.form), order = orderOf(draft.form);
  try {
    const { status, told } = await asked("keep", quick);
    if (told?.state === "kept") return taken(told, sent, order);
    if (told?.state === "newer") return merge(told);
    if (told) return state("failed", told.sentence);
    if (status === 400 && await newToken()) { draft.again = true; return undefined; }
    if (status === 401) { state("failed", sentence("signedOut")); return later(AGAIN); }
    if (status === 400 || status === 403 || status === 404) return state("failed", sentence("lost"));
  } catch (fault) { if (!(fault instanceof TypeError)) throw fault; }
  state("failed", sentence("failed"));
  return later(AGAIN);
}

function taken(told, sent, order) {
  proof(told);
  const named = (id) => told.rows[id] ?? id;
  rowsNamed(told.rows);
  draft.base = Object.fromEntries(Object.entries(sent).map(([name, value]) => [name.replace(/^r\d+(?=-)/, named), value]));
  draft.order = order.map(named);
  for (const id of draft.order) {
    const row = document.getElementById(id), target = row?.querySelector("[data-cell=target]");
    if (!row) continue;
    row.className = told.marks[id] || "";
    if (target.value === draft.base[`${id}-target`]) document.getElementById(`parsed-${id}`).textContent = told.parsed[id];
  }
  findings(told);
  hint("");
  if (unkept()) { state("unkept", sentence("unkept")); later(PAUSE); } else { draft.at = told.at; rest(); }
}

function findings(told) {
  // Told anew as a whole; an explanation that somebody is typing stays, with the caret in it.
  const place = document.getElementById("findings"), at = document.activeElement, caret = at.selectionStart;
  const typed = new Map([...place.querySelectorAll("input[name^='explain-']")].map((box) => [box.name, box.value]));
  const name = place.contains(at) ? at.name : null;
  place.innerHTML = told.findings;
  for (const box of place.querySelectorAll("input[name^='explain-']")) {
    if (typed.has(box.name)) box.value = typed.get(box.name);
    if (box.name === name) { box.focus(); box.setSelectionRange(caret, caret); }
  }
  document.getElementById("findings-count").textContent = told.count;
}

// Where another place kept a newer draft: what only one side changed is taken over, what both changed is chosen cell by cell.
const rowIn = (fields, id) => COLUMNS.map((name) => fields[`${id}-${name}`] ?? "");
const differs = (one, other) => one.some((text, at) => !same(text, other[at]));
function merge(told) {
  proof(told);
  const { base } = draft, theirs = told.fields, questions = [];
  for (const id of told.order.filter((each) => !draft.order.includes(each))) {
    const mine = document.getElementById(id);
    if (mine) renameRow(mine, nextId());
    bringRow(id, theirs, told.order);
  }
  for (const id of draft.order.filter((each) => !told.order.includes(each))) {
    const mine = document.getElementById(id);
    if (mine && !differs(rowIn(said(draft.form), id), rowIn(base, id))) mine.remove();
    else if (mine) questions.push({ row: mine, words: rowIn(said(draft.form), id), gone: true });
  }
  for (const id of draft.order.filter((each) => told.order.includes(each) && !document.getElementById(each))) {
    if (differs(rowIn(theirs, id), rowIn(base, id))) questions.push({ id, theirs, order: told.order, words: rowIn(theirs, id) });
  }
  if (orderOf(draft.form).filter((id) => draft.order.includes(id)).join() === draft.order.filter((id) => document.getElementById(id)).join()) {
    for (const id of told.order) { const row = document.getElementById(id); if (row) grid.body.append(row); }
    for (const id of orderOf(draft.form)) if (!told.order.includes(id)) grid.body.append(document.getElementById(id));
  }
  const mine = said(draft.form);
  for (const [name, text] of Object.entries(theirs)) {
    const box = draft.form.elements[name];
    if (!(name in mine) || same(mine[name], text)) continue;
    if (same(mine[name], base[name])) box.value = text;
    else if (!same(text, base[name])) questions.push({ box, mine: mine[name], theirs: text });
  }
  draft.base = { ...theirs };
  draft.order = told.order;
  shown();
  hint("");
  if (questions.length) ask(told, questions);
  else { say(sentence("merged")); draft.again = true; }
}
function bringRow(id, fields, order) {
  const row = newRow(id);
  for (const name of COLUMNS) boxOf(row, name).value = fields[`${id}-${name}`] ?? "";
  const before = order.slice(0, order.indexOf(id)).reverse().map((each) => document.getElementById(each)).find(Boolean);
  if (before) before.after(row); else grid.body.prepend(row);
}

function made(tag, text, more = {}) { const each = Object.assign(document.createElement(tag), more); if (text) each.textContent = text; return each; }
const called = (box) => box.getAttribute("aria-label") || document.querySelector(`label[for="${box.id}"]`)?.textContent || box.name;
function ask(told, questions) {
  draft.choosing = true;
  const place = document.getElementById("newer"), list = made("div", "", { className: "choices" });
  questions.forEach((each, number) => {
    const field = made("fieldset", "", { className: "field" }), words = each.words?.filter(Boolean).join(" · ");
    field.append(made("legend", each.box ? called(each.box) : words));
    const sides = each.box ? [each.mine, each.theirs] : [sentence(each.gone ? "rowKept" : "rowGone"), sentence(each.gone ? "rowGone" : "rowKept")];
    ["mine", "theirs"].forEach((side, at) => {
      const label = made("label", "", { className: "choice" });
      label.append(made("input", "", { type: "radio", name: `choice-${number}`, value: side, checked: at === 0 }), made("b", `${sentence(side)}：`), made("span", sides[at] || sentence("nothing"), { className: "pre" }));
      field.append(label);
    });
    list.append(field);
  });
  const button = made("button", sentence("choose"), { type: "button", className: "btn btn-primary" });
  button.addEventListener("click", () => {
    questions.forEach((each, number) => chosen(each, list.querySelector(`[name=choice-${number}]:checked`).value));
    place.hidden = true; draft.choosing = false;
    shown(); keep();
  });
  place.replaceChildren(made("p", sentence("newer", { who: told.who, at: told.at })), list, button);
  place.hidden = false;
  state("failed", told.sentence);
  place.focus();
  place.scrollIntoView({ block: "start" });
}
function chosen(each, side) {
  if (each.box) { if (side === "theirs") each.box.value = each.theirs; }
  else if (each.gone) { if (side === "theirs") each.row.remove(); }
  else if (side === "theirs") bringRow(each.id, each.theirs, each.order);
}

// Whether somebody edits the same draft elsewhere: the server says so at every look, other windows of this browser at once.
function hint(words, act) {
  let place = document.getElementById("elsewhere");
  if (!place) { place = made("div", "", { id: "elsewhere", className: "notice note no-print" }); place.setAttribute("role", "status"); draft.form.before(place); }
  place.replaceChildren(...(words ? [made("span", `${words} `)] : []));
  if (words && act) { const button = made("button", sentence("fetch"), { type: "button", className: "btn btn-plain" }); button.addEventListener("click", act); place.append(button); }
  place.hidden = !words;
}
async function look() {
  if (draft.sending || draft.choosing || draft.leaving || document.hidden) return;
  const seen = draft.form.elements.draft_version.value;
  try {
    const { told } = await asked("look");
    if (told?.state === "looked" && draft.form.elements.draft_version.value === seen && String(told.proof.draft_version) !== seen) {
      hint(sentence("elsewhere", { who: told.who, at: told.at }), () => keep());
    }
  } catch (fault) { if (!(fault instanceof TypeError)) throw fault; }
}
function windows() {
  if (!("BroadcastChannel" in window)) return;
  const channel = new BroadcastChannel(`draft ${location.pathname}`);
  channel.addEventListener("message", ({ data }) => {
    if (data === "gone") { hint(""); return; }
    if (data === "here") channel.postMessage("too");
    hint(sentence("window"));
  });
  channel.postMessage("here");
  window.addEventListener("pagehide", () => channel.postMessage("gone"));
}

function jumps(event) {
  const link = event.target.closest("#findings a[href^='#'], .findings a[href^='#']");
  const place = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!place) return;
  event.preventDefault();
  const box = place.matches("input, textarea, select") ? place : place.querySelector("[data-cell], input:not([type=hidden]), textarea, select") || place;
  box.scrollIntoView({ block: "center", inline: "nearest" });
  box.focus({ preventScroll: true });
  if (box.select) box.select();
}
async function leaves_by(event) {
  // A link out of the page waits until what was typed is kept.
  const link = event.target.closest("a[href]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || link.target) return;
  if (link.getAttribute("href").startsWith("#") || draft.choosing || !(draft.sending || unkept())) return;
  event.preventDefault();
  await keep();
  location.href = link.href;
}
function sendsItself(event) {
  if (!draft.sending) { draft.leaving = true; clearTimeout(draft.timer); setTimeout(() => { draft.leaving = false; }, 8000); return; }
  event.preventDefault();
  event.stopPropagation();
  draft.sending.finally(() => draft.form.requestSubmit(event.submitter));
}

function starts() {
  draft.form = document.getElementById("draft");
  if (!draft.form || !grid.body) return;
  draft.base = said(draft.form);
  draft.order = orderOf(draft.form);
  draft.at = document.getElementById("kept").dataset.at;
  const { reason } = draft.form.elements;
  const shelf = `reason ${location.pathname}`;
  if (document.querySelector(".notice[data-conflict]")) { draft.base = {}; state("unkept", sentence("unkept")); }
  else rest();
  reason.value ||= sessionStorage.getItem(shelf) || "";
  reason.addEventListener("input", () => sessionStorage.setItem(shelf, reason.value));
  for (const kind of ["input", "change", "grid-changed"]) draft.form.addEventListener(kind, touched);
  draft.form.addEventListener("submit", (event) => { sendsItself(event); if (!event.defaultPrevented) sessionStorage.removeItem(shelf); });
  document.addEventListener("click", jumps);
  document.addEventListener("click", leaves_by);
  document.addEventListener("visibilitychange", () => { if (document.hidden && unkept()) keep(true); else if (!document.hidden) look(); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) look(); });
  window.addEventListener("beforeunload", (event) => { if (!draft.leaving && (draft.sending || unkept())) event.preventDefault(); });
  setInterval(() => { if (Date.now() - draft.touched < AT_WORK) look(); }, LOOK);
  windows();
}
document.addEventListener("DOMContentLoaded", starts);
