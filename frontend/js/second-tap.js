// The second half of a double tap whose first half changed the page: it was meant for what is gone, so it neither presses
// what came in its place nor takes the reader's place on the page away. Not every phone counts taps, so a finger that comes
// soon after, at the same place, is a second half too.
const SOON = 500;
const NEAR = 30;

let first = null;
let isSecond = false;
let isFinger = false;

export function ignoreSecondTaps() {
  document.addEventListener("pointerdown", ({ pointerType }) => (isFinger = pointerType === "touch"), { capture: true });
  document.addEventListener("mousedown", press, { capture: true });
  document.addEventListener("click", click, { capture: true });
}

function press(event) {
  isSecond = first?.hit.isConnected === false && (event.detail > 1 || (isFinger && isSoonAndNear(event)));
  if (isSecond) stop(event);
  else first = { hit: event.target, at: Date.now(), x: event.clientX, y: event.clientY };
}

function isSoonAndNear({ clientX, clientY }) {
  return Date.now() - first.at < SOON && Math.hypot(clientX - first.x, clientY - first.y) < NEAR;
}

// A key presses without a mouse, and counts no taps.
function click(event) {
  if (isSecond && event.detail > 0) stop(event);
}

function stop(event) {
  event.preventDefault();
  event.stopPropagation();
}
