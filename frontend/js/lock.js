// Locks a shared tablet that nobody touches: it warns first, and a touch keeps whoever is signed in.
//
// The server ends the session by itself, whatever happens here; this only sees to it that the screen does not go on
// showing somebody's page. Without `data-stay` nobody is signed in yet, and the page goes back to the names.
const TOUCHES = ["pointerdown", "keydown", "wheel", "touchmove"];
// A touch is told to the server this often at most.
const TELL_EVERY = 30_000;

export default function lock(element) {
  const dialog = element.querySelector("dialog");
  const form = document.querySelector('form[action="/tablet/switch"]');
  const { stay, leave } = element.dataset;
  const warn = Number(element.dataset.warn ?? 0) * 1000;
  let idle = Number(element.dataset.seconds) * 1000;
  let end = Date.now() + idle;
  let told = Date.now();
  let locked = false;
  // Two pages may be open: whoever touches one of them is there.
  const others = "BroadcastChannel" in window && stay ? new BroadcastChannel("tablet") : null;

  const until = (milliseconds) => {
    idle = milliseconds;
    end = Date.now() + milliseconds;
    if (milliseconds > warn) dialog?.close();
  };

  const go = () => {
    locked = true;
    // At once, as the next page may be slow to come.
    document.body.hidden = true;
    if (form && stay) HTMLFormElement.prototype.submit.call(form);
    else location.replace(leave);
  };

  const touched = async () => {
    if (locked) return;
    if (!stay) return until(idle);
    if (Date.now() - told < TELL_EVERY && !dialog?.open) return;
    told = Date.now();
    try {
      const headers = { "X-Requested-With": "fetch" };
      const response = await fetch(stay, { method: "POST", body: new FormData(form), headers, redirect: "manual" });
      if (!response.ok) return go();
      const left = (await response.json()).left * 1000;
      until(left);
      others?.postMessage({ left });
    } catch {
      // No network: the time goes on, and what was sent is safe.
    }
  };

  const look = () => {
    if (locked) return;
    const left = end - Date.now();
    if (left <= 0) {
      others?.postMessage({ locked: true });
      return go();
    }
    if (!dialog || left > warn) return;
    dialog.querySelector("[data-left]").textContent = String(Math.ceil(left / 1000));
    if (!dialog.open) dialog.showModal();
  };

  others?.addEventListener("message", ({ data }) => {
    if (data.locked) location.replace(leave);
    else until(data.left);
  });
  for (const name of TOUCHES) document.addEventListener(name, touched, { passive: true });
  dialog?.querySelector("button").addEventListener("click", touched);
  dialog?.addEventListener("cancel", touched);
  document.addEventListener("visibilitychange", look);
  // The back button may bring a page back as it was left, of somebody who has gone since.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  setInterval(look, 1000);
}
