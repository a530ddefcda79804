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
    <${SettingsTable} />
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
    return name !== this.props.name;
  }

  place() {
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
      <summary>${name}</summary><pre class="text">${JSON.stringify(facts, null, 2)}</pre>
    </details>`)}
  </section>`;
}
