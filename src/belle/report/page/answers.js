// One question in full: its reference, and the answers of the shown systems side by side.
"use strict";

const CARD_WIDTH = 760; // pixels: lines of a wide window would be too long to read

function QuestionPane() {
  const question = currentQuestion();
  if (question === undefined) return html`<section class="pane"></section>`;
  const { id, category, question: text, reference } = QUESTIONS[question];
  return html`<section class="pane" aria-live="polite">
    <p class="about">${category} · ${id} · ${question + 1} / ${QUESTIONS.length}</p>
    <h2 class="question"><${Marked} text=${text} /></h2>
    <${Reference} text=${reference} />
    ${state.diff && html`<p class="note">${t("diffFrom", { name: diffName() })}</p>`}
    <div class="answers" style=${{ maxWidth: `${state.shown.length * CARD_WIDTH}px` }}>${state.shown.map((system, place) => html`
      <${AnswerCard} key=${system} system=${system} place=${place} question=${question} />`)}</div>
    ${state.judge && html`<${JudgePanel} system=${focused()} question=${question} />`}
  </section>`;
}

function Reference({ text }) {
  return html`<div class="reference"><span class="label">${t("reference")}</span>
    ${text === null ? html`<span class="note">${t("noReference")}</span>`
      : html`<span class="text"><${Marked} text=${text} /></span>`}
  </div>`;
}

function diffName() {
  return state.diff === "reference" ? t("reference") : SYSTEMS[focused()].label;
}

// The text that an answer is compared with; null for the one that the others are compared with.
function baseOf(system, question) {
  if (state.diff === "reference") return QUESTIONS[question].reference;
  return state.diff && system !== focused() ? answerOf(focused(), question).text : null;
}

function AnswerCard({ system, place, question }) {
  const answer = answerOf(system, question);
  const base = baseOf(system, question);
  const chosen = place === state.focus;
  const last = state.shown.length - 1;
  return html`<article class=${`answer s${system} ${chosen ? "focused" : ""}`} aria-current=${chosen}
      onClick=${() => chosen || update({ focus: place })}>
    <header>
      <kbd>${place + 1}</kbd><i class="dot"></i><h3 title=${SYSTEMS[system].revision}>${SYSTEMS[system].label}</h3>
      <span class="tools">
        <button title=${t("left")} disabled=${place === 0} onClick=${() => move(place, -1)}>←</button>
        <button title=${t("right")} disabled=${place === last} onClick=${() => move(place, 1)}>→</button>
        <button title=${t("hide")} disabled=${last === 0} onClick=${() => hide(place)}>×</button>
      </span>
    </header>
    <${Scores} scores=${answer.scores} />
    <${Thinking} text=${answer.thinking} />
    <${AnswerText} text=${answer.text} base=${base} />
    <${AnswerNotes} answer=${answer} />
  </article>`;
}

function AnswerText({ text, base = null }) {
  if (text.trim() === "") return html`<div class="text note">${t(text ? "blankAnswer" : "emptyAnswer")}</div>`;
  return html`<div class="text">${base === null ? html`<${Marked} text=${text} />`
    : html`<${Difference} base=${base} text=${text} />`}</div>`;
}

function Scores({ scores }) {
  return html`<dl class="scores">${DATA.scorers.filter((scorer) => scorer in scores).map((scorer) => html`
    <div class=${scorer === state.scorer ? "chosen" : ""}><dt>${scorer}</dt>
      <dd class=${grade(scores[scorer])}>${short(scores[scorer])}</dd></div>`)}</dl>`;
}

function Thinking({ text }) {
  return text && html`<details class="thinking">
    <summary>${t("thought")}</summary><div class="text">${text}</div>
  </details>`;
}

function AnswerNotes({ answer }) {
  return html`<footer>${t("tokens", { count: answer.tokens })}
    ${answer.flags.map((flag) => html`<span class="flag">${t(flag)}</span>`)}</footer>`;
}

function move(place, distance) {
  const shown = [...state.shown];
  const target = place + distance;
  if (target < 0 || target >= shown.length) return;
  [shown[place], shown[target]] = [shown[target], shown[place]];
  update({ shown, focus: target });
}

function hide(place) {
  if (state.shown.length > 1) update({ shown: state.shown.filter((_, other) => other !== place) });
}

function showAll() {
  update({ shown: [...state.shown, ...DEFAULTS.shown.filter((system) => !state.shown.includes(system))] });
}
