// Starts behaviours on a page, and again on any fragment that arrives later.
let behaviours = {};

export function mount(root) {
  const found = [root, ...root.querySelectorAll("[data-module]")].filter((element) => element.dataset?.module);
  for (const element of found) {
    for (const name of element.dataset.module.split(" ")) {
      behaviours[name]?.(element);
    }
  }
}

export function onMount(known, root = document.body) {
  behaviours = known;
  mount(root);
}
