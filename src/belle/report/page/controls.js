// The bar at the top, the filters, the help, and the line of messages.
"use strict";

function TopBar() {
  const tab = (view, key) => html`<button class=${state.view === view ? "tab chosen" : "tab"}
    aria-current=${state.view === view} onClick=${() => update({ view })}>${t(view)} <kbd>${key}</kbd></button>`;
  return html`<header class="top">
    <span class="brand">BELLE</span>
    <span class="tabs">${tab("overview", "o")}${tab("questions", "j")}${tab("blind", "b")}</span>
    <span class="space"></span>
    ${state.view !== "blind" && html`<${ScorerChoice} />
      <button onClick=${copyMarkdown}>${t("copy")} <kbd>c</kbd></button>`}
    <button onClick=${switchTheme} title=${t("theme")}>◐ <kbd>t</kbd></button>
    <button onClick=${switchLanguage}>${t("language")} <kbd>l</kbd></button>
    <button onClick=${() => update({ help: true })}>${t("help")} <kbd>?</kbd></button>
  </header>`;
}

function ScorerChoice() {
  return DATA.scorers.length > 1 && html`<label>${t("scorer")} <select value=${state.scorer}
    onChange=${(event) => update({ scorer: event.target.value })}>
    ${DATA.scorers.map((scorer) => html`<option value=${scorer}>${scorer}</option>`)}</select></label>`;
}

function switchTheme() {
  const dark = state.theme ? state.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const theme = dark ? "light" : "dark";
  remember("theme", theme);
  update({ theme });
}

function switchLanguage() {
  const language = state.language === "zh" ? "en" : "zh";
  remember("language", language);
  update({ language });
}

// Another order begins at its beginning.
function change(name, value) {
  update(name === "sort" ? { sort: value, question: null } : { [name]: value });
}

function clearFilters() {
  update(Object.fromEntries(FILTERS.map((name) => [name, DEFAULTS[name]])));
}

function Filters({ count }) {
  const field = (name) => ({ value: state[name], onInput: (event) => change(name, event.target.value) });
  const share = (name) => html`<input type="number" min="0" max="1" step="0.1" name=${name} ...${field(name)} />`;
  const box = (name, title) => html`<label class="box" title=${title}>
    <input type="checkbox" name=${name} checked=${state[name]}
      onChange=${(event) => update({ [name]: event.target.checked })} /> ${t(name)}</label>`;
  const hidden = DEFAULTS.shown.filter((system) => !state.shown.includes(system));
  const active = FILTERS.some((name) => state[name] !== DEFAULTS[name]);
  return html`<form class="filters" onSubmit=${(event) => event.preventDefault()}>
    <input type="search" name="search" placeholder=${`${t("search")}  /`} aria-label=${t("search")}
      ...${field("search")} />
    <div class="pair">
      <label>${t("category")} <select name="category" ...${field("category")}>
        <option value="">${t("all")}</option>
        ${DATA.categories.map((name) => html`<option value=${name}>${name}</option>`)}</select></label>
      <label>${t("flag")} <select name="flag" ...${field("flag")}>
        <option value="">${t("all")}</option>
        ${FLAGS.map((name) => html`<option value=${name}>${t(name)}</option>`)}</select></label></div>
    <div class="line"><label>${t("from")} ${share("low")}</label><label>${t("to")} ${share("high")}</label>
      <label>${t("differ")} ${share("differ")}</label></div>
    <div class="line">${box("flips", t("flipsHint"))}${box("unscored")}${box("disagree", t("disagreeHint"))}</div>
    <div class="line"><label>${t("sort")} <select name="sort" ...${field("sort")}>
        ${SORTS.map((name) => html`<option value=${name}>${t(name)}</option>`)}</select></label>
      <span class="space"></span>
      <output name="count">${t("count", { shown: count, all: QUESTIONS.length })}</output></div>
    ${(active || hidden.length > 0) && html`<div class="line">
      ${active && html`<button type="button" onClick=${clearFilters}>${t("clear")} <kbd>x</kbd></button>`}
      ${hidden.map((system) => html`<button type="button" class=${`s${system}`} title=${t("show")}
        onClick=${() => update({ shown: [...state.shown, system] })}>${named(system)} +</button>`)}</div>`}
  </form>`;
}

function Help() {
  return html`<div class="veil" onClick=${() => update({ help: false })}><dialog open aria-label=${t("help")}>
    <h2>${t("help")}</h2>
    <table>${KEYS.map(([keys, english, chinese]) => html`<tr>
      <td>${keys.split(" ").map((key) => html`<kbd>${key}</kbd> `)}</td>
      <td>${state.language === "zh" ? chinese : english}</td></tr>`)}</table>
    <p class="note">${t("blind")}: ${t("blindKeys")}</p></dialog></div>`;
}

function Message() {
  return state.message && html`<div class="message" role="status"><span>${state.message}</span>
    <button onClick=${() => update({ message: "" })}>${t("close")}</button></div>`;
}
