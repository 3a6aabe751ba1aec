# claim: Markdown with an iframe runs nothing.
# held: harmless(value)

from autograder.nbgrader.markup import page_of


def attack(room):
    return page_of('<iframe srcdoc="<script>alert(1)</script>"></iframe>').html
