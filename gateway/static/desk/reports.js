// Draws the reports' charts from the tables on the page, in the page's own colors.

const { Chart } = window;
const dark = window.matchMedia("(prefers-color-scheme: dark)");
let drawn = [];

function cells(table) {
  const rows = Array.from(table.tBodies[0].rows, (row) => Array.from(row.cells, (cell) => cell.textContent));
  return { heads: Array.from(table.tHead.rows[0].cells, (cell) => cell.textContent), rows };
}

function number(text) {
  return text === "–" ? null : Number(text);
}

// A week without its year, which stands in the table; a long name on lines of its own.
function short(text) {
  const week = text.match(/^([A-Z][a-z]{2})[a-z]* (\d+), \d{4}$/);
  return week ? `${week[1]} ${week[2]}` : text.match(/.{1,18}(\s|$)/g).map((line) => line.trim());
}

// A series for each of the columns; with a split, one for each word in that column.
function series({ heads, rows }, values, split) {
  if (split === undefined) {
    const labels = rows.map((row) => row[0]);
    return { labels, sets: values.map((at) => ({ label: heads[at], data: rows.map((row) => number(row[at])) })) };
  }
  const labels = [...new Set(rows.map((row) => row[0]))];
  const words = [...new Set(rows.map((row) => row[split]))];
  const value = (label, word) => number(rows.find((row) => row[0] === label && row[split] === word)?.[values[0]] ?? "0");
  return { labels, sets: words.map((word) => ({ label: word, data: labels.map((label) => value(label, word)) })) };
}

function draw(canvas) {
  const { table, kind, values, split } = canvas.dataset;
  const { labels, sets } = series(cells(document.getElementById(table)), values.split(" ").map(Number), split);
  const style = getComputedStyle(document.documentElement);
  const color = (name) => style.getPropertyValue(name).trim();
  const stacked = kind === "stacked";
  const axis = { stacked, grid: { color: color("--line") }, ticks: { color: color("--soft") } };
  const upright = split === undefined;
  const counts = { ...axis, beginAtZero: true, ticks: { ...axis.ticks, precision: stacked ? 0 : undefined } };
  return new Chart(canvas, {
    type: kind === "line" ? "line" : "bar",
    data: {
      labels: labels.map(short),
      datasets: sets.map((one, at) => {
        const own = color(`--series-${(at % 9) + 1}`);
        // A line's points differ in shape too, for those who do not tell the colors apart.
        return { ...one, borderColor: own, backgroundColor: own, pointStyle: ["circle", "triangle"][at % 2], pointRadius: 4, borderDash: at ? [6, 4] : [] };
      }),
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      indexAxis: upright ? "x" : "y",
      scales: upright ? { x: axis, y: counts } : { x: counts, y: axis },
      plugins: { legend: { position: "bottom", labels: { color: color("--ink"), boxWidth: 12, boxHeight: 8, usePointStyle: kind === "line" } } },
    },
  });
}

function drawAll() {
  for (const chart of drawn) chart.destroy();
  drawn = Array.from(document.querySelectorAll("canvas[data-table]"), draw);
}

dark.addEventListener("change", drawAll);
drawAll();
