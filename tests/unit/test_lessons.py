"""Guides, source listings, the parameter form and the drawings of labs."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Literal

import pytest
from werkzeug.datastructures import MultiDict

from dashboard.lessons import drawing, form, guide, source
from labs.sdk.lab import Chart, Lab, Runtime
from labs.sdk.params import Params, choice, choices, slider


class DemoParams(Params):
    mode: Literal["one", "many"] = choice("one", {"one": "One", "many": "Many"}, "Mode", "What to run.")
    tasks: int = slider(5, 1, 64, "Tasks", "How many.")
    hidden: int = slider(2, 1, 4, "Hidden", "Seldom touched.", advanced=True)
    runtimes: list[Literal["b", "a"]] = choices(["b"], {"a": "A", "b": "B"}, "Runtime", "On what.")  # type: ignore[assignment]


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / "on_a.py").write_text('def task(n):\n    """<b>Says</b>\n    twice."""\n    return f"{n} & <i>"\n')
    (folder / "on_b.mjs").write_text("const a = `</script>`\n")
    (folder / "secret.py").write_text("password = 1\n")
    (tmp_path / "outside.py").write_text("outside = 1\n")
    return Lab(
        slug="demo", title="Demo", section="S", order=1, lead="L", folder=folder, params=DemoParams,
        runtimes=(Runtime("b", "B", folder / "on_b.mjs"), Runtime("a", "A", folder / "on_a.py"),
                  Runtime("c", "C", folder / "on_a.py")),
        plan=lambda params: [], findings=lambda recording: [],
    )  # fmt: skip


class Tags(HTMLParser):
    """Every tag with its attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(str(html))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


class TestGuide:
    def test_headings_make_room_for_the_title_of_the_page(self) -> None:
        assert [tag for tag, _ in Tags(guide.render("# a\n\n## b\n\n###### c")).tags] == ["h2", "h3", "h6"]

    def test_tables_lists_and_code(self) -> None:
        found = {tag for tag, _ in Tags(guide.render("- `x`\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")).tags}
        assert {"ul", "li", "code", "table", "th", "td"} <= found

    @pytest.mark.parametrize(
        "hostile",
        [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "a <b onclick='x()'>b</b>",
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "[x](data:text/html;base64,PHNjcmlwdD4=)",
            "![x](vbscript:x)",
            "<javascript:alert(1)>",
            '[x](/ok "a\\" onmouseover=\\"alert(1)")',
            "```<script>\nalert(1)\n```",
        ],
    )
    def test_no_markup_of_a_guide_reaches_the_page(self, hostile: str) -> None:
        for tag, attributes in Tags(guide.render(hostile)).tags:
            assert tag in {"p", "a", "code", "pre"}, tag
            assert not [name for name in attributes if name.startswith("on")]
            assert not re.match(r"\s*(javascript|data|vbscript):", attributes.get("href") or "", re.IGNORECASE)

    def test_what_was_written_stays_readable(self) -> None:
        assert Tags(guide.render("<script>alert(1)</script>")).text.strip() == "<script>alert(1)</script>"


class TestSource:
    def test_every_program_once_with_the_runtimes_that_use_it(self, lab: Lab) -> None:
        assert [(file.name, file.runtimes) for file in source.files(lab)] == [
            ("on_b.mjs", ("b",)),
            ("on_a.py", ("a", "c")),
        ]

    def test_lines_are_the_lines_of_the_file(self, lab: Lab) -> None:
        for file in source.files(lab):
            written = (lab.folder / file.name).read_text().splitlines()
            assert [Tags(line).text for line in file.lines] == written

    def test_every_line_is_whole_html_of_nothing_but_spans(self, lab: Lab) -> None:
        for file in source.files(lab):
            for line in file.lines:
                assert {tag for tag, _ in Tags(line).tags} <= {"span"}
                assert line.count("<span") == line.count("</span>")

    @pytest.mark.parametrize("code", ["\n", "\n\n", "a", "a\n", "a\n\nb", "\n\n  x = '''\n\n'''\n\n", "\ta\r\nb\r\n"])
    def test_line_numbers_never_shift(self, code: str) -> None:
        lines = code.replace("\r\n", "\n").split("\n")
        assert [Tags(line).text for line in source.highlight(code, "python")] == (
            lines[:-1] if lines[-1] == "" else lines
        )

    def test_words_are_coloured(self) -> None:
        (line,) = source.highlight("def task(): pass", "python")
        assert '<span class="k">def</span>' in line
        assert '<span class="nf">task</span>' in line

    def test_an_unknown_language_is_plain_and_escaped(self) -> None:
        assert source.highlight("<b>", "cobol") == ("&lt;b&gt;",)

    @pytest.mark.parametrize(
        "name",
        [
            "secret.py",
            "../outside.py",
            "..\\outside.py",
            "/etc/passwd",
            "on_a.py/../secret.py",
            "./on_a.py",
            "on_a.py\0",
            "",
            "ON_A.PY",
        ],
    )
    def test_only_declared_programs_are_given_out(self, lab: Lab, name: str) -> None:
        assert source.text(lab, name) is None

    def test_a_declared_program_is_given_out(self, lab: Lab) -> None:
        text = source.text(lab, "on_b.mjs")
        assert text is not None
        assert "</script>" in text


class TestForm:
    def values(self, lab: Lab, query: str = "", **given: object) -> dict[str, object]:
        pairs = MultiDict([(pair.split("=")[0], pair.split("=")[1]) for pair in query.split("&") if pair])
        return {field.name: field.value for field in form.fields(lab, given, pairs)}

    def test_defaults(self, lab: Lab) -> None:
        assert self.values(lab) == {"mode": "one", "tasks": 5, "runtimes": ["b"], "repeats": 3, "hidden": 2}

    def test_own_parameters_first_common_ones_then_advanced_ones(self, lab: Lab) -> None:
        assert [field.name for field in form.fields(lab, {}, MultiDict())] == [
            "mode",
            "tasks",
            "runtimes",
            "hidden",
            "repeats",
        ]

    def test_the_run_counts_and_the_link_counts_more(self, lab: Lab) -> None:
        values = self.values(lab, "tasks=9&runtimes=b,a", tasks=7, mode="many")
        assert (values["tasks"], values["mode"], values["runtimes"]) == (9, "many", ["b", "a"])

    @pytest.mark.parametrize(
        "query", ["tasks=0", "tasks=65", "tasks=x", "tasks=1e3", "tasks=²", "mode=<b>", "runtimes=x", "runtimes="]
    )
    def test_nonsense_in_a_link_is_left_out(self, lab: Lab, query: str) -> None:
        assert self.values(lab, query) == self.values(lab)

    def test_options_keep_the_order_of_the_model(self, lab: Lab) -> None:
        (runtimes,) = (field for field in form.fields(lab, {}, MultiDict()) if field.name == "runtimes")
        assert runtimes.options == (("b", "B"), ("a", "A"))


@pytest.mark.parametrize("kind", [*drawing.KINDS, "strip", "unheard of"])
@pytest.mark.parametrize("slug", ["hashing", "os-async", "event-loop", "x", "ü" * 60])
def test_a_drawing_stays_the_same_and_in_its_frame(lab: Lab, slug: str, kind: str) -> None:
    lab = replace(lab, slug=slug, charts=(Chart("only", kind, "Only"),))
    shapes = drawing.of(lab)
    assert shapes == drawing.of(lab)
    boxes = [shape for shape in shapes if isinstance(shape, drawing.Box)]
    assert all(box.x >= 16 and 20 < box.width <= 344 - box.x and box.y + box.height <= 112 for box in boxes)
    dots = [shape for shape in shapes if isinstance(shape, drawing.Dot)]
    assert all(16 < dot.x < 344 and 0 < dot.y < 112 for dot in dots)
    assert any("guess" in shape.look for shape in shapes)


def test_labs_draw_what_they_use_and_how_they_show_it(lab: Lab) -> None:
    looks = {shape.look for shape in drawing.of(replace(lab, needs=("mongodb", "redis")))}
    assert "db" in looks
    assert "cpu" not in looks
    of_kind = [drawing.of(replace(lab, charts=(Chart("only", kind, "Only"),))) for kind in drawing.KINDS]
    assert all(one != other for at, one in enumerate(of_kind) for other in of_kind[:at])
