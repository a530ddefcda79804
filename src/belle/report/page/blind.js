// Blind scoring: one question, its different answers without names, a digit for each.
"use strict";

function BlindView() {
  const { blind } = state;
  if (!blind) return html`<${BlindStart} />`;
  const items = queueOf(blind);
  const place = placeOf(blind);
  const done = items.filter((item) => isDone(blind, item)).length;
  return html`<main class="blind">
    <${BlindBar} blind=${blind} done=${done} all=${items.length} />
    ${place < items.length ? html`<${BlindQuestion} blind=${blind} place=${place} />`
      : html`<p class="done">${t("finished")}</p>`}
    ${blind.revealed && html`<${RaterTable} blind=${blind} />`}
  </main>`;
}

function BlindStart() {
  const begin = (event) => {
    event.preventDefault();
    const { rater, order } = event.target.elements;
    if (!RATER.test(rater.value)) return update({ message: t("badRater") });
    document.activeElement.blur();
    return update({ blind: openBlind(rater.value, Number(order.value)), message: "" });
  };
  return html`<main class="blind start">
    <h1>${t("blind")}</h1><p>${t("blindIntro")}</p><p class="note">${t("blindKeys")}</p>
    <form class="line" onSubmit=${begin}>
      <label title=${t("raterHint")}>${t("rater")} <input name="rater" autocomplete="off" /></label>
      <label>${t("order")} <input name="order" type="number" min="1" max="999" value="1" required /></label>
      <button class="main-button">${t("begin")}</button><${ImportButton} /></form>
    <p class="note">${t("raterHint")}</p></main>`;
}

function ImportButton() {
  const read = async (event) => {
    const [file] = event.target.files;
    if (file) importScores(file.name, await file.text());
    event.target.blur();
    event.target.value = "";
  };
  return html`<label class="button">${t("import")}
    <input class="hidden" type="file" name="import" accept=".json" onChange=${read} /></label>`;
}

function BlindBar({ blind, done, all }) {
  return html`<div class="blind-bar">
    <progress value=${done} max=${all}></progress><output name="progress">${t("progress", { done, all })}</output>
    <span class="space"></span>
    <button disabled=${!blind.history.length || blind.revealed} onClick=${undoItem}>${t("undo")} <kbd>⌫</kbd></button>
    <button name="export" onClick=${downloadScores}>${t("export")} <kbd>e</kbd></button><${ImportButton} />
    <button name="reveal" onClick=${() => update({ blind: { ...blind, revealed: !blind.revealed } })}>
      ${t(blind.revealed ? "hideNames" : "reveal")}</button></div>
    <p class="note">${blind.unsaved >= COPY_AFTER ? html`<strong>${t("keepCopy", { count: blind.unsaved })}</strong>`
      : t(blind.kept ? "kept" : "notKept")} ${t("blindKeys")}</p>`;
}

// A repeated answer is shown alone, and never with the score that it was given before.
function BlindQuestion({ blind, place }) {
  const { question, key, again } = queueOf(blind)[place];
  const { question: text, reference, category } = QUESTIONS[question];
  const keys = again ? [key] : answersOf(question, blind.order, blind.rater);
  const scoreOfKey = (one) => (again ? undefined : blind.scores[one]);
  return html`<section class="pane">
    <p class="about">${category}${again && ` · ${t("again")}`}</p>
    <h2 class="question">${text}</h2>
    <${Reference} text=${reference} />
    <div class="answers">${keys.map((one, position) => html`
      <${BlindCard} key=${one} question=${question} answerKey=${one} place=${position + 1} current=${one === key}
        score=${scoreOfKey(one)} revealed=${blind.revealed} />`)}</div>
  </section>`;
}

function BlindCard({ question, answerKey, place, current, score, revealed }) {
  const systems = systemsWith(question, answerKey);
  const { text, thinking } = answerOf(systems[0], question);
  return html`<article class=${current ? "answer focused" : "answer"} aria-current=${current}>
    <header><h3>${t("answer")} ${place}</h3><span class="tools">${givenScore(score)}</span></header>
    ${revealed && systems.map((system) => html`<p class=${`about s${system}`}>
      ${named(system)} <${Scores} scores=${answerOf(system, question).scores} /></p>`)}
    <${Thinking} text=${thinking} />
    <${AnswerText} text=${text} />
  </article>`;
}

// What this rater gave: nothing yet, `cannot judge`, or a score.
function givenScore(score) {
  if (score === undefined) return "";
  return score === null ? t("cannot") : html`<strong>${score.toFixed(1)}</strong>`;
}

// After the names are revealed: the mean of what this rater gave to each system.
function RaterTable({ blind }) {
  const meanOf = (system) => {
    const found = DATA.answers[system].map(({ key }) => blind.scores[key]).filter((score) => typeof score === "number");
    return { n: found.length, mean: found.length ? found.reduce((sum, score) => sum + score, 0) / found.length : null };
  };
  const rows = SYSTEMS.map((_, system) => {
    const { n, mean } = meanOf(system);
    return [`s${system}`, [named(system), number(mean), n]];
  });
  return html`<${Table} columns=${[[t("system")], [t("yours"), "n"], ["n", "n"]]} rows=${rows} />`;
}
