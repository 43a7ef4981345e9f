"""Hold what a page says of a study against the register of evidence.

A *mention* is a sentence that refers to research, with up to three sentences of its block that
carry it on. What it names (authors, journal, year, counts, figures, topics) is weighed against the
entries of the register; the rarer a thing is among them, the more it says. Only where one entry
stands out is anything compared, and only what is said outright and is of a kind the entry tells of:
a count with what is counted, a percentage, a length of time, a year, a word from the lists in
``rules/fidelity.yaml``. What is negated is let be.

The words of a page are its tokens: lower case, hyphens gone. Places are token numbers of the whole
page, the end exclusive.

``pages`` finds mentions and the entry that each can only be, ``comparison`` holds the two against
each other, ``entries`` reads the register for it, ``figures`` reads numbers and lengths of time.
"""
