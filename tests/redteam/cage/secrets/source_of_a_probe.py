# claim: The text of a hidden probe is nowhere to be found.
# held: value == []

import gc
import linecache


def attack():
    marked = "h1dden-" + "pr0be"
    found = [text for text in gc.get_objects() if isinstance(text, str) and marked in text]
    for lines in linecache.cache.values():
        found += [line for line in lines[2] if marked in line] if len(lines) > 2 else []
    return found
