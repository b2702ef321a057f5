// The part that works without a signal, for whoever is signed in: loaded apart, so that other pages stay light.
const address = document.body.dataset.offline;

export const device = address ? import(address).catch(() => null) : Promise.resolve(null);
