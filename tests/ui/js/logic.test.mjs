// Logic of the page scripts, without a browser: `node --test tests/ui/js/`.
import assert from "node:assert/strict";
import test from "node:test";

const scripts = new URL("../../../src/zhiwei/ui/static/ui/js/", import.meta.url);
const load = (name) => import(new URL(name, scripts));
const { nameOf, isTyping } = await load("keys.js");
const { moved } = await load("palette.js");
const { span } = await load("bulk.js");
const { refusal, sizeText } = await load("dropzone.js");
const { toCsv } = await load("csv.js");
const { fill } = await load("words.js");
const { coloured, dressedOption } = await load("chartspec.js");

test("keys have one name on every system", () => {
  assert.equal(nameOf({ key: "k", ctrlKey: true }), "Ctrl+K");
  assert.equal(nameOf({ key: "k", metaKey: true }), "Ctrl+K");
  assert.equal(nameOf({ key: "?", shiftKey: true }), "?");
  assert.equal(nameOf({ key: "Enter", shiftKey: true }), "Shift+Enter");
  assert.equal(nameOf({ key: "7" }), "7");
  assert.equal(nameOf({ key: "A", shiftKey: true }), "Shift+A");
});

test("single keys are left to fields", () => {
  assert.equal(isTyping(null), false);
  assert.equal(isTyping({ tagName: "INPUT", type: "text" }), true);
  assert.equal(isTyping({ tagName: "INPUT", type: "number" }), true);
  assert.equal(isTyping({ tagName: "INPUT", type: "checkbox" }), false);
  assert.equal(isTyping({ tagName: "MATH-FIELD" }), true);
  assert.equal(isTyping({ tagName: "DIV", isContentEditable: true }), true);
  assert.equal(isTyping({ tagName: "BUTTON" }), false);
});

test("the choice goes round", () => {
  assert.equal(moved(-1, 1, 3), 0);
  assert.equal(moved(-1, -1, 3), 2);
  assert.equal(moved(2, 1, 3), 0);
  assert.equal(moved(0, -1, 3), 2);
  assert.equal(moved(0, 1, 0), -1);
});

test("shift picks the rows between", () => {
  assert.deepEqual(span(-1, 4), [4, 4]);
  assert.deepEqual(span(5, 2), [2, 5]);
});

test("files are refused by size and type", () => {
  const rules = { accept: ".xlsx, image/*,text/csv", maxBytes: 100 };
  assert.equal(refusal({ name: "a.XLSX", size: 10, type: "" }, rules), "");
  assert.equal(refusal({ name: "a.png", size: 10, type: "image/png" }, rules), "");
  assert.equal(refusal({ name: "a", size: 10, type: "text/csv" }, rules), "");
  assert.equal(refusal({ name: "a.exe", size: 10, type: "application/x" }, rules), "wrongType");
  assert.equal(refusal({ name: "a.xlsx", size: 101, type: "" }, rules), "tooBig");
  assert.equal(refusal({ name: "a.exe", size: 1e9, type: "" }, { accept: "", maxBytes: 0 }), "");
});

test("sizes are readable", () => {
  assert.equal(sizeText(512), "512 B");
  assert.equal(sizeText(2048), "2 KB");
  assert.equal(sizeText(20 * 1024 * 1024), "20.0 MB");
});

test("CSV opens right in Excel and never as a formula", () => {
  const text = toCsv([["姓名", "得分"], ["=1+1", 3], ['a "b", c', null], ["-", -2]]);
  assert.ok(text.startsWith("\ufeff姓名,得分\r\n"));
  assert.ok(text.includes("'=1+1,3\r\n"));
  assert.ok(text.includes('"a ""b"", c",\r\n'));
  assert.ok(text.endsWith("'-,-2\r\n"));
});

test("values are put into words", () => {
  assert.equal(fill("已选 {n} 项", { n: 3 }), "已选 3 项");
  assert.equal(fill("{a} {b}", { a: 1 }), "1 {b}");
});

test("tokens become colours anywhere in a spec", () => {
  const spec = { a: "@ink", b: [{ c: "@line-strong" }, 1, null], d: "x@ink" };
  assert.deepEqual(coloured(spec, (name) => `#${name}`), { a: "#ink", b: [{ c: "#line-strong" }, 1, null], d: "x@ink" });
});

test("an interval is drawn as a line with two caps, in the middle of its bar", () => {
  const option = dressedOption(
    { xAxis: { type: "category" }, yAxis: { type: "value" }, series: [{ type: "bar", data: [5] }, { type: "interval", data: [[0, 4, 6]], sideways: false, group: 0 }] },
    (name) => name,
    "font",
  );
  assert.equal(option.tooltip.renderMode, "richText");
  const drawn = option.series[1].renderItem(null, {
    value: (n) => [0, 4, 6][n],
    coord: ([x, y]) => [x * 10 + 50, 100 - y * 10],
    barLayout: () => [{ offsetCenter: 3 }],
  });
  assert.deepEqual(drawn.children[0].shape, { x1: 53, y1: 60, x2: 53, y2: 40 });
  assert.deepEqual(drawn.children[1].shape, { x1: 48, y1: 60, x2: 58, y2: 60 });
});
