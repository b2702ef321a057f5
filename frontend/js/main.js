// The entry: finds every [data-module] and starts the behaviours it names. Pages work without any of this.
import answer from "./answer.js";
import * as carers from "./carers.js";
import copy from "./copy.js";
import errorSummary from "./error-summary.js";
import follow from "./follow.js";
import listen from "./listen.js";
import password from "./password.js";
import { onMount } from "./mount.js";
import submitOnce from "./submit-once.js";
import term from "./term.js";

onMount({
  answer,
  copy,
  follow,
  listen,
  "error-summary": errorSummary,
  "password-input": password,
  "submit-once": submitOnce,
  term,
  "keep-answer": carers.keepAnswer,
  "kept-answers": carers.keptAnswers,
  "kept-any": carers.keptAny,
  "kept-begin": carers.keptBegin,
  "kept-done": carers.keptDone,
  "kept-item": carers.keptItem,
  "kept-place": carers.keptPlace,
  "kept-progress": carers.keptProgress,
  "kept-taken": carers.keptTaken,
});
