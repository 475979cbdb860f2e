"""Coming in: by role, with a wrong password, after the session ended under somebody's hands."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.centre import Centre
from tests.journeys.conftest import PASSWORD, People, choose_unit

SignIn = Callable[..., None]

NAVIGATION = {
    "intake1": (
        "值班台",
        ["值班台", "办理时限", "大屏", "政策规则", "规则变更", "单位"],
        ["审计查询", "用户", "角色与权限", "外发队列"],
    ),
    "leader1": (
        "值班台",
        ["值班台", "办理时限", "大屏", "政策规则", "规则变更", "单位", "用户", "外发队列"],
        ["审计查询"],
    ),
    "auditor": ("审计查询", ["值班台", "政策规则", "审计查询", "单位", "用户", "外发队列"], []),
    "admin": ("用户", ["政策规则", "单位", "用户", "角色与权限"], ["值班台", "办理时限", "大屏", "审计查询"]),
}
"""Where somebody lands, what their navigation offers, and what it must not."""

ONE_OF_EACH = [
    "intake1",
    "stop1",
    "analyst1",
    "dissuader1",
    "leader1",
    "station1",
    "handler1",
    "county1",
    "city1",
    "bank1",
    "carrier1",
    "regulator1",
    "publicity1",
    "grid1",
    "auditor",
    "admin",
]


def entries(page: Page) -> list[str]:
    navigation = page.get_by_role("navigation", name="主导航")
    expect(navigation).to_be_visible()
    return [one.strip() for one in navigation.get_by_role("link").all_inner_texts()]


@pytest.mark.parametrize("login", NAVIGATION)
def test_everybody_lands_at_their_desk_and_sees_what_is_theirs(
    people: People, sign_in: SignIn, login: str
) -> None:
    page = people.visitor()
    page.goto("/")
    sign_in(page, login)
    desk, offered, never = NAVIGATION[login]
    expect(page.get_by_role("heading", level=1)).to_have_text(desk)
    seen = entries(page)
    assert [one for one in seen if one in offered] == offered
    assert not set(never) & set(seen)


def test_a_demonstration_account_is_one_click_and_enter(people: People) -> None:
    page = people.visitor()
    page.goto("/login")
    page.get_by_placeholder("按角色或姓名筛选").fill("接警席")
    page.get_by_role("button", name="演示·陈一").click()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="值班台")).to_be_visible()
    expect(page.get_by_text("演示数据", exact=False).first).to_be_visible()


def test_where_somebody_wanted_to_go_is_where_they_arrive(people: People, sign_in: SignIn) -> None:
    page = people.visitor()
    page.goto("/policy/rules/stop.validity")
    sign_in(page, "intake2")
    expect(page.get_by_role("heading", name="止付有效期")).to_be_visible()


def test_wrong_passwords_are_refused_and_then_lock_the_account(people: People, sign_in: SignIn) -> None:
    page = people.visitor()
    people.watch(page).expect(401, "POST .*/auth/login")
    people.watch(page).expect(423, "POST .*/auth/login")
    page.goto("/login")
    alert = page.get_by_role("alert")
    sign_in(page, "dissuader3", "wrong-one")
    expect(alert).to_contain_text("账号或密码不正确")
    for _ in range(4):
        sign_in(page, "dissuader3", "wrong-one")
        expect(page.get_by_role("button", name="登录", exact=True)).to_be_enabled()
    expect(alert).to_contain_text("账号已锁定")
    expect(alert).to_contain_text(re.compile(r"\d\d:\d\d 自动解除（还剩 1\d 分"))
    sign_in(page, "dissuader3", PASSWORD)
    expect(alert).to_contain_text("账号已锁定")

    administrator = people("admin", "/people/users?q=dissuader3")
    administrator.get_by_role("row").filter(has_text="dissuader3").click()
    drawer = administrator.get_by_role("dialog")
    expect(drawer.get_by_text("已锁定")).to_be_visible()
    drawer.get_by_role("button", name="解锁").click()
    administrator.get_by_role("button", name="解锁").last.click()
    expect(drawer.get_by_text("正常")).to_be_visible()
    sign_in(page, "dissuader3", PASSWORD)
    expect(page.get_by_role("heading", name="值班台")).to_be_visible()


def test_what_was_typed_outlives_the_session(people: People, centre: Centre) -> None:
    page = people("admin", "/people/units?q=鼓东")
    people.watch(page).expect(401, ".*/api/")
    page.goto("/people/units")
    page.get_by_role("button", name="新建单位").click()
    form = page.get_by_role("dialog")
    form.get_by_label("名称", exact=True).fill("演示会话单位")
    centre.execute(
        "update sessions set expires_at = now() - interval '1 minute'"
        " where user_id = (select id from users where login = 'admin')"
    )
    form.get_by_label("代码").fill("session_test")
    choose_unit(page, page.get_by_label("上级单位"), "福州市公安局鼓楼分局")
    form.get_by_role("button", name="保存").click()

    over = page.get_by_role("dialog", name="登录已失效，请重新登录")
    expect(over).to_be_visible()
    expect(over.get_by_label("账号")).to_have_value("admin")
    over.get_by_label("密码", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("已保存")).to_be_visible()
    page.get_by_role("search").get_by_role("textbox").fill("演示会话")
    expect(page.get_by_role("row").filter(has_text="演示会话单位")).to_be_visible()


def test_a_half_filled_form_comes_back_after_the_browser_died(people: People) -> None:
    page = people("admin", "/people/units")
    page.get_by_role("button", name="新建单位").click()
    page.get_by_role("dialog").get_by_label("名称", exact=True).fill("演示草稿单位")
    page.wait_for_timeout(600)
    page.goto("about:blank")
    page.goto("/people/units")
    page.get_by_role("button", name="新建单位").click()
    form = page.get_by_role("dialog")
    expect(form.get_by_text("未提交的草稿")).to_be_visible()
    expect(form.get_by_label("名称", exact=True)).to_have_value("演示草稿单位")
    form.get_by_role("button", name="放弃草稿").click()
    expect(form.get_by_label("名称", exact=True)).to_have_value("")


def test_a_device_elsewhere_is_seen_and_thrown_out(people: People) -> None:
    here = people("analyst2", "/account")
    elsewhere = people("analyst2", "/duty/board")
    people.watch(elsewhere).expect(401, ".*/api/")
    expect(elsewhere.get_by_role("heading", name="值班台")).to_be_visible()
    here.reload()
    devices = here.locator("section", has=here.get_by_role("heading", name="已登录的设备"))
    expect(devices.get_by_text("本机")).to_be_visible()
    expect(devices.get_by_text("Chrome").nth(1)).to_be_visible()
    others = devices.get_by_role("button", name="使其退出")
    for left in reversed(range(others.count())):
        others.first.click()
        expect(others).to_have_count(left)
    expect(devices.get_by_text("Chrome")).to_have_count(1)
    expect(elsewhere.get_by_role("dialog", name="登录已失效，请重新登录")).to_be_visible()


def test_signing_out_ends_the_session(people: People) -> None:
    page = people("analyst3", "/duty/board")
    page.get_by_role("button", name="我的菜单").click()
    page.get_by_role("menuitem", name="退出登录").click()
    expect(page.get_by_text("您已退出登录")).to_be_visible()
    page.goto("/duty/board")
    expect(page.get_by_label("密码", exact=True)).to_be_visible()


@pytest.mark.parametrize("login", ONE_OF_EACH)
def test_no_entry_of_the_navigation_is_a_dead_end(people: People, login: str) -> None:
    page = people(login)
    for name in entries(page):
        entry = page.get_by_role("navigation", name="主导航").get_by_role("link", name=name, exact=True)
        address = str(entry.get_attribute("href"))
        entry.click()
        # Pages are fetched when first opened: until then the one before is still there, heading and all.
        page.wait_for_url(f"**{address}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_timeout(150)
        for complaint in ("没有打开此页的权限", "页面出现意外错误", "没有这个页面", "重试"):
            expect(page.get_by_text(complaint, exact=True)).to_have_count(0)
        if name == "大屏":
            page.go_back()
