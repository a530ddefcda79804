// Every action is one key away. Fields keep their keys; Escape leaves them.
"use strict";

const ACTIONS = {
  j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1),
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
const BLIND = { u: () => scoreItem(null), Backspace: undoItem, Enter: () => scoreItem(1), e: downloadScores };

function following(choices, current) {
  return choices[(choices.indexOf(current) + 1) % choices.length];
}

function focusField(name) {
  update({ view: "questions" });
  document.querySelector(`[name=${name}]`)?.focus();
}

function actionOf(key) {
  if (EVERYWHERE[key]) return EVERYWHERE[key];
  if (state.view === "blind") {
    if (!state.blind) return undefined;
    return /^[0-9]$/.test(key) ? () => scoreItem(Number(key) / 10) : BLIND[key];
  }
  const place = Number(key) - 1;
  return place in state.shown ? () => update({ focus: place, view: "questions" }) : ACTIONS[key];
}

addEventListener("keydown", (event) => {
  const { target, key } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (target.closest("input:not([type=checkbox]), select, textarea")) {
    if (key === "Escape" || (key === "Enter" && target.name === "search")) target.blur();
    return;
  }
  // Enter and the space bar belong to a button that was reached with the Tab key
  if ((key === "Enter" || key === " ") && target.closest("button, summary, label")) return;
  const action = actionOf(key);
  if (action) {
    event.preventDefault();
    action();
  }
});

// A button that was clicked does not keep the keys.
addEventListener("click", (event) => event.detail > 0 && event.target.closest("button, summary")?.blur());
