# claim: An object that answers every question is no value.
# held: points == 0


class Any:
    def __getattr__(self, name):
        return self

    def __call__(self, *a):
        return self


def double(z):
    return Any()


def total(z):
    return Any()
