"""The kernel: organisations, people, roles, access, audit, files, jobs, outbox. See README.md."""
