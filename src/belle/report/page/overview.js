// Scores, differences and figures of all systems by the chosen scorer. Every number and figure comes from Python.
"use strict";

const COSTS = ["size", "train_seconds", "quantize_seconds", "answers_per_second"];

function Overview() {
  const scorer = state.scorer;
  return html`<main class="overview">
    <h1>${DATA.title}</h1>
    <${Notes} scorer=${scorer} />
    <${ScoreTable} scorer=${scorer} />
    <${Figure} name=${`forest ${scorer}`} />
    <${PairTable} scorer=${scorer} />
    <${Figure} name=${`categories ${scorer}`} />
    <div class="figures">${COSTS.map((cost) => html`<${Figure} key=${cost} name=${`${cost} ${scorer}`} />`)}</div>
    <${AgreementTable} />
    <${ParamsTable} />
    <${Judges} />
    <footer class="page-end">BELLE-DVC · ${t("digest")} <code>${DIGEST}</code> · ${t("sameBytes")}</footer>
  </main>`;
}

// Warnings are those that `belle compare` prints, in its language.
function Notes({ scorer }) {
  return html`
    ${DATA.notes.map(({ name, values }) => html`<p class="note">${t(name, values)}</p>`)}
    ${(DATA.warnings[scorer] ?? []).map((text) => html`<p class="warning" lang="en">${text}</p>`)}`;
}

// The figure is put where Preact does not look: it is not described by the code that draws the page.
class Figure extends preact.Component {
  shouldComponentUpdate({ name }) {
    return name !== this.props.name || state.language !== this.language;
  }

  place() {
    this.language = state.language;
    this.element.replaceChildren(...[figureElement(this.props.name)].filter(Boolean));
  }

  componentDidMount() {
    this.place();
  }

  componentDidUpdate() {
    this.place();
  }

  render() {
    return html`<figure class="drawn" ref=${(element) => { this.element = element; }}></figure>`;
  }
}

function Judges() {
  const found = SYSTEMS.flatMap(({ label, judges }) =>
    Object.entries(judges).map(([judge, facts]) => ({ name: `${label} · ${judge}`, facts })));
  return found.length > 0 && html`<section>
    <h2>${t("judges")}</h2>
    ${found.map(({ name, facts }) => html`<details>
      <summary>${name}</summary>
      <${Table} columns=${[[""], ["", "wrap"]]} rows=${Object.entries(facts).map(([key, value]) =>
        ["", [html`<code>${key}</code>`, factText(value)]])} />
    </details>`)}
  </section>`;
}

// A value of judges.json in one line.
function factText(value) {
  if (value === null || typeof value !== "object") return value === null ? "–" : String(value);
  const nested = (one) => (one !== null && typeof one === "object" ? `(${factText(one)})` : factText(one));
  const parts = Object.entries(value).map(([key, one]) => (Array.isArray(value) ? nested(one) : `${key}: ${nested(one)}`));
  return parts.join(", ") || "–";
}
