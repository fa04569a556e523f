// What is kept per browser; a closed storage (private windows) behaves as an empty one.

/** @param {string} key */
export function recall(key) {
  try {
    return localStorage.getItem(`zhiwei-${key}`);
  } catch {
    return null;
  }
}

/**
 * @param {string} key
 * @param {string | null} value `null` forgets
 */
export function keep(key, value) {
  try {
    if (value === null) localStorage.removeItem(`zhiwei-${key}`);
    else localStorage.setItem(`zhiwei-${key}`, value);
  } catch {
    // nothing can be kept here: the choice holds for this page only
  }
}
