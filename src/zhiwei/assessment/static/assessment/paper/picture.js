// What a small picture of the camera tells about light and sharpness. Pixels are RGBA bytes, row after row.

/** @param {Uint8ClampedArray} data @returns {number} mean brightness, 0–255 */
export function brightness(data) {
  let sum = 0;
  for (let i = 0; i < data.length; i += 4) sum += (data[i] ?? 0) * 0.3 + (data[i + 1] ?? 0) * 0.6 + (data[i + 2] ?? 0) * 0.1;
  return data.length ? sum / (data.length / 4) : 0;
}

/**
 * Mean step between neighbours, the usual quick measure of focus.
 *
 * @param {Uint8ClampedArray} data
 * @param {number} width
 * @param {number} height
 * @returns {number} 0–255
 */
export function sharpness(data, width, height) {
  let sum = 0;
  let count = 0;
  for (let y = 0; y < height; y += 1) {
    for (let x = 1; x < width; x += 1) {
      const at = (y * width + x) * 4 + 1;
      sum += Math.abs((data[at] ?? 0) - (data[at - 4] ?? 0));
      count += 1;
    }
  }
  return count ? sum / count : 0;
}

/** @typedef {{x: number, y: number}} Point */
/** @typedef {{corners: Point[], whole: boolean}} Paper corners from the top left clockwise; whole: all edges are in view */

const LEAST_SHARE = 0.2;
const LEAST_FILL = 0.85;
const LEAST_STEP = 25;

/**
 * The sheet of paper in a small picture: the largest bright patch when it has the shape of a sheet.
 *
 * @param {Uint8ClampedArray} data
 * @param {number} width
 * @param {number} height
 * @returns {Paper | null} null when nothing stands out, as on a white desk
 */
export function findPaper(data, width, height) {
  const light = greys(data);
  const { level, step } = split(light);
  if (step < LEAST_STEP) return null;
  const patch = largestPatch(light, width, height, level);
  if (patch.length < LEAST_SHARE * width * height) return null;
  const corners = extremes(patch, width);
  const area = areaOf(corners);
  if (area < LEAST_SHARE * width * height || Math.min(patch.length, area) / Math.max(patch.length, area) < LEAST_FILL) return null;
  const whole = corners.every(({ x, y }) => x > 1 && y > 1 && x < width - 2 && y < height - 2);
  return { corners, whole };
}

/** @param {Uint8ClampedArray} data */
function greys(data) {
  const light = new Uint8Array(data.length / 4);
  for (let i = 0; i < light.length; i += 1) light[i] = (data[4 * i] ?? 0) * 0.3 + (data[4 * i + 1] ?? 0) * 0.6 + (data[4 * i + 2] ?? 0) * 0.1;
  return light;
}

/**
 * Otsu's threshold, and how far the two sides of it are apart.
 *
 * @param {Uint8Array} light
 */
function split(light) {
  const counts = new Array(256).fill(0);
  for (const one of light) counts[one] += 1;
  const total = light.reduce((sum, one) => sum + one, 0);
  let [best, level, step, below, sum] = [-1, 0, 0, 0, 0];
  for (let at = 0; at < 255; at += 1) {
    below += counts[at];
    sum += at * counts[at];
    const above = light.length - below;
    if (!below || !above) continue;
    const apart = (total - sum) / above - sum / below;
    const spread = below * above * apart * apart;
    if (spread > best) [best, level, step] = [spread, at, apart];
  }
  return { level, step };
}

/**
 * Places of the largest connected patch above a level.
 *
 * @param {Uint8Array} light
 * @param {number} width
 * @param {number} height
 * @param {number} level
 * @returns {number[]}
 */
function largestPatch(light, width, height, level) {
  const seen = new Uint8Array(light.length);
  /** @type {number[]} */
  let largest = [];
  for (let start = 0; start < light.length; start += 1) {
    if (seen[start] || (light[start] ?? 0) <= level) continue;
    const patch = [start];
    seen[start] = 1;
    for (let next = 0; next < patch.length; next += 1) {
      const at = patch[next] ?? 0;
      const x = at % width;
      const around = [x > 0 ? at - 1 : -1, x < width - 1 ? at + 1 : -1, at - width, at + width];
      for (const to of around) {
        if (to < 0 || to >= width * height || seen[to] || (light[to] ?? 0) <= level) continue;
        seen[to] = 1;
        patch.push(to);
      }
    }
    if (patch.length > largest.length) largest = patch;
  }
  return largest;
}

/**
 * The four corners of a patch, as the places farthest along the diagonals.
 *
 * @param {number[]} patch
 * @param {number} width
 * @returns {Point[]}
 */
function extremes(patch, width) {
  /** @type {[number, number][]} */
  const ways = [[-1, -1], [1, -1], [1, 1], [-1, 1]];
  const best = ways.map(() => ({ reach: -Infinity, x: 0, y: 0 }));
  for (const at of patch) {
    const [x, y] = [at % width, Math.floor(at / width)];
    ways.forEach(([dx, dy], way) => {
      const reach = dx * x + dy * y;
      if (reach > (best[way]?.reach ?? Infinity)) best[way] = { reach, x, y };
    });
  }
  return best.map(({ x, y }) => ({ x, y }));
}

/** @param {Point[]} corners */
function areaOf(corners) {
  const twice = corners.reduce((sum, { x, y }, i) => {
    const next = corners[(i + 1) % corners.length] ?? { x, y };
    return sum + x * next.y - next.x * y;
  }, 0);
  return Math.abs(twice) / 2;
}

/**
 * @param {number} light
 * @param {number} sharp
 * @param {Paper | null} [paper]
 * @returns {"dark" | "shaky" | "cut" | "good"}
 */
export function judge(light, sharp, paper = null) {
  if (light < 70) return "dark";
  if (sharp < 2) return "shaky";
  return paper && !paper.whole ? "cut" : "good";
}
