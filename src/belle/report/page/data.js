// What the page shows: parsed once, then only read.
"use strict";

const html = htm.bind(preact.h);
const DATA = JSON.parse(document.getElementById("data").textContent);
const DIGEST = document.body.dataset.digest;
const SYSTEMS = DATA.systems;
const QUESTIONS = DATA.questions;
const FLAGS = ["truncated", "contaminated", "repetitive", "empty", "thinking"];

// Replies of judges are long and seldom looked at: they are parsed when somebody asks for them.
let judgments = null;

function judgmentsOf(system, question) {
  judgments ??= JSON.parse(document.getElementById("judgments").textContent);
  return judgments[system]?.[question] ?? [];
}

function answerOf(system, question) {
  return DATA.answers[system][question];
}

function scoreOf(system, question, scorer) {
  return answerOf(system, question).scores[scorer] ?? null;
}

// Everything of a question that can be searched, in lower case.
const haystacks = new Map();

function haystackOf(question) {
  if (!haystacks.has(question)) {
    const { id, question: text, reference } = QUESTIONS[question];
    const answers = SYSTEMS.map((_, system) => answerOf(system, question).text);
    haystacks.set(question, [id, text, reference ?? "", ...answers].join("\n").normalize("NFKC").toLowerCase());
  }
  return haystacks.get(question);
}

// A figure that Python drew, as a new element, with its labels in the reader's language.
function figureElement(name) {
  const found = document.querySelector(`template[data-figure="${CSS.escape(name)}"]`);
  if (!found) return null;
  const figure = found.content.firstElementChild.cloneNode(true);
  for (const label of figure.querySelectorAll("[data-label]")) {
    label.textContent = t(label.dataset.label, label.dataset);
  }
  return figure;
}
