// Every word that the device says by itself, in one place, so that they can be translated together.
const many = (count, one, more) => (count === 1 ? `1 ${one}` : `${count} ${more}`);
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

export const site = "STOMP Training";
export const ofDay = (iso) => day.format(new Date(iso));
export const minutes = (count) => many(count, "minute", "minutes");
export const size = (bytes) => (bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`);
export const kind = { module: "Module", scenario: "Scenario" };

// Not sent yet.
export function unsent({ answers, finished }) {
  if (answers) return `${many(answers, "answer", "answers")} not sent yet`;
  return `${many(finished, "finished piece of training", "finished pieces of training")} not sent yet`;
}
export const unsentHint = "All is safe on this phone, and goes by itself when there is a signal.";
export const unsentName = "Not sent yet";
export const sendNow = "Send now";
export const saveFile = "Save to a file";
export const sending = "Sending";
export const notGone = "That did not go: there is no signal. Everything is still here.";
export const signIn = "Sign in to send";
export const signedOut = "You are signed out. Sign in, and what is on this phone is sent.";
export const another = (count) => `${many(count, "answer", "answers")} on this phone ${count === 1 ? "belongs" : "belong"} to another person, who can sign in here to send ${count === 1 ? "it" : "them"}.`;
export const arrived = (title, said) => `“${title}” has arrived. ${said}`;
export const seeResult = "See your result";
export const fine = "OK";
export const refused = (title, said) => `“${title}” could not be taken in. ${said}`;
export const unreadable = "Show this to your manager, or save it to a file first.";
export const remove = "Remove it from this phone";
export const fileSaved = "The file is saved. Give it to your manager, who can hand it in for you. Your answers stay on this phone too, until they have arrived.";
export const fileNeedsSignal = "It cannot be saved to a file yet: open your training once with a signal first.";
export const fileName = (iso) => `Training answers not sent, ${ofDay(iso)}.json`;

// Signing out.
export const leaving = (count) => `${unsent(count)}. Sign out?`;
export const leavingHint = "They stay on this phone, and are sent when you next sign in here. On a phone that others use too, send them first or save them to a file.";
export const leaveAnyway = "Sign out anyway";
export const stay = "Stay signed in";
export const leaveNeedsSignal = "Signing out needs a signal";
export const leaveHere = "Until then you can remove your training from this phone, so that nobody else sees it here. What is not sent yet stays, without your name.";
export const forget = "Remove my training from this phone";
export const forgotten = "Your training is no longer on this phone. Sign out when there is a signal.";

// What is kept on the phone.
const things = ({ modules, scenarios }) => [
  modules && many(modules, "module", "modules"),
  scenarios && many(scenarios, "scenario", "scenarios"),
].filter(Boolean).join(" and "); // prettier-ignore
export const keep = "Keep my training on this phone";
export const keptAll = ({ bytes, ...counts }) => `Your training is on this phone: ${things(counts)}, ${size(bytes)}. It works without a signal.`;
export const keeping = (done, of) => `Your training is being put on this phone: ${done} of ${of}.`;
export const notKept = (bytes) => `Your training needs a signal.${bytes ? ` Keeping it on this phone takes ${size(bytes)}.` : " It can be kept on this phone."}`;
export const dataSaver = "Your phone saves data, so nothing is kept until you ask for it.";
export const full = (done, of) => `This phone is full: ${done} of ${of} parts are kept. The others need a signal.`;
export const noWorker = "This browser cannot keep training on the phone, so it needs a signal.";
export const noStore = "This window keeps nothing on the phone (it may be a private one), so your training needs a signal.";

// Pages drawn on the phone.
export const noSignal = "No signal: this is what your phone keeps.";
export const signalBack = "There is a signal again.";
export const tryAgain = "Try again";
export const goOnline = "Show the page as it is now";
export const home = "Your training";
export const empty = "There is no training on this phone yet. Open your training once with a signal, and it is kept here.";
export const nextForYou = "Next for you";
export const goOnWhere = "Go on where you stopped";
export const goOn = "Go on";
export const begin = "Begin";
export const upToDateEyebrow = "Nothing to do";
export const upToDate = "You are up to date";
export const upToDateHint = "Look at your training below if you want to learn more.";
export const everything = "Everything on this phone";
export const yourTrack = (count) => (count === 1 ? "Your track" : "Your tracks");
export const core = "Core";
export const further = "Go further";
export const begun = "you have begun it";
export const waiting = "finished, and not sent yet";
export const refresherNot = (what) => `A refresher, not the whole ${what}.`;
export const refresherAbout = (count) => `Refresher, about ${minutes(count)}`;
export const refresherBegun = "Refresher; you have begun it";
export const youBeganRefresher = "You have begun the refresher.";
export const beginRefresher = "Begin the refresher";
export const takeWhole = "Take the whole module instead";
export const wholeInstead = (count) => `You may take the whole module instead, about ${minutes(count)}. It renews the same.`;
export const wholeKeeps = (count) => `You may take the whole module instead, about ${minutes(count)}. What you have answered stays answered.`;
export const refresherAsks = (count) => `It asks the safety questions, what you had wrong before, and what has changed for you since you passed: ${many(count, "question", "questions")}.`;
export const about = (what, count) => `${kind[what]}, about ${minutes(count)}. You can stop at any time and go on later.`;
export const afterwards = "Afterwards you can";
export const practise = "Go through it for practice";
export const practiseHint = "Nothing is recorded when you practise.";
export const practising = "This is practice. Nothing is recorded.";
export const keptResult = "It is kept on this phone. Your result comes when there is a signal.";
export const again = "Do it again";

// Cards, questions and what is said of answers.
export const card = (number, of) => `Card ${number} of ${of}`;
export const nextCard = "Next card";
export const cardBefore = "Card before";
export const finish = "Finish";
export const lastCard = "Last card";
export const changed = "Changed since you passed";
export const check = "Check my answer";
export const chooseFirst = "Choose an answer first.";
export const choosePlaces = "Choose an answer first. Each place can be given once.";
export const error = "Error:";
export const right = "Right";
export const notQuite = "Not quite";
export const notThis = "Not this one";
export const moreToFind = "What you chose is right, and there is more to find.";
export const rightPlace = "Right place";
export const otherPlace = (place) => `Not in this place: it belongs in place ${place}`;
export const rightPair = "Right pair";
export const notPair = "Not this pair";
export const notStored = "Your phone has no room to keep this answer. Make some room, and try again.";

export const why = "Why these questions";
export const whyLede = (title, count) => `This is a refresher of “${title}”: ${many(count, "question", "questions")}, chosen for you.`;
export const whyCards = (count, hasChanged) => `You see only the ${count === 1 ? "card" : "cards"} that belong to ${count === 1 ? "it" : "them"}${hasChanged ? ", and what has changed since you passed" : ""}. A pass renews as the whole module does. If you do not pass, no date moves.`;
export const startRefresher = "Start the refresher";

export const notFinished = "Not finished yet";
export const notFinishedHint = "These cards have questions you have not answered. Your other answers are kept.";
export const cardNamed = (number, title) => `Card ${number}: ${title}`;
export const ready = "Ready to finish";
export const readyHint = "You have answered everything. Hand it in: it is kept on this phone, and your result comes when there is a signal.";
export const handIn = "Hand in my answers";
export const practiceOver = "That was the last card";
export const handedIn = "Kept on this phone";
export const toHome = "Go on with your training";

// Stories.
export const said = { safe: "A safe choice", unsafe: "Not a safe choice", critical: "A dangerous choice", none: "What you chose" };
export const saidOf = { safe: "A safe choice.", unsafe: "Not a safe choice.", critical: "A dangerous choice. With one, a story is not passed.", none: "" };
export const storyEnds = "The story ends here.";
export const endsWell = "It ends safely.";
export const endsBadly = "It does not end safely.";
export const whatDoYouDo = "What do you do?";
export const handInStory = "Finish and hand it in";
export const listen = "Listen";
export const youChose = "What you chose";
export const fromTheStart = "Begin the story again";

// Other pages.
export const record = "My record";
export const recordHint = "Your whole record, with certificates, needs a signal. This is what your phone knows.";
export const needsSignal = "This page needs a signal";
export const needsSignalHint = "It is not kept on this phone. Nothing that you did before is lost.";
export const notHere = "This is not on this phone";
export const notHereHint = "It can be opened when there is a signal.";
export const back = "Go back";
export const noRoom = "Your phone refuses to keep anything for this site, so it needs a signal.";
