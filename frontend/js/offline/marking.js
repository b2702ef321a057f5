// What an answer is and how it was, by the same rules as the server's, which alone decides.

// The keys that a form gives as an answer; none where it is not a whole one.
export function readAnswer(form, question) {
  if (question.kind !== "order" && question.kind !== "match") return form.getAll("answer").filter(Boolean);
  const given = question.options.map((option) => [option.key, form.get(`answer-${option.key}`) ?? ""]);
  if (given.some(([, chosen]) => !chosen)) return [];
  if (question.kind === "match") return given.map((pair) => pair.join("="));
  const places = Object.fromEntries(given.map(([key, place]) => [place, key]));
  const keys = given.map((_, index) => places[index + 1]);
  return keys.every(Boolean) ? keys : [];
}

export function isRight(question, keys) {
  const { kind, options } = question;
  if (kind === "order") return keys.join() === options.map((option) => option.key).join();
  if (kind === "match") return options.every((option) => partnerOf(question, keys, option)?.partner === option.partner);
  const wanted = options.filter((option) => option.right).map((option) => option.key);
  return wanted.length === keys.length && wanted.every((key) => keys.includes(key));
}

// The option whose words an answer puts beside another one.
export function partnerOf(question, keys, option) {
  const pair = keys.find((key) => key.startsWith(`${option.key}=`));
  return pair && question.options.find((one) => one.key === pair.slice(option.key.length + 1));
}
