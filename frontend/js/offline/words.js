// Every word that the device says by itself, in one place; each sentence has its translations in the catalogues.
import { _, englishDay, ngettext, tenth } from "../language.js";

export const site = "STOMP Training";
export const minutes = (count) => ngettext("%(count)s minute", "%(count)s minutes", count);
export const size = (bytes) => (bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} KB` : `${tenth(bytes / 1_000_000)} MB`);
export const ofKind = (kind, count) =>
  kind === "module"
    ? ngettext("Module, %(count)s minute", "Module, %(count)s minutes", count)
    : ngettext("Scenario, %(count)s minute", "Scenario, %(count)s minutes", count);

// Not sent yet.
export function unsent({ answers, finished }) {
  if (answers) return ngettext("%(count)s answer not sent yet", "%(count)s answers not sent yet", answers);
  return ngettext("%(count)s finished piece of training not sent yet", "%(count)s finished pieces of training not sent yet", finished);
}
export const unsentHint = _("All is safe on this phone, and goes by itself when there is a signal.");
export const unsentName = _("Not sent yet");
export const sendNow = _("Send now");
export const saveFile = _("Save to a file");
export const sending = _("Sending");
export const notGone = _("That did not go: there is no signal. Everything is still here.");
export const signIn = _("Sign in to send");
export const signedOut = _("You are signed out. Sign in, and what is on this phone is sent.");
export const another = (count) =>
  ngettext(
    "%(count)s answer on this phone belongs to another person, who can sign in here to send it.",
    "%(count)s answers on this phone belong to another person, who can sign in here to send them.",
    count,
  );
export const arrived = (title, said) => [_("“%(title)s” has arrived.", { title }), said].join(" ");
export const seeResult = _("See your result");
export const fine = _("OK");
// What is kept of a refusal of our own is English; the server's are in the words that it sent.
export const refused = (title, said) => [_("“%(title)s” could not be taken in.", { title }), _(said)].join(" ");
export const remove = _("Remove it from this phone");
export const fileSaved = _("The file is saved. Give it to your manager, who can hand it in for you. Your answers stay on this phone too, until they have arrived.");
export const fileNeedsSignal = _("It cannot be saved to a file yet: open your training once with a signal first.");
// The file is a manager's to open, whatever the learner reads.
export const fileName = (iso) => `Training answers not sent, ${englishDay.format(new Date(iso))}.json`;

// Signing out.
export const leaving = (count) => [unsent(count), _("Sign out?")].join(". ");
export const leavingHint = _("They stay on this phone, and are sent when you next sign in here. On a phone that others use too, send them first or save them to a file.");
export const leaveAnyway = _("Sign out anyway");
export const stay = _("Stay signed in");
export const leaveNeedsSignal = _("Signing out needs a signal");
export const leaveHere = _("Until then you can remove your training from this phone, so that nobody else sees it here. What is not sent yet stays, without your name.");
export const forget = _("Remove my training from this phone");
export const forgotten = _("Your training is no longer on this phone. Sign out when there is a signal.");

// What is kept on the phone.
function things(counts) {
  const modules = counts.modules && ngettext("%(count)s module", "%(count)s modules", counts.modules);
  const scenarios = counts.scenarios && ngettext("%(count)s scenario", "%(count)s scenarios", counts.scenarios);
  return modules && scenarios ? _("%(modules)s and %(scenarios)s", { modules, scenarios }) : modules || scenarios || "";
}
export const keep = _("Keep my training on this phone");
export const keptAll = ({ bytes, ...counts }) => _("Your training is on this phone: %(things)s, %(size)s. It works without a signal.", { things: things(counts), size: size(bytes) });
export const keeping = (done, of) => _("Your training is being put on this phone: %(done)s of %(of)s.", { done, of });
export const notKept = (bytes) =>
  bytes
    ? _("Your training needs a signal. Keeping it on this phone takes %(size)s.", { size: size(bytes) })
    : _("Your training needs a signal. It can be kept on this phone.");
export const dataSaver = _("Your phone saves data, so nothing is kept until you ask for it.");
export const full = (done, of) => _("This phone is full: %(done)s of %(of)s parts are kept. The others need a signal.", { done, of });
export const noWorker = _("This browser cannot keep training on the phone, so it needs a signal.");
export const noStore = _("This window keeps nothing on the phone (it may be a private one), so your training needs a signal.");

// Pages drawn on the phone.
export const noSignal = _("No signal: this is what your phone keeps.");
export const signalBack = _("There is a signal again.");
export const tryAgain = _("Try again");
export const goOnline = _("Show the page as it is now");
export const home = _("Your training");
export const empty = _("There is no training on this phone yet. Open your training once with a signal, and it is kept here.");
export const nextForYou = _("Next for you");
export const goOnWhere = _("Go on where you stopped");
export const goOn = _("Go on");
export const begin = _("Begin");
export const upToDateEyebrow = _("Nothing to do");
export const upToDate = _("You are up to date");
export const upToDateHint = _("Look at your training below if you want to learn more.");
export const everything = _("Everything on this phone");
export const yourTrack = (count) => ngettext("Your track", "Your tracks", count);
export const core = _("Core");
export const further = _("Go further");
export const begun = _("you have begun it");
export const waiting = _("finished, and not sent yet");
export const refresherNot = (kind) => (kind === "module" ? _("A refresher, not the whole module.") : _("A refresher, not the whole scenario."));
export const refresherAbout = (count) => ngettext("Refresher, about %(count)s minute", "Refresher, about %(count)s minutes", count);
export const refresherBegun = _("Refresher; you have begun it");
export const youBeganRefresher = _("You have begun the refresher.");
export const beginRefresher = _("Begin the refresher");
export const takeWhole = _("Take the whole module instead");
export const wholeInstead = (count) =>
  ngettext(
    "You may take the whole module instead, about %(count)s minute. It renews the same.",
    "You may take the whole module instead, about %(count)s minutes. It renews the same.",
    count,
  );
export const wholeKeeps = (count) =>
  ngettext(
    "You may take the whole module instead, about %(count)s minute. What you have answered stays answered.",
    "You may take the whole module instead, about %(count)s minutes. What you have answered stays answered.",
    count,
  );
export const refresherAsks = (count) =>
  ngettext(
    "It asks the safety questions, what you had wrong before, and what has changed for you since you passed: %(count)s question.",
    "It asks the safety questions, what you had wrong before, and what has changed for you since you passed: %(count)s questions.",
    count,
  );
export const about = (kind, count) =>
  kind === "module"
    ? ngettext(
        "Module, about %(count)s minute. You can stop at any time and go on later.",
        "Module, about %(count)s minutes. You can stop at any time and go on later.",
        count,
      )
    : ngettext(
        "Scenario, about %(count)s minute. You can stop at any time and go on later.",
        "Scenario, about %(count)s minutes. You can stop at any time and go on later.",
        count,
      );
export const afterwards = _("Afterwards you can");
export const practise = _("Go through it for practice");
export const practiseHint = _("Nothing is recorded when you practise.");
export const practising = _("This is practice. Nothing is recorded.");
export const keptResult = _("It is kept on this phone. Your result comes when there is a signal.");
export const again = _("Do it again");

// Cards, questions and what is said of answers.
export const card = (number, of) => _("Card %(number)s of %(of)s", { number, of });
export const nextCard = _("Next card");
export const cardBefore = _("Card before");
export const finish = _("Finish");
export const lastCard = _("Last card");
export const changed = _("Changed since you passed");
export const chooseFirst = _("Choose an answer first.");
export const choosePlaces = _("Choose an answer first. Each place can be given once.");
export const error = _("Error:");
export const right = _("Right");
export const notQuite = _("Not quite");
export const notThis = _("Not this one");
export const moreToFind = _("What you chose is right, and there is more to find.");
export const rightPlace = _("Right place");
export const otherPlace = (place) => _("Not in this place: it belongs in place %(place)s", { place });
export const rightPair = _("Right pair");
export const notPair = _("Not this pair");
export const notStored = _("Your phone has no room to keep this answer. Make some room, and try again.");

export const why = _("Why these questions");
export const whyLede = (title, count) =>
  ngettext(
    "This is a refresher of “%(title)s”: %(count)s question, chosen for you.",
    "This is a refresher of “%(title)s”: %(count)s questions, chosen for you.",
    count,
    { title },
  );
const onlyCards = (count, hasChanged) =>
  hasChanged
    ? ngettext(
        "You see only the card that belong to it, and what has changed since you passed.",
        "You see only the cards that belong to them, and what has changed since you passed.",
        count,
      )
    : ngettext("You see only the card that belong to it.", "You see only the cards that belong to them.", count);
export const whyCards = (count, hasChanged) =>
  [onlyCards(count, hasChanged), _("A pass renews as the whole module does. If you do not pass, no date moves.")].join(" ");
export const startRefresher = _("Start the refresher");

export const notFinished = _("Not finished yet");
export const notFinishedHint = _("These cards have questions you have not answered. Your other answers are kept.");
export const cardNamed = (number, title) => _("Card %(number)s: %(title)s", { number, title });
export const ready = _("Ready to finish");
export const readyHint = _("You have answered everything. Hand it in: it is kept on this phone, and your result comes when there is a signal.");
export const handIn = _("Hand in my answers");
export const practiceOver = _("That was the last card");
export const handedIn = _("Kept on this phone");
export const toHome = _("Go on with your training");

// Stories.
export const said = {
  safe: _("A safe choice"),
  unsafe: _("Not a safe choice"),
  critical: _("A dangerous choice"),
  none: _("What you chose"),
};
export const saidOf = {
  safe: _("A safe choice."),
  unsafe: _("Not a safe choice."),
  critical: _("A dangerous choice. With one, a story is not passed."),
  none: "",
};
export const storyEnds = _("The story ends here.");
export const endsWell = _("It ends safely.");
export const endsBadly = _("It does not end safely.");
export const whatDoYouDo = _("What do you do?");
export const handInStory = _("Finish and hand it in");
export const listen = _("Listen");
export const youChose = _("What you chose");
export const fromTheStart = _("Begin the story again");

// Other pages.
export const record = _("My record");
export const recordHint = _("Your whole record, with certificates, needs a signal. This is what your phone knows.");
export const needsSignal = _("This page needs a signal");
export const needsSignalHint = _("It is not kept on this phone. Nothing that you did before is lost.");
export const notHere = _("This is not on this phone");
export const notHereHint = _("It can be opened when there is a signal.");
export const back = _("Go back");
export const noRoom = _("Your phone refuses to keep anything for this site, so it needs a signal.");
