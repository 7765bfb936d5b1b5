# make install            everything into .venv (TORCH=torch==2.1.0 for another torch)
# make demo               synthetic people -> training -> evaluation -> report
# make recipe             synthetic people -> training in four stages on mixtures
# make test               the tests (make test ARGS="-m slow" for the slow ones)
# make check              lint, format, spelling
# make docs               the site, in docs/_build
# make one F=tests/...    one test file
VENV   ?= .venv
PYTHON ?= python3
TORCH  ?= torch==2.13.0
PY      = $(VENV)/bin/python
PIP     = $(PY) -m pip --disable-pip-version-check
export PIP_CONSTRAINT = $(CURDIR)/requirements/constraints.txt
export PIP_PREFER_BINARY = 1

DEMO_CONFIG = configs/open/bopr_resnet18_1xb16-9e_open-people-96x96.py
DEMO_DATA   = data/open_people
DEMO_DIR    = work_dirs/demo

RECIPE_DATA   = data/open_recipe
RECIPE_STAGES = $(addprefix configs/open/recipe/bopr_resnet18_1xb16-,\
    300it_open-wild-96x96.py 120it_open-mixed-96x96.py \
    60it_open-film-96x96.py 60it_open-crowd-96x96.py)
MAKE_PEOPLE   = $(PY) tools/dataset_converters/make_open_people.py

.PHONY: install demo recipe test check one clean-demo clean-recipe docs
install: $(VENV)/.installed

# The order matters: torch before anything that asks for it, mmcv and mmpose
# without the dependencies that cannot be built.
$(VENV)/.installed: setup.py Makefile requirements/*.txt
	test -x $(PY) || $(PYTHON) -m venv $(VENV)
	$(PIP) install -q "setuptools<81" wheel
	$(PIP) install -q "$(TORCH)" "numpy<2"
	$(PIP) install -q --no-deps -r requirements/mminstall.txt
	$(PIP) install -q -r requirements/runtime.txt -r requirements/optional.txt -r requirements/tests.txt -r requirements/docs.txt
	$(PIP) install -q --no-deps --no-build-isolation -e .
	$(PY) -m mmbopr.doctor
	touch $@

demo: install
	$(MAKE_PEOPLE) --out $(DEMO_DATA) --num-train 3000 --num-test 400 --seed 0
	$(PY) tools/train.py $(DEMO_CONFIG) --work-dir $(DEMO_DIR) --resume
	$(PY) tools/test.py $(DEMO_CONFIG) $(DEMO_DIR)/epoch_9.pth --work-dir $(DEMO_DIR)/test --dump $(DEMO_DIR)/test.npz
	$(PY) tools/analysis_tools/demo_report.py $(DEMO_CONFIG) $(DEMO_DIR)/epoch_9.pth --dump $(DEMO_DIR)/test.npz --work-dir $(DEMO_DIR) --out $(DEMO_DIR)

clean-demo:
	rm -rf $(DEMO_DATA) $(DEMO_DIR)

recipe: install
	$(MAKE_PEOPLE) --out $(RECIPE_DATA)/wild --num-train 500 --num-test 0 --seed 1
	$(MAKE_PEOPLE) --out $(RECIPE_DATA)/studio --num-train 300 --num-test 0 --seed 2
	$(MAKE_PEOPLE) --out $(RECIPE_DATA)/lab --num-train 200 --num-test 0 --seed 3 --preset extreme
	$(MAKE_PEOPLE) --out $(RECIPE_DATA)/film --num-train 200 --num-test 100 --seed 4
	$(MAKE_PEOPLE) --out $(RECIPE_DATA)/crowd --num-train 200 --num-test 100 --seed 5 --preset extreme
	$(PY) tools/run_recipe.py $(RECIPE_STAGES)

clean-recipe:
	rm -rf $(RECIPE_DATA) $(RECIPE_STAGES:configs/open/recipe/%.py=work_dirs/%)

test: install
	$(PY) -m pytest -n 2 $(ARGS)

one: install
	$(PY) -m pytest $(F)

check: install
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/codespell

docs: install
	$(PY) -m sphinx -q -W --keep-going -b html docs docs/_build
