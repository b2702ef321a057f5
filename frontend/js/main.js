// The entry: finds every [data-module] and starts the behaviours it names. Pages work without any of this.
import answer from "./answer.js";
import badge, { clearWhenSignedOut } from "./badge.js";
import * as carers from "./carers.js";
import copy from "./copy.js";
import errorSummary from "./error-summary.js";
import follow from "./follow.js";
import install from "./install.js";
import listen from "./listen.js";
import lock from "./lock.js";
import passkey from "./passkey.js";
import password from "./password.js";
import push from "./push.js";
import { onMount } from "./mount.js";
import { ignoreSecondTaps } from "./second-tap.js";
import submitOnce from "./submit-once.js";
import term from "./term.js";

onMount({
  answer,
  badge,
  copy,
  follow,
  install,
  listen,
  lock,
  passkey,
  "error-summary": errorSummary,
  "password-input": password,
  push,
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
clearWhenSignedOut();
ignoreSecondTaps();
