// From the server's plain spec to an ECharts option: tokens become colours, `interval` series become drawn ranges.

/** @typedef {Record<string, any>} Option */

/**
 * Replace `"@token"` by its colour, anywhere in the spec.
 *
 * @param {any} value
 * @param {(token: string) => string} colour
 * @returns {any}
 */
export function coloured(value, colour) {
  if (typeof value === "string") return /^@[a-z-]+$/.test(value) ? colour(value.slice(1)) : value;
  if (Array.isArray(value)) return value.map((one) => coloured(one, colour));
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, coloured(one, colour)]));
  }
  return value;
}

/**
 * @param {any} axis
 * @param {(token: string) => string} colour
 */
function dressed(axis, colour) {
  return {
    ...axis,
    axisLine: { show: axis.type === "category", lineStyle: { color: colour("line-strong") } },
    axisLabel: { color: colour("ink-soft"), fontSize: 12, ...axis.axisLabel },
    nameTextStyle: { color: colour("muted") },
    splitLine: { show: axis.type === "value", lineStyle: { color: colour("line") } },
  };
}

/**
 * @param {Option} spec
 * @param {(token: string) => string} colour
 * @param {string} font
 * @returns {Option}
 */
export function dressedOption(spec, colour, font) {
  const option = coloured(spec, colour);
  const groups = option.series.filter((/** @type {any} */ one) => one.type === "bar").length || 1;
  return {
    ...option,
    animation: false,
    textStyle: { fontFamily: font, color: colour("ink-soft") },
    grid: { left: 8, right: 16, top: 24, bottom: 8, containLabel: true, ...option.grid },
    // rich text, not HTML: a content policy without inline styles would strip an HTML tooltip bare
    tooltip: { trigger: "item", renderMode: "richText", backgroundColor: colour("ink"), borderWidth: 0, textStyle: { color: colour("on-ink"), fontFamily: font } },
    legend: { top: 0, right: 0, icon: "roundRect", itemWidth: 12, itemHeight: 12, textStyle: { color: colour("ink-soft") }, show: false, ...option.legend },
    xAxis: dressed(option.xAxis, colour),
    yAxis: dressed(option.yAxis, colour),
    series: option.series.map((/** @type {any} */ one) => drawn(one, groups, colour)),
  };
}

/**
 * @param {any} series
 * @param {number} groups how many bars stand at one label
 * @param {(token: string) => string} colour
 */
function drawn(series, groups, colour) {
  if (series.label?.percent) {
    const formatter = (/** @type {any} */ cell) => `${Math.round(cell.value[2] * 100)}%`;
    return { ...series, label: { ...series.label, formatter }, itemStyle: { borderColor: colour("surface"), borderWidth: 2 } };
  }
  if (series.type !== "interval") return series;
  const { sideways, group, data, name } = series;
  return {
    type: "custom",
    name,
    data,
    z: 5,
    silent: true,
    encode: sideways ? { y: 0, x: [1, 2] } : { x: 0, y: [1, 2] },
    renderItem: (/** @type {any} */ _, /** @type {any} */ api) => range(api, { sideways, group, groups, colour: colour("ink") }),
  };
}

/**
 * The drawn range of one bar: a line with two caps.
 *
 * @param {any} api ECharts' custom series interface
 * @param {{sideways: boolean, group: number, groups: number, colour: string}} place
 */
function range(api, { sideways, group, groups, colour }) {
  const [at, low, high] = [api.value(0), api.value(1), api.value(2)];
  const from = api.coord(sideways ? [low, at] : [at, low]);
  const to = api.coord(sideways ? [high, at] : [at, high]);
  const bar = api.barLayout({ barMaxWidth: 28, count: groups })[group];
  const shift = bar ? bar.offsetCenter : 0;
  const across = sideways ? 1 : 0;
  from[across] += shift;
  to[across] += shift;
  const style = { stroke: colour, lineWidth: 1.5, fill: "none" };
  return { type: "group", children: [stroke(from, to, style), ...[from, to].map((end) => cap(end, across, style))] };
}

/**
 * @param {number[]} from
 * @param {number[]} to
 * @param {object} style
 */
function stroke(from, to, style) {
  return { type: "line", shape: { x1: from[0], y1: from[1], x2: to[0], y2: to[1] }, style };
}

/**
 * @param {number[]} end
 * @param {number} across
 * @param {object} style
 */
function cap(end, across, style) {
  const a = [...end];
  const b = [...end];
  a[across] = (a[across] ?? 0) - 5;
  b[across] = (b[across] ?? 0) + 5;
  return stroke(a, b, style);
}
