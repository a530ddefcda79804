// The list at the left: one light row for every question that passes the filters.
"use strict";

class Row extends preact.Component {
  // another language changes the names of flags alone
  shouldComponentUpdate({ current, version, language }) {
    return current !== this.props.current || version !== this.props.version
      || (this.flagged && language !== this.props.language);
  }

  // the row of the current question is always in view
  componentDidUpdate() {
    if (this.props.current) this.element.scrollIntoView({ block: "nearest" });
  }

  componentDidMount() {
    this.componentDidUpdate();
  }

  render({ question, current }) {
    const { category, question: text } = QUESTIONS[question];
    const flags = new Set(state.shown.flatMap((system) => answerOf(system, question).flags));
    this.flagged = flags.size > 0;
    const scores = shownScores(question);
    const alike = scores.length > 1 && scores.every((score) => score === scores[0]);
    return html`<li class=${current ? "row current" : "row"} aria-current=${current}
        ref=${(element) => { this.element = element; }}
        onClick=${() => update({ question, view: "questions" })}>
      <span class="row-text">${text.slice(0, 80)}</span>
      <span class="row-about">${question + 1} · ${category}${[...flags].sort().map((flag) => ` · ${t(flag)}`)}</span>
      <span class="row-scores">${scores.map((score) => html`
        <span class=${`value ${alike ? "none" : grade(score)}`}>${short(score)}</span>`)}</span>
    </li>`;
  }
}

// How a score is colored: not at all when it is good, so that the eye finds the others. In the list scores that are
// all the same are quiet.
function grade(score) {
  if (score === null) return "none";
  return score >= 0.75 ? "" : score >= FLIP ? "middling" : "poor";
}

function List() {
  const questions = selected();
  const current = currentQuestion();
  const version = JSON.stringify([state.shown, state.scorer]);
  return html`<nav class="list" aria-label=${t("questions")}>
    <${Filters} count=${questions.length} />
    ${state.shown.length > 1 && html`<div class="list-head"><span></span><span class="row-scores">
      ${state.shown.map((system, place) => html`<span class=${`value s${system}`} title=${SYSTEMS[system].label}>
        <i class="dot"></i>${place + 1}</span>`)}</span></div>`}
    <ol>${questions.map((question) => html`
      <${Row} key=${question} question=${question} current=${question === current}
        version=${version} language=${state.language} />`)}</ol>
    ${questions.length === 0 && html`<p class="note">${t("noQuestion")}</p>`}
  </nav>`;
}
