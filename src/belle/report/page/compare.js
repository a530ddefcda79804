// Words that differ between two texts. jsdiff finds them; the browser's segmenter knows Chinese words.
"use strict";

const SEGMENTER = typeof Intl.Segmenter === "function" ? new Intl.Segmenter("zh", { granularity: "word" }) : undefined;
const PATIENCE = 250; // milliseconds for one pair of texts
const MARKED = 500; // places of one text that are marked at most

// What is in `text` but not in `base` is <ins>, what is only in `base` is <del>.
function Difference({ base, text }) {
  const parts = Diff.diffWords(base, text, { intlSegmenter: SEGMENTER, timeout: PATIENCE });
  if (!parts) return html`<span class="note">${t("tooLong")}</span><br />${text}`;
  return parts.map((part) => {
    if (part.added) return html`<ins>${part.value}</ins>`;
    return part.removed ? html`<del>${part.value}</del>` : part.value;
  });
}

// Text in which what is searched for is marked.
function Marked({ text }) {
  const wanted = state.search.toLowerCase();
  const lower = text.toLowerCase();
  // some letters change their length in lower case; then nothing is marked
  if (!wanted || lower.length !== text.length) return text;
  const parts = [];
  let start = 0;
  for (let at = lower.indexOf(wanted); at >= 0 && parts.length < 2 * MARKED; at = lower.indexOf(wanted, start)) {
    parts.push(text.slice(start, at), html`<mark>${text.slice(at, at + wanted.length)}</mark>`);
    start = at + wanted.length;
  }
  return [...parts, text.slice(start)];
}
