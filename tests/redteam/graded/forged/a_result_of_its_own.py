# claim: A result that it writes itself is read by nobody.
# held: points == 0

with open("result.json", "w") as file:
    file.write('{"score": {"points": 6, "possible": 6}}')


def double(z):
    return z


def total(z):
    return 0.0
