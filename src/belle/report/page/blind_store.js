// The scores of one rater, and where the browser keeps them.
"use strict";

const COPY_AFTER = 20; // answers without a download after which the page reminds of one

// `scores` and `again` are by key of the answer; `history` holds places of the queue, the last one scored last.
function newBlind(rater, order) {
  return { rater, order, scores: {}, again: {}, history: [], unsaved: 0, kept: true, revealed: false };
}

function storageName(rater) {
  return `${DIGEST}:${rater}`;
}

// What the browser keeps of a rater; null when that is nothing, or nothing that can be used.
function keptBlind(rater) {
  const found = readScores(remembered(storageName(rater), ""));
  return found && found.rater === rater ? found : null;
}

function openBlind(rater, order) {
  const found = keptBlind(rater);
  return found ? withScores(newBlind(rater, order), found) : newBlind(rater, order);
}

function keepBlind(blind) {
  const kept = remember(storageName(blind.rater), JSON.stringify({ ...exportOf(blind), unsaved: blind.unsaved }));
  update({ blind: { ...blind, kept } });
}

// Scores with those of a file or of the browser added, in their order; places of the queue count as scored in turn.
function withScores(blind, { order = blind.order, scores, again, unsaved = blind.unsaved }) {
  const merged = {
    ...blind, order, unsaved, scores: { ...blind.scores, ...scores }, again: { ...blind.again, ...again },
  };
  const items = queueOf(merged);
  return { ...merged, history: items.map((_, place) => place).filter((place) => isDone(merged, items[place])) };
}

let queue = { name: null, items: [] };

function queueOf({ order, rater }) {
  const name = `${order}|${rater}`;
  if (queue.name !== name) queue = { name, items: buildQueue(order, rater) };
  return queue.items;
}

function isDone(blind, { key, again }) {
  return key in (again ? blind.again : blind.scores);
}

// The first place of the queue that is not scored; its length when all are.
function placeOf(blind) {
  const place = queueOf(blind).findIndex((item) => !isDone(blind, item));
  return place < 0 ? queueOf(blind).length : place;
}

// Another tab may have gone on with the same scores. Then they are taken over, and the key that was pressed for what
// this tab showed does nothing.
function isCurrent(blind) {
  const found = blind.kept ? keptBlind(blind.rater) : null;
  const own = exportOf(blind);
  if (!found || JSON.stringify(exportOf({ ...found, rater: blind.rater })) === JSON.stringify(own)) return true;
  update({ blind: withScores(newBlind(blind.rater, blind.order), found), message: t("otherTab") });
  return false;
}

function scoreItem(score) {
  const { blind } = state;
  const place = placeOf(blind);
  const item = queueOf(blind)[place];
  if (!item || blind.revealed || !isCurrent(blind)) return;
  const part = item.again ? "again" : "scores";
  const changed = { ...blind, [part]: { ...blind[part], [item.key]: score } };
  keepBlind({ ...changed, history: [...blind.history, place], unsaved: blind.unsaved + 1 });
}

function undoItem() {
  const { blind } = state;
  const item = queueOf(blind)[blind.history.at(-1)];
  if (!item || blind.revealed || !isCurrent(blind)) return;
  const part = item.again ? "again" : "scores";
  const { [item.key]: _, ...rest } = blind[part];
  keepBlind({ ...blind, [part]: rest, history: blind.history.slice(0, -1), unsaved: Math.max(0, blind.unsaved - 1) });
}
