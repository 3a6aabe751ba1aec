# claim: So does one that takes all memory.
# held: points == 0

hoard = []
while True:
    hoard.append(bytes(8 << 20))
