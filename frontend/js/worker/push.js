// Shows a reminder where no page is open, and opens the training when it is pressed.
import { get } from "../offline/db.js";
import { REMINDER } from "../offline/reminder-words.js";

const TAG = "training-due";
const HOME = "/home";

self.addEventListener("push", (event) => event.waitUntil(show(read(event.data))));
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open());
});

// A browser takes leave away from whoever is sent something and shows nothing: whatever came, something is said.
function read(data) {
  try {
    return data.json() ?? {};
  } catch {
    return {};
  }
}

async function show({ title, body, due }) {
  const icon = self.KEPT?.assets.find((asset) => /\/icon-192-/.test(asset));
  // In the language that was last read here.
  const ours = (await get("settings", "looks").catch(() => null))?.reminder ?? REMINDER;
  const shown = { body: body || ours.words, tag: TAG, renotify: true, ...(icon && { icon }) };
  await Promise.all([self.registration.showNotification(title || ours.title, shown), badge(due)]);
}

async function badge(due) {
  try {
    if (due > 0) await self.navigator.setAppBadge?.(due);
  } catch {
    // Not every browser that has it lets it be used.
  }
}

async function open() {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const home = pages.find((page) => new URL(page.url).pathname === HOME);
  if (home) return home.focus();
  return self.clients.openWindow(HOME);
}
