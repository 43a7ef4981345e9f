"""Read HTML: the prose a visitor of the page sees or hears, and the place of each letter.

The scanner goes forward once. A regular expression takes a whole tag at a time; what it rejects
(stray brackets, tags that never end) goes to slower code that moves forward only, so that the time
is linear in the length of the page whatever stands in it. The tree is never built: a stack of the
open blocks is enough to know the role of a text, and it is read as a browser would read it, end
tags left out and all.
"""

from __future__ import annotations

import re

from kaplint.lazy import lazy
from kaplint.model import Block, Mark, Piece, Prose

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["read"]

# No two neighbouring parts can share out the same characters in many ways, so a rejected tag costs
# one pass over it. A quote opens a value only after an equals sign, as in a browser.
_TAG = lazy(
    r"<(/?)([a-zA-Z][^\s/><\"']*)"
    r"((?:[\s/][^<>\"'=]*(?:=(?:\s*(?:\"[^\"]*\"|'[^']*'))?[^<>\"'=]*)*)?)>"
)
_TAG_NAME = lazy(r"<(/?)([a-zA-Z][^\s/><\"']*)")
_TAG_END = lazy(r"=[ \t\n\r\f]*(?:\"[^\"]*\"|'[^']*')|>")
_ATTRIBUTE = lazy(r"([^\s=>/\"']+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>][^\s>]*)))?")
_COMMENT_END = lazy(r"--!?>")
_FRONT_MATTER = lazy(r"---[ \t]*\r?(?=\n)")
_FRONT_MATTER_END = lazy(r"\n---[ \t]*(?:\r?\n|\Z)")
_TEMPLATE = lazy(r"\{\{|\{%(-?\s*comment\b)?|\{#|<%|<\?")
_END_COMMENT = lazy(r"\{%-?\s*endcomment\s*-?%\}")
_UNSEEN_STYLE = lazy(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)

# What cannot be taken letter for letter: white space to collapse, references, and characters that
# have no width (NUL, SUB, soft hyphen, zero-width space and joiners, a byte order mark). SUB stands
# for a template tag. The space is missing on purpose and looked for apart: a set of rare characters
# at the front lets the engine run over the letters many times faster.
_SPECIAL = lazy(
    "[\t\n\r\f\xa0&\0\x1a\xad\u200b\u200c\u2060\ufeff]"
    "(?:(?<=[\t\n\r\f\xa0])[ \t\n\r\f\xa0]*"
    "|(?<=&)(?:#[0-9]+|#[xX][0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]*);?"
    "|(?<=[\0\x1a\xad\u200b\u200c\u2060\ufeff]))"
)
_SPACES = lazy("[ \xa0]{2,}")
# In an address only this form is a reference: "&copy=1" is a parameter.
_REFERENCE = lazy(r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]*);")
_WITHOUT_WIDTH = frozenset("\0\x1a\xad\u200b\u200c\u2060\ufeff")
_TEMPLATE_TAG = "\x1a"
_WHITE = " \t\n\r\f\xa0"

# The references of ordinary pages. The others cost the import of the standard library's table.
_REFERENCES = {
    "amp;": "&",
    "apos;": "'",
    "bull;": "•",
    "copy;": "©",
    "deg;": "°",
    "eacute;": "é",
    "ge;": "≥",
    "gt;": ">",
    "hellip;": "…",
    "laquo;": "«",
    "ldquo;": "“",
    "le;": "≤",
    "lsquo;": "‘",
    "lt;": "<",
    "mdash;": "—",
    "middot;": "·",
    "nbsp;": "\xa0",
    "ndash;": "–",
    "quot;": '"',
    "raquo;": "»",
    "rarr;": "→",
    "rdquo;": "”",
    "reg;": "®",
    "rsquo;": "’",
    "shy;": "\xad",
    "times;": "×",
    "trade;": "™",
}
_LONGEST_REFERENCE = 32

_names = str.split
# What a tag is to the scanner; a name that is not here is an inline tag and nothing in the prose.
_BLOCK, _BREAK, _SKIP, _LINK, _SUPERSCRIPT, _OBJECT, _META, _TITLE = range(1, 9)
_ROLES = {
    "blockquote": "quote",
    "button": "button",
    "caption": "caption",
    "dd": "list-item",
    "dt": "list-item",
    "figcaption": "caption",
    "h1": "heading",
    "h2": "heading",
    "h3": "heading",
    "h4": "heading",
    "h5": "heading",
    "h6": "heading",
    "label": "label",
    "legend": "label",
    "li": "list-item",
    "optgroup": "option",
    "option": "option",
    "summary": "heading",
    "td": "table-cell",
    "th": "table-cell",
}
# A paragraph inside one of these is a paragraph all the same: their end tag was forgotten.
_NOT_AROUND_PARAGRAPHS = frozenset(("heading", "label", "option"))
_KINDS: dict[str, int] = {
    **dict.fromkeys(_ROLES, _BLOCK),
    **dict.fromkeys(
        _names(
            "address article aside center datalist details dialog dir div dl fieldset figure"
            " footer form header hgroup main menu nav noscript ol p search section select table tbody"
            " tfoot thead tr ul"
        ),
        _BLOCK,
    ),
    **dict.fromkeys(_names("body br frameset head hr html"), _BREAK),
    **dict.fromkeys(
        _names(
            "code iframe kbd math noembed noframes pre samp script style svg template textarea xmp"
        ),
        _SKIP,
    ),
    **dict.fromkeys(_names("audio canvas embed img input object video"), _OBJECT),
    "a": _LINK,
    "sup": _SUPERSCRIPT,
    "meta": _META,
    "title": _TITLE,
}
# Elements without content, and two that pages hide until a script has run.
_VOID = frozenset(
    _names("area base br col embed hr img input link meta param source track wbr body html")
)
_NESTING = frozenset(_names("code kbd math pre samp svg template"))
_UNSEEN = frozenset(("noembed", "noframes", "script", "style", "template"))
_APART = frozenset(("pre", "textarea", "xmp"))
# A start tag of these does not end an open paragraph.
_WITHIN_PARAGRAPHS = frozenset(
    _names("button datalist label legend noscript optgroup option select")
)
_LIST = ("ul", "ol", "menu", "dir", "table")
_ROW_PARTS = ("td", "th")
_TABLE_PARTS = ("td", "th", "tr", "tbody", "thead", "tfoot", "caption")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# An end tag inside one of these does not end a block around it.
_SCOPES = frozenset(("table", "td", "th", "caption"))
# A start tag of the first name ends an open block of the second, unless one of the third is open
# inside that.
_ENDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "dd": (("dt", "dd"), ("dl", "table")),
    "dt": (("dt", "dd"), ("dl", "table")),
    "li": (("li",), _LIST),
    "optgroup": (("optgroup", "option"), ("select", "datalist")),
    "option": (("option",), ("select", "datalist", "optgroup")),
    "caption": (_TABLE_PARTS, ("table",)),
    "tbody": (_TABLE_PARTS, ("table",)),
    "td": (_ROW_PARTS, ("table",)),
    "tfoot": (_TABLE_PARTS, ("table",)),
    "th": (_ROW_PARTS, ("table",)),
    "thead": (_TABLE_PARTS, ("table",)),
    "tr": (("td", "th", "tr", "caption"), ("table",)),
    **dict.fromkeys(_HEADINGS, (_HEADINGS, ("div", "section", "article", "table", "li"))),
}

_ATTRIBUTE_ROLES = {
    "alt": "alt",
    "aria-label": "label",
    "placeholder": "placeholder",
    "title": "tooltip",
}
_BUTTONS = frozenset(("button", "reset", "submit"))
_DESCRIPTIONS = frozenset(
    (
        "description",
        "og:description",
        "og:image:alt",
        "og:title",
        "twitter:description",
        "twitter:image:alt",
        "twitter:title",
    )
)
# How far to look for the end of a template tag (a stray pair of braces could eat half a page).
_LONGEST_TAG = 2_000


def read(source: str) -> Prose:
    """Read the prose of an HTML page."""
    scanner = _Scanner(source)
    scanner.run()
    return scanner.prose()


class _Scanner:
    """One pass over one page."""

    __slots__ = (
        "attributes_seen",
        "block_ends",
        "block_roles",
        "block_starts",
        "dead",
        "ends",
        "hidden",
        "hidden_depth",
        "hidden_height",
        "hidden_name",
        "joint",
        "link",
        "link_height",
        "marks",
        "names",
        "open",
        "original",
        "out",
        "pending",
        "places",
        "rare",
        "role",
        "roles",
        "scopes",
        "size",
        "source",
        "source_ends",
        "source_starts",
        "space",
        "start",
        "starts",
        "superscript",
        "superscript_height",
    )

    def __init__(self, source: str) -> None:
        self.original = source
        self.start = 1 if source.startswith("\ufeff") else 0
        self.source = self._without_templates(source)
        # The special characters of this page: to look for two or three is faster than for all.
        self.rare = [rare for rare in "\t\n\r\f\xa0&" if rare in self.source]
        self.rare += [rare for rare in _WITHOUT_WIDTH if rare in self.source]
        # The prose so far, and its pieces in four parallel lists.
        self.out: list[str] = []
        self.size = 0
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.source_starts: list[int] = []
        self.source_ends: list[int] = []
        self.block_starts: list[int] = []
        self.block_ends: list[int] = []
        self.block_roles: list[str] = []
        self.marks: list[Mark] = []
        # Whether a block is open, and whether white space would be the second in a row.
        self.open = False
        self.space = True
        # Something that is no prose stands here: the words around it must not become one.
        self.joint = False
        # The open block elements, the role inside of each, and where in the stack each name is.
        self.names: list[str] = []
        self.roles: list[str] = []
        self.role = "paragraph"
        self.places: dict[str, list[int]] = {}
        self.scopes: list[int] = []
        # Attribute prose that waits for the end of the block: role, range, whether it is hidden.
        self.pending: list[tuple[str, int, int, bool]] = []
        # Open marks: prose start, source start, value; the height of the stack where they began.
        self.link: tuple[int, int, str] | None = None
        self.link_height = 0
        self.superscript: tuple[int, int] | None = None
        self.superscript_height = 0
        self.hidden: tuple[int, int] | None = None
        self.hidden_height = 0
        self.hidden_name = ""
        self.hidden_depth = 0
        # Names and closing marks that are known not to occur again.
        self.dead: set[str] = set()
        # Attribute texts that hold nothing to read; pages repeat the same few many times.
        self.attributes_seen: set[str] = set()

    # -- before the scan ---------------------------------------------------------------------

    def _without_templates(self, source: str) -> str:
        """Skip front matter and put SUB in place of template tags, so that offsets stay."""
        matter = None
        if source.startswith("---", self.start):
            opening = _FRONT_MATTER.match(source, self.start)
            if opening is not None:
                matter = _FRONT_MATTER_END.search(source, opening.end())
            if matter is not None:
                self.start = matter.end()
        braces = matter is not None or "%>" in source or ("{" in source and "{%" in source)
        if not braces and "<?" not in source:
            return source
        parts: list[str] = []
        done = 0
        at = self.start
        dead: set[str] = set()
        while (tag := _TEMPLATE.search(source, at)) is not None:
            at = tag.end()
            end = _template_end(source, tag, braces=braces, dead=dead)
            if end < 0:
                continue
            parts.append(source[done : tag.start()])
            parts.append(_TEMPLATE_TAG * (end - tag.start()))
            done = at = end
        parts.append(source[done:])
        return "".join(parts)

    # -- the scan ----------------------------------------------------------------------------

    def run(self) -> None:
        """Scan the page."""
        source = self.source
        find = source.find
        match = _TAG.match
        kinds = _KINDS
        last = source.rfind(">")
        at = seek = self.start
        while True:
            here = find("<", seek)
            if here < 0 or here > last:
                # Without a closing bracket nothing is a tag, but a comment may hide the rest.
                here = source.find("<!--", max(seek, last)) if here >= 0 else -1
                self._text(at, here if here >= 0 else len(source))
                if here >= 0:
                    self._comment(here)
                break
            tag = match(source, here)
            if tag is not None:
                slash, name, attributes = tag.groups()
                end = tag.end()
                inside = tag.start(3)
            else:
                end = self._other(here, at)
                if end > 0:
                    at = seek = end
                    continue
                odd = self._odd_tag(here)
                if odd is None:
                    seek = here + 1
                    continue
                slash, name, inside, end = odd
                attributes = source[inside : end - 1]
            # Most text between two tags is the white space of the markup.
            if here > at and (self.open or not source[at:here].isspace()):
                self._text(at, here)
            at = end
            kind = kinds.get(name)
            if kind is None:
                name = name.lower()
                kind = kinds.get(name)
            if slash:
                self._end_tag(name, kind, end)
            elif kind is not None or attributes or self.hidden_depth:
                at = self._start_tag(name, kind, attributes, (here, inside, end))
            seek = at
        self._end_block()
        self._close_link(len(source))
        self._close_superscript(len(source))
        self._close_hidden(len(source))

    def _odd_tag(self, here: int) -> tuple[str, str, int, int] | None:
        """Read a tag out of the ordinary: its slash, its name, and where name and tag end."""
        source = self.source
        found = _TAG_NAME.match(source, here)
        if found is None:
            return None
        inside = found.end()
        end = 0
        if "unquoted >" not in self.dead:
            end = _tag_end(source, inside)
            if not end:
                # No bracket outside of quotes is left: from here on the next one has to do.
                self.dead.add("unquoted >")
        return found[1], found[2], inside, end or source.find(">", inside) + 1

    def _other(self, here: int, at: int) -> int:
        """Read a comment or another declaration at ``here``; return its end, or 0."""
        source = self.source
        following = source[here + 1 : here + 2]
        if following == "!":
            if source.startswith("<!--", here):
                self._text(at, here)
                return self._comment(here)
            if source.startswith("<![CDATA[", here) and "]]>" not in self.dead:
                end = source.find("]]>", here)
                if end >= 0:
                    self._text(at, here)
                    return end + 3
                self.dead.add("]]>")
        elif following == "/":
            if source[here + 2 : here + 3].isalpha():
                return 0
        elif following != "?":
            return 0
        self._text(at, here)
        return source.find(">", here) + 1

    def _comment(self, here: int) -> int:
        """Mark the comment at ``here`` and return its end; without one it goes to the end."""
        source = self.source
        if source.startswith(("<!-->", "<!--->"), here):
            start = end = source.find(">", here) + 1
            stop = start
        else:
            closing = _COMMENT_END.search(source, here + 4)
            start = here + 4
            stop, end = closing.span() if closing is not None else (len(source), len(source))
        value = self.original[start:stop]
        self.marks.append(Mark("comment", self.size, self.size, here, end, value))
        return end

    def _start_tag(
        self, name: str, kind: int | None, attributes: str, place: tuple[int, int, int]
    ) -> int:
        """Act on a start tag; return where the scan goes on.

        The place is where the tag begins, where its name ends, and where it ends.
        """
        here, inside, end = place
        if kind == _META:
            self._meta(attributes, inside)
            return end
        if kind == _BLOCK:
            self._open_block(name, here)
        elif kind == _BREAK:
            self._end_block()
        values: dict[str, tuple[int, int]] = {}
        hidden = False
        if attributes and (kind == _LINK or attributes not in self.attributes_seen):
            values = _attributes(attributes, inside)
            hidden = kind != _BREAK and self._is_hidden(values)
            telling = self._collect(name, values, hidden=hidden or self.hidden is not None)
            if not hidden and not telling and kind != _BREAK:
                self.attributes_seen.add(attributes)
        if hidden and self.hidden is None:
            self._hide(name, kind, here)
        elif self.hidden_depth and name == self.hidden_name:
            self.hidden_depth += 1
        if kind == _LINK:
            self._close_link(here)
            if "href" in values:
                self.link = (self.size, here, self._value(*values["href"]))
                self.link_height = len(self.names)
        elif kind == _SUPERSCRIPT:
            self._close_superscript(here)
            self.superscript = (self.size, here)
            self.superscript_height = len(self.names)
            self.joint = True
        elif kind == _OBJECT:
            self.joint = True
        elif kind == _SKIP:
            return self._skip(name, attributes, end)
        elif kind == _TITLE:
            return self._title(end)
        return end

    def _hide(self, name: str, kind: int | None, here: int) -> None:
        """Begin a stretch that is not shown, up to the end of an element."""
        if name in _VOID or kind == _SKIP:
            return
        self.hidden = (self.size, here)
        self.hidden_height = len(self.names)
        # The stack knows where a block ends; of inline tags the nested ones are counted.
        self.hidden_name = "" if kind == _BLOCK else name
        self.hidden_depth = 0 if kind == _BLOCK else 1

    def _end_tag(self, name: str, kind: int | None, end: int) -> None:
        """Act on an end tag."""
        if self.hidden_depth and name == self.hidden_name:
            self.hidden_depth -= 1
            if not self.hidden_depth:
                self._close_hidden(end)
        if kind == _BLOCK:
            self._end_block()
            self._close_block(name, end)
        elif kind == _LINK:
            self._close_link(end)
        elif kind == _SUPERSCRIPT:
            self._close_superscript(end)
        elif kind == _BREAK or name in _APART:
            self._end_block()
        elif kind == _OBJECT:
            self.joint = True

    # -- the stack of blocks -----------------------------------------------------------------

    def _open_block(self, name: str, here: int) -> None:
        self._end_block()
        places = self.places
        if name in _ENDS:
            targets, barriers = _ENDS[name]
            self._end_open(targets, barriers, here)
        if name not in _WITHIN_PARAGRAPHS and places.get("p"):
            self._end_open(("p",), ("button", "table", "td", "th", "caption"), here)
        height = len(self.names)
        role = _ROLES.get(name)
        if role is None:
            role = self.role
            if name == "p" and role in _NOT_AROUND_PARAGRAPHS:
                role = "paragraph"
        self.names.append(name)
        self.roles.append(role)
        self.role = role
        here_too = places.get(name)
        if here_too is None:
            places[name] = [height]
        else:
            here_too.append(height)
        if name in _SCOPES:
            self.scopes.append(height)

    def _end_open(self, targets: Iterable[str], barriers: Iterable[str], here: int) -> None:
        """End the open blocks of the target names that no barrier stands in the way of."""
        places = self.places
        found = [places[name][-1] for name in targets if places.get(name)]
        if found:
            barrier = max((places[name][-1] for name in barriers if places.get(name)), default=-1)
            lowest = min((place for place in found if place > barrier), default=-1)
            if lowest >= 0:
                self._pop(lowest, here)

    def _close_block(self, name: str, end: int) -> None:
        """End the innermost open block of a name, if a browser would."""
        found = self.places.get(name)
        if not found and name in _HEADINGS:
            # A heading ends at the end tag of any heading.
            open_headings = [self.places[other] for other in _HEADINGS if self.places.get(other)]
            found = max(open_headings, key=lambda places: places[-1], default=None)
        if not found:
            return
        if name in _TABLE_PARTS:
            tables = self.places.get("table")
            barrier = tables[-1] if tables else -1
        else:
            barrier = self.scopes[-1] if self.scopes and name != "table" else -1
        if found[-1] > barrier:
            self._pop(found[-1], end)

    def _pop(self, height: int, here: int) -> None:
        """End every block from a height of the stack on, and the marks that began inside."""
        if self.link is not None and height < self.link_height:
            self._close_link(here)
        if self.superscript is not None and height < self.superscript_height:
            self._close_superscript(here)
        if self.hidden is not None and height < self.hidden_height:
            self._close_hidden(here)
        names = self.names
        places = self.places
        while len(names) > height:
            places[names.pop()].pop()
        del self.roles[height:]
        self.role = self.roles[-1] if self.roles else "paragraph"
        while self.scopes and self.scopes[-1] >= height:
            self.scopes.pop()

    # -- what is skipped ---------------------------------------------------------------------

    def _skip(self, name: str, attributes: str, end: int) -> int:
        """Pass over an element that holds no prose; return where its end tag stands.

        An element without an end tag is read as prose: to lose the rest of the page would be
        worse. Only scripts and styles go to the end of the page, as in a browser.
        """
        if name in _APART:
            self._end_block()
        elif name not in _UNSEEN:
            self.joint = True
        if name in ("svg", "math") and attributes.endswith("/"):
            return end
        if name in self.dead:
            return end
        find = self._nested_end if name in _NESTING else self._end_of
        stop = find(name, end)
        if stop >= 0:
            return stop
        self.dead.add(name)
        return len(self.source) if name in ("script", "style") else end

    def _end_of(self, name: str, at: int) -> int:
        """Return where the next end tag of a name stands, or -1."""
        source = self.source
        size = len(name)
        while True:
            at = source.find("</", at)
            if at < 0:
                return -1
            stop = at + 2 + size
            if source[at + 2 : stop].lower() == name and source[stop : stop + 1] in "/> \t\n\r\f":
                return at
            at += 2

    def _nested_end(self, name: str, at: int) -> int:
        """Return where the end tag of an element stands that may hold others of its name.

        Where the tags do not add up, the first end tag is taken, from then on at once.
        """
        source = self.source
        if f"nested {name}" not in self.dead:
            depth = 1
            for tag in re.compile(rf"<(/?){name}(?=[\s/>])", re.IGNORECASE).finditer(source, at):
                if tag[1]:
                    depth -= 1
                    if not depth:
                        return tag.start()
                else:
                    # An element that ends itself opens nothing.
                    close = source.find(">", tag.end(), tag.end() + _LONGEST_TAG)
                    depth += close < 0 or source[close - 1] != "/"
            self.dead.add(f"nested {name}")
        return self._end_of(name, at)

    def _title(self, end: int) -> int:
        """Read the title of the page, in which no tag is a tag; return where it ends."""
        stop = -1 if "title" in self.dead else self._end_of("title", end)
        if stop < 0:
            self.dead.add("title")
            stop = self.source.find("<", end)
            if stop < 0:
                stop = len(self.source)
        self._end_block()
        self._apart("title", end, stop)
        return stop

    # -- attributes --------------------------------------------------------------------------

    def _is_hidden(self, values: dict[str, tuple[int, int]]) -> bool:
        """Tell whether an element says that it is not shown."""
        if "hidden" in values:
            return True
        if "style" not in values:
            return False
        start, end = values["style"]
        return _UNSEEN_STYLE.search(self.source, start, end) is not None

    def _collect(self, name: str, values: dict[str, tuple[int, int]], *, hidden: bool) -> bool:
        """Remember the prose of attributes; tell whether there was any, or might be elsewhere."""
        pending = self.pending
        size = len(pending)
        for attribute, (start, end) in values.items():
            role = _ATTRIBUTE_ROLES.get(attribute)
            if role is None:
                if attribute == "value" and name == "input":
                    kind = self._value(*values.get("type", (0, 0))).lower()
                    if kind not in _BUTTONS:
                        continue
                    role = "button"
                elif attribute == "label" and name in ("optgroup", "option"):
                    role = "option"
                else:
                    continue
            elif name == "link" or name in _UNSEEN:
                continue
            if start < end:
                pending.append((role, start, end, hidden))
        # What an attribute means may hang on the element: such texts are read every time.
        return len(pending) > size or "value" in values or "label" in values or "title" in values

    def _meta(self, attributes: str, inside: int) -> None:
        values = _attributes(attributes, inside)
        if "content" not in values:
            return
        for attribute in ("name", "property", "itemprop"):
            if attribute in values:
                start, end = values[attribute]
                if self.source[start:end].strip().lower() in _DESCRIPTIONS:
                    self._end_block()
                    self._apart("meta", *values["content"])
                    return

    def _value(self, start: int, end: int) -> str:
        """Return the value of an attribute."""
        value = self.original[start:end].strip()
        return _REFERENCE.sub(_replacement, value) if "&" in value else value

    # -- prose -------------------------------------------------------------------------------

    def _apart(self, role: str, start: int, end: int) -> None:
        """Read a stretch of source as a block of its own."""
        outer, self.role = self.role, role
        self._text(start, end)
        self.role = outer
        self._end_block()

    def _end_block(self) -> None:
        """End the open block, and write the attribute prose that waited for its end."""
        if self.open:
            if self.space:
                self._trim()
            self.block_ends.append(self.size)
            self.open = False
            self.space = True
        self.joint = False
        if self.pending:
            pending, self.pending = self.pending, []
            for role, start, end, hidden in pending:
                before = self.size
                self._apart(role, start, end)
                if hidden and self.hidden is None and self.size > before:
                    self.marks.append(Mark("hidden", before, self.size, start, end, ""))

    def _trim(self) -> None:
        """Take back the white space at the end of a block."""
        self.out[-1] = self.out[-1][:-1]
        self.size -= 1
        if self.ends[-1] > self.size:
            if self.starts[-1] == self.size:
                self.starts.pop()
                self.ends.pop()
                self.source_starts.pop()
                self.source_ends.pop()
            else:
                self.ends[-1] -= 1
                self.source_ends[-1] -= 1

    def _begin(self, first: str) -> None:
        """Make ready for a character that is no white space: begin a block, keep words apart."""
        if not self.open:
            if self.size:
                self.out.append("\n")
                self.size += 1
            self.block_starts.append(self.size)
            self.block_roles.append(self.role)
            self.open = True
        elif self.joint and not self.space and first.isalnum():
            before = self.out[-1][-1]
            # "1<sup>st</sup>" is one word, "patients<sup>1</sup>" is not.
            ordinal = self.superscript is not None and before.isdigit() and first.isalpha()
            if before.isalnum() and not ordinal:
                self.out.append(" ")
                self.size += 1
                if self.superscript is not None and self.superscript[0] == self.size - 1:
                    self.superscript = (self.size, self.superscript[1])
        self.joint = False

    def _text(self, start: int, end: int) -> None:
        """Read a stretch of source that holds no tag."""
        source = self.source
        for rare in self.rare:
            if source.find(rare, start, end) >= 0:
                break
        else:
            if start < end:
                self._letters(start, end)
            return
        at = start
        for special in _SPECIAL.finditer(source, start, end):
            here, stop = special.span()
            first = source[here]
            if first == "&":
                value, stop = _reference(source, here, stop)
                if stop == here:
                    continue
                if here > at:
                    self._letters(at, here)
                self._referred(value, here, stop)
            elif first in _WHITE:
                if here > at and source[here - 1] == " ":
                    here = at + len(source[at:here].rstrip(" "))
                elif stop - here == 1 and first == "\xa0":
                    continue
                if here > at:
                    self._letters(at, here)
                self._white(here, stop)
            else:
                if here > at:
                    self._letters(at, here)
                if first == _TEMPLATE_TAG:
                    self.joint = True
            at = stop
        if at < end:
            self._letters(at, end)

    def _white(self, start: int, end: int) -> None:
        """Collapse a run of white space."""
        if self.space:
            return
        self.out.append(" ")
        # A piece of equal length would promise the same letter: a lone line end gets none.
        if end - start > 1:
            self._piece(1, start, end)
        else:
            self.size += 1
        self.space = True

    def _referred(self, value: str, start: int, end: int) -> None:
        """Write what a character reference stands for."""
        if not value or value in _WITHOUT_WIDTH:
            return
        if value not in _WHITE:
            self._begin(value[0])
            self.space = False
        elif self.space:
            return
        else:
            # Only a no-break space stays what it is.
            value = value if value == "\xa0" else " "
            self.space = True
        self.out.append(value)
        self._piece(len(value), start, end)

    def _letters(self, start: int, end: int) -> None:
        """Read a stretch of source letter for letter, but for spaces that follow a space."""
        source = self.source
        if source.find("  ", start, end) >= 0:
            for spaces in _SPACES.finditer(source, start, end):
                here, stop = spaces.span()
                if here > start:
                    self._letters(start, here)
                self._white(here, stop)
                start = stop
            if start == end:
                return
        if self.space:
            if source[start] in " \xa0":
                start += 1
                if start == end:
                    return
        elif source[start] in " \xa0":
            self.joint = False
        if not self.open or self.joint:
            self._begin(source[start])
        self.out.append(source[start:end])
        self.space = source[end - 1] in " \xa0"
        size = self.size
        ends = self.ends
        self.size = size + end - start
        if (
            ends
            and ends[-1] == size
            and self.source_ends[-1] == start
            and size - self.starts[-1] == start - self.source_starts[-1]
        ):
            ends[-1] = self.size
            self.source_ends[-1] = end
            return
        self.starts.append(size)
        ends.append(self.size)
        self.source_starts.append(start)
        self.source_ends.append(end)

    def _piece(self, length: int, start: int, end: int) -> None:
        self.starts.append(self.size)
        self.size += length
        self.ends.append(self.size)
        self.source_starts.append(start)
        self.source_ends.append(end)

    # -- marks -------------------------------------------------------------------------------

    def _close_link(self, here: int) -> None:
        if self.link is not None:
            start, source_start, value = self.link
            self.marks.append(Mark("link", start, self.size, source_start, here, value))
            self.link = None

    def _close_superscript(self, here: int) -> None:
        if self.superscript is not None:
            start, source_start = self.superscript
            self.marks.append(Mark("superscript", start, self.size, source_start, here, ""))
            self.superscript = None
            self.joint = True

    def _close_hidden(self, here: int) -> None:
        if self.hidden is not None:
            start, source_start = self.hidden
            self.marks.append(Mark("hidden", start, self.size, source_start, here, ""))
            self.hidden = None
            self.hidden_name = ""
            self.hidden_depth = 0

    def prose(self) -> Prose:
        """Return what was read."""
        text = "".join(self.out)
        marks = [_tightened(mark, text) for mark in self.marks]
        marks.sort(key=lambda mark: mark.source_start)
        return Prose(
            text,
            tuple(map(Piece, self.starts, self.ends, self.source_starts, self.source_ends)),
            tuple(map(Block, self.block_starts, self.block_ends, self.block_roles)),
            tuple(marks),
        )


def _template_end(source: str, opening: re.Match[str], *, braces: bool, dead: set[str]) -> int:
    """Return where a template tag ends, or -1 where it is none."""
    start, at = opening.span()
    mark = source[start : start + 2]
    if mark[0] == "{":
        if not braces:
            return -1
        if opening[1] is not None and "endcomment" not in dead:
            closing = _END_COMMENT.search(source, at)
            if closing is not None:
                return closing.end()
            dead.add("endcomment")
        closer = {"{{": "}}", "{%": "%}", "{#": "#}"}[mark]
        end = source.find(closer, at, at + _LONGEST_TAG) + 2
        # A brace in a script or a style sheet must not swallow the tag that ends it.
        if end < at or "</" in source[at:end]:
            return -1
        return end + 1 if source.startswith("{{{", start) and source.startswith("}", end) else end
    closer = mark[1] + ">"
    if closer not in dead:
        end = source.find(closer, at) + 2
        if end >= at:
            return end
        dead.add(closer)
    # PHP may leave out its last end mark.
    return len(source) if source.startswith(("<?php", "<?="), start) else -1


def _tag_end(source: str, at: int) -> int:
    """Return the end of a tag whose name ends at ``at``, or 0. Values in quotes are passed over."""
    for found in _TAG_END.finditer(source, at):
        if found[0] == ">":
            return found.end()
    return 0


def _attributes(attributes: str, inside: int) -> dict[str, tuple[int, int]]:
    """Return the range of each attribute's value; the first of a name counts."""
    values: dict[str, tuple[int, int]] = {}
    for found in _ATTRIBUTE.finditer(attributes):
        name = found[1].lower()
        if name not in values:
            start, end = found.span(found.lastindex or 0)
            values[name] = (0, 0) if found.lastindex == 1 else (inside + start, inside + end)
    return values


def _reference(source: str, here: int, stop: int) -> tuple[str, int]:
    """Return what a character reference stands for and where it ends: ``here`` if it is none."""
    name = source[here + 1 : stop]
    value = _REFERENCES.get(name)
    if value is not None:
        return value, stop
    if name[0] == "#":
        return _character(name), stop
    from html.entities import html5

    for size in range(min(len(name), _LONGEST_REFERENCE), 1, -1):
        value = html5.get(name[:size])
        if value is not None:
            return value, here + 1 + size
    return "", here


def _replacement(reference: re.Match[str]) -> str:
    text = reference[0]
    value, stop = _reference(text, 0, len(text))
    return value + text[stop:]


def _character(name: str) -> str:
    """Return the character of a number, read as a browser reads it."""
    digits = name[1:].rstrip(";")
    if digits[0] in "xX":
        digits, base = digits[1:].lstrip("0"), 16
    else:
        digits, base = digits.lstrip("0"), 10
    if not digits or len(digits) > 7:
        return "\ufffd"
    number = int(digits, base)
    if 0x20 <= number < 0x7F or 0xA0 <= number < 0xD800:
        return chr(number)
    from html import unescape

    return unescape(f"&#{number};")


def _tightened(mark: Mark, text: str) -> Mark:
    """Return a mark whose range neither begins nor ends with white space."""
    # White space taken back from the end of a block may leave a mark a character too far right.
    end = min(mark.end, len(text))
    start = min(mark.start, end)
    while start < end and text[start] in " \n\xa0":
        start += 1
    while end > start and text[end - 1] in " \n\xa0":
        end -= 1
    if start == mark.start and end == mark.end:
        return mark
    return Mark(mark.kind, start, end, mark.source_start, mark.source_end, mark.value)
