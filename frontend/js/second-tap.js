// The second half of a double tap whose first half changed the page: it was meant for what is gone, so it neither presses
// what came in its place nor takes the reader's place on the page away.
let pressed = null;

export function ignoreSecondTaps() {
  for (const kind of ["mousedown", "click"]) document.addEventListener(kind, ignore, { capture: true });
}

function ignore(event) {
  if (event.detail > 1 && pressed?.isConnected === false) {
    event.preventDefault();
    event.stopPropagation();
  } else if (event.type === "mousedown") pressed = event.target;
}
