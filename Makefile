# Two commands are enough: `make run` to try Jobbspår out, `make test` to know that it works.
# ARGS is passed on: make run ARGS="--port 9000", make test ARGS="tests/reporting -x".

# Compiled Python is kept, whatever the machine's habit: each test session, worker and command begins sooner.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-deep setup reset lock

setup:
	@scripts/setup

run: setup
	@.venv/bin/python manage.py run $(ARGS)

test:
	@scripts/setup tests
	@.venv/bin/python -m pytest -n 2 $(ARGS)

test-deep:
	@scripts/setup tests
	@.venv/bin/python -m pytest -n 2 -m "deep and (browser or beside)" $(ARGS) || [ $$? -eq 5 ]
	@.venv/bin/python -m pytest -n 2 --dist loadfile -m "deep and not browser and not beside" $(ARGS) || [ $$? -eq 5 ]

reset: setup
	@.venv/bin/python manage.py reset $(ARGS)

lock:
	@scripts/lock
