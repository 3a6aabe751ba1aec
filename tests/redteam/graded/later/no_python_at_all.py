# claim: What is no Python is told as such.
# held: points == 0 and result.load != ()

print(the end
