// Blocks of cells as Excel puts them on the clipboard: read into rows and written again; and words with figures in them.
function readBlock(text) {
  // Tabs part cells, line ends part rows; a cell that begins with a quote runs to its closing one, "" is a quote in it.
  const rows = [[]];
  let at = 0;
  const whole = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  while (at <= whole.length) {
    let cell = "";
    const quoted = whole[at] === '"' ? /^"((?:[^"]|"")*)"(?=\t|\n|$)/.exec(whole.slice(at)) : null;
    if (quoted) { cell = quoted[1].replace(/""/g, '"'); at += quoted[0].length; }
    else { const end = whole.slice(at).search(/[\t\n]/); cell = end < 0 ? whole.slice(at) : whole.slice(at, at + end); at += cell.length; }
    rows[rows.length - 1].push(cell.trim());
    if (whole[at] === "\n") rows.push([]);
    at += 1;
  }
  return rows;
}

function writeBlock(rows) {
  return rows.map((cells) => cells.map((cell) => (/["\t\n]/.test(cell) ? `"${cell.replace(/"/g, '""')}"` : cell)).join("\t")).join("\r\n");
}

function sentence(name, figures = {}) {
  // A sentence of the page's own list of sentences, its figures put in.
  const words = document.getElementById("grid-words").dataset[name];
  return Object.entries(figures).reduce((said, [key, value]) => said.replaceAll(`{${key}}`, value), words);
}

function say(words) { document.getElementById("said").textContent = words; }
