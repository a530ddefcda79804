// The tables of the overview.
"use strict";

// `columns` are [heading, class, hint]; `rows` are [class, cells].
function Table({ columns, rows }) {
  return html`<div class="scroll"><table>
    <thead><tr>${columns.map(([heading, name, hint]) => html`
      <th class=${name} title=${hint}>${heading}</th>`)}</tr></thead>
    <tbody>${rows.map(([name, cells]) => html`<tr class=${name}>
      ${cells.map((cell, place) => html`<td class=${columns[place][1]}>${cell}</td>`)}
    </tr>`)}</tbody>
  </table></div>`;
}

function numeric(names) {
  return names.map((name) => [t(name), "n"]);
}

function named(system, text = SYSTEMS[system].label) {
  return html`<i class="dot"></i> ${text}`;
}

function ScoreTable({ scorer }) {
  const flags = FLAGS.filter((flag) => SYSTEMS.some(({ shares }) => shares[flag] > 0));
  const columns = [[t("system")], [t("revision"), "quiet"], [t("score"), "n strong"],
    ...numeric(["interval", "scored", "unscored", "size", "perSecond", "training", ...flags])];
  const rows = SYSTEMS.map(({ revision, variant, scores, size_mb, times, shares }, system) => [`s${system}`, [
    named(system), `${revision} ${variant}`, ...scoreCells(scores[scorer]),
    number(size_mb, 1), number(times.answers_per_second, 1), number(times.train_seconds, 1),
    ...flags.map((flag) => percent(shares[flag])),
  ]]);
  return html`<${Table} columns=${columns} rows=${rows} />`;
}

function scoreCells(found) {
  if (!found) return ["–", "–", 0, "–"];
  const unscored = Object.values(found.unscored).reduce((sum, count) => sum + count, 0);
  const reasons = Object.entries(found.unscored).map(([reason, count]) => `${reason}: ${count}`).join("\n");
  return [number(found.score), range(found.low, found.high), found.n, html`<span title=${reasons}>${unscored}</span>`];
}

function PairTable({ scorer }) {
  const found = DATA.differences.filter((one) => one.scorer === scorer);
  const overall = found.filter((one) => one.category === null);
  return overall.length > 0 && html`<section>
    <h2>${t("pairsFrom", { name: SYSTEMS[0].label })}</h2>
    <${DifferenceTable} found=${overall} name=${({ system }) => SYSTEMS[system].label} />
    ${overall.map(({ system }) => html`<details>
      <summary>${SYSTEMS[system].label} ${t("byCategory")}</summary>
      <${DifferenceTable} found=${found.filter((one) => one.system === system && one.category !== null)}
        name=${({ category }) => category} />
    </details>`)}
  </section>`;
}

function DifferenceTable({ found, name }) {
  const columns = [[""], [t("difference"), "n strong"], ...numeric(["interval", "holm"]),
    [t("detectable"), "n", t("detectableHint")], ...numeric(["wins", "ties", "losses"]), ["", "quiet"]];
  const rows = found.map((one) => [`s${one.system}`, [
    named(one.system, name(one)), signed(one.estimate), range(one.low, one.high, signed), probability(one.adjusted),
    number(one.detectable), one.wins, one.ties, one.losses, verdictOf(one),
  ]]);
  return html`<${Table} columns=${columns} rows=${rows} />`;
}

function verdictOf({ adjusted, comparable, equal_within: margin }) {
  if (!comparable) return t("notComparable");
  const equal = margin === null ? [] : [t("equal", { margin })];
  return [t(adjusted < 0.05 ? "seen" : "notSeen"), ...equal].join(" · ");
}

function AgreementTable() {
  const columns = [[""], ["n", "n"], ...numeric(["alpha", "kappa", "spearman", "bias", "distance"])];
  const rows = DATA.agreements.map((one) => ["", [
    `${one.first} – ${one.second ?? t("twice")} ${one.system === null ? "" : SYSTEMS[one.system].label}`, one.n,
    `${number(one.alpha, 2)} ${one.low === null ? "" : range(one.low, one.high, short)}`,
    number(one.kappa, 2), number(one.spearman, 2), signed(one.bias, 2), number(one.distance, 2),
  ]]);
  return rows.length > 0 && html`<section>
    <h2>${t("agreement")}</h2><p class="note">${t("agreementHint")}</p><${Table} columns=${columns} rows=${rows} />
  </section>`;
}

function ParamsTable() {
  const keys = [...new Set(SYSTEMS.flatMap(({ params }) => Object.keys(params)))].sort();
  const columns = [[""], ...SYSTEMS.map((_, system) => [named(system), `s${system}`])];
  const valuesOf = (key) => SYSTEMS.map(({ params }) => params[key] ?? "–");
  const rows = keys.map((key) => ["", [html`<code>${key}</code>`, ...valuesOf(key)]]);
  return rows.length > 0 && html`<section>
    <h2>${t("params")}</h2><${Table} columns=${columns} rows=${rows} />
  </section>`;
}
