// An item's content and the fields of its editor: pure, so that it can be tested without a page.

/** @typedef {Record<string, any>} Content an item as docs/item-format.md describes it */

/** Alternatives stand between bars. @param {string} text */
export function alternatives(text) {
  return text.split(/[|｜]/).map((one) => one.trim()).filter(Boolean);
}

/** @param {unknown} list */
export function joined(list) {
  return (Array.isArray(list) ? list : list == null ? [] : [list]).map(plain).join(" | ");
}

/** @param {unknown} value @returns {string} */
function plain(value) {
  return Array.isArray(value) ? value.map(plain).join(" | ") : String(value);
}

/**
 * Lines of parameters: `a = 2..9`, `a = 2..9 / 0.5` (step), `b = 2, 3, 5`; `c := a*b` is derived; others are conditions.
 *
 * @param {string} text
 */
export function readParameters(text) {
  /** @type {{parameters: Content[], derived: Record<string, string>, conditions: string[]}} */
  const found = { parameters: [], derived: {}, conditions: [] };
  for (const line of text.split("\n").map((one) => one.trim()).filter(Boolean)) {
    const derived = line.match(/^([A-Za-z_]\w*)\s*:=\s*(.+)$/);
    const range = line.match(/^([A-Za-z_]\w*)\s*=\s*(-?[\d.]+)\s*\.\.\s*(-?[\d.]+)(?:\s*\/\s*([\d.]+))?$/);
    const choices = line.match(/^([A-Za-z_]\w*)\s*=\s*(-?[\d.]+(?:\s*[,，]\s*-?[\d.]+)*)$/);
    if (derived?.[1]) found.derived[derived[1]] = derived[2] ?? "";
    else if (range) found.parameters.push({ name: range[1], min: Number(range[2]), max: Number(range[3]), ...(range[4] ? { step: Number(range[4]) } : {}) });
    else if (choices) found.parameters.push({ name: choices[1], choices: (choices[2] ?? "").split(/[,，]/).map(Number) });
    else found.conditions.push(line);
  }
  return found;
}

/** @param {Content} content */
export function writeParameters(content) {
  const lines = (content.parameters ?? []).map((/** @type {Content} */ one) =>
    one.choices ? `${one.name} = ${one.choices.join(", ")}` : `${one.name} = ${one.min}..${one.max}${one.step && one.step !== 1 ? ` / ${one.step}` : ""}`,
  );
  for (const [name, formula] of Object.entries(content.derived ?? {})) lines.push(`${name} := ${formula}`);
  return [...lines, ...(content.conditions ?? [])].join("\n");
}

/** Which groups of fields a type shows. @type {Record<string, string[]>} */
export const GROUPS = {
  single_choice: ["options", "errors"],
  multiple_choice: ["options", "partial", "errors"],
  true_false: ["truth"],
  blank: ["blanks", "errors"],
  numeric: ["numeric", "errors"],
  expression: ["expression", "errors"],
  solution: ["models", "rubric", "errors"],
  matching: ["pairs"],
  ordering: ["order"],
  short_answer: ["models", "rubric", "errors"],
  essay: ["essay", "models"],
  file: ["rubric"],
  composite: ["source"],
};
const OWNED = ["options", "reference_answers", "rubric", "errors", "settings", "parameters", "derived", "conditions"];

/**
 * The fields of a content.
 *
 * @param {Content} content
 * @returns {Content}
 */
export function toFields(content) {
  const settings = content.settings ?? {};
  const answers = content.reference_answers ?? [];
  const options = content.options ?? [];
  const sides = Array.isArray(options) ? { left: [], right: [] } : options;
  const pairOf = new Map(answers.map((/** @type {any} */ one) => (Array.isArray(one) ? one : [])));
  const texts = new Map([...(sides.left ?? []), ...(sides.right ?? [])].map((/** @type {Content} */ one) => [one.id, one.text]));
  const listed = Array.isArray(options) ? options : [];
  const used = new Set(pairOf.values());
  return {
    options: listed.map((/** @type {Content} */ one) => ({ text: one.text ?? "", right: answers.includes(one.id) })),
    partial: settings.partial ?? "none",
    truth: String(answers[0] ?? true),
    blanks: answers.map((/** @type {any} */ accept, /** @type {number} */ place) => ({
      accept: joined(accept),
      kind: settings.blanks?.[place]?.kind ?? "text",
      score: settings.blanks?.[place]?.score ?? "",
    })),
    order_free: settings.order_free === true,
    answer: joined(answers),
    tolerance_kind: settings.tolerance ? Object.keys(settings.tolerance)[0] : "",
    tolerance: settings.tolerance ? Object.values(settings.tolerance)[0] : "",
    figures: settings.significant_figures ?? "",
    unit: settings.unit ?? "",
    unit_optional: settings.unit_required === false,
    test: settings.test ?? "expression",
    form: settings.form ?? "",
    models: answers.map((/** @type {any} */ one) => ({ text: Array.isArray(one) ? one.join("\n") : String(one) })),
    pairs: [
      ...(sides.left ?? []).map((/** @type {Content} */ one) => ({ left: one.text ?? "", right: texts.get(pairOf.get(one.id)) ?? "" })),
      ...(sides.right ?? []).filter((/** @type {Content} */ one) => !used.has(one.id)).map((/** @type {Content} */ one) => ({ left: "", right: one.text ?? "" })),
    ],
    order: answers.map((/** @type {any} */ id) => ({ text: listed.find((/** @type {Content} */ one) => one.id === id)?.text ?? String(id) })),
    rubric: (content.rubric ?? []).map((/** @type {Content} */ one) => ({
      score: one.score ?? "", description: one.description ?? "", accept: joined(one.accept), form: one.form ?? "",
      follow_through: Boolean(one.follow_through), kept: one,
    })),
    errors: (content.errors ?? []).map((/** @type {Content} */ one) => ({ code: one.code ?? "", match: joined(one.match), feedback: one.feedback ?? "", score: one.score ?? "", kept: one })),
    genre: settings.genre ?? "",
    min_length: settings.min_length ?? "",
    traits: (settings.traits ?? []).map((/** @type {Content} */ one) => ({ id: one.id, weight: one.weight })),
    parameters: writeParameters(content),
  };
}

/**
 * The content that fields make, with everything the editor does not know kept as it was.
 *
 * @param {Content} facts type, stem, scores and other plain keys
 * @param {Content} fields as from `toFields`
 * @param {Content} original
 * @returns {Content}
 */
export function toContent(facts, fields, original) {
  const type = facts.type;
  const kept = Object.fromEntries(Object.entries(original).filter(([key]) => !OWNED.includes(key) || (type === "composite" && key !== "options")));
  const settings = original.type === type ? { ...(original.settings ?? {}) } : {};
  const made = { ...kept, ...facts, ...(BUILD[type]?.(fields, settings) ?? {}) };
  const rubric = fields.rubric.filter((/** @type {Content} */ one) => one.description || one.accept).map(rubricPoint);
  if (rubric.length && (GROUPS[type] ?? []).includes("rubric")) made.rubric = rubric;
  const errors = fields.errors.filter((/** @type {Content} */ one) => one.code || one.match).map(commonError);
  if (errors.length) made.errors = errors;
  if (Object.keys(settings).length) made.settings = settings;
  const varying = readParameters(fields.parameters ?? "");
  if (varying.parameters.length) {
    made.parameters = varying.parameters;
    if (varying.conditions.length) made.conditions = varying.conditions;
    if (Object.keys(varying.derived).length) made.derived = varying.derived;
  }
  return Object.fromEntries(Object.entries(made).filter(([, value]) => value !== "" && value !== undefined));
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
/** @type {Record<string, (fields: Content, settings: Content) => Content>} */
const BUILD = {
  single_choice: choices,
  multiple_choice: (fields, settings) => {
    put(settings, "partial", fields.partial === "none" ? "" : fields.partial);
    return choices(fields);
  },
  true_false: (fields) => ({ reference_answers: [fields.truth === "true"] }),
  blank: (fields, settings) => {
    const rows = fields.blanks.filter((/** @type {Content} */ one) => alternatives(one.accept).length);
    const old = settings.blanks ?? [];
    settings.blanks = rows.map((/** @type {Content} */ one, /** @type {number} */ place) => ({
      ...(old[place] ?? {}), id: old[place]?.id ?? `b${place + 1}`, kind: one.kind, ...(one.score === "" ? {} : { score: Number(one.score) }),
    }));
    put(settings, "order_free", fields.order_free ? true : Array.isArray(settings.order_free) ? settings.order_free : "");
    return { reference_answers: rows.map((/** @type {Content} */ one) => alternatives(one.accept)) };
  },
  numeric: (fields, settings) => {
    put(settings, "tolerance", fields.tolerance_kind && fields.tolerance !== "" ? { [fields.tolerance_kind]: Number(fields.tolerance) } : "");
    put(settings, "significant_figures", fields.figures === "" ? "" : Number(fields.figures));
    put(settings, "unit", fields.unit);
    put(settings, "unit_required", fields.unit_optional ? false : "");
    return { reference_answers: alternatives(fields.answer) };
  },
  expression: (fields, settings) => {
    put(settings, "test", fields.test === "expression" ? "" : fields.test);
    put(settings, "form", fields.form);
    return { reference_answers: alternatives(fields.answer) };
  },
  solution: (fields) => ({ reference_answers: written(fields).map((text) => text.split("\n").map((one) => one.trim()).filter(Boolean)) }),
  short_answer: (fields) => ({ reference_answers: written(fields) }),
  essay: (fields, settings) => {
    put(settings, "genre", fields.genre);
    put(settings, "min_length", fields.min_length === "" ? "" : Number(fields.min_length));
    const traits = fields.traits.filter((/** @type {Content} */ one) => one.id).map((/** @type {Content} */ one) => ({ id: one.id, weight: Number(one.weight) || 0 }));
    put(settings, "traits", traits.length ? traits : "");
    const models = written(fields);
    return models.length ? { reference_answers: models } : {};
  },
  matching: (fields) => {
    const rows = fields.pairs.filter((/** @type {Content} */ one) => one.left || one.right);
    const left = rows.filter((/** @type {Content} */ one) => one.left).map((/** @type {Content} */ one, /** @type {number} */ place) => ({ id: `l${place + 1}`, text: one.left }));
    const right = [...new Set(rows.map((/** @type {Content} */ one) => one.right).filter(Boolean))].sort().map((text, place) => ({ id: `r${place + 1}`, text }));
    const pairs = left.map((/** @type {Content} */ one) => [one.id, right.find((other) => other.text === rows.find((/** @type {Content} */ row) => row.left === one.text)?.right)?.id]);
    return { options: { left, right }, reference_answers: pairs.filter((/** @type {any[]} */ one) => one[1]) };
  },
  ordering: (fields) => {
    const texts = fields.order.map((/** @type {Content} */ one) => one.text).filter(Boolean);
    const shown = [...texts].sort().map((text, place) => ({ id: LETTERS[place], text }));
    return { options: shown, reference_answers: texts.map((/** @type {string} */ text) => shown.find((one) => one.text === text)?.id) };
  },
};

/** @param {Content} fields */
function choices(fields) {
  const rows = fields.options.filter((/** @type {Content} */ one) => one.text);
  return {
    options: rows.map((/** @type {Content} */ one, /** @type {number} */ place) => ({ id: LETTERS[place], text: one.text })),
    reference_answers: rows.map((/** @type {Content} */ one, /** @type {number} */ place) => (one.right ? LETTERS[place] : "")).filter(Boolean),
  };
}

/** @param {Content} fields @returns {string[]} */
function written(fields) {
  return fields.models.map((/** @type {Content} */ one) => one.text.trim()).filter(Boolean);
}

/** @param {Content} row @param {number} place */
function rubricPoint(row, place) {
  const kept = row.kept ?? {};
  const point = { ...kept, id: kept.id ?? `p${place + 1}`, score: Number(row.score) || 0, description: row.description };
  put(point, "accept", alternatives(row.accept));
  put(point, "form", row.form);
  put(point, "follow_through", row.follow_through || "");
  return point;
}

/** @param {Content} row */
function commonError(row) {
  const error = { ...(row.kept ?? {}), code: row.code, match: alternatives(row.match) };
  put(error, "feedback", row.feedback);
  put(error, "score", row.score === "" ? "" : Number(row.score));
  return error;
}

/** Set a key, or take it away when there is nothing to set. @param {Content} where @param {string} key @param {any} value */
function put(where, key, value) {
  if (value === "" || value == null || (Array.isArray(value) && !value.length)) delete where[key];
  else where[key] = value;
}
