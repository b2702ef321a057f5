// The entry of what works without a signal: on the server's pages it keeps and sends, on the shell it draws them. On a
// tablet that people share nothing is kept of anybody.
import { forgetPerson } from "./offline/keeping.js";
import { startPage } from "./offline/page.js";
import { drawShell } from "./offline/shell.js";

export { keepAnswer, noteAnswer } from "./offline/page.js";

const { person, shared, shell } = document.body.dataset;
if (shell !== undefined) drawShell();
else if (shared !== undefined) forgetPerson().catch(() => {});
else if (person) startPage(person);
