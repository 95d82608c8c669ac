# `make map` and `make test` do all the set-up; they need Python 3.11 or newer and make, nothing else.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
SOURCES = pyproject.toml hatch_build.py $(shell find gazetteer geo/compile -type f -not -name "*.pyc") geo/gazetteer.py geo/text.py

.PHONY: map test lint wheel reference minimum audit licences screenshots clean

map: $(VENV)/installed
	$(BIN)/geo map seeds --out maps

test: $(VENV)/tested
	$(BIN)/python -m pytest

lint: $(VENV)/linted
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/oxlint --deny-warnings geo/maps/assets

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: $(VENV)/bin/python $(SOURCES)
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/tested: $(VENV)/bin/python $(SOURCES)
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	touch $@ $(VENV)/installed

$(VENV)/linted: $(VENV)/bin/python $(SOURCES)
	$(BIN)/python -m pip install --quiet --editable '.[test,lint]'
	touch $@ $(VENV)/tested $(VENV)/installed

# The site of the documentation, in site/: `python -m http.server --directory site` shows it, search included.
.PHONY: docs
docs: $(VENV)/documented
	$(BIN)/jupyter execute docs/notebook.ipynb
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

$(VENV)/documented: $(VENV)/bin/python $(SOURCES)
	$(BIN)/python -m pip install --quiet --editable '.[docs]'
	touch $@ $(VENV)/installed

# The wheel, built, installed in an environment of its own and run from another folder.
wheel: $(VENV)/bin/python
	rm -rf dist build/wheel
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .
	$(PYTHON) -m venv build/wheel
	build/wheel/bin/python -m pip install --quiet dist/*.whl
	cd build && wheel/bin/geo map ../seeds --out wheel/maps && wheel/bin/geo gazetteer info

# The pages of the docs that are made from the code.
reference: $(VENV)/installed
	$(BIN)/python tools/make_reference.py

# What rests on other packages, with the lowest versions of them that pyproject.toml allows; the warnings of old versions are theirs.
minimum: $(VENV)/bin/python $(SOURCES)
	$(PYTHON) -m venv --clear build/minimum
	build/minimum/bin/python -m pip install --quiet --editable '.[test]' $$($(BIN)/python tools/minimum.py parquet)
	build/minimum/bin/python -m pytest -q -o filterwarnings=default tests/test_table.py tests/test_cli.py tests/test_package.py \
		tests/test_documents.py tests/archive/test_archive.py tests/archive/test_commands.py \
		tests/maps/test_parts.py tests/maps/test_payload.py tests/maps/test_write.py

# Known weaknesses of what is installed, where the list of them can be reached.
audit: $(VENV)/installed
	$(PYTHON) -m venv --clear build/audit
	build/audit/bin/python -m pip install --quiet pip-audit
	@if build/audit/bin/python -c "import urllib.request as u; u.urlopen('https://pypi.org/pypi/pip/json', timeout=10)" 2>/dev/null; \
	then build/audit/bin/python -m pip_audit --skip-editable --path "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"; \
	else echo "audit skipped: the list of weaknesses is out of reach without a network"; fi

licences: $(VENV)/installed
	$(BIN)/python tools/licences.py

screenshots: $(VENV)/tested map
	$(BIN)/python tools/screenshots.py

clean:
	rm -rf $(VENV) build dist site geo/data/gazetteer.bin maps/*.html maps/*.geojson
