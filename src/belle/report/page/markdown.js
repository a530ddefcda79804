// What is shown, as Markdown for an issue or a note.
"use strict";

// Text of a model in a fence that is longer than any in the text.
function fenced(text) {
  const longest = [...text.matchAll(/`+/g)].reduce((length, found) => Math.max(length, found[0].length), 2);
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

function cell(text) {
  return String(text).replace(/[\\|]/g, "\\$&").replace(/\s+/g, " ");
}

function tableOf(header, rows) {
  const lines = [header, header.map(() => "---"), ...rows];
  return lines.map((row) => `| ${row.map(cell).join(" | ")} |`).join("\n");
}

function questionMarkdown(question) {
  const { id, category, question: text, reference } = QUESTIONS[question];
  const parts = [`### ${id} (${category})`, fenced(text)];
  if (reference !== null) parts.push(`${t("reference")}:`, fenced(reference));
  for (const system of state.shown) {
    const answer = answerOf(system, question);
    const scores = DATA.scorers.filter((scorer) => scorer in answer.scores)
      .map((scorer) => `${scorer} ${short(answer.scores[scorer])}`);
    const about = [...scores, ...answer.flags.map((flag) => t(flag))].join(", ");
    parts.push(`**${cell(SYSTEMS[system].label)}** ${about}`, fenced(answer.text));
  }
  return parts.join("\n\n");
}

function overviewMarkdown() {
  const scorer = state.scorer;
  const scores = SYSTEMS.map(({ label, revision, scores: { [scorer]: one } }) =>
    [label, revision, number(one?.score), one ? range(one.low, one.high) : "–", one?.n ?? 0]);
  const parts = [`### ${DATA.title}`, ...DATA.notes.map(({ name, values }) => t(name, values)), ...(DATA.warnings[scorer] ?? []),
    tableOf([t("system"), t("revision"), `${t("score")} (${scorer})`, t("interval"), t("scored")], scores)];
  const pairs = DATA.differences.filter((one) => one.scorer === scorer && one.category === null);
  if (pairs.length) {
    const rows = pairs.map((one) => [SYSTEMS[one.system].label, signed(one.estimate), range(one.low, one.high, signed),
      probability(one.adjusted), `${one.wins}/${one.ties}/${one.losses}`]);
    const outcome = [t("wins"), t("ties"), t("losses")].join("/");
    const header = [t("pairsFrom", { name: SYSTEMS[0].label }), t("difference"), t("interval"), t("holm"), outcome];
    parts.push(tableOf(header, rows));
  }
  return parts.join("\n\n");
}

// In blind scoring nothing is copied: it would name the systems.
async function copyMarkdown() {
  const question = currentQuestion();
  if (state.view === "blind" || (state.view === "questions" && question === undefined)) return;
  const text = `${state.view === "overview" ? overviewMarkdown() : questionMarkdown(question)}\n`;
  try {
    await navigator.clipboard.writeText(text);
    update({ message: t("copied"), copied: "" });
    setTimeout(() => state.message === t("copied") && update({ message: "" }), 3000);
  } catch {
    update({ message: t("copyFailed"), copied: text });
  }
}

class CopyByHand extends preact.Component {
  componentDidMount() {
    this.element.select();
  }

  render() {
    return html`<textarea class="copy" readonly value=${state.copied} ref=${(element) => { this.element = element; }}
      onBlur=${() => update({ copied: "" })}></textarea>`;
  }
}
