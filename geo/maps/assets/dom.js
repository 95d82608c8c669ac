// Building elements. Text only ever becomes a text node: nothing here, or after, parses markup from data.
const Dom = (() => {
  const SVG = "http://www.w3.org/2000/svg";

  const fill = (node, properties, children) => {
    for (const [name, value] of Object.entries(properties)) {
      if (value == null || value === false) continue;
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (name.startsWith("--")) node.style.setProperty(name, value);
      else if (name === "class") node.setAttribute("class", value);
      else node.setAttribute(name, value === true ? "" : value);
    }
    node.append(...children.filter((child) => child != null && child !== ""));
    return node;
  };

  /** An element; strings among the children become text. `onclick` and the like listen, `--x` sets a CSS variable. */
  const el = (tag, properties = {}, ...children) => fill(document.createElement(tag), properties, children);
  const svg = (tag, properties = {}, ...children) => fill(document.createElementNS(SVG, tag), properties, children);

  /** A name in its own direction, so that a right-to-left name, or a stray override, leaves its neighbours alone. */
  const name = (text, properties = {}) => el("bdi", properties, text);

  /** A link that leaves the page, or null when the address is not on the web (`javascript:`, `file:`, none). */
  const link = (address, text) => {
    let url;
    try { url = new URL(address); } catch { return null; }
    if (url.protocol !== "http:" && url.protocol !== "https:") return null;
    return el("a", { href: url.href, rel: "noopener noreferrer", target: "_blank" }, text || url.hostname);
  };

  /** Lets the keyboard reach what is drawn on the map, and open it. */
  const reachable = (node, text, act) => {
    for (const [key, value] of [["tabindex", "0"], ["role", "button"], ["aria-label", text]]) node.setAttribute(key, value);
    node.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      act();
    });
  };

  const count = (n, one, many = `${one}s`) => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;

  return { el, svg, name, link, reachable, count };
})();
