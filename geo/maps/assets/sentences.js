// The sentence behind an event, cut where its place is named, so that the name can be marked.
const Sentences = (() => {
  const letter = /[\p{L}\p{N}]/u;

  /** [{text, hit}]: pieces that joined give the sentence again; `hit` where the whole word `mention` stands. */
  const pieces = (sentence, mention) => {
    if (!mention) return [{ text: sentence, hit: false }];
    const found = [];
    let from = 0, look = 0;
    for (;;) {
      const at = sentence.indexOf(mention, look);
      if (at < 0) break;
      const end = at + mention.length;
      look = end;
      if (letter.test(sentence[at - 1] || "") && letter.test(mention[0])) continue;
      if (letter.test(sentence[end] || "") && letter.test(mention[mention.length - 1])) continue;
      if (at > from) found.push({ text: sentence.slice(from, at), hit: false });
      found.push({ text: mention, hit: true });
      from = end;
    }
    if (from < sentence.length) found.push({ text: sentence.slice(from), hit: false });
    return found;
  };

  const quote = (sentence, mention) => Dom.el("blockquote", { dir: "auto" },
    ...pieces(sentence, mention).map(({ text, hit }) => (hit ? Dom.el("mark", {}, text) : text)));

  return { pieces, quote };
})();
