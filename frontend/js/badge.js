// The number on the icon of the home screen: how many items are due, and nothing once nobody is signed in.
import { seen } from "./push.js";

export default function badge(element) {
  const due = Number(element.dataset.due);
  quietly(() => (due ? navigator.setAppBadge?.(due) : navigator.clearAppBadge?.()));
  if ("Notification" in window && Notification.permission === "granted") seen();
}

// Signed out: what was on the locked screen for whoever was here goes too.
export function clearWhenSignedOut() {
  // What stands in where there is no signal names nobody, whoever is signed in.
  if (document.querySelector(".app-header__account") || "shell" in document.body.dataset) return;
  quietly(() => navigator.clearAppBadge?.());
  quietly(async () => {
    const registration = await navigator.serviceWorker?.getRegistration();
    for (const shown of (await registration?.getNotifications?.()) ?? []) shown.close();
  });
}

async function quietly(act) {
  try {
    await act();
  } catch {
    // Not every browser that has it lets it be used.
  }
}
