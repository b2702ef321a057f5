// Where some choices lead in a story, by the same rules as the server's.
export class NotOffered extends Error {}

export function walk(item, keys) {
  let here = arrived(item, [item.start], {}, []);
  for (const key of keys) {
    const choice = here.offered.find((one) => one.key === key);
    if (!choice) throw new NotOffered(key);
    const trail = choice.target === "back" ? here.trail.slice(0, -1) : [...here.trail, choice.target];
    here = arrived(item, trail, { ...here.facts, ...choice.sets }, [...here.taken, choice]);
  }
  return here;
}

function arrived(item, trail, facts, taken) {
  const scene = item.scenes[trail[trail.length - 1]];
  const used = new Set(taken.filter((choice) => choice.once).map((choice) => choice.key));
  const offered = scene.choices.filter(
    (choice) =>
      !used.has(choice.key) &&
      (choice.target !== "back" || trail.length > 1) &&
      Object.entries(choice.needs ?? {}).every(([name, value]) => (facts[name] ?? "no") === value),
  );
  return { scene, trail, facts, taken, offered };
}
