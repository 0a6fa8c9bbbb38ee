"""Which graded questions test an item: the place to fill in when a question is written."""

#: Graded questions by the id of an item. An empty entry: its books are written, and none of their
#: questions asks for it, so points cannot tick it. An item that is not here is judged by the whole
#: of its books.
QUESTIONS: dict[str, tuple[str, ...]] = {
    "c06": ("q06_3",),  # which description survives a turn?
    "c08": ("q05_2",),  # what was demanded
    "c09": ("q03_5",),  # the plan for methanol on copper
    "c10": (),
    "c11": ("q05_5",),  # what a nanosecond costs
    "c13": ("q06_5",),  # the descriptors compared
    "p02": ("q03_5",),
    "p03": ("q03_5",),
    "p04": ("q03_5",),
    "p05": (),
    "p06": ("q05_3",),  # a loss weight from two plots
    "p07": ("q03_3", "q12_4"),  # a split that does not leak; an honest split
    "p09": ("q05_1", "q05_2"),  # three errors by hand
    "p10": ("q05_1",),
    "p11": ("q05_4", "q12_5"),  # decide from the report; where nobody has been
    "p12": (),
    "p13": ("q05_2", "q12_1"),  # which test first?
    "p15": ("q11_1", "q11_2", "q11_4"),  # a table; the error that shrank; five sets
    "p16": (),
    "a04": ("q03_5",),
    "a07": ("q12_5",),
    "a10": ("q12_5",),
}
