// Lets a form be sent once: the second tap of an impatient thumb does nothing.
export default function submitOnce(form) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) {
      event.preventDefault();
      return;
    }
    sent = true;
    mark(form, true);
  });
  // Coming back with the back button brings the page as it was left: make the form usable again.
  window.addEventListener("pageshow", () => {
    sent = false;
    mark(form, false);
  });
}

function mark(form, yes) {
  for (const button of form.querySelectorAll("[type=submit], button:not([type])")) {
    if (yes) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}
