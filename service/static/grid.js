// The indicator rows as a grid: move by keys, paste and copy blocks, add, move and delete rows, undo; without it the form is a form.
const COLUMNS = ["level1", "level2", "level3", "description", "target", "basis", "weight"];
const grid = { form: null, body: null, past: [], future: [], visited: null, from: null, to: null };

const rowsOf = () => [...grid.body.rows];
const boxOf = (row, name) => row.querySelector(`[data-cell="${name}"]`);
const placeOf = (box) => ({ row: rowsOf().indexOf(box.closest("tr")), column: COLUMNS.indexOf(box.dataset.cell) });
const boxAt = (row, column) => (rowsOf()[row] ? boxOf(rowsOf()[row], COLUMNS[column]) : null);
const most = () => Number(grid.form.dataset.most);
const notice = (words, bad = false) => { const place = document.getElementById("grid-notice"); place.textContent = words; place.className = `notice ${bad ? "bad" : "info"}`; place.hidden = !words; };

function nextId() {
  const used = rowsOf().map((row) => Number(row.id.slice(1)));
  const next = Math.max(Number(grid.form.dataset.next.slice(1)), ...used.map((each) => each + 1));
  grid.form.dataset.next = `r${next + 1}`;
  return `r${next}`;
}

function renameRow(row, id) {
  const old = row.id;
  if (old === id) return;
  row.id = id;
  row.querySelector("[name=row]").value = id;
  for (const each of row.querySelectorAll("[id],[name],[value],[hx-target],[hx-params]")) {
    for (const name of ["id", "name", "hx-target", "hx-params"]) {
      const said = each.getAttribute(name);
      if (said) each.setAttribute(name, said.replace(new RegExp(`(^|#|-)${old}(?=-|,|$)`), `$1${id}`));
    }
    if (each.tagName === "BUTTON") each.value = each.value.replace(/:.*/, `:${id}`);
  }
}

function newRow(id = nextId()) {
  const row = document.getElementById("empty-row").content.querySelector("tr").cloneNode(true);
  renameRow(row, id);
  return row;
}

// What the grid holds, to come back to.
const held = () => rowsOf().map((row) => ({ id: row.id, mark: row.className, cells: COLUMNS.map((name) => boxOf(row, name).value) }));

function remember() {
  grid.past.push(held());
  if (grid.past.length > 60) grid.past.shift();
  grid.future = [];
}

function comeBack(from, to, words) {
  if (!from.length) { say(sentence("nothingUndone")); return; }
  const here = document.activeElement.dataset?.cell ? placeOf(document.activeElement) : null;
  to.push(held());
  const known = new Map(rowsOf().map((row) => [row.id, row]));
  const rows = from.pop().map((each) => {
    const row = known.get(each.id) || newRow(each.id);
    row.className = each.mark;
    COLUMNS.forEach((name, at) => { boxOf(row, name).value = each.cells[at]; });
    return row;
  });
  grid.body.replaceChildren(...rows);
  grid.visited = null;
  changed();
  if (here) goTo(Math.min(here.row, rows.length - 1), here.column);
  notice(""); say(sentence(words));
}

// The server named new rows: everything remembered follows, and what bore such a name before gets another.
function rowsNamed(names) {
  for (const [mine, theirs] of Object.entries(names)) {
    if (mine === theirs) continue;
    for (const state of [...grid.past, ...grid.future]) {
      state.filter((each) => each.id === theirs).forEach((each) => { each.id = nextId(); });
      state.filter((each) => each.id === mine).forEach((each) => { each.id = theirs; });
    }
    const row = document.getElementById(mine);
    if (row) renameRow(row, theirs);
  }
}

function shown() {
  let above = ["", ""], total = 0n, exact = true;
  rowsOf().forEach((row, number) => {
    row.querySelector(".row-number").textContent = number + 1;
    const names = [boxOf(row, "level1").value.trim(), boxOf(row, "level2").value.trim()];
    const same = names[0] !== "" && names[0] === above[0];
    boxOf(row, "level1").closest("td").classList.toggle("same", same);
    boxOf(row, "level2").closest("td").classList.toggle("same", same && names[1] !== "" && names[1] === above[1]);
    above = names;
    const weight = boxOf(row, "weight").value.trim().replace(/,/g, "");
    const figure = /^(\d{1,9})(?:\.(\d{1,6}))?$/.exec(weight);
    if (figure) total += BigInt(figure[1] + (figure[2] || "").padEnd(6, "0"));
    else if (weight) exact = false;
    for (const box of row.querySelectorAll("[data-cell]")) {
      box.setAttribute("aria-label", `${sentence("row", { n: number + 1 })} ${box.dataset.label || (box.dataset.label = box.getAttribute("aria-label"))}`);
    }
  });
  const sum = document.getElementById("total-weight"), digits = String(total).padStart(7, "0");
  sum.textContent = `${digits.slice(0, -6)}.${digits.slice(-6)}`.replace(/\.?0+$/, "") + (exact ? "" : " ?");
  sum.classList.toggle("wrong", sum.textContent !== sum.dataset.whole);
}

function changed() { shown(); grid.form.dispatchEvent(new CustomEvent("grid-changed")); }

function goTo(row, column) {
  const box = boxAt(row, column);
  if (!box) return false;
  pick(null);
  box.focus(); box.select();
  box.scrollIntoView({ block: "nearest", inline: "nearest" });
  return true;
}

// A block of picked cells: from where it began to where it was drawn.
function pick(to) {
  if (!to) { grid.from = null; }
  grid.to = to;
  const [top, bottom, left, right] = picked();
  rowsOf().forEach((row, r) => COLUMNS.forEach((name, c) => boxOf(row, name).closest("td").classList.toggle("picked", Boolean(to) && r >= top && r <= bottom && c >= left && c <= right)));
}
function picked() {
  if (!grid.from || !grid.to) return [0, -1, 0, -1];
  const { from, to } = grid;
  return [Math.min(from.row, to.row), Math.max(from.row, to.row), Math.min(from.column, to.column), Math.max(from.column, to.column)];
}
const block = () => { const [top, bottom, left, right] = picked(); return rowsOf().slice(top, bottom + 1).map((row) => COLUMNS.slice(left, right + 1).map((name) => boxOf(row, name))); };

function addRow(after) {
  if (rowsOf().length >= most()) { notice(sentence("full", { most: most() }), true); return; }
  remember();
  const row = newRow();
  if (after) after.after(row); else grid.body.append(row);
  const above = row.previousElementSibling;
  if (above) for (const name of ["level1", "level2"]) boxOf(row, name).value = boxOf(above, name).value;
  changed();
  goTo(rowsOf().indexOf(row), 2);
}
function removeRow(row) {
  remember();
  const number = rowsOf().indexOf(row), column = document.activeElement.dataset?.cell ? placeOf(document.activeElement).column : 2;
  row.remove();
  changed();
  notice(sentence("removed", { n: number + 1 }));
  goTo(Math.min(number, rowsOf().length - 1), column);
}
function moveRow(row, step) {
  const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  remember();
  const focused = document.activeElement;
  if (step < 0) other.before(row); else other.after(row);
  changed();
  focused.focus();
}

// The columns that a pasted block fills: by its own head where it has one, else from the focused cell to the right.
function columnsFor(rows, start) {
  const heads = new Map([...grid.body.closest("table").tHead.rows[0].cells].slice(1, 8).map((cell, at) => [cell.textContent.trim(), at]));
  const named = rows[0].map((cell) => heads.get(cell.replace(/\s/g, "")) ?? -1);
  if (named.filter((at) => at >= 0).length >= 2) return { columns: named, cells: rows.slice(1) };
  return { columns: rows[0].map((_cell, at) => (start + at < COLUMNS.length ? start + at : -1)), cells: rows };
}

function paste(rows, box) {
  const start = placeOf(box), width = Math.max(...rows.map((cells) => cells.length));
  rows[0].push(...Array(width - rows[0].length).fill(""));
  const { columns, cells } = columnsFor(rows, start.column);
  const needed = start.row + cells.length;
  if (needed > most()) { notice(sentence("tooMany", { n: needed, most: most() }), true); return; }
  remember();
  const above = ["", ""];
  let filled = 0;
  cells.forEach((texts, down) => {
    if (start.row + down >= rowsOf().length) grid.body.append(newRow());
    columns.forEach((column, at) => {
      if (column < 0) return;
      let text = texts[at] ?? "";
      // Merged cells of a sheet arrive as one name and blanks below it.
      if (column < 2) {
        if (text) { above[column] = text; if (column === 0) above[1] = ""; }
        else if (texts.some(Boolean)) text = above[column];
      }
      boxAt(start.row + down, column).value = text;
      filled += 1;
    });
  });
  changed();
  const lost = columns.filter((column) => column < 0).length;
  notice(sentence("pasted", { rows: cells.length, cells: filled }) + (lost ? sentence("cutOff", { n: lost }) : ""), lost > 0);
  grid.from = start;
  box.focus();
  pick({ row: start.row + cells.length - 1, column: Math.max(...columns) });
}

const wholePicked = (box) => box.value === "" || (box.selectionStart === 0 && box.selectionEnd === box.value.length);
function leaves(event, box) {
  // Whether an arrow leaves its cell: the whole text is picked, or the caret stands at that edge.
  if (wholePicked(box)) return true;
  if (box.hasAttribute("list") || box.selectionStart !== box.selectionEnd) return false;
  return ["ArrowUp", "ArrowLeft"].includes(event.key) ? box.selectionStart === 0 : box.selectionEnd === box.value.length;
}
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function pressed(event) {
  const box = event.target;
  if (!box.dataset.cell || event.isComposing) return;
  const row = box.closest("tr"), here = placeOf(box), command = event.ctrlKey || event.metaKey, key = event.key.toLowerCase();
  const does = (act) => { event.preventDefault(); act(); };
  if (command && key === "z" && !event.shiftKey) return does(() => comeBack(grid.past, grid.future, "undone"));
  if (command && (key === "y" || key === "z")) return does(() => comeBack(grid.future, grid.past, "redone"));
  if (command && key === "enter") return does(() => addRow(row));
  if (event.altKey && key === "delete") return does(() => removeRow(row));
  if (event.altKey && key === "enter" && box.tagName === "TEXTAREA") return does(() => { visited(box); box.setRangeText("\n", box.selectionStart, box.selectionEnd, "end"); box.dispatchEvent(new Event("input", { bubbles: true })); });
  if (event.altKey && STEPS[event.key] && STEPS[event.key][0]) return does(() => moveRow(row, STEPS[event.key][0]));
  if (command || event.altKey) return undefined;
  if (key === "enter") return does(() => goTo(here.row + (event.shiftKey ? -1 : 1), here.column));
  if (key === "f2") return does(() => box.setSelectionRange(box.value.length, box.value.length));
  if (key === "escape") return does(() => { pick(null); box.select(); });
  if (event.key === "Tab") {
    const at = here.row * COLUMNS.length + here.column + (event.shiftKey ? -1 : 1);
    if (at >= 0 && at < rowsOf().length * COLUMNS.length) does(() => goTo(Math.floor(at / COLUMNS.length), at % COLUMNS.length));
    return undefined;
  }
  if (key === "delete" && grid.to) return does(() => { remember(); block().flat().forEach((each) => { each.value = ""; }); changed(); });
  const step = STEPS[event.key];
  if (!step) return undefined;
  if (event.shiftKey && (grid.to || wholePicked(box))) return does(() => {
    grid.from = grid.from || here;
    const to = grid.to || here;
    pick({ row: Math.max(0, Math.min(rowsOf().length - 1, to.row + step[0])), column: Math.max(0, Math.min(COLUMNS.length - 1, to.column + step[1])) });
  });
  if (!event.shiftKey && leaves(event, box)) does(() => goTo(here.row + step[0], here.column + step[1]));
  return undefined;
}

// The first change of a visited cell is remembered, so that undoing takes back what was typed in it as one.
function visited(box) { if (grid.visited !== box) { remember(); grid.visited = box; } }

function begins() {
  grid.form = document.getElementById("draft");
  grid.body = grid.form?.querySelector("table.edit tbody");
  if (!grid.body) return;
  document.querySelector(".grid-keys").hidden = false;
  const place = document.createElement("div");
  place.id = "grid-notice"; place.setAttribute("role", "status"); place.hidden = true;
  grid.body.closest("table").before(place);
  grid.body.closest("table").classList.add("is-grid");
  grid.body.addEventListener("keydown", pressed);
  grid.body.addEventListener("beforeinput", (event) => { if (event.target.dataset.cell) visited(event.target); });
  grid.body.addEventListener("input", () => { notice(""); pick(null); shown(); });
  grid.body.addEventListener("focusout", () => { grid.visited = null; });
  grid.body.addEventListener("mousedown", (event) => {
    const box = event.target.closest("[data-cell]"), at = document.activeElement;
    if (!box) return;
    if (event.shiftKey && at.dataset?.cell && at !== box) { event.preventDefault(); grid.from = placeOf(at); pick(placeOf(box)); } else pick(null);
  });
  grid.body.addEventListener("paste", (event) => {
    const box = event.target, text = event.clipboardData?.getData("text/plain") || "";
    if (!box.dataset.cell || !text) return;
    const rows = readBlock(text);
    if (rows.length === 1 && rows[0].length === 1 && !text.startsWith('"')) return;
    event.preventDefault();
    paste(rows, box);
  });
  for (const kind of ["copy", "cut"]) grid.body.addEventListener(kind, (event) => {
    if (!grid.to) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", writeBlock(block().map((boxes) => boxes.map((box) => box.value))));
    if (kind === "cut") { remember(); block().flat().forEach((box) => { box.value = ""; }); changed(); }
  });
  grid.form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=do]");
    const [wish, id] = (button?.value || "").split(":"), row = id && document.getElementById(id);
    if (wish === "add") { event.preventDefault(); addRow(null); }
    if (row && wish === "remove") { event.preventDefault(); removeRow(row); }
    if (row && (wish === "up" || wish === "down")) { event.preventDefault(); moveRow(row, wish === "up" ? -1 : 1); }
  });
  shown();
}
document.addEventListener("DOMContentLoaded", begins);
