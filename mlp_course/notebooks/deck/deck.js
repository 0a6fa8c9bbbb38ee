// One slide at a time. A step shows the picture of a slide, or goes to the next slide.
const sections = [...document.querySelectorAll("section")];
const place = document.getElementById("place");
let at = Math.min(Math.max(Number(location.hash.slice(1)) || 1, 1), sections.length) - 1;

function show(seen) {
  sections.forEach((section, i) => section.classList.toggle("now", i === at));
  const section = sections[at];
  section.classList.toggle("seen", seen);
  history.replaceState(null, "", "#" + (at + 1));
  place.textContent = `${at + 1} / ${sections.length}`;
  fit(section);
}

function isFlat(image) {
  return image && image.naturalWidth > 2.2 * image.naturalHeight;
}

// A flat picture stands below its question, any other one beside it. Letters shrink until all fits.
function fit(section) {
  const flat = isFlat(section.querySelector("img"));
  section.classList.toggle("high", flat);
  section.classList.toggle("wide", !flat);
  const question = section.querySelector(".question");
  shrink(question, (box) => box.scrollHeight > (flat ? 0.55 * innerHeight : box.clientHeight + 1));
  for (const figure of section.querySelectorAll("figure:not(:has(img))")) {
    shrink(figure, (box) => box.scrollHeight > box.clientHeight + 1);
  }
}

function shrink(box, isTooHigh) {
  for (let size = 26; size >= 13; size--) {
    box.style.fontSize = size + "px";
    if (!isTooHigh(box) && box.scrollWidth <= box.clientWidth + 1) return;
  }
}

function step(forward) {
  const section = sections[at];
  const hidden = section.querySelector(".later") && !section.classList.contains("seen");
  if (forward && hidden) return show(true);
  const next = at + (forward ? 1 : -1);
  if (next < 0 || next >= sections.length) return;
  at = next;
  show(!forward);
}

function toggleNotes() {
  document.documentElement.classList.toggle("notes");
}

const keys = {
  ArrowRight: () => step(true), PageDown: () => step(true), " ": () => step(true),
  ArrowLeft: () => step(false), PageUp: () => step(false),
  Home: () => { at = 0; show(false); }, End: () => { at = sections.length - 1; show(false); },
  n: toggleNotes,
  f: () => document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen(),
};

document.documentElement.classList.add("one");
document.addEventListener("keydown", (event) => {
  if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  keys[event.key]();
});
document.querySelector("main").addEventListener("click", (event) => {
  if (!event.target.closest("a, details, aside")) step(true);
});
addEventListener("resize", () => fit(sections[at]));
Promise.all([...document.images].map((image) => image.decode().catch(() => null))).then(() => fit(sections[at]));
show(false);
