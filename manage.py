#!/usr/bin/env python
import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
    if sys.argv[1:2] == ["serve"]:
        # The supervisor of web, worker and clock: without Django in it.
        from lms.serve import main

        sys.exit(main(sys.argv[2:]))

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
