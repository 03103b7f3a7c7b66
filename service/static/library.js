// The indicator library over the draft: in a dialog once everything typed is kept; a pick goes the way of the page.
const opener = document.querySelector("button[value=library]"), choice = document.getElementById("library");

async function choose(address) {
  const answer = await fetch(address);
  if (answer.redirected || !answer.ok) return location.assign(address);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  choice.querySelector(":scope > div").replaceChildren(...page.querySelectorAll("[data-choice]"));
  if (!choice.open) choice.showModal();
  choice.querySelector("input[name=text]").focus();
}

opener?.addEventListener("click", (event) => {
  // With something unkept the button itself saves first, and the page opens.
  if (unkept() || draft.sending) return;
  event.preventDefault();
  choose(opener.dataset.library);
});

choice.addEventListener("submit", (event) => {
  if (!("choice" in event.target.dataset)) return;
  event.preventDefault();
  choose(`${opener.dataset.library}?${new URLSearchParams(new FormData(event.target))}`);
});
