// The author's preview: loads the page again when the content has changed, and makes the phone as long as what is on it.
let changes;

function listen() {
  const seen = encodeURIComponent(document.body.dataset.seen);
  changes = new EventSource(`/changes?seen=${seen}`);
  changes.onmessage = () => location.reload();
}

// A browser holds only a few connections open to one server: pages that nobody looks at give theirs up.
document.addEventListener("visibilitychange", () => {
  changes?.close();
  if (!document.hidden) listen();
});
if (!document.hidden) listen();

function fit(phone) {
  const main = phone.contentDocument?.getElementById("main");
  if (!main) return;
  const measure = () => {
    phone.height = Math.ceil(main.getBoundingClientRect().bottom + phone.contentWindow.scrollY) + 24;
  };
  new ResizeObserver(measure).observe(main);
  measure();
}

for (const phone of document.querySelectorAll("iframe")) {
  phone.addEventListener("load", () => fit(phone));
  if (phone.contentDocument?.readyState === "complete") fit(phone);
}

// A link on the phone leads to a page beside a phone: it takes the place of the whole.
if (window.top !== window) window.top.location.replace(location.href);
