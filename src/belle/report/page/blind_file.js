// The file of a rater's scores: downloaded, and read back. `belle.score.human` reads the same file.
"use strict";

const RATER = new RegExp(document.body.dataset.rater, "u");
const ANSWER_KEY = /^[0-9a-f]{16}$/;

function exportOf({ rater, order, scores, again }) {
  const sorted = Object.fromEntries(Object.entries(scores).sort(([a], [b]) => (a < b ? -1 : 1)));
  // a second score is nothing without the first, which may have been taken back
  const repeats = Object.keys(again).filter((key) => key in scores).sort().map((key) => [key, scores[key], again[key]]);
  return { rater, report: DIGEST, order, scores: sorted, repeats };
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
  const keys = Object.keys(found.scores);
  if (found.report !== DIGEST) {
    const known = new Set(DATA.answers.flatMap((answers) => answers.map(({ key }) => key)));
    const fit = keys.filter((key) => known.has(key)).length;
    const values = { file, other: found.report, digest: DIGEST, fit, count: keys.length };
    return update({ message: t("importOther", values) });
  }
  if (state.blind && state.blind.rater !== found.rater) {
    return update({ message: t("importRater", { file, other: found.rater, rater: state.blind.rater }) });
  }
  keepBlind(withScores(state.blind ?? openBlind(found.rater, 1), { ...found, unsaved: undefined }));
  return update({ message: t("imported", { file, count: keys.length }) });
}

// The content of a file of scores; null when it is something else. Older files do not name their order.
function readScores(text) {
  try {
    const { rater, report, order, scores, repeats = [], unsaved } = JSON.parse(text);
    const fine = typeof rater === "string" && RATER.test(rater) && typeof report === "string" &&
      (order === undefined || isCount(order)) && !Array.isArray(scores) &&
      Object.entries(scores).every(([key, score]) => ANSWER_KEY.test(key) && isScore(score)) &&
      repeats.every(([key, first, second]) => ANSWER_KEY.test(key) && isScore(first) && isScore(second));
    const again = fine && Object.fromEntries(repeats.map(([key, , second]) => [key, second]));
    return fine ? { rater, report, order, scores, again, unsaved: isCount(unsaved) ? unsaved : undefined } : null;
  } catch {
    return null;
  }
}

function isCount(value) {
  return Number.isInteger(value) && value >= 1;
}

function isScore(score) {
  return score === null || (typeof score === "number" && score >= 0 && score <= 1);
}
