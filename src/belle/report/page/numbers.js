// Numbers as people read them: a fixed number of digits, so that columns align.
"use strict";

function number(value, digits = 3) {
  return value === null || value === undefined ? "–" : value.toFixed(digits).replace("-", "−");
}

function signed(value, digits = 3) {
  if (value === null || value === undefined) return "–";
  return (value >= 0 ? "+" : "−") + Math.abs(value).toFixed(digits);
}

function range(low, high, form = number) {
  return `[${form(low)}, ${form(high)}]`;
}

// The score of one answer: two digits, as judges give tenths; a dash when unscored.
function short(value) {
  return number(value, 2);
}

function percent(share) {
  return share === undefined || share === null ? "–" : `${(100 * share).toFixed(1)} %`;
}

function probability(value) {
  return value < 0.001 ? "< 0.001" : value.toFixed(3);
}
