import { dressedOption } from "./chartspec.js";
import { download, toCsv } from "./csv.js";

const LIBRARY = new URL("../../vendor/echarts.js", import.meta.url).href;

/** @type {Set<() => void>} */
const redraws = new Set();
document.addEventListener("zhiwei:theme", () => redraws.forEach((redraw) => redraw()));

/** @param {ParentNode} root */
export async function wakeCharts(root) {
  const figures = /** @type {HTMLElement[]} */ ([...root.querySelectorAll("[data-chart]:not([data-awake])")]);
  for (const figure of figures) figure.dataset.awake = "";
  const echarts = await import(LIBRARY);
  for (const figure of figures) draw(echarts, figure);
}

/** @param {string} token */
function colour(token) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${token}`).trim();
}

/**
 * @param {any} echarts
 * @param {HTMLElement} figure
 */
function draw(echarts, figure) {
  const name = figure.dataset.chart ?? "chart";
  const source = JSON.parse(document.getElementById(`${name}-data`)?.textContent ?? "{}");
  const plot = /** @type {HTMLElement} */ (figure.querySelector(".chart-plot"));
  const chart = echarts.init(plot, null, { renderer: "canvas" });
  const paint = () => chart.setOption(dressedOption(source.option, colour, colour("font")), { notMerge: true });
  paint();
  redraws.add(paint);
  new ResizeObserver(() => chart.resize()).observe(plot);
  figure.querySelector("[data-chart-png]")?.addEventListener("click", () => {
    download(`${name}.png`, chart.getDataURL({ pixelRatio: 2, backgroundColor: colour("surface") }));
  });
  figure.querySelector("[data-chart-csv]")?.addEventListener("click", () => {
    const address = URL.createObjectURL(new Blob([toCsv([source.columns, ...source.rows])], { type: "text/csv" }));
    download(`${name}.csv`, address);
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  });
}
