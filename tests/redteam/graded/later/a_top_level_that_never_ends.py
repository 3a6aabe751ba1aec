# claim: A loop at the top level costs its own file alone.
# held: points == 0

while True:
    pass
