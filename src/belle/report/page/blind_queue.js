// The order of blind scoring: a shuffle that depends on its number, the rater and the question alone.
"use strict";

const REPEATED = 20; // one answer in so many comes twice
const APART = 15; // at least so many answers lie between the two

// FNV-1a over UTF-16, then mixed (the end of MurmurHash3), as 32 bits.
function hash(text) {
  let value = 0x811c9dc5;
  for (let place = 0; place < text.length; place += 1) value = Math.imul(value ^ text.charCodeAt(place), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

// Items of one queue: {question, key, again}. The answers of a question follow each other.
function buildQueue(order, rater) {
  const queue = [];
  const waiting = [];
  for (const question of shuffledQuestions(order, rater)) {
    for (const key of answersOf(question, order, rater)) {
      queue.push({ question, key, again: false });
      const isRepeated = hash(`${order}|${rater}|again|${key}`) % REPEATED === 0;
      if (isRepeated) waiting.push({ due: queue.length + APART, question, key });
    }
    while (waiting.length && waiting[0].due <= queue.length) {
      const { question: earlier, key } = waiting.shift();
      queue.push({ question: earlier, key, again: true });
    }
  }
  return [...queue, ...waiting.map(({ question, key }) => ({ question, key, again: true }))];
}

// Categories take turns, so that any beginning of the queue has all of them, and of each category the same share of
// questions about which scorers or systems differ as the whole has.
function shuffledQuestions(order, rater) {
  const places = QUESTIONS.map(({ id, category }, question) =>
    ({ question, category, isContested: isContested(question), value: hash(`${order}|${rater}|${id}`) }));
  const random = places.sort((a, b) => a.value - b.value || a.question - b.question);
  const spread = ranked(random, ({ category, isContested: contested }) => `${category}|${contested}`);
  const turns = ranked(spread.sort((a, b) => a.share - b.share || a.value - b.value), ({ category }) => category);
  return turns.sort((a, b) => a.rank - b.rank || a.value - b.value).map(({ question }) => question);
}

// Adds to each place its rank in its group, in the given order, and the share of the group that lies before it.
function ranked(places, groupOf) {
  return [...Map.groupBy(places, groupOf).values()].flatMap((members) =>
    members.map((place, rank) => ({ ...place, rank, share: (rank + 0.5) / members.length })));
}

// Whether one scorer sees a difference between systems here, or two scorers differ about one answer.
function isContested(question) {
  const rows = SYSTEMS.map((_, system) => answerOf(system, question).scores);
  const columns = DATA.scorers.map((scorer) => rows.map((scores) => scores[scorer] ?? null));
  return [...columns, ...rows.map(Object.values)].some(areApart);
}

// The different answers to a question, by key; equal ones are one.
function answersOf(question, order, rater) {
  const keys = [...new Set(SYSTEMS.map((_, system) => answerOf(system, question).key))];
  const value = (key) => hash(`${order}|${rater}|${QUESTIONS[question].id}|${key}`);
  return keys.sort((a, b) => value(a) - value(b) || (a < b ? -1 : 1));
}

// The systems that gave this answer.
function systemsWith(question, key) {
  return SYSTEMS.map((_, system) => system).filter((system) => answerOf(system, question).key === key);
}
