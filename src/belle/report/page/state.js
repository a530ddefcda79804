// One object holds what is shown; `update` changes it, draws the page, and writes it into the address after the #.
"use strict";

const DEFAULTS = {
  view: "overview",
  question: null, // the first one of the list
  shown: SYSTEMS.map((_, system) => system),
  focus: 0,
  scorer: DATA.scorers[0] ?? "",
  sort: "sortSet",
  category: "", low: "", high: "", differ: "", flag: "", search: "",
  flips: false, unscored: false, disagree: false,
  diff: "",
  judge: false,
};
const FILTERS = ["category", "low", "high", "differ", "flag", "search", "flips", "unscored", "disagree"];
const SORTS = ["sortSet", "sortDifference", "sortHigh", "sortLow", "sortLength"];
const VIEWS = ["overview", "questions", "blind"];

let state = {
  ...DEFAULTS,
  ...stateOfHash(location.hash),
  language: rememberedLanguage(),
  theme: remembered("theme", ""),
  help: false,
  message: "",
  copied: "",
  blind: null,
};

function update(changes) {
  state = { ...state, ...changes };
  state.focus = Math.max(0, Math.min(state.focus, state.shown.length - 1));
  document.documentElement.lang = state.language;
  document.documentElement.dataset.theme = state.theme;
  draw();
  scheduleHash();
}

// The system in focus.
function focused() {
  return state.shown[state.focus];
}

// A permanent link names the question by its id; what equals the default is left out.
function hashOfState() {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(DEFAULTS)) {
    if (String(state[name]) !== String(value)) {
      parts.set(name, name === "question" ? QUESTIONS[state.question].id : String(state[name]));
    }
  }
  return parts.toString();
}

// What a link says, as far as it makes sense here; the rest is passed over.
function stateOfHash(hash) {
  const found = {};
  for (const [name, text] of new URLSearchParams(hash.slice(1))) {
    if (!Object.hasOwn(DEFAULTS, name)) continue;
    if (name === "question") {
      const place = QUESTIONS.findIndex((one) => one.id === text);
      if (place >= 0) found.question = place;
    } else if (name === "shown") {
      const systems = [...new Set(text.split(",").filter(Boolean).map(Number))].filter((one) => one in SYSTEMS);
      if (systems.length) found.shown = systems;
    } else if (name === "focus") {
      found.focus = Math.trunc(Number(text)) || 0;
    } else if (typeof DEFAULTS[name] === "boolean") {
      found[name] = text === "true";
    } else if (allowed(name, text)) {
      found[name] = text;
    }
  }
  return found;
}

function allowed(name, text) {
  const choices = {
    view: VIEWS, scorer: DATA.scorers, sort: SORTS, diff: ["", "focused", "reference"],
    category: ["", ...DATA.categories], flag: ["", ...FLAGS],
  };
  if (["low", "high", "differ"].includes(name)) return Number.isFinite(Number(text));
  return choices[name]?.includes(text) ?? true;
}

// Browsers refuse many changes of the address in a row: it follows when the reader pauses.
let hashTimer = null;
let ownHash = location.hash.slice(1);

function scheduleHash() {
  clearTimeout(hashTimer);
  hashTimer = setTimeout(() => {
    if (hashOfState() !== location.hash.slice(1)) {
      ownHash = hashOfState();
      location.replace(`#${ownHash}`);
    }
  }, 300);
}

addEventListener("hashchange", () => {
  if (location.hash.slice(1) !== ownHash) update({ ...DEFAULTS, ...stateOfHash(location.hash) });
});

function rememberedLanguage() {
  const language = remembered("language", navigator.language.startsWith("zh") ? "zh" : "en");
  return Object.hasOwn(TEXT, language) ? language : "en";
}

// Language and theme belong to the reader, not to the link. Some browsers keep nothing for files.
function remembered(name, otherwise) {
  try {
    return localStorage.getItem(`belle-report:${name}`) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function remember(name, value) {
  try {
    localStorage.setItem(`belle-report:${name}`, value);
    return true;
  } catch {
    return false;
  }
}
