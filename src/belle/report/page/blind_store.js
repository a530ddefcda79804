// The scores of one rater: kept in the browser where it allows that, downloaded, and read back.
"use strict";

const RATER = /^[\p{L}\p{N}_-]{1,40}$/u;
const ANSWER_KEY = /^[0-9a-f]{16}$/;
const COPY_AFTER = 20; // answers without a download after which the page reminds of one

// `scores` and `again` are by key of the answer; `history` holds places of the queue, the last one scored last.
function newBlind(rater, seed) {
  return { rater, seed, scores: {}, again: {}, history: [], unsaved: 0, kept: true, revealed: false };
}

function storageName(rater) {
  return `${DIGEST}:${rater}`;
}

function openBlind(rater, seed) {
  const text = remembered(storageName(rater), null);
  return text === null ? newBlind(rater, seed) : { ...newBlind(rater, seed), ...JSON.parse(text) };
}

function keepBlind(blind) {
  const { rater, seed, scores, again, history, unsaved } = blind;
  const kept = remember(storageName(rater), JSON.stringify({ seed, scores, again, history, unsaved }));
  update({ blind: { ...blind, kept } });
}

let queue = { name: null, items: [] };

function queueOf({ seed, rater }) {
  const name = `${seed}|${rater}`;
  if (queue.name !== name) queue = { name, items: buildQueue(seed, rater) };
  return queue.items;
}

function isDone(blind, { key, again }) {
  return key in (again ? blind.again : blind.scores);
}

// The first place of the queue that is not scored; its length when all are.
function placeOf(blind) {
  const place = queueOf(blind).findIndex((item) => !isDone(blind, item));
  return place < 0 ? queueOf(blind).length : place;
}

function scoreItem(score) {
  const { blind } = state;
  const place = placeOf(blind);
  const item = queueOf(blind)[place];
  if (!item || blind.revealed) return;
  const part = item.again ? "again" : "scores";
  const changed = { ...blind, [part]: { ...blind[part], [item.key]: score } };
  keepBlind({ ...changed, history: [...blind.history, place], unsaved: blind.unsaved + 1 });
}

function undoItem() {
  const { blind } = state;
  const item = queueOf(blind)[blind.history.at(-1)];
  if (!item || blind.revealed) return;
  const part = item.again ? "again" : "scores";
  const { [item.key]: _, ...rest } = blind[part];
  keepBlind({ ...blind, [part]: rest, history: blind.history.slice(0, -1), unsaved: Math.max(0, blind.unsaved - 1) });
}

function exportOf({ rater, scores, again }) {
  const sorted = Object.fromEntries(Object.entries(scores).sort(([a], [b]) => (a < b ? -1 : 1)));
  const repeats = Object.keys(again).sort().map((key) => [key, scores[key], again[key]]);
  return { rater, report: DIGEST, scores: sorted, repeats };
}

function downloadScores() {
  const { blind } = state;
  const text = `${JSON.stringify(exportOf(blind), null, 2)}\n`;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = `${blind.rater}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  keepBlind({ ...blind, unsaved: 0 });
}

// Reads a downloaded file; a file that does not belong here changes nothing and is refused in one line.
function importScores(file, text) {
  const found = readScores(text);
  if (!found) return update({ message: t("importBroken", { file }) });
  const known = new Set(DATA.answers.flatMap((answers) => answers.map(({ key }) => key)));
  const keys = Object.keys(found.scores);
  if (found.report !== DIGEST) {
    const fit = keys.filter((key) => known.has(key)).length;
    const values = { file, other: found.report, digest: DIGEST, fit, count: keys.length };
    return update({ message: t("importOther", values) });
  }
  if (state.blind && state.blind.rater !== found.rater) {
    return update({ message: t("importRater", { file, other: found.rater, rater: state.blind.rater }) });
  }
  const blind = state.blind ?? openBlind(found.rater, 1);
  const again = Object.fromEntries(found.repeats.map(([key, , second]) => [key, second]));
  const merged = { ...blind, scores: { ...blind.scores, ...found.scores }, again: { ...blind.again, ...again } };
  const history = queueOf(merged).map((_, place) => place).filter((place) => isDone(merged, queueOf(merged)[place]));
  keepBlind({ ...merged, history });
  return update({ message: t("imported", { file, count: keys.length }) });
}

// The content of a file of scores; null when it is something else.
function readScores(text) {
  const isScore = (score) => score === null || (typeof score === "number" && score >= 0 && score <= 1);
  try {
    const { rater, report, scores, repeats } = JSON.parse(text);
    const fine = RATER.test(rater) && typeof report === "string" && !Array.isArray(scores) &&
      Object.entries(scores).every(([key, score]) => ANSWER_KEY.test(key) && isScore(score)) &&
      repeats.every(([key, first, second]) => ANSWER_KEY.test(key) && isScore(first) && isScore(second));
    return fine ? { rater, report, scores, repeats } : null;
  } catch {
    return null;
  }
}
