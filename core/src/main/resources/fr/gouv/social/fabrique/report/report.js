"use strict";
(() => {
  const form = document.getElementById("filters");
  const articles = [...document.querySelectorAll("article")];
  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let each = target; each; each = each.parentElement) if (each.tagName === "DETAILS") each.open = true;
    if (target.tagName === "ARTICLE") {
      if (target.hidden) { form.reset(); filter(); }
      target.querySelector("details").open = true;
    }
    // What is passed over on the way gets its true height only then: look again until the place stands still.
    let left = 10, before;
    const settle = () => {
      target.scrollIntoView();
      const top = scrollY;
      if (top !== before && left-- > 0) requestAnimationFrame(settle);
      before = top;
    };
    settle();
  };
  const folded = [];
  addEventListener("beforeprint", () => {
    for (const each of document.querySelectorAll("details:not([open], td details)")) { each.open = true; folded.push(each); }
  });
  addEventListener("afterprint", () => { for (const each of folded.splice(0)) each.open = false; });
  if (!form) { addEventListener("hashchange", reveal); reveal(); return; }

  const files = articles.map((each) => each.closest(".file").dataset.file);
  const parents = articles.map((each) => [each.parentElement, each.closest(".file")]);
  const groups = [...new Set(parents.flat())];
  const result = document.getElementById("result");
  const none = document.getElementById("none");
  const fold = document.getElementById("fold");
  const normal = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  let texts;

  function filter() {
    const data = new FormData(form);
    const allowed = ["severity", "page", "environment"].map((name) => [name, new Set(data.getAll(name))]).filter(([, set]) => set.size);
    const rule = data.get("rule"), file = data.get("file");
    const words = normal(data.get("q").trim()).split(/\s+/).filter(Boolean);
    if (words.length && !texts) {
      texts = articles.map((each, i) => normal(each.textContent + " " + parents[i][1].firstElementChild.textContent + " " + parents[i][0].firstElementChild.textContent));
    }
    const shown = new Set();
    let count = 0;
    articles.forEach((each, i) => {
      const hit = allowed.every(([name, set]) => set.has(each.dataset[name])) && (!rule || each.dataset.rule === rule) &&
        (!file || files[i] === file) && words.every((word) => texts[i].includes(word));
      if (each.hidden === hit) each.hidden = !hit;
      if (hit) { count++; shown.add(parents[i][0]).add(parents[i][1]); }
    });
    for (const each of groups) if (each.hidden === shown.has(each)) each.hidden = !shown.has(each);
    none.hidden = count > 0;
    const all = count === articles.length;
    result.textContent = (!all ? result.dataset.some : count === 1 ? result.dataset.one : result.dataset.all).replace("{n}", count).replace("{m}", articles.length);
    return data;
  }
  const remember = () => {
    const state = new URLSearchParams([...filter()].filter(([, value]) => value));
    history.replaceState(null, "", state.size ? "#?" + state : location.pathname + location.search);
  };
  const restore = () => {
    form.reset();
    for (const [name, value] of new URLSearchParams(location.hash.slice(2))) {
      const field = form.elements[name];
      if (!field) continue;
      const boxes = field.length !== undefined && field.tagName !== "SELECT" ? [...field] : [field];
      if (boxes[0].type === "checkbox") for (const box of boxes) box.checked ||= box.value === value;
      else field.value = value;
    }
    filter();
  };
  const follow = () => { if (location.hash.startsWith("#?")) restore(); else { filter(); reveal(); } };
  const only = (name, value) => (event) => {
    event.preventDefault();
    form.reset();
    for (const field of form.querySelectorAll(`[name="${name}"]`)) {
      if (field.type === "checkbox") field.checked = field.value === value; else field.value = value;
    }
    remember();
    const title = document.getElementById("findings-title");
    title.tabIndex = -1;
    title.focus();
    title.scrollIntoView();
  };
  for (const link of document.querySelectorAll("[data-only]")) link.addEventListener("click", only("severity", link.dataset.only));
  for (const link of document.querySelectorAll("[data-rule-only]")) link.addEventListener("click", only("rule", link.dataset.ruleOnly));

  let later;
  form.addEventListener("input", (event) => {
    clearTimeout(later);
    later = setTimeout(remember, event.target.type === "search" ? 120 : 0);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(remember));
  let open = !!document.querySelector("details.code[open]");
  const name = () => { fold.textContent = open ? fold.dataset.close : fold.dataset.open; };
  fold.addEventListener("click", () => {
    open = !open;
    for (const each of document.querySelectorAll("details.code")) each.open = open;
    name();
  });
  name();
  form.hidden = false;
  addEventListener("hashchange", follow);
  follow();
})();
