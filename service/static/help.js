// F1 opens the note on the field where the caret is; Escape closes it and goes back there.
let helped = null;
const noteOf = (field) => {
  const name = field.dataset.cell || field.name.replace(/^(budget|detail)-.*/, "budget").replace(/^plan-.*/, "spending_plan");
  return document.getElementById(`help-${name}`);
};

document.addEventListener("keydown", (event) => {
  if (event.key === "F1" && event.target.name) {
    const note = noteOf(event.target);
    if (!note) return;
    event.preventDefault();
    for (const each of document.querySelectorAll("details.help[open]")) each.open = false;
    helped = event.target;
    note.open = true;
    note.querySelector("summary").focus();
  } else if (event.key === "Escape") {
    const open = document.querySelector("details.help[open]");
    if (!open) return;
    open.open = false;
    (helped ?? open.querySelector("summary")).focus();
    helped = null;
  }
});

document.addEventListener("click", (event) => {
  for (const each of document.querySelectorAll("details.help[open]")) if (!each.contains(event.target)) each.open = false;
});
