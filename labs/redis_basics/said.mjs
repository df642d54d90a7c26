// What came back, as JSON writes it, and short: a text has quotes, an object has none. What is cut ends in "…".
const LONGEST = 120;

export function said(back) {
  const text = JSON.stringify(back);
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}
