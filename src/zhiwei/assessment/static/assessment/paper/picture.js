// What a small picture of the camera tells about light and sharpness. Pixels are RGBA bytes, row after row.

/** @param {Uint8ClampedArray} data @returns {number} mean brightness, 0–255 */
export function brightness(data) {
  let sum = 0;
  for (let i = 0; i < data.length; i += 4) sum += data[i] * 0.3 + data[i + 1] * 0.6 + data[i + 2] * 0.1;
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
      sum += Math.abs(data[at] - data[at - 4]);
      count += 1;
    }
  }
  return count ? sum / count : 0;
}

/**
 * @param {number} light
 * @param {number} sharp
 * @returns {"dark" | "shaky" | "good"}
 */
export function judge(light, sharp) {
  if (light < 70) return "dark";
  return sharp < 2 ? "shaky" : "good";
}
