// The device's own database: what is kept of somebody's training, and what they have not sent yet.
const STORES = { me: {}, settings: {}, items: { keyPath: "address" }, attempts: { keyPath: "attempt_id" } };
let opening = null;

function opened() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("training", 1);
    // A newer version adds what is missing; whatever was kept stays.
    request.onupgradeneeded = () => {
      for (const [name, options] of Object.entries(STORES)) {
        if (!request.result.objectStoreNames.contains(name)) request.result.createObjectStore(name, options);
      }
    };
    request.onsuccess = () => {
      const closed = () => {
        opening = null;
      };
      request.result.onclose = closed;
      request.result.onversionchange = () => {
        request.result.close();
        closed();
      };
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  }).catch((error) => {
    opening = null;
    throw error;
  });
  return opening;
}

export function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

// Does some work in one transaction, and answers when it is on the disk. The work may wait for the database alone.
export async function within(names, mode, work) {
  const transaction = (await opened()).transaction(names, mode, { durability: "strict" });
  const over = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error ?? new Error("not kept"));
  });
  over.catch(() => {});
  let result;
  try {
    result = await work((name) => transaction.objectStore(name));
  } catch (error) {
    try {
      transaction.abort();
    } catch {
      // It had been given up already.
    }
    throw error;
  }
  await over;
  return result;
}

export const get = (name, key) => within(name, "readonly", (store) => asked(store(name).get(key)));
export const all = (name) => within(name, "readonly", (store) => asked(store(name).getAll()));
export const keys = (name) => within(name, "readonly", (store) => asked(store(name).getAllKeys()));
export const put = (name, value, key) => within(name, "readwrite", (store) => asked(store(name).put(value, key)));
export const drop = (name, key) => within(name, "readwrite", (store) => asked(store(name).delete(key)));
export const setting = (key) => get("settings", key);
export const set = (key, value) => put("settings", value, key);
