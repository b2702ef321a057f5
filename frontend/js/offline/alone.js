// One at a time over all tabs and the worker: a lock of the browser, or else a lease in the database.
import { asked, within } from "./db.js";

const LEASE = 60_000;

export async function alone(name, work, { orElse } = {}) {
  if (self.navigator.locks) {
    const wanted = { ifAvailable: orElse !== undefined };
    return self.navigator.locks.request(name, wanted, (lock) => (lock ? work() : orElse));
  }
  if (!(await lease(name, LEASE))) return orElse ?? "busy";
  try {
    return await work();
  } finally {
    await lease(name, 0);
  }
}

// Nobody else's lease lasts for ever: a phone that was switched off gives it back by itself.
function lease(name, lasts) {
  return within("settings", "readwrite", async (store) => {
    const until = await asked(store("settings").get(name));
    if (lasts && until > Date.now()) return false;
    await asked(store("settings").put(Date.now() + lasts, name));
    return true;
  });
}
