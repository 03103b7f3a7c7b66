// F1 opens the note on the field where the caret is, beside that field; Escape closes it and goes back there.
let helped = null;
const noteOf = (field) => {
  const name = field.dataset.cell || field.name.replace(/^(budget|detail)-.*/, "budget").replace(/^plan-.*/, "spending_plan");
  return document.getElementById(`help-${name}`);
};

function besideField(note, field) {
  const card = note.querySelector(".help-card"), at = field.getBoundingClientRect();
  card.classList.add("beside-field");
  const below = at.bottom + card.offsetHeight + 8 < innerHeight - 60;
  card.style.top = `${below ? at.bottom + 4 : Math.max(4, at.top - card.offsetHeight - 4)}px`;
  card.style.left = `${Math.max(4, Math.min(at.left, innerWidth - card.offsetWidth - 12))}px`;
}

function closeAll() {
  for (const each of document.querySelectorAll("details.help[open]")) {
    each.open = false;
    const card = each.querySelector(".help-card");
    card.classList.remove("beside-field");
    card.removeAttribute("style");
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key === "F1" && event.target.name) {
    const note = noteOf(event.target);
    if (!note) return;
    event.preventDefault();
    closeAll();
    helped = event.target;
    note.open = true;
    besideField(note, helped);
    note.querySelector("summary").focus({ preventScroll: true });
  } else if (event.key === "Escape") {
    const open = document.querySelector("details.help[open]");
    if (!open) return;
    closeAll();
    (helped ?? open.querySelector("summary")).focus({ preventScroll: true });
    helped = null;
  }
});

document.addEventListener("click", (event) => {
  if (!event.target.closest?.("details.help")) closeAll();
});
