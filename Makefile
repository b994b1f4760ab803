# What a checkout can do. Everything happens in the virtual environment $(VENV); nothing else is touched.
VENV ?= .venv
PY := $(VENV)/bin/python
# `make test ARGS="-k wiring"` hands arguments to pytest.
ARGS ?=

.PHONY: run test test-long check bench canvas clean

run: $(VENV)/.with-gallery
	@$(VENV)/bin/weftwork $(if $(NO_BROWSER),--no-browser) $(if $(PORT),--port $(PORT))

# Browsers by themselves: they wait more than they reckon. An empty part (`ARGS="-k …"` chose nothing in it) is no failure.
test: $(VENV)/.with-test
	@$(PY) tests/chromium.py
	@$(PY) -m pytest -m "not long and not browser" -n 2 --dist loadfile --no-loadscope-reorder $(ARGS) || test $$? -eq 5
	@$(PY) -m pytest -m "not long and browser" -n 2 --dist loadfile --no-loadscope-reorder $(ARGS) || test $$? -eq 5

test-long: $(VENV)/.with-dev
	@$(PY) tests/chromium.py
	@$(PY) -m pytest -m long -n 2 --dist load --long-results=tests/long-results.md $(ARGS)

check: $(VENV)/.with-dev
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m pyright --pythonpath $(PY)
	@$(PY) editor/canvas/build.py --check

bench: $(VENV)/.with-test
	@$(PY) tests/chromium.py
	@$(PY) -m tests.bench $(ARGS)

canvas: $(VENV)/.with-dev
	@$(PY) editor/canvas/build.py

# One stamp an extra; a changed pyproject.toml installs again.
$(VENV)/.with-%: pyproject.toml | $(PY)
	@echo "Installing weftwork[$*] into $(VENV): about 3 GB with TensorFlow, a minute or more."
	@$(PY) -m pip install --quiet --disable-pip-version-check --editable ".[$*]"
	@touch $@

$(PY):
	@sh .ci/make-environment $(VENV)

clean:
	rm -rf build *.egg-info .pytest_cache .ruff_cache
