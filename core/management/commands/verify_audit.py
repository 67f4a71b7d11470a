import json
import sys

from django.core.management.base import BaseCommand

from core.domain import audit_chain, audit_guard


class Command(BaseCommand):
    help = "Walks the whole audit chain. Exit code 1 when a link was changed, cut out, re-ordered or cut off."

    def add_arguments(self, parser):
        parser.add_argument("--head", help="A head hash that was printed earlier; with --count.")
        parser.add_argument("--count", type=int, help="The number of links that belonged to --head.")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args, **options):
        known = audit_chain.Head(options["count"], options["head"]) if options["head"] and options["count"] else None
        finding = audit_chain.verify(known=known)
        if options["json"]:
            self.stdout.write(json.dumps({
                "ok": not finding.problems, "count": finding.head.count, "head": finding.head.hash, "unsealed": finding.unsealed,
                "guarded": audit_guard.is_installed(), "problems": finding.problems,
            }))
        else:
            self.stdout.write(f"links: {finding.head.count}\nhead: {finding.head.hash}\nunsealed: {finding.unsealed}")
            self.stdout.write(f"triggers: {'in place' if audit_guard.is_installed() else 'MISSING'}")
            for problem in finding.problems:
                self.stderr.write(problem)
        if finding.problems:
            sys.exit(1)
