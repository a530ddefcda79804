// What the judges were asked about one answer, what they replied, and what was read from it.
"use strict";

// Long answers push the panel out of sight; Preact calls this when it opens and when it closes.
function bringIntoView(element) {
  element?.scrollIntoView({ block: "start" });
}

function JudgePanel({ system, question }) {
  const found = judgmentsOf(system, question);
  return html`<section class=${`judge s${system}`} ref=${bringIntoView}>
    <header><h3><i class="dot"></i> ${t("judgeOf", { name: SYSTEMS[system].label })}</h3>
      <button onClick=${() => update({ judge: false })}>${t("close")} <kbd>p</kbd></button></header>
    ${found.length === 0 && html`<p class="note">${t("noJudgment")}</p>`}
    ${found.map((judgment) => html`
      <${JudgmentView} judgment=${judgment} prompt=${promptOf(judgment, system, question)} />`)}
  </section>`;
}

// What the judge was sent: numbers stand for what the page has already.
function promptOf({ prompt }, system, question) {
  const slots = [QUESTIONS[question].question, QUESTIONS[question].reference, answerOf(system, question).text];
  return prompt.map((part) => (typeof part === "number" ? slots[part] : part)).join("");
}

function JudgmentView({ judgment, prompt }) {
  const { judge, repeat, attempt, reply, score, reason, rule, span } = judgment;
  return html`<article class="judgment">
    <p class="about"><strong>${judge}</strong> · ${t("repeat", { number: repeat + 1 })}
      ${attempt > 0 && ` · ${t("askedAgain")}`} · <span class=${`value ${grade(score)}`}>${short(score)}</span>
      ${reason && ` · ${reason}`}${rule && ` · ${t("rule")}: ${rule}`}</p>
    ${prompt ? html`<details><summary>${t("prompt")}</summary><div class="text">${prompt}</div></details>`
      : html`<p class="note">${t("noPrompt")}</p>`}
    ${reply === null ? html`<p class="note">${t("noReply")}</p>`
      : html`<div class="text"><${Reply} text=${reply} span=${span} /></div>`}
  </article>`;
}

// The reply, with the place marked where the score was found. Python counts characters, JavaScript halves of some.
function Reply({ text, span }) {
  if (!span) return text;
  const letters = [...text];
  const [before, found, after] = [[0, span[0]], span, [span[1]]].map((place) => letters.slice(...place).join(""));
  return html`${before}<mark>${found}</mark>${after}`;
}
