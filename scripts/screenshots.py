"""Pictures of the running demonstration centre for the README, into ``docs/screenshots``.

``python scripts/screenshots.py`` starts a centre of its own; it needs Chromium and the built web pages.
"""

from __future__ import annotations

import base64
import os
import shutil
import sys
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page, expect, sync_playwright
from say import Stopped, say, stop
from steps import ROOT

sys.path.insert(0, str(ROOT))

import money_case

from tests.journeys.centre import Centre, running_centre

Pixels = np.ndarray[Any, Any]
TARGET = ROOT / "docs/screenshots"
LIMIT = 200 * 1024
PASSWORD = "Rongdun-demo-2026"
_PIXELS = """async png => {
  const picture = await createImageBitmap(await (await fetch('data:image/png;base64,' + png)).blob())
  const canvas = Object.assign(document.createElement('canvas'), {width: picture.width, height: picture.height})
  const brush = canvas.getContext('2d')
  brush.drawImage(picture, 0, 0)
  const bytes = brush.getImageData(0, 0, picture.width, picture.height).data
  let packed = ''
  for (let at = 0; at < bytes.length; at += 32768)
    packed += String.fromCharCode(...bytes.subarray(at, at + 32768))
  return [picture.width, picture.height, btoa(packed)]
}"""
"""Reads a PNG's pixels in the browser, as red, green, blue and opacity."""
DESK, PHONE = (1366, 768), (390, 844)


@dataclass(frozen=True)
class Picture:
    """One picture: whose screen, where, how large, in which language and light."""

    name: str
    login: str
    path: str
    size: tuple[int, int] = DESK
    language: str = "zh-CN"
    theme: str = "light"


PICTURES = (
    Picture("board-zh", "leader1", "/duty/board"),
    Picture("wall-zh", "leader1", "/wall", theme="dark"),
    Picture("audit-zh", "auditor", "/oversight/audit"),
    Picture("board-en", "leader1", "/duty/board", language="en"),
    Picture("phone-zh", "leader1", "/duty/board", PHONE),
)


def main() -> None:
    """Take every picture of a fresh centre."""
    chromium = os.environ.get("RONGDUN_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        raise Stopped(
            "没有找到 Chromium",
            "Chromium was not found",
            do_zh="请安装 chromium,或用 RONGDUN_CHROMIUM 指明路径",
            do_en="Install chromium, or name it in RONGDUN_CHROMIUM",
        )
    TARGET.mkdir(parents=True, exist_ok=True)
    say("启动演示中心并截图", "starting a demonstration centre and taking pictures")
    with running_centre(drill=True) as centre, sync_playwright() as driver:
        options = ["--disable-gpu", "--disable-lcd-text", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        browser = driver.chromium.launch(executable_path=chromium, args=options)
        for picture in PICTURES:
            _keep(_page(browser, centre, picture), picture.name)
        _keep(_change(browser, centre), "policy-change-zh")
        address = _trace(browser, centre)
        for language in ("zh-CN", "en"):
            page = _page(browser, centre, Picture("", "analyst1", address, language=language))
            page.get_by_role("tabpanel").locator("tr[data-row]").first.click()
            page.wait_for_timeout(1500)
            _keep(page, f"money-{language[:2]}")
        for language in ("zh-CN", "en"):
            _call(browser, centre, language)
        browser.close()


def _page(browser: Browser, centre: Centre, picture: Picture) -> Page:
    width, height = picture.size
    context = browser.new_context(
        base_url=centre.url,
        viewport={"width": width, "height": height},
        locale=picture.language,
        timezone_id="Asia/Shanghai",
    )
    context.add_init_script(
        f"if (location.protocol === 'http:') {{ localStorage.setItem('rongdun.language', '{picture.language}');"
        f" localStorage.setItem('rongdun.theme', '{picture.theme}') }}"
    )
    page = context.new_page()
    answer = page.request.post(
        "/api/auth/login",
        data={"login": picture.login, "password": PASSWORD},
        headers={"Origin": centre.url},
    )
    if not answer.ok:
        raise Stopped(
            "演示账号登录失败",
            "a demonstration account could not sign in",
            do_zh=f"服务器答复:{answer.status}",
            do_en=f"The server answered {answer.status}",
        )
    page.goto(picture.path)
    expect(page.get_by_role("heading").first).to_be_visible()
    page.wait_for_timeout(1500)
    return page


def _change(browser: Browser, centre: Centre) -> Page:
    """Draft a change and submit it, and show it as its checker sees it."""
    maker = _page(browser, centre, Picture("", "leader1", "/policy/changes/new?key=stop.reply"))
    maker.get_by_label("取值").fill("20")
    maker.get_by_label("变更理由").fill("与各银行商定,缩短止付反馈时间")
    maker.get_by_role("button", name="保存草稿").click()
    maker.get_by_role("button", name="提交复核").click()
    maker.get_by_role("dialog").get_by_role("button", name="提交复核").click()
    expect(maker.get_by_text("待复核")).to_be_visible()
    return _page(browser, centre, Picture("", "city1", maker.url.removeprefix(centre.url)))


def _trace(browser: Browser, centre: Centre) -> str:
    """Import a made-up case and trace it; return the address of the money page."""
    page = _page(browser, centre, Picture("", "analyst1", "/tracing/imports"))
    with tempfile.TemporaryDirectory() as folder:
        files = money_case.write(Path(folder))
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="选择文件", exact=True).click()
        chooser.value.set_files(files)
        page.get_by_role("button", name=f"导入 {len(files)} 个文件").click()
        expect(page.get_by_label("状态", exact=True).get_by_text("已入账")).to_be_visible(timeout=60_000)
    page.goto("/tracing/traces/new")
    page.get_by_label("名称").fill("演示 榕案2026-031 刷单返利")
    page.get_by_role("button", name="整段粘贴").click()
    page.get_by_label("每行一笔").fill(money_case.pasted())
    page.get_by_role("button", name=f"填入 {len(money_case.SEEDS)} 行").click()
    page.get_by_role("button", name="建立并计算").click()
    expect(page.get_by_text("被骗 327,800.00 =")).to_be_visible(timeout=90_000)
    address = page.url.removeprefix(centre.url)
    page.context.close()
    return address


def _call(browser: Browser, centre: Centre, language: str) -> None:
    """Answer a call of the drill's city, and take it down; the drill's page and the form are kept."""
    page = _page(browser, centre, Picture("", "intake1", "/drill", language=language))
    answer = page.get_by_role("button", name="接听" if language == "zh-CN" else "Answer")
    answer.click(timeout=90_000)
    expect(page.get_by_role("blockquote")).to_be_visible()
    told = page.request.get("/api/drill").json()["call"]["paste"]
    form = _page(browser, centre, Picture("", "intake1", "/intake", language=language))
    form.get_by_role("textbox", name="简要案情" if language == "zh-CN" else "In short").fill(told)
    form.get_by_role(
        "button", name="识读案情" if language == "zh-CN" else "Read it into the empty cells"
    ).click()
    form.wait_for_timeout(2500)
    form.evaluate("document.activeElement?.blur(); window.scrollTo(0, 0)")
    form.wait_for_timeout(500)
    _keep(form, f"intake-{language[:2]}")
    _keep(page, f"drill-{language[:2]}")


def _keep(page: Page, name: str) -> None:
    content = _squeezed(page)
    if len(content) > LIMIT:
        raise Stopped(
            f"截图 {name} 过大",
            f"the picture {name} is too large: {len(content)} bytes",
            do_zh="请缩小页面或内容后重截",
            do_en="Take it of a smaller page, or of less",
        )
    (TARGET / f"{name}.png").write_bytes(content)
    page.context.close()


def _squeezed(page: Page) -> bytes:
    """Return the page as a PNG of at most 256 colours, every other pixel in the nearest of them."""
    picture = base64.b64encode(page.screenshot()).decode()
    page.goto("about:blank")
    width, height, packed = page.evaluate(_PIXELS, picture)
    pixels = np.frombuffer(base64.b64decode(packed), np.uint8).reshape(-1, 4)[:, :3]
    colours, where, often = np.unique(pixels, axis=0, return_inverse=True, return_counts=True)
    palette = _palette(colours, often)
    indexed = _distances(colours, palette).argmin(axis=1)[where].astype(np.uint8).reshape(height, width)
    lines = b"".join(b"\0" + line.tobytes() for line in indexed)
    head = width.to_bytes(4) + height.to_bytes(4) + bytes((8, 3, 0, 0, 0))
    parts = (
        (b"IHDR", head),
        (b"PLTE", palette.tobytes()),
        (b"IDAT", zlib.compress(lines, 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in parts)


def _palette(colours: Pixels, often: Pixels) -> Pixels:
    """Return the commonest colours, and the rare ones that nothing among them could stand for."""
    palette = colours[np.argsort(-often)[:216]]
    while len(palette) < min(256, len(colours)):
        farthest = _distances(colours, palette).min(axis=1).argmax()
        palette = np.vstack([palette, colours[farthest]])
    return palette


def _distances(colours: Pixels, palette: Pixels) -> Pixels:
    apart: Pixels = colours[:, None].astype(int) - palette[None].astype(int)
    squared: Pixels = (apart**2).sum(axis=2)
    return squared


def _chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)


if __name__ == "__main__":
    try:
        main()
    except Stopped as stopped:
        stop(stopped)
