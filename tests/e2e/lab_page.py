"""What a person does on a lab page, by role and label."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

ENDED_MS = 120_000


class LabPage:
    """One lab's page, or one run's."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, address: str) -> LabPage:
        """Go there, and wait until the page is connected."""
        self.page.goto(address)
        expect(self.page.locator("body")).to_have_attribute("data-connected", "true")
        expect(self.page.locator("body")).to_have_attribute("data-ready", "true")
        return self

    def skip(self) -> LabPage:
        self.page.get_by_role("button", name="Run without predicting").click()
        return self

    def run(self) -> LabPage:
        self.page.get_by_role("button", name="Run the experiment").click()
        return self

    def wait(self, *states: str) -> str:
        """Until the page is in one of the states; the run's id."""
        wanted = ", ".join(f"main[data-state={state}]" for state in states or ("finished",))
        self.page.locator(wanted).wait_for(timeout=ENDED_MS)
        return self.page.url.rpartition("/runs/")[2].partition("?")[0]

    @property
    def guess(self) -> Locator:
        """The handle of the one-value prediction."""
        return self.page.locator("#prediction").get_by_role("slider")

    def tab(self, name: str) -> Locator:
        """Open a tab beside the run; its panel."""
        self.page.get_by_role("tab", name=name).click()
        return self.page.get_by_role("tabpanel", name=name)

    def chart(self, title: str) -> Locator:
        return self.page.get_by_role("region", name=title)

    def painted(self, title: str) -> None:
        """Until the chart has drawn something."""
        expect(self.chart(title).locator("svg.main-svg").first).to_be_visible()

    def table(self, title: str) -> Locator:
        """The chart's data as a table, opened."""
        self.chart(title).get_by_text("Show as a table").click()
        return self.chart(title).get_by_role("table")

    def field(self, name: str) -> Locator:
        """The number field of a parameter."""
        return self.page.get_by_role("spinbutton", name=name)

    def set(self, **values: Any) -> LabPage:
        for name, value in values.items():
            self.field(name.replace("_", " ")).fill(str(value))
        return self
