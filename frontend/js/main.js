// The entry: finds every [data-module] and starts the behaviours it names. Pages work without any of this.
import answer from "./answer.js";
import copy from "./copy.js";
import errorSummary from "./error-summary.js";
import listen from "./listen.js";
import password from "./password.js";
import { onMount } from "./mount.js";
import submitOnce from "./submit-once.js";
import term from "./term.js";

onMount({
  answer,
  copy,
  listen,
  "error-summary": errorSummary,
  "password-input": password,
  "submit-once": submitOnce,
  term,
});
