// Brings the error summary to people's attention, and takes them from a message to its field, label in view.
export default function errorSummary(summary) {
  summary.tabIndex = -1;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    (field.closest(".nhsuk-form-group") ?? field).scrollIntoView();
    field.focus({ preventScroll: true });
  });
}
