# 榕盾 Rongdun. Everything a checkout can do; `make` alone lists it.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:

ifndef PYTHON
PYTHON := $(shell for each in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$each && break; done)
endif
ifeq ($(PYTHON),)
PYTHON := python3
endif
BIN := .venv/bin

help: ## 列出命令 / list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## 准备环境:.venv、字体、网页 / make .venv, the type and the web pages
	@command -v $(PYTHON) >/dev/null 2>&1 || { \
		echo "✗ 没有找到 Python,需要 3.11 以上 / Python 3.11 or newer was not found" >&2; \
		echo "→ apt-get install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) scripts/setup.py

run: setup ## 启动演示中心 / start the demonstration centre, http://127.0.0.1:8000
	@exec $(BIN)/rongdun up --demo $(ARGS)

test: setup ## 全部测试 / every test
	@$(BIN)/python scripts/run_tests.py $(ARGS)

lint: setup ## 静态检查 / style, types, imports, generated documents
	@failed=; check() { echo "▸ $$*"; "$$@" || failed="$$failed\n✗ $$*"; }; \
	check $(BIN)/ruff check .; \
	check $(BIN)/ruff format --check .; \
	check $(BIN)/mypy src tests scripts; \
	check $(BIN)/lint-imports --no-logo; \
	check $(BIN)/rongdun docs --check; \
	check $(BIN)/python scripts/node.py web lint; \
	[ -z "$$failed" ] || { printf "$$failed\n" >&2; exit 1; }

bench: setup ## 性能测试(小) / benchmarks, small sizes
	@$(BIN)/python scripts/bench.py

bench-full: setup ## 性能测试(大) / benchmarks, large sizes
	@$(BIN)/python scripts/bench.py --full

docs: setup ## 由程序生成文档 / print the documents that are generated
	@$(BIN)/rongdun docs

.PHONY: help setup run test lint bench bench-full docs
