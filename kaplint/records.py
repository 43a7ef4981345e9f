"""Slotted dataclasses that are cheap to define.

``dataclasses`` imports ``inspect`` and compiles six functions for each class: a third of the time
that linting one page takes. What is here behaves as ``dataclass(slots=True)`` does, frozen
or not; type checkers take it for that, and ``dataclasses.fields``, ``asdict`` and ``replace`` accept it; it
compiles one function a class.
"""

from __future__ import annotations

__all__ = ["dataclass", "field", "replace"]

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from dataclasses import dataclass, field, replace
else:

    class _Field:
        __slots__ = ("compare", "default_factory", "repr")

        def __init__(self, default_factory, repr, compare):  # noqa: A002 (as dataclasses names it)
            self.default_factory = default_factory
            self.repr = repr
            self.compare = compare

    def field(*, default_factory, repr=True, compare=True):  # noqa: A002
        """Say how a field gets its default, and whether it is shown and compared."""
        return _Field(default_factory, repr, compare)

    def replace(record, **changes):
        """Return a copy of a record with some fields changed."""
        values = {name: getattr(record, name) for name in record.__slots__}
        return type(record)(**(values | changes))

    class _Fields:
        """Makes the fields that ``dataclasses`` looks for when it looks for them."""

        def __get__(self, record, owner):
            from dataclasses import make_dataclass

            return make_dataclass(owner.__name__, owner.__slots__).__dataclass_fields__

    def _frozen(self, name, *_value):
        message = f"cannot change {type(self).__name__}.{name}: it is frozen"
        raise AttributeError(message)

    def _repr(self):
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._shown)
        return f"{type(self).__name__}({shown})"

    def _eq(self, other):
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, n) == getattr(other, n) for n in self._compared)

    def _hash(self):
        return hash(tuple([getattr(self, name) for name in self._compared]))

    def _reduce(self):
        return type(self), tuple([getattr(self, name) for name in self.__slots__])

    def dataclass(*, slots, frozen=False):
        """Make a class a record: see the module."""
        if not slots:
            message = "records are slotted"
            raise TypeError(message)
        return _frozen_record if frozen else _record

    def _frozen_record(cls):
        return _record(cls, {"__setattr__": _frozen, "__delattr__": _frozen, "__hash__": _hash})

    def _record(cls, more=None):
        names = tuple(cls.__annotations__)
        namespace = {
            name: value
            for name, value in cls.__dict__.items()
            if name not in names and name not in ("__dict__", "__weakref__")
        }
        fields = {n: v for n in names if isinstance(v := cls.__dict__.get(n), _Field)}
        namespace |= {
            "__slots__": names,
            "__match_args__": names,
            "_shown": tuple(n for n in names if n not in fields or fields[n].repr),
            "_compared": tuple(n for n in names if n not in fields or fields[n].compare),
            "__repr__": _repr,
            "__eq__": _eq,
            "__hash__": None,
            "__reduce__": _reduce,
            "__dataclass_fields__": _Fields(),
        } | (more or {})
        made = type(cls)(cls.__name__, cls.__bases__, namespace)
        known = {"_missing": _Fields}
        arguments, lines = [], []
        for name in names:
            known[f"_set_{name}"] = made.__dict__[name].__set__
            value = name
            if name in fields:
                known[f"_make_{name}"] = fields[name].default_factory
                arguments.append(f"{name}=_missing")
                value = f"_make_{name}() if {name} is _missing else {name}"
            elif name in cls.__dict__:
                known[f"_default_{name}"] = cls.__dict__[name]
                arguments.append(f"{name}=_default_{name}")
            else:
                arguments.append(name)
            lines.append(f"    _set_{name}(self, {value})")
        source = f"def __init__(self, {', '.join(arguments)}):\n" + "\n".join(lines)
        exec(source, known)  # noqa: S102 (the names of fields, as dataclasses does)
        made.__init__ = known["__init__"]
        return made
