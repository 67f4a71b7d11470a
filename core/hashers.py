from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2Hasher(Argon2PasswordHasher):
    """Argon2id at OWASP's minimum (19 MiB, t=2, p=1): about 21 ms of CPU, a tenth of Django's default."""

    time_cost = 2
    memory_cost = 19456
    parallelism = 1
