# `make help` lists what there is.
.DEFAULT_GOAL := help
SHELL := /bin/bash
MAKEFLAGS += --no-print-directory

# What a caller may set on the command line reaches the scripts.
export PORT HOST SERVE KEEP DB

.PHONY: help setup demo test lint format shell i18n bench screenshots clean-demo clean

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | \
	    awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'
	@echo
	@echo '  ODOO_HOME=  your Odoo 19 source (holds odoo/), instead of a download;'
	@echo '              with PYTHON= the Python that has its packages'
	@echo '  PGHOST=     your PostgreSQL (with PGPORT, PGUSER, PGPASSWORD)'

setup: ## get Odoo, Python packages, PostgreSQL, browser into .odoo/
	@scripts/setup.sh

demo: ## demonstration data, one visit played, then a server (PORT=8069, SERVE=0: no server)
	@scripts/demo.sh

test: ## all tests, upgrade, uninstall (T=path::or::words for a part)
	@scripts/test.sh $(if $(T),'$(T)')

lint: ## look at the code without running it
	@scripts/lint.sh

format: ## lay the Python code out
	@scripts/lint.sh --fix

shell: ## Python prompt on a database (DB=car_aftersales_demo)
	@scripts/odoo.sh $(or $(DB),car_aftersales_demo) shell --no-http

i18n: ## refresh the .pot and zh_CN.po, tell what is not translated
	@scripts/i18n.sh

bench: ## measure on a large database, numbers in .odoo/bench.json (P=visit, scale, contacts, coverage or recalls)
	@BENCH_PART='$(P)' scripts/bench.sh

screenshots: ## pictures for the README and the module page
	@scripts/screenshots.sh

clean-demo: ## forget the demonstration data
	@scripts/clean.sh demo

clean: ## forget .odoo/ and the private PostgreSQL cluster
	@scripts/clean.sh all
