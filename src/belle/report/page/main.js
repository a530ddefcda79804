// The page as a whole.
"use strict";

function Page() {
  return html`<${TopBar} /><${Message} />
    ${state.view === "overview" && html`<${Overview} />`}
    ${state.view === "questions" && html`<main class="split"><${List} /><${QuestionPane} /></main>`}
    ${state.view === "blind" && html`<${BlindView} />`}
    ${state.copied && html`<${CopyByHand} />`}
    ${state.help && html`<${Help} />`}`;
}

function draw() {
  preact.render(html`<${Page} />`, document.getElementById("app"));
}

update({});
