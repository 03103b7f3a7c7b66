// The one script of our own: a form is sent once, however often its button is pressed; a review form adds up its points.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent && form.method === "post") { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  setTimeout(() => { delete form.dataset.sent; }, form.dataset.long ? 60000 : 4000);
});

function addUp(form) {
  const fields = [...form.querySelectorAll("[data-most]")];
  const points = fields.map((field) => field.tagName === "SELECT"
    ? Number(field.dataset.most) * Number(field.selectedOptions[0].dataset.share || NaN) / 100
    : (field.value.trim() === "" ? NaN : Number(field.value)));
  const known = points.filter((each) => !Number.isNaN(each));
  form.querySelector("[data-total]").textContent = known.length ? known.reduce((a, b) => a + b, 0).toFixed(2) : "—";
}
document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("form[data-review]").forEach(addUp));
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-review]");
  if (form) addUp(form);
});
