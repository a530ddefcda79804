// Every action is one key away. Fields keep their keys; Escape leaves them.
"use strict";

const ACTIONS = {
  j: () => step(1), k: () => step(-1),
  g: () => step(-Infinity), G: () => step(Infinity),
  "[": () => move(state.focus, -1), "]": () => move(state.focus, 1),
  h: () => hide(state.focus), H: showAll,
  d: () => update({ diff: state.diff === "focused" ? "" : "focused", view: "questions" }),
  D: () => update({ diff: state.diff === "reference" ? "" : "reference", view: "questions" }),
  p: () => update({ judge: !state.judge, view: "questions" }),
  "/": () => focusField("search"), f: () => focusField("category"), x: clearFilters,
  s: () => update({ sort: following(SORTS, state.sort), question: null, view: "questions" }),
  m: () => update({ scorer: following(DATA.scorers, state.scorer) }),
  c: copyMarkdown,
};
const EVERYWHERE = {
  o: () => update({ view: state.view === "overview" ? "questions" : "overview" }),
  b: () => update({ view: state.view === "blind" ? "questions" : "blind" }),
  t: switchTheme, l: switchLanguage,
  "?": () => update({ help: !state.help }),
  Escape: () => update({ help: false, judge: false, message: "", copied: "" }),
};
// Elsewhere the arrows scroll.
const QUESTION_KEYS = { ArrowDown: ACTIONS.j, ArrowUp: ACTIONS.k };
const BLIND = { u: () => scoreItem(null), Backspace: undoItem, Enter: () => scoreItem(1), e: downloadScores };

function following(choices, current) {
  return choices[(choices.indexOf(current) + 1) % choices.length];
}

function focusField(name) {
  update({ view: "questions" });
  document.querySelector(`[name=${name}]`)?.focus();
}

function actionOf({ key, repeat }) {
  if (EVERYWHERE[key]) return EVERYWHERE[key];
  if (state.help) return undefined;
  if (state.view === "blind") {
    // a key that is held down is one score, not many
    if (!state.blind || repeat) return undefined;
    return /^[0-9]$/.test(key) ? () => scoreItem(Number(key) / 10) : BLIND[key];
  }
  const place = Number(key) - 1;
  if (place in state.shown) return () => update({ focus: place, view: "questions" });
  return ACTIONS[key] ?? (state.view === "questions" ? QUESTION_KEYS[key] : undefined);
}

// Keys of the browser, and letters that are being composed. Many keyboards have brackets on AltGr, which says Ctrl and
// Alt as well.
function isForBrowser(event) {
  const isLetter = event.getModifierState("AltGraph");
  return event.isComposing || event.metaKey || (!isLetter && (event.ctrlKey || event.altKey));
}

addEventListener("keydown", (event) => {
  const { target, key } = event;
  if (isForBrowser(event)) return;
  if (target.closest("input:not([type=checkbox]):not([type=file]), select, textarea")) {
    if (key === "Escape" || (key === "Enter" && target.name === "search")) target.blur();
    return;
  }
  // Enter and the space bar belong to a button that was reached with the Tab key
  if ((key === "Enter" || key === " ") && target.closest("button, summary, label")) return;
  const action = actionOf(event);
  if (action) {
    event.preventDefault();
    action();
  }
});

// A button that was clicked does not keep the keys.
addEventListener("click", (event) => event.detail > 0 && event.target.closest("button, summary")?.blur());
