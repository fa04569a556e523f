// What the camera page sees: the sheet's edges, light, sharpness. `node --test tests/assessment/js/`.
import assert from "node:assert/strict";
import test from "node:test";

const { brightness, findPaper, judge, sharpness } = await import(
  new URL("../../../src/zhiwei/assessment/static/assessment/paper/picture.js", import.meta.url)
);
const WIDTH = 160;
const HEIGHT = 120;

/** A picture drawn by a rule for every place. */
function picture(grey) {
  const data = new Uint8ClampedArray(WIDTH * HEIGHT * 4);
  for (let y = 0; y < HEIGHT; y += 1) {
    for (let x = 0; x < WIDTH; x += 1) data.fill(grey(x, y), 4 * (y * WIDTH + x), 4 * (y * WIDTH + x) + 3);
  }
  return data;
}

const sheet = (left, top, right, bottom) => picture((x, y) => (x >= left && x <= right && y >= top && y <= bottom ? 230 - (x % 9 === 0 ? 60 : 0) : 60));
const near = (corner, x, y) => Math.hypot(corner.x - x, corner.y - y) < 3;

test("a sheet on a dark desk is outlined", () => {
  const paper = findPaper(sheet(30, 10, 120, 110), WIDTH, HEIGHT);
  assert.ok(paper?.whole);
  [[30, 10], [120, 10], [120, 110], [30, 110]].forEach(([x, y], i) => assert.ok(near(paper.corners[i], x, y)));
});

test("a turned sheet keeps its corners", () => {
  const inside = (x, y) => Math.abs(x - 80 + 0.2 * (y - 60)) < 45 && Math.abs(y - 60 - 0.2 * (x - 80)) < 40;
  const paper = findPaper(picture((x, y) => (inside(x, y) ? 220 : 70)), WIDTH, HEIGHT);
  assert.ok(paper?.whole);
});

test("a sheet that leaves the picture is told", () => {
  const paper = findPaper(sheet(30, 10, WIDTH - 1, 110), WIDTH, HEIGHT);
  assert.equal(paper?.whole, false);
  assert.equal(judge(150, 5, paper), "cut");
});

test("a white desk, an even picture and a small note are no sheet", () => {
  assert.equal(findPaper(picture(() => 200), WIDTH, HEIGHT), null);
  assert.equal(findPaper(sheet(70, 50, 90, 70), WIDTH, HEIGHT), null);
  assert.equal(findPaper(picture((x, y) => (x < 110 && (y < 30 || x < 25) ? 220 : 60)), WIDTH, HEIGHT), null);
});

test("light and focus come before edges", () => {
  const flat = picture(() => 40);
  assert.equal(judge(brightness(flat), sharpness(flat, WIDTH, HEIGHT)), "dark");
  assert.equal(judge(150, 1), "shaky");
  assert.equal(judge(150, 5), "good");
  assert.equal(judge(150, 5, { corners: [], whole: true }), "good");
});
