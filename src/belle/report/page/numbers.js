// Numbers as people read them: a fixed number of digits, so that columns align.
"use strict";

function number(value, digits = 3) {
  return value === null || value === undefined ? "–" : sign(value, digits, "") + fixed(Math.abs(value), digits);
}

function signed(value, digits = 3) {
  return value === null || value === undefined ? "–" : sign(value, digits, "+") + fixed(Math.abs(value), digits);
}

// What is shown as 0 has no sign.
function sign(value, digits, plus) {
  if (Number(fixed(Math.abs(value), digits)) === 0) return "";
  return value < 0 ? "−" : plus;
}

// As Python rounds, so that tables, figures and `belle compare` agree: of 0.0625, which lies halfway, toFixed makes
// 0.063 and Python 0.062. Only odd multiples of 2 ** -(digits + 1) lie halfway exactly.
function fixed(value, digits) {
  const isHalfway = Math.abs(value * 2 ** (digits + 1)) % 2 === 1;
  if (!isHalfway) return value.toFixed(digits);
  const below = Math.floor(value * 10 ** digits);
  return ((below + (below % 2)) / 10 ** digits).toFixed(digits);
}

function range(low, high, form = number) {
  return `[${form(low)}, ${form(high)}]`;
}

// The score of one answer: two digits, as judges give tenths; a dash when unscored.
function short(value) {
  return number(value, 2);
}

function percent(share) {
  return share === undefined || share === null ? "–" : `${number(100 * share, 1)} %`;
}

function probability(value) {
  return value < 0.001 ? "< 0.001" : value.toFixed(3);
}
