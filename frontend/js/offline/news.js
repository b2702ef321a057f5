// Tells every open page, and the worker, that something kept has changed.
const channel = "BroadcastChannel" in self ? new BroadcastChannel("training") : null;
const listeners = new Set();

if (channel) channel.onmessage = (event) => hear(event.data);

export function tell(what) {
  channel?.postMessage(what);
  hear(what);
}

export function onNews(listener) {
  listeners.add(listener);
}

function hear(what) {
  for (const listener of listeners) listener(what);
}
