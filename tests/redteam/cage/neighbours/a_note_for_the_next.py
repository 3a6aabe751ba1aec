# claim: The next one finds nothing that this one left.
# held: value == ["note"]
# twice: yes

import os


def attack():
    with open("note", "w") as file:
        file.write("for the next one")
    return os.listdir(".")
