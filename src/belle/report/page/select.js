// Which questions are listed, and in which order.
"use strict";

const FLIP = 0.5;
const DISAGREE = 0.3;

// The scores of the shown systems by the chosen scorer; null where unscored.
function shownScores(question) {
  return state.shown.map((system) => scoreOf(system, question, state.scorer));
}

// The largest difference between two shown systems; null when fewer than two are scored.
function spread(question) {
  const scores = shownScores(question).filter((score) => score !== null);
  return scores.length < 2 ? null : Math.max(...scores) - Math.min(...scores);
}

function isFlip(question) {
  const scores = shownScores(question).filter((score) => score !== null);
  return scores.some((score) => score >= FLIP) && scores.some((score) => score < FLIP);
}

// Whether scores are clearly apart.
function areApart(scores) {
  const known = scores.filter((score) => score !== null);
  return known.length > 1 && Math.max(...known) - Math.min(...known) >= DISAGREE - 1e-9;
}

function isDisputed(question) {
  return state.shown.some((system) => areApart(Object.values(answerOf(system, question).scores)));
}

function isInRange(question) {
  const low = state.low === "" ? -Infinity : Number(state.low);
  const high = state.high === "" ? Infinity : Number(state.high);
  return shownScores(question).some((score) => score !== null && score >= low - 1e-9 && score <= high + 1e-9);
}

function passes(question) {
  const { category, low, high, differ, flag, search, flips, unscored, disagree } = state;
  if (category && QUESTIONS[question].category !== category) return false;
  if ((low !== "" || high !== "") && !isInRange(question)) return false;
  if (differ !== "" && !((spread(question) ?? -1) >= Number(differ) - 1e-9)) return false;
  if (flips && !isFlip(question)) return false;
  if (unscored && !shownScores(question).includes(null)) return false;
  if (disagree && !isDisputed(question)) return false;
  if (flag && !state.shown.some((system) => answerOf(system, question).flags.includes(flag))) return false;
  return !search || haystackOf(question).includes(search.normalize("NFKC").toLowerCase());
}

// What each order sorts by, largest first; questions without it come last.
const SORT_VALUES = {
  sortDifference: spread,
  sortHigh: (question) => scoreOf(focused(), question, state.scorer),
  sortLow: (question) => {
    const score = scoreOf(focused(), question, state.scorer);
    return score === null ? null : -score;
  },
  sortLength: (question) => Math.max(...state.shown.map((system) => answerOf(system, question).text.length)),
};

// The listed questions by number. Computed again only when something they depend on has changed.
let selection = { key: null, questions: [] };

function selected() {
  const focus = state.sort === "sortHigh" || state.sort === "sortLow" ? focused() : null;
  const key = JSON.stringify([state.shown, state.scorer, state.sort, focus, ...FILTERS.map((name) => state[name])]);
  if (selection.key !== key) {
    const questions = QUESTIONS.map((_, question) => question).filter(passes);
    const value = SORT_VALUES[state.sort];
    if (value) {
      const values = new Map(questions.map((question) => [question, value(question) ?? -Infinity]));
      questions.sort((a, b) => (values.get(a) === values.get(b) ? a - b : values.get(b) - values.get(a)));
    }
    selection = { key, questions };
  }
  return selection.questions;
}

// The question that is shown: the chosen one, or the first of the list when none is chosen or the filters leave it out.
function currentQuestion() {
  const questions = selected();
  return questions.includes(state.question) ? state.question : questions[0];
}

function step(distance) {
  const questions = selected();
  const place = questions.indexOf(currentQuestion());
  const next = questions[Math.max(0, Math.min(questions.length - 1, place + distance))];
  if (next !== undefined) update({ question: next, view: "questions" });
}
