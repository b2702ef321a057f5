// Says something to people who use a screen reader, through the page's one live region.
export function announce(words) {
  const region = document.querySelector("[data-live]");
  if (!region) return;
  region.textContent = "";
  // A region that changes twice in one turn is read once: let the empty state be seen first.
  setTimeout(() => {
    region.textContent = words;
  }, 50);
}
